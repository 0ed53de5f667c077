import assert from "node:assert/strict";
import { test } from "node:test";
import { heard, nextClick, straight, swung } from "../../conduit/widgets/js/engine/clock.js";
import { Stream } from "../../conduit/widgets/js/engine/stream.js";
import { CLICK, RATE, clicks, frameOf, furthest, lateness, onsets, part, played, player, rms, run, score } from "./engine_kit.mjs";

const MINUTES_5 = 300;
const NEAREST = 0.5 + 1e-6;

test("every onset stands on the frame nearest its beat over five minutes at 123.4 bpm", () => {
  const beats = Array.from({ length: 1800 }, (_, i) => i / 3);

  const found = played(score([clicks(beats)], { bpm: 123.4, length: 600 }), MINUTES_5);

  assert.ok(found.length >= 1800 * 0.99, found.length);
  assert.ok(furthest(lateness(found, beats.map((beat) => frameOf(beat, 123.4)))) <= NEAREST);
});

for (const loop of [[0, 4], [1, 3.7], [0.3, 0.3 + 7 / 3]]) {
  test(`a loop of beats ${loop[0]} to ${loop[1]} does not drift in five minutes at 123.4 bpm`, () => {
    const inside = [loop[0], loop[0] + 0.5, loop[1] - 0.25];
    const found = played(score([clicks(inside)], { bpm: 123.4, length: 8, loop }), MINUTES_5);

    const due = found.map((_, i) => inside[i % 3] + (loop[1] - loop[0]) * Math.floor(i / 3)).map((beat) => frameOf(beat, 123.4));
    assert.ok(found.length > 400);
    assert.ok(furthest(lateness(found, due)) <= NEAREST);
  });
}

test("a stream of chunks is sample by sample what is played, rounds and chances too", () => {
  const value = score([clicks([1]), part([[1, 1, 57, 90, 0.5], [3.2, 0.4, 60, 90, 0.5]])], { bpm: 123.4, loop: [1, 3.7] });
  const stream = new Stream();
  stream.sounds(CLICK);

  const { anchor, sides: [first] } = stream.play({ score: value, from: 0.5, rate: RATE, frames: 11_025, turn: 1 });
  const chunks = [first, ...Array.from({ length: 39 }, () => stream.more({ frames: 11_025 }).sides[0])];
  const made = player(CLICK);
  made.play(value, { from: 0.5 });
  const { left } = run(made, 441_000, { block: 11_025 });

  assert.ok(chunks.every((chunk, i) => furthest(lateness(chunk, left.subarray(i * 11_025))) === 0));
  assert.deepEqual([anchor.beat, anchor.frame, anchor.loop], [0.5, 0, [1, 3.7]]);
});

test("a stream ends once, in the chunk where its score does, and goes on as it rings", () => {
  const stream = new Stream();
  const value = score([part([[0, 0.75, 57]], { instrument: "pad" })], { length: 0.75 });

  const chunks = [stream.play({ score: value, rate: RATE, frames: 11_025, turn: 7 })];
  for (let i = 0; i < 3; i += 1) chunks.push(stream.more({ frames: 11_025 }));

  assert.deepEqual(chunks.map(({ ended, turn }) => [ended, turn]), [[false, 7], [true, 7], [false, 7], [false, 7]]);
  assert.ok(rms(chunks[2].sides[0]) > 0.001);
});

test("a loop whose notes lie on both sides of its seam loses none and doubles none", () => {
  const found = played(score([clicks([0, 3.999999])], { bpm: 97.3, length: 4, loop: [0, 4] }), 60);

  const rounds = Math.floor((60 * 97.3) / 60 / 4);
  // Both clicks fall on one frame or on neighbours.
  assert.ok(new Set(found.map((frame) => Math.round(frame / frameOf(4, 97.3)))).size >= rounds);
  assert.ok(found.every((frame) => Math.abs(frame - frameOf(4, 97.3) * Math.round(frame / frameOf(4, 97.3))) <= 1));
});

test("play that begins before the loop runs into it, and beyond it runs to the clip's end first", () => {
  const beats = [0, 2, 3, 5];
  const value = score([clicks(beats)], { length: 6, loop: [2, 4] });
  const beatsOf = (from) => played(value, 2.9, { from }).map((frame) => (frame / RATE) * 2);

  const [before, beyond] = [0, 4.5].map(beatsOf);

  assert.deepEqual(before.map((beat) => Math.round(beat * 100) / 100), [0, 2, 3, 4, 5]);
  assert.deepEqual(beyond.slice(0, 3).map((beat) => Math.round(beat * 100) / 100), [0.5, 1.5, 2.5]);
});

test("a tempo change keeps the place and is exact from its block on", () => {
  const beats = Array.from({ length: 64 }, (_, i) => i / 2);
  const parts = [clicks(beats)];
  const made = player(CLICK);
  made.play(score(parts, { bpm: 123.4, length: 32 }));

  const before = onsets(made, 4);
  const changedAt = made.frame;
  made.update(score(parts, { bpm: 77.7, length: 32 }));
  const after = onsets(made, 8, { now: changedAt });

  const place = changedAt / frameOf(1, 123.4);
  const due = beats.map((beat) => (beat < place ? frameOf(beat, 123.4) : changedAt + frameOf(beat - place, 77.7)));
  assert.ok(before.length + after.length >= 26);
  assert.ok(furthest(lateness([...before, ...after], due)) <= NEAREST);
});

test("the tempo may change at every block without a note lost, doubled or early", () => {
  const parts = [clicks(Array.from({ length: 400 }, (_, i) => i / 8))];
  const made = player(CLICK);
  made.play(score(parts, { bpm: 120, length: 50 }));
  let found = 0;

  for (let now = 0; made.score; now += 128) {
    found += onsets(made, 128 / RATE, { now }).length;
    if (made.score) made.update(score(parts, { bpm: 60 + (now % 1000) / 4, length: 50 }));
  }

  assert.equal(found, 400);
});

test("an update in the middle of a round neither repeats nor loses the notes around it", () => {
  const beats = Array.from({ length: 32 }, (_, i) => i / 8);
  const made = player(CLICK);
  made.play(score([clicks(beats)], { loop: [0, 4] }));
  let found = 0;

  for (let now = 0; now < 19.99 * RATE; now += 128) {
    found += onsets(made, 128 / RATE, { now }).length;
    made.update(score([clicks(beats)], { loop: [0, 4] }));
  }

  assert.equal(found, 20 * 16);
});

test("a loop drawn in behind the playhead takes it along", () => {
  const made = player(CLICK);
  made.play(score([clicks([0, 1, 2, 3])], { loop: [0, 4] }), { from: 0 });
  onsets(made, 1.25);

  made.update(score([clicks([0, 1, 2, 3])], { loop: [0, 2] }));

  const beats = onsets(made, 2, { now: made.frame }).map((frame) => (frame / RATE) * 2 % 1);
  assert.ok(beats.length >= 3 && beats.every((beat) => Math.min(beat, 1 - beat) < 1e-3), beats);
});

for (const [swing, swingStep] of [[0.5, 0.5], [0.62, 0.25], [2 / 3, 0.5], [0.75, 0.25]]) {
  test(`swing ${swing.toFixed(2)} by ${swingStep} is a monotone map that leaves each pair where it is`, () => {
    const map = { swing, swingStep };
    const beats = Array.from({ length: 1000 }, (_, i) => i / 100);
    const out = beats.map((beat) => swung(beat, map));

    assert.ok(out.every((beat, i) => i === 0 || beat > out[i - 1]));
    assert.ok(out.every((beat, i) => Math.abs(straight(beat, map) - beats[i]) < 1e-9));
    assert.ok(Math.abs(swung(swingStep, map) - 2 * swingStep * swing) < 1e-12 && swung(3, map) === 3);
  });
}

test("swung notes are exact, also when the swing changes while playing", () => {
  const beats = Array.from({ length: 32 }, (_, i) => i / 2);
  const parts = [clicks(beats)];
  const made = player(CLICK);
  made.play(score(parts, { bpm: 101, length: 16, swing: 2 / 3 }));

  const found = onsets(made, 4);
  made.update(score(parts, { bpm: 101, length: 16, swing: 0.56 }));
  const all = [...found, ...onsets(made, 5, { now: made.frame })];

  const due = beats.map((beat, i) => frameOf(swung(beat, { swing: i < found.length ? 2 / 3 : 0.56, swingStep: 0.5 }), 101));
  assert.ok(all.length >= 30);
  assert.ok(furthest(lateness(all, due)) <= NEAREST);
});

test("swing loses no note at a seam that lies off its grid", () => {
  const found = played(score([clicks([0.5, 1.2])], { length: 1.25, loop: [0, 1.25], swing: 0.75, swingStep: 0.5 }), 10);

  assert.ok(Math.abs(found.length - 32) <= 1, found.length);
});

test("the beat that is heard is told from the anchor, rounds taken off", () => {
  const anchor = { beat: 1, frame: 100, perBeat: 10, loop: [2, 4], end: 4 };

  const beats = [0, 100, 110, 130, 135, 155].map((frame) => heard(anchor, frame));

  assert.deepEqual(beats, [1, 1, 2, 2, 2.5, 2.5]);
  assert.equal(heard({ ...anchor, loop: null }, 1000), 4);
});

test("the metronome clicks on every beat of the metre, strong where a bar begins, metre changes too", () => {
  const metre = { meter: [3, 4], changes: [[6, 6, 8], [12, 2, 2]] };
  const found = [];
  for (let at = 0; at < 18; at = found.at(-1).beat + 1e-6) found.push(nextClick(metre, at));

  const strong = found.filter((click) => click.strong).map(({ beat }) => beat);
  assert.deepEqual(strong, [0, 3, 6, 9, 12, 16]);
  assert.deepEqual(found.map(({ beat }) => beat).slice(0, 20), [0, 1, 2, 3, 4, 5, 6, 6.5, 7, 7.5, 8, 8.5, 9, 9.5, 10, 10.5, 11, 11.5, 12, 14]);
});

test("a metre that changes within a bar begins a bar there", () => {
  const metre = { meter: [4, 4], changes: [[2.5, 3, 4]] };

  assert.deepEqual(nextClick(metre, 2.1), { beat: 2.5, strong: true });
  assert.deepEqual(nextClick(metre, 2.6), { beat: 3.5, strong: false });
});
