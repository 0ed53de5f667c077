// The whole panel: the conversation with its input, the clips beside it, and what all of its parts share.

import { loadView } from "../code.js";
import { button, element, setText } from "../element.js";
import { readTheme, watchTheme } from "../theme.js";
import { ModelBar } from "./bar.js";
import { insertCell } from "./cells.js";
import { Composer } from "./composer.js";
import { copyText } from "./copying.js";
import { keepKeys } from "./keys.js";
import { Live } from "./live.js";
import { Size } from "./size.js";
import { Speaker } from "./speaker.js";
import { Talks } from "./talks.js";
import { Transcript } from "./transcript.js";
import { Tray } from "./tray.js";
import { Tree } from "./tree.js";

const TOAST_MS = 6000;
const STATES = {
  live: "",
  waiting: "Waiting for the kernel: a cell is running. What you send now is done after it.",
  gone: "The kernel of this panel is gone. Run the cell again to go on; the conversation is kept.",
};

/** What is done with what the kernel says beside the document, and with what is sent. */
const HEARD = {
  toast: (panel, { text }) => panel.say(String(text ?? "")),
  cell: (panel, { source }) => panel.insertCell(String(source ?? "")),
  sent: (panel, { intent }) => panel.sent(intent),
};

export class Panel {
  constructor(model, store, el) {
    Object.assign(this, { model, store });
    this.unmounted = new AbortController();
    this.live = new Live(store);
    this.waiting = [];
    this.ctx = this.#context();
    this.transcript = new Transcript(this.ctx);
    this.composer = new Composer(this.ctx, "panel");
    this.bar = new ModelBar(this.ctx, "bar");
    this.talks = new Talks(this.ctx, "bar");
    this.tray = new Tray(this.ctx, "tray");
    this.tree = new Tree(this.ctx, "panel");
    this.speaker = new Speaker(store);
    this.#build();
    this.size = new Size(this.root, el);
    this.unkeep = keepKeys(this.root);
    // A host does not say when a kernel ends; whoever comes to the panel learns of it.
    for (const type of ["focusin", "pointerenter", "keydown"]) this.root.addEventListener(type, () => store.kernel.gone || store.kernel.check());
    this.unwatch = watchTheme(() => requestAnimationFrame(() => this.#readTheme()));
  }

  /** What the parts of the panel share. */
  #context() {
    const { store } = this;
    const panel = this;
    return {
      store,
      say: (text) => this.say(text),
      shared: () => this.shared ?? null,
      whenShared: (then) => this.#whenShared(then),
      input: {
        insert: (text) => this.composer.insert(text),
        focus: () => this.composer.focus(),
        get text() { return panel.composer.text; },
        set text(text) { panel.composer.text = text; },
      },
      show: {
        entry: (id) => this.transcript.show(id),
        tray: (open = !this.#isOpen("tray")) => this.#open("tray", open),
        target: () => this.bar.target.open(),
        tree: (open = !this.#isOpen("tree")) => this.#open("tree", open),
      },
      theme: () => readTheme(this.root, ""),
    };
  }

  #build() {
    const toggle = (side, label, symbol) => button({
      action: side, label, symbol, text: label, kind: "toggle", "aria-pressed": "false", press: () => this.#open(side, !this.#isOpen(side)),
    });
    this.toggles = { tray: toggle("tray", "Clips", "tray"), tree: toggle("tree", "Branches", "branch") };
    this.lost = element("div", { class: "cc-lost", role: "status", hidden: true });
    this.restored = element("div", { class: "cc-restored", role: "status", hidden: true });
    this.toast = element("div", { class: "cc-toast", role: "status", hidden: true });
    this.drawer = element("aside", { class: "cc-drawer", "aria-label": "Clips", hidden: true }, this.tray.root);
    this.forest = element("aside", { class: "cc-drawer", "aria-label": "Branches", hidden: true }, this.tree.root);
    this.sides = { tray: this.drawer, tree: this.forest };
    for (const side of Object.keys(this.sides)) {
      this.sides[side].addEventListener("keydown", (event) => this.#onSideKey(event, side));
    }
    this.root = element(
      "section", { class: "conduit-chat", "aria-label": "Conduit chat", tabindex: -1 },
      element("header", { class: "cc-head" }, this.talks.root, this.restored, element("span", { class: "cc-space" }), this.toggles.tree, this.toggles.tray),
      this.lost,
      element(
        "div", { class: "cc-main" },
        element("div", { class: "cc-talk" }, this.transcript.root, element("footer", { class: "cc-foot" }, this.composer.root, this.bar.root)),
        this.forest, this.drawer,
      ),
      this.speaker.root, this.toast,
    );
  }

  /** Stand in the page: hear of everything, and say how it is. */
  begin() {
    const { store, live } = this;
    this.detach = store.attach(this.root);
    this.composer.dropsOn(this.root);
    this.#readTheme();
    this.offState = store.on("", () => this.#showState());
    this.offMessages = store.onMessage((message) => HEARD[message.type]?.(this, message));
    live.on("panel", "panel", (panel) => this.#showPanel(panel));
    live.on("bar", "bar", (bar = {}) => { this.bar.update(bar); this.talks.update(bar); });
    live.on("tray", "tray", (tray = {}) => this.#showTray(tray));
    this.#showState();
    store.kernel.greet();
  }

  #showPanel(panel = {}) {
    this.composer.update(panel);
    this.tree.update(panel);
    this.transcript.update(panel);
    this.root.toggleAttribute("data-running", Boolean(panel.running));
    setText(this.restored, panel.restored ?? "");
    this.restored.title = panel.restored ?? "";
    this.restored.hidden = !panel.restored || this.wentOn;
  }

  #showTray(tray) {
    this.tray.update(tray);
    const { length } = tray.order ?? [];
    setText(this.toggles.tray.lastChild, length ? `Clips ${length}` : "Clips");
  }

  /** What the person asks for shows where it will come; who goes on knows that all is there. */
  sent(intent) {
    this.transcript.sent(intent);
    this.wentOn ||= intent.type === "send";
    this.restored.hidden ||= this.wentOn;
  }

  #showState() {
    const { state } = this.store;
    setText(this.lost, STATES[state]);
    this.lost.hidden = state === "live";
    this.root.dataset.kernel = state;
  }

  /** Put code into a cell of its own, or where the host keeps the notebook to itself, on the clipboard. */
  async insertCell(source) {
    if (insertCell(this.model, this.root, source)) return;
    const copied = await copyText(source);
    this.say(copied ? "Copied: paste it into a new cell." : `Put this into a new cell: ${source}`);
  }

  /** Show a line for a few seconds. */
  say(text) {
    setText(this.toast, text);
    this.toast.hidden = !text;
    clearTimeout(this.toasting);
    this.toasting = setTimeout(() => { this.toast.hidden = true; }, TOAST_MS);
  }

  /** The code that all views of the page share is fetched when it is needed first. */
  #whenShared(then) {
    if (this.shared) return then(this.shared);
    this.waiting.push(then);
    this.loading ??= loadView(this.model, this.unmounted.signal).then((mount) => {
      if (this.unmounted.signal.aborted) return;
      this.shared = mount;
      mount.wear?.(this.root);
      for (const one of this.waiting.splice(0)) one(mount);
    }, () => this.say("The rolls could not be loaded; run the cell again."));
  }

  #isOpen(side) {
    return !this.sides[side].hidden;
  }

  /** One side at a time: there is room for one. */
  #open(side, open) {
    for (const [name, root] of Object.entries(this.sides)) {
      const shown = open && name === side;
      const differs = shown === root.hidden;
      root.hidden = !shown;
      this.toggles[name].setAttribute("aria-pressed", String(shown));
      this.root.toggleAttribute(`data-${name}`, shown);
      if (differs) this[name].shown?.(shown);
    }
  }

  #onSideKey(event, side) {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    this.#open(side, false);
    this.toggles[side].focus();
  }

  #readTheme() {
    if (this.root.isConnected) readTheme(this.root, "");
  }

  close() {
    this.unmounted.abort();
    clearTimeout(this.toasting);
    for (const off of [this.detach, this.offState, this.offMessages, this.unkeep, this.unwatch]) off?.();
    for (const part of [this.live, this.transcript, this.composer, this.bar, this.talks, this.tray, this.tree, this.speaker, this.size]) part.close();
    this.root.remove();
  }
}
