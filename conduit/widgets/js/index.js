// The widget of a cell's clip. Reads the model's traits, sends intents, and owns no state that matters.

import { ClipView } from "./clip_view.js";
import { hideStatic } from "./static_record.js";
import { greet } from "./greeting.js";

export default {
  /** Once for a model: greet the kernel until it has taken note of the route that our messages take. */
  initialize({ model }) {
    return greet(model);
  },

  render({ model, el }) {
    const view = new ClipView(model);
    el.append(view.root);
    const showStatic = hideStatic(model, el);
    return () => {
      view.close();
      showStatic();
      view.root.remove();
    };
  },
};
