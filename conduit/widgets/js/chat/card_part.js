// A part of an answer: a change that waits for a decision, as the page's own plan card, and what became of it.
//
// The card counts down from when the kernel said how long the offer stands, not from when it was drawn: a card that was
// scrolled away and comes back, or is there again in a page that was loaded anew, has the time that is left.

import { element, setText } from "../element.js";
import { knownTheme, readTheme, watchTheme } from "../theme.js";
import { RollPart } from "./roll.js";
import { bare } from "./shown.js";
import { TAKE_TYPE } from "./tray.js";

const SAID = { expired: "The offer ran out and nothing was changed. Ask again to get another." };
const KERNEL = {
  live: "",
  waiting: "Waiting for the kernel. What you decide here is done when it is free.",
  gone: "The kernel is gone, so nothing can be decided here.",
};

/** When a plan was first seen, in milliseconds: a plan is one object for as long as nothing of it differs. */
const seen = new WeakMap();

export class CardPart {
  constructor(ctx) {
    this.ctx = ctx;
    this.words = element("p", { class: "cc-plan-words" });
    this.trouble = element("p", { class: "cc-card-trouble", role: "alert", hidden: true });
    this.kernel = element("p", { class: "cc-kernel", hidden: true });
    this.place = element("div", { class: "cc-card-roll" });
    this.root = element("div", { class: "cc-card" }, this.words, this.trouble, this.kernel, this.place);
    this.offState = ctx.store.on("", () => this.#showKernel());
    this.offMessages = ctx.store.onMessage((message) => message.late && this.card?.noAnswer());
    this.#takeDrops();
    ctx.whenShared((shared) => this.#build(shared));
  }

  #build({ Card, decodeClip }) {
    if (this.closed) return;
    this.decodeClip = decodeClip;
    this.card = new Card({
      now: () => performance.now(), changed: () => {}, said: SAID, edit: () => this.#send({ type: "amend" }),
      send: (intent) => this.#send(intent),
    });
    this.words.replaceWith(this.card.root);
    this.card.more.before(this.trouble, this.kernel);
    this.sized = new ResizeObserver(() => this.#paint());
    this.sized.observe(this.root);
    this.unwatch = watchTheme(() => requestAnimationFrame(() => this.#paint()));
    this.update(this.item ?? {});
  }

  #send(intent) {
    this.ctx.store.send({ plan: this.item.plan.id, ...intent });
  }

  update(item) {
    this.item = item;
    const { plan = {}, trouble = "" } = item;
    setText(this.words, bare(plan.sentence ?? ""));
    setText(this.trouble, bare(trouble));
    if (this.card && plan.id) this.#show(plan, trouble);
    this.trouble.hidden = !trouble || Boolean(this.card?.tells(trouble)) || plan.result === trouble;
    this.#showRoll();
    this.#showKernel();
  }

  #show(plan, trouble) {
    const { after, after_notes: notes, length = 0, meter = [4, 4] } = this.item;
    const clip = this.#decoded(notes, after);
    this.card.show(this.#merged(plan), { notes: clip.notes, length: Math.max(length, clip.length ?? 0), meter, error: trouble });
    this.card.edit.hidden = !after;
    this.card.edit.setAttribute("aria-expanded", String(Boolean(this.item.clip)));
    setText(this.card.edit.lastChild, this.item.clip ? "Close the notes" : "Edit");
    this.#paint();
  }

  /** The notes that are to be written, read once. */
  #decoded(notes, after) {
    if (!this.read || this.read.of !== notes) this.read = { of: notes, clip: this.decodeClip({ ...after, length: after?.length ?? 0, notes }) };
    return this.read.clip;
  }

  /** The plan as the card takes it: with its clips, and with the time that is left by this page's clock. */
  #merged(plan) {
    const { before, before_notes: notes, after_notes: after } = this.item;
    if (this.merged?.of === plan && this.merged.after === after) return this.merged.plan;
    const now = performance.now();
    if (!seen.has(plan)) seen.set(plan, now);
    const left = Math.min((plan.seconds_left ?? 0) - (now - seen.get(plan)) / 1000, (plan.ends_at ?? Infinity) - Date.now() / 1000);
    const words = { sentence: bare(plan.sentence ?? ""), result: bare(plan.result ?? "") };
    const whole = { ...plan, ...words, seconds_left: left, before: before ? { ...before, notes } : null, after };
    this.merged = { of: plan, after, plan: whole };
    return whole;
  }

  #paint() {
    if (!this.card || !this.root.isConnected) return;
    const ink = this.item.after?.ink ?? "";
    this.card.width = this.root.clientWidth;
    this.card.setTheme(knownTheme(this.root, ink) ?? readTheme(this.root, ink));
  }

  /** The notes in a roll of their own, while they are changed before they are written. */
  #showRoll() {
    const { clip = "", plan = {} } = this.item;
    const wanted = Boolean(clip) && !this.#isDecided(plan.status);
    if (!wanted) {
      this.roll?.close();
      this.roll = null;
      return this.place.replaceChildren();
    }
    if (!this.roll) {
      this.roll = new RollPart(this.ctx, "");
      this.place.append(this.roll.root);
    }
    this.roll.update({ clip, take: "", label: "The notes of this plan" });
  }

  #isDecided(status) {
    return !["pending", "applying", "failed"].includes(status);
  }

  #showKernel() {
    const { state } = this.ctx.store;
    this.card?.setGone(state === "gone");
    const words = this.#isDecided(this.card?.status ?? this.item?.plan?.status) ? "" : KERNEL[state];
    setText(this.kernel, words);
    this.kernel.hidden = !words;
  }

  /** A take that is dropped here takes the place of what would be written. */
  #takeDrops() {
    const takes = (event) => event.dataTransfer?.types.includes(TAKE_TYPE) && this.card?.status === "pending" && Boolean(this.item.after);
    const over = (event) => {
      if (!takes(event)) return;
      event.preventDefault();
      event.stopPropagation();
      this.root.toggleAttribute("data-drop", true);
    };
    const leave = () => this.root.removeAttribute("data-drop");
    this.root.addEventListener("dragenter", over);
    this.root.addEventListener("dragover", over);
    this.root.addEventListener("dragleave", (event) => !this.root.contains(event.relatedTarget) && leave());
    this.root.addEventListener("drop", (event) => {
      if (!takes(event)) return;
      over(event);
      leave();
      this.#send({ type: "drop", take: event.dataTransfer.getData(TAKE_TYPE) });
    });
  }

  close() {
    this.closed = true;
    this.card?.close();
    this.roll?.close();
    this.sized?.disconnect();
    for (const off of [this.unwatch, this.offState, this.offMessages]) off?.();
  }
}
