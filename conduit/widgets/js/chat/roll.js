// A clip in an answer: the page's own roll, there while it is near what is in sight. Until then, and when it is far
// away, a place of the same height stands for it. What plays, and what was edited, stays.

import { button, element, setText } from "../element.js";
import { clipBefore } from "./clips_before.js";
import { CompareSheet } from "./compare_sheet.js";
import { Live } from "./live.js";

/** How far out of sight a roll is made, and taken away again. */
const NEAR = "600px 0px";
const FAR_MS = 2000;
const STAYS_MS = 60;
/** Of a roll with its bar, until it has been seen. */
const HEIGHT_PX = 336;

export class RollPart {
  constructor(ctx, id) {
    Object.assign(this, { ctx, id });
    this.live = new Live(ctx.store);
    this.folded = true; // velocity shows in the notes; the card under the roll stays in sight with it
    this.place = element("div", { class: "cc-place" });
    this.place.style.minHeight = `${HEIGHT_PX}px`;
    const act = (action, label, text, press, more) => button({ action, label, text, press, ...more });
    this.star = act("star-take", "Star this clip", "", () => this.#star(), { symbol: "star", kind: "toggle", "aria-pressed": "false" });
    this.push = act("push-take", "Push to the target slot", "Push", () => this.#push(), { kind: "outline" });
    this.compare = act("compare-clip", "Show this clip and the one before it, one over the other", "Compare", () => this.#compare());
    this.actions = element(
      "div", { class: "cc-acts", role: "toolbar", "aria-label": "Clip" },
      this.push, this.compare, act("open-cell", "Open in a cell", "Open in a cell", () => this.#say("cell")), this.star,
    );
    this.root = element("figure", { class: "cc-roll" }, this.place, this.actions);
    this.sight = new IntersectionObserver((found) => this.#seen(found.at(-1).isIntersecting), { root: null, rootMargin: NEAR });
    this.sight.observe(this.place);
  }

  #say(type, more = {}) {
    if (this.item?.take) this.ctx.store.send({ type, take: this.item.take, ...more });
  }

  #star() {
    this.#say("star", { on: !this.ctx.store.get(this.item.take)?.star });
  }

  /** To the target of the bar; without one, the person chooses it first: a push writes at once. */
  #push() {
    const { track = 0, slot = 0 } = this.ctx.store.get("bar")?.target ?? {};
    if (!track) return this.ctx.show.target();
    this.#say("push", { track, slot, new_track: false });
  }

  update(item = {}) {
    this.item = item;
    this.actions.hidden = !item.take;
    this.root.setAttribute("aria-label", item.label || "Clip");
    this.root.dataset.clip = item.clip ?? "";
    this.live.on("take", item.take, (take) => this.#showTake(take));
    this.live.on("bar", "bar", (bar) => this.#showTarget(bar));
    this.live.on("clip", item.clip, () => {});
    if (this.view && this.clip !== item.clip) this.#unmount();
    if (this.near) this.#mount();
  }

  /** With the take before it, where the turn has takes; else with the clip before it in the conversation. */
  #compare() {
    const { store } = this.ctx;
    const entry = store.get(this.item.take)?.entry;
    const { names = [], at = 0 } = store.get(entry)?.takes ?? {};
    if (names.length > 1) return store.send({ type: "compare", entry, branch: names[at > 0 ? at - 1 : 1] });
    const before = clipBefore(store, this.item.clip);
    const side = ({ clip, label }) => ({ proxy: store.clip(clip), name: label });
    if (before) new CompareSheet(this.ctx, { a: side(before), b: side(this.item) }).open(this.root.closest(".cc-talk"));
    else this.ctx.say("There is no other clip before this one.");
  }

  #showTake(take) {
    this.star.setAttribute("aria-pressed", String(Boolean(take?.star)));
    this.star.title = take?.star ? "Take the star away" : "Star this clip";
  }

  #showTarget({ target = {} } = {}) {
    const track = target.tracks?.[target.track - 1]?.[0];
    setText(this.push.lastChild, track ? `Push to ${track}, slot ${target.slot}` : "Push…");
    this.push.title = track ? "Push to the target slot" : "Choose where to push to";
  }

  #seen(near) {
    this.near = near;
    clearTimeout(this.leaving);
    if (near) this.#mountSoon();
    else if (this.view) this.leaving = setTimeout(() => this.#leave(), FAR_MS);
  }

  #leave() {
    if (this.near || !this.view) return;
    const { transport, desk } = this.view;
    if (transport.playing || desk.pending || desk.canUndo || desk.canRedo || this.place.contains(document.activeElement)) this.leaving = setTimeout(() => this.#leave(), FAR_MS);
    else this.#unmount();
  }

  /** A roll that only flies past is not made. */
  #mountSoon() {
    clearTimeout(this.coming);
    this.coming = setTimeout(() => this.near && this.#mount(), STAYS_MS);
  }

  #mount() {
    if (this.view || this.closed || !this.item?.clip) return;
    this.ctx.whenShared((mount) => {
      if (this.view || this.closed || !this.near) return;
      this.clip = this.item.clip;
      const unmount = mount(this.ctx.store.clip(this.clip), this.place);
      this.unmount = unmount;
      this.view = unmount.view ?? { transport: {}, desk: {} };
      this.view.roll?.set({ folded: this.folded });
      this.place.style.minHeight = "";
    });
  }

  #unmount() {
    this.folded = this.view.roll?.options.folded ?? this.folded;
    this.place.style.minHeight = `${this.place.offsetHeight || HEIGHT_PX}px`;
    this.unmount?.();
    this.view = this.unmount = null;
  }

  close() {
    this.closed = true;
    clearTimeout(this.leaving);
    clearTimeout(this.coming);
    this.sight.disconnect();
    this.live.close();
    if (this.view) this.#unmount();
  }
}
