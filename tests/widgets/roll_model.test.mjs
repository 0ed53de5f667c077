import assert from "node:assert/strict";
import { test } from "node:test";
import { compare, decode, firstFrom, noteAt, sounding, span } from "../../conduit/widgets/js/model.js";

function packed(rows, shift = 0) {
  const bytes = new Uint8Array(rows.length * 12 + shift);
  const view = new DataView(bytes.buffer, shift);
  rows.forEach(([start, duration, pitch, velocity = 100, flags = 0], i) => {
    view.setFloat32(i * 12, start, true);
    view.setFloat32(i * 12 + 4, duration, true);
    [pitch, velocity, flags].forEach((value, k) => view.setUint8(i * 12 + 8 + k, value));
  });
  return view;
}
const notesOf = (rows) => decode(packed(rows));
const SCALE = notesOf([[0, 4, 60], [1, 0.5, 62], [2, 0.5, 64, 90, 1], [3, 1, 60, 127]]);

test("twelve bytes make a note, wherever the buffer starts", () => {
  const notes = decode(packed([[1.5, 0.25, 60, 99, 1]], 3));
  assert.deepEqual([notes.start[0], notes.duration[0], notes.pitch[0], notes.velocity[0], notes.muted[0]], [1.5, 0.25, 60, 99, 1]);
});

test("no bytes are no notes", () => {
  for (const nothing of [null, undefined, new ArrayBuffer(0)]) assert.equal(decode(nothing).count, 0);
});

test("a broken last record is left out", () => {
  assert.equal(decode(new Uint8Array(17)).count, 1);
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

test("a comparison tells kept, added and removed apart, also for doubled notes", () => {
  const before = notesOf([[0, 1, 60], [0, 1, 60], [1, 1, 62]]);
  const after = notesOf([[0, 1, 60, 50], [2, 1, 65]]);
  assert.deepEqual(compare(before, after), { kept: [0], added: [1], removed: [1, 2] });
});

test("compared with nothing every note is added", () => {
  assert.deepEqual(compare(null, SCALE), { kept: [], added: [0, 1, 2, 3], removed: [] });
});
