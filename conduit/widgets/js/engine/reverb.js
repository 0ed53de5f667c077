// A small room: eight delay lines that feed each other through a Hadamard matrix (Jot and Chaigne, 1991).

const LINES_MS = [29.7, 34.1, 37.9, 42.3, 47.1, 52.9, 58.1, 64.3];
const RINGS_S = 1.3;
const SILENT_AFTER_S = 3 * RINGS_S;
const DULL = 0.32;

export class Reverb {
  constructor(rate) {
    this.lines = LINES_MS.map((ms) => new Float32Array(Math.round((ms / 1000) * rate)));
    this.keep = this.lines.map((line) => 10 ** ((-3 * line.length) / (RINGS_S * rate)) / Math.sqrt(8));
    this.at = new Int32Array(8);
    this.taps = new Float64Array(8);
    this.dulled = new Float64Array(8);
    this.left = 0;
    this.right = 0;
    this.lasts = SILENT_AFTER_S * rate;
    this.rest = 0;
  }

  clear() {
    for (const line of this.lines) line.fill(0);
    this.dulled.fill(0);
  }

  /** Add what comes back of `send` to both sides; a room that has fallen silent rests. */
  add(left, right, send, count) {
    let heard = 0;
    for (let i = 0; i < count; i += 1) heard += Math.abs(send[i]);
    this.rest = heard > 0 ? this.lasts : this.rest - count;
    if (!(this.rest > 0)) return;
    for (let i = 0; i < count; i += 1) {
      this.feed(send[i]);
      left[i] += this.left;
      right[i] += this.right;
    }
  }

  /** Take one sample in; `left` and `right` then hold what comes back. */
  feed(sample) {
    const { taps, dulled, lines, at } = this;
    for (let k = 0; k < 8; k += 1) {
      dulled[k] += (lines[k][at[k]] - dulled[k]) * (1 - DULL);
      taps[k] = dulled[k];
    }
    this.left = taps[0] + taps[2] - taps[4] + taps[6];
    this.right = taps[1] - taps[3] + taps[5] + taps[7];
    for (let width = 1; width < 8; width *= 2) {
      for (let k = 0; k < 8; k += 1) {
        if (k & width) continue;
        const [a, b] = [taps[k], taps[k + width]];
        taps[k] = a + b;
        taps[k + width] = a - b;
      }
    }
    for (let k = 0; k < 8; k += 1) {
      lines[k][at[k]] = taps[k] * this.keep[k] + (k & 1 ? -sample : sample) * 0.5;
      at[k] = at[k] + 1 === lines[k].length ? 0 : at[k] + 1;
    }
  }
}
