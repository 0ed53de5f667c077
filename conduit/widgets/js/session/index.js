// The module of the session grid: greets the kernel once for a model, and shows the set wherever it is displayed.

import { greet } from "../greeting.js";
import { wear } from "../look.js";
import { hideStatic } from "../static_record.js";
import look from "./session_view.css";
import { SessionView } from "./session_view.js";

const LOOK = "conduit-session-look";

export default {
  initialize({ model }) {
    return greet(model);
  },

  render({ model, el }) {
    wear(look, el, LOOK);
    const view = new SessionView(model);
    el.append(view.root);
    const showStatic = hideStatic(model, el);
    return () => {
      view.close();
      showStatic();
    };
  },
};
