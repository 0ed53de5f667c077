// Keys pressed in the panel are the panel's: the host's shortcuts stay away, but those with Ctrl or Cmd. Enter is
// the panel's with any of them: a message is sent with it, and a notebook would run its cell.

/** Where this stands on what has the focus, or on what holds it, JupyterLab and Notebook leave a key alone. */
const OURS = "data-lm-suppress-shortcuts";

const isKept = ({ key, ctrlKey, metaKey, altKey }) => key === "Enter" || !(ctrlKey || metaKey) || altKey;

/** Keep keys; gives the function that stops it. */
export function keepKeys(root) {
  const stop = new AbortController();
  // A host may hear keys before the panel does, so before that each is said to be the panel's or not.
  const claim = (event) => {
    if (root.contains(event.target)) root.toggleAttribute(OURS, isKept(event));
  };
  window.addEventListener("keydown", claim, { capture: true, signal: stop.signal });
  for (const type of ["keydown", "keypress", "keyup"]) {
    root.addEventListener(type, (event) => { if (isKept(event)) event.stopPropagation(); }, { signal: stop.signal });
  }
  return () => stop.abort();
}
