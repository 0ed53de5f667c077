// Two notes of one pitch never sound at once: what is put over another note shortens or replaces it. Pure.

import { rowOf, span } from "../model.js";

const NEAR = 1e-9;
/** Above so many changes a clip is moved or replaced as a whole, and its notes keep to each other. */
const MOST = 20_000;

/** Changes together with what they do to the notes that they come to lie on. */
export function cleared(notes, changes) {
  const placed = changes.filter(({ from, to }) => to && (from < 0 || moved(notes, from, to)));
  if (!placed.length || placed.length > MOST) return changes;
  const changed = new Set(changes.map(({ from }) => from));
  const rows = rowsOf(notes, placed, changed);
  const cut = new Map();
  for (const { to } of placed) {
    const { index, ...row } = rows[to.pitch];
    const [first, last] = span(row, to.start, to.start + to.duration - NEAR);
    for (const i of index.slice(first, last)) {
      if (notes.start[i] + notes.duration[i] <= to.start + NEAR) continue;
      if (notes.start[i] >= to.start - NEAR) cut.set(i, null);
      else if (cut.get(i) !== null) cut.set(i, Math.min(cut.get(i) ?? Infinity, to.start - notes.start[i]));
    }
  }
  const cuts = [...cut].map(([from, duration]) => ({ from, to: duration === null ? null : { ...rowOf(notes, from), duration } }));
  return [...changes, ...cuts];
}

/** The notes that stay, of each pitch that gets some, in order of time: one long note of another pitch delays no search. */
function rowsOf({ count, start, duration, pitch }, placed, changed) {
  const rows = [];
  for (const { to } of placed) rows[to.pitch] ??= { count: 0, index: [], start: [], longest: 0 };
  for (let i = 0; i < count; i += 1) {
    const row = rows[pitch[i]];
    if (!row || changed.has(i)) continue;
    row.count += 1;
    row.index.push(i);
    row.start.push(start[i]);
    row.longest = Math.max(row.longest, duration[i]);
  }
  return rows;
}

const moved = (notes, i, to) =>
  notes.pitch[i] !== to.pitch || Math.abs(notes.start[i] - to.start) > NEAR || to.duration > notes.duration[i] + NEAR;
