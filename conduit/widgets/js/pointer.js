// Pointer and wheel gestures, told apart. A plain vertical wheel is left to the page.

const WHEEL_LINE_PX = 16;

/** Follow a drag from pointer down to up, also outside the element. */
export function track(target, { start, move }) {
  target.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    target.setPointerCapture(event.pointerId);
    start(event);
    target.addEventListener("pointermove", move);
    const end = () => {
      target.removeEventListener("pointermove", move);
      target.removeEventListener("lostpointercapture", end);
    };
    target.addEventListener("lostpointercapture", end);
  });
}

/** Ctrl or Cmd and wheel zooms time, Shift and wheel zooms rows, Alt and wheel scrolls the rows, a sideways wheel pans. */
export function onWheel(target, { zoomTime, zoomRows, pan }) {
  const handle = (event) => {
    const unit = event.deltaMode === 1 ? WHEEL_LINE_PX : 1;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    if (event.ctrlKey || event.metaKey) zoomTime(Math.exp(-(dy || dx) / 240), event);
    else if (event.shiftKey) zoomRows(-Math.sign(dy || dx), event);
    else if (event.altKey) pan(0, dy || dx);
    else if (Math.abs(dx) > Math.abs(dy)) pan(dx, 0);
    else return;
    event.preventDefault();
  };
  target.addEventListener("wheel", handle, { passive: false });
}
