// Markdown as elements. The lexer of `marked` gives tokens; what is made of them is ours, and never HTML from a string.
// Nothing is fetched for a text, nothing in it runs, and its links lead to the web or to a letter and say whereto.

import { Lexer } from "marked";
import { element } from "../element.js";
import { Blocks } from "./blocks.js";
import { CodeBlock } from "./code_block.js";
import { settled, settledCode } from "./half.js";
import { address, decodeEntities, isPicture } from "./links.js";
import { plain, shown } from "./shown.js";

/** Characters drawn at first, and with each "Show more". */
export const STEP = 200_000;
/** Elements made at first, and with each "Show more". */
const STEP_NODES = 12_000;
const DEEPEST = 32;
const HEADINGS = ["h3", "h4", "h5", "h6", "h6", "h6"];
const LARGE = 20_000;
const SETTLED = { words: settled, code: settledCode, plain: (text) => text };

/** A text in a box of its own, which may grow: what is finished stays in the page as it is. */
export class Markdown {
  /** @param {{ say?: (text: string) => void }} ports */
  constructor(ports = {}) {
    this.ports = ports;
    this.more = element("button", { type: "button", class: "cd-button cc-show-more", "data-action": "show-more", on: { click: () => this.#showMore() } });
    this.body = element("div", { class: "cc-md" });
    this.root = element("div", { class: "cc-prose" }, this.body);
    this.codes = new Set();
    this.#clear();
  }

  #clear() {
    for (const code of this.codes) code.close();
    this.codes.clear();
    this.blocks = new Blocks();
    this.text = "";
    this.limit = STEP;
    this.nodes = STEP_NODES;
    this.waiting = [];
    this.links = {};
    this.open = [];
    this.openCode = null;
    this.body.replaceChildren();
  }

  /** @param text all of it  @param open whether it is still being written */
  show(text, open) {
    const grew = text.startsWith(this.text);
    if (!grew || (this.closed && text.length > this.text.length)) this.#clear();
    if (grew && text === this.text && open === this.stillOpen) return;
    this.text = text;
    this.stillOpen = open;
    this.#draw();
  }

  #draw() {
    const cut = this.text.length > this.limit;
    const { done, tail } = this.blocks.read(cut ? this.text.slice(0, this.limit) : this.text, this.stillOpen || cut);
    this.closed = !this.stillOpen && !cut;
    this.waiting.push(...done);
    while (this.waiting.length && this.nodes > 0) this.#finish(this.waiting.shift());
    const held = this.waiting.length > 0;
    this.#showOpen(held ? null : tail);
    this.body.toggleAttribute("data-large", this.text.length > LARGE);
    this.#offerMore(cut || held);
  }

  #finish(block) {
    if (block.kind === "code" && this.openCode) {
      this.openCode.show(block.text, false);
      this.openCode = null;
      this.open = [];
      return;
    }
    this.#dropOpen();
    const made = this.#nodes(block, false);
    for (const node of made) this.nodes -= 1 + (node.childElementCount ? node.getElementsByTagName("*").length : 0);
    this.body.append(...made);
  }

  #showOpen(block) {
    const text = block && (block.raw ? block.text : SETTLED[block.kind](block.text));
    if (block?.kind === "code" && this.openCode) return this.openCode.show(text, true);
    this.#dropOpen();
    if (!block) return;
    this.open = this.#nodes({ ...block, text }, true);
    this.body.append(...this.open);
  }

  #dropOpen() {
    for (const node of this.open) node.remove();
    this.open = [];
    this.openCode = null;
  }

  #nodes({ kind, text, language, continued }, open) {
    if (kind === "code") return [this.#code(text, language, { open, continued })];
    if (kind === "plain") return [plainText(text)];
    return words(text, { links: this.links, code: (body, lang) => this.#code(body, lang, {}) });
  }

  #code(text, language, { open = false, continued = false }) {
    const code = new CodeBlock({ language, continued, say: this.ports.say });
    code.show(text, open);
    this.codes.add(code);
    if (open) this.openCode = code;
    return code.root;
  }

  #offerMore(wanted) {
    if (!wanted) return this.more.remove();
    const left = Math.max(0, this.text.length - this.limit) + this.waiting.reduce((sum, { text }) => sum + text.length, 0);
    this.more.textContent = `Show more (${left.toLocaleString("en")} characters)`;
    this.root.append(this.more);
  }

  #showMore() {
    if (!this.waiting.length) this.limit += STEP;
    this.nodes = STEP_NODES;
    this.#draw();
  }

  close() {
    for (const code of this.codes) code.close();
  }
}

const plainText = (text) => element("div", { class: "cc-as-is", dir: "auto" }, ...shown(text));

/**
 * The elements of a text that is small enough for the lexer.
 * @param ports `{ links, code(text, language): node }`; links defined in one block hold for those after it
 */
export function words(text, ports) {
  try {
    const lexer = new Lexer({ gfm: true });
    lexer.tokens.links = ports.links;
    return blocksOf(lexer.lex(plain(text)), { ...ports, depth: 0 });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // too deep for the lexer
    return [plainText(text)];
  }
}

/** Elements of block tokens; what nests too deep is shown as it was written. */
function blocksOf(tokens, at) {
  const inside = { ...at, depth: at.depth + 1 };
  if (inside.depth > DEEPEST) return tokens.map((token) => plainText(token.raw));
  return tokens.flatMap((token) => BLOCKS[token.type]?.(token, inside) ?? [plainText(token.raw)]);
}

const written = (tag, tokens, at) => element(tag, { dir: "auto" }, ...inlineOf(tokens ?? [], at));

const BLOCKS = {
  space: () => [],
  def: () => [],
  checkbox: (token) => [checkbox(token)],
  hr: () => [element("hr")],
  heading: (token, at) => [written(HEADINGS[token.depth - 1] ?? "h6", token.tokens, at)],
  paragraph: (token, at) => [written("p", token.tokens, at)],
  text: (token, at) => inlineOf([token], at),
  html: (token) => [plainText(token.raw.trimEnd())],
  blockquote: (token, at) => [element("blockquote", {}, ...blocksOf(token.tokens, at))],
  code: (token, at) => [at.code(token.text, /^\S*/.exec(token.lang ?? "")[0])],
  list: (token, at) => [list(token, at)],
  table: (token, at) => [table(token, at)],
};

function list({ ordered, start, items }, at) {
  const tag = ordered ? "ol" : "ul";
  return element(tag, { start: ordered && start !== 1 ? start : null }, ...items.map((item) => listItem(item, at)));
}

function listItem({ task, loose, tokens }, at) {
  return element("li", { dir: "auto", class: task ? "cc-md-task" : null, "data-loose": loose }, ...blocksOf(tokens, at));
}

const checkbox = ({ checked }) =>
  element("input", { type: "checkbox", disabled: true, checked, "aria-label": checked ? "Done" : "To do" });

function table({ header, rows, align }, at) {
  const cell = (tag) => ({ tokens }, i) => element(tag, { "data-align": align[i], scope: tag === "th" ? "col" : null }, ...inlineOf(tokens, at));
  const row = (tag) => (cells) => element("tr", {}, ...cells.map(cell(tag)));
  const made = element("table", {}, element("thead", {}, row("th")(header)), element("tbody", {}, ...rows.map(row("td"))));
  return element("div", { class: "cc-wide", tabindex: 0, role: "group", "aria-label": "Table" }, made);
}

/** Nodes and strings of inline tokens. */
function inlineOf(tokens, at) {
  const inside = { ...at, depth: at.depth + 1 };
  return tokens.flatMap((token) => INLINE[inside.depth > DEEPEST ? "html" : token.type]?.(token, inside) ?? shown(token.raw));
}

const around = (tag) => (token, at) => [element(tag, {}, ...inlineOf(token.tokens, at))];

const INLINE = {
  text: (token, at) => (token.tokens ? inlineOf(token.tokens, at) : shown(decodeEntities(token.text))),
  escape: (token) => shown(token.text),
  strong: around("strong"),
  em: around("em"),
  del: around("s"),
  codespan: (token) => [element("code", {}, ...shown(token.text))],
  br: () => [element("br")],
  html: (token) => (/^<br\s*\/?>$/i.test(token.raw) ? [element("br")] : shown(token.raw)),
  link: (token, at) => link(token.href, inlineOf(token.tokens, at)),
  image: (token) => image(token),
  checkbox: (token) => [checkbox(token), " "],
};

function link(href, children) {
  const found = address(href);
  if (!found) return children;
  return [element("a", { href: found.href, title: found.leads, target: "_blank", rel: "noopener noreferrer" }, ...children)];
}

/** A picture that carries its bytes, else words that lead to it. */
function image({ href, text }) {
  const alt = plain(text);
  if (isPicture(href)) return [element("img", { src: href, alt, class: "cc-md-image", loading: "lazy" })];
  return link(href, ["[image] ", ...shown(alt || href)]);
}
