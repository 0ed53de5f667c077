// What a view says about where an answer stands, about its kernel, and of the keys of this machine.

export const IS_MAC = /Mac|iP/.test(globalThis.navigator?.platform ?? "");
/** The key that commands are given with. */
export const MOD = IS_MAC ? "⌘" : "Ctrl";

export const HINTS = {
  empty: "Waiting for the model",
  streaming: "Waiting for the first note",
  interrupted: "Stopped before the first note",
  failed: "No notes were written",
};
export const NOTES = {
  live: "",
  waiting: "Waiting for the kernel.",
  gone: "The kernel that made this is gone. Run the cell again to push.",
};
export const PHASES = { streaming: "Writing", interrupted: "Stopped", failed: "Failed" };
