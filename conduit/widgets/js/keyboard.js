// Keys while the view has the focus. The notebook's own shortcuts are kept away; Ctrl and Cmd go through.

const KEYS = {
  " ": (asks) => asks.toggle(),
  l: (asks) => asks.loop(),
  "+": (asks) => asks.zoomIn(),
  "=": (asks) => asks.zoomIn(),
  "-": (asks) => asks.zoomOut(),
  0: (asks) => asks.fit(),
  Home: (asks) => asks.home(),
  ArrowLeft: (asks) => asks.nudge(-1, 0),
  ArrowRight: (asks) => asks.nudge(1, 0),
  ArrowUp: (asks) => asks.nudge(0, -1),
  ArrowDown: (asks) => asks.nudge(0, 1),
};

/** Keys that a focused control uses itself. */
const OWN = { BUTTON: new Set([" ", "Enter"]), SELECT: new Set([" ", "Home", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]) };

export function onKeys(root, asks) {
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    event.stopPropagation();
    const { tagName } = event.target;
    const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || event.altKey || OWN[tagName]?.has(event.key) || tagName === "SELECT") return;
    event.preventDefault();
    act(asks);
  });
}
