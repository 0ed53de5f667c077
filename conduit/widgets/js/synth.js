// The preview synthesizer: a voice for each note, a room around them, a soft ceiling. Pure and seeded: the same
// notes give the same samples everywhere.

import { AnalogVoice, PATCHES } from "./analog.js";
import { DrumVoice } from "./drum.js";
import { KeysVoice } from "./keys.js";
import { Noise } from "./parts.js";
import { PianoVoice } from "./piano.js";
import { PluckVoice } from "./pluck.js";
import { Reverb } from "./reverb.js";

const MAX_VOICES = 40;

/** How each instrument is made: its voice, its level, and how much of it goes to the room. */
const INSTRUMENTS = {
  bass: { make: (rate) => new AnalogVoice(rate, PATCHES.bass), level: 0.45, room: 0.02 },
  lead: { make: (rate) => new AnalogVoice(rate, PATCHES.lead), level: 0.42, room: 0.16 },
  pad: { make: (rate) => new AnalogVoice(rate, PATCHES.pad), level: 0.4, room: 0.32 },
  keys: { make: (rate) => new KeysVoice(rate), level: 0.28, room: 0.12 },
  pluck: { make: (rate, noise) => new PluckVoice(rate, noise), level: 0.6, room: 0.16 },
  piano: { make: (rate, noise) => new PianoVoice(rate, noise), level: 0.62, room: 0.12 },
  drums: { make: (rate, noise) => new DrumVoice(rate, noise), level: 0.62, room: 0.05 },
};

export class Synth {
  constructor(rate) {
    this.rate = rate;
    this.noise = new Noise(20_200_417);
    this.reverb = new Reverb(rate);
    this.pools = {};
    this.dry = [new Float32Array(128), new Float32Array(128)];
    this.setInstrument("keys");
  }

  setInstrument(name) {
    if (name === this.instrument) return;
    this.release();
    this.instrument = name in INSTRUMENTS ? name : "keys";
    this.sound = INSTRUMENTS[this.instrument];
    this.pools[this.instrument] ??= [];
  }

  get voices() {
    return this.pools[this.instrument] ?? [];
  }

  /** Let go of every sounding note. */
  release() {
    for (const voice of this.voices) if (voice.alive) voice.release();
  }

  /** Silence at once. */
  silence() {
    for (const pool of Object.values(this.pools)) for (const voice of pool) voice.alive = false;
    this.reverb.clear();
  }

  /** Start a note now; `frames` is how long it is held. */
  start(pitch, velocity, frames) {
    for (const voice of this.voices) if (voice.alive && voice.chokedBy?.(pitch)) voice.release();
    const voice = this.#free();
    voice.start(pitch, velocity, frames);
    voice.age = this.clock = (this.clock ?? 0) + 1;
  }

  #free() {
    const idle = this.voices.find((voice) => !voice.alive);
    if (idle) return idle;
    if (this.voices.length >= MAX_VOICES) return this.voices.reduce((a, b) => (a.age < b.age ? a : b));
    const made = this.sound.make(this.rate, this.noise);
    this.voices.push(made);
    return made;
  }

  /** Add everything that sounds to both sides from one frame to another. */
  render(left, right, from, to) {
    for (let at = from; at < to; at += 128) this.#block(left, right, at, Math.min(to, at + 128));
  }

  #block(left, right, from, to) {
    const count = to - from;
    const [dryLeft, dryRight] = this.dry;
    dryLeft.fill(0);
    dryRight.fill(0);
    for (const pool of Object.values(this.pools)) {
      for (const voice of pool) if (voice.alive) voice.render(dryLeft, dryRight, count);
    }
    const { level, room } = this.sound;
    for (let i = 0; i < count; i += 1) {
      const [l, r] = [dryLeft[i] * level, dryRight[i] * level];
      this.reverb.feed((l + r) * room);
      left[from + i] += l + this.reverb.left;
      right[from + i] += r + this.reverb.right;
    }
  }

  /** The soft ceiling, over the whole block. */
  finish(left, right) {
    for (let i = 0; i < left.length; i += 1) {
      left[i] = soft(left[i]);
      right[i] = soft(right[i]);
    }
  }
}

/** Close to a hyperbolic tangent: straight up to a half, never above 1. */
function soft(x) {
  const c = Math.max(-3, Math.min(3, x));
  return (c * (27 + c * c)) / (27 + 9 * c * c);
}
