// Lines and boxes over the canvases.

import { xOf } from "./geometry.js";

/** Stand a line at a beat; hidden at null and out of sight. */
export function place(line, beat, view) {
  const x = beat === null || !view ? -1 : xOf(view, beat);
  line.hidden = x < 0 || x > view.width;
  if (!line.hidden) line.style.transform = `translateX(${x}px)`;
}

/** Put a box at its place. */
export const box = (node, { x, y, width, height }) =>
  Object.assign(node.style, { transform: `translate(${x}px, ${y}px)`, width: `${width}px`, height: `${height}px` });
