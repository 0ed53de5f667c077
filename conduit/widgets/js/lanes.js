// Which rows the roll has: all pitches for a melody; for drums a lane each, sorted by kind. Pure.

/** Drums of the General MIDI key map by kind, from the bottom of the roll to its top. */
const KINDS = [
  [35, 36],
  [38, 40, 37, 39],
  [41, 43, 45, 47, 48, 50],
  [42, 44, 46],
  [49, 57, 55, 52, 51, 59, 53],
];
/** Lanes that every drum clip has: kick, snare, rim, clap, two toms, closed and open hat, crash, ride. */
const KIT = [36, 38, 37, 39, 41, 45, 42, 46, 49, 51];

const PLACES = new Map(KINDS.flatMap((pitches, kind) => pitches.map((pitch, i) => [pitch, kind * 128 + i])));
const placeOf = (pitch) => PLACES.get(pitch) ?? KINDS.length * 128 + pitch;

/** The kind of a drum, counted from the bottom; percussion is the last. */
export const kindOf = (pitch) => Math.floor(Math.min(placeOf(pitch), KINDS.length * 128) / 128);

function lanesOf(pitches) {
  const row = new Int16Array(128).fill(-1000);
  pitches.forEach((pitch, i) => {
    row[pitch] = i;
  });
  return { pitches, row };
}

export const ALL_LANES = lanesOf(Array.from({ length: 128 }, (_, pitch) => pitch));

/** The lanes of a drum clip: the usual kit, the drums it uses, and those that were there before. */
export function drumLanes(notes, kept = []) {
  return lanesOf([...new Set([...KIT, ...kept, ...notes.pitch])].sort((a, b) => placeOf(a) - placeOf(b)));
}
