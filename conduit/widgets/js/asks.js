// What each control of the bar does in its view.

import { KEYS, SHEET } from "./edit/keys.js";
import { quantise } from "./edit/ops.js";
import { doubled, everyNote } from "./edit/whole.js";
import { MOD } from "./words.js";

/** Edits that a menu offers to those without a keyboard, by their keys. */
const EDITS = ["Mod+A", "Mod+D", "Mod+E", "Mod+J", "Shift+L", "M", "Delete"];

/** The bar's asks, for a view and what sends its intents. */
export function asksOf(view, send) {
  const { roll, transport, desk, comparison, gestures: { editor } } = view;
  return {
    keys: SHEET,
    play: () => view.play(),
    loop: () => transport.setLoop(!transport.loop),
    stop: () => send({ type: "stop" }),
    undo: () => desk.undo(),
    redo: () => desk.redo(),
    tool: (tool) => roll.set({ tool }),
    grid: (grid) => roll.set({ grid }),
    fold: (fold) => roll.set({ fold }),
    highlight: (highlight) => roll.set({ highlight }),
    lane: (lane) => roll.set({ lane, folded: false }),
    stacked: (stacked) => roll.set({ stacked }),
    quantise: (strength) => {
      const chosen = editor.chosen.length ? editor.chosen : everyNote(desk.clip);
      editor.edit({ notes: quantise(desk.clip, chosen, { step: editor.step, strength }) });
    },
    swing: (swing) => transport.set({ swing }),
    metronome: () => transport.set({ metronome: !transport.metronome }),
    tempo: (bpm, stays) => setTempo(view, bpm, stays),
    edits: EDITS.map((keys) => ({ text: KEYS[keys].label, note: keys.replace("Mod", MOD), press: () => KEYS[keys].act(editor) })),
    keep: () => comparison.keep(),
    double: () => desk.edit(doubled(desk.clip)),
    halve: () => desk.edit({ facts: { length: desk.clip.length / 2, loop: null } }),
    sound: (name) => transport.setSound(name),
    take: (take) => comparison.choose(take),
    export: (kind) => {
      transport.playback.tell();
      send({ type: "export", kind, part: desk.active });
    },
    zoomIn: () => roll.zoomIn(),
    zoomOut: () => roll.zoomOut(),
    fit: () => roll.fit(),
  };
}

/** A tempo that stays is an edit of the clip; that of several clips, and one on its way, is only heard. */
function setTempo({ desk, transport }, bpm, stays) {
  const edits = stays && desk.parts.length === 1;
  transport.setTempo(edits ? null : bpm);
  if (edits) desk.edit({ facts: { bpm } });
}
