import assert from "node:assert/strict";
import { test } from "node:test";
import {
  add, drawControl, join, legato, lengthened, line, move, mute, placed, quantise, raiseControl, remove, resize, split, splitAt, transpose, velocity,
} from "../../conduit/widgets/js/edit/ops.js";
import { bounds } from "../../conduit/widgets/js/edit/ruler.js";
import { controlChangesOf, editedControls } from "../../conduit/widgets/js/controls.js";
import { compare } from "../../conduit/widgets/js/compare.js";
import { melodyLanes } from "../../conduit/widgets/js/lanes.js";
import { changesOf, decodeClip, edited, rowOf } from "../../conduit/widgets/js/model.js";
import { growth, MOST_GROWTH } from "./growth.mjs";

const NOTHING = decodeClip({ length: 8 });
const row = (pitch, start, duration = 1, more = {}) =>
  ({ pitch, start, duration, velocity: 96, muted: 0, chance: 100, selected: 1, ...more });
const clipOf = (rows, facts = {}) => ({ ...NOTHING, ...facts, notes: edited(NOTHING.notes, add(rows), facts.ppq ?? 960).notes });
const rowsOf = (notes) => Array.from({ length: notes.count }, (_, i) => rowOf(notes, i));
const seen = ({ notes }) => rowsOf(notes).map(({ pitch, start, duration }) => [pitch, start, duration]);
const every = ({ notes }) => Array.from({ length: notes.count }, (_, i) => i);

/** The clip after some changes; each operation is also taken back and must leave nothing behind. */
function after(clip, changes) {
  const { notes, pairs } = edited(clip.notes, changes, clip.ppq);
  const back = edited(notes, changesOf(notes, pairs, clip.ppq, true), clip.ppq).notes;
  assert.deepEqual(rowsOf(back).map(plain), rowsOf(clip.notes).map(plain));
  return { ...clip, notes };
}
const plain = ({ selected, ...rest }) => rest;

const CHORD = clipOf([row(60, 0), row(64, 0), row(67, 1, 0.5)]);

test("notes move together in time and pitch", () => {
  assert.deepEqual(seen(after(CHORD, move(CHORD, [0, 2], { beats: 0.5, rows: -2 }))), [[64, 0, 1], [58, 0.5, 1], [65, 1.5, 0.5]]);
});

test("what is moved stays in the clip, all of it at its distances", () => {
  assert.deepEqual(seen(after(CHORD, move(CHORD, [0, 1, 2], { beats: -3 }))), seen(CHORD));
  assert.deepEqual(seen(after(CHORD, move(CHORD, [1, 2], { beats: 100 }))), [[60, 0, 1], [64, 6.5, 1], [67, 7.5, 0.5]]);
});

test("what is moved stays within the 128 pitches, all of it at its distances", () => {
  assert.deepEqual(seen(after(CHORD, move(CHORD, [0, 2], { rows: 100 }))), [[64, 0, 1], [120, 0, 1], [127, 1, 0.5]]);
  assert.deepEqual(seen(after(CHORD, transpose(CHORD, [0, 1], -9))), [[0, 0, 1], [4, 0, 1], [67, 1, 0.5]]);
});

test("a clip gets as many whole bars as rows need, in the metre there", () => {
  const lengthOf = (rows, by, facts) => lengthened(clipOf([], facts), rows, by).facts.length;
  assert.equal(lengthOf([row(60, 6, 2)], 0), undefined);
  assert.equal(lengthOf([row(60, 6, 2)], 0.5), 12);
  assert.equal(lengthOf([row(60, 8, 1 / 32)], 0), 12);
  assert.equal(lengthOf([row(60, 0), row(60, 3, 13)], 1), 20);
  assert.equal(lengthOf([row(60, 9)], 0, { length: 9, meter: [3, 4] }), 12);
  assert.equal(lengthOf([row(60, 9)], 0, { changes: [[9, 3, 4]] }), 12);
  assert.equal(lengthOf([row(60, 8.5, 0.5)], 0, { changes: [[9, 3, 4]] }), 9);
});

test("what rings over the end by a hair needs no bar of its own", () => {
  assert.deepEqual(lengthened(clipOf([]), [row(60, 7, 1.05)], 0).facts, {});
  assert.deepEqual(lengthened(clipOf([]), [row(60, 7, 1.1)], 0).facts, { length: 12 });
});

test("no clip gets longer than the longest", () => {
  const clip = clipOf([], { length: 99_999 });
  const longest = lengthened(clip, [row(60, 0), row(60, 99_998)], 2);
  assert.equal(longest.length, 100_000);
  assert.equal(placed(longest, [row(60, 0), row(60, 99_998)], 2).length, 1);
});

test("a note that ends after the clip may stay so, and does not go further", () => {
  const clip = clipOf([row(60, 7, 3)]);
  assert.deepEqual(move(clip, [0], { beats: 1 }), []);
  assert.deepEqual(seen(after(clip, move(clip, [0], { beats: -1 }))), [[60, 6, 3]]);
});

test("in folded rows notes move from row to row", () => {
  const lanes = melodyLanes(CHORD.notes, [], { fold: "scale", scale: [0, 2, 4, 5, 7, 9, 11] });
  assert.deepEqual(seen(after(CHORD, move(CHORD, [0, 1], { rows: 1, lanes }))), [[62, 0, 1], [65, 0, 1], [67, 1, 0.5]]);
});

test("a copy leaves the old notes", () => {
  assert.deepEqual(seen(after(CHORD, move(CHORD, [2], { beats: 1, copy: true }))), [...seen(CHORD), [67, 2, 0.5]]);
});

test("times end on whole ticks", () => {
  const clip = clipOf([row(60, 0)], { ppq: 96 });
  const { start, duration } = rowOf(after(clip, move(clip, [0], { beats: 1 / 7 })).notes, 0);
  assert.equal(start * 96, 14);
  assert.equal(duration * 96, 96);
});

test("ends are resized by the same amount and never below a tick or past the clip", () => {
  const clip = clipOf([row(60, 0, 2), row(64, 1, 0.5), row(67, 7)]);
  assert.deepEqual(seen(after(clip, resize(clip, [0, 1, 2], { beats: 0.5 }))), [[60, 0, 2.5], [64, 1, 1], [67, 7, 1]]);
  assert.deepEqual(seen(after(clip, resize(clip, [0, 1], { beats: -1 }))), [[60, 0, 1], [64, 1, 1 / 960], [67, 7, 1]]);
});

test("starts are resized with the ends held", () => {
  const clip = clipOf([row(60, 0.25, 1), row(64, 1, 0.5)]);
  assert.deepEqual(seen(after(clip, resize(clip, [0, 1], { edge: "start", beats: -0.5 }))), [[60, 0, 1.25], [64, 0.5, 1]]);
  assert.deepEqual(seen(after(clip, resize(clip, [1], { edge: "start", beats: 5 }))), [[60, 0.25, 1], [64, 1.5 - 1 / 960, 1 / 960]]);
});

test("notes are removed and added", () => {
  assert.deepEqual(seen(after(CHORD, remove(CHORD, [0, 2]))), [[64, 0, 1]]);
  assert.deepEqual(seen(after(CHORD, add([row(50, 3)]))), [...seen(CHORD), [50, 3, 1]]);
});

test("what is placed is cut at the clip's end, and left out behind it", () => {
  const changes = placed(CHORD, rowsOf(CHORD.notes), 7.5);
  assert.deepEqual(changes.map(({ to }) => [to.pitch, to.start, to.duration]), [[60, 7.5, 0.5], [64, 7.5, 0.5]]);
});

test("a split note is two, with all else the same", () => {
  const clip = clipOf([row(60, 0, 2, { velocity: 30, muted: 1, chance: 40 })]);
  const next = after(clip, split(clip, [0], () => [0.5]));
  assert.deepEqual(seen(next), [[60, 0, 0.5], [60, 0.5, 1.5]]);
  assert.deepEqual(rowsOf(next.notes).map(({ velocity, muted, chance }) => [velocity, muted, chance]), [[30, 1, 40], [30, 1, 40]]);
});

test("a cut outside a note or at its ends does nothing", () => {
  assert.deepEqual(split(CHORD, every(CHORD), () => [0, 1, 5]).length, 0);
});

test("notes split at the grid, whose lines are counted from each bar", () => {
  const clip = clipOf([row(60, 0.1, 0.5)]);
  assert.deepEqual(seen(after(clip, splitAt(clip, [0], 0.25))).map(([, start]) => start), [0.1, 0.25, 0.5].map((b) => Math.round(b * 960) / 960));
  const odd = clipOf([row(60, 3, 1)], { meter: [7, 8] });
  assert.deepEqual(seen(after(odd, splitAt(odd, [0], 1))), [[60, 3, 0.5], [60, 3.5, 0.5]]);
});

test("joined notes of a pitch are one from the first start to the last end", () => {
  const clip = clipOf([row(60, 0), row(60, 2, 0.5), row(62, 1), row(60, 5)]);
  const chosen = every(clip).filter((i) => clip.notes.start[i] < 5);
  assert.deepEqual(seen(after(clip, join(clip, chosen))), [[60, 0, 2.5], [62, 1, 1], [60, 5, 1]]);
});

test("velocities stay within 1 and 127", () => {
  const values = (make) => after(CHORD, velocity(CHORD, every(CHORD), make)).notes.velocity;
  assert.deepEqual([...values((one) => one.velocity + 100)], [127, 127, 127]);
  assert.deepEqual([...values((one) => one.velocity - 100)], [1, 1, 1]);
  assert.deepEqual([...values((one) => one.velocity * 0.5)], [48, 48, 48]);
});

test("a ramp is a straight line between two points and level beyond", () => {
  const at = line({ beat: 4, value: 100 }, { beat: 2, value: 20 });
  assert.deepEqual([0, 2, 3, 4, 9].map(at), [20, 20, 60, 100, 100]);
  assert.equal(line({ beat: 1, value: 5 }, { beat: 1, value: 9 })(1), 9);
});

test("mute mutes all, and lets all sound once all are muted", () => {
  const some = clipOf([row(60, 0, 1, { muted: 1 }), row(62, 1)]);
  const all = after(some, mute(some, [0, 1]));
  assert.deepEqual([...all.notes.muted], [1, 1]);
  assert.deepEqual([...after(all, mute(all, [0, 1])).notes.muted], [0, 0]);
});

for (const [name, step, expected] of [
  ["1/4", 1, [0, 1, 2]], ["1/8", 0.5, [0, 1, 2]], ["1/16", 0.25, [0.25, 1, 1.75]], ["1/32", 0.125, [0.125, 1.125, 1.75]],
  ["1/8 triplets", 1 / 3, [0, 1, 5 / 3]], ["1/16 triplets", 1 / 6, [1 / 6, 7 / 6, 11 / 6]],
]) {
  test(`notes are quantised to ${name}`, () => {
    const clip = clipOf([row(60, 0.15), row(60, 1.1), row(60, 1.77)]);
    const got = seen(after(clip, quantise(clip, every(clip), { step }))).map(([, start]) => Math.round(start * 960));
    assert.deepEqual(got, expected.map((beat) => Math.round(beat * 960)));
  });
}

test("half the strength goes half the way", () => {
  const clip = clipOf([row(60, 0.125)]);
  assert.equal(rowOf(after(clip, quantise(clip, [0], { step: 0.5, strength: 0.5 })).notes, 0).start, 0.0625);
});

test("a note just before the clip's end is quantised to the last line inside", () => {
  const clip = clipOf([row(60, 7.95, 0.05)]);
  assert.equal(rowOf(after(clip, quantise(clip, [0], { step: 0.25 })).notes, 0).start, 7.75);
});

test("legato lets each note last until the next begins, chords together, the last to the end", () => {
  const clip = clipOf([row(60, 0, 0.1), row(64, 0, 3), row(67, 2, 0.5), row(67, 5, 0.5)]);
  assert.deepEqual(seen(after(clip, legato(clip, [0, 1, 2]))), [[60, 0, 2], [64, 0, 2], [67, 2, 3], [67, 5, 0.5]]);
  assert.deepEqual(seen(after(clip, legato(clip, [3]))).at(-1), [67, 5, 3]);
});

test("drawn control values replace those of their steps and leave other controls alone", () => {
  const rows = [{ start: 0, control: 1, value: 10 }, { start: 0.3, control: 1, value: 20 }, { start: 0.3, control: 7, value: 9 }];
  const { controls } = editedControls(NOTHING.controls, add(rows), 960);
  const { controls: next, pairs } = editedControls(controls, drawControl({ controls }, 1, 0.25, new Map([[1, 64], [2, 70]])), 960);
  assert.deepEqual([...next.start], [0, 0.25, 0.3, 0.5]);
  assert.deepEqual([...next.value], [10, 64, 9, 70]);
  const back = editedControls(next, controlChangesOf(next, pairs, 960, true), 960).controls;
  assert.deepEqual([[...back.start], [...back.value]], [[...controls.start], [...controls.value]]);
});

test("a control is raised where notes are, from the value that holds there, within its range", () => {
  const { controls } = editedControls(NOTHING.controls, add([{ start: 0, control: 1, value: 120 }, { start: 2, control: 128, value: -8000 }]), 960);
  const raised = (control, by, beats) => raiseControl({ controls }, control, 0.25, { beats, by }).filter(({ to }) => to).map(({ to }) => [to.start, to.value]);
  assert.deepEqual(raised(1, 5, [0, 1.1]), [[0, 125], [1, 125]]);
  assert.deepEqual(raised(1, 50, [0]), [[0, 127]]);
  assert.deepEqual(raised(128, -5, [3]), [[3, -8192]]);
});

test("steps without a value lose those they have", () => {
  const { controls } = editedControls(NOTHING.controls, add([{ start: 0.1, control: 1, value: 10 }]), 960);
  assert.deepEqual(drawControl({ controls }, 1, 0.25, new Map([[0, null]])), [{ from: 0, to: null }]);
});

const FACTS = { length: 8, loop: [2, 4] };

test("loop and length have handles and are a step long at the least", () => {
  assert.deepEqual(bounds(FACTS, "loop-start", 1, 0.25), { loop: [1, 4] });
  assert.deepEqual(bounds(FACTS, "loop-start", 9, 0.25), { loop: [3.75, 4] });
  assert.deepEqual(bounds(FACTS, "loop-end", 1, 0.25), { loop: [2, 2.25] });
  assert.deepEqual(bounds(FACTS, "loop-end", 20, 0.25), { loop: [2, 8] });
  assert.deepEqual(bounds(FACTS, "loop", 7, 0.25), { loop: [6, 8] });
  assert.deepEqual(bounds(FACTS, "length", -1, 0.25), { length: 0.25, loop: null });
});

test("a loop over the whole clip is none, and a shorter clip cuts it", () => {
  assert.deepEqual(bounds({ length: 8, loop: [0, 4] }, "loop-end", 8, 0.25), { loop: null });
  assert.deepEqual(bounds(FACTS, "length", 3, 0.25), { length: 3, loop: [2, 3] });
  assert.deepEqual(bounds(FACTS, "length", 12, 0.25), { length: 12 });
});

test("a step whose old note is not there is nothing, what it would have put there too", () => {
  const louder = edited(CHORD.notes, velocity(CHORD, [0, 2], () => 100), 960).pairs;
  const other = clipOf([row(60, 0), row(67, 1, 0.25)]);
  assert.deepEqual(changesOf(other.notes, louder, 960).map(({ from, to }) => [from, to.velocity]), [[0, 100]]);
  assert.deepEqual(changesOf(other.notes, louder, 960, true), []);
  const drawn = edited(CHORD.notes, add([row(50, 3)]), 960).pairs;
  assert.deepEqual(changesOf(other.notes, drawn, 960).map(({ from, to }) => [from, to.pitch]), [[-1, 50]]);
  assert.deepEqual(changesOf(other.notes, drawn, 960, true), []);
});

const louder = (clip) => edited(clip.notes, velocity(clip, every(clip), () => 50), 960);

test("changing every note, taking that back and comparing is linear in the notes", () => {
  const spread = (count) => {
    const clip = clipOf(Array.from({ length: count }, (_, i) => row(40 + (i % 40), i / 4)));
    return { clip, ...louder(clip) };
  };
  assert.ok(growth(spread, ({ clip }) => louder(clip)) < MOST_GROWTH);
  assert.ok(growth(spread, ({ notes, pairs }) => edited(notes, changesOf(notes, pairs, 960, true), 960)) < MOST_GROWTH);
  assert.ok(growth(spread, ({ clip, notes }) => compare(clip.notes, notes)) < MOST_GROWTH);
});

test("taking back is as linear in notes that start together", () => {
  const stack = (count) => louder(clipOf(Array.from({ length: count }, (_, i) => row(60, 0, (i + 1) / 960))));
  assert.ok(growth(stack, ({ notes, pairs }) => edited(notes, changesOf(notes, pairs, 960, true), 960), [1000, 8000]) < MOST_GROWTH);
});

test("notes of one pitch are paired without a look at each of the others", () => {
  const from = (first, of, late) => clipOf(Array.from({ length: of }, (_, i) => row(60, 4 * (first + i) + late, 0.125))).notes;
  const versions = (count) => [from(0.95 * count, count / 20, 0), from(0, count, 1 / 24)];
  assert.ok(growth(versions, ([few, many]) => compare(few, many), [5000, 40_000]) < MOST_GROWTH);
  assert.equal(compare(...versions(40_000)).moved.length, 2000);
});
