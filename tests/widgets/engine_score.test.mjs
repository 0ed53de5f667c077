import assert from "node:assert/strict";
import { test } from "node:test";
import { scoreOf } from "../../conduit/widgets/js/score.js";

function notes(rows) {
  const column = (i, otherwise) => rows.map((row) => row[i] ?? otherwise);
  return {
    count: rows.length, start: Float64Array.from(column(0)), duration: Float64Array.from(column(1)), pitch: Uint8Array.from(column(2)),
    velocity: Uint8Array.from(column(3, 100)), muted: Uint8Array.from(column(4, 0)), chance: Uint8Array.from(column(5, 100)),
  };
}

const clip = (rows, changes = {}) => ({ bpm: 90, meter: [3, 4], changes: [], length: 4, instrument: "bass", program: 33, drums: false, loop: null, notes: notes(rows), ...changes });
const rowsOf = ({ events }) => Array.from({ length: events.length / 5 }, (_, i) => [...events.subarray(i * 5, i * 5 + 5)]);

test("muted notes and notes from the clip's end on are left out, others are cut there", () => {
  const { parts } = scoreOf([clip([[0, 1, 60, 90], [1, 1, 61, 90, 1], [3.5, 2, 62, 80, 0, 25], [4, 1, 63]])]);

  assert.deepEqual(rowsOf(parts[0]), [[0, 1, 60, 90, 1], [3.5, 0.5, 62, 80, 0.25]]);
});

test("tempo and metre are the first clip's unless another tempo is asked for; it is as long as the longest", () => {
  const clips = [clip([]), clip([], { bpm: 140, length: 16, meter: [4, 4] })];

  const [own, asked] = [scoreOf(clips), scoreOf(clips, { tempo: 100 })];

  assert.deepEqual([own.bpm, own.length, own.meter, asked.bpm], [90, 16, [3, 4], 100]);
});

test("the loop is the clip's own, or all of it, or none", () => {
  const own = clip([], { loop: [1, 2] });

  assert.deepEqual([scoreOf([own], { loop: true }), scoreOf([clip([])], { loop: true }), scoreOf([own])].map(({ loop }) => loop), [[1, 2], [0, 4], null]);
});

test("a part has its clip's sound, and is muted and soloed by its number", () => {
  const { parts } = scoreOf([clip([]), clip([], { drums: true })], { sound: "gm", muted: new Set([1]), soloed: new Set([0]) });

  const [bass, drums] = parts;
  assert.deepEqual([bass.sound, bass.instrument, bass.program, bass.drums, bass.muted, bass.soloed], ["gm", "bass", 33, false, false, true]);
  assert.deepEqual([drums.drums, drums.muted, drums.soloed], [true, true, false]);
});

test("controls go along as rows", () => {
  const controls = { count: 2, start: [0, 1.5], control: [64, 128], value: [127, -8192] };

  const [{ controls: rows }] = scoreOf([clip([], { controls })]).parts;

  assert.deepEqual([...rows], [0, 64, 127, 1.5, 128, -8192]);
});

test("a note whose velocity strays says how far, also after one that is muted", () => {
  const of = (strays) => scoreOf([clip([[0, 1, 60, 90, 1], [1, 1, 60], [1, 1, 64]], { ppq: 960, strays })]).parts[0];

  assert.deepEqual([...of([[960, 64, -20], [0, 60, 9]]).strays], [0, -20]);
  assert.equal(of([]).strays, undefined);
});

test("notes that have not changed are the same rows, so that they are not sent again", () => {
  const same = clip([[0, 1, 60]]);

  const selected = { ...same.notes, selected: Uint8Array.of(1) };
  const [a, b] = [scoreOf([same]), scoreOf([{ ...same, notes: selected, bpm: 60 }], { swing: 0.6 })];
  const [shorter] = scoreOf([{ ...same, length: 0.5 }]).parts;

  assert.equal(a.parts[0].events, b.parts[0].events);
  assert.equal(shorter.events[1], 0.5);
});

test("a hundred thousand notes take a few milliseconds", () => {
  const rows = Array.from({ length: 100_000 }, (_, i) => [i / 100, 0.5, 40 + (i % 40)]);
  const clips = [1, 2, 3].map(() => clip(rows, { length: 1000 }));

  const cpu = clips.map((one) => {
    const before = process.cpuUsage();
    scoreOf([one]);
    return process.cpuUsage(before).user / 1000;
  });

  assert.ok(Math.min(...cpu) < 50, cpu);
});
