// How pitches, positions, lengths and times are written. Pure. 60 is C3, as in Live.

const NAMES = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"];
const FLATS = ["C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B"];
const FLAT_KEY = /^([A-G]b|F |D minor|G minor|C minor|F minor)/;
const SIXTEENTH = 0.25;
const SLACK = 1e-5;

/** Whether a key is written with flats; for the names on screen only. */
export const usesFlats = (key) => FLAT_KEY.test(`${key ?? ""} `);

export function pitchName(pitch, { flats = false } = {}) {
  return `${(flats ? FLATS : NAMES)[pitch % 12]}${Math.floor(pitch / 12) - 2}`;
}

export const isBlackKey = (pitch) => NAMES[pitch % 12].length === 2;

/** A scale's pitch classes from the tonic on, which the key names; left as they are when it is not among them. */
export function fromTonic(scale, key) {
  const name = /^[A-G][#b]?/.exec(key ?? "")?.[0];
  const tonic = Math.max(NAMES.indexOf(name), FLATS.indexOf(name));
  return scale.includes(tonic) ? [tonic, ...scale.filter((pitch) => pitch !== tonic)] : scale;
}

/**
 * The stretches of one metre: `[{ from, bar, unit, first, text }]`, times in beats (quarter notes); `first` counts
 * the bars before it. A change inside a bar ends that bar.
 */
export function metres(meter, changes = []) {
  const found = [];
  for (const [from, count, unit] of [[0, ...meter], ...changes]) {
    const before = found.at(-1)?.from < from ? found.at(-1) : found.splice(-1)[0];
    const passed = before ? Math.ceil((from - before.from) / before.bar - SLACK) : 0;
    found.push({ from, bar: (count * 4) / unit, unit: 4 / unit, first: (before?.first ?? 0) + passed, text: `${count}/${unit}` });
  }
  return found;
}

/** The stretches of a clip's metre, from them or from one metre `[count, unit]`. */
export const asMetres = (meter) => (typeof meter[0] === "number" ? metres(meter) : meter);

/** The stretch that holds a beat. */
export const metreAt = (stretches, beat) => stretches.findLast(({ from }) => from <= beat + SLACK) ?? stretches[0];

/** A beat as `bar.beat.sixteenth`, each from 1. */
export function position(beat, meter) {
  const at = Math.max(0, beat) + SLACK;
  const { from, bar, unit, first } = metreAt(asMetres(meter), at);
  const inBar = (at - from) % bar;
  const sixteenth = Math.floor((inBar % unit) / SIXTEENTH);
  return `${first + Math.floor((at - from) / bar) + 1}.${Math.floor(inBar / unit) + 1}.${sixteenth + 1}`;
}

/** A number without trailing zeros, with at most `digits` decimals. */
export const number = (value, digits = 3) => String(Number(value.toFixed(digits)));

export const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

/** Bars of a clip as text, such as `4 bars`. */
export function barsText(length, meter) {
  const { from, bar, first } = metreAt(asMetres(meter), length - 2 * SLACK);
  return plural(Number(number(first + (length - from) / bar, 2)), "bar");
}

/** Seconds as `m:ss`, rounded up so that 0:00 means over. */
export function clock(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
