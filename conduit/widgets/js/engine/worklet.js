// What runs on the audio thread; in a worker it renders a whole score instead. Joined and carried as text.

import { Player } from "./player.js";
import { COLUMNS } from "./rows.js";

if (globalThis.registerProcessor) {
  class Processor extends AudioWorkletProcessor {
    constructor({ processorOptions: { banks = [], score } = {} }) {
      super();
      this.player = new Player(sampleRate);
      this.arrays = new Map();
      this.port.onmessage = ({ data }) => this[data.type](data);
      for (const bank of banks) this.sounds(bank);
      if (score) this.player.play(score);
    }

    /** Arrays that are here already come as their numbers. */
    #whole(score) {
      const kept = new Map();
      const parts = score.parts.map((packed) => {
        const part = { ...packed };
        for (const name of COLUMNS) {
          const { number, rows } = packed[name];
          kept.set(number, rows ?? this.arrays.get(number));
          part[name] = kept.get(number);
        }
        return part;
      });
      this.arrays = kept;
      return { ...score, parts };
    }

    play({ score, from, at, turn }) {
      this.turn = turn;
      this.player.play(this.#whole(score), { from, at: Math.max(at, currentFrame) });
      this.#tell();
    }

    update({ score }) {
      this.player.update(this.#whole(score));
      this.#tell();
    }

    stop() {
      this.player.stop();
    }

    audition({ part, pitch, velocity }) {
      this.player.audition(part, pitch, velocity);
    }

    sounds({ name, zones, samples }) {
      this.player.take(name, { zones, samples });
    }

    #tell() {
      if (this.player.score) this.port.postMessage({ turn: this.turn, anchor: this.player.anchor, at: currentFrame });
    }

    process(_inputs, [[left, right]]) {
      if (this.player.process(left, right, currentFrame)) this.port.postMessage({ turn: this.turn, ended: true });
      return true;
    }
  }
  registerProcessor("conduit-engine", Processor);
} else {
  globalThis.onmessage = ({ data: { score, banks, rate, frames } }) => {
    const player = new Player(rate);
    for (const bank of banks) player.take(bank.name, bank);
    player.play(score);
    const sides = [new Float32Array(frames), new Float32Array(frames)];
    player.process(...sides, 0);
    globalThis.postMessage(sides, sides.map((side) => side.buffer));
  };
}
