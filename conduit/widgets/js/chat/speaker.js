// What is told to those who hear the page: that an answer begins, what it says when it is whole, and what waits for them.

import { element, setText } from "../element.js";
import { Live } from "./live.js";

const MOST = 600;
const ENDS = { stopped: "Stopped.", failed: "Failed." };

export class Speaker {
  constructor(store) {
    this.store = store;
    this.live = new Live(store);
    this.root = element("div", { class: "cc-live", "aria-live": "polite" });
    this.live.on("panel", "panel", (panel) => this.#follow(panel?.running ?? ""));
  }

  #follow(running) {
    if (running && running !== this.running) {
      this.told = new Set();
      this.#say("The model is writing.");
      this.live.on("entry", running, (entry) => this.#look(entry));
    }
    this.running = running;
  }

  #look(entry) {
    if (!entry) return;
    for (const id of entry.parts ?? []) {
      const part = this.store.get(id);
      if (part?.kind !== "plan" || part.plan?.status !== "pending" || this.told.has(id)) continue;
      this.told.add(id);
      this.#say(`Waits for your decision: ${part.plan.sentence ?? ""}`);
    }
    if (entry.state === "running") return;
    this.live.off("entry");
    this.#say([ENDS[entry.state], entry.error, this.#textOf(entry)].filter(Boolean).join(" "));
  }

  #textOf({ parts = [] }) {
    const texts = parts.map((id) => this.store.get(id)).filter((part) => part?.kind === "text").map(({ text }) => text);
    return texts.join(" ").slice(0, MOST) || "Finished.";
  }

  #say(text) {
    setText(this.root, text);
  }

  close() {
    this.live.close();
  }
}
