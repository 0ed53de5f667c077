// Subtractive voices: detuned oscillators, two filters in a row, drive. Bass, lead and pad are rows of one table.

import { Envelope, Filter, OSCILLATORS, hertz, sine, soft } from "./parts.js";

const CONTROL_FRAMES = 16;

/**
 * Oscillators are [shape, semitones, cents, level, pan -1..1]. `cutoff` in Hz at rest, `sweep` in octaves at full
 * velocity, `track` is how far the filter follows the pitch (1 is all the way).
 */
export const PATCHES = {
  bass: {
    oscillators: [["saw", 0, -4, 0.6, 0], ["saw", 0, 5, 0.5, 0], ["sine", -12, 0, 0.65, 0]],
    amp: { attack: 0.002, decay: 0.5, sustain: 0.72, release: 0.03 },
    filter: { cutoff: 170, sweep: 3.9, track: 0.45, resonance: 0.42, attack: 0.002, decay: 0.16, sustain: 0.12, release: 0.08 },
    drive: 1.5,
    vibrato: { hz: 5, cents: 0, delay: 1 },
  },
  lead: {
    oscillators: [["saw", 0, -8, 0.5, -0.5], ["saw", 0, 8, 0.5, 0.5], ["square", -12, 0, 0.28, 0]],
    amp: { attack: 0.004, decay: 0.35, sustain: 0.75, release: 0.11 },
    filter: { cutoff: 900, sweep: 2.6, track: 0.6, resonance: 0.22, attack: 0.004, decay: 0.35, sustain: 0.4, release: 0.2 },
    drive: 1.2,
    vibrato: { hz: 5.3, cents: 9, delay: 0.35 },
  },
  pad: {
    oscillators: [["saw", 0, -13, 0.32, -0.9], ["saw", 0, -4, 0.32, 0.4], ["saw", 0, 5, 0.32, -0.4], ["saw", 0, 12, 0.32, 0.9], ["sine", -12, 0, 0.2, 0]],
    amp: { attack: 0.16, decay: 1.2, sustain: 0.85, release: 0.5 },
    filter: { cutoff: 420, sweep: 2.1, track: 0.5, resonance: 0.1, attack: 0.5, decay: 1.6, sustain: 0.6, release: 0.8 },
    drive: 0.8,
    vibrato: { hz: 0.6, cents: 5, delay: 0 },
  },
};

export class AnalogVoice {
  constructor(rate, patch) {
    Object.assign(this, { rate, patch, alive: false, bend: 1 });
    this.amp = new Envelope(rate, patch.amp);
    this.sweep = new Envelope(rate, patch.filter);
    this.filters = [0, 1, 2, 3].map(() => new Filter(rate));
    this.sides = [0, 1].map(() => new Float64Array(CONTROL_FRAMES));
    const rows = patch.oscillators;
    this.shapes = rows.map(([shape]) => OSCILLATORS[shape]);
    this.ratios = Float64Array.from(rows, ([, semitones, cents]) => 2 ** ((semitones + cents / 100) / 12));
    this.left = Float64Array.from(rows, ([, , , level, pan]) => level * Math.sqrt((1 - pan) / 2));
    this.right = Float64Array.from(rows, ([, , , level, pan]) => level * Math.sqrt((1 + pan) / 2));
    this.phases = new Float64Array(rows.length);
  }

  start(pitch, velocity) {
    Object.assign(this, { pitch, age: 0, alive: true });
    this.strength = velocity / 127;
    this.base = hertz(pitch) / this.rate;
    this.gain = 0.25 + 0.75 * this.strength ** 1.4;
    this.amp.start();
    this.sweep.start();
    for (const filter of this.filters) filter.reset();
    for (let k = 0; k < this.phases.length; k += 1) this.phases[k] = (0.5 + k * 0.37) % 1;
  }

  release() {
    this.amp.release();
    this.sweep.release();
  }

  get loudness() {
    return this.amp.level * this.gain;
  }

  /** In stretches within which what moves slowly stands still. */
  render(left, right, from, to) {
    let at = from;
    while (at < to) {
      const phase = this.age % CONTROL_FRAMES;
      if (phase === 0) this.#control();
      const count = Math.min(to - at, CONTROL_FRAMES - phase);
      this.#sources(count);
      this.#shape(left, right, at, count);
      this.age += count;
      at += count;
    }
    if (this.amp.over) this.alive = false;
  }

  #sources(count) {
    const [left, right] = this.sides;
    left.fill(0);
    right.fill(0);
    for (let k = 0; k < this.phases.length; k += 1) {
      const step = this.base * this.ratios[k] * this.bent;
      this.phases[k] = this.shapes[k](left, right, count, this.phases[k], step, this.left[k], this.right[k]);
    }
  }

  #shape(left, right, at, count) {
    const { drive } = this.patch;
    const [l, r] = this.sides;
    const [a, b, c, d] = this.filters;
    const makeup = this.gain / Math.max(0.6, Math.tanh(drive));
    a.lowAll(l, count);
    b.lowAll(l, count);
    c.lowAll(r, count);
    d.lowAll(r, count);
    for (let i = 0; i < count; i += 1) {
      const level = this.amp.next() * makeup;
      this.sweep.next();
      left[at + i] += soft(l[i] * drive) * level;
      right[at + i] += soft(r[i] * drive) * level;
    }
  }

  /** What moves slowly: vibrato and filter. */
  #control() {
    const { cutoff, sweep, track, resonance } = this.patch.filter;
    const { hz, cents, delay } = this.patch.vibrato;
    const seconds = this.age / this.rate;
    const depth = Math.max(0, Math.min(1, (seconds - delay) * 3)) * cents;
    this.bent = this.bend * 2 ** ((sine(hz * seconds) * depth) / 1200);
    const octaves = sweep * this.sweep.level * (0.35 + 0.65 * this.strength) + (track * (this.pitch - 48)) / 12;
    const tuned = cutoff * 2 ** Math.min(octaves, 7);
    const [a, b, c, d] = this.filters;
    c.like(a.set(tuned, resonance * 0.3));
    d.like(b.set(tuned, resonance));
  }
}
