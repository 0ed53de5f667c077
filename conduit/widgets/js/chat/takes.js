// The takes of a turn: which of how many is shown, the one before and after it, and the two of them compared.

import { button, element, setText } from "../element.js";

export class TakeSwitch {
  /** @param ports `{ take(branch), compare(branch) }` */
  constructor(ports) {
    this.ports = ports;
    this.back = button({ action: "take-back", label: "The take before", symbol: "left", press: () => this.#go(-1) });
    this.on = button({ action: "take-on", label: "The next take", symbol: "right", press: () => this.#go(1) });
    this.words = element("span", { class: "cc-which" });
    this.compare = button({ action: "compare", label: "Show this take and the other, one over the other", text: "Compare", press: () => this.#compare() });
    this.root = element("span", { class: "cc-switch", role: "group", "aria-label": "Takes", hidden: true }, this.back, this.words, this.on, this.compare);
  }

  /** @param compares whether there is a clip to compare */
  show({ names = [], at = 0 } = {}, compares = true) {
    this.compare.hidden = !compares;
    Object.assign(this, { names, at });
    this.root.hidden = names.length < 2;
    setText(this.words, `${at + 1}/${names.length}`);
    this.words.setAttribute("aria-label", `Take ${at + 1} of ${names.length}`);
    this.back.disabled = at <= 0;
    this.on.disabled = at >= names.length - 1;
    const other = this.#other() + 1;
    this.compare.title = `Show takes ${Math.min(at + 1, other)} and ${Math.max(at + 1, other)}, one over the other`;
  }

  /** The take before the one that is shown; of the first, the one after it. */
  #other() {
    return this.at > 0 ? this.at - 1 : 1;
  }

  #go(by) {
    const branch = this.names[this.at + by];
    if (branch !== undefined) this.ports.take(branch);
  }

  #compare() {
    this.ports.compare(this.names[this.#other()]);
  }
}
