// The bar above the roll: transport, where we are, what the clip is, tools, and the rest in menus.

import { button, element, icon, setText } from "./element.js";
import { help, menu } from "./menu.js";
import { barsText, metres, position } from "./naming.js";
import { roving } from "./roving.js";
import { TempoField } from "./tempo.js";
import { MOD } from "./words.js";

const SOUNDS = [["synth", "Synth", "The built-in synthesizer"], ["gm", "GM", "General MIDI sounds"]];
const TAKES = [["a", "Now", "This version"], ["b", "Other", "The other version"], ["both", "Both", "What differs"]];
/** Steps of the grid in beats. */
const GRIDS = [
  [1, "1/4"], [1 / 2, "1/8"], [1 / 4, "1/16"], [1 / 8, "1/32"], [2 / 3, "1/4T"], [1 / 3, "1/8T"], [1 / 6, "1/16T"], [1 / 12, "1/32T"], [0, "Off"],
];
const FOLDS = [["none", "All rows"], ["used", "Rows in use"], ["scale", "Rows of the scale"]];
const STRENGTHS = [[1, "100 %"], [0.75, "75 %"], [0.5, "50 %"]];
/** Where every second line of the grid lies between its neighbours. */
const SWINGS = [[0.5, "Straight"], [0.54, "54 %"], [0.58, "58 %"], [0.62, "62 %"], [2 / 3, "67 %, triplets"]];
const FILES = [["mid", "MIDI file"], ["wav", "WAV"], ["svg", "SVG picture"], ["png", "PNG picture"], ["html", "HTML page"]];

const heading = (text) => ({ heading: text });
const same = (a, b) => a === b || Math.abs(a - b) < 1e-6;
/** Menu items of a table `[value, text]`; with `chosen` they are a choice. */
const choices = (action, table, ask, chosen) => table.map(([value, text]) =>
  ({ text, action: `${action}-${typeof value === "string" ? value : text}`, checked: chosen === undefined ? undefined : same(value, chosen), press: () => ask(value) }));

export class Bar {
  /**
   * @param asks what the controls ask for: `{ play, loop, stop, undo, redo, tool(name), grid(beats), fold(kind),
   *   highlight(on), stacked(on), quantise(strength 0-1), swing(0.5-0.75), metronome, tempo(bpm, stays), sound(name),
   *   take("a" | "b" | "both"), keep, double, halve, export(kind), zoomIn, zoomOut, fit }`, `keys`, the editor's sheet of shortcuts, and `edits`, menu items for some of them
   */
  constructor(asks) {
    this.asks = asks;
    const made = (action, label, press, more) => (this[action] = button({ action, label, symbol: action.replace("edit-", ""), press, ...more }));
    const toggle = (action, label, press) => made(action, label, press, { kind: "toggle", "aria-pressed": "false" });
    const opens = (action, label, items, more = { symbol: action }) => (this[action] = menu({ action, label, items, ...more }));
    const words = (name) => (this[name] = element("span", { class: `cd-fact cd-${name}` }));
    this.tempo = new TempoField(asks.tempo);
    this.position = element("span", { class: "cd-position", "aria-label": "Position", text: "1.1.1" });
    this.name = element("span", { class: "cd-name" });
    this.takes = segments("take", "Takes", TAKES, asks.take);
    this.sounds = segments("sound", "Sound", SOUNDS, asks.sound);
    const group = (...nodes) => element("span", { class: "cd-group" }, ...nodes);
    this.root = element(
      "div", { class: "cd-bar", role: "toolbar", "aria-label": "Clip" },
      made("play", "Play (Space)", asks.play, { kind: "transport" }), toggle("loop", "Loop (L)", asks.loop), this.position,
      element("span", { class: "cd-about" }, this.tempo.root, element("span", { class: "cd-swatch" }), this.name, words("bars"), words("facts")),
      element("span", { class: "cd-space" }), made("stop", "Stop the model", asks.stop, { text: "Stop", hidden: true }), this.takes,
      group(made("edit-undo", `Undo (${MOD}+Z)`, asks.undo), made("edit-redo", `Redo (${MOD}+Shift+Z)`, asks.redo)),
      group(
        toggle("draw", "Draw (B)", () => asks.tool(this.options.tool === "draw" ? "select" : "draw")),
        opens("grid", "Grid (G)", () => choices("grid", GRIDS, asks.grid, this.options.grid), { text: "1/16" }).root,
        opens("quantise", `Quantise (${MOD}+U)`, () => this.#timings()).root,
        opens("rows", "Rows (F)", () => this.#rows()).root,
        toggle("metronome", "Metronome", asks.metronome),
      ),
      this.sounds, opens("more", "More", () => this.#more()).root,
    );
    roving(this.root);
  }

  #timings() {
    const { quantise, swing } = this.asks;
    return [heading("Quantise"), ...choices("quantise", STRENGTHS, quantise), heading("Swing"), ...choices("swing", SWINGS, swing, this.heard.swing ?? 0.5)];
  }

  #rows() {
    const { options, asks, scale, several } = this;
    const flip = (action, text, note) => ({ text, note, action, several: true, checked: Boolean(options[action]), press: () => asks[action](!options[action]) });
    return [
      ...choices("fold", FOLDS.filter(([kind]) => kind !== "scale" || scale), asks.fold, options.fold),
      scale && flip("highlight", "Highlight the scale", "S"),
      several && flip("stacked", "Stack the tracks"),
    ];
  }

  #more() {
    const { asks, heard } = this;
    const narrow = this.root.closest("[data-narrow]");
    const act = (action, text, note, press) => ({ action, text, note, press });
    return [
      ...(narrow ? [heading("Sound"), ...choices("use", SOUNDS, asks.sound, heard.sound), { text: "Metronome", several: true, checked: Boolean(heard.metronome), press: asks.metronome }] : []),
      ...(narrow ? [heading("Rows"), ...this.#rows()] : []),
      heading("Edit"), ...asks.edits,
      heading("Clip"), act("double", "Twice as long, with its notes again", "", asks.double), act("half", "Half as long", "", asks.halve),
      this.take && act("keep", `Put ${this.take.label || "the other"} here`, "", asks.keep),
      heading("View"), act("zoom-in", "Zoom in", "+", asks.zoomIn), act("zoom-out", "Zoom out", "−", asks.zoomOut), act("fit", "Show all", "0", asks.fit),
      heading("Save as"), ...choices("export", FILES, asks.export),
      heading("Help"), act("help", "Shortcuts", "?", () => this.showHelp()),
    ];
  }

  showHelp() {
    if (!this.shortcuts) this.root.append(this.shortcuts = help(this.more.button, this.asks.keys ?? []));
    this.shortcuts.showPopover();
  }

  /**
   * @param now `{ clip, options, streaming, empty, canUndo, canRedo, take, gone, several, transport, beat }`: `options` of
   *   the roll, `take` `{ take, label }` in a comparison, `several` whether there are more clips
   */
  show({ clip, options, streaming, empty, canUndo, canRedo, take, gone, several, transport, beat }) {
    this.metre = metres(clip.meter, clip.changes);
    Object.assign(this, { options, several, heard: transport, scale: clip.scale?.length > 0 });
    setText(this.name, clip.name || (empty ? "New clip" : "Untitled"));
    this.name.title = clip.name || "";
    setText(this.bars, barsText(clip.length, this.metre));
    setText(this.facts, [clip.meter.join("/"), clip.key].filter(Boolean).join(" · "));
    this.stop.hidden = !streaming;
    this["edit-undo"].disabled = !canUndo;
    this["edit-redo"].disabled = !canRedo;
    this.draw.disabled = this.quantise.button.disabled = Boolean(streaming);
    this.takes.hidden = !take;
    press(this.takes, take?.take);
    setText(this.takes.children[1].lastChild, take?.label || TAKES[1][1]);
    this.take = take;
    pressed(this.draw, options.tool === "draw");
    setText(this.grid.button.lastChild, GRIDS.find(([step]) => same(step, options.grid))?.[1] ?? "Own");
    this.rows.button.toggleAttribute("data-set", options.fold !== "none" || options.highlight);
    this.#showSound(transport, { empty, gone, bpm: clip.bpm });
    this.showPosition(beat);
  }

  #showSound({ playing, loop, metronome, swing, tempo, sound, sampled }, { empty, gone, bpm }) {
    if (this.playing !== playing) {
      this.playing = playing;
      this.play.replaceChildren(icon(playing ? "stop" : "play"));
      this.play.title = playing ? "Stop (Space)" : "Play (Space)";
      this.play.setAttribute("aria-label", playing ? "Stop" : "Play");
    }
    this.play.disabled = Boolean(empty && !playing);
    this.play.toggleAttribute("data-on", playing);
    pressed(this.loop, loop);
    pressed(this.metronome, metronome);
    this.quantise.button.toggleAttribute("data-set", swing > 0.5);
    this.tempo.show(bpm, tempo);
    press(this.sounds, sound);
    const gm = this.sounds.lastChild;
    gm.disabled = Boolean(gone && !sampled);
    gm.title = gm.disabled ? "The kernel that gives these sounds is gone" : SOUNDS[1][2];
  }

  showPosition(beat) {
    if (this.metre) setText(this.position, position(beat, this.metre));
  }
}

function segments(action, label, table, choose) {
  const made = table.map(([name, text, tip]) =>
    button({ action: `${action}-${name}`, label: tip, text, kind: "segment", "aria-pressed": "false", press: () => choose(name) }));
  return element("span", { class: `cd-group cd-segments cd-${action}s`, role: "group", "aria-label": label }, ...made);
}

const pressed = (made, on) => made.setAttribute("aria-pressed", String(Boolean(on)));
const press = (group, chosen) => { for (const made of group.children) pressed(made, made.dataset.action.endsWith(`-${chosen}`)); };
