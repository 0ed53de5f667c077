// Code in colours. Prism tells words from marks; each becomes an element with the class of its kind.

import { element } from "../element.js";
import { Prism } from "./prism.js";
import { plain, shown } from "./shown.js";

/** A longer text keeps one colour, and so does one with a longer line. */
export const MOST = 50_000;
/** Where the grammar takes its time with hostile text. */
const MOST_OF = { bash: 20_000 };
const MOST_LINE = 2000;

const NAMES = {
  python: "python", py: "python", python3: "python", ipython: "python", json: "json", jsonc: "json", bash: "bash", sh: "bash", shell: "bash",
  zsh: "bash", console: "bash", javascript: "javascript", js: "javascript", mjs: "javascript", typescript: "javascript", ts: "javascript",
  yaml: "yaml", yml: "yaml", clip: "clip",
};

const SPAN = /\d+(?:-\d+)?/;

/** Conduit's clip notation (conduit/music/notation.md). */
export const CLIP = {
  header: {
    pattern: /^clip\b.*$/m,
    inside: {
      keyword: /^clip\b/,
      string: { pattern: /^(\s*)[^|\n]+/, lookbehind: true },
      number: /#[0-9a-f]{6}\b|\b[Xxo]?\d+(?:\.\d+)?(?:\/\d+)?\b/i,
      punctuation: /\|/,
    },
  },
  bar: { pattern: /^[ \t]*\d+(?:-\d+)?(?=[ \t]*[|=])/m, alias: "function" },
  repeat: { pattern: /=[ \t]*\d+(?:-\d+)?/, inside: { operator: /=/, function: SPAN } },
  lane: { pattern: /(\|[ \t]*)[a-z]+\d*(?:\/[\d.]+)?(?=[ \t])/, lookbehind: true, alias: "keyword" },
  marks: { pattern: /(^|[ \t])[Xxo.]{2,}(?=[ \t]|$)/m, lookbehind: true, inside: { string: /[Xxo]+/, detail: /\.+/ } },
  step: { pattern: /(^|[ \t])\+?[\d.]+(?:,\+?[\d.]+)*(?=:)/m, lookbehind: true, alias: "number" },
  length: { pattern: /\/[\d.]+|\+\d+/, alias: "operator" },
  velocity: { pattern: /[vdr]\d+\b|\?[\d.]+|~/, alias: "detail" },
  pitch: { pattern: /\b[A-G](?:#|b)?[\w/#]*?-?\d?\b/, alias: "string" },
  drum: { pattern: /\b(?:kick|rim|snare|clap|hat|pedalhat|openhat|tom[1-6]|crash|ride|cowbell|shaker|conga)\b/, alias: "string" },
  punctuation: /[|:,]/,
};

/** The language of a fence among those that are coloured; empty for others. */
export const languageOf = (name) => (Object.hasOwn(NAMES, name.toLowerCase()) ? NAMES[name.toLowerCase()] : "");

/** Tokens of a code as Prism gives them, or null where it stays in one colour. */
export function tokensOf(text, name) {
  const language = languageOf(name);
  const grammar = language === "clip" ? CLIP : Prism.languages[language];
  if (!grammar || text.length > (MOST_OF[language] ?? MOST) || hasLongLine(text)) return null;
  return Prism.tokenize(text, grammar);
}

function hasLongLine(text) {
  for (let from = 0; text.length - from > MOST_LINE; ) {
    const end = text.indexOf("\n", from);
    if (end < 0 || end - from > MOST_LINE) return true;
    from = end + 1;
  }
  return false;
}

/** Nodes of a code in its colours, or null. */
export function coloured(text, name) {
  const tokens = tokensOf(plain(text), name);
  return tokens && tokens.flatMap(node);
}

function node(token) {
  if (typeof token === "string") return shown(token);
  const kind = [token.alias].flat().find(Boolean) ?? token.type;
  const inside = [token.content].flat().flatMap(node);
  return [element("span", { class: `ct-${kind}` }, ...inside)];
}
