// What is edited: the clips in view, the history of edits, and what the kernel has not confirmed yet.
//
// Python holds the clips; `epoch` rises whenever it sets them, `edits` counts the edits it took since. An edit says on
// which of both it stands, so one that crosses with a change in Python is refused there and asked about here.

import { changesOf, decodeClip, edited, encodeClip, replacing } from "./model.js";
import { controlChangesOf, editedControls, replacingControls } from "./controls.js";

const PUBLISH_MS = 250;

export class Desk {
  /**
   * @param ports `{ send(message, buffers), publish(traits), changed() }`: `publish` keeps packed clips in the model of
   *   the page, for its other views and for the notebook's file; it sends nothing.
   */
  constructor(ports) {
    this.ports = ports;
    this.parts = [decodeClip()];
    Object.assign(this, { active: 0, epoch: -1, edits: 0, confirmed: 0, draft: null, locked: false, theirs: null });
    this.past = [];
    this.future = [];
  }

  get clip() { return this.parts[this.active] ?? this.parts[0]; }
  get canUndo() { return this.past.length > 0 && !this.locked; }
  get canRedo() { return this.future.length > 0 && !this.locked; }
  /** Whether an edit waits for the kernel. */
  get pending() { return this.edits > this.confirmed; }

  /** Take what the model holds: the clips as packed there, and on what they stand. */
  take(packed, epoch, edits) {
    if (packed === this.packed) return;
    const parts = (packed?.length ? packed : [{}]).map(decodeClip);
    if (epoch !== this.epoch && this.pending) {
      this.theirs = { packed, parts, epoch };
      return;
    }
    const step = { was: this.parts, is: parts };
    const known = this.epoch >= 0 && epoch !== this.epoch && !this.locked && step.was.some(({ notes }) => notes.count);
    if (known && step.was.length === parts.length) this.#remember(step);
    else if (epoch !== this.epoch) Object.assign(this, { past: [], future: [] });
    this.#adopt({ packed, parts, epoch }, edits);
  }

  #adopt({ packed, parts, epoch }, edits = 0) {
    Object.assign(this, { packed, parts, epoch, edits, confirmed: edits, theirs: null, draft: null });
    this.active = Math.min(this.active, parts.length - 1);
    this.ports.changed();
  }

  /** Set apart what the person has: it is what counts, or what Python has set meanwhile. */
  settle(keepMine) {
    const { theirs, parts } = this;
    if (!theirs) return;
    if (!keepMine) return this.#adopt(theirs);
    this.#adopt(theirs);
    this.#put({ was: this.parts, is: this.parts.map((clip, i) => parts[i] ?? clip) });
  }

  choose(part) {
    this.active = part;
    this.setDraft(null);
  }

  /** Show other notes while a gesture goes on. */
  setDraft(notes) {
    this.draft = notes;
    this.ports.changed();
  }

  /** Change the selection only. */
  mark(notes) {
    this.#set(this.active, { ...this.clip, notes });
    this.ports.changed();
  }

  /** One action: changes of notes and of controls (see model.js), and facts such as `length` and `loop`. */
  edit({ notes = [], controls = [], facts = {} }) {
    this.draft = null;
    if (this.locked || !(notes.length || controls.length || Object.keys(facts).length)) return this.ports.changed();
    const { clip, active: part } = this;
    const old = Object.fromEntries(Object.keys(facts).map((name) => [name, clip[name]]));
    const step = { part, old, facts, pairs: edited(clip.notes, notes, clip.ppq).pairs, controls: editedControls(clip.controls, controls, clip.ppq).pairs };
    this.#remember(step);
    this.#apply(step, false, { notes, controls });
  }

  #remember(step) {
    this.past.push(step);
    this.future = [];
  }

  undo() { this.#step(this.past, this.future, true); }
  redo() { this.#step(this.future, this.past, false); }

  #step(from, to, back) {
    if (this.locked || !from.length) return;
    const step = from.pop();
    to.push(step);
    if (step.was) this.#put(back ? { was: step.is, is: step.was } : step);
    else {
      this.active = step.part;
      this.#apply(step, back);
    }
  }

  /** Apply a step, forwards or back, and tell Python. */
  #apply({ part, pairs, controls, facts, old }, back, changes) {
    const clip = this.parts[part];
    const cleared = back || !changes ? { ...clip.notes, selected: new Uint8Array(clip.notes.count) } : clip.notes;
    const notes = edited(cleared, changes?.notes ?? changesOf(cleared, pairs, clip.ppq, back), clip.ppq);
    const moves = editedControls(clip.controls, changes?.controls ?? controlChangesOf(clip.controls, controls, clip.ppq, back), clip.ppq);
    const said = back ? old : facts;
    this.#set(part, { ...clip, ...said, notes: notes.notes, controls: moves.controls });
    this.#send(part, said, notes.pairs, moves.pairs);
  }

  /** Put whole clips in the place of others. */
  #put({ was, is }) {
    is.forEach((clip, part) => {
      const before = was[part];
      if (clip === before) return;
      const facts = { name: clip.name, length: clip.length, loop: clip.loop };
      this.#set(part, { ...before, ...facts, notes: clip.notes, controls: clip.controls });
      const { ppq } = before;
      const pairs = edited(before.notes, replacing(before.notes, clip.notes), ppq).pairs;
      this.#send(part, facts, pairs, editedControls(before.controls, replacingControls(before.controls, clip.controls), ppq).pairs);
    });
  }

  #set(part, clip) {
    this.parts = this.parts.with(part, clip);
  }

  #send(part, facts, pairs, controls) {
    this.edits += 1;
    this.ports.send({ type: "edit", epoch: this.epoch, n: this.edits, part, facts }, [pairs, controls]);
    this.ports.changed();
    this.publishing ??= setTimeout(() => this.#publish(), PUBLISH_MS);
  }

  #publish() {
    this.publishing = null;
    if (this.theirs) return;
    this.packed = this.parts.map(encodeClip);
    this.ports.publish({ clips: this.packed, edits: this.edits });
  }

  /** Python has taken an edit; what it knows better about the clip comes along. */
  confirm({ epoch, n, part, facts }) {
    if (epoch !== this.epoch) return;
    this.confirmed = Math.max(this.confirmed, n);
    if (!this.pending) this.#set(part, { ...this.parts[part], ...facts });
    this.ports.changed();
  }

  /** Python could not take an edit; what it has comes by itself, and counts. */
  refuse() {
    this.confirmed = this.edits;
    this.settle(false);
  }

  close() {
    if (!this.publishing) return;
    clearTimeout(this.publishing);
    this.#publish();
  }
}
