// The input. It grows to six lines. Enter sends, and while an answer is written it steers; Shift+Enter breaks the line;
// the arrow keys recall earlier messages. The one button sends, and from that click on it stops, until all is done.
//
// What is typed is nowhere lost: the page keeps it through a reload, it leaves the input only when it was handed to
// the kernel, and it comes back where the kernel turns out to be gone before it took it.

import { element } from "../element.js";
import { IS_MAC } from "../words.js";
import { Attachments, onFiles, TAKEN } from "./attachments.js";
import { Completion, write } from "./completion.js";
import { keepDraft, readDraft } from "./draft.js";
import { Recall } from "./recall.js";
import { SendRow } from "./send_row.js";
import { Sending } from "./sending.js";

const LINES = 6;
const PLACEHOLDER = "Ask for music, or / for commands";
const STEERS = "Steer: what should be different?";
const TROUBLE = {
  waiting: "Sent; waiting for the kernel",
  gone: "What you wrote stays here",
};

/** Intents that a turn comes of. */
const ASKS = new Set(["send", "edit", "again"]);

const isModified = (event) => (IS_MAC ? event.metaKey : event.ctrlKey);

export class Composer {
  constructor(ctx, id) {
    Object.assign(this, { ctx, id, panel: {} });
    this.sending = new Sending({ changed: () => this.#show(), isWaiting: () => ctx.store.state === "waiting" });
    this.draft = ctx.store.model?.get("static_id") ?? "";
    this.recall = new Recall(() => this.#earlier());
    this.#build();
    this.files = new Attachments({ send: (intent, data) => ctx.store.send(intent, data), changed: () => this.#changed(), known: (media) => ctx.store.get(media) });
    this.completion = new Completion(this.input, { ask: (intent) => this.#isGone() || ctx.store.send(intent), taken: () => this.completion.look() });
    this.root.prepend(this.completion.root);
    this.box.prepend(this.files.root);
    this.#listen();
    const { text, media, sent } = readDraft(this.draft);
    this.sent = sent;
    this.input.value = text;
    this.files.restore(media);
    this.update(ctx.store.get(id) ?? {});
    requestAnimationFrame(() => this.#grow());
  }

  #build() {
    this.input = element("textarea", { class: "cc-input", rows: 1, "aria-label": "Message", "data-action": "write", spellcheck: "true", autocomplete: "off" });
    this.chooser = element("input", { type: "file", accept: TAKEN, multiple: true, hidden: true, tabindex: -1, "aria-hidden": "true" });
    this.row = new SendRow({ attach: () => this.chooser.click(), steer: () => this.submit(), send: (event) => this.#press(event) });
    this.box = element("div", { class: "cc-box" }, this.input, this.row.root, this.chooser);
    this.root = element("div", { class: "cc-composer", role: "group", "aria-label": "Message" }, this.box);
  }

  #listen() {
    const { input, ctx: { store } } = this;
    input.addEventListener("input", () => this.#changed());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("paste", (event) => this.#paste(event));
    input.addEventListener("blur", () => this.completion.close());
    for (const kind of ["click", "keyup"]) input.addEventListener(kind, (event) => event.key === "Escape" || this.completion.look());
    this.box.addEventListener("pointerdown", (event) => { if (event.target === this.box || event.target === this.row.root) { event.preventDefault(); input.focus(); } });
    this.chooser.addEventListener("change", () => this.#chosen());
    this.observer = new ResizeObserver(() => this.#grow());
    this.observer.observe(this.box);
    this.stops = [
      () => this.observer.disconnect(), store.on("", () => this.#show()), store.onMessage((message) => this.#hear(message)),
    ];
  }

  get text() {
    return this.input.value;
  }

  set text(text) {
    this.input.value = text;
    this.recall.end();
    this.#changed();
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  /** Type a text at the caret. */
  insert(text) {
    this.focus();
    write(this.input, text);
  }

  /** Take files that are dropped anywhere on an element. */
  dropsOn(root) {
    onFiles(root, { take: (files) => this.take(files), over: (over) => this.root.toggleAttribute("data-drop", over && !this.#isGone()) });
  }

  /** Take files that were dropped, pasted or chosen. */
  take(files) {
    if (!this.#isGone()) this.files.add(files);
  }

  /** The panel's item differs. */
  update(panel = {}) {
    this.panel = panel;
    this.sending.update(panel);
    this.#show();
  }

  #isGone() {
    return this.ctx.store.state === "gone";
  }

  #hear(message) {
    HEARD[message.type]?.(this, message);
  }

  /** Something that a turn comes of was asked for, here or by another part of the panel. */
  asked({ type, text = "" }) {
    if (!ASKS.has(type) || this.sending.isRunning) return;
    this.sending.begin({ text: type === "send" ? text : "", media: [] });
    this.#show();
  }

  /** It was refused. */
  refused() {
    if (this.panel.running) return;
    this.sending.settle();
    this.#show();
  }

  /** A file that is in trouble is seen before the message goes without it. */
  attached(message) {
    if (message.error) this.wanted = false;
    this.files.hear(message);
  }

  #chosen() {
    this.take(this.chooser.files);
    this.chooser.value = "";
    this.focus();
  }

  #paste(event) {
    const { files } = event.clipboardData;
    if (!files.length) return;
    event.preventDefault();
    this.take(files);
  }

  #key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const taken = this.completion.key(event) || KEYS[event.key]?.(this, event);
    if (taken) event.preventDefault();
  }

  /** Send what is typed, or steer with it; once its files have arrived. */
  submit() {
    const text = this.text.trim();
    if (this.#isGone() || !(text || this.files.media.length || this.files.waiting)) return;
    this.wanted = this.files.waiting > 0;
    if (this.wanted) return this.#show();
    const message = { text: this.text, media: this.files.media };
    const steers = this.sending.isRunning;
    this.ctx.store.send({ type: "send", text, media: message.media.map(({ id }) => id) });
    if (this.#isGone()) return this.#show();
    if (text) this.sent = [...this.sent.filter((one) => one !== text), text];
    this.completion.close();
    this.files.drain();
    if (!steers) this.sending.begin(message);
    this.text = "";
    this.focus();
  }

  #press({ detail }) {
    if (!this.sending.isRunning) this.submit();
    // The second click of two is not meant for what the button has become.
    else if (detail < 2) {
      this.stop();
      if (matchMedia("(hover: hover)").matches) this.focus(); // a keyboard on the screen would cover what was stopped
    }
  }

  stop() {
    this.sending.stopping = true;
    this.ctx.store.send({ type: "stop" });
    this.#show();
  }

  /** Stop waiting for files, then the answer; where there is neither, leave the input. */
  escape() {
    if (this.wanted) this.wanted = false;
    else if (this.sending.isRunning && !this.#isGone()) this.stop();
    else this.input.blur();
    this.#show();
    return true;
  }

  /** Recall an earlier message, or go on to a later one, where the caret stands at the edge. */
  step(way) {
    const { value, selectionStart, selectionEnd } = this.input;
    const beyond = way < 0 ? value.slice(0, selectionStart) : value.slice(selectionEnd);
    if (beyond.includes("\n") || !(this.recall.isOpen || !value)) return false;
    const text = this.recall.step(way, value);
    if (text === null) return false;
    this.input.value = text;
    this.input.setSelectionRange(text.length, text.length);
    this.#changed();
    this.completion.close();
    return true;
  }

  /** What was asked here and in the conversation, the oldest first, each once. */
  #earlier() {
    const { store } = this.ctx;
    const asked = (this.panel.order ?? []).map((id) => store.get(id)).filter((entry) => entry?.asked && entry.who !== "decision");
    return [...new Set([...asked.map((entry) => entry.asked.trim()), ...this.sent].reverse())].reverse();
  }

  #changed() {
    if (this.wanted && !this.files.waiting) return this.submit();
    if (!this.text) this.recall.end();
    keepDraft(this.draft, { text: this.text, media: this.files.media, sent: this.sent });
    this.#grow();
    this.completion.look();
    this.#show();
  }

  #grow() {
    const { input } = this;
    input.style.height = "auto";
    const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(input);
    const most = LINES * parseFloat(lineHeight) + parseFloat(paddingTop) + parseFloat(paddingBottom);
    input.style.height = `${Math.min(input.scrollHeight, most)}px`;
    input.style.overflowY = input.scrollHeight > most ? "auto" : "hidden";
  }

  #show() {
    const gone = this.#isGone();
    if (gone) this.#giveBack();
    const { input, panel, ctx: { store }, sending: { isRunning, stopping } } = this;
    const filled = Boolean(this.text.trim() || this.files.media.length || this.files.waiting);
    this.root.dataset.state = store.state;
    this.root.toggleAttribute("data-running", isRunning);
    input.readOnly = gone;
    input.placeholder = gone ? "" : panel.running ? STEERS : PLACEHOLDER;
    this.row.show({ isRunning, stopping, gone, filled, note: this.#noteOf(store.state) });
  }

  #noteOf(state) {
    if (this.wanted) return this.files.words;
    return (state === "gone" && this.text) || this.sending.message ? (TROUBLE[state] ?? "") : "";
  }

  /** The kernel never took what was sent: it stands in the input again. */
  #giveBack() {
    const message = this.sending.takeBack();
    if (!message || this.text) return;
    this.files.restore(message.media);
    this.text = message.text;
  }

  close() {
    for (const stop of this.stops) stop();
    this.sending.settle();
    this.completion.close();
    this.files.close();
  }
}

/** What is said beside the document, by its type. */
const HEARD = {
  sent: (composer, { intent }) => composer.asked(intent),
  toast: (composer, { late }) => late || composer.refused(),
  completions: (composer, message) => composer.completion.hear(message),
  attached: (composer, message) => composer.attached(message),
};

/** What a key does in the input: `(composer, event) =>` whether it did. */
const KEYS = {
  Enter: (composer, event) => {
    if (event.shiftKey || event.altKey) return false;
    composer.submit();
    return true;
  },
  Escape: (composer) => composer.escape(),
  ArrowUp: (composer, event) => !event.shiftKey && !isModified(event) && composer.step(-1),
  ArrowDown: (composer, event) => !event.shiftKey && !isModified(event) && composer.step(1),
};
