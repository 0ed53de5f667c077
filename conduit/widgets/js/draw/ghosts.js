// Other clips' notes behind the clip's own: outlines, and where a note has no row in sight a hint at where it would be.

import { drawGhost, snap } from "../draw.js";
import { beatAt, rowsShown, xOf, yOf } from "../geometry.js";
import { span } from "../model.js";

const HINT_PX = 3;
const PITCHES = 128;

/** Draw another clip's notes. */
export function drawGhosts(ctx, view, notes, theme, length) {
  drawGhost(ctx, view, notes, theme, length);
  const edges = hintsOf(view);
  const [first, last] = span(notes, view.from, Math.min(beatAt(view, view.width), length));
  const reached = new Map();
  ctx.fillStyle = theme.outline;
  for (let i = first; i < last; i += 1) {
    const y = edges[notes.pitch[i]];
    if (y === null) continue;
    const from = snap(Math.max(0, xOf(view, notes.start[i])));
    const to = Math.max(from + HINT_PX, snap(xOf(view, notes.start[i] + notes.duration[i])) - 1);
    // Of many on one edge only what sticks out is drawn.
    if (to <= (reached.get(y) ?? -1)) continue;
    reached.set(y, to);
    ctx.fillRect(from, y, to - from, HINT_PX);
  }
}

/** For each pitch where its hint lies, null for one whose row is in sight: at an edge of the grid, or between two rows. */
function hintsOf(view) {
  const { pitches, row } = view.lanes;
  const [low, high] = rowsShown(view);
  const bottom = view.height - HINT_PX;
  let above = 0;
  return Array.from({ length: PITCHES }, (_, pitch) => {
    while (pitches[above] < pitch) above += 1;
    if (row[pitch] >= low && row[pitch] <= high) return null;
    if (above > high) return 0;
    if (above <= low) return bottom;
    return Math.min(bottom, Math.max(0, snap(yOf(view, pitches[above]) + view.rowHeight - HINT_PX / 2)));
  });
}
