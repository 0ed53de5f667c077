// All parts together: a limit to the voices, a room around them, the metronome, a soft ceiling. Pure and seeded: the
// same notes give the same samples everywhere.

import { Noise, soft } from "./parts.js";
import { Rack } from "./rack.js";
import { Reverb } from "./reverb.js";
import { FIELDS, firstRow } from "./rows.js";
import { bankOf } from "./sampler.js";

const MAX_VOICES = 64;
const YOUNG_S = 0.03;
const BLOCK = 128;
const GLIDE_S = 0.02;
const KNEE = 0.6;
const HEADROOM = 0.8;
const CLICK = { hz: [1050, 1575], level: [0.22, 0.32], rings_s: 0.014, rise_s: 0.0006 };

export class Mixer {
  constructor(rate) {
    Object.assign(this, { rate, noise: new Noise(20_200_417), reverb: new Reverb(rate), banks: new Map() });
    Object.assign(this, { racks: [], extra: [], frame: 0, stamp: 0, allYoungAt: -1, clicking: null, level: HEADROOM, toLevel: HEADROOM });
    this.bus = [0, 1, 2].map(() => new Float32Array(BLOCK));
  }

  /** The parts in their order; racks that have none any more let their notes ring out, and go. */
  setParts(parts) {
    const solo = parts.some(({ soloed }) => soloed);
    const audible = parts.map(({ muted, soloed }) => !muted && (soloed || !solo));
    parts.forEach((part, i) => (this.racks[i] ??= new Rack(this)).set(part, audible[i]));
    for (const rack of this.racks.splice(parts.length)) {
      rack.release();
      this.extra.push(rack);
    }
    // Parts that do not know of each other add up like noise; what is left over is met by the ceiling.
    this.toLevel = HEADROOM * Math.max(1, parts.length) ** -0.45;
  }

  /** Every level at once where it is going. */
  settle() {
    for (const rack of this.all) rack.settle();
    this.level = this.toLevel;
  }

  take(name, { zones, samples }) {
    this.banks.set(name, bankOf(zones, samples));
  }

  get all() {
    return [...this.racks, ...this.extra];
  }

  release() {
    for (const rack of this.all) rack.release();
  }

  /** Silence at once. */
  silence() {
    for (const rack of this.all) rack.silence();
    Object.assign(this, { extra: [], clicking: null });
    this.reverb.clear();
  }

  /** Start a note on a rack now, as far as there is room. */
  start(rack, note) {
    this.stamp += 1;
    if (!this.#makeRoom(rack)) return;
    for (const layer of rack.layers(note.pitch, note.velocity)) {
      if (this.#makeRoom(rack)) rack.begin(layer, note, { stamp: this.stamp, bornAt: this.frame });
    }
  }

  audition(part, pitch, velocity, held) {
    const rack = (this.solo ??= new Rack(this));
    if (!this.extra.includes(rack)) this.extra.push(rack);
    rack.set({ gain: 1, ...part }, true);
    rack.settle();
    for (const voice of rack.voices()) if (voice.alive && voice.pitch === pitch) voice.release();
    this.start(rack, { pitch, velocity, held });
  }

  /**
   * Whether a rack may begin a voice. One more than the limit takes the place of the quietest, the oldest of those
   * alike; where all have just begun, of one that nobody has heard yet, so that no part takes the room of the others.
   */
  #makeRoom(rack) {
    let count = 0;
    for (const one of this.racks) count += one.sounding;
    for (const one of this.extra) count += one.sounding;
    if (count < MAX_VOICES) return true;
    return this.#dropQuietest() || this.#takeUnheard(rack);
  }

  #dropQuietest() {
    if (this.allYoungAt === this.frame) return false;
    let [quietest, home, least] = [null, null, Infinity];
    const bornBefore = this.frame - YOUNG_S * this.rate;
    for (const rack of this.all) {
      for (const voice of rack.voices()) {
        if (!voice.alive || voice.dying || voice.bornAt > bornBefore) continue;
        const loudness = voice.loudness * (voice.held > 0 || voice.sustained ? 1 : 0.3) + voice.stamp * 1e-9;
        if (loudness < least) [quietest, home, least] = [voice, rack, loudness];
      }
    }
    if (quietest) home.drop(quietest);
    else this.allYoungAt = this.frame;
    return Boolean(quietest);
  }

  /** From the fullest rack, if that has two more than the one that asks. */
  #takeUnheard(rack) {
    const fullest = this.all.reduce((most, one) => (one.sounding > most.sounding ? one : most));
    return fullest.sounding > rack.sounding + 1 && fullest.unbegin(this.frame);
  }

  /** Held notes end where the rows now say; those that are gone are let go. */
  recall(parts, framesTo) {
    parts.forEach((part, i) => {
      for (const voice of this.racks[i].voices()) {
        if (!voice.alive || !(voice.held > 0)) continue;
        const until = endOfNote(part.events, voice.since, voice.pitch);
        voice.held = Math.max(1, until === null ? 1 : framesTo(until));
      }
    });
  }

  click(strong) {
    this.clicking = { phase: 0, step: (2 * Math.PI * CLICK.hz[+strong]) / this.rate, loud: CLICK.level[+strong], rise: 0 };
  }

  /** Add everything that sounds to both sides from one frame to another. */
  render(left, right, from, to) {
    for (let at = from; at < to; at += BLOCK) this.#block(left, right, at, Math.min(to, at + BLOCK));
  }

  #block(left, right, from, to) {
    const count = to - from;
    const [l, r, send] = this.bus;
    for (const side of this.bus) side.fill(0, 0, count);
    for (const rack of this.racks) rack.render(l, r, send, count);
    for (const rack of this.extra) rack.render(l, r, send, count);
    if (this.extra.some(({ living }) => !living)) this.extra = this.extra.filter(({ living }) => living);
    this.reverb.add(l, r, send, count);
    const glide = 1 - Math.exp(-1 / (GLIDE_S * this.rate));
    for (let i = 0; i < count; i += 1) {
      this.level += (this.toLevel - this.level) * glide;
      left[from + i] += l[i] * this.level;
      right[from + i] += r[i] * this.level;
    }
    if (this.clicking) this.#click(left, right, from, to);
    this.frame += count;
  }

  #click(left, right, from, to) {
    const { clicking } = this;
    const fade = Math.exp(-1 / (CLICK.rings_s * this.rate));
    const rise = 1 / (CLICK.rise_s * this.rate);
    for (let i = from; i < to; i += 1) {
      clicking.rise = Math.min(1, clicking.rise + rise);
      const value = Math.sin((clicking.phase += clicking.step)) * clicking.loud * clicking.rise;
      left[i] += value;
      right[i] += value;
      clicking.loud *= fade;
    }
    if (clicking.loud < 1e-5) this.clicking = null;
  }

  /** The soft ceiling, over the whole block. */
  finish(left, right) {
    for (let i = 0; i < left.length; i += 1) {
      left[i] = ceiled(left[i]);
      right[i] = ceiled(right[i]);
    }
  }
}

/** Straight up to a knee, then bent so that it never reaches 1; without memory, so that nothing pumps. */
function ceiled(x) {
  const over = Math.abs(x) - KNEE;
  return over <= 0 ? x : Math.sign(x) * (KNEE + (1 - KNEE) * soft(over / (1 - KNEE)));
}

/** The straight beat at which the note ends that a part has at a start and a pitch; null where there is none. */
function endOfNote(events, start, pitch) {
  for (let i = firstRow(events, FIELDS, start); i < events.length && events[i] <= start + 1e-9; i += FIELDS) {
    if (events[i + 2] === pitch) return events[i] + events[i + 1];
  }
  return null;
}
