// A score as a stream of chunks, one after another, for where it is not played on the audio thread. Pure.

import { Player } from "./player.js";

export class Stream {
  constructor() {
    this.banks = new Map();
  }

  sounds({ name, ...bank }) {
    this.banks.set(name, bank);
    this.player?.take(name, bank);
  }

  /** Gives the first chunk of a score, and the anchor that tells its beats, counted from the chunk's first frame. */
  play({ score, from, rate, frames, turn }) {
    Object.assign(this, { player: this.#player(rate), turn, frame: 0 });
    this.player.play(score, { from });
    const { anchor } = this.player;
    return { ...this.more({ frames }), anchor };
  }

  /** Gives the chunk that follows, and whether the score ends in it. */
  more({ frames }) {
    const sides = [new Float32Array(frames), new Float32Array(frames)];
    const ended = this.player.process(...sides, this.frame);
    this.frame += frames;
    return { turn: this.turn, sides, ended };
  }

  /** One note by itself. */
  audition({ part, pitch, velocity, rate, frames }) {
    const player = this.#player(rate);
    player.audition(part, pitch, velocity);
    const sides = [new Float32Array(frames), new Float32Array(frames)];
    player.process(...sides, 0);
    return { alone: true, sides };
  }

  #player(rate) {
    const player = new Player(rate);
    for (const [name, bank] of this.banks) player.take(name, bank);
    return player;
  }
}
