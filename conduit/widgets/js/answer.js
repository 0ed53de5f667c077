// The model's words: light Markdown as elements, and never as HTML. Paragraphs, headings, lists, code, **bold**,
// *emphasis*; anything else stays the characters it is.

import { element } from "./element.js";

const INLINE = /`([^`\n]+)`|\*\*([^*\n]+)\*\*|(?<![\w*])\*([^*\s][^*\n]*)\*(?![\w*])/g;
const LINES = [
  { kind: "heading", pattern: /^#{1,6}\s+(.*)$/ },
  { kind: "bullet", pattern: /^\s*[-*•]\s+(.*)$/ },
  { kind: "numbered", pattern: /^\s*\d+[.)]\s+(.*)$/ },
];
const LISTS = { bullet: "ul", numbered: "ol" };

/** Blocks of a text: `{ kind: paragraph|heading|bullet|numbered|code, lines }`. Pure. */
export function blocks(text) {
  const found = [];
  let open = null;
  for (const line of text.split("\n")) {
    const fence = line.trimStart().startsWith("```");
    if (open?.kind === "code") {
      if (fence) open = null;
      else open.lines.push(line);
    } else if (fence) {
      open = add(found, "code");
    } else if (!line.trim()) {
      open = null;
    } else {
      open = addLine(found, open, line);
    }
  }
  return found;
}

function add(found, kind, ...lines) {
  const block = { kind, lines };
  found.push(block);
  return block;
}

function addLine(found, open, line) {
  for (const { kind, pattern } of LINES) {
    const match = pattern.exec(line);
    if (!match) continue;
    if (open?.kind === kind && kind !== "heading") open.lines.push(match[1]);
    else open = add(found, kind, match[1]);
    return kind === "heading" ? null : open;
  }
  if (open && open.kind !== "paragraph") {
    open.lines[open.lines.length - 1] += ` ${line.trim()}`;
    return open;
  }
  if (!open) return add(found, "paragraph", line);
  open.lines.push(line);
  return open;
}

/** Pieces of a line: `[{ tag: "" | code | strong | em, text }]`. Pure. */
export function pieces(line) {
  const found = [];
  let at = 0;
  for (const match of line.matchAll(INLINE)) {
    if (match.index > at) found.push({ tag: "", text: line.slice(at, match.index) });
    const [, code, strong, em] = match;
    found.push(code ? { tag: "code", text: code } : strong ? { tag: "strong", text: strong } : { tag: "em", text: em });
    at = match.index + match[0].length;
  }
  if (at < line.length) found.push({ tag: "", text: line.slice(at) });
  return found;
}

const inline = (line) => pieces(line).map(({ tag, text }) => (tag ? element(tag, { text }) : new Text(text)));

function blockElement({ kind, lines }) {
  if (kind === "code") return element("pre", {}, element("code", { text: lines.join("\n") }));
  if (LISTS[kind]) return element(LISTS[kind], {}, ...lines.map((line) => element("li", {}, ...inline(line))));
  if (kind === "heading") return element("p", {}, element("strong", {}, ...inline(lines[0])));
  return element("p", {}, ...inline(lines.join(" ")));
}

export class Answer {
  constructor() {
    this.root = element("div", { class: "cd-answer", hidden: true });
    this.text = "";
  }

  show(text) {
    if (text === this.text) return;
    this.text = text;
    this.root.hidden = !text.trim();
    this.root.replaceChildren(...blocks(text).map(blockElement));
  }
}
