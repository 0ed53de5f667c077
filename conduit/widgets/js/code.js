// Finds the code of the views: loaded once a page, however many widgets there are.
//
// The kernel keeps it in a widget without a view, the shelf (conduit/widgets/shelf.py), which hosts have at hand also
// while the kernel is busy and after a reload. A host that gives no other widgets is answered by a message.

import { wear } from "./look.js";

const AGAIN_MS = 4000;
const LOOK = "conduit-look";

/**
 * Gives the function that mounts a view, `mount(model, el)` with its look, in the version that the model's kernel has;
 * with it what other views are built of: `Card`, `Roll`, `Transport`, `decodeClip`, and `wear(el)`, which puts up the look only.
 */
export async function loadView(model, signal) {
  const loaded = (globalThis.__conduit_views ??= {});
  const version = model.get("version");
  if (!loaded[version]) {
    const code = (await fromShelf(model)) ?? (await asked(model, signal));
    loaded[version] ??= runBoth(code);
  }
  return loaded[version];
}

async function runBoth([view, engine, look = ""]) {
  await Promise.all([run(engine), run(view)]);
  const mount = globalThis.__conduit_mount;
  const text = typeof look === "string" ? look : new TextDecoder().decode(look);
  const dressed = (model, el) => {
    wear(text, el, LOOK);
    return mount(model, el);
  };
  const { Card, Roll, Transport, decodeClip } = mount;
  return Object.assign(dressed, { Card, Roll, Transport, decodeClip, wear: (el) => wear(text, el, LOOK) });
}

async function fromShelf(model) {
  try {
    const shelf = await model.widget_manager.get_model(model.get("shelf").replace("IPY_MODEL_", ""));
    return shelf.get("view") ? ["view", "engine", "look"].map((name) => shelf.get(name)) : null;
  } catch {
    return null;
  }
}

function asked(model, signal) {
  return new Promise((resolve) => {
    const ask = () => model.send({ type: "code" });
    const again = setInterval(ask, AGAIN_MS);
    const stop = () => {
      clearInterval(again);
      model.off("msg:custom", listen);
    };
    const listen = (message, buffers) => {
      if (message?.type !== "code") return;
      stop();
      resolve(buffers);
    };
    signal.addEventListener("abort", stop);
    model.on("msg:custom", listen);
    ask();
  });
}

/** Run a script of ours. */
function run(code) {
  return new Promise((resolve, reject) => {
    const src = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
    const done = () => {
      URL.revokeObjectURL(src);
      script.remove();
    };
    const script = Object.assign(document.createElement("script"), { src, onload: resolve, onerror: reject });
    script.addEventListener("load", done);
    document.head.append(script);
  });
}
