// Hides the static record of the same result, a sibling output of the cell, for as long as the widget lives.

/** Gives the function that shows it again. */
export function hideStatic(model, el) {
  let hidden = null;
  const show = () => {
    if (hidden) hidden.style.removeProperty("display");
    hidden = null;
  };
  const hide = () => {
    const id = model.get("static_id");
    const area = id ? el.closest(".jp-OutputArea") : null;
    const record = area?.querySelector(`[data-conduit="${CSS.escape(id)}"]`);
    const child = record?.closest(".jp-OutputArea-child");
    if (!child || child === hidden || child.contains(el)) return;
    show();
    hidden = child;
    child.style.display = "none";
  };
  const observer = new MutationObserver(hide);
  const watch = requestAnimationFrame(() => {
    const area = el.closest(".jp-OutputArea");
    if (area) observer.observe(area, { childList: true, subtree: true });
    hide();
  });
  model.on("change:static_id", hide);
  return () => {
    cancelAnimationFrame(watch);
    observer.disconnect();
    model.off("change:static_id", hide);
    show();
  };
}
