// Control changes as columns: controllers 0-127, 128 pitch bend, 129 pressure. Pure; as in model.js an edit gives the next
// value. A record is 8 bytes, little-endian: uint32 ticks, int16 control, int16 value; an absent one has the control -1.

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
  const count = Math.floor(view.byteLength / CONTROL_BYTES);
  return controlColumns(count, (i) => {
    const at = i * CONTROL_BYTES;
    return { start: view.getUint32(at, true) / ppq, control: view.getInt16(at + 4, true), value: view.getInt16(at + 6, true) };
  });
}

function controlColumns(count, row) {
  const made = { count, start: new Float64Array(count), control: new Int16Array(count), value: new Int16Array(count) };
  for (let i = 0; i < count; i += 1) for (const [field, value] of Object.entries(row(i))) made[field][i] = value;
  return made;
}

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

/** The controls after some changes, `{ from: index or -1, to: row or null }` each, and those changes in pairs of records. */
export function editedControls(controls, changes, ppq) {
  const pairs = new DataView(new ArrayBuffer(changes.length * 2 * CONTROL_BYTES));
  const gone = new Set();
  const rows = [];
  changes.forEach(({ from, to }, i) => {
    const row = to && { ...to, start: Math.max(0, Math.round(to.start * ppq)) / ppq };
    putControl(pairs, 2 * i * CONTROL_BYTES, from >= 0 && controlOf(controls, from), ppq);
    putControl(pairs, (2 * i + 1) * CONTROL_BYTES, row, ppq);
    if (from >= 0) gone.add(from);
    if (row) rows.push(row);
  });
  for (let i = 0; i < controls.count; i += 1) if (!gone.has(i)) rows.push(controlOf(controls, i));
  rows.sort((a, b) => a.start - b.start || a.control - b.control);
  return { controls: controlColumns(rows.length, (i) => rows[i]), pairs };
}

/** The changes that packed pairs describe, found again in some controls; `back` undoes them. */
export function controlChangesOf(controls, pairs, ppq, back = false) {
  const list = decodeControls(pairs, ppq);
  const used = new Set();
  const same = (a, b) => Math.abs(a.start - b.start) < 1e-9 && a.control === b.control && a.value === b.value;
  const changes = [];
  for (let i = 0; i < list.count; i += 2) {
    const pair = [controlOf(list, i), controlOf(list, i + 1)];
    const [old, to] = back ? pair.reverse() : pair;
    let from = NONE;
    for (let k = 0; old.control !== NONE && from < 0 && k < controls.count; k += 1) {
      if (!used.has(k) && same(controlOf(controls, k), old)) from = k;
    }
    used.add(from);
    changes.push({ from, to: to.control === NONE ? null : to });
  }
  return changes;
}

/** Every control change of one clip taken away and every one of another put there. */
export const replacingControls = (before, after) => [
  ...Array.from({ length: before.count }, (_, from) => ({ from, to: null })),
  ...Array.from({ length: after.count }, (_, i) => ({ from: NONE, to: controlOf(after, i) })),
];
