// The module of a widget. It is sent once for each widget, so it only finds the code that all views of a page share,
// and mounts one; until then the static record stands in its place.

import { loadView } from "./code.js";
import { greet } from "./greeting.js";
import { hideStatic } from "./static_record.js";

export default {
  /** Once for a model: greet the kernel until it has taken note of the route that our messages take. */
  initialize({ model }) {
    return greet(model);
  },

  render({ model, el }) {
    const unmounted = new AbortController();
    const { signal } = unmounted;
    loadView(model, signal).then((mount) => {
      if (signal.aborted) return;
      const unmount = mount(model, el);
      const showStatic = hideStatic(model, el);
      signal.addEventListener("abort", () => {
        unmount();
        showStatic();
      });
    }, () => el.append("The view could not be loaded; run the cell again."));
    return () => unmounted.abort();
  },
};
