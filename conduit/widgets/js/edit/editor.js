// What gestures and keys do to a roll's clip: the selection, the caret, and each edit as one step of the desk.
//
// The caret is where keys draw and paste, and stands at the cue, from which play starts: one place, of which the ruler
// shows the beat and the grid the row.

import { editedControls } from "../controls.js";
import { clamp } from "../geometry.js";
import { edited, firstFrom, marked, noteAt, rowOf, selectedIndexes } from "../model.js";
import { plural } from "../naming.js";
import { NEAR, OVERHANG, add, extent, lengthened, move, placed, raiseControl, remove, split, velocity } from "./ops.js";
import { bounds } from "./ruler.js";
import { read, readExact, write } from "./text.js";

/** Steps of the grid in beats that a key goes through: quarters to 32nds, then their triplets. */
export const STEPS = [1, 1 / 2, 1 / 4, 1 / 8, 2 / 3, 1 / 3, 1 / 6, 1 / 12];
const EXACT = "application/x-conduit-notes";
const FREE_STEP = 1 / 4;
const MOST_TOLD = 3;
const MOST_LETTERS = 24;
const NEVER = () => false;
const brief = (text) => (text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text);

export class Editor {
  /** @param ports `{ roll, desk, transport, say(text), play(), help() }` */
  constructor(ports) {
    Object.assign(this, ports);
    this.velocity = 96;
    this.caret = null;
    this.pointer = null;
  }

  get clip() { return this.desk.clip; }
  get notes() { return this.desk.clip.notes; }
  get step() { return this.roll.options.grid || FREE_STEP; }
  get selected() { return this.sees ? selectedIndexes(this.notes) : []; }

  /** Whether the notes in sight are those that are edited, not those of another take. */
  get sees() {
    const { notes } = this.roll.state.clip;
    return notes === this.notes || notes === this.desk.draft;
  }

  /** What an edit is about: the selection, else the note under the caret. */
  get chosen() {
    const { selected, caret, notes, sees } = this;
    const under = selected.length || !caret || !sees ? -1 : noteAt(notes, caret.beat + NEAR, caret.pitch);
    return under < 0 ? selected : [under];
  }

  /** The last grid line at or before a beat. */
  before(beat) {
    const lines = [beat, beat - this.step / 2].map((at) => this.roll.snap(at));
    return Math.max(0, ...lines.filter((line) => line <= beat + NEAR));
  }

  /** Whether notes may be changed; where not, it is told. */
  get open() {
    const { closed } = this.desk;
    if (closed) this.say(closed);
    return !closed;
  }

  /** The clip as an edit would leave it: `{ notes, controls, facts, fresh }`, of which `fresh` are alone selected. */
  preview({ notes, controls, facts, fresh }, clip = this.clip) {
    const next = { ...clip, ...facts };
    if (fresh) next.notes = marked(next.notes, NEVER);
    if (notes) next.notes = edited(next.notes, notes, clip.ppq).notes;
    if (controls) next.controls = editedControls(clip.controls, controls, clip.ppq).controls;
    return next;
  }

  edit({ fresh, ...changes }) {
    if (!this.open) return;
    if (fresh) this.mark(NEVER);
    this.desk.edit(changes);
  }

  /** Apply an operation of ops.js to what is chosen. */
  apply(operation, ...options) {
    const { chosen, sees } = this;
    if (chosen.length || (!sees && this.open)) this.edit({ notes: operation(this.clip, chosen, ...options) });
  }

  mark(isMarked) {
    if (this.sees || this.open) this.desk.mark(marked(this.notes, isMarked));
  }

  /** Select one note, or add it, and bring it into sight. */
  pick(i, { adding = false } = {}) {
    const { selected } = this.notes;
    const row = rowOf(this.notes, i);
    this.mark((k) => k === i || (adding && selected[k]));
    this.roll.reveal(row.start, row.pitch);
    this.sound(row);
  }

  sound({ pitch, velocity: loud = this.velocity }) {
    this.velocity = loud;
    this.transport.audition(pitch, loud, this.desk.active);
  }

  /** Select the next note in time, or the one before. */
  next(by, options) {
    const { selected, notes, sees } = this;
    if (!sees && !this.open) return;
    const from = this.caret?.beat ?? this.roll.view.from;
    const at = selected.length ? selected.at(by > 0 ? -1 : 0) + by : firstFrom(notes, from) - (by < 0);
    if (notes.count) this.pick(clamp(at, 0, notes.count - 1), options);
  }

  /** Put the caret, and with it the cue, in a place; what plays goes on. */
  setCaret(caret) {
    if (caret) this.transport.setCue(caret.beat, { jump: false });
    this.#showCaret(caret);
    if (caret) this.roll.reveal(caret.beat, caret.pitch);
  }

  /** Put the cue at a beat, and the caret with it where there is one; what plays goes there. */
  locate(beat) {
    const { transport, caret } = this;
    transport.setCue(beat);
    if (caret) this.#showCaret({ ...caret, beat: transport.cue });
  }

  #showCaret(caret) {
    this.caret = caret;
    this.roll.setCaret(caret);
  }

  /** Move the selection, or the caret where nothing is selected, by steps of the grid and by rows. */
  go(steps, rows) {
    const { lanes } = this.roll.view;
    if (!this.selected.length) return this.#goCaret(steps, rows, lanes);
    if (!this.open) return;
    this.apply(move, { beats: steps * this.step, rows, lanes });
    const [first] = this.selected;
    if (rows) this.sound(rowOf(this.notes, first));
  }

  #goCaret(steps, rows, { pitches, row }) {
    const { caret, clip, step, roll } = this;
    if (!caret) return this.setCaret({ beat: this.before(this.transport.cue), pitch: this.#middle() });
    const beat = clamp(roll.snap(caret.beat + steps * step), 0, Math.max(0, clip.length - step));
    const pitch = pitches[clamp((row[caret.pitch] ?? 0) + rows, 0, pitches.length - 1)];
    this.setCaret({ beat, pitch });
    if (rows) this.sound({ pitch });
  }

  #middle() {
    const { lanes, top, height, rowHeight } = this.roll.view;
    return lanes.pitches[clamp(Math.floor(top - height / rowHeight / 2), 0, lanes.pitches.length - 1)];
  }

  /** A note as it is drawn; null outside the clip. */
  drawn(beat, pitch, length = this.step) {
    const room = this.clip.length - beat;
    if (pitch < 0 || room < NEAR) return null;
    return { start: beat, duration: Math.min(length, room), pitch, velocity: this.velocity, muted: 0, chance: 100, selected: 1 };
  }

  /** Draw at the caret and go on behind it, or select the note that is there. */
  enter() {
    const { caret, notes, clip } = this;
    if (!caret) return this.go(0, 0);
    if (!this.sees && !this.open) return;
    const there = noteAt(notes, caret.beat + NEAR, caret.pitch);
    if (there >= 0) return this.pick(there);
    const row = this.drawn(caret.beat, caret.pitch);
    if (!row || !this.open) return;
    this.edit({ notes: add([{ ...row, selected: 0 }]) });
    this.sound(row);
    if (row.start + row.duration < clip.length - NEAR) this.setCaret({ ...caret, beat: row.start + row.duration });
  }

  home() {
    this.locate(0);
    this.roll.reveal(0, this.caret?.pitch ?? this.#middle());
  }

  /** Step back: from the selection to a caret, then to nothing. */
  escape() {
    const [first] = this.selected;
    if (first === undefined) return this.setCaret(null);
    const { start, pitch } = rowOf(this.notes, first);
    this.mark(NEVER);
    this.setCaret({ beat: start, pitch });
  }

  /** Repeat what is chosen behind itself. */
  duplicate() {
    const { chosen, clip, step } = this;
    const [from, to] = extent(clip, chosen);
    // A phrase comes again on the next bar, a figure on the next beat, anything shorter on the grid.
    const [bar, beat] = [(4 * clip.meter[0]) / clip.meter[1], 4 / clip.meter[1]];
    const unit = to - from > bar / 2 ? bar : to - from > beat / 2 ? beat : step;
    if (chosen.length || !this.sees) this.put(chosen.map((i) => rowOf(this.notes, i)), Math.max(1, Math.ceil((to - from - OVERHANG) / unit)) * unit);
  }

  /** Put rows at other times, with as many bars as they need; what does not fit is told, after what else there is to tell. */
  put(rows, by, remarks = []) {
    if (!this.open) return;
    const { facts, ...clip } = lengthened(this.clip, rows, by);
    const notes = placed(clip, rows, by);
    if (notes.length) {
      this.edit({ notes, facts, fresh: true });
      this.#revealRows(notes.map(({ to }) => to));
    }
    const left = rows.length - notes.length;
    const all = left ? [...remarks, `No room for ${plural(left, "note")} before the clip ends`] : remarks;
    if (all.length) this.say(all.join(". "));
  }

  /** Scroll until rows in order of time are in sight, at least from the first on. */
  #revealRows(rows) {
    for (const { start, duration, pitch } of [rows.at(-1), rows[0]]) {
      this.roll.reveal(start + duration, pitch);
      this.roll.reveal(start, pitch);
    }
  }

  /** Cut at the pointer, else at the cue. */
  split() {
    const { pointer, transport, clip } = this;
    for (const at of [pointer, { beat: transport.cue }]) {
      const under = at === pointer && !this.selected.length ? noteAt(clip.notes, at?.beat, at?.pitch) : -1;
      const chosen = under < 0 ? this.chosen : [under];
      const notes = at ? split(clip, chosen, () => [this.roll.snap(at.beat)]) : [];
      if (notes.length) return this.edit({ notes });
    }
  }

  /** Raise velocities; with a control in the lane, its values where notes are selected, else at the cue. */
  raise(by) {
    const { roll: { options: { lane } }, selected, notes, transport, clip, step } = this;
    if (lane === "velocity") return this.apply(velocity, (row) => row.velocity + by);
    const beats = selected.length ? selected.map((i) => notes.start[i]) : [transport.cue];
    this.edit({ controls: raiseControl(clip, lane, step, { beats, by }) });
  }

  /** Let the loop or the clip begin or end at the cue. */
  bound(handle) {
    this.edit({ facts: bounds(this.clip, handle, this.transport.cue, this.step) });
  }

  /** Whether there is something to copy or cut, or a place to paste. */
  usesClipboard(type) { return type === "paste" || this.chosen.length > 0; }

  copy(data) {
    const rows = this.chosen.map((i) => rowOf(this.notes, i));
    data.setData("text/plain", write(this.clip, rows));
    data.setData(EXACT, JSON.stringify(rows));
  }

  cut(data) {
    this.copy(data);
    this.apply(remove);
  }

  paste(data) {
    const exact = readExact(data.getData(EXACT));
    const { rows, unread } = exact ? { rows: exact, unread: [] } : read(data.getData("text/plain"), this.clip);
    const more = unread.length > MOST_TOLD ? " and more" : "";
    this.put(rows, this.transport.cue - (rows[0]?.start ?? 0), unread.length ? [`Not read: ${unread.slice(0, MOST_TOLD).map(brief).join(", ")}${more}`] : []);
  }

  /** Make the last ones louder and the first ones softer, or the other way. */
  tilt(by) {
    const { chosen, notes } = this;
    const [from, to] = [chosen[0], chosen.at(-1)].map((i) => notes.start[i]);
    this.apply(velocity, ({ start, velocity: loud }) => loud + (by * (2 * start - from - to)) / (to - from || 1));
  }
}
