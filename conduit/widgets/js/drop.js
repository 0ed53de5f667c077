// A MIDI file dropped on the view: from the desktop, or from JupyterLab's file browser.

const MOST = 1_400_000; // characters of base64: over a megabyte
const LISTED = "application/x-jupyter-icontentsrich";

/** Hand on what is dropped as `take(name, base64)`; `refuse(why)` tells what is not taken. */
export function onDrop(root, { take, refuse }) {
  const keep = (event) => {
    const { dataTransfer, mimeData } = event;
    if (!(dataTransfer ? dataTransfer.types.includes("Files") : mimeData.hasData(LISTED))) return false;
    event.preventDefault();
    event.stopPropagation();
    event.dropAction = event.proposedAction;
    return true;
  };
  const bounded = (name, base64) => {
    if (base64.length > MOST) refuse(`${name} is over 1 MB: use %conduit open`);
    else take(name, base64);
  };
  for (const kind of ["dragover", "lm-dragenter", "lm-dragover"]) root.addEventListener(kind, keep);
  root.addEventListener("drop", (event) => {
    const file = keep(event) && event.dataTransfer.files[0];
    if (!file) return;
    const reader = new FileReader();
    reader.onload = () => bounded(file.name, reader.result.split(",")[1] ?? "");
    reader.readAsDataURL(file.slice(0, MOST));
  });
  root.addEventListener("lm-drop", async (event) => {
    if (!keep(event)) return;
    const { name, format, content } = await event.mimeData.getData(LISTED).withContent();
    bounded(name, format === "base64" ? content : btoa(content));
  });
}
