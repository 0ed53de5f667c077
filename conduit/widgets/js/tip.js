// The words beside the pointer.

import { element, setText } from "./element.js";

export class Tip {
  constructor() {
    this.root = element("div", { class: "cd-tip", role: "tooltip", hidden: true });
  }

  /** Show words above a place of the root's parent, or below where there is no room. */
  show(text, x, y, width) {
    this.root.hidden = false;
    setText(this.root, text);
    const { offsetWidth, offsetHeight } = this.root;
    const left = Math.max(0, Math.min(x + 12, width - offsetWidth - 4));
    const top = y - offsetHeight - 10;
    this.root.style.transform = `translate(${left}px, ${top < 0 ? y + 18 : top}px)`;
  }

  hide() {
    this.root.hidden = true;
  }
}
