// Drum voices: tones that fall, filtered noise, and the six squares of a metal cymbal, mixed by a table.

import { Filter, square } from "./parts.js";

const GRAIN_HZ = [205.3, 304.4, 369.6, 522.7, 540.0, 800.0];

// tone: [Hz at the end, times that at the start, fall s, decay s, level]; noise: [low Hz, high Hz, decay s, level];
// metal: [times the six squares' pitches, high-pass Hz, decay s, level]; bursts: s between the claps' hands.
const KICK = { tones: [[47, 4.6, 0.034, 0.3, 1.15]], noise: [900, 5200, 0.006, 0.5], drive: 1.7 };
const tom = (hz, pan) => ({ tones: [[hz, 1.9, 0.06, 0.26, 0.9], [hz * 1.52, 1.5, 0.04, 0.1, 0.2]], noise: [700, 4000, 0.02, 0.18], pan });
const hat = (decay, level) => ({ metal: [1, 6800, decay, level], noise: [7500, 16000, decay * 0.85, level * 0.9], pan: 0.18, choked: true });
const cymbal = (ratio, decay, level, pan) => ({ metal: [ratio, 3200, decay, level], noise: [4200, 15000, decay * 0.8, level * 0.8], pan });
const block = (hz, decay, level, pan = 0) => ({ tones: [[hz, 1.15, 0.006, decay, level], [hz * 1.48, 1.1, 0.006, decay * 0.6, level * 0.5]], pan });
const shake = (low, decay, level, pan) => ({ noise: [low, 14000, decay, level], pan });

export const KIT = {
  35: { ...KICK, tones: [[41, 4.2, 0.045, 0.4, 1.15]] },
  36: KICK,
  37: { tones: [[1720, 1.1, 0.004, 0.02, 0.55], [480, 1.2, 0.006, 0.035, 0.5]], noise: [1500, 7000, 0.012, 0.5] },
  38: { tones: [[182, 1.6, 0.02, 0.12, 0.62], [331, 1.35, 0.02, 0.08, 0.36]], noise: [1400, 9500, 0.13, 0.85], drive: 1.3 },
  39: { noise: [850, 3600, 0.13, 1.25], bursts: 0.011, pan: -0.1 },
  40: { tones: [[205, 1.5, 0.018, 0.09, 0.55], [370, 1.3, 0.018, 0.06, 0.34]], noise: [2000, 11000, 0.1, 0.9], drive: 1.3 },
  41: tom(82, -0.35), 43: tom(98, -0.2), 45: tom(118, -0.05), 47: tom(140, 0.1), 48: tom(166, 0.25), 50: tom(196, 0.4),
  42: hat(0.042, 0.5), 44: hat(0.06, 0.42), 46: hat(0.34, 0.46),
  49: cymbal(1.05, 1.15, 0.5, -0.3), 57: cymbal(1.2, 1.0, 0.5, 0.35), 55: cymbal(1.6, 0.42, 0.5, -0.15), 52: cymbal(0.82, 0.85, 0.55, 0.3),
  51: { ...cymbal(1.35, 0.75, 0.22, 0.3), tones: [[3180, 1, 0.01, 0.25, 0.1]] },
  53: { ...cymbal(1.35, 0.6, 0.12, 0.3), tones: [[1980, 1, 0.01, 0.5, 0.26], [2960, 1, 0.01, 0.35, 0.16]] },
  59: { ...cymbal(1.5, 0.65, 0.22, 0.35), tones: [[3560, 1, 0.01, 0.22, 0.1]] },
  54: { ...shake(6500, 0.11, 0.5, 0.2), metal: [2.6, 7000, 0.09, 0.3] },
  56: { tones: [[562, 1, 0.01, 0.16, 0.5], [845, 1, 0.01, 0.12, 0.42]], pan: -0.2, drive: 2.2 },
  58: { ...shake(2600, 0.3, 0.4, -0.2), bursts: 0.024 },
  63: { tones: [[212, 1.25, 0.02, 0.2, 0.8]], noise: [900, 4500, 0.01, 0.25], pan: 0.25 },
  70: shake(5600, 0.045, 0.5, 0.3),
  75: block(2420, 0.05, 0.6, -0.2),
};

const other = (pitch) => block(180 * 2 ** ((pitch - 48) / 18), 0.09, 0.6);
const HATS = new Set([42, 44, 46]);
const CHOKE_S = 0.008;

export class DrumVoice {
  constructor(rate, noise) {
    Object.assign(this, { rate, noise, alive: false });
    this.highpass = new Filter(rate);
    this.lowpass = new Filter(rate);
    this.metalpass = [new Filter(rate), new Filter(rate)];
    this.phases = new Float64Array(GRAIN_HZ.length);
  }

  start(pitch, velocity) {
    const sound = KIT[pitch] ?? other(pitch);
    const v = velocity / 127;
    const fade = (seconds) => Math.exp(-1 / (seconds * this.rate));
    Object.assign(this, { pitch, sound, alive: true, frame: 0, gain: 0.08 + 0.92 * v ** 1.6, cut: 1, cutting: 1 });
    this.tones = (sound.tones ?? []).map(([hz, from, fall, decay, level]) => ({
      phase: 0, step: (2 * Math.PI * hz) / this.rate, bend: from - 1, bendFade: fade(fall), level, fade: fade(decay),
    }));
    const [low, high, decay, level] = sound.noise ?? [1000, 8000, 0.01, 0];
    this.hiss = { level, fade: fade(decay), from: level };
    this.highpass.reset();
    this.highpass.set(low, 0.25);
    this.lowpass.reset();
    this.lowpass.set(high * (0.7 + 0.3 * v), 0.1);
    this.#startMetal(sound.metal ?? [1, 8000, 0.01, 0], fade);
  }

  #startMetal([ratio, highpass, decay, level], fade) {
    this.metal = { ratio, level, fade: fade(decay) };
    for (const filter of this.metalpass) {
      filter.reset();
      filter.set(highpass, 0.2);
    }
    GRAIN_HZ.forEach((hz, i) => {
      this.phases[i] = (i * 0.31) % 1;
    });
  }

  /** A hat is silenced by the next hat. */
  chokedBy(pitch) {
    return this.sound.choked && HATS.has(pitch);
  }

  /** A drum rings out, however short its note. */
  release() {}

  choke() {
    this.cutting = Math.exp(-1 / (CHOKE_S * this.rate));
  }

  get loudness() {
    return this.#level * this.cut * this.gain;
  }

  get #level() {
    return this.tones.reduce((sum, tone) => sum + tone.level, this.hiss.level + this.metal.level);
  }

  render(left, right, from, to) {
    const { pan = 0, drive = 1 } = this.sound;
    const [toLeft, toRight] = [this.gain * (1 - Math.max(0, pan)), this.gain * (1 + Math.min(0, pan))];
    for (let i = from; i < to; i += 1) {
      let value = this.#tone() + this.#noise();
      if (this.metal.level > 1e-4) value += this.#metal();
      this.cut *= this.cutting;
      if (drive !== 1) value = Math.tanh(value * drive) / Math.tanh(drive);
      left[i] += value * toLeft * this.cut;
      right[i] += value * toRight * this.cut;
      this.frame += 1;
    }
    if (this.#level * this.cut < 2e-4) this.alive = false;
  }

  #tone() {
    let value = 0;
    for (const tone of this.tones) {
      tone.phase += tone.step * (1 + tone.bend);
      tone.bend *= tone.bendFade;
      tone.level *= tone.fade;
      value += Math.sin(tone.phase) * tone.level;
    }
    return value;
  }

  #noise() {
    const { bursts } = this.sound;
    const { hiss } = this;
    if (hiss.level < 1e-4) return 0;
    hiss.level *= hiss.fade;
    let level = hiss.level;
    if (bursts) level = this.#hands(bursts * this.rate);
    this.highpass.low(this.noise.next());
    return this.lowpass.low(this.highpass.high) * level * 1.5;
  }

  /** Three quick hands before the clap itself. */
  #hands(every) {
    if (this.frame >= 3 * every) return this.hiss.level;
    this.hiss.level = this.hiss.from;
    return this.hiss.from * 0.8 * Math.exp((-5 * (this.frame % every)) / every);
  }

  #metal() {
    const { metal, phases } = this;
    metal.level *= metal.fade;
    let sum = 0;
    for (let k = 0; k < phases.length; k += 1) {
      const step = (GRAIN_HZ[k] * metal.ratio * 4.2) / this.rate;
      phases[k] += step;
      if (phases[k] >= 1) phases[k] -= 1;
      sum += square(phases[k], step);
    }
    this.metalpass[0].low(sum / 6);
    this.metalpass[1].low(this.metalpass[0].high);
    return this.metalpass[1].high * metal.level * 1.4;
  }
}
