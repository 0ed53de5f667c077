// One sound engine a page, shared by every widget through a global: one AudioContext, one owner that plays.
//
// A score is played and looped inside an audio worklet, so that a busy page cannot make a note late. Where there is
// no worklet the same synthesizer plays in a worker, some seconds ahead.

import { Buffered } from "./buffered.js";
import { complete, heard } from "./clock.js";
import { soundName } from "./names.js";
import { COLUMNS, NO_ROWS } from "./rows.js";
import code from "./worklet.js";

const NODE = "conduit-engine";
const LEAD_S = 0.03;
const RESUME_MS = 1500;
const ASK_AGAIN_MS = 15_000;

const NOT_YET = "The browser does not play sound in this tab yet: click the page, then press play again";
const BROKE = "The sound broke off: press play to start it again";

/** Load the synthesizer. A page of a file may not load a blob here, but it may load an address that holds the code. */
async function load(worklet) {
  const held = `data:text/javascript;charset=utf-8,${encodeURIComponent(code)}`;
  if (globalThis.origin === "null") return worklet.addModule(held);
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  await worklet.addModule(url).catch(() => worklet.addModule(held)).finally(() => URL.revokeObjectURL(url));
}

const names = (parts) => [...new Set(parts.filter(({ sound }) => sound === "gm").map(soundName))];

export class Engine {
  constructor() {
    Object.assign(this, { owner: null, score: null, turn: 0, anchors: [], banks: new Map(), asked: new Map() });
    Object.assign(this, { numbers: new WeakMap(), number: 0, there: new Set(), loaded: new WeakMap(), restsAfter_ms: 30_000 });
  }

  /** The shared context, made at the first sound; call it inside a click. */
  get context() {
    if (!this.shared) {
      this.shared = new AudioContext({ latencyHint: "interactive" });
      this.meter = new AnalyserNode(this.shared, { fftSize: 2048 });
      this.meter.connect(this.shared.destination);
    }
    return this.shared;
  }

  /** A worklet node that plays a score from frame 0 of its context; also for an OfflineAudioContext. */
  async createNode(context, score) {
    if (!this.loaded.has(context)) this.loaded.set(context, load(context.audioWorklet));
    await this.loaded.get(context);
    const banks = score ? this.#banksFor(score) : [...this.banks.values()];
    const options = { numberOfInputs: 0, outputChannelCount: [2] };
    return new AudioWorkletNode(context, NODE, { ...options, processorOptions: { score, banks } });
  }

  /**
   * Play a score for an owner, and stop whoever else played.
   *
   * @param owner `{ stopped(why) }`, told when its sound ends and it did not ask for that itself by playing again; `why`
   *   is a line for a person where something has gone wrong
   * @param score as in `complete`, with `parts`; all times in beats
   */
  async play(owner, score, { from = 0 } = {}) {
    if (this.owner !== owner) this.stop();
    const turn = (this.turn += 1);
    Object.assign(this, { owner, score, from, anchors: [] });
    await this.#wake();
    if (this.turn !== turn) return;
    if (this.context.state !== "running") return this.#ended(NOT_YET);
    const node = await this.#worklet();
    if (this.turn !== turn) return;
    this.begun = turn;
    if (!node) return this.#playBuffered();
    const at = Math.ceil((this.context.currentTime + LEAD_S) * this.context.sampleRate);
    node.port.postMessage({ type: "play", turn, from, at, score: this.#packed(this.score) });
  }

  /** A context that may not run yet neither resumes nor says so. */
  #wake() {
    clearTimeout(this.resting);
    return Promise.race([this.context.resume().catch(() => {}), new Promise((done) => setTimeout(done, RESUME_MS))]);
  }

  /** A page that has been silent for a while gives the sound card back. */
  #restLater() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => !this.owner && this.shared?.suspend().catch(() => {}), this.restsAfter_ms);
  }

  /** Gives the worklet's node, or null where a page has none or forbids it. */
  async #worklet() {
    if (!this.context.audioWorklet) return null;
    const before = new Set(this.banks.values());
    this.ready ??= this.createNode(this.context).then((node) => {
      for (const bank of this.banks.values()) if (!before.has(bank)) node.port.postMessage({ type: "sounds", ...bank });
      node.connect(this.meter);
      node.onprocessorerror = () => this.#broke(node);
      node.port.onmessage = ({ data }) => data.turn === this.turn && this.owner && this.#hear(data);
      return node;
    }, () => null);
    this.node = await this.ready;
    return this.node;
  }

  /** A processor that has thrown is silent for ever; the next sound makes another. */
  #broke(node) {
    node.disconnect();
    Object.assign(this, { ready: null, node: null, there: new Set() });
    this.#ended(BROKE);
  }

  /** What the audio thread tells of its turn: where beats lie from a frame on, or that it has ended. */
  #hear({ anchor, at, ended }) {
    if (ended) this.#ended();
    else this.anchors.push({ ...anchor, at });
  }

  /** Arrays that the worklet has already go as numbers only. */
  #packed(score) {
    const there = new Set();
    const parts = score.parts.map((part) => {
      const packed = { ...part };
      for (const name of COLUMNS) {
        const rows = part[name] ?? NO_ROWS;
        if (!this.numbers.has(rows)) this.numbers.set(rows, (this.number += 1));
        const number = this.numbers.get(rows);
        packed[name] = this.there.has(number) || there.has(number) ? { number } : { number, rows };
        there.add(number);
      }
      return packed;
    });
    this.there = there;
    return { ...score, parts };
  }

  /** What plays where there is no worklet; also for an OfflineAudioContext, when it is to reach as far `ahead_s`. */
  createBuffered(context, out, options) {
    const banksFor = (score) => this.#banksFor(score);
    const ended = (why) => this.owner && this.#ended(why);
    return new Buffered(context, { code, out, banksFor, ended, broke: () => ended(BROKE) }, options);
  }

  #withoutWorklet() {
    return (this.buffered ??= this.createBuffered(this.context, this.meter));
  }

  async #playBuffered() {
    const { turn } = this;
    const anchor = await this.#withoutWorklet().play(complete(this.score), this.from);
    if (anchor && this.turn === turn) this.anchors = [{ ...anchor, at: 0 }];
  }

  /** Another score for what is playing; it keeps its place and sounds from the next block on. */
  update(owner, score) {
    if (this.owner !== owner) return;
    this.score = score;
    if (this.begun !== this.turn) return;
    if (!this.node) {
      this.from = this.beat(owner) ?? this.from;
      this.#playBuffered();
    } else this.node.port.postMessage({ type: "update", score: this.#packed(score) });
  }

  /** Stop, if it is this owner's sound (or whoever's, without one). */
  stop(owner = this.owner) {
    if (!this.owner || this.owner !== owner) return;
    this.node?.port.postMessage({ type: "stop" });
    this.buffered?.stop();
    this.#ended();
  }

  #ended(why) {
    const { owner } = this;
    Object.assign(this, { owner: null, score: null, anchors: [], turn: this.turn + 1 });
    this.#restLater();
    owner?.stopped(why);
  }

  /** The beat that is heard now; null when this owner does not play, or is not heard yet. */
  beat(owner) {
    if (this.owner !== owner || !this.anchors.length) return null;
    const { currentTime, sampleRate, outputLatency = 0 } = this.context;
    const frame = (currentTime - outputLatency) * sampleRate;
    while (this.anchors.length > 1 && this.anchors[1].at <= frame) this.anchors.shift();
    return heard(this.anchors[0], frame);
  }

  /** One short note at once; it does not matter who plays. */
  async audition(part, pitch, velocity = 96) {
    await this.#wake();
    if (this.context.state !== "running") return;
    const node = await this.#worklet();
    if (node) node.port.postMessage({ type: "audition", part, pitch, velocity });
    else this.#withoutWorklet().audition(part, pitch, velocity);
    this.#restLater();
  }

  /** Whether a sampled sound is here. */
  has(name) {
    return this.banks.has(name);
  }

  /** Whether every part that asks for a sampled sound has it. */
  sampled(parts) {
    return names(parts).every((name) => this.has(name));
  }

  /** The sounds of parts that are not here and that nobody has asked for a while ago; now they are asked for. */
  lacking(parts, now = performance.now()) {
    const wanted = names(parts).filter((name) => !this.has(name) && !(now - this.asked.get(name) < ASK_AGAIN_MS));
    for (const name of wanted) this.asked.set(name, now);
    return wanted;
  }

  /** Take in a sampled sound: its zones, and its samples as int16 whatever holds the bytes. */
  takeSounds(name, zones, samples) {
    const bytes = new Uint8Array(samples.buffer ?? samples, samples.byteOffset ?? 0, samples.byteLength & ~1);
    const bank = { name, zones, samples: new Int16Array(bytes.slice().buffer) };
    this.banks.set(name, bank);
    this.node?.port.postMessage({ type: "sounds", ...bank });
    if (this.buffered && this.score) this.update(this.owner, this.score);
    dispatchEvent(new Event("conduit-sound"));
  }

  #banksFor({ parts }) {
    return names(parts).flatMap((name) => this.banks.get(name) ?? []);
  }

  /** Stop for good. */
  close() {
    this.stop();
    clearTimeout(this.resting);
    this.buffered?.close();
    this.shared?.close();
  }

  /** The peak level now, 0-1, for meters and tests. */
  level() {
    if (!this.meter) return 0;
    const wave = new Float32Array(this.meter.fftSize);
    this.meter.getFloatTimeDomainData(wave);
    return wave.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0);
  }
}
