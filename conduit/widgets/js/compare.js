// Two versions of a clip side by side: what stays, comes, goes and moves. Pure.

const SAME_BEATS = 1 / 960;
/** How near a note that went and one that came must lie to be one that moved: beats at one pitch, semitones at one time. */
const NEAR = { beats: 1, semitones: 12 };
/** Above so many, notes are not paired: a picture of that many lines tells nothing. */
const MOST_PAIRED = 2000;

/**
 * What changes from one clip to another: `kept` and `added` index the notes after, `removed` those before, `moved`
 * pairs of both. A note is kept when pitch, start and length are the same.
 */
export function compare(before, after) {
  const open = new Map();
  for (let i = (before?.count ?? 0) - 1; i >= 0; i -= 1) {
    const key = identity(before, i);
    if (open.has(key)) open.get(key).push(i);
    else open.set(key, [i]);
  }
  const kept = [];
  const came = [];
  for (let i = 0; i < after.count; i += 1) {
    (open.get(identity(after, i))?.pop() === undefined ? came : kept).push(i);
  }
  const went = [...open.values()].flat().sort((a, b) => a - b);
  const moved = went.length > MOST_PAIRED ? [] : movedOf(before, after, went, came);
  const partners = [new Set(moved.map(([old]) => old)), new Set(moved.map(([, now]) => now))];
  return { kept, added: came.filter((i) => !partners[1].has(i)), removed: went.filter((i) => !partners[0].has(i)), moved };
}

const ticksOf = (beats) => Math.round(beats / SAME_BEATS);
const identity = (notes, i) => `${notes.pitch[i]}:${ticksOf(notes.start[i])}:${ticksOf(notes.duration[i])}`;

/** Pairs of what went and what came nearby: first at one time and pitch, then at one time, then at one pitch. */
function movedOf(before, after, went, came) {
  const moved = [];
  const taken = new Set();
  const free = new Set(went);
  const groups = [
    [(notes, i) => `${notes.pitch[i]}:${ticksOf(notes.start[i])}`, () => 0, 0],
    [(notes, i) => ticksOf(notes.start[i]), (a, b) => Math.abs(before.pitch[a] - after.pitch[b]), NEAR.semitones],
    [(notes, i) => notes.pitch[i], (a, b) => Math.abs(before.start[a] - after.start[b]), NEAR.beats],
  ];
  for (const [keyOf, apart, reach] of groups) {
    const waiting = new Map();
    for (const old of free) waiting.set(keyOf(before, old), [...(waiting.get(keyOf(before, old)) ?? []), old]);
    for (const now of came) {
      if (taken.has(now)) continue;
      const near = (waiting.get(keyOf(after, now)) ?? []).filter((old) => free.has(old) && apart(old, now) <= reach);
      if (!near.length) continue;
      const old = near.reduce((a, b) => (apart(b, now) < apart(a, now) ? b : a));
      free.delete(old);
      taken.add(now);
      moved.push([old, now]);
    }
  }
  return moved.sort((a, b) => a[1] - b[1]);
}
