// The roll: tracks, ruler, keys | grid, lane and overview on canvases, with zoom, scroll, hover and playhead.
// It shows what it is given and says what lies under a pointer; it changes no note.

import { drawKeyboard, drawScene } from "./draw/scene.js";
import { setText } from "./element.js";
import {
  beatsShown, clampView, fitLength, fitRows, follow, layout, nearestLine, pan, reveal, xOf, yOf, zoomRows, zoomTime,
} from "./geometry.js";
import { at, laneAt, rulerAt } from "./hit.js";
import { describeNote, describeSelection } from "./hover.js";
import { selectedIndexes, sounding } from "./model.js";
import { metres } from "./naming.js";
import { panesOf } from "./panes.js";
import { box, place } from "./placing.js";
import { onWheel } from "./pointer.js";
import { RAIL_PX } from "./rail.js";
import { isAnother, notesInSight, rowsKey } from "./sight.js";

const KEYS_PX = { melody: 44, drums: 68, stacked: 48, touch: 80 };
const ZOOM_STEP = 1.4;
const CARET_PX = 8;
const REST_MS = 150;
const COARSE = "(pointer: coarse)";
/** Changes of these ask for other rows or another place on the page. */
const SHAPING = new Set(["fold", "stacked"]);

export class Roll {
  /** @param ports `{ options(options), choose(part), mute(part), solo(part), moved(view) }`: what the roll asks of its owner, and where a person looks */
  constructor(ports) {
    this.ports = ports;
    this.options = { grid: 0.25, fold: "none", highlight: false, lane: "velocity", folded: false, stacked: false, tool: "select" };
    Object.assign(this, { fitted: true, following: true, lit: [], state: null, theme: null, view: null, caret: null });
    Object.assign(this, panesOf(this, {
      look: (from) => { this.#leaves(); this.#move({ ...this.view, from }); },
      scroll: (dy) => this.pan(0, dy),
    }));
    this.#listen();
  }

  #listen() {
    onWheel(this.root, {
      zoomTime: (factor, event) => this.zoom(factor, this.at(event).x),
      zoomRows: (step, event) => this.#move(zoomRows(this.view, step, this.at(event).y, this.#length)),
      pan: (dx, dy) => this.pan(dx, dy),
    });
    this.grid.addEventListener("pointermove", (event) => this.#hover(event));
    this.grid.addEventListener("pointerleave", () => this.#hover(null));
  }

  get #length() { return this.state.clip.length; }

  /** Where the loop lies: all of the clip unless it has one. */
  get range() { return this.state.clip.loop ?? [0, this.#length]; }

  at(event) { return at(this, event); }
  laneAt(event) { return laneAt(this, event); }
  rulerAt(event) { return rulerAt(this, event); }

  /** The nearest grid line, not before 0; with the grid off the nearest tick. */
  snap(beat) {
    const { grid } = this.options;
    const { ppq = 960 } = this.state.clip;
    return Math.max(0, Math.round((grid ? nearestLine(beat, this.metre, grid) : beat) * ppq) / ppq);
  }

  /** Change some options of the view. */
  set(changes) {
    Object.assign(this.options, changes);
    const { folded, stacked } = this.options;
    this.root.toggleAttribute("data-folded", folded);
    this.root.toggleAttribute("data-stacked", stacked);
    this.fold.setAttribute("aria-expanded", String(!folded));
    if (Object.keys(changes).some((name) => SHAPING.has(name)) && this.state) {
      this.rows = null;
      this.#layout();
    } else this.draw();
    this.ports.options?.(this.options);
  }

  /** Show the rectangle of a marquee, in pixels of the grid: `{ x, y, width, height }`; null for none. */
  setMarquee(rect) {
    this.marquee.hidden = !rect;
    if (rect) box(this.marquee, rect);
  }

  /** Show where the keys stand: `{ beat, pitch }`; null for nowhere. */
  setCaret(caret) {
    this.caret = caret;
    this.#placeCaret();
    this.#say();
  }

  setCursor(css) { this.grid.style.cursor = css; }

  /** Scroll just so far that a beat and a pitch are in sight. */
  reveal(beat, pitch) {
    if (!this.view) return;
    const view = reveal(this.view, beat, pitch, this.#length);
    if (view !== this.view) this.#move(view);
  }

  /** Scroll just so far that what is selected is in sight, unless the person is at it. */
  keepInSight() {
    const { clip, drafting } = this.state;
    const rows = selectedIndexes(clip.notes).map((i) => clip.notes.pitch[i]);
    if (drafting || !rows.length || !this.view) return;
    const { from } = this.view;
    for (const pitch of [Math.min(...rows), Math.max(...rows)]) this.reveal(from, pitch);
  }

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
   * Show `{ clip, parts, active, ghosts, compared, streaming, hint, loop, cue, epoch, muted, solo }` (the last two a flag for
   * each part); all but the clip may be left out. What is in sight is kept, unless it is another clip or one that is being written needs other rows.
   */
  show(state) {
    const before = this.state;
    this.state = state;
    this.metre = metres(state.clip.meter, state.clip.changes);
    this.hint.hidden = !state.hint;
    setText(this.hint, state.hint ?? "");
    this.tracks.show(state);
    const { length } = state.clip;
    if (before && before.clip.length !== length && !this.fitted && this.view) this.view = clampView(this.view, length);
    this.#layout(before);
    this.#say();
  }

  #layout(before = null) {
    const { clip } = this.state;
    if (!this.width) return;
    const { drums, scale } = clip;
    const rows = layout(notesInSight(this.state), drums, this.rows, { fold: this.options.fold, scale });
    const another = isAnother(before, this.state);
    const lanesChanged = this.rows?.lanes.pitches.length !== rows.lanes.pitches.length || this.rows.drums !== drums;
    const refit = !this.view || lanesChanged || (another && rowsKey(rows) !== rowsKey(this.rows));
    this.rows = rows;
    this.keysWidth = this.#keysWidth(drums);
    this.root.style.setProperty("--cd-keys", `${this.keysWidth}px`);
    const width = Math.max(40, this.width - this.keysWidth - RAIL_PX);
    const resized = width !== this.view?.width;
    const height = refit ? rows.height : this.view.height;
    this.well.style.height = `${height}px`;
    let view = { from: 0, perBeat: 1, ...this.view, width, height };
    if (refit) view = fitRows(view, rows);
    if (!this.view || (this.fitted && (another || resized))) view = fitLength(view, clip.length);
    this.view = clampView(view, clip.length);
    this.draw();
  }

  #keysWidth(drums) {
    const stacked = this.options.stacked && this.state.parts?.length > 1;
    return Math.max(drums ? KEYS_PX.drums : KEYS_PX.melody, stacked ? KEYS_PX[matchMedia(COARSE).matches ? "touch" : "stacked"] : 0);
  }

  /** Whether the clip is longer than what is in sight. */
  get partial() {
    return Boolean(this.view) && beatsShown(this.view) < this.#length - 1e-3;
  }

  zoom(factor, x = this.view.width / 2) {
    this.#leaves();
    this.fitted = false;
    this.#move(zoomTime(this.view, factor, x, this.#length));
  }

  zoomIn() { this.zoom(ZOOM_STEP); }
  zoomOut() { this.zoom(1 / ZOOM_STEP); }
  /** Show the whole clip again, in the rows that it needs. */
  fit() {
    if (!this.view) return;
    this.fitted = true;
    this.rows = null;
    this.#layout();
    this.#move(fitRows(fitLength(this.view, this.#length, { whole: true }), this.rows));
  }

  /** Scroll by pixels. */
  pan(dx, dy) {
    if (dx) this.#leaves();
    if (dx && this.partial) this.fitted = false;
    this.#move(pan(this.view, dx, dy, this.#length));
  }

  /** Who looks elsewhere while it plays is not taken back. */
  #leaves() { this.following = this.beat == null; }

  #move(view) {
    if (!view) return;
    this.view = view;
    this.ports.moved?.(view);
    this.draw();
  }

  /** Draw at once what would be drawn with the next frame. */
  flush() {
    if (this.frame == null) return;
    cancelAnimationFrame(this.frame);
    this.frame = null;
    this.#draw();
  }

  /** Redraw with the next frame, however often it is asked for. */
  draw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.#draw();
    });
  }

  #draw() {
    const { view, theme, state, options } = this;
    if (!view || !theme || !state) return;
    const { clip } = state;
    drawScene(this);
    drawKeyboard(this);
    this.lane.show(options.lane);
    this.tracks.draw(view, options.stacked, theme);
    this.rail.draw(view);
    this.overview.draw(this.partial, view, clip, theme);
    place(this.writer, state.streaming ? Math.min(clip.notes.end, clip.length) : null, view);
    place(this.playhead, this.beat ?? null, view);
    this.#placeCaret();
  }

  /** Place the playhead at a beat, or hide it with null; scrolls along when the clip is longer than the view. */
  setPlayhead(beat) {
    this.beat = beat;
    if (beat === null) this.following = true;
    if (beat !== null && this.partial && this.following && !this.state.drafting) {
      const view = follow(this.view, beat, this.#length);
      if (view !== this.view) this.#move(view);
    }
    const lit = beat === null ? [] : sounding(this.state.clip.notes, beat);
    if (String(lit) !== String(this.lit)) {
      this.lit = lit;
      if (this.view && this.theme) drawKeyboard(this);
    }
    place(this.playhead, beat, this.view);
  }

  #placeCaret() {
    const { caret, view } = this;
    const [x, y] = caret && view ? [xOf(view, caret.beat), yOf(view, caret.pitch)] : [-1, -1];
    this.cursor.hidden = x < 0 || x > view.width || y < 0 || y > view.height - 1;
    if (this.cursor.hidden) return;
    box(this.cursor, { x, y, width: Math.max(CARET_PX, (this.options.grid || 0.25) * view.perBeat), height: view.rowHeight });
  }

  /** What is selected, or where the caret is, in words. */
  describe() { return this.state ? describeSelection(this.state.clip, this.caret) : ""; }

  /** Tell it once it has come to rest: a drag is not told step by step. */
  #say() {
    clearTimeout(this.saying);
    this.saying = setTimeout(() => setText(this.live, this.describe()), REST_MS);
  }

  #hover(event) {
    const { index } = event && this.view ? this.at(event) : { index: -1 };
    const dragged = event?.buttons && !this.state.clip.notes.selected[index];
    const box = this.root.getBoundingClientRect();
    if (index < 0 || dragged) this.tip.hide();
    else this.tip.show(describeNote(this.state.clip, index), event.clientX - box.left, event.clientY - box.top, box.width);
  }

  close() {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.saying);
  }
}
