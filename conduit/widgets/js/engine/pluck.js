// A plucked string (Karplus and Strong, 1983; tuning and pick position after Jaffe and Smith, 1983).

import { hertz } from "./parts.js";

const LOWEST_HZ = 8;
const PICK_AT = 0.17;
const RELEASE_S = 0.35;

export class PluckVoice {
  constructor(rate, noise) {
    Object.assign(this, { rate, noise, alive: false });
    this.line = new Float32Array(Math.ceil(rate / LOWEST_HZ) + 4);
  }

  start(pitch, velocity) {
    const v = velocity / 127;
    const hz = hertz(pitch);
    const period = this.rate / hz - 0.5;
    const whole = Math.max(2, Math.floor(period - 0.1));
    const part = period - whole;
    const rings = Math.max(0.7, 4.5 * 2 ** ((40 - pitch) / 22));
    Object.assign(this, {
      pitch, alive: true, hz, length: whole, at: 0, before: 0, passIn: 0, passOut: 0, quiet: 0, peak: 1,
      tune: (1 - part) / (1 + part),
      keep: 10 ** (-3 / (hz * rings)),
      pan: Math.max(-0.4, Math.min(0.4, (pitch - 60) / 60)),
      gain: 0.35 + 0.65 * v,
    });
    this.#excite(whole, 0.12 + 0.8 * v);
  }

  /** Fill the line with noise, darker when soft, and with the comb that a pick between the ends makes. */
  #excite(length, bright) {
    const burst = new Float32Array(length);
    let smooth = 0;
    for (let i = 0; i < length; i += 1) {
      smooth += (this.noise.next() - smooth) * bright;
      burst[i] = smooth / Math.sqrt(bright);
    }
    const mean = burst.reduce((sum, value) => sum + value, 0) / length;
    const pick = Math.max(1, Math.round(length * PICK_AT));
    for (let i = 0; i < length; i += 1) this.line[i] = (burst[i] - mean) - 0.9 * (burst[(i + length - pick) % length] - mean);
  }

  release() {
    this.keep = Math.min(this.keep, 10 ** (-3 / (this.hz * RELEASE_S)));
  }

  get loudness() {
    return this.gain * this.peak;
  }

  render(left, right, from, to) {
    const { line, length, tune, keep } = this;
    const toLeft = this.gain * (1 - this.pan);
    const toRight = this.gain * (1 + this.pan);
    let { at, before, passIn, passOut } = this;
    let peak = 0;
    for (let i = from; i < to; i += 1) {
      const out = line[at];
      const mixed = 0.5 * (out + before);
      before = out;
      passOut = tune * (mixed - passOut) + passIn;
      passIn = mixed;
      line[at] = passOut * keep;
      at = at + 1 === length ? 0 : at + 1;
      left[i] += out * toLeft;
      right[i] += out * toRight;
      if (out > peak) peak = out;
    }
    Object.assign(this, { at, before, passIn, passOut, peak, quiet: peak < 2e-4 ? this.quiet + to - from : 0 });
    if (this.quiet > this.length) this.alive = false;
  }
}
