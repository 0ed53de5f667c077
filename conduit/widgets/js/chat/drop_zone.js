// Where a take that is dragged can be dropped: the target's slot, and a track of its own.

import { element } from "../element.js";

export class DropZone {
  /** @param {(id: string, place: object) => void} take told what was dropped where */
  constructor(take) {
    this.take = take;
    this.root = element("div", { class: "cc-zone", hidden: true });
  }

  /** Show places (as `placesOf` gives them) while the take `id` is dragged; null hides them. */
  show(places, id) {
    // A page that changes as a drag begins ends it.
    clearTimeout(this.showing);
    if (!places) this.root.hidden = true;
    else this.showing = setTimeout(() => this.#fill(places, id));
  }

  #fill(places, id) {
    this.root.replaceChildren(...places.map((place) => this.#place(place, id)));
    this.root.hidden = false;
  }

  #place(place, id) {
    const over = (event) => {
      if (place.why) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      made.toggleAttribute("data-over", true);
    };
    const drop = (event) => {
      event.preventDefault();
      event.stopPropagation();
      this.root.hidden = true;
      if (!place.why) this.take(id, place);
    };
    const made = element(
      "div", { class: "cc-drop", "aria-disabled": place.why ? "true" : null, on: { dragenter: over, dragover: over, dragleave: () => made.removeAttribute("data-over"), drop } },
      element("span", { class: "cc-drop-text", text: place.text }), element("span", { class: "cc-drop-note", text: place.why || place.label }),
    );
    return made;
  }
}
