// What the kernel says to a view beside its traits, and what the view does with it.

import { sound } from "./sound.js";

/** By the type of a message: `(view, message, buffers)`. */
export const RECEIVED = {
  toast: (view, { text }) => view.say(String(text ?? "")),
  edited: (view, message) => view.desk.confirm(message),
  refused: (view, { text }) => {
    view.desk.refuse();
    view.say(text);
  },
  sounds: (_view, { sounds }, buffers) => sounds.forEach(({ name, zones }, i) => sound().takeSounds(name, zones, buffers[i])),
  file: (_view, message, [content]) => saveFile(message, content),
};

/** Save bytes under a name. */
function saveFile({ name, mime }, content) {
  const url = URL.createObjectURL(new Blob([content], { type: mime }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
