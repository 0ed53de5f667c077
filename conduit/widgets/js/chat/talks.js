// The conversations of this store: which one this is, another one, or a new one.

import { setText } from "../element.js";
import { pick } from "./pick.js";

const UNTITLED = "New conversation";

export class Talks {
  constructor(ctx, id) {
    this.ctx = ctx;
    this.talks = [];
    const { root, button } = pick({ action: "talks", label: "Conversations", symbol: "talks", text: UNTITLED, items: () => this.#items() });
    Object.assign(this, { root, button });
    root.classList.add("cc-talks");
    this.update(ctx.store.get(id));
  }

  #items() {
    const fresh = { text: "New conversation", action: "talk-new", press: () => this.#choose("") };
    return [fresh, this.talks.length > 0 && { heading: "Conversations" }, ...this.talks.map((talk) => this.#item(talk))];
  }

  #item([name, title, when, current]) {
    return { text: title || UNTITLED, note: when, checked: Boolean(current), action: `talk-${name}`, group: name, press: () => current || this.#choose(name) };
  }

  #choose(name) {
    this.ctx.store.send({ type: "talk", name });
    this.ctx.input.focus();
  }

  /** @param item the bar's; its `talks` are `[[name, title, when, is current]]` */
  update({ talks = [] } = {}) {
    this.talks = talks;
    const [, title] = talks.find(([, , , current]) => current) ?? ["", ""];
    setText(this.button.lastChild, title || UNTITLED);
    this.button.title = `Conversations\nThis one: ${this.button.lastChild.textContent}`;
  }

  close() {}
}
