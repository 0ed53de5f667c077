import assert from "node:assert/strict";
import { test } from "node:test";
import { dice } from "../../conduit/widgets/js/engine/player.js";
import { CLICK, RATE, clicks, frameOf, loudestHz, onsets, part, peak, played, player, render, rms, run, score, zone } from "./engine_kit.mjs";

const TONE = [[0, 4, 69, 100]];
const drone = (pitch, changes) => part([[0, 400, pitch, 100]], { instrument: "bass", ...changes });
const alive = (made) => made.mixer.all.flatMap((rack) => [...rack.voices()]).filter((voice) => voice.alive && !voice.dying).length;

test("a muted part is silent and the others are as they were", () => {
  const [a, b] = [part([[0, 1, 40]]), part([[0, 1, 76]])];

  const alone = render(score([a, { ...b, muted: true }])).left;

  assert.ok(peak(alone) > 0.05);
  assert.deepEqual(alone, render(score([a, part([])])).left);
});

test("solo silences every part that is not soloed, and a muted part stays muted", () => {
  const parts = [clicks([0]), clicks([1], { soloed: true }), clicks([2], { soloed: true, muted: true })];

  assert.deepEqual(played(score(parts), 2), [Math.round(frameOf(1, 120))]);
});

test("muting while a note sounds fades it within ten milliseconds and without a click", () => {
  const made = player();
  made.play(score([drone(45)]));
  run(made, RATE / 2 | 0);
  made.update(score([drone(45, { muted: true })]));

  const { left } = run(made, 4096, { from: made.frame });

  const steps = left.slice(1).map((value, i) => value - left[i]);
  assert.ok(rms(left.subarray(2048)) < 0.02 && peak(steps.subarray(0, 2048)) < 0.1);
});

test("gain scales a part", () => {
  const level = (gain) => rms(render(score([part(TONE, { gain })])).left);

  assert.ok(Math.abs(level(0.5) / level(0.25) - 2) < 0.05);
});

test("a note of half the chance sounds in about half of the rounds, in the same ones each time", () => {
  const value = score([part([[0, 0.01, 60, 127, 0.5]], { sound: "gm", instrument: "drums", drums: true })], { length: 0.25, loop: [0, 0.25] });

  const [one, other] = [played(value, 60), played(value, 60)];

  assert.deepEqual(one, other);
  assert.ok(one.length > 200 && one.length < 280, one.length);
});

test("chance is spread evenly over rounds and over notes", () => {
  const shares = [(i) => dice(i, 0, 0), (i) => dice(0, 0, 5 * i), (i) => dice(0, i, 0)].map(
    (draw) => Array.from({ length: 4000 }, (_, i) => draw(i)).filter((value) => value < 0.3).length / 4000);

  assert.ok(shares.every((share) => Math.abs(share - 0.3) < 0.03), shares);
});

test("the metronome is heard on its beats, higher on the first of the bar, and loops with the clip", () => {
  const { left } = render(score([part([])], { length: 3, loop: [0, 3], metronome: true, meter: [3, 4] }), { frames: 3 * RATE });

  const at = [0, 1, 2, 3, 4, 5].map((beat) => Math.round(frameOf(beat, 120)));
  const pitches = at.map((frame) => loudestHz(left.subarray(frame, frame + 1500), 800, 1900, 25) > 1300);
  assert.deepEqual(pitches, [true, false, false, true, false, false]);
  for (const frame of at) {
    assert.ok(peak(left.subarray(frame + 8000, frame + 20_000)) < 1e-4);
    assert.ok(peak(left.subarray(frame, frame + 3)) > 1e-4);
  }
});

test("no more than the limit of voices sound, however many notes start", () => {
  const rows = Array.from({ length: 3000 }, (_, i) => [i / 100, 8, 30 + (i % 70), 90]);
  const made = player();
  made.play(score(Array.from({ length: 10 }, () => part(rows.filter((_, i) => i % 2))), { length: 40 }));
  let most = 0;

  for (let now = 0; now < 4 * RATE; now += 4096) {
    run(made, 4096, { from: now });
    most = Math.max(most, alive(made));
  }

  assert.ok(most > 50 && most <= 64, most);
});

const together = (count, changes) => part(Array.from({ length: count }, (_, i) => [1, 4, 30 + (i % 80), 90]), changes);

for (const count of [512, 3000]) {
  test(`${count} notes at once are no more voices than others`, () => {
    const made = player();
    made.play(score([part(Array.from({ length: 64 }, (_, i) => [0, 9, 30 + i])), together(count)], { length: 16 }));
    let [most, rendered] = [0, 0];

    for (let now = 0; now < RATE; now += 128) {
      run(made, 128, { from: now });
      most = Math.max(most, alive(made));
      rendered = Math.max(rendered, made.mixer.all.reduce((sum, { living }) => sum + living, 0));
    }

    assert.equal(most, 64);
    assert.ok(rendered <= 128, rendered);
  });
}

test("a block in which thousands of notes begin takes hardly longer than one with a few", () => {
  const longest = (count) => Math.min(...[1, 2, 3, 4, 5].map(() => {
    const made = player();
    made.play(score([together(count)], { length: 8 }));
    run(made, RATE / 2 - 128);
    const before = process.cpuUsage();
    run(made, 512, { from: made.frame });
    return process.cpuUsage(before).user / 1000;
  }));

  const [few, many] = [longest(64), longest(3000)];

  assert.ok(many < few + 6, `${few} ${many}`);
});

test("a part with more notes at once than there is room for leaves the others theirs", () => {
  const parts = [together(500), together(500, { instrument: "pad" }), clicks([1])];
  const made = player(CLICK);
  made.play(score(parts, { length: 8 }));

  run(made, RATE);

  const [keys, pad, click] = made.mixer.racks.map(({ sounding }) => sounding);
  assert.ok(Math.abs(keys - pad) <= 1 && keys + pad >= 62 && click <= 1, `${keys} ${pad} ${click}`);
  assert.equal(made.mixer.racks[2].list[0].voices.length, 1);
});

test("parts that are gone are let ring and then dropped", () => {
  const [one, two] = [part(TONE), part(TONE, { instrument: "pad" })];
  const made = player();
  made.play(score([one, two], { length: 400 }));
  run(made, 4096);

  for (let i = 0; i < 50; i += 1) {
    made.update(score([one], { length: 400 }));
    run(made, 512, { from: made.frame });
    made.update(score([one, two], { length: 400 }));
    run(made, 512, { from: made.frame });
  }
  const ringing = made.mixer.extra.length;
  run(made, 10 * RATE, { from: made.frame });

  assert.ok(ringing >= 1 && made.mixer.extra.length === 0, `${ringing} ${made.mixer.extra.length}`);
});

test("a voice that is taken goes without a click", () => {
  const rows = Array.from({ length: 80 }, (_, i) => [1 + i / 40, 8, 57, 30]);
  const { left } = render(score([drone(33), part(rows, { instrument: "pad" })]), { frames: 2 * RATE });

  const steps = left.slice(1).map((value, i) => Math.abs(value - left[i]));
  assert.ok(peak(steps) < 0.12, peak(steps));
});

test("tails ring over the seam", () => {
  const value = score([part([[0.9, 0.1, 60, 120]], { instrument: "pad" })], { length: 1, loop: [0, 1] });

  const { left } = render(value, { frames: RATE });

  assert.ok(rms(left.subarray(RATE / 2 + 500, RATE / 2 + 4000)) > 0.01);
});

test("a note that is taken out while it sounds is let go, and one that is cut ends where it now ends", () => {
  const level = (rows) => {
    const made = player();
    made.play(score([part([[0, 4, 57]], { instrument: "lead" })]));
    run(made, 8192);
    made.update(score([part(rows, { instrument: "lead" })]));
    return rms(run(made, RATE, { from: 8192 }).left.subarray(RATE / 2 | 0));
  };

  assert.ok(level([[0, 4, 57]]) > 0.05);
  assert.ok(level([]) < 0.01 && level([[0, 0.5, 57]]) < 0.01);
});

const heldTo = () => [player(), part([[0, 4, 57]], { instrument: "lead" })];

test("a long note sounds when play begins in its middle, and ends where it ends", () => {
  const [made, pad] = heldTo();
  made.play(score([pad]), { from: 3 });

  const { left } = run(made, RATE);

  const [held, rung] = [left.subarray(2000, RATE / 2), left.subarray(0.8 * RATE)].map(rms);
  assert.ok(held > 0.05 && rung < held / 8, `${held} ${rung}`);
});

test("a part that is heard again takes up its long notes", () => {
  const [made, pad] = heldTo();
  made.play(score([{ ...pad, muted: true }]));
  const before = rms(run(made, 8192).left);

  made.update(score([pad]));

  assert.ok(before === 0 && rms(run(made, 8192, { from: 8192 }).left) > 0.05);
});

test("velocities stray to one side, in each round anew and each time alike", () => {
  const heard = (strays) => {
    const made = player(CLICK);
    made.play(score([clicks([0, 1, 2, 3], { strays: Float64Array.from(strays), controls: Float64Array.of(0, 91, 0) })], { loop: [0, 4] }));
    const { left } = run(made, 8 * RATE * 2);
    return Array.from({ length: 32 }, (_, i) => peak(left.subarray(i * 22_050, i * 22_050 + 100)));
  };
  const [plain, strayed, again] = [[0, 0, 0, 0], [-80, -80, -80, 0], [-80, -80, -80, 0]].map(heard);

  assert.ok(plain.every((value) => Math.abs(value - plain[0]) < 1e-6));
  assert.deepEqual(strayed, again);
  assert.ok(strayed.every((value, i) => value <= plain[0] + 1e-6 && (i % 4 < 3 || Math.abs(value - plain[0]) < 1e-6)));
  assert.ok(new Set(strayed.map((value) => value.toFixed(4))).size > 15);
});

test("one note can be heard when nothing plays, and dies away", () => {
  const made = player();
  made.audition(part([], { instrument: "piano" }), 60, 100);

  const { left } = run(made, 3 * RATE);

  assert.ok(peak(left.subarray(0, 2000)) > 0.05 && peak(left.subarray(2 * RATE)) < 0.005);
});

test("ten parts at once stay below full scale and keep their level from beat to beat", () => {
  const kinds = ["drums", "bass", "keys", "pad", "lead", "pluck", "piano", "keys", "pad", "lead"];
  const rows = (i) => Array.from({ length: 32 }, (_, k) => [k / 2, 0.5, i ? 40 + ((k * 7 + i * 5) % 36) : [36, 42, 38, 42][k % 4], 100]);
  const { left, right } = render(score(kinds.map((instrument, i) => part(rows(i), { instrument, drums: !i })), { length: 16 }), { frames: 8 * RATE });

  const levels = Array.from({ length: 28 }, (_, k) => rms(left.subarray(RATE + k * 11_025, RATE + (k + 1) * 11_025)));

  assert.ok(peak(left) < 1 && peak(right) < 1);
  assert.ok(Math.max(...levels) / Math.min(...levels) < 1.8);
});

test("a part plays its synthesizer until its sampled sound is there, and that from then on", () => {
  const made = player();
  const tick = { ...CLICK, name: "drums:8", zones: [zone()] };
  made.play(score([clicks([0, 1, 2], { program: 8 })]));

  const synth = run(made, 20_000).left;
  made.take(tick.name, tick);
  const sampled = onsets(made, 1, { now: made.frame });

  assert.ok(rms(synth.subarray(500, 3000)) > 0.001);
  assert.deepEqual(sampled, [1, 2].map((beat) => frameOf(beat, 120)));
});
