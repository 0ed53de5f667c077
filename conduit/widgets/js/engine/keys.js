// An electric piano by frequency modulation (Chowning, 1973): a body at 1:1 and a tine that rings briefly above it.

import { hertz, sine } from "./parts.js";

const TAU = 2 * Math.PI;
const CONTROL_FRAMES = 16;
const TINE_TOP_HZ = 9000;
const RELEASE_S = 0.09;

export class KeysVoice {
  constructor(rate) {
    Object.assign(this, { rate, alive: false, bend: 1 });
  }

  start(pitch, velocity) {
    const v = velocity / 127;
    const hz = hertz(pitch);
    const fades = (seconds) => Math.exp(-1 / (seconds * this.rate));
    const rings = Math.max(0.35, 2.6 * 2 ** ((48 - pitch) / 26));
    Object.assign(this, {
      pitch, alive: true, v, phase: 0, age: 0, rise: 0,
      step: hz / this.rate,
      tine: Math.max(1, Math.min(14, Math.floor(TINE_TOP_HZ / hz))),
      level: 0.3 + 0.7 * v ** 1.5, fade: fades(rings),
      index: ((0.35 + 1.5 * v) / TAU) * Math.min(1, 2 ** ((72 - pitch) / 30)), indexFade: fades(rings * 0.35),
      strike: (0.75 * v) / TAU, strikeFade: fades(0.11),
    });
  }

  release() {
    this.fade = Math.exp(-1 / (RELEASE_S * this.rate));
  }

  get loudness() {
    return this.level;
  }

  render(left, right, from, to) {
    const rise = 1 / (0.0012 * this.rate);
    const step = this.step * this.bend;
    for (let i = from; i < to; i += 1) {
      if (this.age % CONTROL_FRAMES === 0) this.#sway();
      this.age += 1;
      this.rise = Math.min(1, this.rise + rise);
      this.phase += step;
      if (this.phase >= 1) this.phase -= 1;
      const turn = this.index * sine(this.phase);
      const bell = 0.26 * sine(this.phase + this.strike * sine(this.tine * this.phase));
      const loud = this.level * this.rise;
      left[i] += (0.74 * sine(this.phase + turn) + bell) * loud * (1 + this.sway);
      right[i] += (0.74 * sine(this.phase + turn + this.spread) + bell) * loud * (1 - this.sway);
      this.level *= this.fade;
      this.index *= this.indexFade;
      this.strike *= this.strikeFade;
    }
    if (this.level < 1e-4) this.alive = false;
  }

  /** What moves slowly: the stereo tremolo, and how far the sides drift apart. */
  #sway() {
    const seconds = this.age / this.rate;
    this.sway = 0.13 * sine(4.6 * seconds);
    this.spread = (0.12 / TAU) * sine(0.9 * seconds);
  }
}
