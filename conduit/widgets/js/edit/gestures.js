// Mouse, pen and touch on the roll: a press begins a drag that shows a draft, and its end is one edit.
//
// What keys held in a drag mean stands in words.js. Nothing is edited while the desk is closed, and
// nothing is taken hold of in another take, which the desk does not hold.

import { clamp } from "../geometry.js";
import { marked, rowOf, span } from "../model.js";
import { draftOf } from "./draft.js";
import { Editor } from "./editor.js";
import { grabLane } from "./lane.js";
import { NEAR, add, move, remove, resize } from "./ops.js";
import { trackPointers } from "./pointers.js";
import { grabRuler } from "./ruler.js";
import { isCopy, isFree } from "../words.js";

const CURSORS = { start: "ew-resize", end: "ew-resize", body: "move" };
const SCROLL_PX = 24;

const adds = (event) => event.shiftKey || event.ctrlKey || event.metaKey;
const byNumber = (a, b) => a - b;

export class Gestures {
  /** @param ports `{ roll, desk, transport, say(text), play(), help() }` */
  constructor(ports) {
    this.editor = new Editor(ports);
    this.editor.dragging = this;
    const { roll } = ports;
    this.closing = new AbortController();
    const { signal } = this.closing;
    const shared = {
      pinch: (before, after) => this.#pinch(before, after),
      focus: () => roll.grid.focus({ preventScroll: true }),
      signal,
    };
    const places = [
      [roll.grid, (event, double) => this.#grid(event, double)],
      [roll.keys, (event) => this.#keys(event)],
      [roll.velocity, (event) => grabLane(this.editor, event)],
      [roll.ruler, (event) => grabRuler(this.editor, event)],
    ];
    this.tracks = places.map(([target, make]) => {
      const begin = (event, double) => (event.button === 1 ? this.#pan(event) : make(event, double));
      return trackPointers(target, { ...shared, begin });
    });
    roll.grid.addEventListener("pointermove", (event) => { if (!event.buttons) this.#hover(roll.at(event)); }, { signal });
    roll.grid.addEventListener("pointerleave", () => { this.editor.pointer = null; }, { signal });
  }

  /** Give up the drag that goes on; whether there was one. */
  cancel() { return this.tracks.filter((cancel) => cancel()).length > 0; }

  #hover(hit) {
    const { roll, desk } = this.editor;
    this.editor.pointer = hit;
    const draws = roll.options.tool === "draw" ? "crosshair" : "";
    roll.setCursor(desk.closed ? "" : CURSORS[hit.edge] ?? draws);
  }

  #pan(event) {
    const { roll } = this.editor;
    let last = event;
    const move = (to) => {
      roll.pan(last.clientX - to.clientX, last.clientY - to.clientY);
      last = to;
    };
    return { move };
  }

  #pinch([a, b], [c, d]) {
    const { roll } = this.editor;
    const wide = (p, q) => Math.hypot(p.clientX - q.clientX, p.clientY - q.clientY);
    const middle = (p, q) => [(p.clientX + q.clientX) / 2, (p.clientY + q.clientY) / 2];
    const [[x, y], [toX, toY]] = [middle(a, b), middle(c, d)];
    roll.zoom(wide(c, d) / Math.max(1, wide(a, b)), toX - roll.grid.getBoundingClientRect().left);
    roll.pan(x - toX, y - toY);
  }

  #keys(event) {
    const { pitch } = this.editor.roll.at(event);
    if (pitch >= 0) this.editor.sound({ pitch });
    return this.#pan(event);
  }

  /** Where a drag is; at the edges of the grid it scrolls. */
  #at(event) {
    const { roll } = this.editor;
    const { x, y } = roll.at(event);
    const beyond = (at, size) => clamp(at < 0 ? at : Math.max(0, at - size), -SCROLL_PX, SCROLL_PX);
    const [dx, dy] = [beyond(x, roll.view.width), beyond(y, roll.view.height)];
    if (dx || dy) roll.pan(dx, dy);
    return roll.at(event);
  }

  #grid(event, double) {
    const { editor } = this;
    const hit = editor.roll.at(event);
    const draws = double || editor.roll.options.tool === "draw";
    if (!editor.sees) {
      if (hit.index >= 0 || draws) editor.say(editor.desk.closed);
      return this.#pan(event);
    }
    if (hit.index >= 0) return this.#note(event, hit, double);
    if (draws && editor.open) return this.#draw(event, hit);
    const marquee = this.#marquee(event, hit);
    return event.pointerType === "touch" ? { ...marquee, ...this.#pan(event), hold: () => marquee } : marquee;
  }

  #note(event, hit, double) {
    const { editor } = this;
    const { index } = hit;
    const adding = adds(event);
    const { selected } = editor.notes;
    if (!selected[index]) editor.mark((i) => i === index || (adding && selected[i]));
    const row = rowOf(editor.notes, index);
    editor.sound(row);
    const tap = () => {
      if (double && !adding) editor.apply(remove);
      else editor.mark((i) => (adding ? Boolean(selected[i]) !== (i === index) : i === index));
    };
    return draftOf(editor, hit.edge === "body" ? this.#mover(hit, row) : this.#resizer(hit, row), { tap });
  }

  /** How far a beat goes: to the nearest line of the grid, or not at all where that is nearer. */
  #by(event, from, beats) {
    if (isFree(event)) return beats;
    const snapped = this.editor.roll.snap(from + beats) - from;
    return Math.abs(snapped - beats) < Math.abs(beats) ? snapped : 0;
  }

  #mover(hit, row) {
    const { editor } = this;
    const { clip, selected } = editor;
    const { lanes } = editor.roll.view;
    const place = selected.indexOf(hit.index);
    let heard = row.pitch;
    return (event) => {
      const at = this.#at(event);
      const rows = lanes.row[at.pitch] - lanes.row[hit.pitch];
      const beats = this.#by(event, row.start, at.beat - hit.beat);
      const fresh = isCopy(event);
      const notes = move(clip, selected, { beats, rows, lanes, copy: fresh });
      const pitch = notes[place]?.to.pitch ?? row.pitch;
      if (pitch !== heard) editor.sound({ ...row, pitch });
      heard = pitch;
      return { notes, fresh };
    };
  }

  #resizer({ edge, beat }, row) {
    const { clip, selected } = this.editor;
    const from = edge === "end" ? row.start + row.duration : row.start;
    return (event) => ({ notes: resize(clip, selected, { edge, beats: this.#by(event, from, this.#at(event).beat - beat) }) });
  }

  #draw(event, { beat, pitch }) {
    const { editor } = this;
    const start = editor.before(beat);
    const make = (event) => {
      const end = this.#at(event).beat;
      const length = isFree(event) ? end - start : editor.before(end) + editor.step - start;
      const row = editor.drawn(start, pitch, Math.max(editor.step, length));
      return { notes: row ? add([row]) : [], fresh: true };
    };
    editor.sound({ pitch });
    return draftOf(editor, make, { now: event });
  }

  #marquee(event, from) {
    const { editor } = this;
    const { desk, notes, roll } = editor;
    const adding = adds(event);
    const { top } = roll.view;
    let next = notes;
    const finish = (found) => {
      roll.setMarquee(null);
      desk.draft = null;
      desk.mark(found);
    };
    const move = (event) => {
      const to = this.#at(event);
      const { view } = roll;
      const xs = [(from.beat - view.from) * view.perBeat, to.x].sort(byNumber);
      const ys = [from.y + (view.top - top) * view.rowHeight, to.y].sort(byNumber);
      roll.setMarquee({ x: xs[0], y: ys[0], width: xs[1] - xs[0], height: ys[1] - ys[0] });
      const rows = [from, to].map(({ pitch }) => view.lanes.row[pitch]).sort(byNumber);
      next = inside(notes, [from.beat, to.beat].sort(byNumber), rows, { row: view.lanes.row, adding });
      desk.setDraft(next);
    };
    const end = (_, moved) => {
      if (!moved) next = adding ? notes : marked(notes, () => false);
      finish(next);
      if (!moved) editor.setCaret({ beat: editor.before(Math.min(from.beat, editor.clip.length - NEAR)), pitch: from.pitch });
    };
    return { move, end, cancel: () => finish(notes) };
  }

  close() {
    this.cancel();
    this.closing.abort();
  }
}

/** The notes with those selected that lie between two beats and two rows. */
function inside(notes, [from, to], [low, high], { row, adding }) {
  const { start, duration, pitch, selected } = notes;
  const [first, last] = span(notes, from, to);
  const hit = (i) => i >= first && i < last && row[pitch[i]] >= low && row[pitch[i]] <= high && start[i] + duration[i] > from;
  return marked(notes, (i) => (adding && selected[i]) || hit(i));
}
