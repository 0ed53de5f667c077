// Rows of columns found again: by where they start, and by all that they are. Pure.

const NONE = -1;
/** Beats that are the same: far less than any tick. */
export const NEAR = 1e-9;

/** Index of the first row that starts at or after a beat. */
export function firstFrom({ start, count }, beat) {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (start[middle] < beat) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Beats in whole ticks. */
export function ticksOf(beats, ppq) {
  const ticks = new Int32Array(beats.length);
  for (let i = 0; i < ticks.length; i += 1) ticks[i] = Math.round(beats[i] * ppq);
  return ticks;
}

function hash(keys, i) {
  let sum = 0;
  for (const key of keys) sum = Math.imul(sum ^ key[i], 0x9e3779b1) ^ (sum >>> 15);
  return sum ^ (sum >>> 16);
}

/**
 * Gives `find(others, k)` for some rows of `keys`, columns of whole numbers: the first row that is as row `k` of other columns
 * and has not been given yet; -1 where there is none.
 */
export function finder(keys, indexes) {
  const mask = 2 ** Math.ceil(Math.log2(2 * indexes.length + 1)) - 1;
  const heads = new Int32Array(mask + 1).fill(NONE);
  const next = new Int32Array(indexes.length);
  for (let k = indexes.length - 1; k >= 0; k -= 1) {
    const at = hash(keys, indexes[k]) & mask;
    next[k] = heads[at];
    heads[at] = k;
  }
  return (others, i) => {
    const at = hash(others, i) & mask;
    for (let [before, k] = [NONE, heads[at]]; k >= 0; [before, k] = [k, next[k]]) {
      if (keys.some((key, n) => key[indexes[k]] !== others[n][i])) continue;
      if (before < 0) heads[at] = next[k];
      else next[before] = next[k];
      return indexes[k];
    }
    return NONE;
  };
}

/** Indexes of all rows that start when one of some others does. */
export function beside(rows, others, isWanted) {
  const seen = new Uint8Array(rows.count);
  const found = [];
  for (let k = 0; k < others.count; k += 1) {
    const beat = others.start[k];
    let i = isWanted(k) ? firstFrom(rows, beat - NEAR) : rows.count;
    for (; !seen[i] && rows.start[i] <= beat + NEAR; i += 1) {
      seen[i] = 1;
      found.push(i);
    }
  }
  return found;
}

/**
 * The changes `{ from, to }` that pairs of records describe, the old of which are found again in some rows; `back` undoes
 * them. A pair whose old record is not there is left out.
 *
 * @param options `keysOf(rows)`: columns by which records are found; `has(i)` and `rowAt(i)`: a record of the pairs
 */
export function changesIn(rows, pairs, { back, keysOf, has, rowAt }) {
  const [old, now] = back ? [1, 0] : [0, 1];
  const find = finder(keysOf(rows), beside(rows, pairs, (i) => i % 2 === old && has(i)));
  const keys = keysOf(pairs);
  const changes = [];
  for (let i = 0; i < pairs.count; i += 2) {
    const from = has(i + old) ? find(keys, i + old) : NONE;
    if (from >= 0 || !has(i + old)) changes.push({ from, to: has(i + now) ? rowAt(i + now) : null });
  }
  return changes;
}

/**
 * Both in order: the rows that stay, copied in runs, and sorted others.
 *
 * @param options `next`: columns for all of them; `placeOf(rows, other)`: before which row another belongs
 */
export function merge(rows, gone, others, { next, fields, placeOf }) {
  let [i, at, hole] = [0, 0, NONE];
  const copyTo = (end) => {
    while (i < end) {
      if (hole < i) hole = gone.indexOf(1, i);
      if (hole < 0) hole = rows.count;
      const stop = Math.min(hole, end);
      for (const field of stop > i ? fields : []) next[field].set(rows[field].subarray(i, stop), at);
      at += stop - i;
      i = Math.max(stop, i + (hole === i));
    }
  };
  for (const other of others) {
    copyTo(placeOf(rows, other));
    for (const field of fields) next[field][at] = other[field];
    at += 1;
  }
  copyTo(rows.count);
  return next;
}
