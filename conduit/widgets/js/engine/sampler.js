// Voices that play recordings: a zone of a bank at a key's pitch, looped, with an envelope and a low-pass that may move.
//
// A bank is the zones of one sound over one Int16Array. Zones are dicts made in Python (conduit/audio/sampled.py):
// times in seconds, a decay is that of 100 dB and a release that of 80 dB, both straight lines in decibels
// (SoundFont Technical Specification 2.04, 8.1.3); `gain` is linear, `sustain` a level 0-1, `pan` -1 to 1, `cutoff` in Hz,
// a `sweep` in cents above it.

import { Filter } from "./parts.js";

const FLAT = 0.71;
const HIGHEST_HZ = 19_912;
const LOWEST_HZ = 19.4;
/** Frames for which the filter stands still, and where it is looked at first. */
const FILTER_FRAMES = 256;
const FILTER_FROM_S = 0.006;
const CHOKE_S = 0.02;
const SILENT = 3e-5;
const DECAY_POWER = -5;
const RELEASE_POWER = -4;
const SCALE = 1 / 32768;

/** Zones with what is found once: where a held loop rests, and which zones a key has. */
export function bankOf(zones, samples) {
  const ready = zones.map((zone) => ({ ...zone, samples, centre: zone.loop ? centre(samples, ...zone.loop) : 0 }));
  const byKey = Array.from({ length: 128 }, (_, key) => ready.filter(({ keys: [low, high] }) => low <= key && key <= high));
  return { byKey };
}

/** Some loops are off centre, which a held note would stay. */
function centre(samples, from, to) {
  let sum = 0;
  for (let i = from; i < to; i += 1) sum += samples[i];
  return sum / Math.max(1, to - from);
}

/** The zones of a bank that sound for a key and a velocity. */
export const zonesOf = (bank, pitch, velocity) =>
  bank.byKey[pitch].filter(({ velocities: [softest, loudest] }) => softest <= velocity && velocity <= loudest);

export class SampleVoice {
  constructor(rate) {
    Object.assign(this, { rate, alive: false, filter: new Filter(rate), bend: 1 });
  }

  start(pitch, velocity, zone) {
    const angle = (Math.PI / 4) * (1 + zone.pan);
    const gain = zone.gain * (velocity / 127) ** 2 * SCALE;
    Object.assign(this, { pitch, zone, alive: true, place: zone.start, level: 0, gain });
    this.step = (2 ** ((pitch - zone.root) / 12) * zone.rate) / this.rate;
    this.dull = Boolean(zone.cutoff);
    const quality = zone.quality ?? FLAT;
    // A resonance is no louder at its peak than the rest was.
    const loud = this.dull ? gain / Math.sqrt(Math.max(quality, FLAT) / FLAT) : gain;
    this.toLeft = loud * Math.cos(angle);
    this.toRight = loud * Math.sin(angle);
    this.resonance = 1 - 0.5 / quality;
    this.filter.reset();
    Object.assign(this, { age: 0, turned: 0 });
    this.#stage(0);
  }

  /** Where the low-pass is by now; it goes on so when the key is let go. */
  #turn() {
    const { cutoff, sweep } = this.zone;
    const seconds = Math.max(FILTER_FROM_S, this.age / this.rate);
    let cents = 0;
    if (sweep) {
      const { attack, decay, sustain } = sweep;
      cents = sweep.cents * Math.min(seconds / attack, 1) * Math.max(1 - Math.max(seconds - attack, 0) / decay, sustain);
    }
    this.filter.set(Math.max(LOWEST_HZ, Math.min(cutoff * 2 ** (cents / 1200), HIGHEST_HZ)), this.resonance);
    this.turned = sweep ? this.age + FILTER_FRAMES : Infinity;
  }

  /** Attack, hold, decay, sustain as one row each: times `grow`, plus `rise`, for `lasts` frames. */
  #stage(number) {
    const { attack, hold, decay, sustain } = this.zone;
    const frames = (seconds) => Math.max(1, Math.round((seconds ?? 0) * this.rate));
    Object.assign(this, { stage: number, grow: 1, rise: 0, lasts: Infinity });
    if (number === 0) [this.lasts, this.rise] = [frames(attack), 1 / frames(attack)];
    else if (number === 1) [this.lasts, this.level] = [frames(hold), 1];
    else if (number === 2) {
      this.grow = 10 ** (DECAY_POWER / frames(decay));
      this.lasts = Math.max(1, Math.round(Math.log(Math.max(sustain, 1e-5)) / Math.log(this.grow)) || 1);
    } else if (sustain < 1e-4) this.alive = false;
    else this.level = sustain;
  }

  #fall(seconds) {
    Object.assign(this, { stage: 4, rise: 0, lasts: Infinity, grow: 10 ** (RELEASE_POWER / Math.max(1, seconds * this.rate)) });
  }

  release() {
    if (this.stage < 4) this.#fall(Math.max(0.03, this.zone.release));
  }

  /** Another of its class takes over. */
  choke() {
    this.#fall(CHOKE_S);
  }

  get loudness() {
    return this.level * this.gain * 8192;
  }

  render(left, right, from, to) {
    let at = from;
    while (this.alive && at < to) {
      if (this.dull && this.age >= this.turned) this.#turn();
      const until = Math.min(to, at + this.lasts, this.dull ? at + this.turned - this.age : to);
      this.#run(left, right, at, until);
      this.lasts -= until - at;
      this.age += until - at;
      at = until;
      if (this.lasts === 0) this.#stage(this.stage + 1);
      else if (this.stage === 4 && this.level < SILENT) this.alive = false;
    }
  }

  /** Between frames with a Catmull-Rom spline. */
  #run(left, right, from, to) {
    const { zone, grow, rise, toLeft, toRight, dull, filter } = this;
    const { samples, start, centre: rest, loop } = zone;
    const [end, back] = loop ? [loop[1], loop[1] - loop[0]] : [zone.end, 0];
    const step = this.step * this.bend;
    let { place, level } = this;
    for (let i = from; i < to; i += 1) {
      if (place >= end) {
        if (!back) {
          this.alive = false;
          break;
        }
        place = loop[0] + ((place - end) % back);
      }
      const whole = Math.floor(place);
      const x = place - whole;
      const b = samples[whole];
      const a = whole > start ? samples[whole - 1] : b;
      const c = whole + 1 < end ? samples[whole + 1] : back ? samples[whole + 1 - back] : 0;
      const d = whole + 2 < end ? samples[whole + 2] : back ? samples[whole + 2 - back] : 0;
      let value = b + 0.5 * x * (c - a + x * (2 * a - 5 * b + 4 * c - d + x * (3 * (b - c) + d - a))) - rest;
      if (dull) value = filter.low(value);
      level = level * grow + rise;
      left[i] += value * level * toLeft;
      right[i] += value * level * toRight;
      place += step;
    }
    this.place = place;
    this.level = level;
  }
}
