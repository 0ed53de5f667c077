// What is edited: the clips in view, the history of edits, and what the kernel has not confirmed yet.
//
// Python holds the clips; `epoch` rises whenever it sets them, `edits` counts the edits it took since. An edit says on
// which of both it stands, so one that crosses with a change in Python is refused there and asked about here. Packed
// clips carry their epoch. A step of the history is an edit, or a set of Python's, which Python itself takes back.

import { changesOf, decodeClip, edited, encodeClip } from "./model.js";
import { controlChangesOf, editedControls } from "./controls.js";
import { cleared } from "./edit/overlap.js";

const PUBLISH_MS = 250;
/** Notes up to which other views of the page are told of an edit at once. */
const QUICK = 5000;
/** Sets of Python's that can be taken back; their clips are kept until then. */
const MOST_SETS = 32;

export class Desk {
  /**
   * @param ports `{ send(message, buffers), publish(traits, epoch), changed() }`: `publish` keeps packed clips in the
   *   model of the page, for its other views and for the notebook's file; it sends nothing.
   */
  constructor(ports) {
    this.ports = ports;
    this.parts = [decodeClip()];
    Object.assign(this, { active: 0, turn: 0, epoch: -1, edits: 0, draft: null, locked: false, away: "", theirs: null });
    this.waiting = [];
    this.#forget();
  }

  get clip() { return this.parts[this.active] ?? this.parts[0]; }
  /** Why nothing can be edited now, in words; empty when it can. */
  get closed() { return this.locked ? "The clip can be edited when it is written" : this.away; }
  get canUndo() { return this.past.length > 0 && !this.closed; }
  get canRedo() { return this.future.length > 0 && !this.closed; }
  /** Whether an edit waits for the kernel. */
  get pending() { return this.waiting.length > 0; }

  #forget() {
    Object.assign(this, { past: [], future: [] });
  }

  /** Take what the model holds: the clips as packed there, and on what they stand. */
  take(packed, number, edits) {
    const epoch = packed?.[0]?.epoch ?? number;
    if (epoch === this.epoch && packed === this.packed) return;
    const came = { packed, epoch, edits, parts: (packed?.length ? packed : [{}]).map(decodeClip) };
    const fresh = epoch !== this.epoch;
    if (fresh && this.pending) this.theirs = came;
    else {
      // What another view of the page did is no step of this one's history, and may stand in its way.
      const before = fresh && !this.locked && this.parts.some(({ notes }) => notes.count);
      if (before) this.#remember({ set: epoch, was: this.parts, is: came.parts });
      else this.#forget();
      this.#adopt(came);
    }
    this.ports.changed();
  }

  #adopt({ packed, parts, epoch, edits = 0 }) {
    clearTimeout(this.publishing);
    Object.assign(this, { packed, parts, epoch, edits, theirs: null, draft: null, publishing: null, waiting: [] });
    this.active = Math.min(this.active, parts.length - 1);
  }

  /** Decide what counts: what the person has, or what Python has set meanwhile. */
  settle(keepMine) {
    const { theirs, parts, waiting, epoch } = this;
    if (!theirs) return;
    this.#adopt(theirs);
    if (keepMine) {
      this.parts = parts;
      this.#send({ type: "restore", set: epoch + 1, forward: false });
      for (const { message, buffers } of waiting) this.#send(message, buffers);
    } else this.#forget();
    this.ports.changed();
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
    if (this.closed || !(notes.length || controls.length || Object.keys(facts).length)) return this.ports.changed();
    const { clip, active: part } = this;
    const { ppq } = clip;
    const old = Object.fromEntries(Object.keys(facts).map((name) => [name, clip[name]]));
    const made = { notes: edited(clip.notes, cleared(clip.notes, notes), ppq), controls: editedControls(clip.controls, controls, ppq) };
    this.#remember({ part, ppq, old, facts, pairs: made.notes.pairs, controls: made.controls.pairs });
    this.#apply(part, facts, made);
  }

  #remember(step) {
    this.past.push(step);
    this.future = [];
    const sets = this.past.filter(({ was }) => was);
    if (sets.length > MOST_SETS) this.past = this.past.slice(this.past.indexOf(sets[0]) + 1);
  }

  undo() { this.#step(this.past, this.future, true); }
  redo() { this.#step(this.future, this.past, false); }

  #step(from, to, back) {
    if (this.closed || !from.length) return;
    const step = from.pop();
    to.push(step);
    if (step.was) this.#put(step, back);
    else this.#again(step, back);
  }

  /** Undo or redo an edit. */
  #again({ part, ppq, old, facts, pairs, controls }, back) {
    this.active = part;
    const clip = this.parts[part];
    const cleared = { ...clip.notes, selected: new Uint8Array(clip.notes.count) };
    this.#apply(part, back ? old : facts, {
      notes: edited(cleared, changesOf(cleared, pairs, ppq, back), clip.ppq),
      controls: editedControls(clip.controls, controlChangesOf(clip.controls, controls, ppq, back), clip.ppq),
    });
  }

  /** Show what an edit made, and tell Python. */
  #apply(part, facts, { notes, controls }) {
    this.#set(part, { ...this.parts[part], ...facts, notes: notes.notes, controls: controls.controls });
    this.#send({ type: "edit", part, facts }, [notes.pairs, controls.pairs]);
  }

  /** Undo or redo what Python set. */
  #put({ set, was, is }, back) {
    this.parts = back ? was : is;
    this.turn += 1;
    this.active = Math.min(this.active, this.parts.length - 1);
    this.#send({ type: "restore", set, forward: !back });
  }

  #set(part, clip) {
    this.parts = this.parts.with(part, clip);
  }

  #send(message, buffers = []) {
    this.edits += 1;
    const { epoch, edits: n } = this;
    this.waiting.push({ n, message, buffers });
    this.ports.send({ ...message, epoch, n }, buffers);
    this.ports.changed();
    const quick = this.parts.reduce((sum, { notes }) => sum + notes.count, 0) <= QUICK;
    if (quick) this.#publish();
    else this.publishing ??= setTimeout(() => this.#publish(), PUBLISH_MS);
  }

  #publish() {
    clearTimeout(this.publishing);
    this.publishing = null;
    if (this.theirs) return;
    const { epoch } = this;
    this.packed = this.parts.map((clip) => ({ ...encodeClip(clip), epoch }));
    this.ports.publish({ clips: this.packed, edits: this.edits }, epoch);
  }

  /** Python has taken an edit; what it knows better about the clips comes along. */
  confirm({ epoch, n, facts }) {
    if (epoch !== this.epoch) return;
    this.waiting = this.waiting.filter((one) => one.n > n);
    if (!this.pending) this.parts = this.parts.map((clip, i) => ({ ...clip, ...facts[i] }));
    this.ports.changed();
  }

  /** Python could not take an edit: what it has comes by itself and counts, and what stood on the edit is void. */
  refuse() {
    this.waiting = [];
    this.#forget();
    if (this.theirs) this.#adopt(this.theirs);
    this.ports.changed();
  }

  close() {
    if (this.publishing) this.#publish();
  }
}
