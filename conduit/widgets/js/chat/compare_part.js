// A part of an answer: the clip before it and another take, one over the other. As long as it is there it stands in the
// place of that clip's own roll.

import { element } from "../element.js";
import { Comparing } from "./comparing.js";

export class ComparePart {
  constructor(ctx, id) {
    Object.assign(this, { ctx, id });
    this.root = element("div", { class: "cc-compare" });
  }

  update(item = {}) {
    const [entry, { parts = [], takes = {} }] = this.#entry();
    const before = parts.slice(0, parts.indexOf(this.id)).map((id) => this.ctx.store.get(id)).findLast((part) => part?.kind === "clip");
    this.entry = entry;
    this.#compare(before?.clip, item.one);
    const numbered = (name, at = takes.names?.indexOf(name) ?? -1) => (at < 0 ? name : `Take ${at + 1}`);
    this.comparing?.call({ a: numbered(before?.label, takes.at), b: numbered(item.label) });
  }

  /** The entry that this is a part of, with its id. */
  #entry() {
    return [...this.ctx.store.all()].find(([, { parts }]) => parts?.includes(this.id)) ?? ["", {}];
  }

  #compare(a, b) {
    const key = `${a} ${b}`;
    if (key === this.key) return;
    this.key = key;
    this.comparing?.close();
    this.comparing = a && b ? new Comparing(this.ctx, { a, b }, { close: () => this.#end() }) : null;
    if (this.comparing) this.root.append(this.comparing.root);
    this.root.hidden = !this.comparing;
  }

  /** A comparison with nothing ends it. */
  #end() {
    this.comparing.view.transport.stop();
    this.ctx.store.send({ type: "compare", entry: this.entry, branch: "" });
  }

  close() {
    this.comparing?.close();
  }
}
