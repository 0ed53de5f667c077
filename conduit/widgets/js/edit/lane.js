// Drags in the lane below the roll: velocities of notes, or values of a control on the steps of the grid.

import { clamp } from "../geometry.js";
import { firstFrom } from "../model.js";
import { draftOf } from "./draft.js";
import { NEAR, drawControl, line, velocity } from "./ops.js";

const STEM_PX = 5;

export function grabLane(editor, event) {
  const { roll } = editor;
  const hit = roll.laneAt(event);
  const make = roll.options.lane === "velocity" ? stems(editor, hit) : curve(editor, hit);
  return draftOf(editor, make, { now: event });
}

/** Stretch from the last point to this one, or with Shift from the press on: what it passes is set anew. */
function stretches(roll, hit, values) {
  let last = hit;
  return (event) => {
    const at = roll.laneAt(event);
    if (event.shiftKey) values.clear();
    const stretch = [event.shiftKey ? hit : last, at];
    last = at;
    return stretch;
  };
}

/** A grabbed stem of the selection takes all of it along; else each stem that is passed follows the pointer. */
function stems({ clip, notes, selected, roll }, hit) {
  const many = selected.length > 1;
  const values = new Map();
  const stretch = stretches(roll, hit, values);
  const reach = STEM_PX / roll.view.perBeat;
  const passed = ([a, b], alone) => {
    if (alone && hit.index >= 0 && Math.abs(b.beat - hit.beat) < reach) return [hit.index];
    const [from, to] = [Math.min(a.beat, b.beat) - reach, Math.max(a.beat, b.beat) + reach];
    const found = [];
    for (let i = firstFrom(notes, from); i < notes.count && notes.start[i] <= to; i += 1) found.push(i);
    return found;
  };
  return (event) => {
    const ends = stretch(event);
    if (many && notes.selected[hit.index] && !event.shiftKey) {
      return { notes: velocity(clip, selected, (row) => row.velocity + ends[1].value - hit.value) };
    }
    const valueAt = line(...ends);
    const ramped = event.shiftKey && many;
    for (const i of passed(ends, !event.shiftKey)) if (!ramped || notes.selected[i]) values.set(i, valueAt(notes.start[i]));
    return { notes: velocity(clip, [...values.keys()], (_, i) => values.get(i)) };
  };
}

/** Each step that is passed gets one value; with Alt it loses those it has. */
function curve({ clip, step, roll }, hit) {
  const { lane } = roll.options;
  const values = new Map();
  const stretch = stretches(roll, hit, values);
  const stepAt = (beat) => clamp(Math.floor(beat / step + NEAR), 0, Math.ceil(clip.length / step - NEAR) - 1);
  return (event) => {
    const [a, b] = stretch(event);
    const valueAt = line(a, b);
    const [first, last] = [stepAt(Math.min(a.beat, b.beat)), stepAt(Math.max(a.beat, b.beat))];
    for (let k = first; k <= last; k += 1) {
      const value = k === stepAt(b.beat) ? b.value : valueAt(k * step);
      values.set(k, event.altKey ? null : value);
    }
    return { controls: drawControl(clip, lane, step, values) };
  };
}
