// A text in Markdown cut into blocks that stay as they are, however the text goes on. Pure.
//
// Each line is looked at once, so a long stream costs no more a line at its end than at its beginning. A block ends
// where nothing behind it can belong to it: at a blank line outside of fences and lists, at a fence. No block is longer
// than MOST, whatever comes: a list is cut at an item, a table at a row, all else becomes plain text.

/** Characters of one block. What the lexer makes of the worst of this length takes some hundredths of a second. */
export const MOST = 10_000;
const MOST_CODE = 50_000;

const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})[ \t]*([^\s`]*)/;
const INNER_FENCE = /^\s*(?:[-*+]\s+|\d{1,9}[.)]\s+)*(`{3,}(?=[^`]*$)|~{3,})/;
const ITEM = /^ {0,3}(?:([-*+])|\d{1,9}([.)]))(?:\s|$)/;
const ROW = /^ {0,3}\|/;
const DELIMITER = /^ {0,3}\|?[ :|-]*-[ :|-]*$/;
const BLANK = /^\s*$/;
/** The beginning of a line that may become an item. */
const MAYBE_ITEM = /^ {0,3}(?:[-*+]|\d{1,9}[.)]?)?\s*$/;
const DEEP = /^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))){12}/;

/**
 * Reads a text that grows at its end. `read` gives the blocks that are finished, each once, and the open one.
 * A block is `{ kind: "words" | "code" | "plain", text, language, continued, raw }`, `raw` where it ends
 * inside of a fence.
 */
export class Blocks {
  constructor() {
    this.at = 0; // where the next line begins; `start` is where the open block does
    this.#rest();
  }

  /** @param text all of it so far  @param open whether more may come */
  read(text, open) {
    this.text = text;
    this.done = [];
    for (let end = text.indexOf("\n", this.at); end >= 0; end = text.indexOf("\n", this.at)) this.#line(end);
    if (!open && this.at < text.length) this.#line(text.length);
    if (!open) this.#finish(text.length);
    else if (this.at < text.length) this.#half(text.length);
    return { done: this.done, tail: this.start < text.length ? this.#tail() : null };
  }

  #tail() {
    const block = this.#block(this.text.length);
    const deep = block.kind === "words" && DEEP.test(this.text.slice(this.at, this.at + MOST));
    return deep ? { ...block, kind: "plain" } : block;
  }

  /** A line that is not whole yet: it ends the block before it as soon as that is sure. */
  #half(end) {
    const line = this.text.slice(this.at, this.at + MOST);
    const sure = this.mode === "words" && !this.inner && this.blank && !BLANK.test(line) && !(this.list && MAYBE_ITEM.test(line));
    if (sure && this.#ends(line)) {
      this.#emit(this.at);
      this.#rest();
    }
    this.#bound(end);
  }

  /** Between two blocks. */
  #rest() {
    Object.assign(this, { mode: "", start: this.at, prefix: "", continued: false, list: "", inner: "", blank: false, first: "", header: "" });
  }

  #line(end) {
    const from = this.at;
    const line = this.text.slice(from, Math.min(end, from + MOST));
    this.at = Math.min(end + 1, this.text.length);
    if (this.mode === "code") this.#inCode(line, from);
    else if (!this.mode) this.#begin(line, from);
    else this.#inWords(line, from);
    if (this.mode) this.#bound(this.at);
  }

  #begin(line, from) {
    if (BLANK.test(line)) {
      if (this.start < from) this.#rest();
      this.start = this.at;
      return;
    }
    this.#rest();
    const [, fence, language] = FENCE.exec(line) ?? [];
    if (fence) {
      Object.assign(this, { mode: "code", fence, language });
      return;
    }
    const [, bullet, point] = ITEM.exec(line) ?? [];
    Object.assign(this, { mode: DEEP.test(line) ? "plain" : "words", start: from, list: bullet ?? point ?? "", first: line });
    this.#innerFence(line);
  }

  #inCode(line, from) {
    if (!closes(line, this.fence) || /^ {4}/.test(line)) return;
    this.#emit(from, true);
    this.#rest();
  }

  #inWords(line, from) {
    if (this.inner) return this.#innerFence(line);
    if (BLANK.test(line)) {
      this.blank = true;
      return;
    }
    if (this.#ends(line)) {
      this.#emit(from);
      return this.#begin(line, from);
    }
    this.blank = false;
    if (DEEP.test(line)) this.mode = "plain";
    if (this.first && ROW.test(this.first) && DELIMITER.test(line)) this.header = `${this.first}\n${line}\n`;
    this.first = "";
    if (this.list) this.#innerFence(line);
    this.#cutAt(line, from);
  }

  /** Whether a line cannot belong to the block before it. */
  #ends(line) {
    if (FENCE.test(line) && !(this.list && /^ {2}/.test(line))) return true;
    return this.blank && !(this.list && (/^(?: {2}|\t)/.test(line) || this.#isItem(line)));
  }

  #isItem(line) {
    const [, bullet, point] = ITEM.exec(line) ?? [];
    return Boolean(this.list) && this.list === (bullet ?? point);
  }

  #innerFence(line) {
    if (this.inner && closes(line, this.inner)) this.inner = "";
    else if (!this.inner && this.list) this.inner = INNER_FENCE.exec(line)?.[1] ?? "";
  }

  /** Cut a block that grows too long before a line that can begin one of its kind. */
  #cutAt(line, from) {
    if (this.at - this.start <= MOST || this.at - from > MOST || this.mode !== "words") return;
    if (!(this.#isItem(line) && /^\S/.test(line)) && !this.header) return;
    this.#emit(from);
    this.prefix = this.header;
  }

  /** No block is longer than it may be, also where its line has no end. */
  #bound(end) {
    const most = this.mode === "code" ? MOST_CODE : MOST;
    while (end - this.start > most) {
      if (this.mode !== "code") Object.assign(this, { mode: "plain", prefix: "" });
      this.#emit(cutBefore(this.text, this.start, this.start + most));
      this.continued = true;
    }
  }

  #emit(to, empty = false) {
    if (to > this.start || empty) this.done.push(this.#block(to));
    this.start = to;
  }

  #block(to) {
    const { mode, continued, language } = this;
    const text = this.prefix + this.text.slice(this.start, to);
    return { kind: mode || "words", text, language: mode === "code" ? language : "", continued, raw: Boolean(this.inner) };
  }

  #finish(to) {
    if (this.mode) this.#emit(to, this.mode === "code" && !this.continued);
    this.#rest();
  }
}

const closes = (line, fence) => {
  const found = line.trim();
  return found.length >= fence.length && found === fence[0].repeat(found.length);
};

/** A place for a cut: behind a line's end or a space where there is one near, never inside a character. */
function cutBefore(text, from, to) {
  const near = Math.max(text.lastIndexOf("\n", to - 1), from + (to - from) / 2);
  if (text[near] === "\n") return near + 1;
  const code = text.charCodeAt(to - 1);
  return code >= 0xd800 && code < 0xdc00 ? to - 1 : to;
}
