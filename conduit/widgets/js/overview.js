// The strip with the whole clip, shown when it is longer than the view; its window is dragged to scroll.

import { begin } from "./draw.js";
import { element } from "./element.js";
import { beatsShown } from "./geometry.js";
import { track } from "./pointer.js";

const HEIGHT_PX = 28;

export class Overview {
  /** @param {(from: number) => void} move asked to show the beats from `from` on */
  constructor(move) {
    this.canvas = element("canvas", { class: "cd-overview", "aria-hidden": "true", hidden: true });
    this.gap = element("div", { class: "cd-gap", hidden: true });
    const to = (event) => {
      const box = this.canvas.getBoundingClientRect();
      const shown = beatsShown(this.view);
      const centre = ((event.clientX - box.left) / box.width) * this.length;
      move(Math.min(Math.max(0, centre - shown / 2), this.length - shown));
    };
    track(this.canvas, { start: to, move: to });
  }

  draw(visible, view, { notes, length }, theme) {
    Object.assign(this, { view, length });
    this.canvas.hidden = !visible;
    this.gap.hidden = !visible;
    if (!visible) return;
    const ctx = begin(this.canvas, view.width, HEIGHT_PX);
    ctx.fillStyle = theme.panel;
    ctx.fillRect(0, 0, view.width, HEIGHT_PX);
    const scale = view.width / length;
    if (this.picture?.notes !== notes || this.picture.width !== view.width || this.picture.theme !== theme) {
      this.picture = { notes, width: view.width, theme, boxes: boxes(notes, scale) };
    }
    ctx.fillStyle = theme.clip;
    for (const [x, y] of this.picture.boxes) ctx.fillRect(x, y, 2, 2);
    const [left, width] = [view.from * scale, beatsShown(view) * scale];
    ctx.globalAlpha = 0.14;
    ctx.fillStyle = theme.text;
    ctx.fillRect(left, 0, width, HEIGHT_PX);
    ctx.globalAlpha = 1;
    ctx.strokeStyle = theme.text2;
    ctx.lineWidth = 1;
    ctx.strokeRect(left + 0.5, 0.5, Math.max(2, width - 1), HEIGHT_PX - 1);
  }
}

/** One small box for each pixel pair that holds a note's start. */
function boxes(notes, scale) {
  const range = Math.max(1, notes.high - notes.low);
  const found = new Map();
  for (let i = 0; i < notes.count; i += 1) {
    const x = Math.floor((notes.start[i] * scale) / 2) * 2;
    const y = 4 + Math.round(((notes.high - notes.pitch[i]) / range) * (HEIGHT_PX - 10));
    found.set(x * 64 + y, [x, y]);
  }
  return [...found.values()];
}
