// A part of an answer: its words.

import { element } from "../element.js";
import { Markdown } from "./markdown.js";

export class TextPart {
  constructor(ctx) {
    this.markdown = new Markdown({ say: (text) => ctx.say(text) });
    this.root = element("div", { class: "cc-text" }, this.markdown.root);
  }

  update({ text = "", open = false }) {
    this.root.toggleAttribute("data-open", open);
    this.markdown.show(text, open);
  }

  close() {
    this.markdown.close();
  }
}
