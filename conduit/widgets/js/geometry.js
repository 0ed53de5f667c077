// Where beats and pitches lie on the roll. Pure: a view is a plain value, every function gives a new one.
//
// A view is { width, height } of the grid in CSS pixels, `from` (the beat at the left edge), `perBeat` (pixels),
// `lanes` (the pitches that have a row, from the bottom, and the row of each pitch), `top` (rows below the top edge
// of the grid; may be fractional) and `rowHeight`. A metre is `[count, unit]` or the stretches of `metres`.

import { drumLanes, melodyLanes } from "./lanes.js";
import { asMetres, metreAt } from "./naming.js";

export const ROLL_HEIGHT = 256;
const MAX_HEIGHT = 400;
const ROW = { min: 10, folded: 12, max: 16 };
const LANE_MAX = 25;
const ROW_ZOOM = { min: 6, max: 28 };
const SPARE_ROWS = 3;
const MIN_ROWS = 16;
const MAX_PER_BEAT = 480;
const FITTED_PER_BEAT = 9;
const READABLE_PER_BEAT = 24;
const STEP_MIN_PX = 8;
const LINE_MIN_PX = 6;
const LABEL_MIN_PX = 30;
const METER_MIN_PX = 60;
const BEAT_LABEL_MIN_PX = 56;
const SLACK = 1e-6;

export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

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
export function pitchRange({ low, high, count }, last = 127) {
  let bottom = (count ? low : 60) - SPARE_ROWS;
  let top = (count ? high : 60) + SPARE_ROWS;
  const missing = MIN_ROWS - (top - bottom + 1);
  if (missing > 0) {
    bottom -= Math.floor(missing / 2);
    top += Math.ceil(missing / 2);
  }
  const shift = Math.max(0, -bottom) - Math.max(0, top - last);
  return [Math.max(0, bottom + shift), Math.min(last, top + shift)];
}

/** The rows to show of some lanes: all of drums and of pitches in use, else around the notes. */
function rangeOf({ pitches, row }, notes, drums, fold) {
  const last = pitches.length - 1;
  if (drums || (fold === "used" && last < 127)) return [0, last];
  const centre = pitches.findIndex((pitch) => pitch >= 60);
  const [low, high] = notes.count ? [row[notes.low], row[notes.high]] : [centre, centre];
  return pitchRange({ low, high, count: 1 }, last);
}

/**
 * Lanes, rows and height for a clip's notes: `{ lanes, drums, fold, count, range, rowHeight, height }`.
 * With the layout `before` rows are added and never taken away, so that nothing jumps while notes come; a clip
 * that is written anew (another kind, or not half the notes) starts afresh.
 */
export function layout(notes, drums, before = null, { fold = "none", scale = [] } = {}) {
  const same = before && before.drums === drums && before.fold === fold;
  const kept = same && notes.count * 2 >= before.count ? before : null;
  const lanes = (drums ? drumLanes : melodyLanes)(notes, kept?.lanes.pitches, { fold, scale });
  const range = rangeOf(lanes, notes, drums, fold);
  const rows = range[1] - range[0] + 1;
  if (kept && contains(kept, { lanes, range })) return { ...kept, count: notes.count };
  const most = drums || fold === "used" ? LANE_MAX : ROW.max;
  const rowHeight = clamp(Math.floor(ROLL_HEIGHT / rows), fold === "none" ? ROW.min : ROW.folded, most);
  const height = clamp(rows * rowHeight, ROLL_HEIGHT, MAX_HEIGHT);
  return { lanes, drums, fold, count: notes.count, range, rowHeight, height };
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
  const all = view.width / Math.max(length, SLACK);
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

/** The view moved just so far that a beat and a pitch are in sight; the same view when they are. */
export function reveal(view, beat, pitch, length) {
  const [x, y, row] = [xOf(view, beat), yOf(view, pitch), view.rowHeight];
  const dx = x < 0 ? x - row : Math.max(0, x + row - view.width);
  const dy = y < 0 ? y : Math.max(0, y + row - view.height);
  return dx || dy ? pan(view, dx, dy, length) : view;
}

/** The grid line nearest to a beat, counted from its bar; lines lie `step` beats apart. */
export function nearestLine(beat, metre, step) {
  const { from, bar } = metreAt(asMetres(metre), beat);
  const start = from + Math.floor((beat - from) / bar + SLACK) * bar;
  const line = Math.min(start + bar, start + Math.round((beat - start) / step) * step);
  return start + bar - beat < Math.abs(line - beat) ? start + bar : line;
}

/** Each stretch of a metre that lies between two beats, with the beat where it ends. */
function* stretches(metre, from, to) {
  const all = asMetres(metre);
  for (const [i, stretch] of all.entries()) {
    const until = Math.min(to, (all[i + 1]?.from ?? Infinity) - 2 * SLACK);
    if (stretch.from <= to && until >= from) yield { ...stretch, until };
  }
}

/**
 * Vertical lines in sight: three lists of beats. Steps of the grid only where they are wider than 8 px, else twice
 * as far apart; beats and bars thin out by doubling when they come too close.
 */
export function gridLines(view, metre, length, step = 0.25) {
  const lines = { bars: [], beats: [], steps: [] };
  const end = Math.min(beatAt(view, view.width), length) + SLACK;
  for (const stretch of stretches(metre, view.from, end)) {
    const from = Math.max(view.from, stretch.from);
    const { unit, until } = stretch;
    for (const [beat] of barsOf(stretch, from, until, thinned(stretch.bar, LINE_MIN_PX, view))) lines.bars.push(beat);
    if (unit * view.perBeat >= LINE_MIN_PX) lines.beats.push(...inside(stretch, from, unit));
    const fine = thinned(step || unit, STEP_MIN_PX + SLACK, view);
    if (fine < unit) lines.steps.push(...inside(stretch, from, fine).filter((beat) => off(beat - stretch.from, stretch)));
  }
  return lines;
}

/** A distance in beats, doubled until it is so wide. */
function thinned(beats, px, view) {
  while (beats * view.perBeat < px) beats *= 2;
  return beats;
}

/** Whether a beat of a stretch is on none of its beats. */
function off(beat, { bar, unit }) {
  const inBar = (beat + SLACK) % bar;
  return (inBar + SLACK) % unit > 3 * SLACK;
}

/** Bars of a stretch as [beat, bars before], every so many beats. */
function barsOf({ from: start, bar, first }, from, to, every) {
  const found = [];
  for (let k = Math.max(0, Math.ceil((from - start) / every - SLACK)); start + k * every <= to; k += 1) {
    found.push([start + k * every, first + Math.round((k * every) / bar)]);
  }
  return found;
}

/** Lines so many beats apart inside the bars of a stretch, without the bar lines. */
function inside(stretch, from, step) {
  const { bar, until } = stretch;
  const found = [];
  for (const [start] of barsOf(stretch, from - bar, until, bar)) {
    const last = Math.min(until, start + bar - 2 * SLACK);
    for (let beat = start + step, k = 1; beat <= last; k += 1, beat = start + k * step) if (beat >= from - SLACK) found.push(beat);
  }
  return found;
}

/** Labels of the ruler: `[{ beat, text, strong }]`; bars as often as there is room, beats when there is plenty. */
export function rulerLabels(view, metre, length) {
  const labels = [];
  const end = Math.min(beatAt(view, view.width), length - SLACK);
  for (const stretch of stretches(metre, view.from, end)) {
    const { bar, unit, until } = stretch;
    const every = thinned(bar, LABEL_MIN_PX, view);
    for (const [beat, bars] of barsOf(stretch, Math.max(0, view.from - every), until, every)) {
      const changed = beat && beat === stretch.from && every * view.perBeat > METER_MIN_PX;
      labels.push({ beat, text: changed ? `${bars + 1} · ${stretch.text}` : String(bars + 1), strong: true });
    }
    if (unit * view.perBeat < BEAT_LABEL_MIN_PX) continue;
    for (const beat of inside(stretch, Math.max(view.from, stretch.from), unit)) {
      const [bars, inBar] = [Math.floor((beat - stretch.from) / bar + SLACK), (beat - stretch.from) % bar];
      labels.push({ beat, text: `${stretch.first + bars + 1}.${Math.round(inBar / unit) + 1}`, strong: false });
    }
  }
  return labels.filter(({ beat, strong }, i) => !strong || !i || (beat - labels[i - 1].beat) * view.perBeat >= LABEL_MIN_PX / 2);
}
