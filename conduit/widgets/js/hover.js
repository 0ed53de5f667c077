// The words about one note and about all of them. Pure.

import { barsText, number, pitchName, plural, position, usesFlats } from "./naming.js";

/** Such as `A1 (45) · 1.3.1 · 1/2 beat · velocity 96`. */
export function describeNote({ notes, meter, drums, names, key }, i) {
  const pitch = notes.pitch[i];
  const name = (drums && names[pitch]) || pitchName(pitch, { flats: usesFlats(key) });
  const parts = [`${name} (${pitch})`, position(notes.start[i], meter), beats(notes.duration[i]), `vel ${notes.velocity[i]}`];
  if (notes.muted[i]) parts.push("muted");
  return parts.join(" · ");
}

const beats = (length) => `${number(length)} ${length > 1.0005 ? "beats" : "beat"}`;

/** What someone who cannot see the roll is told. */
export function describeRoll({ notes, length, meter, drums, key }, name) {
  const facts = [plural(notes.count, "note"), barsText(length, meter)];
  if (notes.count && !drums) facts.push(`${pitchName(notes.low)} to ${pitchName(notes.high)}`);
  if (key) facts.push(key);
  return `Piano roll of ${name || "the clip"}: ${facts.join(", ")}`;
}
