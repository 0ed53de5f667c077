// One take at a time is heard: asked for from the kernel, and played with the page's own sound.

import { RECEIVED } from "../received.js";

const GONE = "The kernel that has this clip is gone. Run the cell again to hear it.";

export class Listening {
  /** @param ports `{ store, whenShared(fn), say(text), changed(), frame(share) }`: `share` 0-1 of the take, null where it ends */
  constructor(ports) {
    this.ports = ports;
    this.id = "";
    this.waiting = new Map();
  }

  /** Whether a take sounds, or is about to. */
  holds(id) {
    return this.id === id;
  }

  /** Hear a take from a share of it on; stop the one that sounds. */
  toggle(id, share = null) {
    if (this.id === id && share === null) return this.stop();
    if (this.ports.store.state === "gone" && !this.#known(id)) return this.ports.say(GONE);
    this.stop();
    this.id = id;
    this.from = share ?? 0;
    this.clipOf(id, (proxy) => this.id === id && this.#load(proxy));
    this.ports.changed();
  }

  /** A take's clip as a model, once the document has it. */
  #known(id) {
    const { store } = this.ports;
    const { clip } = store.get(id) ?? {};
    return clip && store.get(clip) ? store.clip(clip) : null;
  }

  /** Have a take's clip as a model; the kernel gives it when it is asked for. */
  clipOf(id, then) {
    const { store } = this.ports;
    const known = this.#known(id);
    if (known) return then(known);
    if (!this.waiting.has(id)) store.send({ type: "hear", take: id });
    this.waiting.set(id, [...(this.waiting.get(id) ?? []), then]);
  }

  /** A take differs: its clip may have come. */
  look(id) {
    const proxy = this.waiting.has(id) && this.#known(id);
    if (!proxy) return;
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    for (const then of waiting) then(proxy);
  }

  #load(proxy) {
    const { id } = this;
    this.ports.whenShared((shared) => this.id === id && !this.transport && this.#play(shared, proxy));
  }

  #play({ Transport, decodeClip }, proxy) {
    const parts = proxy.get("clips").map(decodeClip);
    if (!parts.length) return this.stop();
    this.hears = [proxy, (message, buffers) => message?.type === "sounds" && RECEIVED.sounds(null, message, buffers)];
    proxy.on("msg:custom", this.hears[1]);
    let length = parts[0].length;
    const transport = new Transport({
      changed: () => this.transport === transport && this.begun && !transport.playing && this.stop(),
      frame: (beat) => this.ports.frame(beat === null ? null : beat / length),
      say: this.ports.say,
      want: (names) => proxy.send({ type: "sounds", names }),
    }, proxy.get("playback"));
    this.transport = transport;
    transport.load(parts);
    length = transport.score.length;
    transport.play(this.from * length);
    this.begun = true;
  }

  stop() {
    const { transport } = this;
    Object.assign(this, { id: "", transport: null, begun: false });
    transport?.close();
    this.hears?.[0].off("msg:custom", this.hears[1]);
    this.hears = null;
    this.ports.frame(null);
    this.ports.changed();
  }

  close() {
    this.waiting.clear();
    this.stop();
  }
}
