// Building elements and icons. Text is always text: nothing here reads HTML.

const SVG = "http://www.w3.org/2000/svg";

/** An element; `props` are attributes, but `class`, `on` (listeners) and `text`; false and null leave one out. */
export function element(tag, { on = {}, text, ...attributes } = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value != null) made.setAttribute(name, value === true ? "" : value);
  }
  for (const [name, listener] of Object.entries(on)) made.addEventListener(name, listener);
  if (text != null) made.textContent = text;
  made.append(...children.filter(Boolean));
  return made;
}

/** Paths of 16 px icons; strokes unless the name is in FILLED. */
const ICONS = {
  play: "M4.5 2.6v10.8L13 8z",
  stop: "M4 4h8v8H4z",
  loop: "M4.5 11.5H4A2.7 2.7 0 0 1 1.5 8.8V7A2.7 2.7 0 0 1 4.2 4.3h7.6A2.7 2.7 0 0 1 14.5 7v1.8a2.7 2.7 0 0 1-2.7 2.7H8m2-2.3-2.3 2.3L10 13.8",
  check: "M3 8.5l3.2 3.2L13 5",
  draw: "M3 13l.7-3L10.4 3.3a1.4 1.4 0 0 1 2 0l.3.3a1.4 1.4 0 0 1 0 2L6 12.3z",
  fold: "M4 6l4 4 4-4",
  metronome: "M5.6 2.5h4.8L13 13.5H3zM8 10.5l4.6-6",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  quantise: "M3 2.5v11M8 2.5v11M13 2.5v11M3 8h2.6M8 5h3",
  redo: "M9.5 3 13 6.5 9.5 10M12.6 6.5h-6a3.3 3.3 0 0 0 0 6.6H10",
  rows: "M2.5 4h11M2.5 8h7M2.5 12h9",
  undo: "M6.5 3 3 6.5 6.5 10M3.4 6.5h6a3.3 3.3 0 0 1 0 6.6H6",
  warning: "M8 2.2 14.5 13.6h-13zM8 6.4v3.4M8 11.4v.8",
  cross: "M4 4l8 8M12 4l-8 8",
  copy: "M5.5 5.5h7v8h-7zM3.5 10.5v-8h7",
  again: "M13 8a5 5 0 1 1-1.6-3.7M13.2 2v3h-3",
  left: "M10 3.5 5.5 8l4.5 4.5",
  right: "M6 3.5 10.5 8 6 12.5",
  down: "M8 3v9.5M4 9l4 4 4-4",
  star: "M8 2l1.8 3.8 4.1.5-3 2.9.8 4.1L8 11.3l-3.7 2 .8-4.1-3-2.9 4.1-.5z",
  branch: "M4.5 3v10M4.5 9.5c0-2 7-1 7-4.5M10 5h3M11.5 3.5v3",
  attach: "M13 7.2 8 12.3a3.2 3.2 0 0 1-4.6-4.5l5.2-5.2a2.1 2.1 0 0 1 3 3L6.6 10.7a1 1 0 0 1-1.5-1.5l4.6-4.6",
  send: "M8 13.5v-11M3.5 7 8 2.5 12.5 7",
  picture: "M2 3h12v10H2zM2 11l3.5-3.5 3 3 2-2L14 12M10.8 5.8h.01",
  sound: "M2.5 6v4M5.3 3.5v9M8 5.5v5M10.8 2.5v11M13.5 6v4",
  tray: "M2.5 3h11v10h-11zM9.5 3v10",
  talks: "M2.5 3h11v7.5H7L4 13v-2.5H2.5z",
};
const FILLED = new Set(["play", "stop"]);

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  const paint = FILLED.has(name)
    ? { fill: "currentColor" }
    : { fill: "none", stroke: "currentColor", "stroke-width": name === "more" ? "2.4" : "1.4", "stroke-linecap": "round", "stroke-linejoin": "round" };
  for (const [key, value] of Object.entries({ viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" })) {
    svg.setAttribute(key, value);
  }
  for (const [key, value] of Object.entries({ d: ICONS[name], ...paint })) path.setAttribute(key, value);
  svg.append(path);
  return svg;
}

/** A button; with an icon it needs a `label`, which is also its tip. */
export function button({ action, label, text, symbol, kind = "plain", press, ...more }) {
  const made = element("button", {
    type: "button",
    class: `cd-button cd-${kind}${text ? "" : " cd-square"}`,
    "data-action": action,
    "aria-label": text ? null : label,
    title: label,
    on: { click: press },
    ...more,
  });
  if (symbol) made.append(icon(symbol));
  if (text) made.append(element("span", { text }));
  return made;
}

/** Change an element's text only when it differs. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
