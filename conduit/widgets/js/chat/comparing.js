// Two clips of the panel, one over the other, as long as they are compared: whatever becomes of either is seen.

import { element } from "../element.js";
import { RECEIVED } from "../received.js";
import { TwoRolls } from "./two_rolls.js";

const SIDES = ["a", "b"];

export class Comparing {
  /**
   * @param clips `{ a, b }`: the ids of both clips
   * @param options `{ close(), height }`: what the cross asks for, and the height of the notes of each in CSS pixels
   */
  constructor(ctx, clips, { close, height }) {
    Object.assign(this, { ctx, names: {} });
    this.root = element("div", { class: "cc-comparing" });
    this.proxies = SIDES.map((side) => ctx.store.clip(clips[side]));
    this.changed = () => this.#show();
    this.heard = (message, buffers) => message?.type === "sounds" && RECEIVED.sounds(null, message, buffers);
    for (const proxy of this.proxies) {
      proxy.on("change:clips", this.changed);
      proxy.on("msg:custom", this.heard);
    }
    ctx.whenShared((shared) => !this.closed && this.#make(shared, close, height));
  }

  #make(shared, close, height) {
    this.shared = shared;
    shared.wear?.(this.root);
    const want = (names) => this.proxies[0].send({ type: "sounds", names });
    this.view = new TwoRolls(shared, { say: (text) => this.ctx.say(text), want, close }, height);
    this.root.append(this.view.root);
    this.#show();
    if (this.wanted) this.focus();
  }

  /** @param names `{ a, b }`: what the two are called */
  call(names) {
    this.names = names;
    this.#show();
  }

  #show() {
    const packed = this.proxies.map((proxy) => proxy.get("clips")[0]);
    if (!this.view || !packed.every(Boolean)) return;
    const [a, b] = packed.map((one) => this.shared.decodeClip(one));
    this.view.show({ a, b }, { a: this.names.a || a.name || "A", b: this.names.b || b.name || "B" });
  }

  /** Take the focus, at once or when it can be seen. */
  focus() {
    this.wanted = true;
    this.view?.root.focus({ preventScroll: true });
  }

  close() {
    this.closed = true;
    for (const proxy of this.proxies) {
      proxy.off("change:clips", this.changed);
      proxy.off("msg:custom", this.heard);
    }
    this.view?.close();
    this.root.remove();
  }
}
