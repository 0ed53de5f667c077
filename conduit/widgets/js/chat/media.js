// What stands beside the person's words: pictures, sounds and MIDI files.

import { element, icon } from "../element.js";

const isSound = (mime) => mime.startsWith("audio/") && !/midi?$/.test(mime);

/** An element that shows a medium, and what frees its bytes. */
export function mediumOf({ mime = "", name = "", data }) {
  const kind = mime.startsWith("image/") ? "image" : isSound(mime) ? "sound" : "file";
  if (kind === "file" || !data?.byteLength) return { root: element("span", { class: "cc-chip", title: mime }, icon("rows"), element("bdi", { text: name || "file" })), free: () => {} };
  const src = URL.createObjectURL(new Blob([data], { type: mime }));
  const free = () => URL.revokeObjectURL(src);
  if (kind === "sound") return { root: element("audio", { class: "cc-sound", controls: true, src, title: name, "aria-label": name }), free };
  return { root: element("img", { class: "cc-image", src, alt: name, title: name }), free };
}

/** The media of a turn, kept as long as they stay the same. */
export class Media {
  constructor(store) {
    this.store = store;
    this.shown = [];
    this.root = element("div", { class: "cc-media", hidden: true });
  }

  show(ids) {
    const key = ids.join(" ");
    if (key === this.key) return;
    this.key = key;
    this.close();
    this.shown = ids.map((id) => this.store.get(id)).filter(Boolean).map(mediumOf);
    this.root.replaceChildren(...this.shown.map(({ root }) => root));
    this.root.hidden = !this.shown.length;
  }

  close() {
    for (const { free } of this.shown) free();
    this.shown = [];
  }
}
