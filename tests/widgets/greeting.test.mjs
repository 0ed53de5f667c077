import assert from "node:assert/strict";
import { test } from "node:test";
import { greet } from "../../conduit/widgets/js/greeting.js";

/** A model whose host does something with each message, and what it was sent. */
function hosted(send) {
  const sent = [];
  return { sent, on: () => {}, off: () => {}, send: (message) => { sent.push(message); send(); } };
}

test("a kernel that is gone, so that its host throws, is greeted once", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  const model = hosted(() => { throw new Error("Cannot send"); });
  greet(model);

  context.mock.timers.tick(60_000);

  assert.equal(model.sent.length, 1);
});
