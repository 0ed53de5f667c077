// The takes of the session: beside the transcript where there is room, else over it. Starred ones stand first.
//
// The list is one tab stop; arrows go between takes and between what one can do with a take. Whatever can be dragged
// can be chosen from a take's menu as well.

import { button, element, setText } from "../element.js";
import { plural } from "../naming.js";
import { RECEIVED } from "../received.js";
import { CompareSheet, inView } from "./compare_sheet.js";
import { DropZone } from "./drop_zone.js";
import { Listening } from "./listening.js";
import { itemsOf, placesOf, plansOf } from "./take_acts.js";
import { TakeRow } from "./take_row.js";

export const TAKE_TYPE = "application/x-conduit-take";
const EMPTY = "Every clip that is written in this session is kept here: to hear again, to star, to drag into Live.";
/** From so many takes on there is a field to find one by. */
const MANY = 9;
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const ENDS = { Home: 0, End: -1 };

export class Tray {
  constructor(ctx, id = "tray") {
    Object.assign(this, { ctx, id });
    this.rows = new Map();
    this.offs = new Map();
    this.stop = ["", 0];
    this.listening = new Listening({
      store: ctx.store, whenShared: (then) => ctx.whenShared(then), say: (text) => ctx.say(text),
      changed: () => { for (const row of this.rows.values()) row.show(this.listening.holds(row.id)); },
      frame: (share) => this.rows.get(this.listening.id)?.setPlayhead(share),
    });
    this.#build();
    this.#listen();
  }

  #build() {
    this.count = element("span", { class: "cc-count" });
    this.shut = button({ action: "close-tray", label: "Close (Escape)", symbol: "cross", press: () => this.ctx.show.tray(false) });
    this.find = element("input", { class: "cc-find", type: "search", placeholder: "Find a clip", "aria-label": "Find a clip", on: { input: () => this.#filter() } });
    this.list = element("div", { class: "cc-takes", role: "grid", "aria-label": "Clips" });
    this.empty = element("p", { class: "cc-tray-empty" });
    this.zone = new DropZone((id, place) => this.#push(id, place));
    this.root = element(
      "div", { class: "cc-tray" },
      element("div", { class: "cc-tray-head" }, element("span", { class: "cc-tray-title", text: "Clips" }), this.count, element("span", { class: "cd-space" }), this.shut),
      this.find, this.empty, this.list, this.zone.root,
    );
  }

  #listen() {
    this.list.addEventListener("focusin", ({ target }) => this.#settle(target));
    this.list.addEventListener("keydown", (event) => this.#key(event));
  }

  /** It is shown, or no longer: the focus goes in, and back to where it was. */
  shown(open) {
    const { activeElement } = this.root.getRootNode();
    if (open) {
      this.opener = activeElement;
      (this.#stopOf() ?? this.shut).focus({ preventScroll: true });
      return;
    }
    this.listening.stop();
    if (activeElement === document.body || this.root.contains(activeElement)) this.opener?.focus({ preventScroll: true });
  }

  update({ order = [] } = {}) {
    const { store } = this.ctx;
    const kept = new Set(order);
    for (const [id, row] of this.rows) if (!kept.has(id)) this.#drop(id, row);
    for (const id of order) {
      if (this.rows.has(id)) continue;
      this.rows.set(id, new TakeRow(id, this.#asksOf(id)));
      this.offs.set(id, store.on(id, () => this.#changed(id)));
    }
    this.order = order;
    for (const id of order) this.#show(id);
    this.#number();
    this.#sort();
  }

  #drop(id, row) {
    if (this.listening.holds(id)) this.listening.stop();
    this.offs.get(id)();
    this.offs.delete(id);
    this.rows.delete(id);
    row.root.remove();
  }

  #changed(id) {
    this.#show(id);
    this.#number();
    this.listening.look(id);
    if (!this.sorting) queueMicrotask(() => this.#sort());
    this.sorting = true;
  }

  #show(id) {
    const take = this.ctx.store.get(id);
    if (take) this.rows.get(id)?.update(take);
  }

  /** Takes of one name are told apart by their number. */
  #number() {
    const named = new Map();
    for (const id of [...this.order].reverse()) {
      const name = this.ctx.store.get(id)?.name ?? "";
      named.set(name, [...(named.get(name) ?? []), id]);
    }
    for (const ids of named.values()) ids.forEach((id, i) => this.rows.get(id)?.number(ids.length > 1 ? i + 1 : 0));
  }

  /** Starred first, then the newest; a row that has the focus keeps it. */
  #sort() {
    this.sorting = false;
    const starred = (id) => Boolean(this.rows.get(id).take?.star);
    const sorted = [...this.order.filter(starred), ...this.order.filter((id) => !starred(id))];
    const { activeElement } = this.root.getRootNode();
    let at = this.list.firstChild;
    for (const id of sorted) {
      const { root } = this.rows.get(id);
      if (root === at) at = at.nextSibling;
      else this.list.insertBefore(root, at);
    }
    if (this.list.contains(activeElement) && this.root.getRootNode().activeElement !== activeElement) activeElement.focus({ preventScroll: true });
    this.#filter();
  }

  #filter() {
    const many = this.order.length >= MANY;
    const wanted = many ? this.find.value.trim().toLowerCase() : "";
    let shown = 0;
    for (const { take = {}, root } of this.rows.values()) {
      root.hidden = Boolean(wanted) && !`${take.name} ${take.words}`.toLowerCase().includes(wanted);
      shown += root.hidden ? 0 : 1;
    }
    this.find.hidden = !many;
    this.list.hidden = !shown;
    setText(this.count, this.order.length ? String(this.order.length) : "");
    this.count.title = plural(this.order.length, "clip");
    setText(this.empty, this.order.length ? (shown ? "" : "No clip is called so.") : EMPTY);
    this.empty.hidden = Boolean(shown);
    this.#settle(this.#stopOf());
  }

  #shown() {
    return [...this.list.children].filter((one) => !one.hidden).map((one) => this.rows.get(one.dataset.take));
  }

  /** The control that Tab comes to. */
  #stopOf() {
    const [id, column] = this.stop;
    const row = this.rows.get(id);
    return (row && !row.root.hidden ? row : this.#shown()[0])?.stops[column];
  }

  #settle(target) {
    const row = this.rows.get(target?.closest?.("[data-take]")?.dataset.take);
    const column = row?.stops.indexOf(target) ?? -1;
    if (column < 0 || this.tabbed === target) return;
    if (this.tabbed) this.tabbed.tabIndex = -1;
    this.tabbed = target;
    target.tabIndex = 0;
    this.stop = [row.id, column];
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, [popover]")) return;
    const row = this.rows.get(event.target.closest("[data-take]")?.dataset.take);
    if (!row || !this.#act(event, row)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Do what a key means on a row; gives whether it means something. */
  #act({ key, target }, row) {
    const named = target === row.main;
    if (key in STEPS || key in ENDS) this.#go(row, target, key);
    else if (key === "F2" || (named && key === "Enter")) row.edit();
    else if (named && key === " ") this.listening.toggle(row.id);
    else return false;
    return true;
  }

  #go(row, target, key) {
    const rows = this.#shown();
    const [down, across] = STEPS[key] ?? [0, 0];
    const next = key in ENDS ? rows.at(ENDS[key]) : rows[rows.indexOf(row) + down];
    const column = row.stops.indexOf(target) + across;
    const to = next?.stops[column];
    to?.focus();
    next?.root.scrollIntoView({ block: "nearest" });
  }

  #asksOf(id) {
    const { store, show } = this.ctx;
    const send = (type, more = {}) => store.send({ type, take: id, ...more });
    const row = () => this.rows.get(id);
    /** Shown at once; what Python says of the take counts. */
    const put = (type, more, facts) => {
      if (store.state !== "gone") row().update({ ...store.get(id), ...facts });
      send(type, more);
    };
    return {
      hear: (share) => this.listening.toggle(id, share),
      star: (on) => {
        put("star", { on }, { star: on });
        this.#sort();
      },
      rename: (name) => put("rename", { name }, { name }),
      drag: (on, event) => this.#drag(on, event, id),
      items: () => itemsOf(this.#about(id), {
        push: (place) => this.#push(id, place),
        drop: (plan) => send("drop", { plan }),
        file: (kind) => this.#file(id, kind),
        cell: () => send("cell"),
        entry: () => show.entry(store.get(id).entry),
        compare: () => this.#compare(id),
        rename: () => row().edit(),
        star: () => row().star.click(),
      }),
    };
  }

  #about(id) {
    const { store } = this.ctx;
    return {
      take: store.get(id) ?? {}, places: placesOf(store.get("bar")), plans: plansOf(store.all()), shown: this.#inView(id), gone: store.state === "gone",
    };
  }

  /** What the take can be compared with: the clip that stands in sight, if it is another. */
  #inView(id) {
    const found = inView(this.ctx.store, this.root.closest(".conduit-chat"));
    return found?.take === id ? null : found;
  }

  #compare(id) {
    const { ctx } = this;
    const panel = this.root.closest(".conduit-chat");
    const shown = this.#inView(id);
    if (!shown) return;
    if (!panel.hasAttribute("data-wide")) ctx.show.tray(false);
    this.listening.clipOf(id, (proxy) => {
      this.sheet?.close();
      this.sheet = new CompareSheet(ctx, { a: shown, b: { clip: proxy.id, name: ctx.store.get(id)?.name ?? "" } });
      this.sheet.open(panel.querySelector(".cc-talk"));
    });
  }

  #push(id, { push }) {
    this.ctx.store.send({ type: "push", take: id, ...push });
  }

  /** The file comes as a message for the take's clip, which must be known by then. */
  #file(id, kind) {
    this.listening.clipOf(id, (proxy) => {
      const saved = (message, buffers) => {
        if (message?.type !== "file") return;
        proxy.off("msg:custom", saved);
        RECEIVED.file(null, message, buffers);
      };
      proxy.on("msg:custom", saved);
      this.ctx.store.send({ type: "file", take: id, kind });
    });
  }

  #drag(on, event, id) {
    if (on) {
      event.dataTransfer.setData(TAKE_TYPE, id);
      event.dataTransfer.setData("text/plain", this.ctx.store.get(id)?.name ?? "");
      event.dataTransfer.effectAllowed = "copy";
    }
    this.zone.show(on ? placesOf(this.ctx.store.get("bar")) : null, id);
  }

  close() {
    this.listening.close();
    this.sheet?.close();
    for (const off of this.offs.values()) off();
  }
}
