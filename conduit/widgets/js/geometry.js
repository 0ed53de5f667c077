// Where beats and pitches lie on the roll. Pure: a view is a plain value, every function gives a new one.
//
// A view is { width, height } of the grid in CSS pixels, `from` (the beat at the left edge), `perBeat` (pixels),
// `lanes` (the pitches that have a row, from the bottom, and the row of each pitch), `top` (rows below the top edge
// of the grid; may be fractional) and `rowHeight`.

import { ALL_LANES, drumLanes } from "./lanes.js";
import { barBeats } from "./naming.js";

export const ROLL_HEIGHT = 256;
const MAX_HEIGHT = 400;
const ROW = { min: 10, max: 16 };
const LANE_MAX = 25;
const ROW_ZOOM = { min: 6, max: 28 };
const SPARE_ROWS = 3;
const MIN_ROWS = 16;
const MAX_PER_BEAT = 480;
const FITTED_PER_BEAT = 9;
const READABLE_PER_BEAT = 24;
const SIXTEENTH_MIN_PX = 8;
const LINE_MIN_PX = 6;
const LABEL_MIN_PX = 30;
const BEAT_LABEL_MIN_PX = 56;

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

export const xOf = (view, beat) => (beat - view.from) * view.perBeat;
export const beatAt = (view, x) => view.from + x / view.perBeat;
export const yOf = (view, pitch) => (view.top - view.lanes.row[pitch] - 1) * view.rowHeight;
export const pitchAt = (view, y) => view.lanes.pitches[Math.ceil(view.top - y / view.rowHeight) - 1] ?? -1;
export const beatsShown = (view) => view.width / view.perBeat;

/** The lanes in sight, as [first, last] rows. */
export function rowsShown(view) {
  const last = view.lanes.pitches.length - 1;
  const low = Math.floor(view.top - view.height / view.rowHeight);
  return [clamp(low, 0, last), clamp(Math.ceil(view.top) - 1, 0, last)];
}

/** The lowest and highest row for a melody: its pitches and three to spare, at least sixteen rows. */
export function pitchRange({ low, high, count }) {
  if (!count) return [53, 68];
  let bottom = low - SPARE_ROWS;
  let top = high + SPARE_ROWS;
  const missing = MIN_ROWS - (top - bottom + 1);
  if (missing > 0) {
    bottom -= Math.floor(missing / 2);
    top += Math.ceil(missing / 2);
  }
  const shift = Math.max(0, -bottom) - Math.max(0, top - 127);
  return [Math.max(0, bottom + shift), Math.min(127, top + shift)];
}

/**
 * Lanes, rows and height for a clip's notes: `{ lanes, drums, count, range, rowHeight, height }`.
 * With the layout `before` rows are added and never taken away, so that nothing jumps while notes come; a clip
 * that is written anew (another kind, or not half the notes) starts afresh.
 */
export function layout(notes, drums, before = null) {
  const kept = before && before.drums === drums && notes.count * 2 >= before.count ? before : null;
  const lanes = drums ? drumLanes(notes, kept?.lanes.pitches) : ALL_LANES;
  const range = drums ? [0, lanes.pitches.length - 1] : pitchRange(notes);
  const rows = range[1] - range[0] + 1;
  if (kept && contains(kept, { lanes, range })) return { ...kept, count: notes.count };
  const rowHeight = clamp(Math.floor(ROLL_HEIGHT / rows), ROW.min, drums ? LANE_MAX : ROW.max);
  return { lanes, drums, count: notes.count, range, rowHeight, height: clamp(rows * rowHeight, ROLL_HEIGHT, MAX_HEIGHT) };
}

const contains = (kept, { lanes, range }) =>
  kept.lanes.pitches.length === lanes.pitches.length && range[0] >= kept.range[0] && range[1] <= kept.range[1];

/** A view that shows the whole layout, or its middle where it is too tall. */
export function fitRows(view, { lanes, range, rowHeight, height }) {
  const centre = (range[0] + range[1] + 1) / 2;
  const top = Math.round(centre + height / rowHeight / 2);
  return clampView({ ...view, lanes, rowHeight, height, top }, Infinity);
}

/** A view from the clip's start: all of it where that stays readable, else its first bars. */
export function fitLength(view, length, { whole = false } = {}) {
  const all = view.width / Math.max(length, 1e-6);
  const perBeat = whole || all >= FITTED_PER_BEAT ? all : READABLE_PER_BEAT;
  return { ...view, from: 0, perBeat: Math.min(perBeat, MAX_PER_BEAT) };
}

/** Keep a view inside its clip and the 128 pitches. */
export function clampView(view, length) {
  const shown = view.height / view.rowHeight;
  const last = Math.max(0, length - beatsShown(view));
  const rows = view.lanes.pitches.length;
  return { ...view, from: clamp(view.from, 0, last), top: clamp(view.top, Math.min(rows, shown), rows) };
}

/** Zoom in time by a factor; the beat under `x` stays where it is. */
export function zoomTime(view, factor, x, length) {
  const beat = beatAt(view, x);
  const perBeat = clamp(view.perBeat * factor, Math.min(view.width / length, MAX_PER_BEAT), MAX_PER_BEAT);
  return clampView({ ...view, perBeat, from: beat - x / perBeat }, length);
}

/** Zoom the rows by whole pixels; the pitch at `y` stays. */
export function zoomRows(view, step, y, length) {
  const row = view.top - y / view.rowHeight;
  const rowHeight = clamp(view.rowHeight + step, ROW_ZOOM.min, ROW_ZOOM.max);
  return clampView({ ...view, rowHeight, top: row + y / rowHeight }, length);
}

/** Move the picture by pixels. */
export function pan(view, dx, dy, length) {
  const top = view.top - dy / view.rowHeight;
  return clampView({ ...view, from: view.from + dx / view.perBeat, top }, length);
}

/** The view that brings a beat into sight, by pages; the same view when it is there already. */
export function follow(view, beat, length) {
  const shown = beatsShown(view);
  if (beat >= view.from && beat < view.from + shown) return view;
  return clampView({ ...view, from: Math.floor(beat / shown) * shown }, length);
}

/**
 * Vertical lines in sight: three lists of beats. Sixteenths only where they are wider than 8 px; beats and bars
 * thin out by doubling when they come too close.
 */
export function gridLines(view, meter, length) {
  const bar = barBeats(meter);
  const unit = 4 / meter[1];
  const end = Math.min(beatAt(view, view.width), length) + 1e-6;
  let every = bar;
  while (every * view.perBeat < LINE_MIN_PX) every *= 2;
  const bars = steps(view.from, end, every);
  const beats = unit * view.perBeat >= LINE_MIN_PX ? within(view.from, end, bar, unit) : [];
  const fine = unit > 0.25 && view.perBeat / 4 > SIXTEENTH_MIN_PX;
  return { bars, beats, sixteenths: fine ? within(view.from, end, unit, 0.25) : [] };
}

/** Labels of the ruler: `[{ beat, text, strong }]`; bars as often as there is room, beats when there is plenty. */
export function rulerLabels(view, meter, length) {
  const bar = barBeats(meter);
  const unit = 4 / meter[1];
  const end = Math.min(beatAt(view, view.width), length - 1e-6);
  let every = bar;
  while (every * view.perBeat < LABEL_MIN_PX) every *= 2;
  const from = Math.max(0, view.from - every);
  const labels = steps(from, end, every).map((beat) => ({
    beat,
    text: String(Math.round(beat / bar) + 1),
    strong: true,
  }));
  if (unit * view.perBeat < BEAT_LABEL_MIN_PX) return labels;
  const inner = within(from, end, bar, unit).map((beat) => {
    const text = `${Math.floor(beat / bar + 1e-6) + 1}.${Math.round((beat % bar) / unit) + 1}`;
    return { beat, text, strong: false };
  });
  return [...labels, ...inner];
}

function steps(from, to, every) {
  const found = [];
  for (let k = Math.max(0, Math.ceil(from / every - 1e-6)); k * every <= to; k += 1) found.push(k * every);
  return found;
}

function within(from, to, outer, step) {
  const perOuter = Math.round(outer / step);
  const found = [];
  for (let k = Math.max(0, Math.ceil(from / step - 1e-6)); k * step <= to; k += 1) {
    if (k % perOuter) found.push(k * step);
  }
  return found;
}
