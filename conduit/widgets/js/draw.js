// Drawing on canvases: grid, notes, keys, ruler, velocities, overview. Pure but for the context they draw on.
//
// Times are culled by binary search; from LOD_NOTES notes in sight on, a coverage grid of one byte a pixel and
// row is filled and put on the canvas at once, so that a hundred thousand notes stay at 60 frames a second.

import { beatAt, gridLines, rowsShown, rulerLabels, xOf, yOf } from "./geometry.js";
import { kindOf } from "./lanes.js";
import { span } from "./model.js";
import { isBlackKey, pitchName } from "./naming.js";

const LOD_NOTES = 3000;
const MIN_NOTE_PX = 2;

/** A 2D context scaled to CSS pixels, its canvas sized to whole device pixels and cleared. */
export function begin(canvas, width, height) {
  const ratio = globalThis.devicePixelRatio || 1;
  const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** Snap a length to device pixels, so that hairlines are one pixel and sharp. */
function snap(value) {
  const ratio = globalThis.devicePixelRatio || 1;
  return Math.round(value * ratio) / ratio;
}

export function drawGrid(ctx, view, { length, meter, drums }, theme) {
  const right = Math.min(view.width, xOf(view, length));
  ctx.fillStyle = theme.row;
  ctx.fillRect(0, 0, view.width, view.height);
  drawRows(ctx, view, drums, theme);
  const lines = gridLines(view, meter, length);
  for (const [rank, width] of [["sixteenths", 1], ["beats", 1], ["bars", 1]]) {
    ctx.fillStyle = theme[rank.slice(0, -1)];
    for (const beat of lines[rank]) ctx.fillRect(snap(xOf(view, beat)), 0, width, view.height);
  }
  if (right < view.width) {
    ctx.fillStyle = theme.outside;
    ctx.fillRect(snap(right) + 1, 0, view.width, view.height);
  }
}

function drawRows(ctx, view, drums, theme) {
  const [low, high] = rowsShown(view);
  for (let row = low; row <= high; row += 1) {
    const pitch = view.lanes.pitches[row];
    const y = snap(yOf(view, pitch));
    const dark = drums ? row % 2 === 1 : isBlackKey(pitch);
    if (dark) {
      ctx.fillStyle = theme.blackRow;
      ctx.fillRect(0, y, view.width, view.rowHeight);
    }
    ctx.fillStyle = endsGroup(view.lanes.pitches, row, drums) ? theme.octave : theme.rowLine;
    ctx.fillRect(0, y + view.rowHeight - 1, view.width, 1);
  }
}

/** Whether the line below a row is a strong one: under each C, and between two kinds of drums. */
function endsGroup(pitches, row, drums) {
  if (!drums) return pitches[row] % 12 === 0;
  return row > 0 && kindOf(pitches[row]) !== kindOf(pitches[row - 1]);
}

/** Draw notes with their velocities as strength of fill; `only` limits them to some indexes. */
export function drawNotes(ctx, view, notes, theme, { length = Infinity, style = solid } = {}) {
  const [first, last] = span(notes, view.from, Math.min(beatAt(view, view.width), length));
  if (last - first > LOD_NOTES) drawCoverage(ctx, view, notes, theme, [first, last]);
  else for (let i = first; i < last; i += 1) drawNote(ctx, view, notes, i, theme, style);
}

/** Draw the notes at some indexes in one style. */
export function drawSome(ctx, view, notes, indexes, theme, style) {
  for (const i of indexes) drawNote(ctx, view, notes, i, theme, style);
}

function drawNote(ctx, view, notes, i, theme, style) {
  const x = snap(xOf(view, notes.start[i]));
  const width = Math.max(MIN_NOTE_PX, snap(xOf(view, notes.start[i] + notes.duration[i])) - x);
  const y = snap(yOf(view, notes.pitch[i]));
  if (x + width <= 0 || x >= view.width || y + view.rowHeight <= 0 || y >= view.height) return;
  style(ctx, x, y, width, Math.max(2, view.rowHeight - 1), theme, notes.velocity[i], notes.muted[i]);
}

/** A note as it sounds: edge 1 px darker than its fill, hollow when muted. */
export function solid(ctx, x, y, width, height, theme, velocity, muted) {
  ctx.fillStyle = theme.edges[velocity];
  ctx.fillRect(x, y, width, height);
  ctx.fillStyle = muted ? theme.row : theme.fills[velocity];
  if (width > 3 && height > 3) ctx.fillRect(x + 1, y + 1, width - 2, height - 2);
  else ctx.fillRect(x, y, width - (width > 2 ? 1 : 0), height);
}

/** A note that stays as it is, in a comparison. */
export function quiet(ctx, x, y, width, height, theme) {
  ctx.fillStyle = theme.ghost;
  ctx.fillRect(x, y, Math.max(1, width - 1), height);
}

/** A note that comes, in a comparison. */
export function arriving(ctx, x, y, width, height, theme) {
  ctx.fillStyle = theme.accent;
  ctx.fillRect(x, y, Math.max(1, width - 1), height);
}

/** A note that goes, in a comparison: hollow, with a stroke through. */
export function leaving(ctx, x, y, width, height, theme) {
  const wide = Math.max(3, width - 1);
  ctx.strokeStyle = theme.removed;
  ctx.lineWidth = 1;
  ctx.strokeRect(x + 0.5, y + 0.5, wide - 1, height - 1);
  ctx.beginPath();
  ctx.moveTo(x - 1.5, y + height / 2);
  ctx.lineTo(x + wide + 1.5, y + height / 2);
  ctx.stroke();
}

function drawCoverage(ctx, view, notes, theme, [first, last]) {
  const ratio = globalThis.devicePixelRatio || 1;
  const width = Math.round(view.width * ratio);
  const [low, high] = rowsShown(view);
  const rows = high - low + 1;
  const strength = coverage(view, notes, { first, last, width, scale: view.perBeat * ratio, low, rows });
  const picture = paint(strength, width, rows, theme);
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(picture, 0, yOf(view, view.lanes.pitches[high]), view.width, rows * view.rowHeight);
  ctx.fillStyle = theme.rowLine;
  for (let row = low; row <= high; row += 1) {
    ctx.fillRect(0, snap(yOf(view, view.lanes.pitches[row])) + view.rowHeight - 1, view.width, 1);
  }
}

/** The loudest velocity on each device pixel of each row, top row first. */
export function coverage(view, notes, { first, last, width, scale, low, rows }) {
  const strength = new Uint8Array(width * rows);
  const top = low + rows - 1;
  const { start, duration, pitch, velocity } = notes;
  for (let i = first; i < last; i += 1) {
    const row = top - view.lanes.row[pitch[i]];
    if (row < 0 || row >= rows) continue;
    const from = Math.max(0, Math.floor((start[i] - view.from) * scale));
    const to = Math.min(width, Math.max(from + 1, Math.floor((start[i] + duration[i] - view.from) * scale)));
    for (let at = row * width + from; at < row * width + to; at += 1) {
      if (velocity[i] > strength[at]) strength[at] = velocity[i];
    }
  }
  return strength;
}

function paint(strength, width, rows, theme) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height: rows });
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, rows);
  const pixels = new Uint32Array(image.data.buffer);
  const colours = theme.fills.map(packed);
  for (let i = 0; i < strength.length; i += 1) if (strength[i]) pixels[i] = colours[strength[i]];
  context.putImageData(image, 0, 0);
  return canvas;
}

/** An `rgb(r,g,b)` text as the number that a little-endian pixel holds. */
function packed(colour) {
  const [r, g, b] = colour.match(/\d+/g).map(Number);
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

export function drawKeys(ctx, view, { drums, names, flats, width }, theme, lit) {
  ctx.fillStyle = drums ? theme.panel : theme.whiteKey;
  ctx.fillRect(0, 0, width, view.height);
  ctx.textBaseline = "middle";
  const [low, high] = rowsShown(view);
  for (let row = low; row <= high; row += 1) {
    const pitch = view.lanes.pitches[row];
    const key = { pitch, y: snap(yOf(view, pitch)), lit: lit.includes(pitch), width };
    if (drums) drawLaneName(ctx, view, key, names, theme);
    else drawKey(ctx, view, key, flats, theme);
  }
}

function drawLaneName(ctx, view, { pitch, y, lit, width }, names, theme) {
  if (lit) {
    ctx.fillStyle = theme.clip;
    ctx.fillRect(width - 3, y, 3, view.rowHeight - 1);
  }
  ctx.fillStyle = theme.rowLine;
  ctx.fillRect(0, y + view.rowHeight - 1, width, 1);
  ctx.font = `${Math.min(11, view.rowHeight - 3)}px ${theme.font}`;
  ctx.fillStyle = lit ? theme.text : theme.text2;
  ctx.fillText(names[pitch] ?? pitchName(pitch), 6, y + view.rowHeight / 2, width - 10);
}

function drawKey(ctx, view, { pitch, y, lit, width }, flats, theme) {
  const height = view.rowHeight;
  if (isBlackKey(pitch)) {
    ctx.fillStyle = "rgb(128,128,128)";
    ctx.fillRect(0, snap(y + height / 2), width, 1);
    ctx.fillStyle = lit ? theme.clip : theme.blackKey;
    ctx.fillRect(0, y, width * 0.6, height - 0.5);
    return;
  }
  if (lit) {
    ctx.fillStyle = theme.clip;
    ctx.fillRect(0, y, width, height);
  }
  const lineBelow = pitch % 12 === 0 || pitch % 12 === 5;
  ctx.fillStyle = "rgb(128,128,128)";
  if (lineBelow) ctx.fillRect(0, y + height - 1, width, 1);
  if (pitch % 12 !== 0 && height < 14) return;
  ctx.font = `${Math.min(10, height - 2)}px ${theme.font}`;
  ctx.fillStyle = theme.keyText;
  ctx.textAlign = "right";
  ctx.fillText(pitchName(pitch, { flats }), width - 4, y + height / 2);
  ctx.textAlign = "left";
}

/** The ruler: bar numbers and the brace of the loop (the clip's length) with the place where play starts. */
export function drawRuler(ctx, view, { length, meter, loop, cue, height }, theme) {
  ctx.fillStyle = theme.panel;
  ctx.fillRect(0, 0, view.width, height);
  ctx.fillStyle = theme.beat;
  ctx.fillRect(0, height - 1, view.width, 1);
  const [left, right] = [snap(xOf(view, 0)), snap(xOf(view, length))];
  ctx.fillStyle = loop ? theme.accent : theme.octave;
  ctx.fillRect(left, 0, right - left, 3);
  ctx.fillRect(left, 0, 1, 7);
  ctx.fillRect(right - 1, 0, 1, 7);
  ctx.textBaseline = "alphabetic";
  for (const { beat, text, strong } of rulerLabels(view, meter, length)) {
    const x = snap(xOf(view, beat));
    ctx.fillStyle = strong ? theme.bar : theme.beat;
    ctx.fillRect(x, strong ? 8 : 13, 1, height);
    ctx.font = `${strong ? 11 : 10}px ${theme.font}`;
    ctx.fillStyle = strong ? theme.text : theme.text2;
    ctx.fillText(text, x + 4, height - 5);
  }
  if (cue > 0) drawCue(ctx, xOf(view, cue), height, theme);
}

function drawCue(ctx, x, height, theme) {
  ctx.fillStyle = theme.text;
  ctx.beginPath();
  ctx.moveTo(x, height - 9);
  ctx.lineTo(x + 6, height - 5);
  ctx.lineTo(x, height - 1);
  ctx.fill();
}

/** Velocity stems: a line and a head for each note, heights 1-127. */
export function drawVelocities(ctx, view, notes, { length, meter, height }, theme) {
  ctx.fillStyle = theme.row;
  ctx.fillRect(0, 0, view.width, height);
  const lines = gridLines(view, meter, length);
  for (const rank of ["beats", "bars"]) {
    ctx.fillStyle = theme[rank.slice(0, -1)];
    for (const beat of lines[rank]) ctx.fillRect(snap(xOf(view, beat)), 0, 1, height);
  }
  const [first, last] = span(notes, view.from, Math.min(beatAt(view, view.width), length));
  if (last - first > LOD_NOTES) drawEnvelope(ctx, view, notes, [first, last], height, theme);
  else for (let i = first; i < last; i += 1) drawStem(ctx, view, notes, i, height, theme);
}

function drawStem(ctx, view, notes, i, height, theme) {
  const x = snap(xOf(view, notes.start[i]));
  const y = snap((1 - notes.velocity[i] / 127) * (height - 6) + 3);
  ctx.fillStyle = notes.muted[i] ? theme.octave : theme.edges[notes.velocity[i]];
  ctx.fillRect(x, y, 1, height - y);
  const wide = Math.min(7, Math.max(3, notes.duration[i] * view.perBeat - 1));
  ctx.fillStyle = notes.muted[i] ? theme.octave : theme.fills[notes.velocity[i]];
  ctx.fillRect(x, y - 1, wide, 3);
}

/** With very many notes: the loudest of each pixel column. */
function drawEnvelope(ctx, view, notes, [first, last], height, theme) {
  const loudest = new Uint8Array(Math.ceil(view.width) + 1);
  for (let i = first; i < last; i += 1) {
    const x = Math.floor(xOf(view, notes.start[i]));
    if (x >= 0 && x < loudest.length && notes.velocity[i] > loudest[x]) loudest[x] = notes.velocity[i];
  }
  ctx.fillStyle = theme.clip;
  loudest.forEach((velocity, x) => {
    const tall = (velocity / 127) * (height - 4);
    if (velocity) ctx.fillRect(x, height - tall, 1, tall);
  });
}
