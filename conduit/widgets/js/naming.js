// How pitches, positions, lengths and times are written. Pure. 60 is C3, as in Live.

const NAMES = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"];
const FLATS = ["C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B"];
const FLAT_KEY = /^([A-G]b|F |D minor|G minor|C minor|F minor)/;
const SIXTEENTH = 0.25;

/** Whether a key is written with flats; for the names on screen only. */
export const usesFlats = (key) => FLAT_KEY.test(`${key ?? ""} `);

export function pitchName(pitch, { flats = false } = {}) {
  return `${(flats ? FLATS : NAMES)[pitch % 12]}${Math.floor(pitch / 12) - 2}`;
}

export const isBlackKey = (pitch) => NAMES[pitch % 12].length === 2;

/** Beats (quarter notes) in a bar. */
export const barBeats = ([count, unit]) => (count * 4) / unit;

/** A beat as `bar.beat.sixteenth`, each from 1. */
export function position(beat, meter) {
  const bar = barBeats(meter);
  const unit = 4 / meter[1];
  const at = Math.max(0, beat) + 1e-5;
  const inBar = at % bar;
  const sixteenth = Math.floor((inBar % unit) / SIXTEENTH);
  return `${Math.floor(at / bar) + 1}.${Math.floor(inBar / unit) + 1}.${sixteenth + 1}`;
}

/** A number without trailing zeros, with at most `digits` decimals. */
export const number = (value, digits = 3) => String(Number(value.toFixed(digits)));

export const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

/** Bars of a clip as text, such as `4 bars`. */
export const barsText = (length, meter) => {
  const bars = length / barBeats(meter);
  return `${number(bars, 2)} bar${bars === 1 ? "" : "s"}`;
};

/** Seconds as `m:ss`, rounded up so that 0:00 means over. */
export function clock(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
