// The small print under an answer: who answered, in one line, and under it, unfolded, what it took.

import { element, setText } from "./element.js";

export class Usage {
  constructor() {
    this.line = element("span");
    this.summary = element("summary", {}, this.line);
    // Not a list of terms: notebooks have styles of their own for those.
    this.rows = element("div", { class: "cd-took" });
    this.fold = element("details", {}, this.summary, this.rows);
    this.root = element("div", { class: "cd-usage" });
  }

  /** @param rows `[label, value]` pairs; without them there is nothing to unfold */
  show(line, rows = []) {
    setText(this.line, line);
    const key = JSON.stringify(rows);
    if (key === this.key) return;
    this.key = key;
    this.rows.replaceChildren(...rows.flatMap(([label, value]) => [
      element("span", { text: label }), element("span", { text: value }),
    ]));
    this.summary.prepend(this.line);
    this.root.replaceChildren(rows.length ? this.fold : this.line);
  }
}
