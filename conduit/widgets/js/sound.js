// The way to the page's sound engine, which is a script of its own that a page runs once (code.js).

const KEY = "__conduit_sound";

/** The engine. */
export const sound = () => globalThis[KEY];

/** Be told when a sampled sound has come; gives what ends that. */
export function onSound(tell) {
  addEventListener("conduit-sound", tell);
  return () => removeEventListener("conduit-sound", tell);
}
