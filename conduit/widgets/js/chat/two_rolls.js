// Two clips as rolls, one over the other on one time: what only one of them has stands out in it, and one switch says
// which of the two is heard, at the same beat.

import { compare } from "../compare.js";
import { button, element, icon, setText } from "../element.js";
import { clamp, clampView, fitLength } from "../geometry.js";
import { describeRoll } from "../hover.js";
import { barsText, metres, plural, position } from "../naming.js";
import { readTheme, watchTheme } from "../theme.js";

const SIDES = ["a", "b"];
const HEIGHT_PX = { least: 96, usual: 150, most: 240 };
const ROW_PX = { least: 6, most: 12, drums: 13 };
/** Rows above and below the notes. */
const SPARE_ROWS = 1;
const KEYS = { a: "a", b: "b", x: "other" };
const LEGEND = [["added", "differs"], ["kept", "in both"]];

export class TwoRolls {
  /**
   * @param shared the page's code, with `Roll` and `Transport`
   * @param ports `{ say(text), want(names), close() }`: `want` asks for sounds
   * @param usual height of the notes of each in CSS pixels, where they fit
   */
  constructor({ Roll, Transport }, ports, usual = HEIGHT_PX.usual) {
    Object.assign(this, { ports, usual });
    this.heard = "a";
    this.transport = new Transport({
      changed: () => this.#showTransport(), frame: (beat) => this.#showFrame(beat), say: ports.say, want: ports.want,
    });
    this.sides = Object.fromEntries(SIDES.map((side) => [side, this.#side(side, Roll)]));
    this.#build();
    this.#listen();
  }

  #side(side, Roll) {
    const roll = new Roll({ moved: () => this.#lead(side) });
    roll.set({ folded: true });
    for (const [name, value] of [["role", "img"], ["tabindex", "-1"]]) roll.grid.setAttribute(name, value);
    const name = element("span", { class: "cc-side-name" });
    const facts = element("span", { class: "cc-side-facts" });
    const badge = element("span", { class: "cc-side-badge", text: side.toUpperCase(), "aria-hidden": "true" });
    const caption = element("figcaption", { class: "cc-side-caption", title: `Hear ${side.toUpperCase()}`, on: { click: () => this.hear(side) } }, badge, name, facts);
    return { roll, name, facts, root: element("figure", { class: "cc-side", "data-side": side }, caption, roll.root) };
  }

  #build() {
    const made = (action, label, press, more) => (this[action] = button({ action, label, press, ...more }));
    const segment = (side) => button({
      action: `hear-${side}`, label: `Hear ${side.toUpperCase()} (${side.toUpperCase()})`, text: side.toUpperCase(), kind: "segment", "aria-pressed": "false", press: () => this.hear(side),
    });
    this.switch = element("span", { class: "cd-group cd-segments cc-ab", role: "group", "aria-label": "What is heard" }, ...SIDES.map(segment));
    this.position = element("span", { class: "cd-position", "aria-label": "Position", text: "1.1.1" });
    const legend = LEGEND.map(([kind, text]) => element("span", { class: `cd-${kind}`, text }));
    this.root = element(
      "section", { class: "conduit-clip-view cc-two", "aria-label": "Two takes compared", tabindex: "-1" },
      element(
        "div", { class: "cd-bar" },
        made("play", "Play (Space)", () => this.transport.toggle(), { symbol: "play", kind: "transport" }),
        made("loop", "Loop", () => this.transport.setLoop(!this.transport.loop), { symbol: "loop", kind: "toggle", "aria-pressed": "true" }),
        this.position, this.switch, element("span", { class: "cd-space" }), element("span", { class: "cd-legend" }, ...legend),
        made("close-compare", "Close the comparison", () => this.ports.close(), { symbol: "cross" }),
      ),
      this.sides.a.root, this.sides.b.root,
    );
  }

  #listen() {
    this.root.addEventListener("keydown", (event) => this.#key(event));
    for (const { roll } of Object.values(this.sides)) {
      roll.ruler.addEventListener("pointerdown", (event) => {
        if (event.button === 0) this.transport.setCue(clamp(roll.snap(roll.rulerAt(event).beat), 0, this.length));
      });
    }
    this.sizes = new ResizeObserver(() => this.#resize());
    this.sizes.observe(this.root);
    this.unwatch = watchTheme(() => requestAnimationFrame(() => this.#readTheme()));
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const side = KEYS[event.key.toLowerCase()];
    const space = event.key === " " && event.target.tagName !== "BUTTON";
    if (!side && !space) return;
    event.preventDefault();
    event.stopPropagation();
    if (space) this.transport.toggle();
    else this.hear(side === "other" ? (this.heard === "a" ? "b" : "a") : side);
  }

  /** @param clips `{ a, b }` as `decodeClip` gives them; @param names what they are called */
  show(clips, names) {
    Object.assign(this, { clips, names, length: Math.max(clips.a.length, clips.b.length) });
    for (const side of SIDES) {
      const [clip, other] = [clips[side], clips[side === "a" ? "b" : "a"]];
      const found = compare(other.notes, clip.notes);
      // What only the other one has, and where it has what was moved, is seen in the other roll.
      const compared = { before: other.notes, after: clip.notes, kept: found.kept, added: [...found.added, ...found.moved.map(([, to]) => to)], removed: [], moved: [] };
      const { roll, name, facts } = this.sides[side];
      roll.show({ clip, parts: [clip], active: 0, compared, cue: this.transport.cue, loop: this.transport.loop });
      roll.grid.setAttribute("aria-label", `${side.toUpperCase()}: ${describeRoll(clip, names[side])}`);
      setText(name, names[side]);
      name.title = names[side];
      setText(facts, [barsText(clip.length, metres(clip.meter, clip.changes)), ...differing(found)].join(" · "));
    }
    this.transport.load([clips.a]);
    this.hear(this.heard);
    this.#readTheme();
    this.#resize();
  }

  /** Hear one of both, at the beat that is heard now. */
  hear(side) {
    this.heard = side;
    this.transport.swapTo(side === "b" ? [this.clips.b] : null);
    for (const one of SIDES) {
      this.sides[one].root.toggleAttribute("data-heard", one === side);
      this.switch.children[SIDES.indexOf(one)].setAttribute("aria-pressed", String(one === side));
    }
  }

  #resize() {
    const width = this.root.clientWidth;
    if (!width || !this.clips) return;
    this.root.toggleAttribute("data-narrow", width < 560);
    if (!this.themed) this.#readTheme();
    for (const { roll } of Object.values(this.sides)) roll.resize(width);
    this.#frame();
  }

  /** The same time and the same rows in both, in little height. */
  #frame() {
    for (const { roll } of Object.values(this.sides)) {
      if (!roll.view) return;
      const { lanes } = roll.rows;
      const [low, high] = this.#rows(lanes);
      const rows = high - low + 1;
      const most = this.clips.a.drums ? ROW_PX.drums : ROW_PX.most;
      const rowHeight = clamp(Math.floor(this.usual / rows), this.clips.a.drums ? ROW_PX.drums : ROW_PX.least, most);
      const height = clamp(rows * rowHeight, HEIGHT_PX.least, HEIGHT_PX.most);
      const top = Math.round((low + high + 1) / 2 + height / rowHeight / 2);
      const fitted = roll.fitted ? fitLength(roll.view, this.length, { whole: true }) : roll.view;
      roll.well.style.height = `${height}px`;
      roll.view = clampView({ ...fitted, height, rowHeight, top }, this.length);
      roll.draw();
      roll.flush();
    }
  }

  /** The lowest and the highest row that either of both needs. */
  #rows({ row, pitches }) {
    if (this.clips.a.drums) return [0, pitches.length - 1];
    const used = Object.values(this.clips).map(({ notes }) => notes).filter(({ count }) => count);
    const [low, high] = [Math.min(...used.map(({ low }) => low), used.length ? 127 : 60), Math.max(...used.map(({ high }) => high), used.length ? 0 : 60)];
    return [Math.max(0, row[low] - SPARE_ROWS), Math.min(pitches.length - 1, row[high] + SPARE_ROWS)];
  }

  /** Where a person looks in one, the other looks as well. */
  #lead(side) {
    const { view, fitted } = this.sides[side].roll;
    const other = this.sides[side === "a" ? "b" : "a"].roll;
    if (!other.view) return;
    const { from, perBeat, top, rowHeight } = view;
    other.fitted = fitted;
    other.view = { ...other.view, from, perBeat, top, rowHeight };
    other.draw();
  }

  #readTheme() {
    if (!this.root.isConnected || !this.clips) return;
    this.themed = true;
    this.root.style.setProperty("--cd-clip", this.clips.a.ink || "var(--cd-accent)");
    for (const side of SIDES) {
      const { root, roll } = this.sides[side];
      roll.setTheme(readTheme(root, this.clips[side].ink));
    }
  }

  #showTransport() {
    if (!this.clips) return;
    const { playing, loop, cue } = this.transport;
    if (this.playing !== playing) {
      this.playing = playing;
      this.play.replaceChildren(icon(playing ? "stop" : "play"));
      this.play.title = playing ? "Stop (Space)" : "Play (Space)";
      this.play.setAttribute("aria-label", playing ? "Stop" : "Play");
      this.play.toggleAttribute("data-on", playing);
      this.root.toggleAttribute("data-playing", playing);
    }
    this.loop.setAttribute("aria-pressed", String(loop));
    for (const { roll } of Object.values(this.sides)) {
      if (!roll.state) continue;
      Object.assign(roll.state, { cue, loop });
      roll.draw();
    }
    if (!playing) this.#showFrame(null);
  }

  #showFrame(beat) {
    for (const { roll } of Object.values(this.sides)) if (roll.state) roll.setPlayhead(beat);
    const { meter, changes } = this.clips[this.heard];
    setText(this.position, position(beat ?? this.transport.cue, metres(meter, changes)));
  }

  close() {
    this.sizes.disconnect();
    this.unwatch();
    this.transport.close();
    for (const { roll } of Object.values(this.sides)) roll.close();
    this.root.remove();
  }
}

/** What a clip has that the other one has not, in words. */
function differing({ added, moved, kept }) {
  if (!added.length && !moved.length) return [kept.length ? "the same notes" : "no notes"];
  return [added.length && `${plural(added.length, "note")} only here`, moved.length && `${moved.length} moved`].filter(Boolean);
}
