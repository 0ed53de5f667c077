// The panes of the roll: canvases, lines over them and what stands around, put together once.

import { button, element } from "./element.js";
import { laneMenu } from "./lane_menu.js";
import { Overview } from "./overview.js";
import { Rail } from "./rail.js";
import { Tip } from "./tip.js";
import { Tracks } from "./tracks.js";

const HIDDEN = { "aria-hidden": "true" };

/** All of them by their names, `root` around them. `look(from)` shows another time, `scroll(dy)` other rows. */
export function panesOf(roll, { look, scroll }) {
  const canvas = (name, more = HIDDEN) => element("canvas", { class: name, ...more });
  const line = (name) => element("div", { class: name, hidden: true });
  const [ruler, keys, velocity] = ["cd-ruler", "cd-keys", "cd-velocity"].map((name) => canvas(name));
  const grid = canvas("conduit-grid", { tabindex: "0", role: "application" });
  const hint = element("div", { class: "cd-hint" });
  const tip = new Tip();
  const live = element("div", { class: "cd-live", "aria-live": "polite" });
  const [playhead, writer, marquee, cursor] = ["cd-playhead", "cd-writer", "cd-marquee", "cd-caret"].map(line);
  const well = element("div", { class: "cd-well" }, grid, cursor, marquee, hint);
  const press = () => roll.set({ folded: !roll.options.folded });
  const fold = button({ action: "fold", label: "Show or hide the lane", symbol: "fold", "aria-expanded": "true", press });
  const lane = laneMenu(roll);
  const overview = new Overview(look);
  const rail = new Rail(scroll);
  const tracks = new Tracks(roll.ports);
  const root = element(
    "div", { class: "cd-roll" },
    element("div", { class: "cd-corner" }), ruler, tracks.root, keys, well, rail.root,
    element("div", { class: "cd-side" }, fold, lane.root), velocity, overview.gap, overview.root,
    element("div", { class: "cd-lines" }, writer, playhead), tip.root, live,
  );
  return { ruler, keys, velocity, grid, hint, tip, live, playhead, writer, marquee, cursor, well, fold, lane, overview, rail, tracks, root };
}
