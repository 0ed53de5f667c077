// The whole picture of a roll, canvas by canvas.

import { begin, drawCompared, drawNotes } from "../draw.js";
import { fromTonic, usesFlats } from "../naming.js";
import { drawGhosts } from "./ghosts.js";
import { drawGrid, drawKeys } from "./grid.js";
import { drawLane, LANE_PX } from "./lane.js";
import { drawRuler, RULER_PX } from "./ruler.js";

/** Draw grid, ruler and lane of a roll that has a view, a theme and a state. */
export function drawScene({ grid, ruler, velocity, view, theme, state, metre, options, range }) {
  const { clip, loop, cue } = state;
  const { length, chords = [] } = clip;
  drawNotesOf(begin(grid, view.width, view.height), { view, theme, state, metre, options });
  drawRuler(begin(ruler, view.width, RULER_PX), view, { length, metre, loop, range, cue, chords }, theme);
  if (!options.folded) drawLane(begin(velocity, view.width, LANE_PX), view, { clip, metre, lane: options.lane }, theme);
}

function drawNotesOf(ctx, { view, theme, state, metre, options }) {
  const { clip, compared, ghosts = [] } = state;
  const { length, drums } = clip;
  const scale = options.highlight ? fromTonic(clip.scale ?? [], clip.key) : [];
  drawGrid(ctx, view, { length, metre, drums, step: options.grid, scale, range: clip.loop }, theme);
  if (compared) return drawCompared(ctx, view, compared, theme, length);
  if (!options.stacked) for (const ghost of ghosts.filter((one) => one.drums === drums)) drawGhosts(ctx, view, ghost.notes, theme.inked(ghost.ink), length);
  drawNotes(ctx, view, clip.notes, theme, { length });
}

/** Draw the keys of a roll; those that sound are lit. */
export function drawKeyboard({ keys, keysWidth: width, view, theme, state, lit }) {
  const { drums, drum_names: names, key } = state.clip;
  drawKeys(begin(keys, width, view.height), view, { drums, names: names ?? {}, flats: usesFlats(key), width }, theme, lit);
}
