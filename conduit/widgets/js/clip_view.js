// The whole view of some clips: joins the bar, roll, gestures, answer, push row and plan card, and the sound.

import { Answer } from "./answer.js";
import { asksOf } from "./asks.js";
import { Bar } from "./bar.js";
import { Card } from "./card.js";
import { Comparison } from "./comparison.js";
import { onDrop } from "./drop.js";
import { Gestures } from "./edit/gestures.js";
import { onKeys } from "./edit/keys.js";
import { button, element, setText } from "./element.js";
import { describeRoll } from "./hover.js";
import { hostStatus, Kernel } from "./kernel.js";
import { Push } from "./push.js";
import { RECEIVED } from "./received.js";
import { Roll } from "./roll.js";
import { Desk } from "./sync.js";
import { knownTheme, readTheme, watchTheme } from "./theme.js";
import { Transport } from "./transport.js";
import { Usage } from "./usage.js";
import { HINTS, NOTES, PHASES } from "./words.js";

const TRAITS = ["clips", "epoch", "edits", "other", "state", "live", "plan"];
const TOAST_MS = 6000;
/** After which a view has been painted; what can wait, waits until then. */
const SHOWN_MS = 50;
/** Below this the bar takes two rows: in one the name would have no room. */
const NARROW_PX = 640;
/** Of the root, left and right. */
const BORDERS_PX = 2;

export class ClipView {
  /** @param width of the place that it will stand in, in CSS pixels, as far as it is known */
  constructor(model, width = 0) {
    this.model = model;
    this.kernel = new Kernel({
      send: (message, buffers) => model.send(message, undefined, buffers),
      look: () => this.#look(),
      changed: () => this.update(),
      gaveUp: () => this.card.noAnswer(),
    });
    const send = (intent, buffers) => this.kernel.ask(intent, buffers);
    this.desk = new Desk({ send, publish: (traits, epoch) => this.#publish(traits, epoch), changed: () => this.#showClip() });
    this.transport = new Transport({
      changed: () => this.#showTransport(),
      frame: (beat) => this.#showFrame(beat),
      say: (text) => this.say(text),
      want: (names) => send({ type: "sounds", names }),
      tell: send,
    }, this.#get("playback"));
    this.roll = new Roll({
      options: () => this.#showBar(),
      choose: (part) => this.desk.choose(part),
      mute: (part) => { this.transport.mute(part); this.#showClip(); },
      solo: (part) => { this.transport.solo(part); this.#showClip(); },
    });
    this.comparison = new Comparison({ desk: this.desk, transport: this.transport, changed: () => this.#showClip() });
    this.gestures = new Gestures({
      roll: this.roll, desk: this.desk, transport: this.transport,
      say: (text) => this.say(text), play: (act) => this.play(act), help: () => this.bar.showHelp(),
    });
    this.bar = new Bar(asksOf(this, send));
    this.answer = new Answer();
    this.push = new Push((intent) => send({ ...intent, part: this.desk.active }));
    this.card = new Card({ send, now: () => performance.now(), changed: () => this.#showPush() });
    this.#build();
    this.#watch();
    this.update();
    this.#foresee(width);
    this.settling = setTimeout(() => this.#isShown(), SHOWN_MS);
  }

  /** From now on the page leaves it out wherever it is out of sight: each of its canvases costs every frame something. */
  #isShown() {
    requestAnimationFrame(() => this.root.toggleAttribute("data-shown", true)); // the frame finds what is in sight at once
    this.kernel.greet();
  }

  /** Until a kernel has said how it takes messages, a cell that writes is taken to keep it busy. */
  #look() {
    const unsure = this.kernel.beside === undefined && this.phase === "streaming";
    return hostStatus(this.model, this.root) || (unsure ? "busy" : "");
  }

  #build() {
    this.remarks = element("ul", { class: "cd-remarks", "aria-label": "Repairs", hidden: true });
    this.error = element("div", { class: "cd-error", role: "alert", hidden: true });
    this.note = element("span", { class: "cd-note", role: "status" });
    this.usage = new Usage();
    this.footer = element("div", { class: "cd-footer" }, this.note, this.usage.root);
    this.toast = element("div", { class: "cd-toast", role: "status", hidden: true });
    const settle = (mine, text) => button({ action: mine ? "keep-mine" : "take-theirs", label: text, text, press: () => this.desk.settle(mine) });
    this.conflict = element(
      "div", { class: "cd-conflict", role: "alert", hidden: true },
      element("span", { text: "The clip was changed in Python while you edited it." }), settle(true, "Keep mine"), settle(false, "Take the other"),
    );
    this.root = element(
      "div", { class: "conduit-clip-view", role: "group", "aria-label": "Clip" },
      this.bar.root, this.conflict, this.roll.root, this.answer.root, this.remarks, this.error, this.footer, this.push.root,
      this.card.root, this.toast,
    );
  }

  #watch() {
    this.changed = () => {
      this.kernel.heard();
      this.pending ??= requestAnimationFrame(() => this.update());
    };
    for (const name of TRAITS) this.model.on(`change:${name}`, this.changed);
    this.heard = (message, buffers) => this.#receive(message, buffers);
    this.model.on("msg:custom", this.heard);
    // The host marks the view in a listener of its own, so look a moment later.
    this.checked = () => setTimeout(() => this.kernel.check());
    this.model.on("comm_live_update", this.checked);
    this.sizes = new ResizeObserver(() => this.#resize());
    this.sizes.observe(this.root);
    this.unwatchTheme = watchTheme(() => requestAnimationFrame(() => this.#readTheme()));
    // Keys go on to the notes after a click in the bar, and after any choice from a menu.
    this.bar.root.addEventListener("click", ({ detail, target }) => {
      const chosen = target.closest("button");
      if (!chosen || chosen.ariaHasPopup || !(detail || chosen.role?.startsWith("menuitem")) || chosen.dataset.action === "help") return;
      this.roll.grid.focus({ preventScroll: true });
    });
    this.bar.root.addEventListener("change", () => this.roll.grid.focus({ preventScroll: true }));
    onDrop(this.root, {
      take: (name, data) => this.kernel.ask({ type: "drop", name, data }),
      refuse: (why) => this.say(why),
    });
    this.unlisten = onKeys(this.root, this.gestures.editor);
  }

  #get(name) {
    return this.model.get(name) ?? {};
  }

  /** Keep clips in the page's model, for its other views and the notebook's file; nothing is sent. */
  #publish(traits, epoch) {
    if (this.model.get("epoch") !== epoch) return; // what Python has set meanwhile stays
    for (const [name, value] of Object.entries(traits)) this.model.set(name, value);
  }

  #receive(message, buffers = []) {
    this.kernel.heard(message);
    RECEIVED[message?.type]?.(this, message, buffers);
  }

  /** Play or stop: `toggle` from the cue, `toggleOn` from where it was stopped. */
  play(act = "toggle") {
    if (this.phase !== "empty") this.transport[act]();
  }

  /** Show a line for a few seconds. */
  say(text) {
    setText(this.toast, text);
    this.toast.hidden = !text;
    clearTimeout(this.toasting);
    this.toasting = setTimeout(() => { this.toast.hidden = true; }, TOAST_MS);
  }

  /** Draw before it stands in the page, where the page's colours are known: styles and places are then worked out once. */
  #foresee(width) {
    if (width <= BORDERS_PX) return;
    const theme = knownTheme(this.root, this.desk.clip.ink);
    if (!theme) return;
    this.#setTheme(theme);
    this.#fit(width - BORDERS_PX);
  }

  #resize() {
    const width = this.root.clientWidth;
    if (!width) return;
    if (!this.theme) this.#readTheme();
    this.#fit(width);
  }

  #fit(width) {
    this.root.toggleAttribute("data-narrow", width < NARROW_PX);
    this.roll.resize(width);
    this.roll.flush(); // the size is told before the frame is painted, so the notes are in it
    this.card.resize(width);
  }

  #readTheme() {
    if (this.root.isConnected) this.#setTheme(readTheme(this.root, this.desk.clip.ink));
  }

  #setTheme(theme) {
    this.ink = this.desk.clip.ink;
    this.theme = theme;
    this.roll.setTheme(theme);
    this.card.setTheme(theme);
  }

  /** Show what the model holds now. */
  update() {
    this.pending = null;
    const state = this.#get("state");
    this.phase = state.phase || "empty";
    this.writing = this.phase === "streaming" && !this.kernel.gone;
    this.desk.locked = this.writing;
    this.desk.take(this.model.get("clips"), this.model.get("epoch"), this.model.get("edits"));
    this.#showClip();
    this.comparison.takeOther(this.#get("other"));
    this.#showCard(state.error);
    this.#showState(state);
  }

  #showClip() {
    if (!this.phase) return;
    const { parts, active, draft, clip, theirs } = this.desk;
    this.transport.part = active;
    if (parts !== this.parts) this.transport.load(parts);
    this.parts = parts;
    if (this.theme && clip.ink !== this.ink) this.#readTheme();
    this.conflict.hidden = !theirs;
    const { count } = clip.notes;
    this.root.dataset.phase = this.phase;
    this.root.dataset.notes = String(count);
    this.root.dataset.words = String(!this.model.get("clips")?.length && Boolean(this.#get("state").text));
    const flags = (set) => parts.map((_, i) => set.has(i));
    const { loop, cue, muted, soloed } = this.transport;
    const hint = parts.some(({ notes }) => notes.count) ? "" : (!this.kernel.gone && HINTS[this.phase]) || "No notes: double-click to draw";
    this.roll.show({
      clip: draft ? { ...clip, notes: draft } : clip, parts, active, ghosts: parts.filter((_, i) => i !== active), 
      ...this.comparison.of(clip), streaming: this.writing, hint, loop, cue, epoch: this.desk.epoch, turn: this.desk.turn, drafting: Boolean(draft), muted: flags(muted), solo: flags(soloed),
    });
    if (clip.notes !== this.shown) this.roll.keepInSight();
    this.shown = clip.notes;
    this.roll.grid.setAttribute("aria-label", describeRoll(clip));
    this.#showTransport();
    this.#showPush();
  }

  #showState({ text = "", error = "", footer = "", details = [], remarks = [] }) {
    this.answer.show(text);
    this.remarks.hidden = !remarks.length;
    this.remarks.replaceChildren(...remarks.map((remark) => element("li", { text: remark })));
    this.error.hidden = !error || this.card.tells(error);
    setText(this.error, error);
    const note = NOTES[this.kernel.state];
    const gone = this.kernel.gone && this.phase === "streaming";
    setText(this.note, note);
    this.usage.show([error || gone ? "" : PHASES[this.phase], footer].filter(Boolean).join(" · "), details);
    this.footer.toggleAttribute("data-note", Boolean(note));
  }

  #showCard(error) {
    const { notes, length, meter } = this.desk.clip;
    const plan = this.#get("plan");
    const outcome = `${plan.id}:${plan.status}`;
    if (plan.status === "applied" && outcome !== this.outcome) this.push.follow();
    this.outcome = outcome;
    this.card.setGone(this.kernel.gone);
    this.card.show(plan, { notes, length, meter, error });
  }

  #showPush() {
    const { gone } = this.kernel;
    const busy = NOTES[this.kernel.state] ? NOTES[this.kernel.state]
      : this.phase === "streaming" ? "The model is still writing"
      : this.card.open ? "Decide about the planned change first"
        : this.desk.clip.notes.count ? "" : "There are no notes to push";
    this.push.show(this.#get("live"), { busy, phase: this.phase, held: this.card.open, gone });
  }

  #showTransport() {
    const { playing, loop, cue } = this.transport;
    this.root.dataset.playing = String(playing);
    this.#showBar();
    if (!this.roll.state) return;
    Object.assign(this.roll.state, { loop, cue });
    this.roll.draw();
  }

  #showBar() {
    if (!this.parts) return;
    const { desk, transport, roll, comparison } = this;
    const empty = !this.parts.some(({ notes }) => notes.count);
    this.bar.show({
      clip: desk.clip, options: roll.options, streaming: this.writing, empty, canUndo: desk.canUndo, canRedo: desk.canRedo,
      take: comparison.state, gone: this.kernel.gone, several: this.parts.length > 1, transport, beat: transport.beat() ?? transport.cue,
    });
  }

  #showFrame(beat) {
    this.roll.setPlayhead(beat);
    this.bar.showPosition(beat ?? this.transport.cue);
  }

  close() {
    for (const name of TRAITS) this.model.off(`change:${name}`, this.changed);
    this.model.off("msg:custom", this.heard);
    this.model.off("comm_live_update", this.checked);
    cancelAnimationFrame(this.pending);
    clearTimeout(this.toasting);
    clearTimeout(this.settling);
    this.sizes.disconnect();
    this.unwatchTheme();
    this.unlisten();
    for (const part of [this.kernel, this.desk, this.gestures, this.transport, this.card, this.roll]) part.close();
  }
}
