// A part of an answer: a small table of what a verb found.

import { element } from "../element.js";
import { shown } from "./shown.js";

const FIRST = 200;

export class TablePart {
  constructor() {
    this.limit = FIRST;
    this.root = element("figure", { class: "cc-table" });
  }

  update(item) {
    this.item = item;
    const { columns = [], rows = [], title = "", notes = "" } = item;
    const numeric = columns.map(([, counts]) => Boolean(counts));
    const head = element("tr", {}, ...columns.map(([text], i) => element("th", { scope: "col", "data-numeric": numeric[i] }, ...shown(text))));
    const body = rows.slice(0, this.limit).map((row) => element("tr", {}, ...row.map((cell, i) => cellOf(cell, numeric[i]))));
    const table = element("table", {}, element("thead", {}, head), element("tbody", {}, ...body));
    const scroll = element("div", { class: "cc-wide", tabindex: 0, role: "group", "aria-label": title || "Table" }, table);
    const caption = title && element("figcaption", { dir: "auto" }, ...shown(title));
    this.root.replaceChildren(...[caption, scroll, this.#rest(rows.length), noteOf(notes)].filter(Boolean));
  }

  #rest(count) {
    if (count <= this.limit) return null;
    const all = () => {
      this.limit += 10 * FIRST;
      this.update(this.item);
    };
    return element("button", { type: "button", class: "cd-button cc-show-more", "data-action": "all-rows", text: `Show more (${(count - this.limit).toLocaleString("en")} rows)`, on: { click: all } });
  }

  close() {}
}

const cellOf = ([text, tone], numeric) => element("td", { "data-numeric": numeric, "data-tone": tone || null, dir: "auto" }, ...shown(text));

function noteOf(notes) {
  const lines = [notes].flat().filter(Boolean);
  return lines.length ? element("p", { class: "cc-table-notes", dir: "auto" }, ...shown(lines.join("\n"))) : null;
}
