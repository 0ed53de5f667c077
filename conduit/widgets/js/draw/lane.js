// The lane below the grid: velocities as stems, or one controller as a line of steps.

import { snap } from "../draw.js";
import { beatAt, clamp, xOf } from "../geometry.js";
import { firstFrom, span } from "../model.js";
import { drawLines, drawOutside } from "./grid.js";

export const LANE_PX = 56;
const LOD_NOTES = 3000;
const PAD_PX = 3;
const BEND = 128;
const PAN = 10;
/** The lanes that can be chosen, by controller number: a short name for the side, and the whole. */
export const LANES = {
  velocity: ["Vel", "Velocity"],
  1: ["Mod", "Modulation"],
  11: ["Expr", "Expression"],
  64: ["Sus", "Sustain"],
  74: ["Cut", "Cutoff"],
  7: ["Vol", "Volume"],
  10: ["Pan", "Pan"],
  128: ["Bend", "Pitch bend"],
  129: ["Pres", "Pressure"],
};

export const laneName = (kind) => LANES[kind] ?? [`CC ${kind}`, `Controller ${kind}`];

/** Lowest, resting and highest value of a lane. */
const extent = (kind) => (kind === BEND ? [-8192, 0, 8191] : kind === PAN ? [0, 64, 127] : [0, 0, 127]);

export function laneY(kind, value) {
  const [low, , high] = extent(kind);
  return PAD_PX + (1 - (value - low) / (high - low)) * (LANE_PX - 2 * PAD_PX);
}

/** The value at a height of the lane; a velocity is at least 1. */
export function laneValue(kind, y) {
  const [low, , high] = extent(kind);
  const value = low + (1 - (y - PAD_PX) / (LANE_PX - 2 * PAD_PX)) * (high - low);
  return Math.round(clamp(value, kind === "velocity" ? 1 : low, high));
}

const lanes = new WeakMap();

/** The indexes of one control's points, in time; found once for each value of the controls. */
export function pointsOf(controls, kind) {
  if (!controls) return [];
  const known = lanes.get(controls) ?? lanes.set(controls, new Map()).get(controls);
  if (!known.has(kind)) {
    const found = [];
    for (let i = 0; i < controls.count; i += 1) if (controls.control[i] === kind) found.push(i);
    known.set(kind, found);
  }
  return known.get(kind);
}

/** How many of some points lie before a beat. */
export function pointsBefore(controls, points, beat) {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (controls.start[points[middle]] < beat) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function drawLane(ctx, view, { clip, metre, lane }, theme) {
  ctx.fillStyle = theme.row;
  ctx.fillRect(0, 0, view.width, LANE_PX);
  drawLines(ctx, view, { length: clip.length, metre, step: 0, height: LANE_PX }, theme);
  if (lane === "velocity") drawVelocities(ctx, view, clip.notes, clip.length, theme);
  else drawControl(ctx, view, clip, lane, theme);
  drawOutside(ctx, view, clip.length, LANE_PX, theme);
}

function drawVelocities(ctx, view, notes, length, theme) {
  const [first, last] = span(notes, view.from, Math.min(beatAt(view, view.width), length));
  if (last - first > LOD_NOTES) return drawEnvelope(ctx, view, notes, [first, last], theme);
  for (const selected of [0, 1]) {
    for (let i = first; i < last; i += 1) if ((notes.selected?.[i] ?? 0) === selected) drawStem(ctx, view, notes, i, theme);
  }
}

function drawStem(ctx, view, notes, i, theme) {
  const x = snap(xOf(view, notes.start[i]));
  const velocity = notes.velocity[i];
  const y = snap(laneY("velocity", velocity));
  const plain = notes.muted[i] ? theme.octave : null;
  const colour = notes.selected?.[i] ? theme.accent : plain;
  ctx.fillStyle = colour ?? theme.edges[velocity];
  ctx.fillRect(x, y, 1, LANE_PX - y);
  const wide = Math.min(7, Math.max(3, notes.duration[i] * view.perBeat - 1));
  ctx.fillStyle = colour ?? theme.fills[velocity];
  ctx.fillRect(x, y - 1, wide, 3);
}

/** With very many notes: the loudest of each pixel column, and the loudest that is selected. */
function drawEnvelope(ctx, view, notes, [first, last], theme) {
  const columns = Math.ceil(view.width) + 1;
  const tops = [new Uint8Array(columns), new Uint8Array(columns)];
  for (let i = first; i < last; i += 1) {
    const x = Math.floor(xOf(view, notes.start[i]));
    const loudest = tops[notes.selected?.[i] ? 1 : 0];
    if (x >= 0 && x < columns && notes.velocity[i] > loudest[x]) loudest[x] = notes.velocity[i];
  }
  for (const [k, colour] of [theme.clip, theme.accent].entries()) {
    ctx.fillStyle = colour;
    tops[k].forEach((velocity, x) => { if (velocity) ctx.fillRect(x, laneY("velocity", velocity), 1, LANE_PX); });
  }
}

/** Steps from point to point over the resting line; where points are closer than pixels, one for each pixel. */
function drawControl(ctx, view, { controls, length }, kind, theme) {
  const rest = snap(laneY(kind, extent(kind)[1]));
  ctx.fillStyle = theme.octave;
  ctx.fillRect(0, rest, view.width, 1);
  const points = pointsOf(controls, kind);
  if (!points.length) return drawWords(ctx, view, `No ${laneName(kind)[1].toLowerCase()} yet`, theme);
  const last = pointsBefore(controls, points, Math.min(beatAt(view, view.width), length));
  let k = Math.max(0, pointsBefore(controls, points, view.from) - 1);
  const steps = [];
  for (let x = -Infinity; k < last; k += 1) {
    const at = snap(xOf(view, controls.start[points[k]]));
    if (at < x + 1) steps.pop();
    steps.push([at, snap(laneY(kind, controls.value[points[k]]))]);
    x = at;
  }
  drawSteps(ctx, steps, { end: Math.min(view.width, xOf(view, length)), rest }, theme);
}

function drawSteps(ctx, steps, { end, rest }, theme) {
  const areas = new Path2D();
  const line = new Path2D();
  steps.forEach(([x, y], i) => {
    const until = steps[i + 1]?.[0] ?? end;
    areas.rect(x, Math.min(y, rest), until - x, Math.abs(rest - y));
    line.rect(x, y, until - x, 1.5);
    if (i) line.rect(x, Math.min(y, steps[i - 1][1]), 1.5, Math.abs(y - steps[i - 1][1]) + 1.5);
    if (until - x > 5) line.rect(x - 2, y - 2, 5, 5);
  });
  ctx.fillStyle = theme.clip;
  ctx.globalAlpha = 0.22;
  ctx.fill(areas);
  ctx.globalAlpha = 1;
  ctx.fill(line);
}

function drawWords(ctx, view, text, theme) {
  ctx.font = `11px ${theme.font}`;
  ctx.textBaseline = "middle";
  ctx.fillStyle = theme.text2;
  ctx.fillText(text, 8, LANE_PX / 2 - 8);
}

/** The note or point that a place on the lane takes hold of; -1 for none. */
export function laneHit({ clip, lane }, view, x, y, slack) {
  const [from, to] = [beatAt(view, x - slack), beatAt(view, x + slack)];
  const { start, value } = lane === "velocity" ? { start: clip.notes.start, value: clip.notes.velocity } : clip.controls ?? {};
  const found = lane === "velocity" ? between(clip.notes, from, to) : pointsIn(clip.controls, lane, from, to);
  const far = (i) => Math.abs(xOf(view, start[i]) - x) + Math.abs(laneY(lane, value[i]) - y) - (clip.notes.selected?.[i] && lane === "velocity" ? 4 : 0);
  return found.reduce((best, i) => (best < 0 || far(i) < far(best) ? i : best), -1);
}

const between = (notes, from, to) => {
  const first = firstFrom(notes, from);
  return Array.from({ length: Math.min(500, firstFrom(notes, to) - first) }, (_, i) => first + i);
};

function pointsIn(controls, kind, from, to) {
  const points = pointsOf(controls, kind);
  return points.length ? points.slice(pointsBefore(controls, points, from), pointsBefore(controls, points, to)) : [];
}
