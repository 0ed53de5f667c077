// What sounds there are: the synthesizer's instruments, and under which name a sampled one is asked for.

import { AnalogVoice, PATCHES } from "./analog.js";
import { DrumVoice } from "./drum.js";
import { KeysVoice } from "./keys.js";
import { PianoVoice } from "./piano.js";
import { PluckVoice } from "./pluck.js";
import { SampleVoice } from "./sampler.js";

/** How each instrument is made: its voice, its level, and how much of it goes to the room. */
export const INSTRUMENTS = {
  bass: { make: (rate) => new AnalogVoice(rate, PATCHES.bass), level: 0.45, room: 0.02 },
  lead: { make: (rate) => new AnalogVoice(rate, PATCHES.lead), level: 0.42, room: 0.16 },
  pad: { make: (rate) => new AnalogVoice(rate, PATCHES.pad), level: 0.4, room: 0.32 },
  keys: { make: (rate) => new KeysVoice(rate), level: 0.28, room: 0.12 },
  pluck: { make: (rate, noise) => new PluckVoice(rate, noise), level: 0.6, room: 0.16 },
  piano: { make: (rate, noise) => new PianoVoice(rate, noise), level: 0.62, room: 0.12 },
  drums: { make: (rate, noise) => new DrumVoice(rate, noise), level: 0.62, room: 0.05 },
};

// What makes a sampled sound as loud as the instrument it takes the place of, in dB (measured by BS.1770 weighting).
const TRIM_DB = { 4: 2, 38: -2, 45: 1, 81: 3, 89: -4.5, drums: 3.5 };

const STRUCK = new Set(["drums", "piano", "pluck"]);

/** Whether an instrument sounds on while it is held: only such have a vibrato. */
export const sustains = (part) => !STRUCK.has(instrumentOf(part));

/** A sampled sound stands in the same room as the instrument it takes the place of. */
export const sampledAs = (name, instrument) => ({
  make: (rate) => new SampleVoice(rate),
  level: 10 ** ((TRIM_DB[name.split(":")[0]] ?? 0) / 20),
  room: INSTRUMENTS[instrument].room,
});

export const instrumentOf = ({ instrument, drums }) => (instrument in INSTRUMENTS ? instrument : drums ? "drums" : "keys");
