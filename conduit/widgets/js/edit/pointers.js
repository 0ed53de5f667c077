// Presses of mouse, pen and fingers as drags: `{ move(event), end(event, moved), cancel(), hold() }`, all but `move`
// optional.

const SLACK_PX = { touch: 8 };
const LEAST_SLACK_PX = 3;
const DOUBLE_MS = 400;
const DOUBLE_PX = { touch: 24 };
const LEAST_DOUBLE_PX = 6;
const HOLD_MS = 450;

const apart = (a, b) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
const slackOf = ({ pointerType }) => SLACK_PX[pointerType] ?? LEAST_SLACK_PX;

/** Whether a press follows another at once and in the same place. */
function isDouble(last, event) {
  const near = DOUBLE_PX[event.pointerType] ?? LEAST_DOUBLE_PX;
  return Boolean(last) && event.timeStamp - last.timeStamp < DOUBLE_MS && apart(last, event) < near;
}

/**
 * Follow presses on an element; gives a function that lets what goes on be undone and says whether there was anything.
 * `begin(event, double)` gives a drag or nothing. A drag moves once it has left the place of its press; a finger that
 * rests there makes it what `hold` gives. Two fingers end it and `pinch(before, after)`, pairs of events.
 */
export function trackPointers(target, { begin, pinch, focus, signal }) {
  const touches = new Map();
  let [drag, press, last, moved, timer] = [];

  const release = () => {
    clearTimeout(timer);
    [drag, press] = [];
  };
  const cancel = () => {
    const given = drag;
    release();
    given?.cancel?.();
    return Boolean(given);
  };
  const on = {
    pointerdown(event) {
      if (event.pointerType === "touch") touches.set(event.pointerId, event);
      if (touches.size > 1) return cancel();
      if (drag || event.button > 1) return;
      target.setPointerCapture(event.pointerId);
      const double = isDouble(last, event);
      last = double ? null : event;
      [press, moved, drag] = [event, false, begin(event, double)];
      if (touches.size && drag?.hold) timer = setTimeout(() => { drag = drag.hold(); }, HOLD_MS);
    },
    pointermove(event) {
      const before = [...touches.values()];
      if (touches.has(event.pointerId)) touches.set(event.pointerId, event);
      if (before.length === 2) return pinch(before, [...touches.values()]);
      if (!drag || event.pointerId !== press.pointerId) return;
      moved ||= apart(press, event) >= slackOf(event);
      if (!moved) return;
      clearTimeout(timer);
      drag.move(event);
    },
    pointerup(event) {
      touches.delete(event.pointerId);
      const given = drag;
      if (!given || event.pointerId !== press.pointerId) return;
      release();
      given.end?.(event, moved);
    },
    pointercancel(event) {
      touches.delete(event.pointerId);
      if (event.pointerId === press?.pointerId) cancel();
    },
    // The canvases are parts of one control, which has the focus. After a tap a finger does this, too.
    mousedown(event) {
      event.preventDefault();
      focus();
    },
  };
  for (const [type, act] of Object.entries(on)) target.addEventListener(type, act, { signal });
  return cancel;
}
