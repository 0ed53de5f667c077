// The tempo that is heard: a field to type in or to drag up and down. The clip's own tempo stays as it is.

import { element } from "./element.js";
import { clamp } from "./geometry.js";
import { number } from "./naming.js";
import { track } from "./pointer.js";

const BPM = { min: 20, max: 400 };
const DRAG_PX = 4;

export class TempoField {
  /** @param ask called with beats a minute and whether that is to stay; a drag only lets it be heard on its way */
  constructor(ask) {
    const label = "Tempo; drag up and down, or type";
    this.field = element("input", { type: "number", class: "cd-bpm", "data-action": "tempo", "aria-label": label, title: label, step: "any", ...BPM });
    this.root = element("label", { class: "cd-fact cd-tempo" }, this.field, element("span", { text: "bpm" }));
    const say = (bpm, stays) => {
      if (!(bpm > 0)) return;
      this.field.value = number(clamp(bpm, BPM.min, BPM.max), 2);
      ask(this.field.valueAsNumber, stays);
    };
    // What was typed and not entered is gone; the view takes the focus away.
    this.field.addEventListener("keydown", ({ key }) => { if (key === "Escape") this.field.value = this.shown; });
    this.field.addEventListener("change", () => say(this.field.valueAsNumber, true));
    this.field.addEventListener("lostpointercapture", () => { if (this.field.valueAsNumber !== from.bpm) say(this.field.valueAsNumber, true); });
    let from;
    track(this.field, {
      start: ({ clientY }) => { from = { y: clientY, bpm: this.field.valueAsNumber }; },
      move: ({ clientY }) => {
        const bpm = from.bpm + Math.trunc((from.y - clientY) / DRAG_PX);
        if (bpm !== this.field.valueAsNumber) say(bpm, false);
      },
    });
  }

  /** @param own the clip's tempo @param heard the one that is heard instead, if any */
  show(own, heard) {
    this.root.toggleAttribute("data-set", heard != null && heard !== own);
    this.shown = number(heard ?? own, 2);
    if (document.activeElement !== this.field) this.field.value = this.shown;
  }
}
