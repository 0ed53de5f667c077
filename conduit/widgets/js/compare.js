// Two versions of a clip side by side: what stays, comes, goes and moves. Pure.

import { finder, ticksOf } from "./match.js";

const TICKS = 960;
const PITCHES = 128;
/** How near a note that went and one that came must lie to be one that moved: beats at one pitch, semitones at one time. */
const NEAR = { beats: 1, semitones: 12 };
/** Above so many, notes are not paired: a picture of that many lines tells nothing. */
const MOST_PAIRED = 2000;
const NO_NOTES = { count: 0, start: [], duration: [], pitch: [] };

/**
 * What changes from one clip to another: `kept` and `added` index the notes after, `removed` those before, `moved`
 * pairs of both. A note is kept when pitch, start and length are the same.
 */
export function compare(before, after) {
  const old = columnsOf(before ?? NO_NOTES);
  const now = columnsOf(after);
  const find = finder(old.keys, Uint32Array.from(old.start.keys()));
  const left = new Uint8Array(old.start.length).fill(1);
  const [kept, came] = [[], []];
  for (let i = 0; i < after.count; i += 1) {
    const found = find(now.keys, i);
    if (found >= 0) left[found] = 0;
    (found < 0 ? came : kept).push(i);
  }
  const went = [...left.keys()].filter((i) => left[i]);
  const moved = went.length > MOST_PAIRED ? [] : movedOf(old, now, went, came);
  const partners = [new Set(moved.map(([i]) => i)), new Set(moved.map(([, j]) => j))];
  return { kept, added: came.filter((i) => !partners[1].has(i)), removed: went.filter((i) => !partners[0].has(i)), moved };
}

function columnsOf({ start, duration, pitch }) {
  const ticks = ticksOf(start, TICKS);
  return { start, pitch, ticks, keys: [ticks, ticksOf(duration, TICKS), pitch] };
}

/** What makes notes the same but for one thing, how far apart they are in that, and how far they may be. */
const WAYS = [
  [({ ticks, pitch }, i) => ticks[i] * PITCHES + pitch[i], () => 0, 0],
  [({ ticks }, i) => ticks[i], ({ pitch }, i) => pitch[i], NEAR.semitones],
  [({ pitch }, i) => pitch[i], ({ start }, i) => start[i], NEAR.beats],
];

/** Pairs of what went and what came nearby: first at one time and pitch, then at one time, then at one pitch. */
function movedOf(old, now, went, came) {
  const moved = [];
  const free = new Set(went);
  let open = came;
  for (const [keyOf, placeOf, reach] of WAYS) {
    const waiting = new Map();
    for (const i of free) {
      const key = keyOf(old, i);
      if (!waiting.has(key)) waiting.set(key, []);
      waiting.get(key).push({ i, at: placeOf(old, i) });
    }
    for (const list of waiting.values()) list.sort((a, b) => a.at - b.at || a.i - b.i);
    open = open.filter((j) => {
      const i = takeNearest(waiting.get(keyOf(now, j)), placeOf(now, j), reach);
      if (i === undefined) return true;
      free.delete(i);
      moved.push([i, j]);
      return false;
    });
  }
  return moved.sort((a, b) => a[1] - b[1]);
}

/** Take the nearest out of a list in order of places, the first index of several. */
function takeNearest(list = [], at, reach) {
  const from = lowest(list, at);
  const under = list[from - 1];
  const far = (k) => (list[k] ? Math.abs(list[k].at - at) : Infinity);
  const below = under ? lowest(list, under.at) : -1;
  const nearer = far(below) - far(from) || (list[below]?.i ?? 0) - (list[from]?.i ?? 0);
  const best = nearer < 0 ? below : from;
  return far(best) <= reach ? list.splice(best, 1)[0].i : undefined;
}

/** How many of a list lie before a place. */
function lowest(list, at) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle].at < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
