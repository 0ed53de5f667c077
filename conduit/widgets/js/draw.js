// Drawing notes on a canvas, each in the style that its state asks for. Pure but for the context drawn on.
//
// Times are culled by binary search; from LOD_NOTES notes in sight on, a coverage grid of one byte a pixel and
// row is filled and put on the canvas at once, so that a hundred thousand notes stay at 60 frames a second.

import { beatAt, rowsShown, xOf, yOf } from "./geometry.js";
import { ALL_LANES } from "./lanes.js";
import { span } from "./model.js";

const LOD_NOTES = 3000;
const MIN_NOTE_PX = 2;
const MUTED_TONE = 1;
const SELECTED_TONE = 255;
/** What became of a note in a comparison. */
const KEPT = 1;
const ADDED = 2;
const MOVED = 3;
const REMOVED = 4;

const ratioOf = () => globalThis.devicePixelRatio || 1;

/** A 2D context scaled to CSS pixels, its canvas sized to whole device pixels and cleared. */
export function begin(canvas, width, height) {
  const ratio = ratioOf();
  const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** Snap a length to device pixels, so that hairlines are one pixel and sharp. */
export function snap(value) {
  const ratio = ratioOf();
  return Math.round(value * ratio) / ratio;
}

/** Draw a clip's notes in a style; very many are drawn as coverage, with a colour for each tone. */
export function drawNotes(ctx, view, notes, theme, { length = Infinity, style = solid, tones = tonesOf, palette = fillsOf } = {}) {
  const [first, last] = span(notes, view.from, Math.min(beatAt(view, view.width), length));
  if (last - first > LOD_NOTES) drawCoverage(ctx, view, notes, { first, last, tones: tones(notes), palette: palette(theme) });
  else for (let i = first; i < last; i += 1) drawNote(ctx, view, notes, i, theme, style);
}

/** Draw another clip's notes as outlines. */
export const drawGhost = (ctx, view, notes, theme, length) =>
  drawNotes(ctx, view, notes, theme, { length, style: outline, tones: () => null, palette: (t) => [, packed(t.outline)] });

/** Draw all of a clip's notes in a strip of a few pixels. */
export function drawTiny(ctx, view, notes, inked, height) {
  const { low, high } = notes;
  const rows = Math.max(8, high - low + 1);
  const rowHeight = (height - 4) / rows;
  const top = (low + high + 1 + rows) / 2 + 2 / rowHeight;
  const row = { ...view, lanes: ALL_LANES, height, rowHeight, top };
  drawNotes(ctx, row, notes, inked, { style: tiny });
}

function tiny(ctx, x, y, width, height, theme, { velocity, muted }, i) {
  ctx.fillStyle = muted[i] ? theme.outline : theme.fills[velocity[i]];
  ctx.fillRect(x, y, Math.max(1, width - (width > 3 ? 1 : 0)), height);
}

function drawNote(ctx, view, notes, i, theme, style) {
  const x = snap(xOf(view, notes.start[i]));
  const width = Math.max(MIN_NOTE_PX, snap(xOf(view, notes.start[i] + notes.duration[i])) - x);
  const y = snap(yOf(view, notes.pitch[i]));
  if (x + width <= 0 || x >= view.width || y + view.rowHeight <= 0 || y >= view.height) return;
  style(ctx, x, y, width, Math.max(2, view.rowHeight - 1), theme, notes, i);
}

/** A note as it sounds: edge 1 px darker than its fill, hollow when muted, dashed when it comes by chance, accent when selected. */
function solid(ctx, x, y, width, height, theme, { velocity, muted, chance, selected }, i) {
  const roomy = width > 3 && height > 3;
  const fill = muted[i] ? theme.row : theme.fills[velocity[i]];
  ctx.fillStyle = theme.edges[velocity[i]];
  ctx.fillRect(x, y, width - (roomy || width <= 2 ? 0 : 1), height);
  ctx.fillStyle = fill;
  if (roomy) ctx.fillRect(x + 1, y + 1, width - 2, height - 2);
  else ctx.fillRect(x, y, width - (width > 2 ? 1 : 0), height);
  if (chance && chance[i] < 100) dashed(ctx, x, y, width, height, theme);
  if (selected?.[i]) chosen(ctx, x, y, width, height, theme);
}

/** Gaps in the edge, and the note's end left open. */
function dashed(ctx, x, y, width, height, theme) {
  ctx.fillStyle = theme.row;
  for (let at = x + 2; at < x + width - 1; at += 4) {
    ctx.fillRect(at, y, 2, 1);
    ctx.fillRect(at, y + height - 1, 2, 1);
  }
  if (width > 6) ctx.fillRect(x + width - 1, y + 2, 1, height - 4);
}

/** The outline of what is selected: two pixels of accent, and where there is room one to part it from the note's own colour. */
function chosen(ctx, x, y, width, height, theme) {
  if (width < 7 || height < 7) {
    ctx.fillStyle = theme.accent;
    ctx.fillRect(x, y, width, height);
    return;
  }
  if (height > 10) {
    ctx.lineWidth = 1;
    ctx.strokeStyle = theme.surface;
    ctx.strokeRect(x + 2.5, y + 2.5, width - 5, height - 5);
  }
  ctx.lineWidth = 2;
  ctx.strokeStyle = theme.accent;
  ctx.strokeRect(x + 1, y + 1, width - 2, height - 2);
}

/** A note of another clip. */
function outline(ctx, x, y, width, height, theme) {
  ctx.strokeStyle = theme.outline;
  ctx.lineWidth = 1;
  ctx.strokeRect(x + 0.5, y + 0.5, Math.max(1, width - 1), height - 1);
}

/** A note that stays as it is, in a comparison. */
export function quiet(ctx, x, y, width, height, theme) {
  ctx.fillStyle = theme.ghost;
  ctx.fillRect(x, y, Math.max(1, width - 1), height);
}

/** A note that comes, in a comparison. */
function arriving(ctx, x, y, width, height, theme) {
  ctx.fillStyle = theme.accent;
  ctx.fillRect(x, y, Math.max(1, width - 1), height);
}

/** A note that goes, in a comparison: hollow, with a stroke through. */
function leaving(ctx, x, y, width, height, theme) {
  const wide = Math.max(3, width - 1);
  ctx.strokeStyle = theme.removed;
  ctx.lineWidth = 1;
  ctx.strokeRect(x + 0.5, y + 0.5, wide - 1, height - 1);
  ctx.beginPath();
  ctx.moveTo(x - 1.5, y + height / 2);
  ctx.lineTo(x + wide + 1.5, y + height / 2);
  ctx.stroke();
}

/** Where a note was before it moved: hollow and faint. */
function left(ctx, x, y, width, height, theme) {
  outline(ctx, x, y, width, height, { outline: theme.octave });
}

/** Draw both sides of a comparison in one grid; a thin line leads from where a note was to where it is. */
export function drawCompared(ctx, view, compared, theme, length) {
  const marks = marksOf(compared);
  const colours = (t) => [, t.ghost, t.accent, t.clip, t.removed].map((colour) => colour && packed(colour));
  const side = (notes, own, styles) => drawNotes(ctx, view, notes, theme, {
    length, style: (...given) => styles[own[given[7]]]?.(...given), tones: () => own, palette: colours,
  });
  side(compared.before, marks.before, { [MOVED]: left, [REMOVED]: leaving });
  side(compared.after, marks.after, { [KEPT]: quiet, [ADDED]: arriving, [MOVED]: solid });
  drawMoves(ctx, view, compared, theme);
}

function drawMoves(ctx, view, { before, after, moved = [] }, theme) {
  const middle = (pitch) => yOf(view, pitch) + view.rowHeight / 2 - 0.5;
  const until = beatAt(view, view.width);
  ctx.strokeStyle = theme.text2;
  ctx.lineWidth = 1;
  ctx.beginPath();
  let drawn = 0;
  for (const [i, j] of moved) {
    const [from, to] = [before.start[i], after.start[j]];
    if (Math.max(from, to) < view.from || Math.min(from, to) > until || (drawn += 1) > LOD_NOTES) continue;
    const [x, y] = [snap(xOf(view, to)) + 2.5, middle(after.pitch[j])];
    ctx.moveTo(snap(xOf(view, from)) + 2.5, middle(before.pitch[i]));
    ctx.lineTo(x, y);
    ctx.rect(x - 1, y - 1, 2, 2);
  }
  ctx.stroke();
}

const remembered = new WeakMap();

/** What a value gives, found once for each value. */
function once(value, find) {
  if (!remembered.has(value)) remembered.set(value, find());
  return remembered.get(value);
}

const marksOf = (compared) => once(compared.kept, () => {
  const before = new Uint8Array(compared.before.count);
  const after = new Uint8Array(compared.after.count).fill(KEPT);
  for (const i of compared.removed) before[i] = REMOVED;
  for (const j of compared.added) after[j] = ADDED;
  for (const [i, j] of compared.moved ?? []) [before[i], after[j]] = [MOVED, MOVED];
  return { before, after };
});

/** A tone for each note: its velocity, but one of its own when it is muted or selected. */
const tonesOf = (notes) => once(notes, () => {
  const tones = Uint8Array.from(notes.velocity);
  for (let i = 0; i < notes.count; i += 1) {
    if (notes.selected?.[i]) tones[i] = SELECTED_TONE;
    else if (notes.muted[i]) tones[i] = MUTED_TONE;
  }
  return tones;
});

const fillsOf = (theme) => once(theme.fills, () => {
  const palette = theme.fills.map(packed);
  palette[MUTED_TONE] = packed(theme.ghost);
  palette[SELECTED_TONE] = packed(theme.accent ?? theme.clip);
  return palette;
});

function drawCoverage(ctx, view, notes, { first, last, tones, palette }) {
  const ratio = ratioOf();
  const width = Math.round(view.width * ratio);
  const [low, high] = rowsShown(view);
  const rows = high - low + 1;
  const strength = coverage(view, notes, { first, last, width, scale: view.perBeat * ratio, low, rows, tones });
  ctx.imageSmoothingEnabled = false;
  const top = yOf(view, view.lanes.pitches[high]);
  const picture = paint(strength, width, rows, palette);
  for (let row = 0; row < rows; row += 1) {
    const y = snap(top + row * view.rowHeight);
    ctx.drawImage(picture, 0, row, width, 1, 0, y, view.width, Math.max(1, view.rowHeight - 1));
  }
}

/** The loudest tone on each device pixel of each row, top row first; without tones, 1 where there is a note. */
export function coverage(view, notes, { first, last, width, scale, low, rows, tones = notes.velocity }) {
  const strength = new Uint8Array(width * rows);
  const top = low + rows - 1;
  const { start, duration, pitch } = notes;
  const { row: rowOf } = view.lanes;
  for (let i = first; i < last; i += 1) {
    const row = top - rowOf[pitch[i]];
    if (row < 0 || row >= rows) continue;
    const tone = tones ? tones[i] : 1;
    const from = Math.max(0, Math.floor((start[i] - view.from) * scale));
    const to = Math.min(width, Math.max(from + 1, Math.floor((start[i] + duration[i] - view.from) * scale)));
    for (let at = row * width + from; at < row * width + to; at += 1) if (tone > strength[at]) strength[at] = tone;
  }
  return strength;
}

let easel;

function paint(strength, width, rows, palette) {
  easel ??= document.createElement("canvas");
  if (easel.width !== width || easel.height !== rows) Object.assign(easel, { width, height: rows });
  const context = easel.getContext("2d", { willReadFrequently: true });
  const image = context.createImageData(width, rows);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < strength.length; i += 1) if (strength[i]) pixels[i] = palette[strength[i]];
  context.putImageData(image, 0, 0);
  return easel;
}

/** An `rgb(r,g,b)` text as the number that a little-endian pixel holds. */
function packed(colour) {
  const [r, g, b] = colour.match(/\d+/g).map(Number);
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}
