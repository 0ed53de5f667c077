// A clip's notes as columns, and the questions the roll asks of them. Pure.
//
// Python packs 12 little-endian bytes a note, sorted by start (conduit/widgets/packing.py): float32 start and
// float32 duration in beats, uint8 pitch, uint8 velocity, uint8 flags (bit 0: mute), one byte of padding.

export const RECORD_BYTES = 12;
const MUTED = 1;
const SAME_BEATS = 1 / 960;

/** Read packed notes, whatever holds the bytes; bytes after the last whole record are left out. */
export function decode(bytes) {
  const view = asView(bytes);
  const count = Math.floor(view.byteLength / RECORD_BYTES);
  const notes = columns(count);
  for (let i = 0, at = 0; i < count; i += 1, at += RECORD_BYTES) {
    notes.start[i] = view.getFloat32(at, true);
    notes.duration[i] = view.getFloat32(at + 4, true);
    notes.pitch[i] = view.getUint8(at + 8);
    notes.velocity[i] = view.getUint8(at + 9);
    notes.muted[i] = view.getUint8(at + 10) & MUTED;
  }
  return measure(notes);
}

/** Read packed notes from base64 text; null stays null. */
export function decodeBase64(text) {
  return text ? decode(Uint8Array.from(atob(text), (c) => c.charCodeAt(0))) : null;
}

function asView(bytes) {
  if (!bytes) return new DataView(new ArrayBuffer(0));
  if (bytes instanceof ArrayBuffer) return new DataView(bytes);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function columns(count) {
  return {
    count,
    start: new Float32Array(count),
    duration: new Float32Array(count),
    pitch: new Uint8Array(count),
    velocity: new Uint8Array(count),
    muted: new Uint8Array(count),
    longest: 0,
    end: 0,
    low: 127,
    high: 0,
  };
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

/** The index of the first note that starts at or after a beat. */
export function firstFrom(notes, beat) {
  let low = 0;
  let high = notes.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (notes.start[middle] < beat) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The span of indexes that holds every note sounding between two beats (and a few that do not). */
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

/**
 * What changes from one clip to another: `kept` and `added` index the notes after, `removed` those before.
 * A note is kept when pitch, start and length are the same.
 */
export function compare(before, after) {
  const open = new Map();
  for (let i = (before?.count ?? 0) - 1; i >= 0; i -= 1) {
    const key = identity(before, i);
    if (open.has(key)) open.get(key).push(i);
    else open.set(key, [i]);
  }
  const kept = [];
  const added = [];
  for (let i = 0; i < after.count; i += 1) {
    (open.get(identity(after, i))?.pop() === undefined ? added : kept).push(i);
  }
  return { kept, added, removed: [...open.values()].flat().sort((a, b) => a - b) };
}

function identity(notes, i) {
  const ticks = (beats) => Math.round(beats / SAME_BEATS);
  return `${notes.pitch[i]}:${ticks(notes.start[i])}:${ticks(notes.duration[i])}`;
}
