// Text as it is shown: what could hide, or turn what stands beside it, becomes a mark that is seen. `pieces` is pure.

import { element } from "../element.js";

/** Colours and moves of a terminal: taken away. */
const ANSI = /\u001b(?:\[[0-?]{0,40}[ -/]{0,4}[@-~]|\][^\u0007\u001b\n]{0,2000}(?:\u0007|\u001b\\)|[@-Z\\-_])|\u009b[0-?]{0,40}[ -/]{0,4}[@-~]/g;
/** Controls that are not seen; joiners between letters, as in emoji and Persian, only where they pile up. */
const HIDDEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]|[\u200c\u200d]{2,}|[\u200e\u200f]+/u;
const HIDDEN_RUNS = new RegExp(`(?:${HIDDEN.source})+`, "gu");
/** More signs on one letter than any script has. */
const PILE = /(\p{M}{6})\p{M}+/gu;

const NAMES = {
  "00AD": "soft hyphen", "001B": "escape", "200B": "zero-width space", "200E": "left-to-right mark", "200F": "right-to-left mark",
  "202A": "left-to-right embedding", "202B": "right-to-left embedding", "202C": "end of embedding", "202D": "left-to-right override",
  "202E": "right-to-left override", "2060": "word joiner", "2066": "left-to-right isolate", "2067": "right-to-left isolate",
  "2068": "first-strong isolate", "2069": "end of isolate", FEFF: "byte order mark",
};

const MOST_MARKS = 200;

const codeOf = (char) => char.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");

/** Text without what a terminal would have done with it. */
export const plain = (text) => text.replace(ANSI, "").replace(/\r\n?/g, "\n").replace(PILE, "$1");

/** Text without anything hidden, as it is copied. */
export const bare = (text) => plain(text).replace(HIDDEN_RUNS, "");

/** Text in pieces: strings, and `{ code, name, count }` where something hidden stands. */
export function pieces(raw) {
  const text = plain(raw);
  if (!HIDDEN.test(text)) return text ? [text] : [];
  const found = [];
  let from = 0;
  for (const { 0: run, index } of text.matchAll(HIDDEN_RUNS)) {
    if (index > from) found.push(text.slice(from, index));
    const code = codeOf(run);
    found.push({ code, name: NAMES[code] ?? "hidden character", count: [...run].length });
    from = index + run.length;
  }
  if (from < text.length) found.push(text.slice(from));
  return found;
}

/** Nodes and strings that show a text; where marks are all over it, they are plain letters of it. */
export function shown(text) {
  const found = pieces(text);
  if (found.length > MOST_MARKS) return [found.map((piece) => (typeof piece === "string" ? piece : `[U+${piece.code}]`)).join("")];
  return found.map((piece) => (typeof piece === "string" ? piece : mark(piece)));
}

function mark({ code, name, count }) {
  const times = count > 1 ? ` ×${count.toLocaleString("en")}` : "";
  return element("span", { class: "cc-unseen", title: `Hidden here: U+${code}, ${name}${times && `, and what follows it${times}`}`, text: `U+${code}${times}` });
}
