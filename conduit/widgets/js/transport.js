// Play, stop, loop, cue and the choice of sound for one clip; the engine it uses is shared by the page.

import { engine, schedule } from "./sound.js";

const PREVIEW_WAIT_MS = 20_000;

export class Transport {
  /** @param ports `{ changed(), frame(beat | null), ask(intent), say(text), patient() }` */
  constructor(ports) {
    this.ports = ports;
    this.playing = false;
    this.loop = true;
    this.sound = "synth";
    this.cue = 0;
    this.waiting = false;
    this.preview = null;
  }

  /** What is to be played: `{ notes, length, bpm, instrument }`; swapped in while it plays. */
  load(clip) {
    this.clip = clip;
    this.preview = null;
    this.cue = Math.min(this.cue, clip.length);
    if (!this.playing) return;
    if (this.sound === "gm") this.#askForPreview();
    else engine().swap(this, this.#job(this.cue));
  }

  toggle() {
    if (this.playing) engine().stop(this);
    else this.play(this.cue);
  }

  /** Play from a beat. */
  play(beat) {
    if (this.sound === "gm" && !this.preview) return this.#askForPreview();
    const pcm = this.sound === "gm" ? this.#pcm() : null;
    const job = this.#job(beat);
    if (pcm) job.loopFrames = pcm.loopFrames;
    engine().play(this, job, pcm?.buffer).catch((error) => this.#failed(error));
    this.playing = true;
    this.ports.changed();
    this.#run();
  }

  /** The engine says that our sound has ended. */
  stopped() {
    this.playing = false;
    cancelAnimationFrame(this.frame);
    this.ports.frame(null);
    this.ports.changed();
  }

  setLoop(loop) {
    this.loop = loop;
    if (this.playing) this.play(this.beat() ?? this.cue);
    this.ports.changed();
  }

  setCue(beat) {
    this.cue = beat >= this.clip.length ? 0 : beat;
    if (this.playing) this.play(this.cue);
    this.ports.changed();
  }

  setSound(sound) {
    if (sound === this.sound) return;
    this.sound = sound;
    this.waiting = false;
    if (this.playing) this.play(this.beat() ?? this.cue);
    else if (sound === "gm" && !this.preview && this.clip.notes.count) this.#askForPreview();
    this.ports.changed();
  }

  /** The kernel's rendering has come: interleaved stereo, 16 bit. */
  receive({ sample_rate: rate, loop_frames: loopFrames }, bytes) {
    const samples = new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    this.preview = { rate, loopFrames, samples };
    const resume = this.waiting && this.wanted;
    this.#stopWaiting();
    if (this.sound === "gm" && (resume || this.playing)) this.play(this.beat() ?? this.cue);
  }

  #askForPreview() {
    this.wanted = this.playing || this.wanted;
    if (this.waiting) return;
    this.waiting = true;
    this.#wait();
    this.ports.ask({ type: "preview" });
    this.ports.changed();
  }

  /** A busy kernel gives the sound later; one that only does not answer, never. */
  #wait() {
    this.timer = setTimeout(() => (this.ports.patient() ? this.#wait() : this.#noPreview()), PREVIEW_WAIT_MS);
  }

  /** Nobody is there to give the sound any more. */
  giveUp() {
    if (!this.waiting) return;
    this.#stopWaiting();
    this.setSound("synth");
  }

  #noPreview() {
    this.#stopWaiting();
    this.setSound("synth");
    this.ports.say("The GM sound did not come; back to the synth.");
  }

  #stopWaiting() {
    clearTimeout(this.timer);
    this.waiting = false;
    this.wanted = false;
    this.ports.changed();
  }

  #failed(error) {
    engine().stop(this);
    this.ports.say(`The browser could not play this: ${error.message}`);
  }

  #job(beat) {
    const rate = engine().context.sampleRate;
    const { instrument, bpm } = this.clip;
    const plan = schedule(this.clip.notes, this.clip, rate);
    return { ...plan, instrument, loop: this.loop, from: Math.round((beat * 60 * rate) / bpm) % plan.loopFrames };
  }

  /** The rendering as a buffer at the context's rate, by linear interpolation. */
  #pcm() {
    const { rate, loopFrames, samples } = this.preview;
    const target = engine().context.sampleRate;
    const step = rate / target;
    const length = Math.max(1, Math.floor(samples.length / 2 / step));
    const buffer = new AudioBuffer({ length, numberOfChannels: 2, sampleRate: target });
    for (const channel of [0, 1]) resample(samples, channel, step, buffer.getChannelData(channel));
    return { buffer, loopFrames: Math.min(length, Math.round(loopFrames / step)) };
  }

  /** The beat that is heard now; null when not playing. */
  beat() {
    const frame = engine().frame(this);
    return frame === null ? null : (frame * this.clip.bpm) / 60 / engine().context.sampleRate;
  }

  #run() {
    cancelAnimationFrame(this.frame);
    const step = () => {
      if (!this.playing) return;
      this.ports.frame(this.beat());
      this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
  }

  close() {
    clearTimeout(this.timer);
    engine().stop(this);
  }
}

function resample(samples, channel, step, out) {
  const last = samples.length / 2 - 1;
  for (let i = 0; i < out.length; i += 1) {
    const at = Math.min(i * step, last);
    const whole = Math.floor(at);
    const next = Math.min(whole + 1, last);
    const a = samples[2 * whole + channel];
    out[i] = (a + (samples[2 * next + channel] - a) * (at - whole)) / 32768;
  }
}
