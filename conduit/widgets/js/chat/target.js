// Where in the Live set the next clip goes: a track and a slot, or nowhere.

import { button, element, setText } from "../element.js";
import { popover } from "../menu.js";

const NOWHERE = "No target";
const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

export class Target {
  /** @param aim `(track, slot) =>` chooses; 0 and 0 for nowhere */
  constructor(aim) {
    Object.assign(this, { aim, now: {} });
    this.words = element("span", { class: "cc-where" });
    this.brief = element("span", { class: "cc-where cc-brief", "aria-hidden": "true" });
    this.button = button({ action: "aim", label: "Where the next clip goes", kind: "opens", "aria-haspopup": "dialog", "aria-expanded": "false" });
    this.button.classList.remove("cd-square");
    this.button.removeAttribute("aria-label");
    this.button.append(element("span", { class: "cc-lamp" }), this.words, this.brief);
    const shown = (open) => this.button.setAttribute("aria-expanded", String(open));
    this.panel = popover(this.button, { role: "dialog", label: "Target", fill: () => this.#fill(), shown });
    this.panel.classList.add("cc-target");
    this.panel.addEventListener("keydown", (event) => this.#key(event));
    this.button.popoverTargetElement = this.panel;
    this.root = element("span", { class: "cd-menu cc-aim" }, this.button, this.panel);
  }

  open() {
    this.panel.showPopover();
  }

  /** @param target `{ label, simulated, connected, tracks: [[name, midi]], scenes, track, slot }` */
  show(target) {
    const { tracks = [], track, slot, connected, simulated } = (this.now = target ?? {});
    const name = tracks[track - 1]?.[0] ?? "";
    setText(this.words, track ? `→ ${track} ${name} / ${slot}` : NOWHERE);
    setText(this.brief, track ? `→ ${track} / ${slot}` : NOWHERE);
    Object.assign(this.button.dataset, { set: simulated ? "simulated" : connected ? "live" : "lost" });
    this.button.title = `${this.#state()}\nWhere the next clip goes: ${track ? `track ${track} ${name}, slot ${slot}` : "nowhere"}`;
    const key = JSON.stringify(target);
    if (this.drawn !== key && this.panel.matches(":popover-open")) this.#redraw();
    this.drawn = key;
  }

  #state() {
    const { label, connected } = this.now;
    if (!label) return "No Live set";
    return connected ? label : `${label}: Live does not answer`;
  }

  #fill() {
    const { tracks = [], scenes = 0, track, slot } = this.now;
    const nowhere = this.#radio({ name: "0", text: NOWHERE, checked: !track, press: () => this.#aim(0, 0) });
    const rows = tracks.map(([name, midi], i) => this.#radio({
      name: String(i + 1), text: `${i + 1} ${name}`, note: midi ? "" : "audio", disabled: !midi, checked: track === i + 1, press: () => this.#aim(i + 1, slot || 1),
    }));
    const slots = Array.from({ length: track ? scenes : 0 }, (_, i) => this.#slot(i + 1));
    return [
      element("div", { class: "cd-heading", text: this.#state() }),
      element("div", { role: "menu", "aria-label": "Track", class: "cc-tracks" }, nowhere, ...rows),
      ...(slots.length ? [element("div", { class: "cd-heading", text: "Slot" }), element("div", { role: "menu", "aria-label": "Slot", class: "cc-slots" }, ...slots)] : []),
    ];
  }

  #radio({ name, text, note, checked, disabled, press }) {
    return element(
      "button", { type: "button", class: "cd-item", role: "menuitemradio", tabindex: "-1", "aria-checked": String(checked), "data-action": `track-${name}`, disabled, on: { click: press } },
      element("span", { class: "cc-radio" }), element("bdi", { text }), note && element("kbd", { text: note }),
    );
  }

  #slot(number) {
    const press = () => {
      this.panel.hidePopover();
      this.#aim(this.now.track, number);
    };
    return element("button", {
      type: "button", class: "cc-slot", role: "menuitemradio", tabindex: "-1", "aria-checked": String(number === this.now.slot), "aria-label": `Slot ${number}`,
      "data-action": `slot-${number}`, text: String(number), on: { click: press },
    });
  }

  #aim(track, slot) {
    if (track !== this.now.track || slot !== this.now.slot) this.aim(track, slot);
    if (!track) this.panel.hidePopover();
  }

  /** Slots stand side by side. */
  #key(event) {
    const items = [...this.panel.querySelectorAll(".cc-slot")];
    const at = items.indexOf(this.panel.getRootNode().activeElement);
    const to = items[at + STEPS[event.key]];
    if (at < 0 || !to) return;
    event.preventDefault();
    to.focus();
  }

  #redraw() {
    const { activeElement } = this.panel.getRootNode();
    const action = this.panel.contains(activeElement) ? activeElement.dataset.action : "";
    this.panel.replaceChildren(...this.#fill());
    if (action) this.panel.querySelector(`[data-action="${action}"]`)?.focus();
  }
}
