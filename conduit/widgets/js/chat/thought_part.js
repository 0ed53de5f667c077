// A part of an answer: what the model thought, folded.

import { Fold } from "./fold.js";
import { Markdown } from "./markdown.js";

export class ThoughtPart {
  constructor(ctx) {
    this.markdown = new Markdown({ say: (text) => ctx.say(text) });
    this.fold = new Fold((body) => this.#unfold(body));
    this.root = this.fold.root;
    this.root.classList.add("cc-thought");
  }

  update({ text = "", open = false }) {
    Object.assign(this, { text, open });
    this.fold.show({ state: open ? "running" : "done", name: open ? "Thinking…" : "Thought for a moment", said: "" });
  }

  #unfold(body) {
    if (!this.markdown.root.isConnected) body.append(this.markdown.root);
    this.markdown.show(this.text, this.open);
  }

  close() {
    this.markdown.close();
  }
}
