// One line with a dot for its state; it unfolds to what is behind it, which is made when it is first asked for.

import { element, setText } from "../element.js";

const SAID = { running: "running", done: "done", failed: "failed", waiting: "waiting" };

export class Fold {
  /** @param unfolded called with the box whenever it is open and something may have changed */
  constructor(unfolded) {
    this.unfolded = unfolded;
    this.dot = element("span", { class: "cc-fold-dot", "aria-hidden": "true" });
    this.name = element("span", { class: "cc-fold-name" });
    this.note = element("span", { class: "cc-fold-note" });
    this.said = element("span", { class: "cc-fold-said" });
    this.body = element("div", { class: "cc-fold-body" });
    const line = element("summary", {}, this.dot, this.name, this.said, this.note);
    this.root = element("details", { class: "cc-fold", on: { toggle: () => this.refresh() } }, line, this.body);
  }

  /** @param state one of running, done, failed, waiting */
  show({ state, name, note = "", said = SAID[state] ?? "" }) {
    this.root.dataset.state = state;
    setText(this.name, name);
    setText(this.note, note);
    setText(this.said, said && ` ${said}`);
    this.refresh();
  }

  refresh() {
    if (this.root.open) this.unfolded(this.body);
  }
}
