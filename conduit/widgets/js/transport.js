// Play, stop, loop, cue and how the clips of one view sound; the engine that plays is shared by the page.

import { Playback, playedAs } from "./playback.js";
import { scoreOf } from "./score.js";
import { onSound, sound } from "./sound.js";

export class Transport {
  /**
   * @param ports `{ changed(), frame(beat | null), say(text), want(names), tell(intent) }`
   * @param playback how it plays at first, as Python keeps it
   */
  constructor(ports, playback = {}) {
    Object.assign(this, {
      ports, playing: false, cue: 0, from: 0, rest: null, part: 0, clips: null, other: null,
      loop: true, metronome: false, ...playedAs(playback),
    });
    this.playback = new Playback(this, (intent) => ports.tell?.(intent));
    this.unhear = onSound(() => this.#came());
  }

  /** What plays: the clips, or what they are compared with. */
  get heard() {
    return this.other ?? this.clips;
  }

  /** The clips' parts; their sound changes where they are while they play. */
  load(clips) {
    this.clips = clips;
    this.#update();
    this.cue = Math.min(this.cue, this.score.length);
    if (this.rest >= this.score.length) this.rest = null;
  }

  /** Play other clips in place of the loaded ones, at the same beat; null goes back. */
  swapTo(clips) {
    this.other = clips;
    this.#update();
  }

  /** `loop`, `sound`, `tempo` (null: the clip's own), `swing`, `swingStep`, `metronome`; heard at once. */
  set(changes) {
    Object.assign(this, changes);
    this.#update();
  }

  setLoop(loop) {
    this.set({ loop });
  }

  setTempo(tempo) {
    this.set({ tempo });
  }

  setSound(name) {
    this.set({ sound: name });
  }

  /** Mute a part, or let it be heard again. */
  mute(part) {
    this.#flip(this.muted, part);
  }

  solo(part) {
    this.#flip(this.soloed, part);
  }

  #flip(set, part) {
    if (!set.delete(part)) set.add(part);
    this.#update();
  }

  #update() {
    this.score = scoreOf(this.heard, this);
    if (this.playing) sound().update(this, this.score);
    this.#want();
    this.playback.look();
    this.ports.changed();
  }

  /** Ask for the sampled sounds that are not here; the synthesizer stands in until they are. */
  #want() {
    const names = sound().lacking(this.score.parts.filter(({ events }) => events.length));
    if (names.length) this.ports.want(names);
  }

  /** Whether all that is to sound is here as samples. */
  get sampled() {
    return sound().sampled(this.score.parts);
  }

  /** Play from the cue, or stop. */
  toggle() {
    if (this.playing) this.stop();
    else this.play(this.cue);
  }

  /** Go on from where it was stopped, or stop; the cue stays where it is. */
  toggleOn() {
    if (this.playing) this.stop();
    else this.play(this.rest ?? this.cue);
  }

  stop() {
    const rest = this.beat() ?? this.rest;
    sound().stop(this);
    this.rest = rest;
  }

  /** Play from a beat. */
  play(beat) {
    this.from = beat;
    this.#want();
    sound().play(this, this.score, { from: beat }).catch((error) => this.#failed(error));
    this.playing = true;
    this.ports.changed();
    this.#run();
  }

  /** One note at once, as `part` sounds unless another part is meant. */
  audition(pitch, velocity, part = this.part) {
    const { parts } = this.score;
    sound().audition(parts[part] ?? parts[0], pitch, velocity);
  }

  #came() {
    if (!this.clips) return;
    this.#want();
    this.ports.changed();
  }

  #failed(error) {
    this.stop();
    this.ports.say(`The browser could not play this: ${error.message}`);
  }

  /** The engine says that our sound has ended, and why if something has gone wrong. */
  stopped(why) {
    this.playing = false;
    this.rest = null;
    cancelAnimationFrame(this.frame);
    this.ports.frame(null);
    this.ports.changed();
    if (why) this.ports.say(why);
  }

  /** Say where play starts. What plays goes there at once, unless it is not to `jump`. */
  setCue(beat, { jump = true } = {}) {
    this.cue = beat >= this.score.length ? 0 : beat;
    if (jump && this.playing) this.play(this.cue);
    this.ports.changed();
  }

  /** The beat that is heard now; null when not playing. */
  beat() {
    return sound().beat(this);
  }

  #run() {
    cancelAnimationFrame(this.frame);
    const step = () => {
      this.ports.frame(this.beat() ?? this.from);
      this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
  }

  close() {
    this.playback.close();
    this.unhear();
    this.stop();
  }
}
