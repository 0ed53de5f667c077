// Keys while the view has the focus, as one table: what acts, and what the list of shortcuts shows.
//
// `Mod` is Ctrl, on a Mac Cmd. What acts here is kept from the notebook and so is every key without Ctrl or Cmd; with
// one of them, whatever does not act here goes through.

import { IS_MAC } from "../words.js";
import { STEPS } from "./editor.js";
import { join, legato, move, mute, quantise, remove, resize, splitAt, transpose } from "./ops.js";

const FINE_BEATS = 1 / 16;
const LOUDER = 5;

const cycle = (e, name, list, by = 1) => {
  const next = (list.indexOf(e.roll.options[name]) + by + list.length) % list.length;
  e.roll.set({ [name]: list[next] });
};

/** A drag that copies, and one that leaves the grid: see words.js. */
const DRAGS = IS_MAC
  ? [["Alt+drag", "Drag a copy; in the lane clear values"], ["Mod+drag", "Leave the grid"]]
  : [["Mod+drag", "Drag a copy"], ["Alt+drag", "Leave the grid; in the lane clear values"]];

/**
 * Groups of `[keys, label, act(editor, by)]`: `by` is -1 for the first of several keys and 1 for the others. What the
 * browser or the pointer does is only shown.
 */
const GROUPS = {
  Play: [
    ["Space", "Play from the caret, or stop", (e) => e.play()],
    ["Shift+Space", "Go on where it stopped", (e) => e.play("toggleOn")],
    ["L", "Loop on or off", (e) => e.transport.setLoop(!e.transport.loop)],
    ["Home", "Go to the start", (e) => e.home()],
  ],
  Select: [
    ["Shift+N N", "Previous or next note", (e, by) => e.next(by)],
    ["X", "Select the next note too", (e) => e.next(1, { adding: true })],
    ["Mod+A", "Select all", (e) => e.mark(() => true)],
    ["Escape", "End a drag, select nothing", (e) => e.escape()],
  ],
  Move: [
    ["ArrowLeft ArrowRight", "Move notes or the caret by the grid", (e, by) => e.go(by, 0)],
    ["ArrowDown ArrowUp", "Move notes or the caret by a row", (e, by) => e.go(0, by)],
    ["Alt+ArrowLeft Alt+ArrowRight", "Move notes by a 64th", (e, by) => e.apply(move, { beats: by * FINE_BEATS })],
    ["Shift+ArrowDown Shift+ArrowUp", "Move notes by an octave", (e, by) => e.apply(transpose, by)],
    ["Shift+ArrowLeft Shift+ArrowRight", "Shorten or lengthen by the grid", (e, by) => e.apply(resize, { beats: by * e.step })],
    ["Alt+ArrowDown Alt+ArrowUp", "Lower or raise in the lane", (e, by) => e.raise(by * LOUDER)],
    ["Alt+Shift+ArrowDown Alt+Shift+ArrowUp", "Tilt velocities", (e, by) => e.tilt(by * LOUDER)],
  ],
  Edit: [
    ["Enter", "Draw at the caret, or select", (e) => e.enter()],
    ["Delete Backspace", "Delete", (e) => e.apply(remove)],
    ["Mod+D", "Duplicate", (e) => e.duplicate()],
    ["Mod+E", "Split at pointer or caret", (e) => e.split()],
    ["Mod+Shift+E", "Split at the grid", (e) => e.apply(splitAt, e.step)],
    ["Mod+J", "Join", (e) => e.apply(join)],
    ["Mod+U", "Quantise", (e) => e.apply(quantise, { step: e.step })],
    ["Mod+Shift+U", "Quantise half-way", (e) => e.apply(quantise, { step: e.step, strength: 0.5 })],
    ["Shift+L", "Legato", (e) => e.apply(legato)],
    ["M", "Mute", (e) => e.apply(mute)],
  ],
  "Undo and clipboard": [
    ["Mod+Z", "Undo", (e) => e.open && e.desk.undo()],
    ["Mod+Shift+Z Mod+Y", "Redo", (e) => e.open && e.desk.redo()],
    ["Mod+C", "Copy"],
    ["Mod+X", "Cut"],
    ["Mod+V", "Paste at the caret"],
  ],
  Clip: [
    ["[", "Loop from the caret", (e) => e.bound("loop-start")],
    ["]", "Loop to the caret", (e) => e.bound("loop-end")],
    ["Shift+End", "End the clip at the caret", (e) => e.bound("length")],
  ],
  View: [
    ["B", "Draw tool", (e) => cycle(e, "tool", ["select", "draw"])],
    ["Shift+G G", "Previous or next grid", (e, by) => cycle(e, "grid", STEPS, by)],
    ["F", "Fold rows", (e) => cycle(e, "fold", ["none", "used", "scale"])],
    ["S", "Highlight the scale", (e) => cycle(e, "highlight", [false, true])],
    ["V", "Show or hide the lane", (e) => cycle(e, "folded", [false, true])],
    ["- + =", "Zoom", (e, by) => (by < 0 ? e.roll.zoomOut() : e.roll.zoomIn())],
    ["0", "Show all", (e) => e.roll.fit()],
    ["?", "Shortcuts", (e) => e.help()],
  ],
  Pointer: [
    ["Double-click", "Draw or delete a note"],
    ...DRAGS,
    ["Shift+drag", "Select more; in the lane draw a line"],
    ["Mod+wheel", "Zoom in time"],
    ["Shift+wheel", "Zoom in height"],
    ["Alt+wheel", "Scroll up and down"],
  ],
};

/** A key of the table as it is looked up, and what it does. */
const entriesOf = (group, [keys, label, act]) => keys.split(" ").map((key, i) =>
  [key, { group, label: i ? "" : label, act: act ? (editor) => act(editor, i ? 1 : -1) : null }]);

/** Keys to `{ group, label, act }`, in the order in which they are shown; several of one row have its label at the first. */
export const KEYS = Object.fromEntries(Object.entries(GROUPS).flatMap(([group, rows]) => rows.flatMap((row) => entriesOf(group, row))));

/** The table as it is shown: `[[group, [[label, keys], ...]], ...]`, the keys a list of names in the table. */
export const SHEET = Object.entries(GROUPS).map(([group, rows]) => [group, rows.map(([keys, label]) => [label, keys.split(" ")])]);

/** Keys that a focused control uses itself; a field uses all of them. */
const OWN = { BUTTON: /^( |Enter)$/, SUMMARY: /^( |Enter)$/, SELECT: /./, INPUT: /./, TEXTAREA: /./ };
const isOwn = ({ target, key }) => key !== "Escape" && Boolean(OWN[target.tagName]?.test(key));

/** The name that a key event has in the table. Signs stand for themselves, whatever keys make them. */
function nameOf(event) {
  const { key } = event;
  const name = { " ": "Space" }[key] ?? (key.length > 1 ? key : key.toUpperCase());
  const isSign = name === key.toLowerCase();
  const held = { Mod: isModified(event), Alt: event.altKey && !isSign, Shift: event.shiftKey && !isSign };
  return [...Object.keys(held).filter((one) => held[one]), name].join("+");
}

/** AltGr, which types signs, is said to be Ctrl and Alt. */
const isModified = (event) => (IS_MAC ? event.metaKey : event.ctrlKey) && !event.getModifierState("AltGraph");

/** Whether a key is for the view: it is in the table, or is none with Ctrl or Cmd. */
const isKept = (event) => Boolean(KEYS[nameOf(event)]) || !(event.ctrlKey || event.metaKey);

/** Before Escape takes a selection back it ends a drag, or comes back to the roll from what is around it. */
function stepsBack({ target }, { dragging, roll: { grid } }) {
  if (dragging.cancel()) return true;
  if (target === grid) return false;
  grid.focus({ preventScroll: true });
  return true;
}

/** Where this stands on what has the focus, or on what holds it, JupyterLab and Notebook leave a key alone. */
const OURS = "data-lm-suppress-shortcuts";

/** Listen to keys and to the clipboard; gives a function that stops it. */
export function onKeys(root, editor) {
  const stop = new AbortController();
  const listen = (type, act) => root.addEventListener(type, act, { signal: stop.signal });
  // Notebook hears keys before the view does, so before that each key is said to be the view's or not.
  const claim = (event) => {
    if (root.contains(event.target)) for (const node of [root, event.target]) node.toggleAttribute(OURS, isKept(event));
  };
  window.addEventListener("keydown", claim, { capture: true, signal: stop.signal });
  listen("keydown", (event) => {
    if (event.defaultPrevented) return;
    if (isKept(event)) event.stopPropagation();
    const act = !isOwn(event) && KEYS[nameOf(event)]?.act;
    if (!act) return;
    event.preventDefault();
    if (event.key !== "Escape" || !stepsBack(event, editor)) act(editor);
  });
  for (const type of ["copy", "cut", "paste"]) {
    listen(type, (event) => {
      if (isOwn({ target: event.target, key: "a" }) || !editor.usesClipboard(type)) return;
      event.preventDefault();
      event.stopPropagation();
      editor[type](event.clipboardData);
    });
  }
  return () => stop.abort();
}
