// A clip as the view knows it: its facts, its notes and controls as columns, and the questions asked of them. Pure:
// every value is left as it is, an edit gives the next one.
//
// Python packs notes and controls as little-endian records in order of time (conduit/widgets/packing.py). Times are
// ticks there and beats here, always a whole number of ticks. A note is 12 bytes: uint32 start, uint32 duration, uint8
// pitch, velocity, flags (bit 0: mute) and chance in percent.

import { asView, decodeControls, encodeControls } from "./controls.js";
import { changesIn, firstFrom, merge, ticksOf } from "./match.js";

export { firstFrom };

export const NOTE_BYTES = 12;
const MUTED = 1;
const NONE = -1;

const NO_CLIP = {
  name: "", ppq: 960, length: 16, loop: null, bpm: 120, meter: [4, 4], changes: [], key: "", scale: [], instrument: "keys",
  program: null, drums: false, drum_names: {}, ink: "", chords: [], label: "",
};

/** A clip of what Python sent; the columns are read once for each packed clip. */
export function decodeClip(packed = {}) {
  const facts = { ...NO_CLIP, ...packed };
  return { ...facts, notes: decode(packed.notes, facts.ppq), controls: decodeControls(packed.controls, facts.ppq) };
}

/** What Python would send for a clip. */
export const encodeClip = (clip) => ({ ...clip, notes: encode(clip.notes, clip.ppq), controls: encodeControls(clip.controls, clip.ppq) });

/** Read packed notes, whatever holds the bytes; bytes after the last whole record are left out. */
export function decode(bytes, ppq) {
  const view = asView(bytes);
  const notes = columns(Math.floor(view.byteLength / NOTE_BYTES));
  for (let i = 0, at = 0; i < notes.count; i += 1, at += NOTE_BYTES) {
    notes.start[i] = view.getUint32(at, true) / ppq;
    notes.duration[i] = view.getUint32(at + 4, true) / ppq;
    notes.pitch[i] = view.getUint8(at + 8);
    notes.velocity[i] = view.getUint8(at + 9);
    notes.muted[i] = view.getUint8(at + 10) & MUTED;
    notes.chance[i] = view.getUint8(at + 11);
  }
  return measure(notes);
}

export function encode(notes, ppq) {
  const view = new DataView(new ArrayBuffer(notes.count * NOTE_BYTES));
  for (let i = 0; i < notes.count; i += 1) putNote(view, i * NOTE_BYTES, rowOf(notes, i), ppq);
  return view;
}

function putNote(view, at, row, ppq) {
  if (!row) return;
  view.setUint32(at, Math.round(row.start * ppq), true);
  view.setUint32(at + 4, Math.round(row.duration * ppq), true);
  view.setUint8(at + 8, row.pitch);
  view.setUint8(at + 9, row.velocity);
  view.setUint8(at + 10, row.muted);
  view.setUint8(at + 11, row.chance);
}

const FIELDS = ["start", "duration", "pitch", "velocity", "muted", "chance", "selected"];

function columns(count) {
  const notes = { count, longest: 0, end: 0, low: 127, high: 0 };
  FIELDS.forEach((field, i) => { notes[field] = i < 2 ? new Float64Array(count) : new Uint8Array(count); });
  return notes;
}

function measure(notes) {
  for (let i = 0; i < notes.count; i += 1) {
    const duration = notes.duration[i];
    if (duration > notes.longest) notes.longest = duration;
    if (notes.start[i] + duration > notes.end) notes.end = notes.start[i] + duration;
    if (notes.pitch[i] < notes.low) notes.low = notes.pitch[i];
    if (notes.pitch[i] > notes.high) notes.high = notes.pitch[i];
  }
  return notes;
}

/** One note as a plain value. */
export function rowOf({ start, duration, pitch, velocity, muted, chance, selected }, i) {
  return {
    start: start[i], duration: duration[i], pitch: pitch[i], velocity: velocity[i], muted: muted[i], chance: chance[i], selected: selected[i],
  };
}

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const byPlace = (a, b) => a.start - b.start || a.pitch - b.pitch;

/** A row as a clip can hold it: whole ticks, at least one long, every number in its range. */
function fitted(row, ppq) {
  const tick = (beats, least) => Math.max(least, Math.round(beats * ppq)) / ppq;
  return {
    start: tick(row.start, 0),
    duration: tick(row.duration, 1),
    pitch: clamp(Math.round(row.pitch), 0, 127),
    velocity: clamp(Math.round(row.velocity), 1, 127),
    muted: row.muted ? 1 : 0,
    chance: clamp(Math.round(row.chance ?? 100), 0, 100),
    selected: row.selected ? 1 : 0,
  };
}

/**
 * The notes after some changes, `{ from: index or -1, to: row or null }` each, and those changes as Python reads them:
 * the record before and the record after, zeros where there is none.
 */
export function edited(notes, changes, ppq) {
  const rows = changes.map(({ to }) => to && fitted(to, ppq));
  const pairs = new DataView(new ArrayBuffer(changes.length * 2 * NOTE_BYTES));
  const gone = new Uint8Array(notes.count);
  let left = notes.count;
  changes.forEach(({ from }, i) => {
    const at = 2 * i * NOTE_BYTES;
    if (from >= 0) {
      putNote(pairs, at, rowOf(notes, from), ppq);
      left -= 1 - gone[from];
      gone[from] = 1;
    }
    putNote(pairs, at + NOTE_BYTES, rows[i], ppq);
  });
  const fresh = rows.filter(Boolean).sort(byPlace);
  return { notes: measure(merge(notes, gone, fresh, { next: columns(left + fresh.length), fields: FIELDS, placeOf })), pairs };
}

/** Where a row belongs: behind the notes that start before it, or with it at no higher pitch. */
function placeOf(notes, row) {
  let [low, high] = [0, notes.count];
  while (low < high) {
    const middle = (low + high) >> 1;
    const after = notes.start[middle] - row.start || notes.pitch[middle] - row.pitch;
    if (after > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The changes that packed pairs describe, found again in some notes; `back` undoes them. What does not fit is left out. */
export function changesOf(notes, pairs, ppq, back = false) {
  const list = decode(pairs, ppq);
  const keysOf = (some) => [ticksOf(some.start, ppq), ticksOf(some.duration, ppq), soundsOf(some)];
  return changesIn(notes, list, {
    back, keysOf, has: (i) => list.duration[i] > 0, rowAt: (i) => ({ ...rowOf(list, i), selected: 1 }),
  });
}

/** All of each note but its times and the selection, as one number. */
function soundsOf({ count, pitch, velocity, muted, chance }) {
  const sounds = new Int32Array(count);
  for (let i = 0; i < count; i += 1) sounds[i] = (pitch[i] << 24) | (velocity[i] << 16) | (muted[i] << 8) | chance[i];
  return sounds;
}

/** Every note of one clip taken away and every note of another put there. */
export const replacing = (before, after) => [
  ...Array.from({ length: before.count }, (_, from) => ({ from, to: null })),
  ...Array.from({ length: after.count }, (_, i) => ({ from: NONE, to: rowOf(after, i) })),
];

/** The notes with another selection; all else is shared. */
export function marked(notes, isMarked) {
  const selected = new Uint8Array(notes.count);
  for (let i = 0; i < notes.count; i += 1) if (isMarked(i)) selected[i] = 1;
  return { ...notes, selected };
}

export function selectedIndexes(notes) {
  const found = [];
  for (let i = 0; i < notes.count; i += 1) if (notes.selected[i]) found.push(i);
  return found;
}

/** Range of indexes that holds every note sounding between two beats, and maybe some that ended before. */
export function span(notes, from, to) {
  return [firstFrom(notes, from - notes.longest), firstFrom(notes, to)];
}

/** The note under a point, the one that starts last where several lie; -1 where there is none. */
export function noteAt(notes, beat, pitch, slack = 0) {
  const [first, last] = span(notes, beat - slack, beat + slack);
  for (let i = last - 1; i >= first; i -= 1) {
    if (notes.pitch[i] === pitch && notes.start[i] + notes.duration[i] > beat - slack) return i;
  }
  return -1;
}

/** The pitches that sound at a beat, ascending. */
export function sounding(notes, beat) {
  const [first, last] = span(notes, beat, beat + 1e-6);
  const found = new Set();
  for (let i = first; i < last; i += 1) {
    if (!notes.muted[i] && notes.start[i] + notes.duration[i] > beat) found.add(notes.pitch[i]);
  }
  return [...found].sort((a, b) => a - b);
}
