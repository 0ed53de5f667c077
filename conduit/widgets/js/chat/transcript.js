// The turns in their order. It follows the end while the person is at the end, and stands still while they read above.

import { button, element, setText } from "../element.js";
import { Entry } from "./entry.js";

const END_PX = 32;
const ASKS = new Set(["send", "edit", "again"]);
/** How far out of sight turns are built, and how many of the last at once. */
const NEAR = "1500px 0px";
const LAST = 6;
/** Nearness of the top at which earlier turns are asked for. */
const TOP_PX = 400;

export class Transcript {
  constructor(ctx) {
    this.ctx = ctx;
    this.entries = new Map();
    this.following = true;
    this.came = 0;
    this.top = 0;
    this.earlier = button({ action: "earlier", label: "Load earlier turns", text: "Load earlier turns", press: () => this.#more() });
    this.above = element("div", { class: "cc-above", hidden: true }, this.earlier);
    this.empty = element("div", { class: "cc-empty", hidden: true });
    this.list = element("div", { class: "cc-list" });
    this.column = element("div", { class: "cc-column" }, this.above, this.empty, this.list);
    this.scroller = element("div", { class: "cc-scroll", role: "log", "aria-label": "Conversation", "aria-live": "off", tabindex: 0, on: { scroll: () => this.#scrolled() } }, this.column);
    this.jump = button({ action: "latest", label: "Jump to latest", text: "Jump to latest", symbol: "down", kind: "pill", hidden: true, press: () => this.toEnd() });
    this.root = element("div", { class: "cc-transcript" }, this.scroller, this.jump);
    this.sight = new IntersectionObserver((found) => this.#seen(found), { root: this.scroller, rootMargin: NEAR });
    this.sizes = new ResizeObserver(() => this.#resized());
    for (const node of [this.column, this.scroller]) this.sizes.observe(node);
  }

  /** @param panel the item of the panel */
  update({ order = [], earlier = 0, examples = [] }) {
    const stays = this.#whatStays(order);
    this.#lay(order);
    this.#showEarlier(earlier);
    stays?.(order);
    this.#showEmpty(order.length || earlier ? null : examples);
    this.#resized();
  }

  /** What must not move where the list changes above it: the first turn as others come before it, or the one whose take changes. */
  #whatStays(order) {
    const [first] = this.order ?? [];
    const { held } = this;
    if (held && this.order?.join() !== order.join()) {
      this.held = null;
      return held;
    }
    return first && order.indexOf(first) > 0 ? this.#hold(first, (now) => now.indexOf(first)) : null;
  }

  /** Gives what puts the turn at a place of the order where this one stands at the moment, with the keyboard where it was in it. */
  #hold(id, placeIn) {
    const { root } = this.entries.get(id);
    const { top } = root.getBoundingClientRect();
    const focused = root.contains(document.activeElement) && document.activeElement.dataset.action;
    return (order) => {
      const entry = this.entries.get(order[placeIn(order)]);
      if (!entry) return;
      entry.build();
      this.scroller.scrollTop += entry.root.getBoundingClientRect().top - top;
      this.top = this.scroller.scrollTop;
      if (!focused || entry.root.contains(document.activeElement)) return;
      const same = entry.root.querySelector(`[data-action="${focused}"]`);
      (same?.disabled ? entry.root : same)?.focus({ preventScroll: true });
    };
  }

  /** The person has sent something: what they ask for is at the end, and another take where the one before it stood. */
  sent({ type, entry }) {
    if (ASKS.has(type)) this.toEnd();
    const at = type === "take" ? (this.order ?? []).indexOf(entry) : -1;
    if (at < 0) return;
    this.following = false;
    this.held = this.#hold(entry, () => at);
  }

  #showEarlier(earlier) {
    this.above.hidden = !earlier;
    setText(this.earlier.lastChild, earlier === 1 ? "Load 1 earlier turn" : `Load earlier turns (${earlier})`);
    if (earlier !== this.left) this.asking = false;
    this.left = earlier;
  }

  /** Let the list hold these entries in this order; those that stay are not touched. */
  #lay(order) {
    for (const [id, entry] of this.entries) if (!order.includes(id)) this.#drop(id, entry);
    const came = this.order ? order.slice(order.indexOf(this.order.at(-1)) + 1).filter((id) => !this.entries.has(id)) : [];
    let at = this.list.firstChild;
    for (const id of order) {
      const { root } = this.#entry(id);
      if (root === at) at = at.nextSibling;
      else this.list.insertBefore(root, at);
    }
    for (const id of order.slice(-LAST)) this.entries.get(id).build();
    this.order = order;
    this.#came(came.length);
  }

  #entry(id) {
    if (!this.entries.has(id)) {
      const entry = new Entry(this.ctx, id, { came: () => this.#came(1) });
      this.entries.set(id, entry);
      this.sight.observe(entry.root);
    }
    return this.entries.get(id);
  }

  #seen(found) {
    for (const { target, isIntersecting } of found) {
      if (!isIntersecting) continue;
      this.sight.unobserve(target);
      this.entries.get(target.dataset.entry)?.build();
    }
  }

  #drop(id, entry) {
    this.sight.unobserve(entry.root);
    entry.close();
    entry.root.remove();
    this.entries.delete(id);
  }

  #showEmpty(examples) {
    const key = JSON.stringify(examples);
    if (key === this.offered) return;
    this.offered = key;
    this.empty.hidden = !examples;
    this.column.toggleAttribute("data-empty", Boolean(examples));
    if (!examples) return this.empty.replaceChildren();
    this.empty.replaceChildren(
      element("h2", { class: "cc-welcome", text: "What shall we make?" }),
      element("p", { class: "cc-aside", text: "Describe it in your words: notes come as a roll that you can play, edit and push to Live." }),
      element("div", { class: "cc-examples" }, ...examples.map((example) => this.#example(example))),
    );
  }

  #example([label, prompt]) {
    const made = button({ action: "example", label: prompt, text: label, kind: "example", press: () => this.ctx.store.send({ type: "send", text: prompt, media: [] }) });
    if (prompt !== label) made.append(element("span", { class: "cc-prompt", text: prompt }));
    return made;
  }

  #more() {
    if (this.asking || !this.left) return;
    this.asking = true;
    this.ctx.store.send({ type: "more" });
  }

  /** Something came to an entry, out of sight perhaps. */
  #came(count) {
    if (this.following) return;
    this.came += count;
    this.#showJump();
  }

  #scrolled() {
    const { scrollTop } = this.scroller;
    const up = scrollTop < this.top;
    if (this.#isAtEnd()) this.following = true;
    else if (up) this.following = false;
    this.top = scrollTop;
    this.#showJump();
    if (up && scrollTop < TOP_PX) this.#more();
  }

  #isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < END_PX;
  }

  #resized() {
    if (this.following) this.#settle();
    this.#showJump();
  }

  #settle() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.top = this.scroller.scrollTop;
  }

  #showJump() {
    if (this.following) this.came = 0;
    this.jump.hidden = this.following;
    setText(this.jump.lastChild, this.came ? `Jump to latest · ${this.came} new` : "Jump to latest");
  }

  /** Go to the end, and follow it. */
  toEnd() {
    this.following = true;
    this.#resized();
  }

  /** Bring an entry into sight and mark it for a moment. */
  show(id) {
    const entry = this.entries.get(id);
    if (!entry) return this.ctx.say("That turn is not loaded: load earlier turns first.");
    entry.build();
    this.following = false;
    entry.root.scrollIntoView({ block: "start" });
    entry.root.focus({ preventScroll: true });
    entry.flash();
    this.#showJump();
  }

  close() {
    this.sizes.disconnect();
    this.sight.disconnect();
    for (const entry of this.entries.values()) entry.close();
  }
}
