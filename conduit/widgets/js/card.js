// The plan card: what will happen, what changes, how long the offer stands, yes or no; then one line and Undo.

import { compare } from "./compare.js";
import { begin, drawCompared } from "./draw.js";
import { button, element, icon, setText } from "./element.js";
import { fitLength, gridLines, layout, xOf } from "./geometry.js";
import { decodeClip } from "./model.js";
import { clock } from "./naming.js";

const PICTURE_PX = 84;
const OPEN = new Set(["pending", "applying", "failed"]);
const SYMBOLS = { applied: "check", partial: "warning", undone: "undo", rejected: "cross", expired: "cross", failed: "warning" };
const SAID = {
  applied: "Done.",
  partial: "It failed, and a part of it is left. Undo tries to take it back.",
  undone: "Undone: the set is as it was before.",
  rejected: "Rejected. Nothing was changed.",
  expired: "The offer ran out and nothing was changed. Push again to get a new one.",
  failed: "It did not work. The plan is kept, so it can be tried again.",
};
const WORDS = { true: "replaces a clip", false: "adds to the set" };
const WORDS_OF_OTHERS = { true: "changes the set", false: "adds to the set" };
const WHY_LIMITED = "The set may change meanwhile, so the offer does not stand for ever. After that, push again.";

export class Card {
  /** @param ports `{ send(intent), now(): ms, changed(), said, edit() }`; `said` and `edit` may be left out */
  constructor(ports) {
    this.ports = ports;
    this.said = { ...SAID, ...ports.said };
    this.plan = {};
    const decide = (type) => () => this.#decide(type);
    this.symbol = element("span", { class: "cd-symbol" });
    this.sentence = element("span", { class: "cd-sentence", "aria-live": "polite" });
    this.tier = element("span", { class: "cd-tier" });
    this.undo = button({ action: "undo", label: "Put back what was there before", text: "Undo", symbol: "undo", press: () => ports.send({ type: "undo" }) });
    this.canvas = element("canvas", { class: "cd-compare", role: "img" });
    this.legend = element("div", { class: "cd-legend" });
    this.lines = element("div", { class: "cd-diff" });
    this.notes = element("div", { class: "cd-notes" });
    this.result = element("div", { class: "cd-result", role: "status" });
    this.left = element("span", { class: "cd-left", title: WHY_LIMITED });
    this.fill = element("div", { class: "cd-fill" });
    this.life = element("div", { class: "cd-life", "aria-hidden": "true" }, this.fill);
    this.approve = button({ action: "approve", label: "Do it", text: "Approve", symbol: "check", kind: "accent", press: decide("approve") });
    this.reject = button({ action: "reject", label: "Leave everything as it is", text: "Reject", press: decide("reject") });
    this.edit = ports.edit && button({ action: "amend", label: "Change the notes before they are written", text: "Edit", press: () => ports.edit() });
    this.more = element(
      "div", { class: "cd-more" },
      this.lines, this.notes, this.canvas, this.legend, this.life,
      element("div", { class: "cd-decide" }, this.approve, this.reject, this.edit, element("span", { class: "cd-space" }), this.left),
    );
    this.root = element(
      "section", { class: "conduit-plan", "aria-label": "Planned change", hidden: true },
      element("div", { class: "cd-headline" }, this.symbol, this.sentence, this.tier, this.undo), this.result, this.more,
    );
  }

  #decide(type) {
    if (!OPEN.has(this.status) || this.status === "applying") return;
    if (type === "approve") this.#set("applying");
    else this.approve.disabled = this.reject.disabled = true;
    this.ports.send({ type, plan: this.plan.id });
  }

  /** The kernel lives, and has not said what became of the decision. */
  noAnswer() {
    if (!this.open) return;
    this.#set(this.plan.status);
    setText(this.result, "The kernel has not answered yet. It may be busy; you can try again.");
  }

  /** Say whether somebody is there to decide for. */
  setGone(gone) {
    if (gone === Boolean(this.gone)) return;
    this.gone = gone;
    if (this.plan.id) this.#set(this.status === "expired" ? "expired" : this.plan.status);
  }

  /** @param error what went wrong last; when it is also the plan's result, nothing was done */
  show(plan, { notes, length, meter, error }) {
    const same = plan.id === this.plan.id && plan.result === this.plan.result;
    const troubled = (Boolean(error) && plan.result === error) || (same && Boolean(this.troubled));
    if (plan === this.plan) {
      if (troubled && !this.troubled) this.#setTroubled(true);
      return;
    }
    const fresh = plan.id !== this.plan.id || plan.after !== this.plan.after;
    const restarted = plan.id !== this.plan.id || plan.seconds_left !== this.plan.seconds_left;
    if (restarted) this.ends = this.ports.now() + (plan.seconds_left ?? 0) * 1000;
    this.plan = plan;
    this.root.hidden = !plan.id;
    if (!plan.id) return this.#stopClock();
    if (fresh) {
      const old = plan.before && decodeClip(plan.before);
      const longest = Math.max(length, old?.length ?? 0);
      const before = old?.notes ?? decodeClip().notes;
      this.compared = { before, after: notes, length: longest, meter, ...compare(before, notes) };
    }
    setText(this.tier, (plan.pictured === false ? WORDS_OF_OTHERS : WORDS)[Boolean(plan.overwrites)]);
    this.tier.title = plan.tier ?? "";
    setText(this.lines, (plan.lines ?? []).join("\n"));
    setText(this.notes, (plan.notes ?? []).join("\n"));
    this.canvas.hidden = this.legend.hidden = plan.pictured === false;
    this.#showLegend();
    this.#set(plan.status);
    this.#setTroubled(troubled);
  }

  /** The sign of trouble stays for as long as the card tells of it. */
  #setTroubled(troubled) {
    this.troubled = troubled;
    this.root.toggleAttribute("data-troubled", troubled);
    this.#showSymbol();
  }

  #showSymbol() {
    const name = this.troubled ? "warning" : SYMBOLS[this.status];
    this.symbol.replaceChildren(...(name ? [icon(name)] : []));
  }

  /** Whether the card itself tells this error. */
  tells(error) {
    return Boolean(this.plan.id) && this.sentence.textContent === error;
  }

  #set(status) {
    this.status = status;
    this.root.dataset.status = status;
    const open = OPEN.has(status);
    const { sentence = "", result, overwrites } = this.plan;
    setText(this.sentence, open ? sentence : result || this.said[status]);
    this.sentence.title = open ? "" : sentence;
    setText(this.result, status === "failed" ? result || this.said.failed : "");
    this.root.toggleAttribute("data-overwrites", Boolean(overwrites) && open);
    this.more.hidden = !open;
    this.tier.hidden = !open;
    this.undo.hidden = Boolean(this.plan.kept) || (status !== "applied" && status !== "partial");
    this.#showSymbol();
    this.approve.disabled = this.reject.disabled = status === "applying" || Boolean(this.gone);
    if (this.edit) this.edit.disabled = this.approve.disabled;
    this.undo.disabled = Boolean(this.gone);
    setText(this.approve.lastChild, { applying: "Applying…", failed: "Try again" }[status] ?? "Approve");
    if (status === "pending" || status === "failed") this.#startClock();
    else this.#stopClock();
    this.draw();
    this.ports.changed();
  }

  #showLegend() {
    const { kept, added, removed, moved, before } = this.compared;
    const parts = [["added", added], ["removed", removed], ["moved", moved], ["kept", kept]]
      .filter(([word, list]) => word === "added" || (before.count && list.length))
      .map(([word, list]) => element("span", { class: `cd-${word}`, text: `${list.length} ${word}` }));
    this.legend.replaceChildren(...parts);
    const told = parts.map((part) => part.textContent).join(", ");
    this.canvas.setAttribute("aria-label", `Notes before and after: ${told}`);
  }

  #startClock() {
    this.#stopClock();
    this.#tick();
    this.timer = setInterval(() => this.#tick(), 250);
  }

  #stopClock() {
    clearInterval(this.timer);
  }

  #tick() {
    const left = Math.max(0, (this.ends - this.ports.now()) / 1000);
    setText(this.left, `${clock(left)} left to decide`);
    this.fill.style.transform = `scaleX(${Math.min(1, left / (this.plan.life_s || 300))})`;
    if (left <= 0) this.#set("expired");
  }

  /** Whether a decision is waited for. */
  get open() {
    return this.status === "pending" || this.status === "applying";
  }

  setTheme(theme) {
    this.theme = theme;
    this.draw();
  }

  resize(width) {
    this.width = width;
    this.draw();
  }

  draw() {
    if (!this.theme || !this.width || this.more.hidden || this.canvas.hidden || !this.plan.id) return;
    const { before, after, length } = this.compared;
    const width = this.canvas.clientWidth || this.width;
    const ctx = begin(this.canvas, width, PICTURE_PX);
    ctx.fillStyle = this.theme.row;
    ctx.fillRect(0, 0, width, PICTURE_PX);
    const view = pictureView([before, after].filter((notes) => notes?.count), { width, length });
    ctx.fillStyle = this.theme.beat;
    for (const beat of gridLines(view, this.compared.meter, length).bars) ctx.fillRect(Math.round(xOf(view, beat)), 0, 1, PICTURE_PX);
    drawCompared(ctx, view, this.compared, this.theme, length);
  }

  close() {
    this.#stopClock();
  }
}

/** A view without keys or grid that holds all the notes of both sides. */
function pictureView(sides, { width, length }) {
  const low = Math.min(...sides.map((notes) => notes.low), sides.length ? 127 : 60);
  const high = Math.max(...sides.map((notes) => notes.high), sides.length ? 0 : 60);
  const { lanes } = layout({ low, high, count: 1 }, false);
  const rows = high - low + 3;
  const rowHeight = Math.min(12, PICTURE_PX / rows);
  const top = (high + low + 1) / 2 + PICTURE_PX / rowHeight / 2;
  return fitLength({ width, height: PICTURE_PX, lanes, rowHeight, top }, length, { whole: true });
}
