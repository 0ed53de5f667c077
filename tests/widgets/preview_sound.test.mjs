import assert from "node:assert/strict";
import { test } from "node:test";
import { RATE, part, peak, player, render as play, run, score } from "./engine_kit.mjs";

const INSTRUMENTS = ["bass", "keys", "pad", "lead", "pluck", "piano", "drums"];
// At 120 bpm a frame is 1/22050 of a beat.
const beats = (frames) => frames / (RATE / 2);

function render(instrument, rows, { loop = false, loopFrames = RATE, from = 0, ...options } = {}) {
  const events = rows.map(([start, duration, pitch, velocity]) => [beats(start), beats(duration), pitch, velocity]);
  const made = part(events, { instrument, drums: instrument === "drums" });
  const length = beats(loopFrames);
  return play(score([made], { length, loop: loop ? [0, length] : null }), { from: beats(from), ...options });
}

const onset = (samples, threshold = 1e-3) => samples.findIndex((value) => Math.abs(value) > threshold);

for (const instrument of INSTRUMENTS) {
  test(`${instrument}: silent before its note, sound after it, never above full scale`, () => {
    const { left, right } = render(instrument, [[10_000, 20_000, instrument === "drums" ? 38 : 57, 110]]);
    assert.equal(peak(left.subarray(0, 10_000)), 0);
    assert.ok(peak(left) > 0.05 && peak(left) <= 1 && peak(right) > 0.05 && peak(right) <= 1);
    assert.ok(left.every(Number.isFinite));
  });

  test(`${instrument}: has died away three seconds after its note`, () => {
    const { left } = render(instrument, [[0, 4000, instrument === "drums" ? 49 : 45, 127]], { frames: 6 * RATE });
    assert.ok(peak(left.subarray(4 * RATE)) < 0.01);
  });

  test(`${instrument}: a louder velocity is louder`, () => {
    const level = (velocity) => peak(render(instrument, [[0, 20_000, instrument === "drums" ? 36 : 57, velocity]]).left);
    assert.ok(level(120) > 1.3 * level(40));
  });
}

for (const pitch of [35, 36, 37, 38, 39, 42, 46, 49, 51, 56, 63, 70, 75, 81]) {
  test(`drum ${pitch} sounds`, () => {
    assert.ok(peak(render("drums", [[0, 4000, pitch, 110]]).left) > 0.02);
  });
}

test("the same notes give the same samples, whatever the block", () => {
  const rows = [[0, 9000, 57, 100], [5000, 9000, 64, 80], [5001, 400, 69, 80]];
  const [one, other] = [128, 441].map((block) => render("keys", rows, { block }).left);
  assert.ok(peak(one.map((value, i) => value - other[i])) < 1e-4);
});

test("a note starts on its frame, counted from the frame at which play begins", () => {
  assert.ok(Math.abs(onset(render("drums", [[1000, 4000, 36, 120]], { at: 5000 }).left, 1e-4) - 6000) <= 44);
});

test("a loop repeats on its frame, round after round", () => {
  const { left } = render("drums", [[0, 400, 75, 120]], { loop: true, loopFrames: 20_000, frames: 70_000 });
  for (const round of [0, 1, 2, 3]) {
    const heard = left.subarray(Math.max(0, round * 20_000 - 100), round * 20_000 + 200);
    const loudest = heard.findIndex((value) => Math.abs(value) > 0.05) - (round ? 100 : 0);
    assert.ok(loudest >= 0 && loudest < 44, `round ${round} at ${loudest}`);
  }
});

test("without loop it ends once", () => {
  assert.equal(render("keys", [[0, 400, 60, 100]], { loopFrames: 8000 }).ended, 1);
});

test("play can begin inside the clip", () => {
  assert.ok(onset(render("drums", [[0, 400, 36, 120], [8000, 400, 36, 120]], { from: 7000 }).left) - 1000 < 44);
});

test("stop fades within ten milliseconds", () => {
  const made = player();
  made.play(score([part([[0, 2, 57, 120]])], { length: 2, loop: [0, 2] }));
  run(made, 2048);
  made.stop();
  const { left } = run(made, 2048, { from: 2048 });
  assert.equal(peak(left.subarray(441)), 0);
  assert.ok(peak(left.subarray(0, 100)) > 0.01);
});
