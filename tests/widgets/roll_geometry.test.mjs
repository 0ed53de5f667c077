import assert from "node:assert/strict";
import { test } from "node:test";
import { blocks, pieces } from "../../conduit/widgets/js/answer.js";
import { coverage } from "../../conduit/widgets/js/draw.js";
import {
  beatAt, clampView, fitLength, fitRows, follow, gridLines, layout, nearestLine, pan, pitchAt, pitchRange, reveal, rulerLabels, xOf, yOf, zoomRows, zoomTime,
} from "../../conduit/widgets/js/geometry.js";
import { laneValue, laneY, pointsBefore, pointsOf } from "../../conduit/widgets/js/draw/lane.js";
import { describeSelection } from "../../conduit/widgets/js/hover.js";
import { drumLanes, kindOf, melodyLanes } from "../../conduit/widgets/js/lanes.js";
import { barsText, clock, fromTonic, metres, pitchName, position } from "../../conduit/widgets/js/naming.js";

const NOTES = { low: 57, high: 64, count: 8, pitch: [57, 64] };
const LAYOUT = layout(NOTES, false);
const VIEW = fitRows(fitLength({ from: 0, perBeat: 1, width: 800 }, 16), LAYOUT);

test("middle C is C3, as in Live", () => {
  assert.deepEqual([60, 45, 0, 127].map((pitch) => pitchName(pitch)), ["C3", "A1", "C-2", "G8"]);
  assert.equal(pitchName(70, { flats: true }), "Bb3");
});

test("positions count bars, beats and sixteenths from 1", () => {
  assert.equal(position(0, [4, 4]), "1.1.1");
  assert.equal(position(5.75, [4, 4]), "2.2.4");
  assert.equal(position(3.5, [7, 8]), "2.1.1");
  assert.equal(position(3.9999999, [4, 4]), "2.1.1");
});

test("a clock rounds up, so that zero means over", () => {
  assert.deepEqual([300, 59.2, 0.1, 0, -1].map(clock), ["5:00", "1:00", "0:01", "0:00", "0:00"]);
});

test("rows are the used pitches and three to spare, at least sixteen", () => {
  assert.deepEqual(pitchRange({ low: 40, high: 60, count: 2 }), [37, 63]);
  assert.deepEqual(pitchRange({ low: 60, high: 60, count: 1 }), [53, 68]);
  assert.deepEqual(pitchRange({ low: 0, high: 2, count: 1 }), [0, 15]);
  assert.deepEqual(pitchRange({ low: 126, high: 127, count: 1 }), [112, 127]);
});

test("row heights stay within 10 and 16 px", () => {
  for (let high = 40; high < 120; high += 7) {
    const { rowHeight, height } = layout({ low: 36, high, count: 2, pitch: [36, high] }, false);
    assert.ok(rowHeight >= 10 && rowHeight <= 16 && height >= 256 && height <= 400);
  }
});

test("drums have the lanes of the usual kit, and one for each other drum they use", () => {
  const { lanes } = layout({ count: 2, pitch: [36, 70] }, true);
  assert.equal(lanes.pitches.length, 11);
  assert.ok(lanes.pitches.includes(70) && lanes.pitches.includes(38));
});

test("drum lanes are sorted by kind from kick to percussion, whatever their pitch", () => {
  const { pitches } = drumLanes({ pitch: [56, 51, 35, 44, 63] });
  assert.deepEqual(pitches, [35, 36, 38, 37, 39, 41, 45, 42, 44, 46, 49, 51, 56, 63]);
  assert.deepEqual([36, 38, 45, 46, 51, 63].map(kindOf), [0, 1, 2, 3, 4, 5]);
});

test("a point on a drum's lane is that drum, in any order of lanes", () => {
  const rows = layout({ count: 2, pitch: [35, 56] }, true);
  const view = fitRows({ from: 0, perBeat: 1, width: 800 }, rows);
  for (const pitch of rows.lanes.pitches) assert.equal(pitchAt(view, yOf(view, pitch) + 1), pitch);
});

test("as drums come in, lanes are added, none is taken away and the height stays", () => {
  const coming = [36, 42, 38, 70, 46, 56, 49];
  let before = layout({ count: 0, pitch: [] }, false);
  for (let count = 1; count <= coming.length; count += 1) {
    const rows = layout({ count, pitch: coming.slice(0, count) }, true, before);
    assert.equal(rows.height, before.height);
    if (before.drums) assert.ok(before.lanes.pitches.every((pitch) => rows.lanes.pitches.includes(pitch)));
    before = rows;
  }
  assert.equal(before.lanes.pitches.length, 12);
});

test("the rows that were there stay as long as they hold the notes", () => {
  const before = layout({ low: 57, high: 60, count: 4 }, false);
  const after = layout({ low: 55, high: 61, count: 8 }, false, before);
  assert.deepEqual(after.range, before.range);
});

test("a clip that is written anew gets rows of its own", () => {
  const before = layout({ low: 30, high: 90, count: 40 }, false);
  assert.equal(layout({ low: 57, high: 60, count: 3 }, false, before).height, 256);
  assert.equal(layout({ count: 40, pitch: [36] }, true, before).lanes.pitches.length, 10);
});

test("beats and pitches map to pixels and back", () => {
  for (const beat of [0, 3.25, 15.9]) assert.ok(Math.abs(beatAt(VIEW, xOf(VIEW, beat)) - beat) < 1e-9);
  for (const pitch of [54, 60, 67]) assert.equal(pitchAt(VIEW, yOf(VIEW, pitch) + 1), pitch);
});

test("zooming keeps the beat under the pointer", () => {
  const zoomed = zoomTime(VIEW, 3, 500, 16);
  assert.ok(Math.abs(beatAt(zoomed, 500) - beatAt(VIEW, 500)) < 1e-9);
});

test("zooming out ends at the whole clip", () => {
  const out = zoomTime(zoomTime(VIEW, 4, 300, 16), 0.01, 300, 16);
  assert.equal(out.perBeat, 50);
  assert.equal(out.from, 0);
});

test("rows zoom in whole pixels around the pointer", () => {
  const zoomed = zoomRows(VIEW, 2, 100, 16);
  assert.equal(zoomed.rowHeight, VIEW.rowHeight + 2);
  assert.equal(pitchAt(zoomed, 100.5), pitchAt(VIEW, 100.5));
});

test("panning stops at the clip's ends and at the last pitch", () => {
  const near = zoomTime(VIEW, 4, 0, 16);
  assert.equal(pan(near, -1e6, 0, 16).from, 0);
  assert.ok(Math.abs(pan(near, 1e6, 0, 16).from - 12) < 1e-9);
  assert.equal(pan(near, 0, -1e6, 16).top, 128);
  assert.equal(clampView({ ...near, top: -50 }, 16).top, near.height / near.rowHeight);
});

test("the view follows the playhead page by page", () => {
  const near = zoomTime(VIEW, 4, 0, 16);
  assert.equal(follow(near, 3.9, 16), near);
  assert.equal(follow(near, 4.1, 16).from, 4);
});

test("a long clip opens at a readable zoom and fits on request", () => {
  assert.equal(fitLength(VIEW, 256).perBeat, 24);
  assert.equal(fitLength(VIEW, 256, { whole: true }).perBeat, 800 / 256);
});

test("sixteenths are drawn only when wider than 8 px", () => {
  assert.deepEqual(gridLines({ ...VIEW, perBeat: 32 }, [4, 4], 2).steps, [0.5, 1.5]);
  assert.equal(gridLines({ ...VIEW, perBeat: 33 }, [4, 4], 16).steps.length, 48);
});

test("bars thin out by doubling when they come too close", () => {
  const { bars, beats } = gridLines({ ...VIEW, perBeat: 0.5 }, [4, 4], 1600);
  assert.equal(bars[1] - bars[0], 16);
  assert.equal(beats.length, 0);
});

test("a bar of 7/8 has seven beats of half a quarter", () => {
  const { bars, beats } = gridLines({ ...VIEW, perBeat: 40 }, [7, 8], 7);
  assert.deepEqual(bars, [0, 3.5, 7]);
  assert.equal(beats.length, 12);
});

test("bar numbers are labelled as often as there is room", () => {
  const texts = (perBeat) => rulerLabels({ ...VIEW, perBeat }, [4, 4], 16).map((label) => label.text);
  assert.deepEqual(texts(50), ["1", "2", "3", "4"]);
  assert.ok(texts(80).includes("2.3"));
  assert.deepEqual(texts(4), ["1", "3"]);
});

const CHANGING = metres([4, 4], [[8, 7, 8], [15, 3, 4]]);

test("positions and bar counts follow changes of metre", () => {
  assert.deepEqual([7.9, 8, 11.5, 15, 17.25].map((beat) => position(beat, CHANGING)), ["2.4.4", "3.1.1", "4.1.1", "5.1.1", "5.3.2"]);
  assert.deepEqual([barsText(18, CHANGING), barsText(16.5, CHANGING), barsText(4, [4, 4])], ["5 bars", "4.5 bars", "1 bar"]);
});

test("a change of metre inside a bar ends that bar, and one at its start takes its place", () => {
  assert.equal(position(6, metres([4, 4], [[6, 3, 4]])), "3.1.1");
  assert.equal(position(3, metres([4, 4], [[0, 3, 4]])), "2.1.1");
});

test("bar lines, beats and the ruler follow changes of metre", () => {
  const { bars, beats } = gridLines({ ...VIEW, perBeat: 40 }, CHANGING, 18);
  assert.deepEqual(bars, [0, 4, 8, 11.5, 15, 18]);
  assert.equal(beats.filter((beat) => beat > 8 && beat < 15).length, 12);
  const labels = rulerLabels({ ...VIEW, perBeat: 25 }, CHANGING, 18).map(({ text }) => text);
  assert.deepEqual(labels, ["1", "2", "3 · 7/8", "4", "5 · 3/4"]);
});

test("lines of the grid step start anew with each bar and are never closer than 8 px", () => {
  const steps = (perBeat, step, metre = [4, 4]) => gridLines({ ...VIEW, perBeat }, metre, 4, step).steps;
  assert.deepEqual(steps(60, 1 / 3).slice(0, 4).map((beat) => beat.toFixed(2)), ["0.33", "0.67", "1.33", "1.67"]);
  assert.equal(steps(40, 1 / 8)[0], 0.25);
  assert.deepEqual(steps(200, 0), []);
  assert.deepEqual(steps(100, 1 / 3, [7, 8]).filter((beat) => beat > 3.5 && beat < 4).map((beat) => beat.toFixed(2)), ["3.83"]);
});

test("a beat snaps to the nearest line of its bar", () => {
  const lines = [0.3, 8.7, 11.4, 11.6, 14.9].map((beat) => nearestLine(beat, CHANGING, 1));
  assert.deepEqual(lines, [0, 9, 11.5, 11.5, 15]);
});

test("folded rows are the pitches in use or the scale, never fewer than there were", () => {
  const notes = { count: 2, low: 57, high: 61, pitch: [57, 61] };
  assert.deepEqual(melodyLanes(notes, [], { fold: "used" }).pitches, [57, 61]);
  assert.deepEqual(melodyLanes(notes, [57, 60], { fold: "used" }).pitches, [57, 60, 61]);
  const inScale = melodyLanes(notes, [], { fold: "scale", scale: [9, 11, 0, 2, 4, 5, 7] }).pitches;
  assert.deepEqual(inScale.filter((pitch) => pitch >= 57 && pitch <= 62), [57, 59, 60, 61, 62]);
  assert.equal(layout(notes, false, null, { fold: "used" }).rowHeight, 25);
});

test("what is out of sight is revealed, what is in sight stays", () => {
  const near = zoomTime(VIEW, 4, 0, 16);
  assert.equal(reveal(near, 1, 60, 16), near);
  const moved = reveal(near, 8, 70, 16);
  assert.ok(xOf(moved, 8) <= moved.width && yOf(moved, 70) >= 0);
});

test("a scale begins with the tonic that the key names", () => {
  assert.deepEqual(fromTonic([0, 2, 4, 5, 7, 9, 11], "A minor"), [9, 0, 2, 4, 5, 7, 11]);
  assert.equal(fromTonic([1, 3], "Db major")[0], 1);
  assert.deepEqual(fromTonic([0, 4], ""), [0, 4]);
});

test("values of a lane map to heights and back", () => {
  for (const [kind, value] of [["velocity", 1], ["velocity", 127], [64, 0], [128, -8192], [128, 8191]]) assert.equal(laneValue(kind, laneY(kind, value)), value);
  assert.equal(laneValue("velocity", 500), 1);
  assert.equal(laneY(128, 0) - laneY(10, 64) < 0.5, true);
});

test("points of one control are found in time", () => {
  const controls = { count: 4, start: [0, 1, 2, 3], control: [1, 7, 1, 1], value: [0, 1, 2, 3] };
  const points = pointsOf(controls, 1);
  assert.deepEqual([points, [0, 0.5, 2, 9].map((beat) => pointsBefore(controls, points, beat))], [[0, 2, 3], [0, 1, 1, 3]]);
});

test("a selection is told in words", () => {
  const notes = { count: 2, start: [0, 4.5], duration: [1, 1], pitch: [57, 60], velocity: [90, 80], muted: [0, 0], chance: [100, 50], selected: [1, 1] };
  const clip = { notes, meter: [4, 4], changes: [] };
  assert.equal(describeSelection(clip), "2 notes selected: A2 to C3, 1.1.1 to 2.1.3");
  assert.equal(describeSelection({ ...clip, notes: { ...notes, selected: [0, 1] } }), "Selected: C3 (60) · 2.1.3 · 1 beat · vel 80 · 50 %");
  assert.equal(describeSelection({ ...clip, notes: { ...notes, selected: [0, 0] } }, { beat: 4, pitch: 61 }), "C#3, 2.1.1");
});

test("coverage keeps the loudest velocity of each pixel", () => {
  const notes = { start: [0, 0.5], duration: [1, 1], pitch: [57, 57], velocity: [40, 90] };
  const strength = coverage(VIEW, notes, { first: 0, last: 2, width: 20, scale: 10, low: 57, rows: 1 });
  assert.deepEqual([...strength.slice(0, 16)], [40, 40, 40, 40, 40, ...Array(10).fill(90), 0]);
});

test("the model's words become blocks and pieces and nothing else", () => {
  const kinds = blocks("# Title\nOne\ntwo\n\n- a\n- b\n1. c\n```\n<b>\n```").map(({ kind, lines }) => [kind, lines.length]);
  assert.deepEqual(kinds, [["heading", 1], ["paragraph", 2], ["bullet", 2], ["numbered", 1], ["code", 1]]);
  const found = pieces("a **b** `c` *d* 2*3*4").map(({ tag, text }) => [tag, text]);
  assert.deepEqual(found, [["", "a "], ["strong", "b"], ["", " "], ["code", "c"], ["", " "], ["em", "d"], ["", " 2*3*4"]]);
});
