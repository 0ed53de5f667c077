// Says hello to the kernel every 250 ms until it answers that it knows our route. Kernels deliver a widget's
// messages to the shell that published last; the answer, published in the right one, moves the route there.

const EVERY_MS = 250;
/** The view is painted first. */
const FIRST_MS = 50;
const LIMIT = 40;

export function greet(model) {
  let left = LIMIT;
  const stop = () => {
    clearInterval(timer);
    clearTimeout(first);
    model.off("msg:custom", listen);
  };
  const listen = (message) => {
    if (message?.type === "routed") stop();
  };
  const hello = () => {
    left -= 1;
    try {
      model.send({ type: "hello" });
    } catch {
      left = 0; // a host throws when the model's kernel is gone
    }
    if (left <= 0) stop();
  };
  model.on("msg:custom", listen);
  const timer = setInterval(hello, EVERY_MS);
  const first = setTimeout(hello, FIRST_MS);
  return stop;
}
