// How high the panel is: in a cell's output a height of its own, which a handle changes; where it has a place to
// itself, all of that.

import { element } from "../element.js";

const LEAST_PX = 320;
const STEP_PX = 32;
const NARROW_PX = 560;
const WIDE_PX = 900;
/** Places of JupyterLab that a panel may have to itself: a sidecar, and a view of an output. */
const ALONE = ".jupyterlab-sidecar, .jp-LinkedOutputView, .jp-MainAreaWidget > .jp-OutputArea, [data-conduit-fill]";

export class Size {
  constructor(root, el) {
    Object.assign(this, { root, el });
    this.grip = element("div", {
      class: "cc-grip", role: "separator", "aria-orientation": "horizontal", "aria-label": "Height of the panel", tabindex: 0, "aria-valuemin": LEAST_PX, "aria-valuenow": 720,
      on: { pointerdown: (event) => this.#drag(event), keydown: (event) => this.#step(event) },
    });
    root.append(this.grip);
    this.sizes = new ResizeObserver(() => this.#fit());
    this.sizes.observe(root);
    if (el.parentElement) this.sizes.observe(el.parentElement);
  }

  #fit() {
    const { root } = this;
    const width = root.clientWidth;
    if (!width) return;
    const alone = root.closest(ALONE);
    root.toggleAttribute("data-alone", Boolean(alone));
    if (alone) this.#fill(alone);
    root.toggleAttribute("data-narrow", width < NARROW_PX);
    root.toggleAttribute("data-wide", width >= WIDE_PX);
    this.grip.setAttribute("aria-valuenow", String(root.clientHeight));
    const scroller = root.querySelector(".cc-scroll");
    root.style.setProperty("--cc-gutter", `${scroller.offsetWidth - scroller.clientWidth}px`); // the input keeps to the column
  }

  /** As high as what it stands in: hosts lay out between the two without a height. */
  #fill(alone) {
    if (alone !== this.alone) this.sizes.observe(this.alone = alone);
    const height = `${Math.max(LEAST_PX, alone.clientHeight - 16)}px`;
    if (this.root.style.height !== height) this.root.style.height = height;
  }

  #set(height) {
    this.root.style.height = `${Math.max(LEAST_PX, Math.round(height))}px`;
  }

  #drag(event) {
    event.preventDefault();
    const from = event.clientY - this.root.offsetHeight;
    const stop = new AbortController();
    const listen = (type, act) => this.grip.addEventListener(type, act, { signal: stop.signal });
    this.grip.setPointerCapture(event.pointerId);
    listen("pointermove", ({ clientY }) => this.#set(clientY - from));
    for (const type of ["pointerup", "pointercancel"]) listen(type, () => stop.abort());
  }

  #step(event) {
    const by = { ArrowDown: STEP_PX, ArrowUp: -STEP_PX }[event.key];
    if (!by) return;
    event.preventDefault();
    this.#set(this.root.offsetHeight + by);
  }

  close() {
    this.sizes.disconnect();
  }
}
