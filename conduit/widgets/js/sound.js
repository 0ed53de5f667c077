// One sound engine a page, shared by every widget through globalThis: one AudioContext, one clip at a time.
//
// Notes become events on sample frames and are played and looped inside an audio worklet, so that a busy page
// cannot make them late. Where there is no worklet (an origin that is not secure) the same synthesizer renders
// into a buffer, in a worker, and the buffer loops. Rendered sound from Python plays the same way.

import synthesizer from "./worklet.js";

const KEY = "__conduit_v1";
const NODE = "conduit-synth-v1";
const LEAD_S = 0.04;
const EVENT_FIELDS = 4;

/** The page's engine, made by whoever asks first. */
export const engine = () => (globalThis[KEY] ??= new Engine());

/** Events of a clip as sample frames, `[start, duration, pitch, velocity]` each, cut at the clip's end. Pure. */
export function schedule(notes, { length, bpm }, rate) {
  const frames = (beats) => Math.round((beats * 60 * rate) / bpm);
  const loopFrames = Math.max(1, frames(length));
  const events = [];
  for (let i = 0; i < notes.count; i += 1) {
    const start = frames(notes.start[i]);
    if (notes.muted[i] || start >= loopFrames) continue;
    const end = Math.min(loopFrames, frames(notes.start[i] + notes.duration[i]));
    events.push(start, Math.max(1, end - start), notes.pitch[i], notes.velocity[i]);
  }
  return { events: Int32Array.from(events), loopFrames };
}

export { EVENT_FIELDS };

class Engine {
  schedule = schedule;

  /** The shared context, made at the first sound; call it inside a click. */
  get context() {
    if (!this.shared) {
      this.shared = new AudioContext({ latencyHint: "interactive" });
      this.meter = new AnalyserNode(this.shared, { fftSize: 2048 });
      this.meter.connect(this.shared.destination);
    }
    return this.shared;
  }

  /** A worklet node that plays `job` from frame 0 of its context; also for an OfflineAudioContext. */
  async createNode(context, job) {
    await this.#load(context);
    return new AudioWorkletNode(context, NODE, {
      numberOfInputs: 0,
      outputChannelCount: [2],
      processorOptions: { job },
    });
  }

  async #load(context) {
    const url = URL.createObjectURL(new Blob([synthesizer], { type: "text/javascript" }));
    await context.audioWorklet.addModule(url);
    URL.revokeObjectURL(url);
  }

  /**
   * Play for an owner, and stop whoever played before.
   *
   * @param owner `{ stopped() }`, told when its sound ends for any reason
   * @param job `{ events, loopFrames, instrument, loop, from }`, frames at the context's rate
   * @param pcm an AudioBuffer to play instead of the events, its first `loopFrames` being the loop
   */
  async play(owner, job, pcm = null) {
    this.stop();
    const { context } = this;
    const turn = (this.turn = (this.turns = (this.turns ?? 0) + 1));
    this.owner = owner;
    this.job = { ...job, turn };
    await Promise.race([context.resume(), new Promise((done) => setTimeout(done, 500))]);
    const source = pcm ?? (await this.#worklet()) ?? (await renderInWorker(context, job));
    if (this.turn !== turn) return;
    this.startsAt = context.currentTime + LEAD_S;
    if (source instanceof AudioBuffer) this.#playBuffer(source, job);
    else source.port.postMessage({ type: "play", job: this.job, at: Math.round(this.startsAt * context.sampleRate) });
  }

  /** Gives the worklet's node, or null where a page has none or forbids it: then a worker renders. */
  async #worklet() {
    if (!this.context.audioWorklet) return null;
    this.ready ??= this.createNode(this.context).then((node) => {
      node.connect(this.meter);
      // An end that is heard late belongs to an earlier turn.
      node.port.onmessage = ({ data }) => data === this.turn && this.#ended();
      return node;
    }, () => null);
    this.node = await this.ready;
    return this.node;
  }

  /** The first pass as it is, then a loop that begins with the tail of the pass before. */
  #playBuffer(buffer, { loopFrames, loop, from }) {
    const rate = this.context.sampleRate;
    const first = new AudioBufferSourceNode(this.context, { buffer });
    first.connect(this.meter);
    const offset = from / rate;
    const lasts = loopFrames / rate - offset;
    this.sources = [first];
    if (loop) {
      first.start(this.startsAt, offset, lasts);
      const again = new AudioBufferSourceNode(this.context, { buffer: folded(this.context, buffer, loopFrames), loop: true });
      again.connect(this.meter);
      again.start(this.startsAt + lasts);
      this.sources.push(again);
    } else {
      first.start(this.startsAt, offset);
      first.onended = () => this.sources?.includes(first) && this.#ended();
    }
  }

  /** New notes for the clip that is playing; they sound from the next block on. */
  swap(owner, job) {
    if (this.owner !== owner || this.sources) return;
    this.job = { ...this.job, ...job };
    this.node?.port.postMessage({ type: "swap", job });
  }

  /** Stop, if it is this owner's sound (or whoever's, without one). */
  stop(owner = this.owner) {
    if (!this.owner || this.owner !== owner) return;
    this.node?.port.postMessage({ type: "stop" });
    for (const source of this.sources ?? []) source.stop();
    this.#ended();
  }

  #ended() {
    const { owner } = this;
    Object.assign(this, { owner: null, sources: null, startsAt: undefined, turn: null });
    owner?.stopped();
  }

  /** Frames from the clip's start that are heard now; null when this owner does not play. */
  frame(owner) {
    if (this.owner !== owner || this.startsAt === undefined) return null;
    const { currentTime, sampleRate, outputLatency = 0 } = this.context;
    const played = Math.max(0, (currentTime - outputLatency - this.startsAt) * sampleRate);
    const { from, loopFrames, loop } = this.job;
    return loop ? (from + played) % loopFrames : Math.min(from + played, loopFrames);
  }

  /** The peak level now, 0-1, for meters and tests. */
  level() {
    if (!this.meter) return 0;
    const wave = new Float32Array(this.meter.fftSize);
    this.meter.getFloatTimeDomainData(wave);
    return wave.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0);
  }
}

/** A loop whose start holds what still rings from its end. */
function folded(context, buffer, loopFrames) {
  const made = new AudioBuffer({ length: loopFrames, numberOfChannels: buffer.numberOfChannels, sampleRate: context.sampleRate });
  for (let channel = 0; channel < buffer.numberOfChannels; channel += 1) {
    const from = buffer.getChannelData(channel);
    const to = made.getChannelData(channel);
    to.set(from.subarray(0, loopFrames));
    const tail = Math.min(from.length - loopFrames, loopFrames);
    for (let i = 0; i < tail; i += 1) to[i] += from[loopFrames + i];
  }
  return made;
}

/** The synthesizer in a worker, where there is no worklet. */
function renderInWorker(context, job) {
  const url = URL.createObjectURL(new Blob([synthesizer], { type: "text/javascript" }));
  const worker = new Worker(url);
  return new Promise((done, failed) => {
    worker.onerror = failed;
    worker.onmessage = ({ data: [left, right] }) => {
      const buffer = new AudioBuffer({ length: left.length, numberOfChannels: 2, sampleRate: context.sampleRate });
      buffer.copyToChannel(left, 0);
      buffer.copyToChannel(right, 1);
      done(buffer);
    };
    worker.postMessage({ job: { ...job, from: 0 }, rate: context.sampleRate });
  }).finally(() => {
    worker.terminate();
    URL.revokeObjectURL(url);
  });
}
