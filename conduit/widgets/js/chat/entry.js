// A turn: what the person said, what came, and under it in small print how it went and what can be done with it.

import { button, element, setText } from "../element.js";
import { Usage } from "../usage.js";
import { Asked } from "./asked.js";
import { longTime, shortTime } from "./clock.js";
import { Live } from "./live.js";
import { partOf } from "./parts.js";
import { copyText } from "./copying.js";
import { TakeSwitch } from "./takes.js";

const NAMES = { you: "You", decision: "A decision", verb: "A command" };
const FLASH_MS = 1200;

export class Entry {
  /** @param ports `{ came() }`: says that something more stands here */
  constructor(ctx, id, ports) {
    Object.assign(this, { ctx, id, ports });
    this.parts = new Map();
    this.live = new Live(ctx.store);
    this.root = element("article", { class: "cc-entry", tabindex: -1, "data-entry": id });
  }

  /** Until a turn comes near what is in sight it is an empty place: a long conversation has many. */
  build() {
    if (this.asked) return;
    this.#buildHead();
    this.#buildFoot();
    this.body = element("div", { class: "cc-parts" });
    this.pulse = element("div", { class: "cc-pulse", hidden: true }, element("span"), element("span"), element("span"));
    this.trouble = element("span", { role: "alert" });
    this.retry = button({ action: "ask-once-more", label: "Ask the same again", text: "Try again", symbol: "again", kind: "outline", press: () => this.#send("again") });
    this.error = element("div", { class: "cc-error", hidden: true }, this.trouble, this.retry);
    this.root.append(this.asked.root, this.meta, this.body, this.pulse, this.error, this.foot);
    this.live.on("entry", this.id, (item) => this.#show(item));
  }

  #send(type, more = {}) {
    this.ctx.store.send({ type, entry: this.id, ...more });
  }

  #buildHead() {
    this.edit = button({ action: "edit", label: "Edit what you said", symbol: "draw", press: () => this.asked.edit() });
    this.asked = new Asked({ store: this.ctx.store, edit: (text) => this.#send("edit", { text }), left: () => this.edit.focus() });
    this.time = element("time", { class: "cc-time" });
    this.origin = element("span", { class: "cc-origin" });
    this.meta = element("div", { class: "cc-meta" }, this.#copy("copy-asked", "Copy what you said", () => this.item.asked), this.edit, this.origin, this.time);
  }

  #buildFoot() {
    this.takes = new TakeSwitch({ take: (branch) => this.#send("take", { branch }), compare: (branch) => this.#send("compare", { branch }) });
    this.usage = new Usage();
    this.stopped = element("span", { class: "cc-stopped", text: "Stopped", hidden: true });
    this.again = button({ action: "again", label: "Answer again, as another take", symbol: "again", press: () => this.#send("again") });
    this.copy = this.#copy("copy", "Copy the answer", () => this.#text());
    this.tools = element("span", { class: "cc-tools" }, this.copy, this.again);
    this.foot = element("div", { class: "cc-print" }, this.stopped, this.takes.root, this.usage.root, this.tools);
  }

  #copy(action, label, text) {
    return button({ action, label, symbol: "copy", press: async () => {
      const done = await copyText(text());
      this.ctx.say(done ? "Copied" : "This page may not copy: select the text instead.");
    } });
  }

  /** The words of the answer, as they were written. */
  #text() {
    return (this.item.parts ?? []).map((id) => this.ctx.store.get(id)).filter((part) => part?.kind === "text" || part?.kind === "output").map(({ text }) => text).join("\n\n");
  }

  #show(item) {
    if (!item) return;
    this.item = item;
    const { who = "you", state = "done", number = 0, at = 0, parts = [], error = "", origin = "" } = item;
    Object.assign(this.root.dataset, { who, state });
    this.root.setAttribute("aria-label", number ? `Turn ${number}` : NAMES[who] ?? "Turn");
    this.asked.show(item);
    this.#showParts(parts);
    this.pulse.hidden = state !== "running" || parts.length > 0;
    this.#showTime(at);
    setText(this.origin, origin === "cell" ? "in a cell" : origin);
    this.meta.hidden = this.asked.root.hidden || who === "decision";
    setText(this.trouble, error);
    this.retry.hidden = who !== "you" || state !== "failed";
    this.error.hidden = !error;
    this.#showFoot(item);
    this.shown = true;
  }

  #showFoot({ who = "you", state, asked, parts = [], footer = "", details = [], takes }) {
    const running = state === "running";
    this.edit.hidden = who !== "you" || running || !asked;
    this.stopped.hidden = state !== "stopped";
    this.takes.show(takes, parts.some((id) => this.ctx.store.get(id)?.kind === "clip"));
    this.tools.hidden = running;
    this.again.hidden = who !== "you" || state === "failed";
    this.copy.hidden = !this.#text();
    this.foot.hidden = !(parts.length || footer || (takes?.names?.length ?? 0) > 1 || !this.again.hidden);
    this.usage.show(footer, details);
  }

  #showTime(at) {
    this.time.hidden = !at;
    if (!at || at === this.at) return;
    this.at = at;
    setText(this.time, shortTime(at));
    this.time.title = longTime(at);
    this.time.setAttribute("datetime", new Date(at * 1000).toISOString());
  }

  /** Parts in their order; one that is there already is not touched. */
  #showParts(ids) {
    for (const [id, part] of this.parts) if (!ids.includes(id)) this.#drop(id, part);
    let at = this.body.firstChild;
    for (const id of ids) {
      const { root } = this.#part(id);
      if (root === at) at = at.nextSibling;
      else this.body.insertBefore(root, at);
    }
  }

  #part(id) {
    if (!this.parts.has(id)) {
      const part = partOf(this.ctx, id);
      this.parts.set(id, part);
      const kind = this.ctx.store.get(id)?.kind;
      this.live.on(`part ${id}`, id, (item) => {
        if (!item) return;
        if (item.kind === kind) part.update(item);
        else this.#replace(id);
      });
      if (this.shown) this.ports.came();
    }
    return this.parts.get(id);
  }

  /** A part that is of another kind than before. */
  #replace(id) {
    this.#drop(id, this.parts.get(id));
    this.#showParts(this.item.parts);
  }

  #drop(id, part) {
    part.close();
    part.root.remove();
    this.parts.delete(id);
    this.live.off(`part ${id}`);
  }

  flash() {
    this.root.toggleAttribute("data-flash", true);
    clearTimeout(this.flashing);
    this.flashing = setTimeout(() => this.root.removeAttribute("data-flash"), FLASH_MS);
  }

  close() {
    clearTimeout(this.flashing);
    this.live.close();
    this.asked?.close();
    for (const part of this.parts.values()) part.close();
  }
}
