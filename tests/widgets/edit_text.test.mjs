import assert from "node:assert/strict";
import { test } from "node:test";
import { read, readExact, write } from "../../conduit/widgets/js/edit/text.js";
import { growth, MOST_GROWTH } from "./growth.mjs";

const CLIP = { meter: [4, 4], changes: [], key: "A minor", drum_names: {}, length: 16 };
const DRUMS = { ...CLIP, drum_names: { 36: "kick", 38: "snare", 42: "hat" } };
const row = (pitch, start, duration = 0.25, more = {}) => ({ pitch, start, duration, velocity: 96, muted: 0, chance: 100, ...more });
const seen = (text, clip = CLIP) => read(text, clip).rows.map(({ pitch, start, duration, velocity }) => [pitch, start, duration, velocity]);

test("notes are written as lines of the notation, one for each bar", () => {
  const rows = [row(45, 0, 0.5, { velocity: 110 }), row(45, 0.75, 0.5, { velocity: 110 }), row(48, 5.5, 1, { muted: 1, chance: 50 })];
  assert.equal(write(CLIP, rows), "1 | 1:A1/2v110 4:A1\n2 | 7:C2/4?0.5~");
});

test("what is off the steps is written in ticks, simple parts of a step as decimals", () => {
  const rows = [row(60, 1 / 12), row(60, 616 / 960, 171 / 960), row(60, 1.125, 1 / 3)];
  assert.equal(write(CLIP, rows), "1 | 1.33:C3 +616:C3+171 5.5:C3/1.33");
});

test("drums are written and read by name", () => {
  assert.equal(write(DRUMS, [row(36, 0), row(42, 0), row(38, 1)]), "1 | 1:kick 1:hat 5:snare");
  assert.deepEqual(seen("1 | 1:kick 5,13:snare/2v80", DRUMS), [[36, 0, 0.25, 96], [38, 1, 0.5, 80], [38, 3, 0.5, 80]]);
});

test("what is written is read back to the tick", () => {
  const rows = Array.from({ length: 400 }, (_, i) => row((i * 7) % 128, (i * 37) / 960, ((i * 13) % 500 + 1) / 960, { velocity: 1 + (i % 127), muted: i % 2, chance: i % 101 }));
  for (const clip of [CLIP, { ...CLIP, meter: [7, 8] }, { ...CLIP, changes: [[5, 3, 4], [9, 5, 16]] }, { ...CLIP, key: "Eb major" }]) {
    const { rows: got, unread } = read(write(clip, rows), clip);
    const exact = (list) => list.map((one) => ({ ...one, start: Math.round(one.start * 960), duration: Math.round(one.duration * 960), chance: Math.round(one.chance) }));
    assert.deepEqual(exact(got), exact(rows));
    assert.deepEqual(unread, []);
  }
});

test("chords, octaves, lengths and velocities hold as in the notation", () => {
  assert.deepEqual(seen("1 | 1:A1/2v110 4:A/1 7:C2,E/2v90,G/1"), [
    [45, 0, 0.5, 110], [45, 0.75, 0.25, 110], [48, 1.5, 0.5, 90], [52, 1.5, 0.5, 90], [55, 1.5, 0.25, 90],
  ]);
});

test("drum lanes are read", () => {
  assert.deepEqual(seen("1 | kick X..x\n2 | hat/0.5 ..o.", DRUMS), [[36, 0, 0.25, 120], [36, 0.75, 0.25, 96], [42, 4.5, 0.125, 56]]);
});

test("bars count from the clip's metre, and a range of bars is written in each", () => {
  assert.deepEqual(seen("2-3 | 1:60", { ...CLIP, meter: [3, 4] }).map(([, start]) => start), [3, 6]);
});

test("a header and a fence are passed over, what cannot be read is told", () => {
  const { rows, unread } = read("```\nclip A | 2 bars\n1 | 1:C3 wrong 3:H2 4:C9\n4 = 3\nhello there\n", CLIP);
  assert.equal(rows.length, 1);
  assert.deepEqual(unread, ["wrong", "3:H2", "4:C9", "4 = 3", "hello there"]);
});

const bars = (text) => seen(text).map(([pitch, start]) => [pitch, start / 4]);

test("a bar that repeats another holds its notes again, several in turn", () => {
  assert.deepEqual(bars("1 | 1:60\n3 = 1"), [[60, 0], [60, 2]]);
  assert.deepEqual(bars("1 | 1:60\n2 | 1:62\n3-6 = 1-2"), [[60, 0], [62, 1], [60, 2], [62, 3], [60, 4], [62, 5]]);
  assert.deepEqual(bars("1 | 1:60\n2-3=1"), [[60, 0], [60, 1], [60, 2]]);
  assert.deepEqual(bars("1 | 1:60\n2-4 = 1\n5-8 = 1-4").length, 8);
});

test("a repeat of a bar without notes, or into one that has some, is told and left out", () => {
  for (const line of ["3 = 2", "1 = 2", "1-2 = 1", "3 = ", "3 = x", "4-3 = 1", "0 = 1"]) {
    const { rows, unread } = read(`1 | 1:60\n${line}`, CLIP);
    assert.deepEqual([rows.length, unread], [1, [line.trim()]]);
  }
});

test("a bar of rests is read as one", () => {
  for (const rest of ["2 |", "2 |   ", "2 |\r"]) assert.deepEqual([bars(`1 | 1:60\n${rest}\n3 | 1:64`), read(rest, CLIP).unread], [[[60, 0], [64, 2]], []]);
});

test("chords by name and moves of controls are told and are no notes", () => {
  const { rows, unread } = read("1 | 1:60 chords 1:Am7/6v80 7:F/A\n1 | sustain 1:127 11:0\n1 | cc20 3:64", CLIP);
  assert.equal(rows.length, 1);
  assert.deepEqual(unread, ["chords 1:Am7/6v80 7:F/A", "sustain 1:127 11:0", "cc20 3:64"]);
});

test("a word with a number outside its range is told, and holds for no other", () => {
  for (const word of ["1:60?.", "1:60?1.5", "1:60v0", "1:60v200", "1:60/0", "0:60", "1:128", "1:60v"]) {
    const { rows, unread } = read(`1 | ${word} 2:62`, CLIP);
    assert.deepEqual([rows.map(({ pitch, velocity, duration, chance }) => [pitch, velocity, duration, chance]), unread], [[[62, 96, 0.25, 100]], [word]]);
  }
  assert.deepEqual(read("1 | 1:60?.5 2:60?0.25", CLIP).rows.map(({ chance }) => chance), [50, 25]);
});

test("a word longer than any of the notation is told, and takes no longer than it is long", () => {
  const longest = (count) => `1:C3${"v1".repeat(count)}!`;
  const word = longest(1000);
  assert.deepEqual(read(`1 | ${word} 2:62`, CLIP).unread, [word]);
  assert.ok(growth(longest, (one) => read(`1 | ${one} 2:62`, CLIP), [5000, 40_000]) < MOST_GROWTH);
});

test("pitches are names, flats, numbers and negative octaves", () => {
  assert.deepEqual(seen("1 | 1:F#2 2:Bb1 3:C-2 4:127").map(([pitch]) => pitch), [54, 46, 0, 127]);
});

test("exact rows come back as they are, and what is none is left out", () => {
  const rows = [row(60, 1 / 3, 5 / 7)];
  assert.deepEqual(readExact(JSON.stringify(rows)), rows);
  assert.deepEqual(readExact(JSON.stringify([...rows, {}, { ...rows[0], start: "1" }])), rows);
  for (const text of ["", "{", "7"]) assert.equal(readExact(text), null);
});

test("a text of more bars than any clip has is read as far as there is room", () => {
  const words = Array.from({ length: 500 }, () => "1:60").join(" ");
  assert.ok(read(`1-9999 | ${words}`, CLIP).rows.length < 101_000);
});
