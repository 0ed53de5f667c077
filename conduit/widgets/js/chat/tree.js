// The branches of the conversation as a tree: where each parts from the one it came from, and the way into it.

import { button, element, icon, setText } from "../element.js";
import { plural } from "../naming.js";

const INDENT_PX = 16;
const MOVES = { ArrowUp: -1, ArrowDown: 1 };

/**
 * Branches as they are shown, each under the one that it parts from, earlier parting first: `[{ name, turns, words,
 * current, parent, at, depth, last, rails }]`; `rails` says of each depth above whether its line goes on, `last` whether
 * none of the same parent follows. What names no known parent stands at the root.
 */
export function treeOf(rows) {
  const branches = rows.map(([name, turns, words, current, parent, at]) => ({ name, turns, words, current, parent, at }));
  const names = new Set(branches.map(({ name }) => name));
  const under = new Map();
  for (const branch of branches) {
    const parent = names.has(branch.parent) && branch.parent !== branch.name ? branch.parent : "";
    under.set(parent, [...(under.get(parent) ?? []), branch]);
  }
  const found = [];
  const walk = (parent, depth, rails) => {
    const children = (under.get(parent) ?? []).sort((a, b) => a.at - b.at);
    under.delete(parent); // branches that claim each other as parents are walked once
    children.forEach((branch, i) => {
      const last = i === children.length - 1;
      found.push({ ...branch, depth, last, rails });
      walk(branch.name, depth + 1, depth ? [...rails, !last] : rails);
    });
  };
  walk("", 0, []);
  for (const [parent] of [...under]) walk(parent, 0, []);
  return found;
}

export class Tree {
  constructor(ctx, id = "panel") {
    Object.assign(this, { ctx, id, items: [], chosen: "" });
    this.shut = button({ action: "close-tree", label: "Close (Escape)", symbol: "cross", press: () => ctx.show.tree(false) });
    this.list = element("div", { class: "cc-tree", role: "tree", "aria-label": "Branches", on: { keydown: (event) => this.#key(event) } });
    this.note = element("p", { class: "cc-tray-empty" });
    this.root = element(
      "div", { class: "cc-forest" },
      element("div", { class: "cc-tray-head" }, element("span", { class: "cc-tray-title", text: "Branches" }), element("span", { class: "cd-space" }), this.shut),
      this.list, this.note,
    );
  }

  update({ tree = [] } = {}) {
    const key = JSON.stringify(tree);
    if (key === this.key) return;
    this.key = key;
    const held = this.list.contains(this.root.getRootNode().activeElement);
    const branches = treeOf(tree);
    this.items = branches.map((branch) => this.#item(branch));
    this.list.replaceChildren(...this.items);
    this.list.hidden = !this.items.length;
    const alone = branches.length < 2;
    setText(this.note, alone ? "Edit one of your turns, or ask for another answer: what was there stays as a branch of its own, and is found here." : "");
    this.note.hidden = !alone;
    this.#choose(this.#of(this.chosen) ?? this.#current, held);
  }

  #of(name) {
    return this.items.find((item) => item.dataset.branch === name);
  }

  get #current() {
    return this.items.find((item) => item.ariaCurrent === "true") ?? this.items[0];
  }

  #item({ name, turns, words, current, parent, at, depth, last, rails }) {
    const parts = depth ? (at ? `after turn ${at}` : "from the beginning") : "";
    const lines = rails.map((goes) => element("span", { class: "cc-rail", "data-goes": goes }));
    if (depth) lines.push(element("span", { class: "cc-fork", "data-last": last }));
    const facts = [name, plural(turns, "turn"), parts].filter(Boolean).join(" · ");
    const item = element(
      "div", {
        class: "cc-branch", role: "treeitem", tabindex: "-1", "aria-level": depth + 1, "aria-current": current ? "true" : null, "data-branch": name, "data-parent": parent,
        title: current ? "This branch is shown" : "Show this branch",
        on: { click: () => this.#switch(item) },
      },
      ...lines, element("span", { class: "cc-node" }),
      element("span", { class: "cc-branch-text" }, element("span", { class: "cc-branch-words", text: words || "Nothing was said yet" }), " ", element("span", { class: "cc-branch-facts", text: facts })),
      current && element("span", { class: "cc-branch-here" }, icon("check")),
    );
    item.style.setProperty("--cc-depth", `${depth * INDENT_PX}px`);
    return item;
  }

  #choose(item, focus = true) {
    for (const one of this.items) one.tabIndex = one === item ? 0 : -1;
    this.chosen = item?.dataset.branch ?? "";
    if (focus) item?.focus();
  }

  #switch(item) {
    this.#choose(item);
    if (item.ariaCurrent !== "true") this.ctx.store.send({ type: "switch", branch: item.dataset.branch });
  }

  #key(event) {
    const item = event.target.closest("[data-branch]");
    if (!item || event.ctrlKey || event.metaKey || event.altKey || !this.#act(event.key, item)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Do what a key means; gives whether it means something. */
  #act(key, item) {
    if (key === "Enter" || key === " ") this.#switch(item);
    else {
      const to = this.#next(key, item);
      if (to === undefined) return false;
      if (to) this.#choose(to);
    }
    return true;
  }

  /** Where a key leads: an item, null for nowhere, undefined where it means nothing. */
  #next(key, item) {
    const at = this.items.indexOf(item);
    if (key in MOVES) return this.items[at + MOVES[key]] ?? null;
    if (key === "Home") return this.items[0];
    if (key === "End") return this.items.at(-1);
    if (key === "ArrowLeft") return this.#of(item.dataset.parent) ?? null;
    if (key === "ArrowRight") return this.items.find((one) => one.dataset.parent === item.dataset.branch) ?? null;
    return undefined;
  }

  /** It is shown, or no longer: the focus goes in, and back to where it was. */
  shown(open) {
    const { activeElement } = this.root.getRootNode();
    if (open) {
      this.opener = activeElement;
      this.#choose(this.#current, false);
      (this.#current ?? this.shut).focus({ preventScroll: true });
    } else if (activeElement === document.body || this.root.contains(activeElement)) this.opener?.focus({ preventScroll: true });
  }

  close() {}
}
