// A take of the tray and the clip that is in sight, one over the other, on a sheet over the conversation.

import { element } from "../element.js";
import { Comparing } from "./comparing.js";

/** Of the sheet without the notes: the bar, the ruler, two captions and its margins. */
const AROUND_PX = 160;

/** The clip that stands nearest to the middle of what is in sight: `{ clip, take, name }`; null where there is none. */
export function inView(store, panel) {
  const box = panel?.querySelector(".cc-scroll")?.getBoundingClientRect();
  if (!box) return null;
  const middle = (box.top + box.bottom) / 2;
  let nearest = null;
  for (const node of panel.querySelectorAll("[data-clip]")) {
    const { top, bottom } = node.getBoundingClientRect();
    if (bottom < box.top || top > box.bottom || !store.get(node.dataset.clip)?.facts) continue;
    const far = Math.max(top - middle, middle - bottom, 0);
    if (!nearest || far < nearest.far) nearest = { clip: node.dataset.clip, far };
  }
  return nearest && about(store, nearest.clip);
}

function about(store, clip) {
  const part = [...store.all().values()].find((item) => item.kind === "clip" && item.clip === clip);
  return { clip, take: part?.take ?? "", name: store.get(clip).facts.name || "the clip in view" };
}

export class CompareSheet {
  /** @param sides `{ a, b }`, each `{ clip, name }` */
  constructor(ctx, sides) {
    Object.assign(this, { ctx, sides });
    this.root = element("div", { class: "cc-sheet", role: "dialog", "aria-label": "Two takes compared", on: { keydown: (event) => this.#key(event) } });
  }

  /** Stand over what is in `place`; the focus goes in, and back when it is closed. */
  open(place) {
    const { a, b } = this.sides;
    this.opener = place.getRootNode().activeElement;
    place.append(this.root);
    const height = (place.clientHeight - AROUND_PX) / 2;
    this.comparing = new Comparing(this.ctx, { a: a.clip, b: b.clip }, { close: () => this.close(), height });
    this.root.append(this.comparing.root);
    this.comparing.call({ a: a.name, b: b.name });
    this.comparing.focus();
  }

  #key(event) {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    this.close();
  }

  close() {
    const held = this.root.contains(this.root.getRootNode().activeElement);
    this.comparing?.close();
    this.root.remove();
    if (held) this.opener?.focus({ preventScroll: true });
  }
}
