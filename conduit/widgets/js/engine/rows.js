// Events and controls as rows of one Float64Array, sorted by start. Pure.

/** Start and duration in beats, pitch, velocity, chance 0-1. */
export const FIELDS = 5;

/** Beat, control, value. */
export const CONTROL_FIELDS = 3;

/** Offset of the first row whose start is not before a beat; rows are sorted by start. */
export function firstRow(rows, fields, beat) {
  let low = 0;
  let high = rows.length / fields;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle * fields] < beat - 1e-9) low = middle + 1;
    else high = middle;
  }
  return low * fields;
}

/** The fields of a part that hold rows; `strays` is how far the velocity of each event may stray, or nothing. */
export const COLUMNS = ["events", "controls", "strays"];

export const NO_ROWS = new Float64Array(0);
