// Hides the static record of the same result, a sibling output of the cell, for as long as the widget lives.

/** Gives the function that shows it again. */
export function hideStatic(model, el) {
  const outputs = () => el.closest(".jp-OutputArea");
  let hidden = null;
  const show = () => hidden?.style.removeProperty("display");
  const hide = () => {
    const id = model.get("static_id");
    const record = id && outputs()?.querySelector(`[data-conduit="${CSS.escape(id)}"]`);
    if (!record) return;
    // What stands beside the record in its output, such as a comparison, is there for both.
    const place = record.nextElementSibling ? record : record.closest(".jp-OutputArea-child");
    if (place === hidden || place.contains(el)) return;
    show();
    hidden = place;
    place.style.display = "none";
  };
  const observer = new MutationObserver(hide);
  const begin = () => {
    const area = outputs();
    if (area) observer.observe(area, { childList: true, subtree: true });
    hide();
  };
  // A host may put the view into the page only after it is made.
  const watch = requestAnimationFrame(el.isConnected ? () => {} : begin);
  if (el.isConnected) begin();
  model.on("change:static_id", hide);
  return () => {
    cancelAnimationFrame(watch);
    observer.disconnect();
    model.off("change:static_id", hide);
    show();
  };
}
