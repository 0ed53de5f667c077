// Colours: read from the host through the root's CSS tokens, and everything the canvases derive from them.

const TOKENS = ["surface", "text", "line", "accent", "warn"];
const WHITE = [255, 255, 255];
const BLACK = [0, 0, 0];
const DARK_LIFT = 0.2;
// A host whose lines stand out this much asks for high contrast.
const STRICT_LINES = 6;

let probe;

/** Any CSS colour as [red, green, blue]; null when the browser cannot read it. */
function parse(text) {
  probe ??= Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", {
    willReadFrequently: true,
  });
  if (!text || !globalThis.CSS?.supports("color", text)) return null;
  probe.clearRect(0, 0, 1, 1);
  probe.fillStyle = text;
  probe.fillRect(0, 0, 1, 1);
  return [...probe.getImageData(0, 0, 1, 1).data].slice(0, 3);
}

export const mix = (a, b, share) => a.map((value, i) => Math.round(value + (b[i] - value) * share));
export const css = ([r, g, b]) => `rgb(${r},${g},${b})`;

export function luminance(colour) {
  const [r, g, b] = colour.map((value) => {
    const v = value / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(a, b) {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const readable = (on) => (contrast(on, WHITE) >= 4.5 ? WHITE : BLACK);

/** The themes of a page by a clip's ink, as long as its colours stay what they are: every view of a page has the same. */
const known = new Map();

/** Give the theme of a clip's ink (any CSS colour) where a view of this page has read it already, and set it on a root. */
export function knownTheme(root, ink) {
  const theme = known.get(ink);
  return theme && set(root, theme);
}

/** Read the theme from an attached root for a clip's ink, and set on it the text colours of filled buttons. */
export function readTheme(root, ink) {
  const style = getComputedStyle(root);
  const read = (name) => parse(style.getPropertyValue(`--cd-${name}`).trim());
  const [surface, text, line, accent, warn] = TOKENS.map(read);
  const on = { accent: css(readable(accent)), warn: css(readable(warn)) };
  const theme = { ...derive({ surface, text, line, accent, font: style.fontFamily }, parse(ink) ?? accent), on };
  known.set(ink, theme);
  return set(root, theme);
}

function set(root, theme) {
  const colours = { "on-accent": theme.on.accent, "on-warn": theme.on.warn, clip: theme.clip };
  for (const [name, colour] of Object.entries(colours)) root.style.setProperty(`--cd-${name}`, colour);
  return theme;
}

function derive({ surface, text, line: border, accent, font }, ink) {
  const dark = luminance(surface) < 0.2;
  const strict = contrast(border, surface) > STRICT_LINES;
  const line = (share) => css(mix(surface, text, share));
  const inks = new Map();
  const inked = (colour) => {
    if (!inks.has(colour)) inks.set(colour, inkTones(surface, parse(colour) ?? ink, { dark, strict }));
    return inks.get(colour);
  };
  return {
    dark,
    font,
    surface: css(surface),
    panel: line(0.04),
    text: css(text),
    text2: line(0.68),
    accent: css(accent),
    row: line(dark ? 0.075 : 0.015),
    blackRow: line(dark ? 0.03 : 0.06),
    outRow: line(dark ? 0.005 : 0.1),
    tonicRow: css(mix(mix(surface, text, dark ? 0.075 : 0.015), accent, dark ? 0.16 : 0.1)),
    outside: line(dark ? 0.0 : 0.1),
    beside: dark ? `rgb(${surface.join(" ")} / 60%)` : `rgb(${text.join(" ")} / 8%)`,
    rowLine: line(dark ? 0.1 : 0.075),
    octave: line(0.26),
    bar: line(0.38),
    beat: line(dark ? 0.2 : 0.18),
    step: line(dark ? 0.13 : 0.085),
    whiteKey: dark ? line(0.72) : "rgb(255,255,255)",
    blackKey: dark ? line(0.14) : line(0.78),
    keyText: "rgb(40,40,40)",
    removed: line(0.55),
    inked,
    ...inkTones(surface, ink, { dark, strict }),
  };
}

/** What is drawn in one clip's colour: `ghost` stays in the background, `outline` is a third of it. */
function inkTones(surface, ink, { dark, strict }) {
  const clip = dark ? mix(ink, WHITE, strict ? 2 * DARK_LIFT : DARK_LIFT) : ink;
  return {
    clip: css(clip),
    ghost: css(mix(surface, clip, dark ? 0.55 : 0.45)),
    outline: css(mix(surface, clip, strict ? 0.75 : dark ? 0.6 : 0.45)),
    fills: strengths(surface, clip, { dark, strict }),
    edges: edges(surface, clip, dark),
  };
}

/** Fill of each velocity: from a third of the clip's colour to all of it and a little more. */
function strengths(surface, clip, { dark, strict }) {
  const strong = dark ? mix(clip, WHITE, 0.12) : mix(clip, BLACK, 0.06);
  const least = strict ? 0.6 : dark ? 0.4 : 0.26;
  return Array.from({ length: 128 }, (_, v) => css(mix(surface, strong, least + ((1 - least) * v) / 127)));
}

function edges(surface, clip, dark) {
  const dim = dark ? mix(surface, clip, 0.8) : mix(clip, BLACK, 0.2);
  const full = mix(clip, BLACK, dark ? 0.3 : 0.45);
  return Array.from({ length: 128 }, (_, velocity) => css(mix(dim, full, velocity / 127)));
}

/** Call back when the host's theme changes; gives the function that stops watching. */
export function watchTheme(callback) {
  const changed = () => {
    known.clear();
    callback();
  };
  const observer = new MutationObserver(changed);
  const watched = ["data-jp-theme-name", "data-jp-theme-light", "data-vscode-theme-id", "class"];
  observer.observe(document.body, { attributes: true, attributeFilter: watched });
  const queries = ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"].map((q) => matchMedia(q));
  for (const query of queries) query.addEventListener("change", changed);
  return () => {
    known.clear(); // the last view takes the watch away with it
    observer.disconnect();
    for (const query of queries) query.removeEventListener("change", changed);
  };
}
