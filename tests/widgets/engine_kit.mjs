// What the engine's tests share: parts from rows, a bank whose every note is one exact click, onsets in what is played.

import { Player } from "../../conduit/widgets/js/engine/player.js";

export const RATE = 44_100;

/** A zone over all keys, as conduit/audio/sampled.py gives it. */
export const zone = (changes = {}) => ({
  keys: [0, 127], velocities: [0, 127], start: 0, end: 8, loop: null, root: 60, rate: RATE, gain: 1, pan: 0,
  attack: 0, hold: 0, decay: 1, sustain: 1, release: 0.03, cutoff: null, choke: 0, ...changes,
});

/** A recording of one sample that is not silent, so that a note can be told to the frame. */
export const CLICK = { name: "drums", zones: [zone()], samples: Int16Array.of(30_000, 0, 0, 0, 0, 0, 0, 0) };

/** A part of rows `[start, duration, pitch, velocity = 127, chance = 1]`. */
export const part = (rows, changes = {}) => ({
  events: Float64Array.from(rows.flatMap(([start, duration, pitch, velocity = 127, chance = 1]) => [start, duration, pitch, velocity, chance])),
  sound: "synth", instrument: "keys", program: null, drums: false, gain: 1, muted: false, soloed: false, ...changes,
});

/** A part that clicks at beats; all clicks sound at their recorded pitch. */
export const clicks = (beats, changes = {}) =>
  part(beats.map((beat) => [beat, 0.01, 60]), { sound: "gm", instrument: "drums", drums: true, ...changes });

export const score = (parts, changes = {}) => ({ bpm: 120, length: 4, loop: null, parts, ...changes });

export function player(...banks) {
  const made = new Player(RATE);
  for (const bank of banks) made.take(bank.name, bank);
  return made;
}

/** Play on from a frame: both sides, and how often it ended. */
export function run(made, frames, { from = 0, block = 128 } = {}) {
  const [left, right] = [new Float32Array(frames), new Float32Array(frames)];
  let ended = 0;
  for (let i = 0; i < frames; i += block) {
    ended += made.process(left.subarray(i, i + block), right.subarray(i, i + block), from + i);
  }
  return { left, right, ended };
}

/** Play a score from its start. */
export function render(played, { frames = RATE, at = 0, from = 0, block = 128, banks = [CLICK] } = {}) {
  const made = player(...banks);
  made.play(played, { from, at });
  return run(made, frames, { block });
}

/** Frames at which a click stands, from frame `now` on; nothing long is kept, so it can be many minutes. */
export function onsets(made, seconds, { now: first = 0, threshold = 0.2 } = {}) {
  const found = [];
  const [left, right] = [new Float32Array(128), new Float32Array(128)];
  for (let now = first; now < first + seconds * RATE; now += 128) {
    made.process(left, right, now);
    for (let i = 0; i < 128; i += 1) if (Math.abs(left[i]) > threshold) found.push(now + i);
  }
  return found;
}

/** Played clicks of a score, as `onsets` finds them. */
export function played(value, seconds, options = {}) {
  const made = player(CLICK);
  made.play(value, options);
  return onsets(made, seconds);
}

export const frameOf = (beat, bpm) => (beat * 60 * RATE) / bpm;

/** How far each onset lies from where it is due, in frames. */
export const lateness = (found, due) => found.map((frame, i) => frame - due[i]);
export const furthest = (numbers) => numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
export const peak = (samples) => furthest(samples);
export const rms = (samples) => Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);

/** The loudest frequency between two, in Hz, to a tenth (Goertzel, 1958). */
export function loudestHz(samples, low, high, step = 0.1) {
  let [best, most] = [0, -1];
  for (let hz = low; hz <= high; hz += step) {
    const turn = 2 * Math.cos((2 * Math.PI * hz) / RATE);
    let [a, b] = [0, 0];
    for (const value of samples) [a, b] = [value + turn * a - b, a];
    const power = a * a + b * b - turn * a * b;
    if (power > most) [best, most] = [hz, power];
  }
  return best;
}
