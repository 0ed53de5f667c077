// The thin handle beside the grid, there while rows are out of sight: dragged to scroll up and down.

import { element } from "./element.js";
import { clamp } from "./geometry.js";
import { track } from "./pointer.js";

export const RAIL_PX = 8;
const SHORTEST_PX = 16;

export class Rail {
  /** @param {(dy: number) => void} scroll asked to move the picture by pixels */
  constructor(scroll) {
    this.thumb = element("div", { class: "cd-thumb" });
    this.root = element("div", { class: "cd-rail", "aria-hidden": "true" }, this.thumb);
    let held;
    const to = ({ clientY }) => {
      const { most, room, beyond, top, rowHeight } = this.reach;
      if (!room) return;
      const y = clamp(clientY - this.root.getBoundingClientRect().top - held, 0, room);
      scroll((y / room) * beyond - (most - top) * rowHeight);
    };
    const start = (event) => {
      const { at, length } = this.reach;
      const y = event.clientY - this.root.getBoundingClientRect().top;
      // The thumb is held where it was taken; beside it, it comes to the pointer.
      held = y >= at && y <= at + length ? y - at : length / 2;
      to(event);
    };
    track(this.root, { start, move: to });
  }

  draw({ lanes, height, rowHeight, top }) {
    const most = lanes.pitches.length;
    const whole = most * rowHeight;
    const beyond = Math.max(0, whole - height);
    const length = Math.max(SHORTEST_PX, (height * height) / whole);
    const room = beyond ? height - length : 0;
    const at = beyond && ((most - top) * rowHeight / beyond) * room;
    this.reach = { most, beyond, length, room, at, top, rowHeight };
    this.thumb.hidden = !beyond;
    this.thumb.style.height = `${length}px`;
    this.thumb.style.transform = `translateY(${at}px)`;
  }
}
