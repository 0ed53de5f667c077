import assert from "node:assert/strict";
import { test } from "node:test";
import { cleared } from "../../conduit/widgets/js/edit/overlap.js";
import { doubled } from "../../conduit/widgets/js/edit/whole.js";
import { decodeClip, edited, rowOf } from "../../conduit/widgets/js/model.js";

const PPQ = 960;
const row = (start, duration, pitch, velocity = 100) => ({ start, duration, pitch, velocity, muted: 0, chance: 100, selected: 0 });
const notesOf = (rows) => edited(decodeClip().notes, rows.map((to) => ({ from: -1, to })), PPQ).notes;
const after = (notes, changes) => {
  const made = edited(notes, cleared(notes, changes), PPQ).notes;
  return Array.from({ length: made.count }, (_, i) => [made.start[i], made.duration[i], made.pitch[i]]);
};
const LINE = notesOf([row(0, 2, 60), row(2, 2, 60), row(0, 4, 64)]);

test("a note put into a longer one shortens it to its start", () => {
  assert.deepEqual(after(LINE, [{ from: -1, to: row(1, 0.5, 60) }]), [[0, 1, 60], [0, 4, 64], [1, 0.5, 60], [2, 2, 60]]);
});

test("notes that begin under it are replaced", () => {
  assert.deepEqual(after(LINE, [{ from: -1, to: row(0, 3, 60) }]), [[0, 3, 60], [0, 4, 64]]);
});

test("a copy of everything at the same place changes nothing in number", () => {
  const again = [0, 1, 2].map((i) => ({ from: -1, to: rowOf(LINE, i) }));
  assert.deepEqual(after(LINE, again), after(LINE, []));
});

test("notes that only touch stay", () => {
  assert.deepEqual(after(notesOf([row(0, 1, 60), row(2, 1, 60)]), [{ from: -1, to: row(1, 1, 60) }]), [[0, 1, 60], [1, 1, 60], [2, 1, 60]]);
});

test("a note made longer replaces what it reaches, one made louder or shorter does not", () => {
  const stacked = notesOf([row(0, 2, 60), row(1, 2, 60)]);
  const first = rowOf(stacked, 0);
  assert.deepEqual(after(stacked, [{ from: 0, to: { ...first, duration: 3 } }]), [[0, 3, 60]]);
  assert.equal(after(stacked, [{ from: 0, to: { ...first, velocity: 1 } }]).length, 2);
  assert.equal(after(stacked, [{ from: 0, to: { ...first, duration: 1.5 } }]).length, 2);
});

test("notes that move together keep to each other", () => {
  const moves = [0, 1, 2].map((i) => ({ from: i, to: { ...rowOf(LINE, i), start: LINE.start[i] + 2 } }));
  assert.equal(after(LINE, moves).length, 3);
});

test("a doubled clip has its notes twice and twice the length", () => {
  const { notes, facts } = doubled({ notes: LINE, length: 4 });
  assert.deepEqual([after(LINE, notes).length, facts.length], [6, 8]);
});
