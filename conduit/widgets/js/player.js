// Plays a clip's events through the synthesizer, sample by sample exact. Pure: no audio API, frames in, frames out.

import { Synth } from "./synth.js";

const FIELDS = 4;
const FADE_S = 0.006;

export class Player {
  constructor(rate) {
    this.rate = rate;
    this.synth = new Synth(rate);
    this.job = null;
    this.gain = 1;
    this.fading = false;
  }

  /** Play `{ events, loopFrames, instrument, loop, from }` when the clock shows frame `at`. */
  play(job, at) {
    this.synth.setInstrument(job.instrument);
    this.synth.release();
    Object.assign(this, { job, at, position: job.from ?? 0, fading: false, gain: 1 });
    this.#seek();
  }

  /** Change the notes and keep the place. */
  swap({ events, loopFrames, instrument }) {
    if (!this.job) return;
    this.synth.setInstrument(instrument);
    this.job = { ...this.job, events, loopFrames, instrument };
    this.position %= loopFrames;
    this.#seek();
  }

  /** Fade out within a few milliseconds, so that it does not click. */
  stop() {
    this.job = null;
    this.fading = true;
  }

  #seek() {
    const { events } = this.job;
    this.next = 0;
    while (this.next < events.length && events[this.next] < this.position) this.next += FIELDS;
  }

  /** Fill both sides from frame `now` on; true once when a clip without loop has reached its end. */
  process(left, right, now) {
    left.fill(0);
    right.fill(0);
    let ended = false;
    let done = this.job ? Math.min(left.length, Math.max(0, this.at - now)) : 0;
    if (done > 0) this.synth.render(left, right, 0, done);
    while (this.job && done < left.length) {
      done = this.#advance(left, right, done);
      ended ||= this.#wrap();
    }
    if (done < left.length) this.synth.render(left, right, done, left.length);
    this.synth.finish(left, right);
    if (this.fading) this.#fade(left, right);
    return ended;
  }

  /** Start what is due, then render up to the next event, the loop's end or the block's end. */
  #advance(left, right, done) {
    const { events, loopFrames } = this.job;
    while (this.next < events.length && events[this.next] <= this.position) {
      this.synth.start(events[this.next + 2], events[this.next + 3], events[this.next + 1]);
      this.next += FIELDS;
    }
    const due = this.next < events.length ? Math.min(events[this.next], loopFrames) : loopFrames;
    const to = Math.min(left.length, done + Math.max(1, due - this.position));
    this.synth.render(left, right, done, to);
    this.position += to - done;
    return to;
  }

  #wrap() {
    if (this.position < this.job.loopFrames) return false;
    this.position = 0;
    this.next = 0;
    const over = !this.job.loop;
    if (over) this.job = null;
    return over;
  }

  #fade(left, right) {
    const step = 1 / (FADE_S * this.rate);
    for (let i = 0; i < left.length; i += 1) {
      this.gain = Math.max(0, this.gain - step);
      left[i] *= this.gain;
      right[i] *= this.gain;
    }
    if (this.gain > 0) return;
    this.synth.silence();
    Object.assign(this, { fading: false, gain: 1 });
  }
}
