// A clip of the panel as a model of its own, as the clip view expects one from its host.

/** What the view reads of a clip's item, by the name of the trait. */
const TRAITS = {
  clips: ({ facts, notes, controls, epoch }) => (facts ? [{ ...facts, notes, controls, epoch }] : []),
  other: ({ other, other_notes: notes, other_controls: controls }) => (other ? { ...other, notes, controls } : {}),
  state: ({ state }) => state,
  live: ({ live }) => live,
  playback: ({ playback }) => playback,
  epoch: ({ epoch }) => epoch,
  edits: ({ edits }) => edits,
  plan: () => ({}),
};
/** The fields that a trait is made of. */
const FIELDS = {
  clips: ["facts", "notes", "controls", "epoch"],
  other: ["other", "other_notes", "other_controls"],
  state: ["state"], live: ["live"], playback: ["playback"], epoch: ["epoch"], edits: ["edits"], plan: [],
};
const NONE = {};

export class ClipProxy {
  /** @param ports `{ item(), send(intent, buffers), greet(hello), of(name), manager }`: the clip's item, and what the panel's model has and sends */
  constructor(id, ports) {
    Object.assign(this, { id, ports });
    this.listeners = new Map();
    this.made = new Map();
    this.item = ports.item() ?? NONE;
  }

  get widget_manager() {
    return this.ports.manager;
  }

  get(name) {
    if (!TRAITS[name]) return this.ports.of(name);
    if (!this.made.has(name)) this.made.set(name, TRAITS[name](this.item));
    return this.made.get(name);
  }

  /** What the page's views tell each other stands until Python sets it; nothing is sent. */
  set(name, value) {
    if (this.made.get(name) === value) return;
    this.made.set(name, value);
    this.#emit(`change:${name}`);
  }

  on(name, listener) {
    if (!this.listeners.has(name)) this.listeners.set(name, new Set());
    this.listeners.get(name).add(listener);
  }

  off(name, listener) {
    this.listeners.get(name)?.delete(listener);
  }

  send(message, _callbacks, buffers = []) {
    if (message.type === "hello") this.ports.greet(message);
    else this.ports.send({ type: "clip", clip: this.id, message }, buffers);
  }

  /** The clip's item is another: tell of each trait that differs. */
  take(item = NONE) {
    const before = this.item;
    this.item = item;
    const differing = Object.keys(FIELDS).filter((name) => FIELDS[name].some((field) => before[field] !== item[field]));
    for (const name of differing) this.made.delete(name);
    for (const name of differing) this.#emit(`change:${name}`);
  }

  /** Something came from the kernel: a message for the clip, or word of the kernel itself. */
  hear(message, buffers = []) {
    this.#emit("msg:custom", message, buffers);
  }

  /** The host knows something else of the kernel. */
  check() {
    this.#emit("comm_live_update");
  }

  #emit(name, ...args) {
    for (const listener of [...(this.listeners.get(name) ?? [])]) listener(...args);
  }
}
