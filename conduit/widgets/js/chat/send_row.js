// What stands under the input: files, what keys do or what is waited for, and the one button that sends and stops.

import { button, element, icon, setText } from "../element.js";

const HINTS = {
  idle: [["Enter", "sends"], ["Shift+Enter", "new line"], ["@", "names"], ["/", "commands"]],
  runs: [["Enter", "steers"], ["Esc", "stops"]],
};
const TITLES = { send: "Send (Enter)", stop: "Stop the answer (Esc)" };

export class SendRow {
  /** @param asks `{ attach(), steer(), send(event) }`, `send` for the button that is also Stop */
  constructor({ attach, steer, send }) {
    this.attach = button({ action: "attach", label: "Attach a picture, sound or MIDI file", symbol: "attach", press: attach });
    this.keys = element("span", { class: "cc-keys" });
    this.note = element("span", { class: "cc-state", role: "status" });
    this.steer = button({ action: "steer", label: "Steer the answer (Enter)", text: "Steer", symbol: "send", press: steer });
    this.send = button({ action: "send", label: TITLES.send, text: "Send", symbol: "send", kind: "accent", press: send });
    this.root = element("div", { class: "cc-below" }, this.attach, this.keys, this.note, element("span", { class: "cd-space" }), this.steer, this.send);
  }

  /** @param now `{ isRunning, stopping, gone, filled, note }`: `filled` whether there is something to send */
  show({ isRunning, stopping, gone, filled, note }) {
    this.attach.disabled = gone;
    this.steer.hidden = gone || !isRunning || !filled;
    this.send.disabled = gone || (!isRunning && !filled);
    this.#label(isRunning ? (stopping ? "Stopping" : "Stop") : "Send");
    setText(this.note, note);
    const hints = note ? [] : HINTS[isRunning ? "runs" : "idle"];
    if (hints === this.hints) return;
    this.hints = hints;
    this.keys.replaceChildren(...hints.flatMap(([key, what]) => [element("kbd", { text: key }), element("span", { text: what })]));
  }

  #label(text) {
    const { send } = this;
    if (send.lastChild.textContent === text) return;
    const action = text === "Send" ? "send" : "stop";
    send.replaceChildren(icon(action), element("span", { text }));
    send.dataset.action = action;
    send.title = TITLES[action];
    send.classList.toggle("cd-accent", action === "send");
    send.classList.toggle("cc-stop", action === "stop");
  }
}
