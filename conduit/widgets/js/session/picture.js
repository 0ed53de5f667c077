// A clip as a tiny roll: start, end, pitch and velocity of each note, a byte each; the clip spans 0 to 255.

const SPAN = 255;
const LEAST_ROWS = 12;

/** The bytes of what came: a buffer, or a view of one. */
export const bytesOf = (came) => new Uint8Array(came.buffer ?? came, came.byteOffset ?? 0, came.byteLength);

/** An SVG that takes the colour of its text. */
export function drawPicture(came) {
  const notes = bytesOf(came);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  let low = 127, high = 0;
  for (let i = 2; i < notes.length; i += 4) {
    low = Math.min(low, notes[i]);
    high = Math.max(high, notes[i]);
  }
  const rows = Math.max(LEAST_ROWS, high - low + 3);
  const top = (low + high) / 2 + rows / 2;
  let path = "";
  for (let i = 0; i < notes.length; i += 4) {
    const [start, end, pitch] = notes.subarray(i, i + 3);
    path += `M${start} ${top - pitch - 0.4}h${Math.max(2, end - start)}v0.9H${start}z`;
  }
  const line = document.createElementNS(svg.namespaceURI, "path");
  line.setAttribute("d", path);
  line.setAttribute("fill", "currentColor");
  for (const [name, value] of Object.entries({ class: "cs-picture", viewBox: `0 0 ${SPAN} ${rows}`, preserveAspectRatio: "none", "aria-hidden": "true" })) svg.setAttribute(name, value);
  svg.append(line);
  return svg;
}
