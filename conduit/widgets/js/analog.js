// Subtractive voices: detuned oscillators, two filters in a row, drive. Bass, lead and pad are rows of one table.

import { Envelope, Filter, SHAPES, hertz } from "./parts.js";

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
    Object.assign(this, { rate, patch, alive: false });
    this.amp = new Envelope(rate, patch.amp);
    this.sweep = new Envelope(rate, patch.filter);
    this.filters = [0, 1, 2, 3].map(() => new Filter(rate));
    this.oscillators = patch.oscillators.map(([shape, semitones, cents, level, pan]) => ({
      shape: SHAPES[shape],
      ratio: 2 ** ((semitones + cents / 100) / 12),
      left: level * Math.sqrt((1 - pan) / 2),
      right: level * Math.sqrt((1 + pan) / 2),
      phase: 0,
      step: 0,
    }));
  }

  start(pitch, velocity, frames) {
    Object.assign(this, { pitch, held: frames, age_frames: 0, alive: true });
    this.strength = velocity / 127;
    this.base = hertz(pitch) / this.rate;
    this.gain = 0.25 + 0.75 * this.strength ** 1.4;
    this.amp.start();
    this.sweep.start();
    for (const filter of this.filters) filter.reset();
    this.oscillators.forEach((oscillator, i) => {
      oscillator.phase = (0.5 + i * 0.37) % 1;
    });
  }

  release() {
    this.held = 0;
    this.amp.release();
    this.sweep.release();
  }

  render(left, right, count) {
    const drive = this.patch.drive;
    const makeup = this.gain / Math.max(0.6, Math.tanh(drive));
    for (let i = 0; i < count; i += 1) {
      if (this.held > 0 && (this.held -= 1) === 0) this.release();
      if (this.age_frames % CONTROL_FRAMES === 0) this.#control();
      this.age_frames += 1;
      const level = this.amp.next() * makeup;
      this.sweep.next();
      const [l, r] = this.#sources();
      const [a, b, c, d] = this.filters;
      left[i] += Math.tanh(b.low(a.low(l)) * drive) * level;
      right[i] += Math.tanh(d.low(c.low(r)) * drive) * level;
    }
    if (this.amp.over) this.alive = false;
  }

  #sources() {
    let left = 0;
    let right = 0;
    for (const oscillator of this.oscillators) {
      oscillator.phase += oscillator.step;
      if (oscillator.phase >= 1) oscillator.phase -= 1;
      const value = oscillator.shape(oscillator.phase, oscillator.step);
      left += value * oscillator.left;
      right += value * oscillator.right;
    }
    this.pair[0] = left;
    this.pair[1] = right;
    return this.pair;
  }

  pair = [0, 0];

  /** What moves slowly: vibrato and filter, every few frames. */
  #control() {
    const { cutoff, sweep, track, resonance } = this.patch.filter;
    const { hz, cents, delay } = this.patch.vibrato;
    const seconds = this.age_frames / this.rate;
    const depth = Math.max(0, Math.min(1, (seconds - delay) * 3)) * cents;
    const bend = 2 ** ((Math.sin(2 * Math.PI * hz * seconds) * depth) / 1200);
    for (const oscillator of this.oscillators) oscillator.step = this.base * oscillator.ratio * bend;
    const octaves = sweep * this.sweep.level * (0.35 + 0.65 * this.strength) + (track * (this.pitch - 48)) / 12;
    const tuned = cutoff * 2 ** Math.min(octaves, 7);
    this.filters.forEach((filter, i) => filter.set(tuned, i % 2 ? resonance : resonance * 0.3));
  }
}
