// The ruler: bar numbers, the brace of the loop, the clip's end, where play starts, and the chords.

import { snap } from "../draw.js";
import { beatAt, rulerLabels, xOf } from "../geometry.js";

export const RULER_PX = 24;
const TEXT_PX = 4;
const BASE_PX = RULER_PX - 4;
/** The part of the ruler, from its top, that takes hold of the loop. */
export const BRACE_PX = 9;

/** @param range the loop in beats, `[start, end]`; where there are chords, their names take the place of beat numbers */
export function drawRuler(ctx, view, { length, metre, loop, range, cue, chords }, theme) {
  ctx.fillStyle = theme.panel;
  ctx.fillRect(0, 0, view.width, RULER_PX);
  ctx.fillStyle = theme.beat;
  ctx.fillRect(0, RULER_PX - 1, view.width, 1);
  ctx.textBaseline = "alphabetic";
  const labels = rulerLabels(view, metre, length).filter(({ strong }) => strong || !chords.length);
  for (const label of labels) drawLabel(ctx, view, label, chords.length ? theme.text2 : theme.text, theme);
  drawBrace(ctx, view, range, loop ? theme.accent : theme.octave);
  const end = snap(xOf(view, length));
  if (end <= view.width) drawEnd(ctx, Math.min(end, view.width - 1), theme);
  if (cue > 0) drawCue(ctx, xOf(view, cue), theme);
  drawChords(ctx, view, { chords, labels, length }, theme);
}

function drawLabel(ctx, view, { beat, text, strong }, ink, theme) {
  const x = snap(xOf(view, beat));
  const top = strong ? BRACE_PX : 14;
  ctx.fillStyle = strong ? theme.bar : theme.beat;
  ctx.fillRect(x, top, 1, RULER_PX - top);
  ctx.font = `${strong ? 11 : 10}px ${theme.font}`;
  ctx.fillStyle = strong ? ink : theme.text2;
  ctx.fillText(text, x + TEXT_PX, BASE_PX);
}

const shape = (ctx, points) => {
  ctx.beginPath();
  for (const [x, y] of points) ctx.lineTo(x, y);
  ctx.fill();
};

/** A bar with a handle at either end. */
function drawBrace(ctx, view, [from, to], colour) {
  const [left, right] = [snap(xOf(view, from)), snap(xOf(view, to))];
  ctx.fillStyle = colour;
  ctx.fillRect(left, 1, right - left, 4);
  for (const [x, way] of [[left, 1], [right, -1]]) shape(ctx, [[x, 1], [x + 6 * way, 1], [x + 6 * way, 4], [x, BRACE_PX + 1]]);
}

/** The handle of the clip's end: a flag that points back. */
function drawEnd(ctx, x, theme) {
  ctx.fillStyle = theme.text2;
  ctx.fillRect(x, BRACE_PX + 2, 1, RULER_PX);
  shape(ctx, [[x + 1, BRACE_PX + 2], [x - 6, BRACE_PX + 5.5], [x + 1, BRACE_PX + 9]]);
}

function drawCue(ctx, x, theme) {
  ctx.fillStyle = theme.text;
  shape(ctx, [[x, RULER_PX - 9], [x + 6, RULER_PX - 5], [x, RULER_PX - 1]]);
}

/** Names of chords after the bar's number, as far as the next name or number; the one that began before the view stands at its edge. Without room, none. */
function drawChords(ctx, view, { chords, labels, length }, theme) {
  const until = Math.min(beatAt(view, view.width), length);
  chords.forEach(([beat, name], i) => {
    const end = Math.min(chords[i + 1]?.[0] ?? length, until);
    if (end <= view.from || beat >= until) return;
    const x = Math.max(snap(xOf(view, beat)), 0);
    ctx.font = `11px ${theme.font}`;
    const number = labels.findLast((label) => xOf(view, label.beat) < x + 1);
    const after = number ? xOf(view, number.beat) + ctx.measureText(number.text).width + TEXT_PX : 0;
    const left = Math.max(x, after) + TEXT_PX;
    const ends = labels.map((label) => xOf(view, label.beat)).filter((at) => at >= left);
    ctx.font = `600 11px ${theme.font}`;
    if (left + ctx.measureText(name).width > Math.min(xOf(view, end), ...ends) - 2) return;
    ctx.fillStyle = theme.beat;
    ctx.fillRect(x, 14, 1, RULER_PX - 14);
    ctx.fillStyle = theme.text;
    ctx.fillText(name, left, BASE_PX);
  });
}
