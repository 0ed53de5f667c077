// The ground under the notes: rows, lines of time, keys or drum names.

import { snap } from "../draw.js";
import { gridLines, rowsShown, xOf, yOf } from "../geometry.js";
import { kindOf } from "../lanes.js";
import { isBlackKey, pitchName } from "../naming.js";

const KEY_LINE = "rgb(128,128,128)";

/** @param scale pitch classes to set off, the tonic first; empty for none */
export function drawGrid(ctx, view, { length, metre, drums, step, scale, range }, theme) {
  ctx.fillStyle = theme.row;
  ctx.fillRect(0, 0, view.width, view.height);
  drawRows(ctx, view, { drums, scale }, theme);
  drawLines(ctx, view, { length, metre, step, height: view.height }, theme);
  if (range) drawBeside(ctx, view, range, length, theme);
  drawOutside(ctx, view, length, view.height, theme);
}

/** What the loop leaves out. */
function drawBeside(ctx, view, [from, to], length, theme) {
  ctx.fillStyle = theme.beside;
  for (const [a, b] of [[0, from], [to, length]]) ctx.fillRect(snap(xOf(view, a)), 0, Math.max(0, (b - a) * view.perBeat), view.height);
}

/** Lines of time, the strongest last. */
export function drawLines(ctx, view, { length, metre, step, height }, theme) {
  const lines = gridLines(view, metre, length, step);
  for (const [rank, colour] of [["steps", theme.step], ["beats", theme.beat], ["bars", theme.bar]]) {
    ctx.fillStyle = colour;
    for (const beat of lines[rank]) ctx.fillRect(snap(xOf(view, beat)), 0, 1, height);
  }
}

/** What lies after the clip's end. */
export function drawOutside(ctx, view, length, height, theme) {
  const right = snap(xOf(view, length));
  if (right >= view.width) return;
  ctx.fillStyle = theme.outside;
  ctx.fillRect(right + 1, 0, view.width, height);
}

function drawRows(ctx, view, { drums, scale }, theme) {
  const { pitches } = view.lanes;
  const [low, high] = rowsShown(view);
  for (let row = low; row <= high; row += 1) {
    const y = snap(yOf(view, pitches[row]));
    const shade = shadeOf(pitches[row], row, { drums, scale }, theme);
    if (shade) {
      ctx.fillStyle = shade;
      ctx.fillRect(0, y, view.width, view.rowHeight);
    }
    ctx.fillStyle = endsGroup(pitches, row, drums) ? theme.octave : theme.rowLine;
    ctx.fillRect(0, y + view.rowHeight - 1, view.width, 1);
  }
}

function shadeOf(pitch, row, { drums, scale }, theme) {
  if (drums) return row % 2 ? theme.blackRow : null;
  if (!scale.length) return isBlackKey(pitch) ? theme.blackRow : null;
  if (pitch % 12 === scale[0]) return theme.tonicRow;
  return scale.includes(pitch % 12) ? null : theme.outRow;
}

/** Whether the line below a row is a strong one: between two octaves, and between two kinds of drums. */
function endsGroup(pitches, row, drums) {
  if (!row) return false;
  const group = drums ? kindOf : (pitch) => Math.floor(pitch / 12);
  return group(pitches[row]) !== group(pitches[row - 1]);
}

/** Keys of a piano, or names where rows are drums or folded. */
export function drawKeys(ctx, view, { drums, names, flats, width }, theme, lit) {
  const named = drums || view.lanes.pitches.length < 128;
  ctx.fillStyle = named ? theme.panel : theme.whiteKey;
  ctx.fillRect(0, 0, width, view.height);
  ctx.textBaseline = "middle";
  const [low, high] = rowsShown(view);
  for (let row = low; row <= high; row += 1) {
    const pitch = view.lanes.pitches[row];
    const key = { pitch, y: snap(yOf(view, pitch)), lit: lit.includes(pitch), width };
    if (named) drawLaneName(ctx, view, key, (drums && names[pitch]) || pitchName(pitch, { flats }), theme);
    else drawKey(ctx, view, key, flats, theme);
  }
}

function drawLaneName(ctx, view, { pitch, y, lit, width }, name, theme) {
  if (lit) {
    ctx.fillStyle = theme.clip;
    ctx.fillRect(width - 3, y, 3, view.rowHeight - 1);
  }
  ctx.fillStyle = theme.rowLine;
  ctx.fillRect(0, y + view.rowHeight - 1, width, 1);
  ctx.font = `${Math.min(11, view.rowHeight - 2)}px ${theme.font}`;
  ctx.fillStyle = lit || pitch % 12 === 0 ? theme.text : theme.text2;
  ctx.fillText(name, 6, y + view.rowHeight / 2, width - 10);
}

function drawKey(ctx, view, { pitch, y, lit, width }, flats, theme) {
  const height = view.rowHeight;
  if (isBlackKey(pitch)) {
    ctx.fillStyle = KEY_LINE;
    ctx.fillRect(0, snap(y + height / 2), width, 1);
    ctx.fillStyle = lit ? theme.clip : theme.blackKey;
    ctx.fillRect(0, y, width * 0.6, height - 0.5);
    return;
  }
  if (lit) {
    ctx.fillStyle = theme.clip;
    ctx.fillRect(0, y, width, height);
  }
  ctx.fillStyle = KEY_LINE;
  if (pitch % 12 === 0 || pitch % 12 === 5) ctx.fillRect(0, y + height - 1, width, 1);
  if (pitch % 12 !== 0 && height < 14) return;
  ctx.font = `${Math.min(10, height - 1)}px ${theme.font}`;
  ctx.fillStyle = theme.keyText;
  ctx.textAlign = "right";
  ctx.fillText(pitchName(pitch, { flats }), width - 4, y + height / 2);
  ctx.textAlign = "left";
}
