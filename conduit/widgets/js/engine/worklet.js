// What runs on the audio thread; in a worker it gives chunks instead. Joined and carried as text.

import { Player } from "./player.js";
import { COLUMNS } from "./rows.js";
import { Stream } from "./stream.js";

if (globalThis.registerProcessor) {
  class Processor extends AudioWorkletProcessor {
    constructor({ processorOptions: { banks = [], score } = {} }) {
      super();
      this.player = new Player(sampleRate);
      this.arrays = new Map();
      this.port.onmessage = ({ data }) => this.#take(data);
      for (const bank of banks) this.sounds(bank);
      if (score) this.player.play(score);
    }

    /** Of an error in a message nobody would be told; one in `process` is told to the page. */
    #take(message) {
      try {
        this[message.type](message);
      } catch (error) {
        this.error = error;
      }
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
      if (this.error) throw this.error;
      if (this.player.process(left, right, currentFrame)) this.port.postMessage({ turn: this.turn, ended: true });
      return true;
    }
  }
  registerProcessor("conduit-engine", Processor);
} else {
  const stream = new Stream();
  globalThis.onmessage = ({ data }) => {
    const told = stream[data.type](data);
    if (told) globalThis.postMessage(told, told.sides.map((side) => side.buffer));
  };
}
