// The whole view of one clip: joins the bar, roll, answer, push row and plan card, and the sound.

import { Answer } from "./answer.js";
import { Bar } from "./bar.js";
import { Card } from "./card.js";
import { onDrop } from "./drop.js";
import { element, setText } from "./element.js";
import { describeRoll } from "./hover.js";
import { hostStatus, Kernel } from "./kernel.js";
import { onKeys } from "./keyboard.js";
import { decode } from "./model.js";
import { Push } from "./push.js";
import { Roll } from "./roll.js";
import { readTheme, watchTheme } from "./theme.js";
import { Transport } from "./transport.js";
import { Usage } from "./usage.js";

const NO_CLIP = { name: "", length: 16, bpm: 120, meter: [4, 4], key: "", instrument: "keys", drums: false, drum_names: {} };
const TRAITS = ["notes", "clip", "state", "live", "plan"];
const TOAST_MS = 6000;

export class ClipView {
  constructor(model) {
    this.model = model;
    this.kernel = new Kernel({
      send: (message) => model.send(message),
      look: () => this.#look(),
      changed: () => this.update(),
      gaveUp: () => this.card.noAnswer(),
    });
    const send = (intent) => this.kernel.ask(intent);
    this.transport = new Transport({
      changed: () => this.#showTransport(),
      frame: (beat) => this.#showFrame(beat),
      ask: send,
      say: (text) => this.say(text),
      patient: () => this.kernel.state === "waiting",
    });
    this.roll = new Roll({ cue: (beat) => this.transport.setCue(beat) });
    this.bar = new Bar({
      play: () => this.transport.toggle(),
      loop: () => this.transport.setLoop(!this.transport.loop),
      stop: () => send({ type: "stop" }),
      zoomIn: () => this.roll.zoomIn(),
      zoomOut: () => this.roll.zoomOut(),
      fit: () => this.roll.fit(),
      sound: (sound) => this.transport.setSound(sound),
    });
    this.answer = new Answer();
    this.push = new Push(send);
    this.card = new Card({ send, now: () => performance.now(), changed: () => this.#showPush() });
    this.#build();
    this.#watch();
    this.update();
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
    this.root = element(
      "div", { class: "conduit-clip-view", role: "group", "aria-label": "Clip", "data-lm-suppress-shortcuts": "true" },
      this.bar.root, this.roll.root, this.answer.root, this.remarks, this.error, this.footer, this.push.root, this.card.root, this.toast,
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
    onDrop(this.root, {
      take: (name, data) => this.kernel.ask({ type: "drop", name, data }),
      refuse: (why) => this.say(why),
    });
    onKeys(this.root, {
      toggle: () => this.#get("state").phase !== "empty" && this.transport.toggle(),
      loop: () => this.transport.setLoop(!this.transport.loop),
      zoomIn: () => this.roll.zoomIn(),
      zoomOut: () => this.roll.zoomOut(),
      fit: () => this.roll.fit(),
      nudge: (columns, rows) => this.roll.nudge(columns, rows),
      home: () => this.transport.setCue(0),
    });
  }

  #get(name) {
    return this.model.get(name) ?? {};
  }

  #receive(message, buffers) {
    this.kernel.heard(message);
    if (message?.type === "preview" && buffers?.[0]) this.transport.receive(message, buffers[0]);
    if (message?.type === "toast") this.say(String(message.text ?? ""));
  }

  /** Show a line for a few seconds. */
  say(text) {
    setText(this.toast, text);
    this.toast.hidden = !text;
    clearTimeout(this.toasting);
    this.toasting = setTimeout(() => { this.toast.hidden = true; }, TOAST_MS);
  }

  #resize() {
    const width = this.root.clientWidth;
    if (!width) return;
    this.root.toggleAttribute("data-narrow", width < 560);
    if (!this.theme) this.#readTheme();
    this.roll.resize(width);
    this.card.resize(width);
  }

  #readTheme() {
    if (!this.root.isConnected) return;
    this.theme = readTheme(this.root, this.clip.ink);
    this.roll.setTheme(this.theme);
    this.card.setTheme(this.theme);
  }

  /** Show what the model holds now. */
  update() {
    this.pending = null;
    const [clip, state, bytes] = [{ ...NO_CLIP, ...this.#get("clip") }, this.#get("state"), this.model.get("notes")];
    const inkChanged = this.clip?.ink !== clip.ink;
    const changed = bytes !== this.bytes || JSON.stringify(clip) !== this.clipKey;
    if (bytes !== this.bytes || !this.notes) this.notes = decode(bytes);
    Object.assign(this, { bytes, clip, clipKey: JSON.stringify(clip), phase: state.phase || "empty" });
    if (changed) this.transport.load({ notes: this.notes, length: clip.length, bpm: clip.bpm, instrument: clip.instrument });
    if (inkChanged && this.theme) this.#readTheme();
    if (this.kernel.gone) this.transport.giveUp();
    this.#showRoll();
    this.#showCard(state.error);
    this.#showState(state);
    this.#showPush();
    this.#showTransport();
  }

  #showRoll() {
    const { clip, notes, phase } = this;
    this.root.dataset.phase = phase;
    this.root.dataset.notes = String(notes.count);
    this.root.dataset.words = String(!this.model.get("clip")?.length && Boolean(this.#get("state").text));
    const { length, meter, drums, drum_names: names, key } = clip;
    const streaming = phase === "streaming" && !this.kernel.gone;
    const hint = notes.count ? "" : (!this.kernel.gone && HINTS[phase]) || "No notes";
    const { loop, cue } = this.transport;
    this.roll.show({ notes, length, meter, drums, names: names ?? {}, key, streaming, hint, loop, cue });
    this.roll.grid.setAttribute("aria-label", describeRoll({ notes, length, meter, drums, key }, clip.name));
    this.bar.show(clip, { streaming, empty: !notes.count });
  }

  #showState({ text = "", error = "", footer = "", details = [], remarks = [] }) {
    this.answer.show(text);
    this.remarks.hidden = !remarks.length;
    this.remarks.replaceChildren(...remarks.map((remark) => element("li", { text: remark })));
    this.error.hidden = !error || this.card.tells(error);
    setText(this.error, error);
    const note = NOTES[this.kernel.state];
    const writing = this.kernel.gone && this.phase === "streaming";
    setText(this.note, note);
    this.usage.show([error || writing ? "" : PHASES[this.phase], footer].filter(Boolean).join(" · "), details);
    this.footer.toggleAttribute("data-note", Boolean(note));
  }

  #showCard(error) {
    const { notes, clip } = this;
    const plan = this.#get("plan");
    const outcome = `${plan.id}:${plan.status}`;
    if (plan.status === "applied" && outcome !== this.outcome) this.push.follow();
    this.outcome = outcome;
    this.card.setGone(this.kernel.gone);
    this.card.show(plan, { notes, length: clip.length, meter: clip.meter, error });
  }

  #showPush() {
    if (!this.notes) return;
    const { gone } = this.kernel;
    const busy = NOTES[this.kernel.state] ? NOTES[this.kernel.state]
      : this.phase === "streaming" ? "The model is still writing"
      : this.card.open ? "Decide about the planned change first"
        : this.notes.count ? "" : "There are no notes to push";
    this.push.show(this.#get("live"), { busy, phase: this.phase, held: this.card.open, gone });
  }

  #showTransport() {
    const { playing, waiting, loop, sound, cue } = this.transport;
    this.root.dataset.playing = String(playing);
    const unheard = { gm: this.kernel.gone && !this.transport.preview ? NOTES.gone : "" };
    this.bar.showTransport({ playing, waiting, loop, sound, unheard, beat: this.transport.beat() ?? cue });
    if (!this.roll.state) return;
    Object.assign(this.roll.state, { loop, cue });
    this.roll.draw();
  }

  #showFrame(beat) {
    this.roll.setPlayhead(beat);
    this.bar.showPosition(beat ?? this.transport.cue);
  }

  close() {
    for (const name of TRAITS) this.model.off(`change:${name}`, this.changed);
    this.model.off("msg:custom", this.heard);
    this.model.off("comm_live_update", this.checked);
    this.kernel.close();
    cancelAnimationFrame(this.pending);
    clearTimeout(this.toasting);
    this.sizes.disconnect();
    this.unwatchTheme();
    this.transport.close();
    this.card.close();
    this.roll.close();
  }
}

const HINTS = {
  empty: "Waiting for the model",
  streaming: "Waiting for the first note",
  interrupted: "Stopped before the first note",
  failed: "No notes were written",
};
const NOTES = {
  live: "",
  waiting: "Waiting for the kernel.",
  gone: "The kernel that made this is gone. Run the cell again to push.",
};
const PHASES = { streaming: "Writing", interrupted: "Stopped", failed: "Failed" };
