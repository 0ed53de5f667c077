// A button with a list to choose from. Where there is much, a field above narrows it; typing anywhere goes there.

import { button, element } from "../element.js";
import { itemOf, popover } from "../menu.js";

const MANY = 12;

/** `items()` gives menu items anew each time it opens, as for a menu. */
export function pick({ action, label, items, ...face }) {
  const anchor = button({ action, label, kind: "opens", "aria-haspopup": "dialog", "aria-expanded": "false", ...face });
  const list = element("div", { role: "menu", "aria-label": label });
  const field = element("input", { type: "search", class: "cc-filter", "aria-label": "Filter", placeholder: "Filter", autocomplete: "off" });
  const draw = () => {
    const found = narrowed(items().filter(Boolean), field.value);
    list.replaceChildren(...(found.length ? found.map((item) => itemOf(item, () => panel.hidePopover())) : [nothing()]));
  };
  const fill = () => {
    field.value = "";
    draw();
    return list.children.length > MANY ? [field, list] : [list];
  };
  const panel = popover(anchor, { role: "dialog", label, fill, shown: (open) => anchor.setAttribute("aria-expanded", String(open)) });
  panel.classList.add("cc-pick");
  field.addEventListener("input", draw);
  panel.addEventListener("keydown", (event) => {
    if (event.target === field && event.key === "Enter") list.querySelector("button")?.click();
    else if (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && field.isConnected) field.focus();
  });
  anchor.popoverTargetElement = panel;
  return { root: element("span", { class: "cd-menu" }, anchor, panel), button: anchor };
}

const nothing = () => element("button", { type: "button", class: "cd-item", role: "menuitem", tabindex: "-1", disabled: true, text: "Nothing fits" });

/** What has all words of a text, and the headings of what is left. */
export function narrowed(items, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (item) => words.every((word) => `${item.text} ${item.group ?? ""}`.toLowerCase().includes(word));
  const kept = items.filter((item) => item.heading || fits(item));
  return words.length ? kept.filter((item, i) => !item.heading || (kept[i + 1] && !kept[i + 1].heading)) : kept;
}
