// What the person said: a bubble that can be edited in place, a command with its line, or a decision as an aside.

import { button, element, setText } from "../element.js";
import { Media } from "./media.js";

export class Asked {
  /** @param ports `{ store, edit(text) }` */
  constructor(ports) {
    this.ports = ports;
    this.media = new Media(ports.store);
    this.words = element("div", { class: "cc-words", dir: "auto" });
    this.bubble = element("div", { class: "cc-bubble" }, this.media.root, this.words);
    this.root = element("div", { class: "cc-asked" }, this.bubble);
  }

  show({ who, asked = "", media = [] }) {
    this.text = asked;
    this.root.hidden = !asked && !media.length;
    this.root.dataset.who = who;
    setText(this.words, asked);
    this.media.show(media);
  }

  get editing() {
    return Boolean(this.form);
  }

  /** Let the words be edited: Enter sends them, Escape leaves them. */
  edit() {
    if (this.form) return this.field.focus();
    const done = () => this.#done();
    this.field = element("textarea", { class: "cc-field", rows: 1, "aria-label": "Edit what you said", dir: "auto", on: { keydown: (event) => this.#key(event), input: () => this.#grow() } });
    this.field.value = this.text;
    this.form = element(
      "div", { class: "cc-form" }, this.field,
      element(
        "div", { class: "cc-form-row" }, element("span", { class: "cc-aside", text: "A branch begins here; what came before is kept." }), element("span", { class: "cc-space" }),
        button({ action: "cancel-edit", label: "Leave it as it was (Escape)", text: "Cancel", press: done }),
        button({ action: "send-edit", label: "Send (Enter)", text: "Send", kind: "accent", press: () => this.#send() }),
      ),
    );
    this.bubble.hidden = true;
    this.root.append(this.form);
    this.root.toggleAttribute("data-editing", true);
    this.#grow();
    this.field.focus();
    this.field.setSelectionRange(this.text.length, this.text.length);
  }

  #grow() {
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight + 2}px`;
  }

  #key(event) {
    if (event.isComposing) return;
    const act = { Escape: () => this.#done(), Enter: event.shiftKey ? null : () => this.#send() }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  #send() {
    const text = this.field.value.trim();
    this.#done();
    if (text) this.ports.edit(text);
  }

  #done() {
    this.form.remove();
    this.form = null;
    this.bubble.hidden = false;
    this.root.removeAttribute("data-editing");
    this.ports.left();
  }

  close() {
    this.media.close();
  }
}
