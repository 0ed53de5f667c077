// The clip beside another version of it: which of the two is seen and heard, and what differs.

import { compare } from "./compare.js";
import { replacingControls } from "./controls.js";
import { decodeClip, replacing } from "./model.js";

/** What is seen and heard: both with what differs, the clip (A), or the other version (B). */
export const TAKES = ["both", "a", "b"];

export class Comparison {
  /** @param ports `{ desk, transport, changed() }` */
  constructor(ports) {
    this.ports = ports;
    this.take = "both";
  }

  /** Take the other version as Python packs it; an empty one ends the comparison. */
  takeOther(packed) {
    if (packed === this.packed) return;
    this.packed = packed;
    const was = this.other;
    this.other = packed?.notes ? decodeClip(packed) : null;
    if (was || this.other) this.choose("both");
  }

  choose(take) {
    this.take = take;
    const { desk } = this.ports;
    const { parts, active } = desk;
    desk.away = this.other && take === "b" ? 'This is the other version; go back to "Now" to edit' : "";
    this.ports.transport.swapTo(this.other && take === "b" ? parts.with(active, this.other) : null);
    this.ports.changed();
  }

  /** Put the other version in the place of the clip, as an edit. */
  keep() {
    const { desk } = this.ports;
    const { other } = this;
    this.choose("a");
    const { notes, controls } = desk.clip;
    const facts = { length: other.length, loop: other.loop, bpm: other.bpm };
    desk.edit({ notes: replacing(notes, other.notes), controls: replacingControls(controls, other.controls), facts });
  }

  /** What the bar shows: `{ take, label }`; null where nothing is compared. */
  get state() {
    return this.other && { take: this.take, label: this.other.label };
  }

  /** What the roll draws beside the clip's own notes: `{ compared }`. */
  of(clip) {
    if (!this.other || this.take === "a") return { compared: null };
    if (this.take === "b") return { compared: null, clip: this.other };
    if (this.key !== clip.notes.start || this.known !== this.other) {
      [this.key, this.known] = [clip.notes.start, this.other];
      this.found = compare(this.other.notes, clip.notes);
    }
    return { compared: { before: this.other.notes, after: clip.notes, ...this.found } };
  }
}
