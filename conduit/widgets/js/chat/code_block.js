// A block of code: its language, Copy, and its text in colours. A block that is still written grows at its end, and is
// coloured now and then.

import { element, setText } from "../element.js";
import { coloured, languageOf } from "./highlight.js";
import { bare, plain, shown } from "./shown.js";

const AGAIN_MS = 200;
const SAID_MS = 1500;
/** A block that is still written is coloured up to this length. */
const MOST_LIVE = 10_000;

export class CodeBlock {
  /** @param options `{ language, continued, say(text) }`; a continued block goes on where the one before was cut */
  constructor({ language = "", continued = false, say = () => {} }) {
    Object.assign(this, { language, say, text: "", drawn: 0 });
    this.code = element("code", {});
    this.copy = element("button", { type: "button", class: "cd-button cc-code-copy", "data-action": "copy-code", text: "Copy", on: { click: () => this.#copy() } });
    const label = element("span", { class: "cc-code-language", text: languageOf(language) || plain(language).slice(0, 30) || "text" });
    this.pre = element("pre", { tabindex: 0, "aria-label": `Code, ${label.textContent}`, role: "group" }, this.code);
    this.root = element("div", { class: "cc-code", dir: "ltr" }, !continued && element("div", { class: "cc-code-head" }, label, this.copy), this.pre);
    this.root.toggleAttribute("data-continued", continued);
  }

  show(text, open) {
    const clean = text.replace(/\n$/, "");
    const grew = clean.startsWith(this.text);
    const added = grew ? clean.slice(this.text.length) : clean;
    this.text = clean;
    this.root.toggleAttribute("data-open", open);
    if (!open) return this.#colour();
    if (!grew) this.code.replaceChildren();
    if (added) this.code.append(...shown(added));
    if (clean.length <= MOST_LIVE) this.timer ??= setTimeout(() => this.#colour(), AGAIN_MS);
  }

  #colour() {
    clearTimeout(this.timer);
    this.timer = null;
    this.code.replaceChildren(...(coloured(this.text, this.language) ?? shown(this.text)));
  }

  async #copy() {
    const done = await copyText(bare(this.text)).catch(() => false);
    setText(this.copy, done ? "Copied" : "Not copied");
    this.say(done ? "Copied" : "The browser does not let this page copy");
    clearTimeout(this.said);
    this.said = setTimeout(() => setText(this.copy, "Copy"), SAID_MS);
  }

  close() {
    clearTimeout(this.timer);
    clearTimeout(this.said);
  }
}

/** Copy a text; in pages that are not served safely there is only the old way. Gives whether it was done. */
export async function copyText(text) {
  if (navigator.clipboard?.writeText) {
    await navigator.clipboard.writeText(text);
    return true;
  }
  const area = element("textarea", { style: "position:fixed;opacity:0", "aria-hidden": "true" });
  area.value = text;
  document.body.append(area);
  const before = document.activeElement;
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  before?.focus?.();
  return done;
}
