// How the clips are heard: told to Python, so that what is saved sounds so, and taken up where a view is shown again.

const TOLD_MS = 250;

/** What Python is told of a transport. */
const playbackOf = ({ tempo, swing, swingStep, sound, muted, soloed }) =>
  ({ tempo, swing, step: swingStep, sound, muted: [...muted], soloed: [...soloed] });

/** The fields of a transport that plays so. */
export const playedAs = ({ tempo = null, swing = 0.5, step = 0.5, sound = "gm", muted = [], soloed = [] }) =>
  ({ tempo, swing, swingStep: step, sound, muted: new Set(muted), soloed: new Set(soloed) });

export class Playback {
  constructor(transport, send) {
    Object.assign(this, { transport, send });
    this.told = this.#now;
  }

  get #now() {
    return JSON.stringify(playbackOf(this.transport));
  }

  /** The transport may have changed; a tempo that is dragged is told when it rests. */
  look() {
    clearTimeout(this.telling);
    if (this.#now !== this.told) this.telling = setTimeout(() => this.tell(), TOLD_MS);
  }

  /** Tell at once what has not been told. */
  tell() {
    this.close();
    if (this.#now === this.told) return;
    this.told = this.#now;
    this.send({ type: "playback", playback: playbackOf(this.transport) });
  }

  close() {
    clearTimeout(this.telling);
  }
}
