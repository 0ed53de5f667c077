// The bar above the roll: transport, where we are, what the clip is, tools.

import { button, element, icon, setText } from "./element.js";
import { barsText, number, position } from "./naming.js";

const SOUNDS = { synth: ["Synth", "The built-in synthesizer"], gm: ["GM", "General MIDI sounds, rendered by the kernel"] };

export class Bar {
  /** @param asks `{ play, loop, stop, zoomIn, zoomOut, fit, sound }`: what the buttons ask for */
  constructor(asks) {
    this.play = button({ action: "play", label: "Play (space)", symbol: "play", kind: "transport", press: asks.play });
    this.loop = button({ action: "loop", label: "Loop (L)", symbol: "loop", kind: "toggle", "aria-pressed": "true", press: asks.loop });
    this.position = element("span", { class: "cd-position", "aria-label": "Position", text: "1.1.1" });
    this.tempo = element("span", { class: "cd-fact cd-tempo" });
    this.name = element("span", { class: "cd-name" });
    this.bars = element("span", { class: "cd-fact cd-bars" });
    this.facts = element("span", { class: "cd-fact cd-facts" });
    const about = element("span", { class: "cd-about" }, this.tempo, element("span", { class: "cd-swatch" }), this.name, this.bars, this.facts);
    this.stop = button({ action: "stop", label: "Stop the model", text: "Stop", symbol: "stop", kind: "plain", press: asks.stop, hidden: true });
    this.sounds = this.#soundSwitch(asks.sound);
    const tools = element(
      "span", { class: "cd-group" },
      button({ action: "zoom-out", label: "Zoom out (−)", symbol: "minus", press: asks.zoomOut }),
      button({ action: "zoom-in", label: "Zoom in (+)", symbol: "plus", press: asks.zoomIn }),
      button({ action: "fit", label: "Show the whole clip (0)", symbol: "fit", press: asks.fit }),
    );
    this.root = element(
      "div", { class: "cd-bar", role: "toolbar", "aria-label": "Clip" },
      this.play, this.loop, this.position, about, element("span", { class: "cd-space" }), this.stop, tools, this.sounds,
    );
  }

  #soundSwitch(choose) {
    const made = Object.entries(SOUNDS).map(([sound, [text, label]]) =>
      button({ action: `sound-${sound}`, label, text, kind: "segment", "aria-pressed": String(sound === "synth"), press: () => choose(sound) }));
    return element("span", { class: "cd-group cd-segments", role: "group", "aria-label": "Sound" }, ...made);
  }

  show(clip, { streaming, empty }) {
    setText(this.name, clip.name || (empty ? "New clip" : "Untitled"));
    this.name.title = clip.name || "";
    setText(this.tempo, `${number(clip.bpm, 2)} bpm`);
    setText(this.bars, barsText(clip.length, clip.meter));
    setText(this.facts, [clip.meter.join("/"), clip.key].filter(Boolean).join(" · "));
    this.stop.hidden = !streaming;
    this.play.disabled = empty;
    this.meter = clip.meter;
  }

  /** @param unheard sounds that cannot be had now, with the reason */
  showTransport({ playing, waiting, loop, sound, beat, unheard = {} }) {
    if (this.playing !== playing) {
      this.playing = playing;
      this.play.replaceChildren(icon(playing ? "stop" : "play"));
      this.play.title = playing ? "Stop (space)" : "Play (space)";
      this.play.setAttribute("aria-label", playing ? "Stop" : "Play");
    }
    this.play.toggleAttribute("data-on", playing);
    this.loop.setAttribute("aria-pressed", String(loop));
    for (const made of this.sounds.children) {
      const name = made.dataset.action.replace("sound-", "");
      const mine = name === sound;
      made.disabled = Boolean(unheard[name]);
      made.title = unheard[name] || SOUNDS[name][1];
      made.setAttribute("aria-pressed", String(mine));
      made.toggleAttribute("data-waiting", mine && waiting);
    }
    this.showPosition(beat);
  }

  showPosition(beat) {
    if (this.meter) setText(this.position, position(beat, this.meter));
  }
}
