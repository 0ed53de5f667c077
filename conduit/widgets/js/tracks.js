// The tracks of an arrangement: which one is edited, which are heard; overlaid as names, stacked with small rolls.

import { begin, drawTiny } from "./draw.js";
import { button, element, setText } from "./element.js";

export const TRACK_PX = 24;
const TOGGLES = [["muted", "mute", "M", "Mute"], ["solo", "solo", "S", "Solo"]];

export class Tracks {
  /** @param asks `{ choose(part), mute(part), solo(part) }` */
  constructor(asks) {
    this.asks = asks;
    this.rows = [];
    this.root = element("div", { class: "cd-tracks", role: "group", "aria-label": "Parts", hidden: true });
  }

  /** @param state `{ parts, active, muted, solo }`, the last two a flag for each part */
  show({ parts = [], active = 0, muted = [], solo = [] }) {
    this.root.hidden = parts.length < 2;
    this.parts = parts;
    if (this.root.hidden) return;
    if (this.rows.length !== parts.length) {
      this.rows = parts.map((_, i) => this.#row(i));
      this.root.replaceChildren(...this.rows.map((row) => row.root));
    }
    const sets = { muted, solo };
    parts.forEach(({ name, instrument, ink }, i) => {
      const row = this.rows[i];
      setText(row.name, name || `Track ${i + 1}`);
      setText(row.instrument, instrument ?? "");
      row.swatch.style.background = ink;
      row.choose.setAttribute("aria-pressed", String(i === active));
      for (const [flag, ask] of TOGGLES) row[ask].setAttribute("aria-pressed", String(Boolean(sets[flag][i])));
      row.root.toggleAttribute("data-silent", Boolean(muted[i] || (solo.some(Boolean) && !solo[i])));
    });
  }

  #row(i) {
    const row = { name: element("span", { class: "cd-name" }), instrument: element("span", { class: "cd-fact" }), swatch: element("span", { class: "cd-swatch" }) };
    row.canvas = element("canvas", { "aria-hidden": "true" });
    row.choose = element(
      "button", { type: "button", class: "cd-choose", "data-action": `track-${i}`, on: { click: () => this.asks.choose(i) } },
      element("span", {}, row.swatch, row.name, row.instrument), row.canvas,
    );
    const toggles = TOGGLES.map(([, ask, text, label]) => {
      row[ask] = button({ action: `${ask}-${i}`, label, text, kind: `toggle cd-${ask}`, "aria-label": label, press: () => this.asks[ask](i) });
      return row[ask];
    });
    row.root = element("div", { class: "cd-track" }, element("span", { class: "cd-group" }, ...toggles), row.choose);
    return row;
  }

  /** Draw the small rolls of stacked tracks; one whose notes and place are the same stays. */
  draw(view, stacked, theme) {
    this.root.toggleAttribute("data-stacked", stacked);
    if (!stacked || this.root.hidden) return;
    this.parts.forEach(({ notes, ink }, i) => {
      const row = this.rows[i];
      const drawn = [notes, view.from, view.perBeat, view.width, theme];
      if (row.drawn?.every((value, k) => value === drawn[k])) return;
      row.drawn = drawn;
      drawTiny(begin(row.canvas, view.width, TRACK_PX), view, notes, theme.inked(ink), TRACK_PX);
    });
  }
}
