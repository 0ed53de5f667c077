// What runs on the audio thread; in a worker it renders a whole clip instead. Joined and carried as text.

import { Player } from "./player.js";

const TAIL_S = 3;

if (globalThis.registerProcessor) {
  class Processor extends AudioWorkletProcessor {
    constructor({ processorOptions }) {
      super();
      this.player = new Player(sampleRate);
      this.port.onmessage = ({ data }) => this.receive(data);
      if (processorOptions?.job) this.player.play(processorOptions.job, 0);
    }

    receive({ type, job, at }) {
      if (type === "play") {
        this.turn = job.turn;
        this.player.play(job, at);
      } else if (type === "swap") this.player.swap(job);
      else this.player.stop();
    }

    process(_inputs, [[left, right]]) {
      if (this.player.process(left, right, currentFrame)) this.port.postMessage(this.turn);
      return true;
    }
  }
  registerProcessor("conduit-synth-v1", Processor);
} else {
  globalThis.onmessage = ({ data: { job, rate } }) => {
    const player = new Player(rate);
    player.play({ ...job, loop: false }, 0);
    const length = job.loopFrames + TAIL_S * rate;
    const sides = [new Float32Array(length), new Float32Array(length)];
    player.process(...sides, 0);
    globalThis.postMessage(sides, sides.map((side) => side.buffer));
  };
}
