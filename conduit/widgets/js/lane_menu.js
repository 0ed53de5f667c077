// The choice of what the lane below the grid shows: velocities, or one of the controllers.

import { laneName, LANES } from "./draw/lane.js";
import { setText } from "./element.js";
import { menu } from "./menu.js";

/** @param roll the roll whose `options.lane` is chosen, and whose clip may have other controllers */
export function laneMenu(roll) {
  const made = menu({ action: "lane", label: "What the lane shows", text: " ", items: () => itemsOf(roll) });
  const text = made.button.querySelector("span");
  return { root: made.root, show: (lane) => setText(text, laneName(lane)[0]) };
}

function itemsOf(roll) {
  const present = new Set(roll.state?.clip.controls?.control ?? []);
  const common = Object.keys(LANES).map((kind) => (kind === "velocity" ? kind : Number(kind)));
  const order = ["velocity", ...common.filter((kind) => kind !== "velocity"), ...[...present].filter((kind) => !LANES[kind])];
  return order.map((lane) => ({
    text: laneName(lane)[1],
    note: present.has(lane) ? "•" : "",
    checked: lane === roll.options.lane,
    press: () => roll.set({ lane, folded: false }),
  }));
}
