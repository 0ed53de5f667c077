// The panel's document: small items by their ids, as the kernel tells them, for all views of a model.
//
// A patch says what differs from the one before; they are counted, and where one is missing the whole is asked for.
// An item is never changed in place: another object says that it differs. Who listens to an item hears of it once a
// frame, however much came.

import { hostStatus, Kernel } from "../kernel.js";
import { grown } from "./grown.js";
import { ClipProxy } from "./proxy.js";

/** Until a missing patch is asked for again. */
const AGAIN_MS = 5000;
const WORDS = new Set(["toast", "completions", "attached", "cell"]);

export class Store {
  /** @param model the widget's, as its host gives it; the rest stands for the page, in tests */
  constructor(model, { frame = (f) => requestAnimationFrame(f), now = () => performance.now() } = {}) {
    Object.assign(this, { model, frame, now });
    this.items = new Map();
    this.listeners = new Map();
    this.hearers = new Set();
    this.proxies = new Map();
    this.dirty = new Set();
    this.roots = new Set();
    this.n = -1;
    this.asked = -Infinity;
    this.kernel = new Kernel({
      send: (message, buffers) => model.send(message, undefined, buffers),
      look: () => this.#look(),
      changed: () => this.#turned(),
      gaveUp: () => this.#tell({ type: "toast", late: true, text: "The kernel has not answered yet. It may be busy." }),
    });
    this.heard = (message, buffers = []) => this.#receive(message, buffers);
    this.checked = () => setTimeout(() => {
      this.kernel.check();
      for (const proxy of this.proxies.values()) proxy.check();
    });
    model.on("msg:custom", this.heard);
    model.on("comm_live_update", this.checked);
    const { n = -1, items = {} } = model.get("begin") ?? {};
    this.#whole(n, items);
  }

  /** Whether the kernel answers: "live", "waiting" or "gone". */
  get state() {
    return this.kernel.state;
  }

  get(id) {
    return this.items.get(id);
  }

  /** All items by their ids. */
  all() {
    return this.items;
  }

  /** Hear of an item whenever it differs; gives the function that ends it. The id "" stands for the kernel's state. */
  on(id, listener) {
    if (!this.listeners.has(id)) this.listeners.set(id, new Set());
    const these = this.listeners.get(id);
    these.add(listener);
    return () => {
      these.delete(listener);
      if (!these.size && this.listeners.get(id) === these) this.listeners.delete(id);
    };
  }

  /** Hear what the kernel says beside the document, and of each intent as `{ type: "sent", intent }`; gives the function that ends it. */
  onMessage(hearer) {
    this.hearers.add(hearer);
    return () => this.hearers.delete(hearer);
  }

  send(intent, buffers = []) {
    this.kernel.ask(intent, buffers);
    this.#tell({ type: "sent", intent });
  }

  /** A clip as a model for a clip view; the same for all views. */
  clip(id) {
    if (!this.proxies.has(id)) {
      this.proxies.set(id, new ClipProxy(id, {
        item: () => this.items.get(id),
        send: (intent, buffers) => this.send(intent, buffers),
        greet: (hello) => this.model.send(hello),
        of: (name) => this.model.get(name),
        manager: this.model.widget_manager,
      }));
    }
    return this.proxies.get(id);
  }

  /** A view stands in the page; gives the function that says it does no more. */
  attach(root) {
    this.roots.add(root);
    return () => this.roots.delete(root);
  }

  #look() {
    for (const root of this.roots) {
      const status = hostStatus(this.model, root);
      if (status) return status;
    }
    return "";
  }

  #receive(message, buffers) {
    this.kernel.heard(message);
    const { type, n } = message ?? {};
    if (type === "patch") this.#patch(message, buffers);
    else if (type === "whole") this.#whole(n, message.items, message.bytes, buffers);
    else if (type === "clip") this.proxies.get(message.clip)?.hear(message.message, buffers);
    else if (type === "routed" || type === "alive") for (const proxy of this.proxies.values()) proxy.hear(message);
    else if (WORDS.has(type)) this.#tell(message);
  }

  #tell(message) {
    for (const hearer of [...this.hearers]) hearer(message);
  }

  #turned() {
    this.#mark("");
    for (const proxy of this.proxies.values()) proxy.check();
  }

  #patch({ n, set = {}, more = {}, gone = [], bytes = [] }, buffers) {
    if (n <= this.n) return;
    if (n > this.n + 1) return this.#ask();
    this.n = n;
    for (const id of gone) {
      this.items.delete(id);
      this.#mark(id);
    }
    for (const [id, fields] of Object.entries(set)) this.#put(id, fields);
    for (const [id, fields] of Object.entries(more)) this.#put(id, fields, true);
    bytes.forEach(([id, field, act], i) => this.#put(id, { [field]: buffers[i] }, act === "more"));
  }

  /** Set fields of an item, or let them grow at their ends. */
  #put(id, fields, grows = false) {
    const before = this.items.get(id) ?? {};
    const after = { ...before };
    for (const [name, value] of Object.entries(fields)) after[name] = grows ? grown(before[name], value) : value;
    this.items.set(id, after);
    this.#mark(id);
  }

  #whole(n, items, bytes = [], buffers = []) {
    const before = [...this.items.keys()];
    this.items.clear();
    this.n = n;
    this.asked = -Infinity;
    for (const [id, fields] of Object.entries(items)) this.#put(id, fields);
    bytes.forEach(([id, field], i) => this.#put(id, { [field]: buffers[i] }));
    for (const id of before) this.#mark(id);
  }

  /** Ask for the whole document: a patch is missing. What comes until then stands on it and is left out. */
  #ask() {
    if (this.now() - this.asked < AGAIN_MS) return;
    this.asked = this.now();
    this.send({ type: "sync" });
  }

  #mark(id) {
    this.dirty.add(id);
    this.pending ??= this.frame(() => this.flush());
  }

  /** Tell who listens of all that differs. */
  flush() {
    const ids = [...this.dirty];
    this.pending = null;
    this.dirty.clear();
    for (const id of ids) this.proxies.get(id)?.take(this.items.get(id));
    for (const id of ids) for (const listener of [...(this.listeners.get(id) ?? [])]) listener(this.items.get(id));
  }

  close() {
    this.model.off("msg:custom", this.heard);
    this.model.off("comm_live_update", this.checked);
    this.kernel.close();
  }
}
