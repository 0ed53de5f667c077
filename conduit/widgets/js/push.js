// The row that sends the clip to a slot of Live, or of the simulated set, and says which of the two it is.

import { button, element, setText } from "./element.js";

const NEW_TRACK = "new";

export class Push {
  /** @param {(intent: object) => void} send */
  constructor(send) {
    this.send = send;
    this.track = element("select", { class: "cd-select", "aria-label": "Track", on: { change: () => this.#choose() } });
    this.slot = element("select", { class: "cd-select", "aria-label": "Slot", on: { change: () => this.#choose() } });
    this.set = element("span", { class: "cd-set" });
    this.push = button({ action: "push", label: "Send this clip to the slot", text: "Push to Live", kind: "accent", press: () => this.#press() });
    const label = (text, control) => element("label", { class: "cd-label" }, element("span", { text }), control);
    this.root = element(
      "div", { class: "cd-push" },
      this.set, element("span", { class: "cd-space" }), label("To", this.track), label("", this.slot), this.push,
    );
  }

  intent() {
    const fresh = this.track.value === NEW_TRACK;
    const track = fresh ? this.tracks.length + 1 : Number(this.track.value);
    return { type: "push", track, slot: Number(this.slot.value), new_track: fresh };
  }

  #press() {
    this.#choose();
    this.send(this.intent());
  }

  #choose() {
    this.chosen = { track: this.track.value, slot: this.slot.value };
  }

  /** Take the kernel's suggestions again: what the person chose has been done. */
  follow() {
    this.chosen = null;
  }

  /**
   * The kernel suggests a target; what the person chose stands until it is pushed.
   * @param busy why nothing can be pushed now; empty when it can
   * @param held whether the target must stay as it is, because a decision about it is open
   * @param gone whether nobody is there to choose for
   */
  show(live, { busy, phase, held, gone }) {
    this.tracks = live.tracks ?? [];
    this.root.hidden = phase === "empty" || !live.label;
    const target = this.chosen ?? { track: String(live.target?.track ?? ""), slot: String(live.target?.slot ?? "") };
    fill(this.track, trackOptions(this.tracks), target.track);
    fill(this.slot, slotOptions(live.scenes), target.slot);
    if (held && !this.chosen && this.track.value) this.#choose();
    this.track.disabled = this.slot.disabled = gone;
    setText(this.set, live.label ?? "");
    this.set.title = live.simulated ? "A set inside this notebook; no running Ableton Live is touched" : "";
    this.set.dataset.simulated = String(Boolean(live.simulated));
    this.set.dataset.connected = String(Boolean(live.connected));
    setText(this.push.lastChild, live.simulated ? "Push to simulated Live" : "Push to Live");
    this.push.classList.toggle("cd-warn", !live.simulated);
    this.push.classList.toggle("cd-accent", Boolean(live.simulated));
    const reason = busy || (live.connected ? "" : "Live does not answer; start it, or use the simulated set");
    this.push.disabled = Boolean(reason);
    this.push.title = reason || "Send this clip to the slot";
  }
}

function trackOptions(tracks) {
  const options = tracks
    .map(({ name, midi }, i) => ({ value: String(i + 1), text: `${i + 1} ${name}`, disabled: !midi }));
  return [...options, { value: NEW_TRACK, text: "New MIDI track", disabled: false }];
}

const slotOptions = (scenes) =>
  Array.from({ length: scenes ?? 0 }, (_, i) => ({ value: String(i + 1), text: `Slot ${i + 1}`, disabled: false }));

/** Rebuild a select only when its options differ, so that an open list is not disturbed. */
function fill(select, options, value) {
  const key = JSON.stringify(options);
  if (select.dataset.options !== key) {
    select.dataset.options = key;
    const made = options.map(({ value, text, disabled }) => element("option", { value, text, disabled }));
    select.replaceChildren(...made);
  }
  const usable = options.filter((option) => !option.disabled);
  select.value = (usable.find((option) => option.value === value) ?? usable[0])?.value ?? "";
}
