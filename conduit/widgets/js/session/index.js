// The module of the session grid: greets the kernel once for a model, and shows the set wherever it is displayed.

import { greet } from "../greeting.js";
import { hideStatic } from "../static_record.js";
import { SessionView } from "./session_view.js";

export default {
  initialize({ model }) {
    return greet(model);
  },

  render({ model, el }) {
    const view = new SessionView(model);
    el.append(view.root);
    const showStatic = hideStatic(model, el);
    return () => {
      view.close();
      showStatic();
    };
  },
};
