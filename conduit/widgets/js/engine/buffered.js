// Where a page has no audio worklet (an origin that is not secure): a worker plays the score into chunks, and each is put
// on the frame where the one before it ends, some seconds ahead. The worker keeps the time as the worklet does.

const TAIL_S = 3;
const LEAD_S = 0.04;
const FADE_S = 0.006;
const AUDITION_S = 2;

export class Buffered {
  /** @param ports `{ code, out, banksFor(score), ended(), broke() }` */
  constructor(context, ports, { ahead_s = 4, chunk_s = 0.25 } = {}) {
    Object.assign(this, { context, ports, ahead_s, frames: Math.round(chunk_s * context.sampleRate), sources: new Set() });
    Object.assign(this, { given: new Set(), turn: 0, began: null });
  }

  get #rate() {
    return this.context.sampleRate;
  }

  /** Resolves when the sound is due, to the anchor that tells its beat; null if something else was asked meanwhile. */
  play(score, from) {
    this.#turnOver();
    this.#ask("play", { score, from, turn: this.turn, frames: this.frames }, score);
    return new Promise((began) => { this.began = began; });
  }

  /** One note at once, beside whatever plays. */
  audition(part, pitch, velocity) {
    this.#ask("audition", { part, pitch, velocity, frames: AUDITION_S * this.#rate }, { parts: [part] });
  }

  stop() {
    this.#turnOver();
    this.#silence(this.context.currentTime + FADE_S);
  }

  close() {
    this.stop();
    this.worker?.terminate();
    this.worker = null;
    this.given.clear();
  }

  /** What was asked before is of no interest any more. */
  #turnOver() {
    this.turn += 1;
    this.began?.(null);
    Object.assign(this, { began: null, asking: false });
  }

  /** Ask the worker, which gets the sounds of a score before the first that needs them. */
  #ask(type, message, score) {
    this.worker ??= this.#hire();
    for (const bank of score ? this.ports.banksFor(score) : []) {
      if (!this.given.has(bank)) this.worker.postMessage({ type: "sounds", ...bank });
      this.given.add(bank);
    }
    this.worker.postMessage({ type, ...message, rate: this.#rate });
  }

  #hire() {
    const url = URL.createObjectURL(new Blob([this.ports.code], { type: "text/javascript" }));
    const worker = new Worker(url);
    worker.onerror = () => {
      this.close();
      this.ports.broke();
    };
    worker.onmessage = ({ data }) => {
      URL.revokeObjectURL(url);
      if (data.alone) this.#source(data.sides, this.ports.out).start();
      else if (data.turn === this.turn) this.#take(data);
    };
    return worker;
  }

  #take({ sides, anchor, ended }) {
    this.asking = false;
    if (anchor) this.#begin(anchor);
    this.#schedule(this.#source(sides, this.out), ended);
    this.next += sides[0].length;
    if (ended) this.last = this.next + TAIL_S * this.#rate;
    this.#fill();
  }

  /** What played before plays until the first chunk is due. */
  #begin(anchor) {
    const frame = Math.ceil((this.context.currentTime + LEAD_S) * this.#rate);
    this.#silence(frame / this.#rate);
    this.out = new GainNode(this.context);
    this.out.connect(this.ports.out);
    Object.assign(this, { next: frame, last: Infinity });
    this.began({ ...anchor, frame: frame + anchor.frame });
    this.began = null;
  }

  /** A chunk that comes late is joined where it would be by now. */
  #schedule(source, ended) {
    const { turn } = this;
    const due = this.next / this.#rate;
    const late = this.context.currentTime - due;
    source.onended = () => {
      this.sources.delete(source);
      if (turn !== this.turn) return;
      if (ended) this.ports.ended();
      this.#fill();
    };
    this.sources.add(source);
    if (late > 0) source.start(0, late);
    else source.start(due);
  }

  /** Ask for one chunk more while those that are there do not reach far enough ahead. */
  #fill() {
    const far = Math.min(this.last, (this.context.currentTime + this.ahead_s) * this.#rate);
    if (this.asking || this.next >= far) return;
    this.asking = true;
    this.#ask("more", { frames: this.frames });
  }

  #silence(until) {
    this.out?.gain.setTargetAtTime(0, until - FADE_S, FADE_S / 4);
    for (const source of this.sources) source.stop(until);
    this.sources.clear();
  }

  #source(sides, out) {
    const buffer = new AudioBuffer({ length: sides[0].length, numberOfChannels: 2, sampleRate: this.#rate });
    sides.forEach((side, channel) => buffer.copyToChannel(side, channel));
    const source = new AudioBufferSourceNode(this.context, { buffer });
    source.connect(out);
    return source;
  }
}
