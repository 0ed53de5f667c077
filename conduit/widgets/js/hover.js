// The words about one note, about what is selected, and about all of a clip. Pure.

import { selectedIndexes } from "./model.js";
import { barsText, metres, number, pitchName, plural, position, usesFlats } from "./naming.js";

const nameOf = ({ drums, drum_names: names, key }, pitch) => (drums && names?.[pitch]) || pitchName(pitch, { flats: usesFlats(key) });
const metreOf = (clip) => metres(clip.meter, clip.changes);
const beats = (length) => `${number(length)} ${length > 1.0005 ? "beats" : "beat"}`;

/** Such as `A1 (45) · 1.3.1 · 1/2 beat · vel 96`. */
export function describeNote(clip, i) {
  const { pitch, start, duration, velocity, muted, chance } = clip.notes;
  const parts = [`${nameOf(clip, pitch[i])} (${pitch[i]})`, position(start[i], metreOf(clip)), beats(duration[i]), `vel ${velocity[i]}`];
  if (chance?.[i] < 100) parts.push(`${chance[i]} %`);
  if (muted[i]) parts.push("muted");
  return parts.join(" · ");
}

/** What is selected, in words; where the caret stands if nothing is. */
export function describeSelection(clip, caret) {
  const { start, pitch } = clip.notes;
  const chosen = selectedIndexes(clip.notes);
  if (!chosen.length) return caret ? `${nameOf(clip, caret.pitch)}, ${position(caret.beat, metreOf(clip))}` : "";
  if (chosen.length === 1) return `Selected: ${describeNote(clip, chosen[0])}`;
  const pitches = chosen.map((i) => pitch[i]).sort((a, b) => a - b);
  const [from, to] = [chosen[0], chosen.at(-1)].map((i) => position(start[i], metreOf(clip)));
  return `${chosen.length} notes selected: ${nameOf(clip, pitches[0])} to ${nameOf(clip, pitches.at(-1))}, ${from} to ${to}`;
}

/** What someone who cannot see the roll is told. */
export function describeRoll(clip, name = clip.name) {
  const { notes, length, drums, key } = clip;
  const facts = [plural(notes.count, "note"), barsText(length, metreOf(clip))];
  if (notes.count && !drums) facts.push(`${pitchName(notes.low)} to ${pitchName(notes.high)}`);
  if (key) facts.push(key);
  return `Piano roll of ${name || "the clip"}: ${facts.join(", ")}`;
}
