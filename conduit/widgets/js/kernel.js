// Whether the kernel that made this view still answers. What expects an answer and gets none is followed by a hello:
// a kernel that is alive answers it. Where messages wait for a running cell, silence alone proves nothing.

const ANSWERED = new Set(["push", "approve", "reject", "undo", "stop", "drop", "edit", "restore", "export", "fire", "scene", "open", "target", "transport", "send", "again", "take", "switch", "talk", "more", "sync"]);
const PING = { type: "hello", ping: true };
const ANSWER_MS = 4000;
const PING_MS = 2000;
const ROUNDS = 3;
const STATUS = { busy: "busy", idle: "idle", dead: "gone", terminating: "gone", restarting: "gone", autorestarting: "gone" };

export class Kernel {
  /** @param ports `{ send(intent, buffers), look(): "gone" | "busy" | "idle" | "", changed(), gaveUp(), later(f, ms), forget(timer) }` */
  constructor({ later = (f, ms) => setTimeout(f, ms), forget = (timer) => clearTimeout(timer), ...ports }) {
    this.ports = { later, forget, ...ports };
    this.state = "live";
    this.rounds = 0;
  }

  get gone() {
    return this.state === "gone";
  }

  /** Ask once how this kernel takes messages; nothing depends on an answer. */
  greet() {
    this.#send(PING);
  }

  /** Send an intent, and watch for an answer where one is expected. */
  ask(intent, buffers) {
    if (this.ports.look() === "gone") return this.#set("gone");
    if (ANSWERED.has(intent.type)) {
      this.rounds = ROUNDS;
      this.#wait(ANSWER_MS, () => this.#ping());
    }
    this.#send(intent, buffers);
  }

  /** Something came: a change of a trait (no message), or a message. */
  heard(message) {
    if (typeof message?.beside === "boolean") this.beside = message.beside;
    this.ports.forget(this.timer);
    const greeted = message?.type === "routed" || message?.type === "alive";
    if (!greeted) this.rounds = 0;
    else if (this.rounds) this.#again();
    this.#set("live");
  }

  /** The host knows something new. */
  check() {
    if (this.ports.look() === "gone") this.#set("gone");
    else if (this.gone) this.#ping();
  }

  /** It lives and has not said what became of the intent: it may still be at it, for a while. */
  #again() {
    this.rounds -= 1;
    if (this.rounds) this.#wait(ANSWER_MS, () => this.#ping());
    else this.ports.gaveUp();
  }

  #ping() {
    this.#wait(PING_MS, () => this.#silent());
    this.#send(PING);
  }

  #silent() {
    const host = this.ports.look();
    const busy = host ? host === "busy" : this.beside === false;
    this.#set(busy ? "waiting" : "gone");
    if (host === "busy") this.#wait(PING_MS, () => this.#watch());
  }

  /** No more is sent while the host says busy: the one that waits is enough. */
  #watch() {
    if (this.ports.look() === "busy") this.#wait(PING_MS, () => this.#watch());
    else this.#ping();
  }

  #wait(ms, then) {
    this.ports.forget(this.timer);
    this.timer = this.ports.later(then, ms);
  }

  /** A host throws when its connection is dead. */
  #send(message, buffers) {
    try {
      this.ports.send(message, buffers);
    } catch {
      this.#set("gone");
    }
  }

  #set(state) {
    if (state === "gone") this.ports.forget(this.timer);
    if (state === this.state) return;
    this.state = state;
    this.ports.changed();
  }

  close() {
    this.ports.forget(this.timer);
  }
}

/** What the host knows of a widget's kernel; empty where it does not say. JupyterLab marks views without a kernel. */
export function hostStatus(model, root) {
  if (root.closest(".jupyter-widgets-disconnected")) return "gone";
  const manager = model.widget_manager;
  if (manager?.context?.sessionContext && !manager.kernel) return "gone";
  return STATUS[manager?.kernel?.status] ?? "";
}
