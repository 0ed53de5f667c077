import assert from "node:assert/strict";
import { test } from "node:test";
import { controlChangesOf, decodeControls, editedControls, encodeControls } from "../../conduit/widgets/js/controls.js";
import { growth, MOST_GROWTH } from "./growth.mjs";

const PPQ = 960;
const [BANK, FINE, VOLUME] = [0, 32, 7];
const controlsOf = (rows) => {
  const of = (k) => rows.map((row) => row[k]);
  return decodeControls(encodeControls({ count: rows.length, start: of(0), control: of(1), value: of(2) }, PPQ), PPQ);
};
const rowsOf = ({ count, start, control, value }) => Array.from({ length: count }, (_, i) => [start[i], control[i], value[i]]);
const add = (start, control, value) => ({ from: -1, to: { start, control, value } });
const back = (controls, pairs) => editedControls(controls, controlChangesOf(controls, pairs, PPQ, true), PPQ);
const again = (controls, pairs) => editedControls(controls, controlChangesOf(controls, pairs, PPQ), PPQ);

/** Moves at one time whose order counts: a bank is chosen in two halves, and of one control the last holds. */
const TOGETHER = controlsOf([[0, FINE, 3], [0, BANK, 1], [0, VOLUME, 10], [0, VOLUME, 20], [1, VOLUME, 5]]);

test("eight bytes make a move, and what is read is written the same", () => {
  assert.equal(encodeControls(TOGETHER, PPQ).byteLength, 40);
  assert.deepEqual(rowsOf(TOGETHER)[3], [0, VOLUME, 20]);
});

test("what comes at a time stands behind what is there", () => {
  const { controls } = editedControls(TOGETHER, [add(0, 1, 64), add(0.5, 1, 65)], PPQ);
  assert.deepEqual(rowsOf(controls).map(([start, control]) => [start, control]), [[0, FINE], [0, BANK], [0, VOLUME], [0, VOLUME], [0, 1], [0.5, 1], [1, VOLUME]]);
});

for (const [name, changes] of [
  ["the first of a time", [{ from: 0, to: null }]],
  ["one in the middle", [{ from: 2, to: null }]],
  ["one that gets another value", [{ from: 1, to: { start: 0, control: BANK, value: 9 } }]],
  ["one that moves to another time", [{ from: 4, to: { start: 0, control: VOLUME, value: 5 } }]],
  ["some that go, one that comes", [{ from: 3, to: null }, { from: 2, to: null }, add(0, VOLUME, 99)]],
]) {
  test(`the order at one time is as it was when an edit is taken back: ${name}`, () => {
    const { controls, pairs } = editedControls(TOGETHER, changes, PPQ);
    const undone = back(controls, pairs);
    assert.deepEqual(rowsOf(undone.controls), rowsOf(TOGETHER));
    assert.deepEqual(rowsOf(again(undone.controls, pairs).controls), rowsOf(controls));
  });
}

test("a pair is nothing where its old move is not there", () => {
  const { pairs } = editedControls(TOGETHER, [{ from: 4, to: { start: 1, control: VOLUME, value: 6 } }, add(3, 1, 1)], PPQ);
  const others = controlsOf([[1, VOLUME, 4]]);
  assert.deepEqual(controlChangesOf(others, pairs, PPQ), [add(3, 1, 1)]);
  assert.deepEqual(controlChangesOf(others, pairs, PPQ, true), []);
});

test("each of several equal moves is found once", () => {
  const twice = controlsOf([[0, 1, 5], [0, 1, 5]]);
  const { pairs } = editedControls(twice, [{ from: 0, to: null }, { from: 1, to: null }], PPQ);
  assert.deepEqual(controlChangesOf(twice, pairs, PPQ).map(({ from }) => from), [0, 1]);
  assert.deepEqual(controlChangesOf(controlsOf([[0, 1, 5]]), pairs, PPQ).map(({ from }) => from), [0]);
});

test("what a move in a drag costs is linear in what is there", () => {
  const spread = (count) => controlsOf(Array.from({ length: count }, (_, i) => [i / 8, i % 4, i % 100]));
  assert.ok(growth(spread, (controls) => { for (let i = 0; i < 20; i += 1) editedControls(controls, [{ from: 5, to: null }, add(3, 1, 9)], PPQ); }) < MOST_GROWTH);
});

test("taking back is linear in what is taken back, also where all is at one time", () => {
  for (const apart of [1 / 8, 0]) {
    const undone = (count) => {
      const controls = controlsOf(Array.from({ length: count }, (_, i) => [i * apart, i % 128, i % 100]));
      return editedControls(controls, Array.from({ length: count / 2 }, (_, i) => ({ from: i, to: { start: controls.start[i], control: 1, value: 3 } })), PPQ);
    };
    assert.ok(growth(undone, ({ controls, pairs }) => back(controls, pairs)) < MOST_GROWTH);
  }
});
