// Plays a score, sample by sample exact. Pure: no audio API, frames in, frames out.
//
// Musical time is kept in beats. A beat falls on frame `anchor + (beat - anchor beat) * frames a beat`, in float64,
// and the frame's fraction is kept where a loop turns or the tempo changes, so nothing drifts.

import { Clock, complete, endOf, nextClick, straight, swung } from "./clock.js";
import { Mixer } from "./mixer.js";
import { CONTROL_FIELDS, FIELDS, firstRow } from "./rows.js";

const NEVER = Infinity;
const FADE_S = 0.006;
const AUDITION_S = 0.35;
const CHASED = 2000;
const SCARCELY_BEATS = 0.1;

export class Player {
  constructor(rate) {
    Object.assign(this, { rate, mixer: new Mixer(rate), score: null, cursors: [], frame: 0, gain: 1, fading: false, round: 0 });
  }

  /** Play from a beat when the clock shows frame `at`. */
  play(score, { from = 0, at = 0 } = {}) {
    this.mixer.release();
    Object.assign(this, { score: complete(score), at, fading: false, gain: 1, round: 0 });
    const start = from < this.score.length ? Math.max(0, from) : this.score.loop?.[0] ?? 0;
    this.mixer.setParts(this.score.parts);
    this.#anchor(start, at);
    this.#seek(straight(start, this.score), start);
    this.mixer.settle();
    for (const cursor of this.cursors) this.#chase(cursor, start);
  }

  /** Change the score and keep the place. */
  update(score) {
    if (!this.score) return;
    const before = this.score;
    const frame = Math.max(this.frame, this.at);
    const beat = this.clock.beatAt(frame);
    this.score = complete(score);
    // A note is played on the nearest frame, so up to half a frame of the past is still to come.
    const done = this.clock.beatAt(frame - 0.5);
    const turned = this.#inside(beat, before);
    const ratio = (this.#perBeat() / this.clock.perBeat) || 1;
    if (ratio !== 1 || turned !== beat) this.#anchor(turned, frame);
    this.end = endOf(this.score, turned);
    const silent = this.mixer.racks.filter(({ audible }) => !audible);
    this.mixer.setParts(this.score.parts);
    this.mixer.recall(this.score.parts, (until) => this.#framesTo(until, turned));
    if (turned === beat) this.#seek(straight(done, before), done, { controls: false });
    else this.#seek(straight(turned, this.score), turned);
    for (const cursor of this.cursors) if (silent.includes(cursor.rack)) this.#chase(cursor, turned);
  }

  /** Take up the notes that would be sounding at a beat, had the part been heard before. */
  #chase({ rack, events, next }, beat) {
    if (!rack.audible || rack.part.drums) return;
    for (let i = Math.max(0, next - CHASED * FIELDS); i < next; i += FIELDS) {
      const [start, duration, pitch, written, chance] = events.subarray(i, i + FIELDS);
      const held = this.#framesTo(start + duration, beat);
      const velocity = this.#strayed(written, pitch, i / FIELDS, rack.part);
      if (chance === 1 && held > SCARCELY_BEATS * this.clock.perBeat) this.mixer.start(rack, { pitch, velocity, held, start });
    }
  }

  /** How long a note that ends at a straight beat is still held. */
  #framesTo(until, beat) {
    return Math.round((Math.min(swung(until, this.score), this.end) - beat) * this.clock.perBeat);
  }

  /** Where a beat lies in the score now, when it was inside the loop before. */
  #inside(beat, before) {
    const { loop, length } = this.score;
    if (!loop) return Math.min(beat, length);
    const [from, to] = loop;
    const wasInside = !before.loop || beat < before.loop[1];
    return beat >= (wasInside ? to : length) ? from + ((beat - from) % (to - from)) : beat;
  }

  /** Fade out within a few milliseconds, so that it does not click. */
  stop() {
    this.score = null;
    this.fading = true;
  }

  /** One short note at once. */
  audition(part, pitch, velocity) {
    if (this.fading) this.#silence();
    this.mixer.audition(part, pitch, velocity, Math.round(AUDITION_S * this.rate));
  }

  /** Sampled sounds under a name. */
  take(name, bank) {
    this.mixer.take(name, bank);
  }

  /** What a listener needs to tell the beat at any frame. */
  get anchor() {
    const { beat, frame, perBeat } = this.clock;
    return { beat, frame, perBeat, loop: this.score?.loop ?? null, end: this.end };
  }

  #perBeat() {
    return (60 * this.rate) / this.score.bpm;
  }

  #anchor(beat, frame) {
    this.clock = new Clock(beat, frame, this.#perBeat());
    this.end = endOf(this.score, beat);
  }

  /** Set every cursor to the first row that starts at or after a straight beat, which is heard at another. */
  #seek(beat, heardBeat, { controls = true } = {}) {
    this.cursors = this.score.parts.map((part, i) => {
      const made = { part, rack: this.mixer.racks[i], events: part.events, controls: part.controls ?? new Float64Array(0) };
      made.next = firstRow(made.events, FIELDS, beat);
      made.nextControl = firstRow(made.controls, CONTROL_FIELDS, beat);
      if (controls) made.rack.reset(made.controls, made.nextControl);
      return made;
    });
    for (const cursor of this.cursors) this.#look(cursor);
    this.#lookForClick(heardBeat);
  }

  /** The frames on which a part's next event and next control are due. */
  #look(cursor) {
    const { events, controls, next, nextControl } = cursor;
    cursor.due = next < events.length && events[next] < this.end ? this.#due(events[next]) : NEVER;
    cursor.dueControl = nextControl < controls.length && controls[nextControl] < this.end ? this.#due(controls[nextControl]) : NEVER;
  }

  /** Swing never takes a note past the end of its pass. */
  #due(beat) {
    return Math.round(this.clock.frameOf(Math.min(swung(beat, this.score), this.end)));
  }

  #lookForClick(from) {
    this.click = this.score.metronome ? nextClick(this.score, from) : { beat: NEVER };
    this.dueClick = this.click.beat < this.end ? Math.round(this.clock.frameOf(this.click.beat)) : NEVER;
  }

  /** Fill both sides from frame `now` on; true once when a score without loop has reached its end. */
  process(left, right, now) {
    left.fill(0);
    right.fill(0);
    let ended = false;
    let done = this.score ? Math.min(left.length, Math.max(0, this.at - now)) : 0;
    if (done > 0) this.mixer.render(left, right, 0, done);
    while (this.score && done < left.length) {
      this.#startDue(now + done);
      if (Math.round(this.clock.frameOf(this.end)) <= now + done) {
        ended = this.#turn();
        continue;
      }
      const to = Math.min(left.length, Math.max(done + 1, this.#nextDue() - now));
      this.mixer.render(left, right, done, to);
      done = to;
    }
    if (done < left.length) this.mixer.render(left, right, done, left.length);
    this.mixer.finish(left, right);
    if (this.fading) this.#fade(left, right);
    this.frame = now + left.length;
    return ended;
  }

  #nextDue() {
    let due = Math.min(this.dueClick, Math.round(this.clock.frameOf(this.end)));
    for (const cursor of this.cursors) due = Math.min(due, cursor.due, cursor.dueControl);
    return due;
  }

  /** Start all that is due at a frame, controls before notes. */
  #startDue(frame) {
    this.cursors.forEach((cursor, i) => {
      while (cursor.dueControl <= frame) {
        cursor.rack.control(cursor.controls[cursor.nextControl + 1], cursor.controls[cursor.nextControl + 2]);
        cursor.nextControl += CONTROL_FIELDS;
        this.#look(cursor);
      }
      while (cursor.due <= frame) {
        this.#start(cursor, i);
        cursor.next += FIELDS;
        this.#look(cursor);
      }
    });
    while (this.dueClick <= frame) {
      this.mixer.click(this.click.strong);
      this.#lookForClick(this.click.beat + 1e-6);
    }
  }

  #start({ events, next, rack }, part) {
    const [start, duration, pitch, written, chance] = events.subarray(next, next + FIELDS);
    if (!rack.audible || (chance < 1 && dice(this.round, part, next) >= chance)) return;
    const until = Math.min(swung(start + duration, this.score), this.end);
    const held = Math.round(this.clock.frameOf(until)) - this.#due(start);
    const velocity = this.#strayed(written, pitch, next / FIELDS, rack.part);
    this.mixer.start(rack, { pitch, velocity, held: Math.max(1, held), start });
  }

  /** The velocity of a part's event in this round, whole and 1-127, as Python has it (conduit/audio/dice.py). */
  #strayed(velocity, pitch, index, { strays }) {
    const most = strays?.[index];
    if (!most) return velocity;
    return Math.max(1, Math.min(127, Math.floor(velocity + dice(this.round, pitch, index) * most + 0.5)));
  }

  /** From the end of a pass to the loop's beginning, the seam's fraction of a frame kept. */
  #turn() {
    if (!this.score.loop) {
      this.score = null;
      return true;
    }
    this.round += 1;
    this.#anchor(this.score.loop[0], this.clock.frameOf(this.end));
    this.#seek(this.score.loop[0], this.score.loop[0]);
    return false;
  }

  #fade(left, right) {
    const step = 1 / (FADE_S * this.rate);
    for (let i = 0; i < left.length; i += 1) {
      this.gain = Math.max(0, this.gain - step);
      left[i] *= this.gain;
      right[i] *= this.gain;
    }
    if (this.gain === 0) this.#silence();
  }

  #silence() {
    this.mixer.silence();
    Object.assign(this, { fading: false, gain: 1 });
  }
}

/**
 * A number in [0, 1) that is always the same for two whole numbers in a round (mixing as in Murmur3's last step). Python
 * throws the same for velocities (conduit/audio/dice.py), for chances others by its own seed: other notes of the same
 * chance sound there.
 */
export function dice(round, first, second) {
  let x = Math.imul(round + 1, 0x9e3779b1) ^ Math.imul(first + 1, 0x85ebca6b) ^ Math.imul(second + 1, 0xc2b2ae35);
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) / 4294967296;
}
