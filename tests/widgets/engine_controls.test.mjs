import assert from "node:assert/strict";
import { test } from "node:test";
import { RATE, furthest, loudestHz, part, peak, render, rms, score } from "./engine_kit.mjs";

const TONE = [[0, 4, 69, 100]];
const HELD = [[0, 0.1, 57, 100]];
const after = (rows, changes, played_ = HELD) =>
  render(score([part(played_, { instrument: "lead", controls: Float64Array.from(rows.flat()), ...changes })]), { frames: RATE });

test("the pedal holds notes that have ended until it is lifted", () => {
  const at = (samples, beat) => rms(samples.subarray(beat * RATE / 2, beat * RATE / 2 + 4000));

  const { left } = after([[0, 64, 127], [1, 64, 0]]);

  assert.ok(at(left, 0.8) > 0.05 && at(left, 1.8) < 0.01 && at(after([]).left, 0.8) < at(left, 0.8) / 4);
});

test("the bend goes two semitones either way", () => {
  const hz = (bend) => loudestHz(after([[0, 128, bend]], { instrument: "keys" }, [[0, 4, 69, 60]]).left.subarray(8000, 24_000), 380, 510, 0.5);

  assert.ok(Math.abs(hz(0) - 440) < 1 && Math.abs(hz(8191) - 493.9) < 1 && Math.abs(hz(-8192) - 392) < 1);
});

test("volume and expression turn a part down, pan moves it", () => {
  const levels = (rows) => {
    const { left, right } = after(rows, {}, TONE);
    return [rms(left), rms(right)];
  };
  const [plain] = levels([]);

  const [quiet, soft, [left, right]] = [[[0, 7, 50]], [[0, 11, 64]], [[0, 10, 127]]].map(levels);

  assert.ok(Math.abs(quiet[0] / plain - 0.25) < 0.06 && Math.abs(soft[0] / plain - 0.254) < 0.06);
  assert.ok(right > plain && left < 0.3 * right);
});

test("controls before the place where play begins hold there", () => {
  const { left } = render(score([part([[2, 1, 69]], { controls: Float64Array.of(0, 7, 1) })]), { from: 2 });

  assert.ok(peak(left) < 0.01);
});

/** Pitches a part sounds at, in Hz, every 20 ms of its first second. */
const course = (changes, controls) => {
  const { left } = render(score([part([[0, 8, 69]], { ...changes, controls })], { length: 16 }), { frames: RATE });
  return Array.from({ length: 40 }, (_, i) => loudestHz(left.subarray(4410 + i * 882, 4410 + i * 882 + 1764), 415, 465, 0.5));
};
const modulated = (value) => Float64Array.of(0, 1, value);

test("modulation is a vibrato of half a semitone either way, five and a half times a second", () => {
  const [still, full, half] = [0, 127, 64].map((value) => course({ instrument: "keys" }, modulated(value)));
  const cents = (found) => found.map((hz) => 1200 * Math.log2(hz / 440));

  assert.ok(furthest(cents(still)) < 4, `${cents(still)}`);
  assert.ok(Math.abs(Math.max(...cents(full)) - 50) < 9 && Math.abs(Math.min(...cents(full)) + 50) < 9, `${cents(full)}`);
  assert.ok(Math.abs(furthest(cents(half)) / furthest(cents(full)) - 0.5) < 0.15);
  const turns = full.filter((hz, i) => i && (hz > 440) !== (full[i - 1] > 440)).length;
  assert.ok(turns >= 8 && turns <= 10, `${turns} passages through the pitch in 0.8 s`);
});

for (const instrument of ["piano", "pluck", "drums"]) {
  test(`what dies away by itself has no vibrato: ${instrument}`, () => {
    const [still, full] = [0, 127].map((value) =>
      render(score([part([[0, 8, 60]], { instrument, drums: instrument === "drums", controls: modulated(value) })], { length: 16 })).left);

    assert.deepEqual(still, full);
  });
}

test("the reverb send says how much rings on, from nothing to a hall", () => {
  const rings = (value) => {
    const { left } = render(score([part([[0, 0.2, 60]], { instrument: "bass", controls: Float64Array.of(0, 91, value) })], { length: 16 }));
    return rms(left.subarray(22_050, 40_000));
  };
  const [none, half, full] = [0, 64, 127].map(rings);

  assert.ok(none < 1e-4, `${none}`);
  assert.ok(full > 0.002 && Math.abs(half / full - 64 / 127) < 0.01, `${half} ${full}`);
});
