// Edits of a whole clip. Pure.

import { rowOf } from "../model.js";

/** Twice as long, with all its notes again in the second half. */
export function doubled({ notes, length }) {
  const again = Array.from({ length: notes.count }, (_, i) => rowOf(notes, i)).filter(({ start }) => start < length);
  return {
    notes: again.map((row) => ({ from: -1, to: { ...row, start: row.start + length, selected: 0 } })),
    facts: { length: 2 * length },
  };
}

/** Every note of a clip by its index. */
export const everyNote = ({ notes }) => Array.from({ length: notes.count }, (_, i) => i);
