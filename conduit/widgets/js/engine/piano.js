// A piano by its partials: slightly stretched (Fletcher, 1964), two strings a note that drift apart, higher
// partials die sooner, a hammer's knock at the front.

import { hertz } from "./parts.js";

const PARTIALS = 14;
const TOP_HZ = 11_000;
const HAMMER_AT = 1 / 7.4;
const RELEASE_S = 0.13;
const KNOCK_S = 0.012;

export class PianoVoice {
  constructor(rate, noise) {
    Object.assign(this, { rate, noise, alive: false });
    // Two rotating phasors a partial, one a string: [re, im, cos, sin] each.
    this.strings = new Float64Array(PARTIALS * 8);
  }

  start(pitch, velocity) {
    const v = velocity / 127;
    Object.assign(this, { pitch, alive: true, rise: 0, damping: 1, damp: 1, strike: 1 });
    this.gain = 0.16 + 0.84 * v ** 1.7;
    this.knock = 0.5 * v * v;
    this.knockFade = Math.exp(-1 / (KNOCK_S * this.rate));
    this.strikeFade = Math.exp(-1 / (0.22 * this.rate));
    this.dark = 0;
    this.pan = Math.max(-0.35, Math.min(0.35, (pitch - 62) / 70));
    this.#tune(hertz(pitch), v);
  }

  #tune(hz, v) {
    const stretch = 0.00018 * 2 ** ((this.pitch - 48) / 9);
    const rings = Math.max(0.5, 9 * 2 ** ((33 - this.pitch) / 18));
    this.count = 0;
    let total = 0;
    for (let n = 1; n <= PARTIALS; n += 1) {
      const partial = n * hz * Math.sqrt((1 + stretch * n * n) / (1 + stretch));
      if (partial > Math.min(TOP_HZ, this.rate * 0.45)) break;
      const amount = Math.abs(Math.sin(n * Math.PI * HAMMER_AT)) / n ** (0.75 + 1.5 * (1 - v));
      total += amount;
      this.#string(n - 1, partial, amount, Math.exp(-6.9 / ((rings / (1 + 0.18 * n * n ** 0.4)) * this.rate)));
      this.count = n;
    }
    this.gain *= 0.9 / Math.max(total, 0.4);
  }

  #string(row, hz, amount, keep) {
    [-0.35, 0.35].forEach((cents, string) => {
      const angle = (2 * Math.PI * hz * 2 ** (cents / 1200)) / this.rate;
      this.strings.set([amount, 0, keep * Math.cos(angle), keep * Math.sin(angle)], row * 8 + string * 4);
    });
  }

  release() {
    this.damp = Math.exp(-1 / (RELEASE_S * this.rate));
  }

  get loudness() {
    return this.gain * this.damping * Math.hypot(this.strings[0], this.strings[1]);
  }

  render(left, right, from, to) {
    const { strings: s, noise, gain, pan, strikeFade, damp, knockFade } = this;
    const last = this.count * 8;
    const step = 1 / (0.0008 * this.rate);
    let { rise, strike, damping, knock, dark } = this;
    for (let i = from; i < to; i += 1) {
      rise = Math.min(1, rise + step);
      strike *= strikeFade;
      damping *= damp;
      knock *= knockFade;
      dark += (noise.next() - dark) * 0.18;
      let a = 0;
      let b = 0;
      for (let k = 0; k < last; k += 8) {
        const re = s[k] * s[k + 2] - s[k + 1] * s[k + 3];
        a += s[k + 1] = s[k] * s[k + 3] + s[k + 1] * s[k + 2];
        s[k] = re;
        const other = s[k + 4] * s[k + 6] - s[k + 5] * s[k + 7];
        b += s[k + 5] = s[k + 4] * s[k + 7] + s[k + 5] * s[k + 6];
        s[k + 4] = other;
      }
      const loud = gain * rise * damping * (1 + 0.8 * strike);
      const thud = dark * knock * gain;
      left[i] += (0.75 * a + 0.25 * b) * loud * (1 - pan) + thud;
      right[i] += (0.25 * a + 0.75 * b) * loud * (1 + pan) + thud;
    }
    Object.assign(this, { rise, strike, damping, knock, dark });
    if (this.damping < 1e-4 || Math.abs(this.strings[0]) + Math.abs(this.strings[1]) < 2e-4) this.alive = false;
  }
}
