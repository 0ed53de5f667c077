// Where a page has no audio worklet (an origin that is not secure): a worker renders the score, and buffers play it.
// A loop is a second buffer that begins with what still rings from its end.

import { endOf } from "./clock.js";

const TAIL_S = 3;
const LEAD_S = 0.04;

export class Buffered {
  /** @param ports `{ code, out, banksFor(score), ended() }` */
  constructor(context, ports) {
    Object.assign(this, { context, ports, sources: [], turn: 0 });
  }

  /** Resolves when the sound is due, to the anchor that tells its beat; null if something else was asked meanwhile. */
  async play(score, from) {
    const turn = (this.turn += 1);
    const rate = this.context.sampleRate;
    const perBeat = (60 * rate) / score.bpm;
    const end = endOf(score, from);
    const buffer = await this.#render({ ...score, loop: null, length: end }, Math.ceil(end * perBeat + TAIL_S * rate));
    if (this.turn !== turn) return null;
    this.#stop();
    const startsAt = this.context.currentTime + LEAD_S;
    const lasts = ((end - from) * perBeat) / rate;
    const first = this.#source(buffer);
    first.start(startsAt, (from * perBeat) / rate, score.loop ? lasts : undefined);
    if (score.loop) {
      const frames = score.loop.map((beat) => Math.round(beat * perBeat));
      const again = this.#source(this.#folded(buffer, ...frames));
      again.loop = true;
      again.start(startsAt + lasts);
    } else first.onended = () => this.sources.includes(first) && this.ports.ended();
    return { beat: from, frame: startsAt * rate, perBeat, loop: score.loop, end };
  }

  /** One note at once, beside whatever plays. */
  async audition(part, pitch, velocity) {
    const score = { bpm: 60, length: 1, parts: [{ ...part, events: Float64Array.of(0, 0.35, pitch, velocity, 1) }] };
    const source = new AudioBufferSourceNode(this.context, { buffer: await this.#render(score, 2 * this.context.sampleRate) });
    source.connect(this.ports.out);
    source.start();
  }

  stop() {
    this.turn += 1;
    this.#stop();
  }

  #stop() {
    const sources = this.sources.splice(0);
    for (const source of sources) source.stop();
  }

  #source(buffer) {
    const source = new AudioBufferSourceNode(this.context, { buffer });
    source.connect(this.ports.out);
    this.sources.push(source);
    return source;
  }

  #folded(buffer, from, to) {
    const made = new AudioBuffer({ length: to - from, numberOfChannels: 2, sampleRate: buffer.sampleRate });
    for (const channel of [0, 1]) {
      const all = buffer.getChannelData(channel);
      const folded = made.getChannelData(channel);
      folded.set(all.subarray(from, to));
      const tail = all.subarray(to, to + folded.length);
      for (let i = 0; i < tail.length; i += 1) folded[i] += tail[i];
    }
    return made;
  }

  #render(score, frames) {
    const { sampleRate: rate } = this.context;
    const url = URL.createObjectURL(new Blob([this.ports.code], { type: "text/javascript" }));
    const worker = new Worker(url);
    return new Promise((done, failed) => {
      worker.onerror = failed;
      worker.onmessage = ({ data: sides }) => {
        const buffer = new AudioBuffer({ length: frames, numberOfChannels: 2, sampleRate: rate });
        sides.forEach((side, channel) => buffer.copyToChannel(side, channel));
        done(buffer);
      };
      worker.postMessage({ score, banks: this.ports.banksFor(score), rate, frames });
    }).finally(() => {
      worker.terminate();
      URL.revokeObjectURL(url);
    });
  }
}
