// A take of the tray: its picture, its name, and what can be done with it.

import { button, element, icon, setText } from "../element.js";
import { menu } from "../menu.js";
import { drawPicture } from "../session/picture.js";

const CELL = { role: "gridcell" };

export class TakeRow {
  /** @param asks `{ hear(share), star(on), rename(name), items(), drag(on, event) }`: what is done with this take */
  constructor(id, asks) {
    Object.assign(this, { id, asks });
    this.name = element("span", { class: "cc-take-name" });
    this.which = element("span", { class: "cc-take-which" });
    this.words = element("span", { class: "cc-take-words" });
    this.line = element("span", { class: "cc-take-playhead", hidden: true });
    this.picture = element("span", { class: "cc-take-picture", on: { click: (event) => this.#seek(event) } }, this.line);
    this.main = element("span", { ...CELL, class: "cc-take-main" }, element("span", { class: "cc-take-title" }, this.name, this.which), this.words);
    this.hear = button({ action: "hear", label: "Hear", symbol: "play", kind: "transport", press: () => asks.hear() });
    this.star = button({ action: "star", label: "Star", symbol: "star", kind: "toggle", "aria-pressed": "false", press: () => asks.star(!this.take.star) });
    this.more = menu({ action: "take-menu", label: "More", symbol: "more", items: () => asks.items() });
    this.stops = [this.hear, this.main, this.star, this.more.button];
    for (const stop of this.stops) stop.tabIndex = -1;
    this.root = element(
      "div", { class: "cc-take", role: "row", draggable: "true", "data-take": id },
      ...[this.hear, this.main, this.star, this.more.root].map((one) => (one === this.main ? one : element("span", CELL, one))),
      this.picture,
    );
    this.#listen();
  }

  #listen() {
    this.name.addEventListener("dblclick", () => this.edit());
    this.root.addEventListener("dragstart", (event) => this.asks.drag(true, event));
    this.root.addEventListener("dragend", (event) => this.asks.drag(false, event));
    this.root.addEventListener("contextmenu", (event) => {
      if (event.target.closest("input")) return;
      event.preventDefault();
      this.more.button.click();
    });
  }

  #seek({ clientX }) {
    const { left, width } = this.picture.getBoundingClientRect();
    this.asks.hear(Math.min(0.999, Math.max(0, (clientX - left) / width)));
  }

  update(take) {
    const { name, words, star, ink, picture } = (this.take = take);
    setText(this.name, name || "Untitled");
    setText(this.words, words ?? "");
    this.name.title = name;
    this.words.title = words ?? "";
    this.star.setAttribute("aria-pressed", String(Boolean(star)));
    this.star.title = star ? "Take the star away" : "Star";
    this.root.style.setProperty("--cc-ink", ink || "");
    if (picture !== this.drawn) {
      this.drawn = picture;
      this.svg?.remove();
      if (picture?.byteLength) this.picture.prepend((this.svg = drawPicture(picture)));
    }
    this.#label();
  }

  /** @param number which of the takes of one name it is, the oldest 1; 0 where the name tells it */
  number(number) {
    if (number === this.nth) return;
    this.nth = number;
    setText(this.which, number ? `take ${number}` : "");
    this.#label();
  }

  #label() {
    const called = [this.take.name, this.which.textContent].filter(Boolean).join(", ");
    this.star.setAttribute("aria-label", `Star ${called}`);
    this.more.button.setAttribute("aria-label", `More for ${called}`);
    this.called = called;
    this.show(Boolean(this.sounds));
  }

  /** Whether it sounds. */
  show(sounds) {
    const label = `${sounds ? "Stop" : "Hear"} ${this.called}`;
    if (this.hear.getAttribute("aria-label") !== label) this.hear.setAttribute("aria-label", label);
    if (sounds === this.sounds) return;
    this.sounds = sounds;
    this.root.toggleAttribute("data-sounds", sounds);
    this.hear.toggleAttribute("data-on", sounds);
    this.hear.replaceChildren(icon(sounds ? "stop" : "play"));
    this.hear.title = sounds ? "Stop" : "Hear";
    if (!sounds) this.setPlayhead(null);
  }

  /** @param share 0-1 of the take; null for none */
  setPlayhead(share) {
    this.line.hidden = share === null;
    if (share !== null) this.line.style.transform = `translateX(${share * this.picture.clientWidth}px)`;
  }

  /** Write another name: Enter or leaving the field takes it, Escape does not. */
  edit() {
    if (this.field) return;
    const end = (takes) => {
      if (!this.field) return;
      const { field } = this;
      const name = field.value.trim();
      const held = field.matches(":focus");
      this.field = null;
      field.remove();
      this.name.hidden = false;
      this.root.draggable = true;
      if (held) this.main.focus({ preventScroll: true });
      if (takes && name && name !== this.take.name) this.asks.rename(name);
    };
    const keydown = (event) => {
      event.stopPropagation();
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault();
      end(event.key === "Enter");
    };
    this.field = element("input", {
      class: "cc-take-field", "aria-label": "Name", maxlength: 120, spellcheck: "false",
      on: { keydown, blur: () => end(true), dblclick: (event) => event.stopPropagation() },
    });
    this.field.value = this.take.name ?? "";
    this.name.hidden = true;
    this.root.draggable = false; // a drag in a field selects
    this.name.after(this.field);
    this.field.select();
    this.field.focus();
  }
}
