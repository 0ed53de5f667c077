// What a view says about where an answer stands, about its kernel, and of the keys of this machine.

export const IS_MAC = /Mac|iP/.test(globalThis.navigator?.platform ?? "");
/** The key that commands are given with. */
export const MOD = IS_MAC ? "⌘" : "Ctrl";

const SIGNS = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓" };

/** Keys such as `Mod+Shift+ArrowUp` for people to read. */
export const spelt = (keys, mod = MOD) =>
  keys.replace("Mod", mod).replace(/Arrow\w+/, (name) => SIGNS[name]).replace(/(?<=.)\+(?=.)/g, " ");

/** What keys held in a drag mean, as in Live on this machine: leave the grid, or drag a copy. */
export const isFree = (event) => (IS_MAC ? event.ctrlKey || event.metaKey : event.altKey);
export const isCopy = (event) => (IS_MAC ? event.altKey : event.ctrlKey);

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
