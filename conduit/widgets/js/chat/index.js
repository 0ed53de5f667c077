// The module of the chat panel: keeps one document for a model, and shows it wherever the model is displayed.

import { greet } from "../greeting.js";
import { wear } from "../look.js";
import { hideStatic } from "../static_record.js";
import look from "./chat.css";
import { Panel } from "./panel.js";
import { Store } from "./store.js";

const LOOK = "conduit-chat-look";

/** Stores by the widget manager, and in each by the id of the static record: hosts hand out another object for a model each time. */
const stores = new WeakMap();

const keysOf = (model) => [model.widget_manager ?? model, model.get("static_id") || ""];

function storeOf(model) {
  const [page, id] = keysOf(model);
  if (!stores.has(page)) stores.set(page, new Map());
  const those = stores.get(page);
  if (!those.has(id)) those.set(id, new Store(model));
  return those.get(id);
}

export default {
  /** Once for a model: keep its document from the first message on, and greet the kernel. */
  initialize({ model }) {
    const store = storeOf(model);
    const stop = greet(model);
    return () => {
      stop();
      store.close();
      const [page, id] = keysOf(model);
      stores.get(page)?.delete(id);
    };
  },

  render({ model, el }) {
    wear(look, el, LOOK);
    const panel = new Panel(model, storeOf(model), el);
    el.append(panel.root);
    panel.begin();
    const showStatic = hideStatic(model, el);
    return () => {
      panel.close();
      showStatic();
    };
  },
};
