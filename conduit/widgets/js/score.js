// What the engine plays, from clip values. Pure.

const made = new WeakMap();

/**
 * Rows of (start, duration, pitch, velocity, chance 0-1) in beats: what is not muted, cut at the clip's end. Beside them,
 * where a clip has any, how far the velocity of each may stray.
 */
function eventsOf({ notes, length, ppq, strays }) {
  // A selection makes another value of the same columns.
  const kept = made.get(notes.start);
  const given = strays?.length ? strays : null;
  if (kept?.length === length && kept.given === given) return kept;
  const { count, start, duration, pitch, velocity, muted, chance } = notes;
  const all = new Float64Array(count * 5);
  const far = new Map(given?.map(([tick, key, most]) => [tick * 128 + key, most]));
  const each = new Float64Array(far.size && count);
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    if (muted[i] || start[i] >= length) continue;
    all[at] = start[i];
    all[at + 1] = Math.min(duration[i], length - start[i]);
    all[at + 2] = pitch[i];
    all[at + 3] = velocity[i];
    all[at + 4] = (chance?.[i] ?? 100) / 100;
    if (far.size) each[at / 5] = far.get(Math.round(start[i] * ppq) * 128 + pitch[i]) ?? 0;
    at += 5;
  }
  const played = { length, given, events: all.subarray(0, at).slice(), strays: far.size ? each.subarray(0, at / 5).slice() : undefined };
  made.set(notes.start, played);
  return played;
}

function soundsOf(clip) {
  const { events, strays } = eventsOf(clip);
  return strays ? { events, strays } : { events };
}

/** Rows of (beat, control, value). */
function controlsOf(controls) {
  if (!controls?.count) return undefined;
  if (!made.has(controls)) {
    const { count, start, control, value } = controls;
    made.set(controls, Float64Array.from({ length: count * 3 }, (_, i) => [start, control, value][i % 3][Math.trunc(i / 3)]));
  }
  return made.get(controls);
}

/** @param options `{ loop, tempo, swing, swingStep, metronome, sound, muted, soloed }`, the last two sets of part numbers */
export function scoreOf(clips, { loop, tempo, swing = 0.5, swingStep = 0.5, metronome = false, sound = "synth", muted, soloed } = {}) {
  const length = Math.max(...clips.map((clip) => clip.length));
  const [{ bpm, meter, changes = [], loop: own }] = clips;
  return {
    bpm: tempo ?? bpm, length, loop: loop ? own ?? [0, length] : null, swing, swingStep, metronome, meter, changes,
    parts: clips.map((clip, i) => ({
      ...soundsOf(clip), controls: controlsOf(clip.controls), sound, gain: 1,
      instrument: clip.instrument, program: clip.program ?? null, drums: clip.drums,
      muted: Boolean(muted?.has(i)), soloed: Boolean(soloed?.has(i)),
    })),
  };
}
