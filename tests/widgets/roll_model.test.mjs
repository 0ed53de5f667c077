import assert from "node:assert/strict";
import { test } from "node:test";
import { compare } from "../../conduit/widgets/js/compare.js";
import {
  changesOf, decode, decodeClip, edited, encode, firstFrom, marked, noteAt, rowOf, selectedIndexes, sounding, span,
} from "../../conduit/widgets/js/model.js";

const PPQ = 96;

function packed(rows, shift = 0) {
  const bytes = new Uint8Array(rows.length * 12 + shift);
  const view = new DataView(bytes.buffer, shift);
  rows.forEach(([start, duration, pitch, velocity = 100, flags = 0, chance = 100], i) => {
    view.setUint32(i * 12, start * PPQ, true);
    view.setUint32(i * 12 + 4, duration * PPQ, true);
    [pitch, velocity, flags, chance].forEach((value, k) => view.setUint8(i * 12 + 8 + k, value));
  });
  return view;
}
const notesOf = (rows) => decode(packed(rows), PPQ);
const SCALE = notesOf([[0, 4, 60], [1, 0.5, 62], [2, 0.5, 64, 90, 1], [3, 1, 60, 127]]);
const places = (notes) => Array.from({ length: notes.count }, (_, i) => [notes.start[i], notes.pitch[i]]);

test("twelve bytes make a note, wherever the buffer starts", () => {
  const notes = decode(packed([[1.5, 0.25, 60, 99, 1, 50]], 3), PPQ);
  assert.deepEqual(rowOf(notes, 0), { start: 1.5, duration: 0.25, pitch: 60, velocity: 99, muted: 1, chance: 50, selected: 0 });
});

test("what is read is written the same", () => {
  assert.deepEqual(new Uint8Array(encode(SCALE, PPQ).buffer), new Uint8Array(packed([[0, 4, 60], [1, 0.5, 62], [2, 0.5, 64, 90, 1], [3, 1, 60, 127]]).buffer));
});

test("no bytes are no notes", () => {
  for (const nothing of [null, undefined, new ArrayBuffer(0)]) assert.equal(decode(nothing, PPQ).count, 0);
});

test("a broken last record is left out", () => {
  assert.equal(decode(new Uint8Array(17), PPQ).count, 1);
});

test("a clip of nothing has the facts of an empty one", () => {
  const clip = decodeClip();
  assert.deepEqual([clip.notes.count, clip.controls.count, clip.length, clip.meter], [0, 0, 16, [4, 4]]);
});

test("extents are measured while reading", () => {
  assert.deepEqual([SCALE.low, SCALE.high, SCALE.end, SCALE.longest], [60, 64, 4, 4]);
});

test("binary search finds the first note from a beat on", () => {
  assert.deepEqual([0, 0.5, 1, 3.1].map((beat) => firstFrom(SCALE, beat)), [0, 1, 1, 4]);
});

test("a span holds long notes that started before it", () => {
  assert.deepEqual(span(SCALE, 2.9, 3.5), [0, 4]);
});

test("where notes overlap the one that starts last is pointed at", () => {
  assert.equal(noteAt(SCALE, 3.5, 60), 3);
  assert.equal(noteAt(SCALE, 2.5, 60), 0);
  assert.equal(noteAt(SCALE, 2.5, 61), -1);
});

test("muted notes do not sound", () => {
  assert.deepEqual(sounding(SCALE, 2.2), [60]);
  assert.deepEqual(sounding(SCALE, 1.2), [60, 62]);
});

test("an edit gives other notes in order and leaves the ones before as they were", () => {
  const { notes } = edited(SCALE, [{ from: 0, to: { ...rowOf(SCALE, 0), start: 2.5, pitch: 58 } }, { from: 3, to: null }, { from: -1, to: { start: 2, duration: 1, pitch: 50, velocity: 80 } }], PPQ);
  assert.deepEqual(places(notes), [[1, 62], [2, 50], [2, 64], [2.5, 58]]);
  assert.deepEqual(places(SCALE), [[0, 60], [1, 62], [2, 64], [3, 60]]);
  assert.equal(notes.end, 6.5);
});

test("an edited note lies on a tick, lasts at least one, and stays in range", () => {
  const { notes } = edited(notesOf([]), [{ from: -1, to: { start: -1, duration: 0, pitch: 140, velocity: 0, chance: 400 } }, { from: -1, to: { start: 1.00001, duration: 1, pitch: 60, velocity: 200 } }], PPQ);
  assert.deepEqual(rowOf(notes, 0), { start: 0, duration: 1 / PPQ, pitch: 127, velocity: 1, muted: 0, chance: 100, selected: 0 });
  assert.deepEqual([notes.start[1], notes.velocity[1], notes.chance[1]], [1, 127, 100]);
});

test("an edit is undone and done again by its pairs, doubled notes too", () => {
  const before = notesOf([[0, 1, 60], [0, 1, 60], [1, 1, 62]]);
  const changes = [{ from: 0, to: { ...rowOf(before, 0), pitch: 72 } }, { from: 1, to: null }, { from: -1, to: { start: 3, duration: 1, pitch: 50, velocity: 9 } }];
  const done = edited(before, changes, PPQ);
  const undone = edited(done.notes, changesOf(done.notes, done.pairs, PPQ, true), PPQ);
  const again = edited(undone.notes, changesOf(undone.notes, done.pairs, PPQ), PPQ);
  assert.deepEqual(places(undone.notes), places(before));
  assert.deepEqual(places(again.notes), [[0, 72], [1, 62], [3, 50]]);
});

test("the selection moves along with an edit", () => {
  const chosen = marked(SCALE, (i) => i === 3);
  const { notes } = edited(chosen, [{ from: 3, to: { ...rowOf(chosen, 3), start: 0 } }, { from: 0, to: null }], PPQ);
  assert.deepEqual(selectedIndexes(notes), [0]);
  assert.deepEqual(selectedIndexes(chosen), [3]);
});

test("a comparison tells kept, added and removed apart, also for doubled notes", () => {
  const before = notesOf([[0, 1, 60], [0, 1, 60], [1, 1, 62]]);
  const after = notesOf([[0, 1, 60, 50], [8, 1, 90]]);
  assert.deepEqual(compare(before, after), { kept: [0], added: [1], removed: [1, 2], moved: [] });
});

test("a note that went and one that came near it is one that moved", () => {
  const before = notesOf([[0, 1, 60], [1, 1, 62], [2, 1, 64], [3, 1, 65]]);
  const after = notesOf([[0, 1, 67], [1.5, 1, 62], [2, 0.5, 64], [3, 1, 65]]);
  assert.deepEqual(compare(before, after), { kept: [3], added: [], removed: [], moved: [[0, 0], [1, 1], [2, 2]] });
});

test("the nearest note is the one that moved", () => {
  const before = notesOf([[0, 1, 60], [1, 1, 60]]);
  const after = notesOf([[0.9, 1, 60]]);
  assert.deepEqual(compare(before, after), { kept: [], added: [], removed: [0], moved: [[1, 0]] });
});

test("compared with nothing every note is added", () => {
  assert.deepEqual(compare(null, SCALE), { kept: [], added: [0, 1, 2, 3], removed: [], moved: [] });
});
