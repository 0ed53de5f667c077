// What a view says about where an answer stands, and about its kernel.

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
