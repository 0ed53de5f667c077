// A stage for the drawing alone: bar, roll and theme without a kernel, shown what a test says. Imported by a bare page.

import { Bar } from "/js/bar.js";
import { compare } from "/js/compare.js";
import { SHEET } from "/js/edit/keys.js";
import { element } from "/js/element.js";
import { describeRoll } from "/js/hover.js";
import { decodeClip, marked } from "/js/model.js";
import { Roll } from "/js/roll.js";
import { readTheme, watchTheme } from "/js/theme.js";

const TICKS = 960;

/** A clip of facts and of rows: notes `[start, duration, pitch, velocity, flags, chance]`, controls `[start, control, value]`. */
export function clipOf({ notes = [], controls = [], ...facts }) {
  const packed = new DataView(new ArrayBuffer(notes.length * 12));
  notes.forEach(([start, duration, pitch, velocity = 100, flags = 0, chance = 100], i) => {
    packed.setUint32(i * 12, Math.round(start * TICKS), true);
    packed.setUint32(i * 12 + 4, Math.round(duration * TICKS), true);
    [pitch, velocity, flags, chance].forEach((value, k) => packed.setUint8(i * 12 + 8 + k, value));
  });
  const points = new DataView(new ArrayBuffer(controls.length * 8));
  controls.forEach(([start, control, value], i) => {
    points.setUint32(i * 8, Math.round(start * TICKS), true);
    points.setInt16(i * 8 + 4, control, true);
    points.setInt16(i * 8 + 6, value, true);
  });
  return decodeClip({ ...facts, ppq: TICKS, notes: packed, controls: points });
}

/** Many notes without much data: `count` of them over `length` beats, from a seed. */
export function manyOf({ count, length, ...facts }) {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const notes = Array.from({ length: count }, (_, i) => [(i / count) * length, 0.1 + random(), 30 + Math.floor(random() * 60), 1 + Math.floor(random() * 126)]);
  return clipOf({ ...facts, length, notes });
}

/** Put the stage up; it gives what tests drive: `{ bar, roll, asked, show, root }`. */
export function stage(parent) {
  const asked = [];
  const told = (value) => (value instanceof Event ? "" : value);
  const asks = new Proxy({ keys: SHEET, edits: [] }, { get: (known, name) => known[name] ?? ((...given) => asked.push([name, ...given.map(told)])) });
  const bar = new Bar(asks);
  const roll = new Roll(asks);
  const root = element("div", { class: "conduit-clip-view", "data-phase": "ready" }, bar.root, roll.root);
  parent.append(root);
  let theme;
  const read = () => {
    theme = readTheme(root, roll.state?.clip.ink);
    roll.setTheme(theme);
  };
  const resize = () => {
    root.toggleAttribute("data-narrow", root.clientWidth < 560);
    roll.resize(root.clientWidth);
  };
  new ResizeObserver(resize).observe(root);
  watchTheme(() => requestAnimationFrame(read));
  const show = ({ select, before, bar: now = {}, heard = {}, ...state }) => {
    if (select) state.clip = { ...state.clip, notes: marked(state.clip.notes, (i) => select.includes(i)) };
    if (before) state.compared = { before: before.notes, after: state.clip.notes, ...compare(before.notes, state.clip.notes) };
    const inked = roll.state?.clip.ink !== state.clip.ink;
    roll.show({ loop: true, cue: 0, ...state });
    roll.grid.setAttribute("aria-label", describeRoll(state.clip));
    if (inked) read();
    resize();
    const transport = { playing: false, loop: true, sound: "gm", tempo: null, swing: 0.5, metronome: false, sampled: true, ...heard };
    const empty = !state.clip.notes.count;
    bar.show({ clip: state.clip, options: roll.options, streaming: state.streaming, empty, take: null, several: state.parts?.length > 1, transport, beat: 0, ...now });
    root.dataset.notes = state.clip.notes.count;
  };
  return { bar, roll, asked, show, root };
}
