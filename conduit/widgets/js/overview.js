// The strip with the whole clip, shown when it is longer than the view; its window is dragged to scroll.

import { begin } from "./draw.js";
import { element } from "./element.js";
import { beatsShown, clamp } from "./geometry.js";
import { track } from "./pointer.js";

const HEIGHT_PX = 28;
const DOT_PX = 2;
const FAINTEST = 0.4;

export class Overview {
  /** @param {(from: number) => void} move asked to show the beats from `from` on */
  constructor(move) {
    this.canvas = element("canvas", { class: "cd-overview" });
    this.window = element("div", { class: "cd-window" });
    this.gap = element("div", { class: "cd-gap", hidden: true });
    this.root = element("div", { class: "cd-strip", "aria-hidden": "true", hidden: true }, this.canvas, this.window);
    const to = (event) => {
      const box = this.canvas.getBoundingClientRect();
      const shown = beatsShown(this.view);
      move(clamp(((event.clientX - box.left) / box.width) * this.length - shown / 2, 0, this.length - shown));
    };
    track(this.canvas, { start: to, move: to });
  }

  draw(visible, view, { notes, length }, theme) {
    Object.assign(this, { view, length });
    this.root.hidden = this.gap.hidden = !visible;
    if (!visible) return;
    const scale = view.width / length;
    this.window.style.width = `${Math.max(3, beatsShown(view) * scale)}px`;
    this.window.style.transform = `translateX(${view.from * scale}px)`;
    const drawn = [notes, scale, view.width, theme];
    if (this.drawn?.every((value, i) => value === drawn[i])) return;
    this.drawn = drawn;
    const ctx = begin(this.canvas, view.width, HEIGHT_PX);
    ctx.fillStyle = theme.panel;
    ctx.fillRect(0, 0, view.width, HEIGHT_PX);
    ctx.fillStyle = theme.clip;
    const columns = Math.ceil(view.width / DOT_PX);
    const counts = dots(notes, scale, columns);
    const most = counts.reduce((a, b) => Math.max(a, b), 1);
    counts.forEach((count, at) => {
      if (!count) return;
      ctx.globalAlpha = FAINTEST + (1 - FAINTEST) * (count / most);
      ctx.fillRect((at % columns) * DOT_PX, Math.floor(at / columns) * DOT_PX, DOT_PX, DOT_PX);
    });
    ctx.globalAlpha = 1;
  }
}

/** How many notes start at each dot of the strip, row by row. */
function dots(notes, scale, columns) {
  const range = Math.max(1, notes.high - notes.low);
  const found = new Uint16Array((columns * HEIGHT_PX) / DOT_PX);
  for (let i = 0; i < notes.count; i += 1) {
    const x = Math.min(columns - 1, Math.floor((notes.start[i] * scale) / DOT_PX));
    const y = 2 + Math.round(((notes.high - notes.pitch[i]) / range) * (HEIGHT_PX / DOT_PX - 5));
    found[y * columns + x] += 1;
  }
  return found;
}
