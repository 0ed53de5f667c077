// What lies under a pointer on the roll: notes and their edges, points of the lane, handles of the ruler.

import { BRACE_PX } from "./draw/ruler.js";
import { laneHit, laneValue } from "./draw/lane.js";
import { beatAt, clamp, pitchAt, xOf } from "./geometry.js";
import { noteAt } from "./model.js";

const EDGE_PX = 6;
const NEAR_PX = 6;
const REACH_PX = 2;
const FINGER_PX = 14;

const within = (canvas, event) => {
  const box = canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
};
const slackOf = (event, px) => (event.pointerType === "touch" ? FINGER_PX : px);

/** A place on the grid: `{ beat, pitch, index, edge, lane, x, y }`; above and below the rows the pitch is the outermost one. */
export function at({ view, state, grid, velocity }, event) {
  const [x, y] = within(grid, event);
  const beat = beatAt(view, x);
  const pitch = pitchAt(view, clamp(y, 0, view.height - 1));
  const { notes } = state.clip;
  const inside = y >= 0 && y < view.height;
  const index = inside ? noteAt(notes, beat, pitch, slackOf(event, REACH_PX) / view.perBeat) : -1;
  return { beat, pitch, index, edge: index < 0 ? null : edgeAt(view, notes, index, x, slackOf(event, EDGE_PX)), lane: event.target === velocity, x, y };
}

/** Which part of a note: an edge is at most a third of it, but reaches a little beyond. */
function edgeAt(view, { start, duration }, i, x, slack) {
  const [left, right] = [xOf(view, start[i]), xOf(view, start[i] + duration[i])];
  const edge = Math.min(slack, (right - left) / 3);
  if (x >= right - edge) return "end";
  return x <= left + edge && right - left > 2 * EDGE_PX ? "start" : "body";
}

/** A place on the lane: `{ beat, value, index }`. */
export function laneAt({ view, state, options, velocity }, event) {
  const [x, y] = within(velocity, event);
  const { lane } = options;
  return { beat: beatAt(view, x), value: laneValue(lane, y - 1), index: laneHit({ clip: state.clip, lane }, view, x, y - 1, slackOf(event, NEAR_PX)) };
}

/** A place on the ruler: `{ beat, handle }`; the loop's handles are at the top, the clip's end is below. */
export function rulerAt({ view, state, ruler, range }, event) {
  const [x, y] = within(ruler, event);
  const slack = slackOf(event, NEAR_PX);
  const { length } = state.clip;
  const near = (beat) => xOf(view, beat) <= view.width + 1 && Math.abs(xOf(view, beat) - x) <= slack;
  const brace = [["loop-start", near(range[0])], ["loop-end", near(range[1])], ["loop", x > xOf(view, range[0]) && x < xOf(view, range[1])]];
  const handles = y <= BRACE_PX ? brace : [["length", near(length)]];
  return { beat: beatAt(view, x), handle: handles.find(([, hit]) => hit)?.[0] ?? null };
}
