// Drags on the ruler: the ends of the loop, the loop as a whole, the clip's length; elsewhere the cue.

import { clamp } from "../geometry.js";
import { isFree } from "../words.js";
import { draftOf } from "./draft.js";
import { NEAR } from "./ops.js";

export function grabRuler(editor, event) {
  const { roll, desk, clip } = editor;
  const { handle, beat } = roll.rulerAt(event);
  const cue = (at) => {
    const to = roll.rulerAt(at).beat;
    editor.locate(clamp(isFree(at) ? to : roll.snap(to), 0, clip.length));
  };
  if (!handle || desk.closed) {
    cue(event);
    return { move: cue };
  }
  const [from] = clip.loop ?? [0];
  const make = (at) => {
    const to = roll.rulerAt(at).beat;
    const free = isFree(at);
    const target = handle === "loop" ? from + to - beat : to;
    return { facts: bounds(clip, handle, free ? target : roll.snap(target), editor.step) };
  };
  return draftOf(editor, make, { tap: cue });
}

/** Facts of a clip of which a handle is at a beat: `loop` or `length`; neither is shorter than a step. */
export function bounds({ loop, length }, handle, beat, step) {
  const [from, to] = loop ?? [0, length];
  if (handle === "length") {
    const next = Math.max(beat, step);
    return { length: next, ...(loop && next < to && { loop: whole([Math.min(from, next - step), next], next) }) };
  }
  const start = clamp(beat, 0, length - to + from);
  const moved = {
    "loop-start": [clamp(beat, 0, Math.max(0, to - step)), to],
    "loop-end": [from, clamp(beat, Math.min(from + step, length), length)],
    loop: [start, start + to - from],
  }[handle];
  return { loop: whole(moved, length) };
}

/** A loop over the whole clip is none of its own. */
const whole = ([from, to], length) => (from < NEAR && to > length - NEAR ? null : [Math.max(0, from), to]);
