import assert from "node:assert/strict";
import { test } from "node:test";
import { soundName } from "../../conduit/widgets/js/engine/names.js";
import { RATE, loudestHz, part, peak, render, rms, score, zone } from "./engine_kit.mjs";

const sine = (hz, frames, rate = RATE) => Int16Array.from({ length: frames }, (_, i) => 20_000 * Math.sin((2 * Math.PI * hz * i) / rate));
const A = sine(441, RATE);
const bank = (changes, samples = A, more = []) => ({ name: "0", zones: [{ ...zone({ end: samples.length, root: 69, ...changes }) }, ...more], samples });

/** One note of a bank, without the mixer's room. */
function note(made, { pitch = 69, velocity = 127, beats = 4, frames = RATE, rows = [[0, beats, pitch, velocity]], controls } = {}) {
  return render(score([part(rows, { sound: "gm", instrument: "bass", program: 0, controls })], { length: 40 }), { frames, banks: [made] });
}

test("a sampled sound's name is its program, its kit, or what its instrument usually is", () => {
  const names = [{ program: 33 }, { program: 0 }, { program: null, instrument: "pad" }, { drums: true, program: null }, { drums: true, program: 8 }].map(soundName);

  assert.deepEqual(names, ["33", "0", "89", "drums", "drums:8"]);
});

for (const pitch of [57, 69, 76, 81]) {
  test(`pitch ${pitch} sounds at its frequency, whatever the recording's root and rate`, () => {
    const hz = 441 * 2 ** ((pitch - 69) / 12);
    const found = [bank({}), bank({ root: 69 + 0.5, rate: RATE * 2 ** (0.5 / 12) })].map((made) =>
      loudestHz(note(made, { pitch }).left.subarray(2000, 22_000), hz - 8, hz + 8));

    assert.ok(found.every((value) => Math.abs(value - hz) < 0.3), `${found} for ${hz}`);
  });
}

test("a loop holds a note as long as it is asked, without a seam", () => {
  const { left } = note(bank({ end: 1000, loop: [100, 1000] }), { beats: 4, frames: 2 * RATE });

  const body = left.subarray(200, 80_000);
  const steps = body.slice(1).map((value, i) => value - body[i]);
  assert.ok(peak(steps) < 1.3 * 0.8 * Math.SQRT1_2 * 2 * Math.PI * 441 / RATE, peak(steps));
  assert.ok(rms(left.subarray(78_000, 82_000)) > 0.2);
});

test("without a loop it ends with its recording", () => {
  const { left } = note(bank({ end: 5000 }), { frames: 20_000 });

  assert.ok(rms(left.subarray(2000, 4900)) > 0.2 && rms(left.subarray(5000, 7000)) < 0.02);
});

test("attack, decay to sustain, and release take their times", () => {
  const made = bank({ end: 1000, loop: [0, 1000], attack: 0.1, hold: 0.1, decay: 1, sustain: 0.1, release: 0.4 });
  const { left } = note(made, { beats: 2, frames: 2 * RATE });
  const level = (s) => rms(left.subarray(s * RATE - 200, s * RATE + 200));
  const top = level(0.15);

  assert.ok(Math.abs(level(0.05) / top - 0.5) < 0.05);
  assert.ok(Math.abs(20 * Math.log10(level(0.3) / top) + 10) < 1.5, "100 dB in a second: 10 dB in a tenth");
  assert.ok(Math.abs(level(0.8) / top - 0.1) < 0.02);
  assert.ok(Math.abs(20 * Math.log10(level(1.1) / level(0.95)) + 20) < 4, "80 dB in 0.4 s: 20 dB in 0.1 s");
});

test("loudness goes with the square of the velocity", () => {
  const level = (velocity) => rms(note(bank({ gain: 0.3 }), { velocity }).left);

  assert.ok(Math.abs(level(100) / level(50) - 4) < 0.1);
});

test("velocity and key choose the zone, and zones that overlap sound together", () => {
  const soft = zone({ velocities: [0, 63], end: RATE, root: 69 });
  const loud = zone({ velocities: [64, 127], end: RATE, root: 57 });
  const made = { name: "0", zones: [soft, loud, zone({ keys: [100, 127], end: RATE })], samples: A };
  const hz = (velocity) => loudestHz(note(made, { velocity }).left.subarray(2000, 12_000), 400, 900, 1);

  assert.ok(Math.abs(hz(40) - 441) < 3 && Math.abs(hz(100) - 882) < 3);
  assert.ok(rms(note(bank({ gain: 0.2 }, A, [zone({ end: RATE, root: 69, gain: 0.2 })])).left) > 1.8 * rms(note(bank({ gain: 0.2 })).left));
});

test("pan puts a zone left or right with constant power", () => {
  const sides = (pan) => {
    const { left, right } = note(bank({ pan, gain: 0.3 }));
    return [rms(left), rms(right)];
  };

  const [[left, none], [a, b]] = [sides(-1), sides(0)];
  assert.ok(none < 0.05 * left && Math.abs(a - b) < 0.05 * a && Math.abs(left / a - Math.SQRT2) < 0.05);
});

test("a choke class silences what sounds of it, but not the other zones of the same note", () => {
  const open = zone({ keys: [46, 46], end: RATE, root: 46, choke: 1 });
  const closed = [zone({ keys: [42, 42], end: 2000, root: 42, choke: 1, gain: 0.01 }), zone({ keys: [42, 42], end: RATE, root: 42, choke: 1, gain: 0.3 })];
  const made = { name: "0", zones: [open, ...closed], samples: A };
  const level = (rows) => rms(note(made, { rows }).left.subarray(30_000, 34_000));

  const [rings, choked] = [level([[0, 4, 46, 127]]), level([[0, 4, 46, 127], [1, 4, 42, 127]])];
  assert.ok(rings > 0.2 && choked < 0.55 * rings && choked > 0.1 * rings, `${rings} ${choked}`);
});

test("a cut-off takes away what is above it", () => {
  const high = sine(6000, RATE);
  const level = (cutoff) => rms(note(bank({ cutoff, gain: 0.5 }, high)).left);

  assert.ok(level(800) < 0.05 * level(null));
});

test("a low-pass goes where its sweep takes it, and stays there", () => {
  const noise = Int16Array.from({ length: RATE }, (_, i) => 20_000 * Math.sin(i * i * 0.37));
  const sweep = { cents: 4800, attack: 0.001, decay: 0.5, sustain: 0.5 };
  const { left } = note(bank({ cutoff: 400, sweep, quality: 0.71, loop: [0, RATE] }, noise), { frames: RATE });
  const steps = left.slice(1).map((value, i) => value - left[i]);
  const brightness = (s) => rms(steps.subarray(s * RATE, s * RATE + 4000)) / rms(left.subarray(s * RATE, s * RATE + 4000));
  const [first, middle, late, end] = [0.01, 0.12, 0.35, 0.8].map(brightness);

  assert.ok(first > 1.3 * middle && middle > 1.3 * late && Math.abs(late - end) < 0.1 * end, `${[first, middle, late, end]}`);
});

test("a resonance lifts what is at the cut-off above what is below", () => {
  const level = (hz, quality) => rms(note(bank({ cutoff: 882, quality, gain: 0.2 }, sine(hz, RATE))).left);

  assert.ok(Math.abs(level(882, 4) / level(220.5, 4) - 4) < 0.5);
});

test("a loop that is off centre does not stay there", () => {
  const shifted = sine(441, 1000).map((value) => value / 2 + 8000);
  const { left } = note(bank({ end: 1000, loop: [0, 1000] }, shifted));

  const mean = left.subarray(10_000, 20_000).reduce((sum, value) => sum + value, 0) / 10_000;
  assert.ok(Math.abs(mean) < 0.01, mean);
});

test("the bend moves a recording too", () => {
  const { left } = note(bank({}), { controls: Float64Array.of(0, 128, 8191) });

  assert.ok(Math.abs(loudestHz(left.subarray(2000, 22_000), 470, 520) - 495) < 0.5);
});
