// An electric piano by frequency modulation (Chowning, 1973): a body at 1:1 and a tine that rings briefly above it.

import { hertz } from "./parts.js";

const TAU = 2 * Math.PI;
const TINE_TOP_HZ = 9000;
const RELEASE_S = 0.09;

export class KeysVoice {
  constructor(rate) {
    Object.assign(this, { rate, alive: false });
  }

  start(pitch, velocity, frames) {
    const v = velocity / 127;
    const hz = hertz(pitch);
    const fades = (seconds) => Math.exp(-1 / (seconds * this.rate));
    const rings = Math.max(0.35, 2.6 * 2 ** ((48 - pitch) / 26));
    Object.assign(this, {
      pitch, held: frames, alive: true, v, phase: 0, spread: 0, wobble: 0, rise: 0,
      step: (TAU * hz) / this.rate,
      tine: Math.max(1, Math.min(14, Math.floor(TINE_TOP_HZ / hz))),
      level: 0.3 + 0.7 * v ** 1.5, fade: fades(rings),
      index: (0.35 + 1.5 * v) * Math.min(1, 2 ** ((72 - pitch) / 30)), indexFade: fades(rings * 0.35),
      strike: 0.75 * v, strikeFade: fades(0.11),
    });
  }

  release() {
    this.held = 0;
    this.fade = Math.exp(-1 / (RELEASE_S * this.rate));
  }

  render(left, right, count) {
    const rise = 1 / (0.0012 * this.rate);
    for (let i = 0; i < count; i += 1) {
      if (this.held > 0 && (this.held -= 1) === 0) this.release();
      this.rise = Math.min(1, this.rise + rise);
      this.phase = (this.phase + this.step) % TAU;
      this.spread += TAU * (0.9 / this.rate);
      this.wobble += TAU * (4.6 / this.rate);
      const turn = this.index * Math.sin(this.phase);
      const bell = 0.26 * Math.sin(this.phase + this.strike * Math.sin(this.tine * this.phase));
      const loud = this.level * this.rise;
      const sway = 0.13 * Math.sin(this.wobble);
      left[i] += (0.74 * Math.sin(this.phase + turn) + bell) * loud * (1 + sway);
      right[i] += (0.74 * Math.sin(this.phase + turn + 0.12 * Math.sin(this.spread)) + bell) * loud * (1 - sway);
      this.level *= this.fade;
      this.index *= this.indexFade;
      this.strike *= this.strikeFade;
    }
    if (this.level < 1e-4) this.alive = false;
  }
}
