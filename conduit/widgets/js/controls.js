// Control changes as columns: controllers 0-127, 128 pitch bend, 129 pressure. Pure; as in model.js an edit gives the next
// value. A record is 8 bytes, little-endian: uint32 ticks, int16 control, int16 value; an absent one has the control -1.

import { NEAR, changesIn, firstFrom, merge, ticksOf } from "./match.js";

const CONTROL_BYTES = 8;
const NONE = -1;

/** Any holder of bytes as a view of them. */
export function asView(bytes) {
  if (!bytes) return new DataView(new ArrayBuffer(0));
  if (bytes instanceof ArrayBuffer) return new DataView(bytes);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Read packed control changes. */
export function decodeControls(bytes, ppq) {
  const view = asView(bytes);
  const made = columns(Math.floor(view.byteLength / CONTROL_BYTES));
  for (let i = 0, at = 0; i < made.count; i += 1, at += CONTROL_BYTES) {
    made.start[i] = view.getUint32(at, true) / ppq;
    made.control[i] = view.getInt16(at + 4, true);
    made.value[i] = view.getInt16(at + 6, true);
  }
  return made;
}

const columns = (count) => ({ count, start: new Float64Array(count), control: new Int16Array(count), value: new Int16Array(count) });

const FIELDS = ["start", "control", "value"];
/** Where a row belongs: behind all of its time. */
const placeOf = (controls, { start }) => firstFrom(controls, start + NEAR);
const controlOf = ({ start, control, value }, i) => ({ start: start[i], control: control[i], value: value[i] });

function putControl(view, at, row, ppq) {
  view.setUint32(at, Math.round((row?.start ?? 0) * ppq), true);
  view.setInt16(at + 4, row?.control ?? NONE, true);
  view.setInt16(at + 6, row?.value ?? 0, true);
}

export function encodeControls(controls, ppq) {
  const view = new DataView(new ArrayBuffer(controls.count * CONTROL_BYTES));
  for (let i = 0; i < controls.count; i += 1) putControl(view, i * CONTROL_BYTES, controlOf(controls, i), ppq);
  return view;
}

/**
 * The controls after some changes, `{ from: index or -1, to: row or null }` each, and those changes in pairs of records.
 * Those of one time keep their order also when they are taken back: what stays is among the pairs where another comes or goes.
 */
export function editedControls(controls, changes, ppq) {
  const whole = withNeighbours(controls, changes.map(({ from, to }) => ({ from, to: to && onTick(to, ppq) })));
  const pairs = new DataView(new ArrayBuffer(whole.length * 2 * CONTROL_BYTES));
  const gone = new Uint8Array(controls.count);
  let { count } = controls;
  whole.forEach(({ from, to }, i) => {
    putControl(pairs, 2 * i * CONTROL_BYTES, from >= 0 && controlOf(controls, from), ppq);
    putControl(pairs, (2 * i + 1) * CONTROL_BYTES, to, ppq);
    if (from < 0) return;
    count -= 1 - gone[from];
    gone[from] = 1;
  });
  const rows = whole.flatMap(({ to }) => to ?? []).sort((a, b) => a.start - b.start);
  return { controls: merge(controls, gone, rows, { next: columns(count + rows.length), fields: FIELDS, placeOf }), pairs };
}

const onTick = (row, ppq) => ({ ...row, start: Math.max(0, Math.round(row.start * ppq)) / ppq });

/** The changes and what else is at their times, in its order. Where nothing is missing, as when they are taken back, they stay as they are. */
function withNeighbours(controls, changes) {
  const all = new Map(changes.filter(({ from }) => from >= 0).map((change) => [change.from, change]));
  const { size } = all;
  const starts = new Set(changes.flatMap(({ from, to }) => [controls.start[from], to?.start]));
  starts.delete(undefined);
  for (const start of starts) {
    for (let i = firstFrom(controls, start); controls.start[i] === start; i += 1) {
      if (!all.has(i)) all.set(i, { from: i, to: controlOf(controls, i) });
    }
  }
  if (all.size === size) return changes;
  return [...[...all.values()].sort((a, b) => a.from - b.from), ...changes.filter(({ from }) => from < 0)];
}

/** The changes that packed pairs describe, found again in some controls; `back` undoes them. What does not fit is left out. */
export function controlChangesOf(controls, pairs, ppq, back = false) {
  const list = decodeControls(pairs, ppq);
  const keysOf = ({ start, control, value }) => [ticksOf(start, ppq), control, value];
  return changesIn(controls, list, { back, keysOf, has: (i) => list.control[i] !== NONE, rowAt: (i) => controlOf(list, i) });
}

/** Every control change of one clip taken away and every one of another put there. */
export const replacingControls = (before, after) => [
  ...Array.from({ length: before.count }, (_, from) => ({ from, to: null })),
  ...Array.from({ length: after.count }, (_, i) => ({ from: NONE, to: controlOf(after, i) })),
];
