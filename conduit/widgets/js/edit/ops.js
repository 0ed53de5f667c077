// Edits of notes and controls as changes: `{ from: index or -1, to: row or null }` each (see model.js). Pure.
//
// Indexes are those of the notes to be edited, ascending. Times are beats; what lies inside the clip never leaves it.

import { clamp, nearestLine } from "../geometry.js";
import { ALL_LANES } from "../lanes.js";
import { firstFrom, rowOf } from "../model.js";
import { metreAt, metres } from "../naming.js";

const NONE = -1;
const OCTAVE = 12;
const MOST = 127;
/** The longest clip, in beats (conduit/music/note.py). */
const MOST_BEATS = 100_000;
/** What rings over a line by less than this, in beats, was played up to it. */
export const OVERHANG = 1 / 16;
const BEND = 128;
/** Beats that are the same: far less than any tick. */
export const NEAR = 1e-6;

const halfTick = ({ ppq }) => 0.5 / ppq;
const endOf = ({ start, duration }) => start + duration;

/** The line through two points `{ beat, value }`, level beyond them. */
export function line(a, b) {
  const [first, last] = a.beat <= b.beat ? [a, b] : [b, a];
  const slope = (last.value - first.value) / (last.beat - first.beat || 1);
  return (beat) => (beat >= last.beat ? last.value : first.value + slope * (Math.max(beat, first.beat) - first.beat));
}

/** Change rows by what `make(row, index)` gives: some fields, or null to take one away. What stays the same is left out. */
export function change({ notes }, indexes, make, { copy = false } = {}) {
  const changes = [];
  for (const from of indexes) {
    const row = rowOf(notes, from);
    const made = make(row, from);
    const differs = !made || Object.keys(made).some((field) => Math.abs(made[field] - row[field]) > NEAR);
    if (differs) changes.push({ from: copy ? NONE : from, to: made && { ...row, ...made } });
  }
  return changes;
}

export const add = (rows) => rows.map((to) => ({ from: NONE, to }));
export const remove = (clip, indexes) => change(clip, indexes, () => null);

/** First start and last end of some notes. */
export function extent({ notes }, indexes) {
  let [from, to] = [Infinity, 0];
  for (const i of indexes) {
    from = Math.min(from, notes.start[i]);
    to = Math.max(to, notes.start[i] + notes.duration[i]);
  }
  return [from, to];
}

/** Move by beats and by rows of the lanes, all alike: as far as all of them can go. With `copy` the old ones stay. */
export function move(clip, indexes, { beats = 0, rows = 0, lanes = ALL_LANES, copy = false }) {
  const [from, to] = extent(clip, indexes);
  const by = clamp(beats, -from, Math.max(0, clip.length - to));
  const at = indexes.map((i) => lanes.row[clip.notes.pitch[i]]).filter((row) => row >= 0).sort((a, b) => a - b);
  const steps = at.length && clamp(rows, -at[0], lanes.pitches.length - 1 - at.at(-1));
  const moved = ({ start, pitch }) => ({ start: start + by, pitch: lanes.pitches[lanes.row[pitch] + steps] ?? pitch });
  return change(clip, indexes, moved, { copy });
}

export const transpose = (clip, indexes, octaves) => move(clip, indexes, { rows: octaves * OCTAVE });

/** Move the `start` or `end` of each by beats; each stays a tick long at the least. */
export function resize(clip, indexes, { edge = "end", beats }) {
  const tick = 1 / clip.ppq;
  return change(clip, indexes, ({ start, duration }) => {
    if (edge === "end") return { duration: clamp(duration + beats, tick, Math.max(duration, clip.length - start)) };
    const by = clamp(beats, -start, duration - tick);
    return { start: start + by, duration: duration - by };
  });
}

/** The clip with as many whole bars as rows need at other times, and the facts that differ: `{ ...clip, facts }`. */
export function lengthened(clip, rows, by) {
  const least = halfTick(clip);
  const inside = rows.reduce((most, row) => Math.max(most, row.start + by + least, endOf(row) + by - OVERHANG), 0);
  if (inside <= clip.length) return { ...clip, facts: {} };
  const all = metres(clip.meter, clip.changes);
  const { from, bar } = metreAt(all, inside);
  const next = all.find((stretch) => stretch.from > inside)?.from ?? MOST_BEATS;
  const length = Math.min(next, MOST_BEATS, from + Math.ceil((inside - from) / bar) * bar);
  return { ...clip, length, facts: { length } };
}

/** Rows at other times, selected; cut at the clip's end, and left out where they would begin outside. */
export function placed(clip, rows, by) {
  return rows.flatMap((row) => {
    const start = row.start + by;
    const room = clip.length - start;
    if (start < -NEAR || room < halfTick(clip)) return [];
    return add([{ ...row, start, duration: Math.min(row.duration, room), selected: 1 }]);
  });
}

/** Cut each at the beats that `cuts(row)` gives and that lie inside it. */
export function split(clip, indexes, cuts) {
  return indexes.flatMap((from) => {
    const row = rowOf(clip.notes, from);
    const room = halfTick(clip);
    const inside = cuts(row).filter((beat) => beat > row.start + room && beat < endOf(row) - room);
    const bounds = [row.start, ...inside, endOf(row)];
    if (!inside.length) return [];
    const piece = (start, i) => ({ from: i ? NONE : from, to: { ...row, start, duration: bounds[i + 1] - start } });
    return bounds.slice(0, -1).map(piece);
  });
}

/** Cut each at the lines of a grid. */
export function splitAt(clip, indexes, step) {
  const all = metres(clip.meter, clip.changes);
  const lines = ({ start, duration }) =>
    Array.from({ length: Math.ceil((2 * duration) / step) + 1 }, (_, i) => nearestLine(start + (i * step) / 2, all, step));
  return split(clip, indexes, (row) => [...new Set(lines(row))]);
}

/** Make one note of those of a pitch, from the first start to the last end. */
export function join({ notes, ...clip }, indexes) {
  const wholes = new Map();
  for (const i of indexes) {
    const whole = wholes.get(notes.pitch[i]) ?? { first: i, end: 0 };
    whole.end = Math.max(whole.end, notes.start[i] + notes.duration[i]);
    wholes.set(notes.pitch[i], whole);
  }
  return change({ notes, ...clip }, indexes, ({ pitch, start }, i) => {
    const { first, end } = wholes.get(pitch);
    return i === first ? { duration: end - start } : null;
  });
}

/** Give each the velocity that `make(row, index)` says. */
export const velocity = (clip, indexes, make) =>
  change(clip, indexes, (row, i) => ({ velocity: clamp(Math.round(make(row, i)), 1, MOST) }));

/** Mute all, or let all sound where all are muted. */
export function mute(clip, indexes) {
  const muted = indexes.some((i) => !clip.notes.muted[i]) ? 1 : 0;
  return change(clip, indexes, () => ({ muted }));
}

/** Move each start towards the nearest line of a grid, by `strength` 0-1 of the way. */
export function quantise(clip, indexes, { step, strength = 1 }) {
  const all = metres(clip.meter, clip.changes);
  return change(clip, indexes, (row) => {
    const line = nearestLine(row.start, all, step);
    const leaves = row.start < clip.length && line > clip.length - halfTick(clip);
    const start = row.start + (line - (leaves ? step : 0) - row.start) * strength;
    return { start, duration: Math.min(row.duration, Math.max(clip.length, endOf(row)) - start) };
  });
}

/** Let each last until the next of them begins; the last until any other does, or the clip ends. */
export function legato(clip, indexes) {
  const starts = indexes.map((i) => clip.notes.start[i]);
  const after = ({ start, count }, beat) => start[firstFrom({ start, count }, beat)];
  return change(clip, indexes, ({ start, duration }) => {
    const beat = start + halfTick(clip);
    const next = after({ start: starts, count: starts.length }, beat) ?? after(clip.notes, beat) ?? clip.length;
    return { duration: next > start ? next - start : duration };
  });
}

/** Lowest and highest value of a control; 128 is pitch bend. */
const rangeOf = (control) => (control === BEND ? [-8192, 8191] : [0, MOST]);

/** Raise a control by 127ths of its range where some beats are: the value that holds there, on their steps. */
export function raiseControl({ controls }, control, step, { beats, by }) {
  const [low, high] = rangeOf(control);
  const values = new Map();
  for (const beat of beats) {
    let value = 0;
    for (let i = 0; i < controls.count && controls.start[i] <= beat + NEAR; i += 1) {
      if (controls.control[i] === control) value = controls.value[i];
    }
    values.set(Math.floor(beat / step + NEAR), value + (by * (high - low)) / MOST);
  }
  return drawControl({ controls }, control, step, values);
}

/** Put values of a control on steps: `values` holds by number of step a value, or null to only clear that step. */
export function drawControl({ controls }, control, step, values) {
  const changes = [];
  for (let from = 0; from < controls.count; from += 1) {
    if (controls.control[from] !== control) continue;
    if (values.has(Math.floor(controls.start[from] / step + NEAR))) changes.push({ from, to: null });
  }
  for (const [k, value] of values) {
    if (value !== null) changes.push({ from: NONE, to: { start: k * step, control, value: clamp(Math.round(value), ...rangeOf(control)) } });
  }
  return changes;
}
