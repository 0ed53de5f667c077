// Which rows the roll has: all pitches, those in use, or those of a scale; for drums a lane each, sorted by kind. Pure.

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

/** The lanes of a drum clip: the usual kit unless folded, the drums it uses, and those that were there before. */
export function drumLanes(notes, kept = [], { fold = "none" } = {}) {
  const kit = fold === "none" || !notes.pitch.length ? KIT : [];
  return lanesOf([...new Set([...kit, ...kept, ...notes.pitch])].sort((a, b) => placeOf(a) - placeOf(b)));
}

/** The rows of a melody: all pitches, or folded to those in use or to the scale, with those that were there before. */
export function melodyLanes(notes, kept = [], { fold = "none", scale = [] } = {}) {
  if (fold === "none" || (fold === "used" ? !notes.count : !scale.length)) return ALL_LANES;
  const shown = new Uint8Array(128);
  if (fold === "scale") for (let pitch = 0; pitch < 128; pitch += 1) shown[pitch] = scale.includes(pitch % 12);
  for (const pitches of [kept.length < 128 ? kept : [], notes.pitch]) for (const pitch of pitches) shown[pitch] = 1;
  return lanesOf(ALL_LANES.pitches.filter((pitch) => shown[pitch]));
}
