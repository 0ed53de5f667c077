// What the shared code hands to the widgets' modules: how to mount a view of a model.

import { ClipView } from "./clip_view.js";

globalThis.__conduit_mount = (model, el) => {
  const view = new ClipView(model, el.clientWidth);
  el.append(view.root);
  return () => {
    view.close();
    view.root.remove();
  };
};
