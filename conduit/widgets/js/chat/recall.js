// Earlier messages under the arrow keys, as in a shell: what was typed on the way is kept where it was typed.

export class Recall {
  /** @param earlier gives the texts of earlier messages, the oldest first */
  constructor(earlier) {
    this.earlier = earlier;
    this.end();
  }

  /** Whether an earlier message is in the input. */
  get isOpen() {
    return this.at < this.texts.length;
  }

  /** The text one step back (-1) or forward (1) from the one that stands in the input; null where there is none. */
  step(way, text) {
    if (!this.isOpen) {
      if (way > 0) return null;
      this.texts = this.earlier();
      this.at = this.texts.length;
    }
    const to = this.at + way;
    if (to < 0) return null;
    this.typed.set(this.at, text);
    this.at = to;
    return this.typed.get(to) ?? this.texts[to] ?? "";
  }

  /** What stands in the input is a draft again. */
  end() {
    this.texts = [];
    this.at = 0;
    this.typed = new Map();
  }
}
