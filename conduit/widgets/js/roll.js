// The roll: ruler, keys | grid, velocities and overview on canvases, with zoom, pan, hover and playhead.
// It shows what it is given and reports what is pointed at; it changes no note.

import { begin, drawGrid, drawKeys, drawNotes, drawRuler, drawVelocities } from "./draw.js";
import { button, element, setText } from "./element.js";
import {
  beatAt, beatsShown, clampView, fitLength, fitRows, follow, layout, pan, pitchAt, xOf, zoomRows, zoomTime,
} from "./geometry.js";
import { describeNote } from "./hover.js";
import { noteAt, sounding } from "./model.js";
import { usesFlats } from "./naming.js";
import { Overview } from "./overview.js";
import { onWheel, track } from "./pointer.js";

const RULER_PX = 24;
const VELOCITY_PX = 44;
const KEYS_PX = { melody: 40, drums: 68 };
const ZOOM_STEP = 1.4;

export class Roll {
  /** @param {{ cue: (beat: number) => void }} ports what the roll asks of its owner */
  constructor({ cue }) {
    this.cued = cue;
    this.fitted = true;
    this.folded = false;
    this.lit = [];
    this.state = null;
    this.theme = null;
    this.view = null;
    this.#build();
    this.#listen();
  }

  #build() {
    const canvas = (name, more = {}) => element("canvas", { class: name, ...more });
    this.ruler = canvas("cd-ruler", { "aria-hidden": "true" });
    this.keys = canvas("cd-keys", { "aria-hidden": "true" });
    this.grid = canvas("conduit-grid", { tabindex: "0", role: "img" });
    this.velocity = canvas("cd-velocity", { "aria-hidden": "true" });
    this.hint = element("div", { class: "cd-hint" });
    this.tip = element("div", { class: "cd-tip", role: "tooltip", hidden: true });
    this.playhead = element("div", { class: "cd-playhead", hidden: true });
    this.writer = element("div", { class: "cd-writer", hidden: true });
    this.well = element("div", { class: "cd-well" }, this.grid, this.hint);
    const press = () => this.#fold(!this.folded);
    this.fold = button({ action: "fold", label: "Show or hide velocities", symbol: "fold", "aria-expanded": "true", press });
    this.side = element("div", { class: "cd-side" }, this.fold, element("span", { text: "Vel" }));
    this.overview = new Overview((from) => this.#move({ ...this.view, from }));
    this.lines = element("div", { class: "cd-lines" }, this.writer, this.playhead);
    this.root = element(
      "div", { class: "cd-roll" },
      element("div", { class: "cd-corner" }), this.ruler, this.keys, this.well, this.side, this.velocity,
      this.overview.gap, this.overview.canvas, this.lines, this.tip,
    );
  }

  #listen() {
    onWheel(this.root, {
      zoomTime: (factor, event) => this.zoom(factor, this.#x(event)),
      zoomRows: (step, event) => this.#move(zoomRows(this.view, step, this.#y(event), this.state.length)),
      pan: (dx) => this.#pan(dx, 0),
    });
    let last;
    const grab = (event) => { last = event; this.#hover(null); };
    const drag = (event) => { this.#pan(last.clientX - event.clientX, last.clientY - event.clientY); last = event; };
    track(this.grid, { start: grab, move: drag });
    track(this.keys, { start: grab, move: drag });
    const cue = (event) => this.cued(Math.min(Math.max(0, beatAt(this.view, this.#x(event))), this.state.length));
    track(this.ruler, { start: cue, move: cue });
    this.grid.addEventListener("pointermove", (event) => { if (!event.buttons) this.#hover(event); });
    this.grid.addEventListener("pointerleave", () => this.#hover(null));
  }

  #x(event) { return event.clientX - this.grid.getBoundingClientRect().left; }
  #y(event) { return event.clientY - this.grid.getBoundingClientRect().top; }

  /** Give the width in CSS pixels, 0 while it is not on screen. */
  resize(width) {
    if (!width || width === this.width) return;
    this.width = width;
    if (this.state) this.#layout();
  }

  setTheme(theme) {
    this.theme = theme;
    this.draw();
  }

  /**
   * Show a clip: `{ notes, length, meter, drums, names, key, streaming, hint, loop, cue }`.
   * The view is kept unless the clip's length or rows changed while everything was in sight.
   */
  show(state) {
    const before = this.state;
    this.state = state;
    this.hint.hidden = !state.hint;
    setText(this.hint, state.hint ?? "");
    if (before && before.length !== state.length && !this.fitted) this.view = clampView(this.view, state.length);
    this.#layout();
  }

  #layout() {
    const { notes, drums } = this.state;
    if (!this.width) return;
    const rows = layout(notes, drums, this.rows);
    const rowsChanged = !this.rows || rowsKey(rows) !== rowsKey(this.rows);
    this.rows = rows;
    this.keysWidth = drums ? KEYS_PX.drums : KEYS_PX.melody;
    this.root.style.setProperty("--cd-keys", `${this.keysWidth}px`);
    const width = Math.max(40, this.width - this.keysWidth);
    this.well.style.height = `${rows.height}px`;
    let view = { from: 0, perBeat: 1, ...this.view, width, height: rows.height };
    if (rowsChanged || !this.view) view = fitRows(view, rows);
    if (this.fitted || !this.view) view = fitLength(view, this.state.length);
    this.view = clampView(view, this.state.length);
    this.draw();
  }

  /** Whether the clip is longer than what is in sight. */
  get partial() {
    return Boolean(this.view) && beatsShown(this.view) < this.state.length - 1e-3;
  }

  zoom(factor, x = this.view.width / 2) {
    this.fitted = false;
    this.#move(zoomTime(this.view, factor, x, this.state.length));
  }

  zoomIn() { this.zoom(ZOOM_STEP); }
  zoomOut() { this.zoom(1 / ZOOM_STEP); }

  /** Show the whole clip again, in the rows that it needs. */
  fit() {
    if (!this.view) return;
    this.fitted = true;
    this.rows = null;
    this.#layout();
    this.#move(fitRows(fitLength(this.view, this.state.length, { whole: true }), this.rows));
  }

  #pan(dx, dy) {
    if (dx && this.partial) this.fitted = false;
    this.#move(pan(this.view, dx, dy, this.state.length));
  }

  /** Move by a part of what is in sight, for the arrow keys. */
  nudge(columns, rows) {
    this.#pan(columns * this.view.width * 0.25, rows * this.view.rowHeight);
  }

  #move(view) {
    if (!view) return;
    this.view = view;
    this.draw();
  }

  #fold(folded) {
    this.folded = folded;
    this.root.toggleAttribute("data-folded", folded);
    this.fold.setAttribute("aria-expanded", String(!folded));
    this.draw();
  }

  /** Redraw with the next frame, however often it is asked for. */
  draw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.#draw();
    });
  }

  #draw() {
    const { view, theme, state } = this;
    if (!view || !theme || !state) return;
    const grid = begin(this.grid, view.width, view.height);
    drawGrid(grid, view, state, theme);
    drawNotes(grid, view, state.notes, theme, { length: state.length });
    drawRuler(begin(this.ruler, view.width, RULER_PX), view, { ...state, height: RULER_PX }, theme);
    this.#drawKeys();
    if (!this.folded) {
      const at = { ...state, height: VELOCITY_PX };
      drawVelocities(begin(this.velocity, view.width, VELOCITY_PX), view, state.notes, at, theme);
    }
    this.overview.draw(this.partial, view, state, theme);
    this.#placeWriter();
    this.#placePlayhead();
  }

  #drawKeys() {
    const { drums, names, key } = this.state;
    const context = begin(this.keys, this.keysWidth, this.view.height);
    const options = { drums, names, flats: usesFlats(key), width: this.keysWidth };
    drawKeys(context, this.view, options, this.theme, this.lit);
  }

  /** Place the playhead at a beat, or hide it with null; scrolls along when the clip is longer than the view. */
  setPlayhead(beat) {
    this.beat = beat;
    if (beat !== null && this.partial) {
      const view = follow(this.view, beat, this.state.length);
      if (view !== this.view) this.#move(view);
    }
    const lit = beat === null ? [] : sounding(this.state.notes, beat);
    if (String(lit) !== String(this.lit)) {
      this.lit = lit;
      if (this.view && this.theme) this.#drawKeys();
    }
    this.#placePlayhead();
  }

  #placePlayhead() {
    place(this.playhead, this.beat ?? null, this.view);
  }

  #placeWriter() {
    const { streaming, notes } = this.state;
    place(this.writer, streaming ? Math.min(notes.end, this.state.length) : null, this.view);
  }

  #hover(event) {
    const { state, view } = this;
    const found = event && view && this.#noteUnder(event);
    this.tip.hidden = !(found >= 0 && event);
    if (this.tip.hidden) return;
    setText(this.tip, describeNote(state, found));
    const box = this.root.getBoundingClientRect();
    const x = Math.min(event.clientX - box.left + 12, box.width - this.tip.offsetWidth - 4);
    const y = event.clientY - box.top - this.tip.offsetHeight - 10;
    this.tip.style.transform = `translate(${Math.max(0, x)}px, ${y < 0 ? y + this.tip.offsetHeight + 28 : y}px)`;
  }

  #noteUnder(event) {
    const beat = beatAt(this.view, this.#x(event));
    return noteAt(this.state.notes, beat, pitchAt(this.view, this.#y(event)), 2 / this.view.perBeat);
  }

  close() {
    cancelAnimationFrame(this.frame);
  }
}

const rowsKey = ({ lanes, range, rowHeight }) => `${lanes.pitches.length}:${range}:${rowHeight}`;

function place(line, beat, view) {
  const x = beat === null || !view ? -1 : xOf(view, beat);
  line.hidden = x < 0 || x > view.width;
  if (!line.hidden) line.style.transform = `translateX(${x}px)`;
}
