// What could stand at the caret: a notebook's names and clips after @, and verbs with their values after /.
//
// The kernel knows them. While its answer is on its way the list is narrowed to what still fits. Only a word that was
// begun has a choice from the start, so that Enter after a whole command sends it.

import { element, setText } from "../element.js";
import { plural } from "../naming.js";

const DEBOUNCE_MS = 60;
const NAME = /(?<![\p{L}\p{N}_.@/+-])@(?:"[^"\n]*|[\p{L}\p{N}_]*)$/u;
const COMMAND = /^\s*\/(?!\/)[^\n]*$/;
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/** What was typed of a word, without the sign that begins it. */
const bare = (word) => word.replace(/^[@/]"?/, "").toLowerCase();

/** Whether something may be completed at the end of a text. */
export const isOpenEnded = (before) => COMMAND.test(before) || NAME.test(before);

let lists = 0;
/** Answers are told apart on all pages that show this panel. */
let asked = Math.floor(Math.random() * 2 ** 30);

export class Completion {
  /**
   * @param input a text area
   * @param ask `(intent) =>` asks the kernel
   * @param taken `() =>` a text was taken into the input
   */
  constructor(input, { ask, taken }) {
    Object.assign(this, { input, ask, taken, items: [], at: -1, n: 0 });
    this.id = `cc-list-${(lists += 1)}`;
    this.list = element("ul", { class: "cc-suggest", id: this.id, role: "listbox", "aria-label": "Suggestions", hidden: true });
    this.count = element("span", { class: "cd-live", role: "status" });
    this.root = element("div", { class: "cc-completion" }, this.list, this.count);
    input.setAttribute("aria-autocomplete", "list");
  }

  get isOpen() {
    return !this.list.hidden;
  }

  get before() {
    const { value, selectionStart, selectionEnd } = this.input;
    return selectionStart === selectionEnd ? value.slice(0, selectionStart) : null;
  }

  /** The text or the caret is another: ask what could stand there, in a moment. */
  look() {
    const { before } = this;
    if (before === this.looked) return;
    this.looked = before;
    this.n = 0;
    clearTimeout(this.timer);
    if (before === null || !isOpenEnded(before)) return this.close();
    this.#show(this.items.filter(([text]) => this.#fits(text)));
    this.timer = setTimeout(() => {
      this.n = asked += 1;
      this.ask({ type: "complete", n: this.n, text: this.input.value, at: before.length });
    }, DEBOUNCE_MS);
  }

  #fits(text) {
    return text.toLowerCase().includes(bare(this.before.slice(this.from)));
  }

  /** What the kernel answers; an answer to an earlier question is left out. */
  hear({ n, from, items }) {
    if (n !== this.n || this.before !== this.looked) return;
    this.from = from;
    this.#show(items);
  }

  #show(items) {
    this.items = items;
    this.list.hidden = !items.length;
    this.list.replaceChildren(...items.map((item, i) => this.#option(item, i)));
    this.#choose(items.length && this.before.length > this.from ? 0 : -1);
    this.input[items.length ? "setAttribute" : "removeAttribute"]("aria-controls", this.id);
    setText(this.count, items.length ? plural(items.length, "suggestion") : "");
  }

  #option([text, note], i) {
    return element(
      // The input keeps the focus.
      "li", { role: "option", id: `${this.id}-${i}`, class: "cc-option", on: { mousedown: (event) => event.preventDefault(), click: () => this.#take(i) } },
      element("span", { class: "cc-suggested", text: text.trim() }), note && element("span", { class: "cc-about", text: note }),
    );
  }

  #choose(at) {
    this.at = at;
    [...this.list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    if (at < 0) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", `${this.id}-${at}`);
    this.list.children[at].scrollIntoView({ block: "nearest" });
  }

  /** Take a key where it is for the list; gives whether it was. */
  key({ key, shiftKey, ctrlKey, metaKey, altKey }) {
    if (!this.isOpen || shiftKey || ctrlKey || metaKey || altKey) return false;
    if (key === "Escape") this.close();
    else if (STEPS[key]) this.#choose((Math.max(this.at, STEPS[key] > 0 ? -1 : 0) + STEPS[key] + this.items.length) % this.items.length);
    else if (key === "Tab") this.#take(Math.max(this.at, 0));
    else if (key === "Enter" && this.at >= 0 && !this.#isWhole()) this.#take(this.at);
    else return false;
    return true;
  }

  /** Whether what is chosen already stands there. */
  #isWhole() {
    return this.before.slice(this.from) === this.items[this.at][0].trim();
  }

  #take(i) {
    const { input, from } = this;
    const [text] = this.items[i];
    const caret = input.selectionStart;
    const spaced = /[\s/.=]$/.test(text) || /^\s/.test(input.value.slice(caret)) ? text : `${text} `;
    this.close();
    input.focus();
    input.setSelectionRange(from, caret);
    write(input, spaced);
    this.taken();
  }

  close() {
    clearTimeout(this.timer);
    this.n = 0;
    this.#show([]);
  }
}

/** Type a text in place of what is selected; the browser's undo takes it back. */
export function write(input, text) {
  if (document.activeElement === input && document.execCommand("insertText", false, text)) return;
  input.setRangeText(text, input.selectionStart, input.selectionEnd, "end");
  input.dispatchEvent(new InputEvent("input", { bubbles: true }));
}
