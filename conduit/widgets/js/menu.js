// Menus and panels that open from a button: in the page's top layer, so nothing cuts them off, and by keyboard alone.

import { button, element, icon } from "./element.js";
import { spelt } from "./words.js";

const GAP_PX = 2;
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/** A panel at a button; `fill()` gives its content whenever it opens. It has the focus, or one of its buttons has, so that Escape is its own. */
export function popover(anchor, { role, label, fill, shown = () => {}, place = placeAt }) {
  const panel = element("div", { class: "cd-pop", role, popover: "auto", tabindex: "-1", "aria-label": label });
  const away = ({ target }) => panel.contains(target) || panel.hidePopover();
  panel.addEventListener("beforetoggle", ({ newState }) => {
    const open = newState === "open";
    shown(open);
    document[open ? "addEventListener" : "removeEventListener"]("scroll", away, { capture: true, passive: true });
    if (!open) return;
    panel.replaceChildren(...fill());
    // Taken as it opens; a focus that came with its toggle event would leave the next key to the button.
    (panel.querySelector('[aria-checked="true"]') ?? panel.querySelector("button") ?? panel).autofocus = true;
    place(panel, anchor.getBoundingClientRect());
  });
  panel.addEventListener("keydown", (event) => onKey(panel, event));
  return panel;
}

/** Under its button, or above it where there is more room. */
function placeAt(panel, { left, right, top, bottom }) {
  const under = innerHeight - bottom > Math.min(280, top);
  const starts = left + right < innerWidth;
  Object.assign(panel.style, {
    left: starts ? `${left}px` : "auto",
    right: starts ? "auto" : `${innerWidth - right}px`,
    top: under ? `${bottom + GAP_PX}px` : "auto",
    bottom: under ? "auto" : `${innerHeight - top + GAP_PX}px`,
    maxHeight: `${(under ? innerHeight - bottom : top) - 2 * GAP_PX - 4}px`,
  });
}

function onKey(panel, event) {
  event.stopPropagation();
  if (event.key === "Tab" || event.key === "Escape") panel.hidePopover();
  const items = [...panel.querySelectorAll("[role^=menuitem]:not(:disabled)")];
  const at = items.indexOf(document.activeElement);
  const to = { Home: 0, End: items.length - 1 }[event.key] ?? (at + (STEPS[event.key] ?? NaN) + items.length) % items.length;
  if (event.key === "Escape" || items[to]) event.preventDefault();
  items[to]?.focus();
}

/**
 * A button with a menu. `items()` gives them anew each time: `{ text, press, checked, note, disabled, action }`, where
 * `checked` makes it a choice (`several` one of many), or `{ heading }`.
 */
export function menu({ action, label, text, symbol, items }) {
  const anchor = button({ action, label, text, symbol, kind: "opens", "aria-haspopup": "menu", "aria-expanded": "false" });
  const fill = () => items().filter(Boolean).map((item) => itemOf(item, () => panel.hidePopover()));
  const panel = popover(anchor, { role: "menu", label, fill, shown: (open) => anchor.setAttribute("aria-expanded", String(open)) });
  anchor.popoverTargetElement = panel;
  return { root: element("span", { class: "cd-menu" }, anchor, panel), button: anchor };
}

/** A sheet of shortcuts in the middle of the page: `[[group, [[label, keys], ...]], ...]`. */
export function help(anchor, sheet) {
  const kbds = (keys) => briefly(keys).map((text) => element("kbd", { text }));
  // Not a list of terms: notebooks have styles of their own for those, and for headings.
  const row = ([label, keys]) => element("p", {}, element("span", { text: label }), element("span", {}, ...kbds(keys)));
  const titled = (group) => element("div", { class: "cd-heading", role: "heading", "aria-level": "3", text: group });
  const fill = () => [element("div", {}, ...sheet.map(([group, rows]) => element("section", {}, titled(group), ...rows.map(row))))];
  const panel = popover(anchor, { role: "dialog", label: "Shortcuts", fill, place: () => {} });
  panel.classList.add("cd-sheet");
  return panel;
}

/** Keys as they are spelt; what is held with all of them is said once. */
function briefly(keys) {
  const held = keys.map((key) => key.slice(0, key.search(/[^+]+\+?$/)));
  const once = held.every((one) => one === held[0]) ? held[0].length : 0;
  return keys.map((key, i) => spelt(i ? key.slice(once) : key));
}

/** An item of a menu, or a heading; `close()` is called before it acts. */
export function itemOf({ heading, text, press, checked, several, note, disabled, action }, close) {
  if (heading) return element("div", { class: "cd-heading", role: "presentation", text: heading });
  const choice = checked === undefined ? "menuitem" : `menuitem${several ? "checkbox" : "radio"}`;
  const click = () => {
    close();
    press();
  };
  return element(
    "button", { type: "button", class: "cd-item", role: choice, tabindex: "-1", "aria-checked": checked === undefined ? null : String(checked), disabled, "data-action": action, on: { click } },
    element("span", { class: "cd-tick" }, checked && icon("check")), element("span", { text }), note && element("kbd", { text: note }),
  );
}
