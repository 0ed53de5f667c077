// The keys of a toolbar: one tab stop, and arrows, Home and End from there, as in the toolbar pattern of the WAI-ARIA
// Authoring Practices. A field for a number has its up and down for itself.

const ITEMS = "button, input";
const WAYS = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

/** Let one control of a toolbar be the tab stop: the one that had the focus last, as long as it can be used. */
export function roving(toolbar) {
  const all = () => [...toolbar.querySelectorAll(ITEMS)].filter((one) => !one.closest("[popover]"));
  const isUsable = (one) => !one.disabled && one.checkVisibility();
  let stop;

  const move = (to) => {
    for (const one of all()) one.tabIndex = one === to ? 0 : -1;
    stop = to;
  };
  /** Pass the stop on where it can no longer be used, and the focus with it. */
  const settle = () => {
    if (stop && isUsable(stop)) return;
    const items = all();
    const at = Math.max(0, items.indexOf(stop));
    const next = [...items.slice(at), ...items.slice(0, at).reverse()].find(isUsable);
    if (!next) return;
    const held = stop?.getRootNode().activeElement === stop;
    move(next);
    if (held) next.focus();
  };

  toolbar.addEventListener("focusin", ({ target }) => { if (target.matches(ITEMS) && !target.closest("[popover]")) move(target); });
  toolbar.addEventListener("keydown", (event) => {
    const way = WAYS[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    const items = all().filter(isUsable);
    const to = items.indexOf(event.target) + way;
    const within = Math.abs(way) === 1 ? (to + items.length) % items.length : to < 0 ? 0 : items.length - 1;
    items[within]?.focus();
  });
  new ResizeObserver(settle).observe(toolbar);
  new MutationObserver(settle).observe(toolbar, { subtree: true, attributeFilter: ["disabled", "hidden"] });
  move(all()[0]);
}
