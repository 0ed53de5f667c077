// Under which name a sampled sound is asked for. Pure.

/** General MIDI program of each pitched instrument; a test holds it to that of conduit/music/instrument.py. */
const PROGRAMS = { bass: 38, keys: 4, pad: 89, lead: 81, pluck: 45, piano: 0 };

/** `"0"` to `"127"`, `"drums"` or a kit as `"drums:8"`. */
export const soundName = ({ instrument, program, drums }) =>
  drums || instrument === "drums" ? (program ? `drums:${program}` : "drums") : String(program ?? PROGRAMS[instrument] ?? 4);
