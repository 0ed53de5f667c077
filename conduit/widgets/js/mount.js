// What the shared code hands to the widgets' modules: how to mount a view of a model, and what other views are built of.

import { Card } from "./card.js";
import { ClipView } from "./clip_view.js";
import { decodeClip } from "./model.js";
import { Roll } from "./roll.js";
import { Transport } from "./transport.js";

/** Mount a view; gives the function that unmounts it, with the `view` itself. */
const mount = (model, el) => {
  const view = new ClipView(model, el.clientWidth);
  el.append(view.root);
  const unmount = () => {
    view.close();
    view.root.remove();
  };
  return Object.assign(unmount, { view });
};

globalThis.__conduit_mount = Object.assign(mount, { Card, Roll, Transport, decodeClip });
