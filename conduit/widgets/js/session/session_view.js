// A Live set as a session grid. A click on a triangle launches, a click on a cell chooses it; what can be done with the
// chosen cell stands below the grid. By keyboard: arrows choose, Enter launches, O opens, T makes it the target, S stops.

import { button, element, setText } from "../element.js";
import { hostStatus, Kernel } from "../kernel.js";
import { bytesOf, drawPicture } from "./picture.js";

const TRAITS = ["song", "tracks", "scenes", "target", "pictures", "beat"];
const TOAST_MS = 6000;
const MOVES = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const EMPTY = "This set has no tracks.";

let views = 0;

/** Set an attribute only where it differs: a set may have thousands of cells. */
function setAttribute(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

export class SessionView {
  constructor(model) {
    this.model = model;
    this.chosen = [1, 1];
    this.cells = new Map();
    this.heads = [];
    this.stops = [];
    this.pictures = new Map();
    this.id = `cs-${(views += 1)}`;
    this.dirty = new Set();
    this.kernel = new Kernel({
      send: (message) => model.send(message),
      look: () => hostStatus(model, this.root),
      changed: () => this.update(),
      gaveUp: () => this.say("The kernel has not answered yet. It may be busy."),
    });
    this.#build();
    this.#watch();
    this.update();
    this.kernel.greet();
  }

  #build() {
    const act = (type, extra = {}) => () => this.#send({ type, ...extra });
    this.play = button({ action: "play", label: "Start the transport", symbol: "play", press: () => this.#send({ type: "transport", play: !this.song.playing }) });
    this.position = element("span", { class: "cs-position" });
    this.label = element("span", { class: "cs-label" });
    this.facts = element("span", { class: "cs-facts" });
    this.stopAll = button({ action: "stop-all", label: "Stop all clips", text: "Stop all", symbol: "stop", press: act("stop", { track: 0 }) });
    this.lost = element("div", { class: "cs-lost", role: "alert", hidden: true });
    this.grid = element("div", { class: "cs-grid", role: "grid", "aria-label": "Clips by track and scene", tabindex: 0, on: { keydown: (event) => this.#key(event) } });
    this.place = element("span", { class: "cs-place", "aria-live": "polite" });
    const of = (type) => () => this.#send({ type, track: this.chosen[0], slot: this.chosen[1] });
    this.actions = {
      fire: button({ action: "fire", label: "Launch this clip (Enter)", text: "Launch", symbol: "play", press: of("fire") }),
      open: button({ action: "open", label: "Open this clip as a roll (O)", text: "Open", symbol: "rows", press: of("open") }),
      target: button({ action: "target", label: "The next clip goes to this slot (T)", text: "Target", press: of("target") }),
      stop: button({ action: "stop", label: "Stop this track (S)", text: "Stop track", symbol: "stop", press: () => this.#send({ type: "stop", track: this.chosen[0] }) }),
    };
    this.toast = element("div", { class: "cs-toast", role: "status", hidden: true });
    this.root = element(
      "div", { class: "conduit-session", role: "group", "aria-label": "Live set" },
      element("div", { class: "cs-bar" }, this.play, this.position, this.label, this.facts, element("span", { class: "cs-space" }), this.stopAll),
      this.lost,
      element("div", { class: "cs-scroll" }, this.grid),
      element("div", { class: "cs-foot" }, this.place, element("span", { class: "cs-space" }), ...Object.values(this.actions)),
      this.toast,
    );
  }

  #watch() {
    this.changed = TRAITS.map((name) => [`change:${name}`, () => {
      this.kernel.heard();
      this.dirty.add(name);
      this.pending ??= requestAnimationFrame(() => this.update());
    }]);
    for (const [event, changed] of this.changed) this.model.on(event, changed);
    this.heard = (message) => {
      this.kernel.heard(message);
      if (message?.type === "toast") this.say(String(message.text ?? ""));
    };
    this.model.on("msg:custom", this.heard);
    this.checked = () => setTimeout(() => this.kernel.check());
    this.model.on("comm_live_update", this.checked);
  }

  get song() {
    return this.model.get("song") ?? {};
  }

  get tracks() {
    return this.model.get("tracks") ?? [];
  }

  get scenes() {
    return this.model.get("scenes") ?? [];
  }

  #send(intent) {
    if (!this.root.hasAttribute("data-lost")) this.kernel.ask(intent);
  }

  /** Show a line for a few seconds. */
  say(text) {
    setText(this.toast, text);
    this.toast.hidden = !text;
    clearTimeout(this.toasting);
    this.toasting = setTimeout(() => { this.toast.hidden = true; }, TOAST_MS);
  }

  update() {
    cancelAnimationFrame(this.pending);
    this.pending = null;
    this.#showBar();
    const counted = this.dirty.size === 1 && this.dirty.has("beat");
    this.dirty.clear();
    if (counted) return;
    const shape = JSON.stringify([this.scenes, this.tracks.map(({ name, midi, color, devices, silent }) => [name, midi, color, devices, silent])]);
    if (shape !== this.shape) this.#lay();
    this.shape = shape;
    this.#showCells();
    this.#showChosen();
  }

  #showBar() {
    const { label = "", tempo = 0, meter = "", key, playing, launches, simulated, lost } = this.song;
    const beat = this.model.get("beat");
    const [perBar] = String(meter || "4/4").split("/").map(Number);
    setText(this.position, beat >= 0 ? `${Math.floor(beat / perBar) + 1}.${(beat % perBar) + 1}` : "–");
    setText(this.label, label);
    this.label.toggleAttribute("data-simulated", Boolean(simulated));
    setText(this.facts, [tempo ? `${Number(tempo.toFixed(2))} bpm` : "", meter, key, launches && `launch at ${launches}`].filter(Boolean).join(" · "));
    const turns = playing ? "Stop the transport" : "Start the transport";
    setAttribute(this.play, "title", turns);
    setAttribute(this.play, "aria-label", turns);
    this.root.toggleAttribute("data-playing", Boolean(playing));
    const why = this.kernel.gone ? "The kernel is gone; run the cell again." : lost;
    setText(this.lost, why || "");
    if (this.lost.hidden === Boolean(why)) this.lost.hidden = !why;
    this.root.toggleAttribute("data-lost", Boolean(why));
    setAttribute(this.grid, "aria-disabled", String(Boolean(why)));
    for (const control of [this.play, this.stopAll, ...Object.values(this.actions)]) control.disabled = Boolean(why);
    if (this.tempo !== tempo) this.root.style.setProperty("--cs-beat", `${60 / (tempo || 120)}s`);
    this.tempo = tempo;
  }

  /** Lay the grid anew: heads, a row a scene, and the row of stops. */
  #lay() {
    const { tracks, scenes } = this;
    this.cells.clear();
    this.heads = tracks.map((track, t) => this.#headOf(track, t + 1));
    this.stops = tracks.map(({ name }, t) => this.#stopOf(name, t + 1));
    const head = element("div", { role: "row", class: "cs-row cs-head" }, element("div", { role: "columnheader", class: "cs-corner", text: "Scene" }), ...this.heads);
    const rows = scenes.map((name, s) => element("div", { role: "row", class: "cs-row" }, this.#sceneOf(name, s + 1), ...tracks.map((track, t) => this.#cellOf(track, t + 1, s + 1))));
    const stops = element("div", { role: "row", class: "cs-row cs-stops" }, element("div", { role: "rowheader", class: "cs-scene", text: "" }), ...this.stops);
    this.grid.style.setProperty("--cs-tracks", tracks.length);
    this.grid.replaceChildren(head, ...rows, stops);
    if (!tracks.length) this.grid.replaceChildren(element("div", { class: "cs-empty", text: EMPTY }));
    this.chosen = [Math.min(this.chosen[0], tracks.length) || 1, Math.min(this.chosen[1], scenes.length) || 1];
  }

  #headOf({ name, midi, color, devices, silent }, number) {
    const what = devices.length ? devices.join(", ") : midi ? "no instrument" : "audio";
    const made = element(
      "div", { role: "columnheader", class: "cs-track", title: `${number} ${name}: ${what}`, "data-silent": silent && midi },
      element("span", { class: "cs-name" }, element("span", { class: "cs-number", text: `${number} ` }), element("bdi", { text: name })),
      element("span", { class: "cs-what", text: what }), element("span", { class: "cs-level" }),
    );
    made.style.setProperty("--cs-color", color);
    return made;
  }

  #sceneOf(name, number) {
    return element(
      "div", { role: "rowheader", class: "cs-scene" },
      button({ action: "scene", label: `Launch scene ${number}`, symbol: "play", tabindex: -1, press: () => this.#send({ type: "scene", scene: number }) }),
      element("span", { class: "cs-name" }, element("span", { class: "cs-number", text: `${number} ` }), element("bdi", { text: name })),
    );
  }

  #stopOf(name, number) {
    return element("div", { role: "gridcell", class: "cs-stop" }, button({ action: "stop-track", label: `Stop ${name}`, symbol: "stop", tabindex: -1, press: () => this.#send({ type: "stop", track: number }) }));
  }

  #cellOf(track, number, slot) {
    const made = element("div", {
      role: "gridcell", class: "cs-cell", id: `${this.id}-${number}-${slot}`,
      on: { click: () => this.#choose(number, slot), dblclick: () => this.#isClip(number, slot) && this.#send({ type: "open", track: number, slot }) },
    });
    made.style.setProperty("--cs-color", track.color);
    this.cells.set(`${number}/${slot}`, made);
    return made;
  }

  #isClip(track, slot) {
    return Boolean(this.tracks[track - 1]?.clips[slot - 1]);
  }

  #showCells() {
    const pictures = this.model.get("pictures") ?? {};
    const [targetTrack, targetSlot] = this.model.get("target") ?? [];
    this.tracks.forEach((track, t) => {
      const head = this.heads[t];
      this.stops[t].toggleAttribute("data-playing", track.playing > 0);
      head.toggleAttribute("data-mute", track.mute);
      head.toggleAttribute("data-solo", track.solo);
      if (head.level !== track.volume) head.style.setProperty("--cs-level", head.level = track.volume);
      track.clips.forEach((clip, s) => {
        const at = `${t + 1}/${s + 1}`;
        const cell = this.cells.get(at);
        if (!cell) return;
        this.#fill(cell, clip, pictures[at], t + 1, s + 1);
        const playing = track.playing === s + 1, fired = track.fired === s + 1, target = targetTrack === t + 1 && targetSlot === s + 1;
        cell.toggleAttribute("data-playing", playing);
        cell.toggleAttribute("data-fired", fired);
        cell.toggleAttribute("data-target", target);
        const state = [playing && "playing", fired && "about to start", target && "target"].filter(Boolean);
        setAttribute(cell, "aria-label", [`${track.name}, slot ${s + 1}`, clip ? clip[0] || "clip without a name" : "empty", ...state].join(", "));
      });
    });
  }

  /** Fill a cell where it holds something else than before. */
  #fill(cell, clip, picture, track, slot) {
    const known = clip ? JSON.stringify(clip) : "";
    const drawn = this.#drawn(`${track}/${slot}`, picture);
    if (cell.holds === known && cell.drawn === drawn) return;
    Object.assign(cell, { holds: known, drawn });
    cell.toggleAttribute("data-clip", Boolean(clip));
    cell.replaceChildren();
    if (!clip) return;
    const [name, length] = clip;
    cell.title = `${name || "(no name)"}, ${Number(length.toFixed(2))} beats`;
    cell.style.setProperty("--cs-length", length);
    cell.append(
      button({ action: "launch", label: `Launch ${name || "this clip"}`, symbol: "play", tabindex: -1, press: (event) => { event.stopPropagation(); this.#choose(track, slot); this.#send({ type: "fire", track, slot }); } }),
      element("bdi", { class: "cs-name", text: name || "–" }),
      element("span", { class: "cs-edge", "aria-hidden": "true" }),
    );
    if (picture) cell.append(drawPicture(picture));
  }

  /** What a picture shows, to compare it by; each that comes is looked at once. */
  #drawn(at, picture) {
    const seen = this.pictures.get(at);
    if (seen?.picture === picture) return seen?.text ?? "";
    const text = picture ? String(bytesOf(picture)) : "";
    this.pictures.set(at, { picture, text });
    return text;
  }

  #choose(track, slot) {
    this.chosen = [track, slot];
    this.#showChosen();
    this.grid.focus({ preventScroll: true });
  }

  #showChosen() {
    const [track, slot] = this.chosen;
    this.marked?.removeAttribute("data-chosen");
    this.marked?.removeAttribute("aria-selected");
    this.marked = this.cells.get(`${track}/${slot}`);
    this.marked?.setAttribute("data-chosen", "");
    this.marked?.setAttribute("aria-selected", "true");
    if (this.marked) this.grid.setAttribute("aria-activedescendant", this.marked.id);
    const of = this.tracks[track - 1];
    const clip = of?.clips[slot - 1];
    setText(this.place, of ? `${track} ${of.name}, slot ${slot}${clip ? `: ${clip[0] || "clip without a name"}` : ": empty"}` : "");
    this.actions.fire.hidden = !clip;
    this.actions.open.hidden = !(clip && of.midi);
    this.actions.target.hidden = !of?.midi;
    this.actions.stop.hidden = !of;
  }

  #key(event) {
    const [track, slot] = this.chosen;
    const step = MOVES[event.key];
    const act = { Enter: "fire", o: "open", t: "target", s: "stop" }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || !(step || act)) return;
    event.preventDefault();
    event.stopPropagation();
    if (step) {
      const within = (value, most) => Math.max(1, Math.min(most, value));
      this.#choose(within(track + step[0], this.tracks.length), within(slot + step[1], this.scenes.length));
      this.marked?.scrollIntoView({ block: "nearest", inline: "nearest" });
    } else if (!this.actions[act].hidden && !this.actions[act].disabled) this.actions[act].click();
  }

  close() {
    for (const [event, changed] of this.changed) this.model.off(event, changed);
    this.model.off("msg:custom", this.heard);
    this.model.off("comm_live_update", this.checked);
    cancelAnimationFrame(this.pending);
    clearTimeout(this.toasting);
    this.kernel.close();
    this.root.remove();
  }
}
