import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, encode, rowOf } from "../../conduit/widgets/js/model.js";
import { Desk } from "../../conduit/widgets/js/sync.js";

const PPQ = 960;
const packedClip = (rows, more = {}) => ({ name: "Bass", ppq: PPQ, length: 4, loop: null, ...more, notes: encode({
  count: rows.length, ...Object.fromEntries(["start", "pitch"].map((name, k) => [name, rows.map((row) => row[k])])),
  duration: rows.map(() => 1), velocity: rows.map(() => 100), muted: rows.map(() => 0), chance: rows.map(() => 100), selected: [],
}, PPQ) });

function opened(rows = [[0, 60], [1, 62]]) {
  const sent = [];
  const published = [];
  const desk = new Desk({ send: (message, buffers) => sent.push({ ...message, buffers }), publish: (traits) => published.push(traits), changed: () => {} });
  desk.take([packedClip(rows)], 1, 0);
  return { desk, sent, published };
}
const pitches = (desk) => [...desk.clip.notes.pitch];
const higher = (desk, i, by = 12) => desk.edit({ notes: [{ from: i, to: { ...rowOf(desk.clip.notes, i), pitch: desk.clip.notes.pitch[i] + by } }] });

test("an edit shows at once and is sent as pairs on what it stands", () => {
  const { desk, sent } = opened();
  higher(desk, 0);
  assert.deepEqual(pitches(desk), [72, 62]);
  const [{ buffers, ...message }] = sent;
  assert.deepEqual(message, { type: "edit", epoch: 1, n: 1, part: 0, facts: {} });
  const pairs = decode(buffers[0], PPQ);
  assert.deepEqual([pairs.count, ...pairs.pitch], [2, 60, 72]);
});

test("edits are undone and redone without end, and each is told", () => {
  const { desk, sent } = opened();
  for (let i = 0; i < 20; i += 1) higher(desk, 0, 1);
  for (let i = 0; i < 20; i += 1) desk.undo();
  assert.deepEqual(pitches(desk), [60, 62]);
  assert.equal(desk.canUndo, false);
  for (let i = 0; i < 20; i += 1) desk.redo();
  assert.deepEqual(pitches(desk), [80, 62]);
  assert.deepEqual([sent.length, sent.at(-1).n], [60, 60]);
});

test("facts and controls are undone with the notes", () => {
  const { desk } = opened();
  desk.edit({ facts: { length: 8, loop: [0, 2] }, controls: [{ from: -1, to: { start: 1, control: 74, value: 90 } }] });
  assert.deepEqual([desk.clip.length, desk.clip.loop, desk.clip.controls.count], [8, [0, 2], 1]);
  desk.undo();
  assert.deepEqual([desk.clip.length, desk.clip.loop, desk.clip.controls.count], [4, null, 0]);
});

test("what Python sets shows, and undo brings back what was there", () => {
  const { desk, sent } = opened();
  desk.take([packedClip([[0, 40]])], 2, 0);
  assert.deepEqual(pitches(desk), [40]);
  desk.undo();
  assert.deepEqual(pitches(desk), [60, 62]);
  assert.deepEqual(sent[0], { type: "restore", set: 2, forward: false, epoch: 2, n: 1, buffers: [] });
  desk.redo();
  assert.deepEqual([pitches(desk), sent[1].forward, sent[1].n], [[40], true, 2]);
});

test("all facts of what was there come back with it", () => {
  const { desk } = opened();
  desk.take([packedClip([[0, 36]], { bpm: 90, drums: true, ppq: 480, meter: [3, 4] })], 2, 0);
  desk.undo();
  assert.deepEqual([desk.clip.ppq, desk.clip.meter, desk.clip.drums], [PPQ, [4, 4], false]);
});

test("an edit that was not confirmed is not overwritten without asking", () => {
  const { desk } = opened();
  higher(desk, 0);
  desk.take([packedClip([[0, 40]])], 2, 0);
  assert.deepEqual([pitches(desk), Boolean(desk.theirs)], [[72, 62], true]);
});

test("keeping mine takes back what Python set and sends again what waited", () => {
  const { desk, sent } = opened();
  higher(desk, 0);
  higher(desk, 1);
  desk.take([packedClip([[0, 40]])], 2, 0);
  desk.settle(true);
  assert.deepEqual([pitches(desk), desk.theirs], [[72, 74], null]);
  assert.deepEqual(sent.slice(2).map(({ type, epoch, n }) => [type, epoch, n]), [["restore", 2, 1], ["edit", 2, 2], ["edit", 2, 3]]);
  assert.deepEqual([sent[2].set, sent[2].forward], [2, false]);
  desk.undo();
  assert.deepEqual(pitches(desk), [72, 62]);
});

test("after taking theirs nothing of mine comes back", () => {
  const { desk } = opened();
  higher(desk, 0);
  desk.take([packedClip([[0, 40]])], 2, 0);
  desk.settle(false);
  desk.undo();
  assert.deepEqual([pitches(desk), desk.canUndo], [[40], false]);
});

test("what another view of the page did stands, and undo does not double it", () => {
  const { desk } = opened();
  higher(desk, 0);
  desk.confirm({ epoch: 1, n: 1, facts: [{}] });
  desk.take([packedClip([[0.5, 72], [1, 62]])], 1, 2);
  desk.undo();
  assert.deepEqual([pitches(desk), desk.canUndo], [[72, 62], false]);
});

test("the same clips with another number are another set", () => {
  const { desk } = opened();
  const same = [packedClip([[0, 60], [1, 62]])];
  desk.take(same, 2, 0);
  desk.take(same, 3, 0);
  higher(desk, 0);
  assert.equal(desk.epoch, 3);
});

test("what Python set meanwhile is not published over", () => {
  const { desk, published } = opened();
  desk.ports.publish = (traits, epoch) => published.push(epoch);
  higher(desk, 0);
  assert.deepEqual(published, [1]);
});

test("nothing is edited while the other version is shown", () => {
  const { desk, sent } = opened();
  desk.away = "This is the other version";
  higher(desk, 0);
  desk.undo();
  assert.deepEqual([pitches(desk), sent], [[60, 62], []]);
});

test("taking theirs forgets mine", () => {
  const { desk } = opened();
  higher(desk, 0);
  desk.take([packedClip([[0, 40]])], 2, 0);
  desk.settle(false);
  assert.deepEqual([pitches(desk), desk.theirs, desk.pending], [[40], null, false]);
});

test("a confirmed edit asks nothing when Python sets another clip", () => {
  const { desk } = opened();
  higher(desk, 0);
  desk.confirm({ epoch: 1, n: 1, facts: [{ chords: [[0, "Am"]] }] });
  assert.deepEqual([desk.pending, desk.clip.chords], [false, [[0, "Am"]]]);
  desk.take([packedClip([[0, 40]])], 2, 0);
  assert.deepEqual([pitches(desk), desk.theirs], [[40], null]);
});

test("a refused edit gives way to what Python has", () => {
  const { desk } = opened();
  higher(desk, 0);
  desk.take([packedClip([[0, 60]])], 2, 0);
  desk.refuse();
  assert.deepEqual([pitches(desk), desk.pending, desk.theirs, desk.canUndo], [[60], false, null, false]);
});

test("while the model writes nothing is edited, and its notes are no step to undo", () => {
  const { desk, sent } = opened();
  desk.locked = true;
  higher(desk, 0);
  desk.take([packedClip([[0, 60], [1, 62], [2, 64]])], 2, 0);
  desk.locked = false;
  assert.deepEqual([pitches(desk), sent, desk.canUndo], [[60, 62, 64], [], false]);
});

test("a view that is closed keeps its edits in the page's model", () => {
  const { desk, published } = opened();
  higher(desk, 1);
  desk.close();
  assert.equal(published[0].edits, 1);
  assert.deepEqual([...decode(published[0].clips[0].notes, PPQ).pitch], [60, 74]);
});

test("each of several clips has its own notes and one history is theirs", () => {
  const { desk, sent } = opened();
  desk.take([packedClip([[0, 60]]), packedClip([[0, 36]])], 2, 0);
  desk.choose(1);
  higher(desk, 0);
  desk.choose(0);
  desk.undo();
  assert.deepEqual([desk.active, [...desk.parts[1].notes.pitch], sent.at(-1).part], [1, [36], 1]);
});
