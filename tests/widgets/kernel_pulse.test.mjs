import assert from "node:assert/strict";
import { test } from "node:test";
import { hostStatus, Kernel } from "../../conduit/widgets/js/kernel.js";

/** A kernel's far end with a clock that is moved by hand. */
function scripted({ host = "", send = () => {} } = {}) {
  const made = { now: 0, timers: [], sent: [], states: [], host, tired: 0 };
  made.kernel = new Kernel({
    send: (message) => { send(message); made.sent.push(message.type); },
    look: () => made.host,
    changed: () => made.states.push(made.kernel.state),
    gaveUp: () => { made.tired += 1; },
    later: (then, ms) => { const timer = { due: made.now + ms, then }; made.timers.push(timer); return timer; },
    forget: (timer) => { made.timers = made.timers.filter((other) => other !== timer); },
  });
  made.pass = (seconds) => {
    const end = made.now + seconds * 1000;
    for (;;) {
      const next = made.timers.filter((timer) => timer.due <= end).sort((a, b) => a.due - b.due)[0];
      if (!next) break;
      made.now = next.due;
      made.timers = made.timers.filter((timer) => timer !== next);
      next.then();
    }
    made.now = end;
  };
  return made;
}

const PUSH = { type: "push" };

for (const type of ["push", "approve", "reject", "undo", "stop", "drop", "edit", "export"]) {
  test(`${type}: silence for four seconds, then for two after a hello, means that the kernel is gone`, () => {
    const far = scripted();
    far.kernel.ask({ type });
    far.pass(3.9);
    assert.deepEqual(far.sent, [type]);
    far.pass(2);
    assert.deepEqual([far.sent, far.kernel.state], [[type, "hello"], "live"]);
    far.pass(0.1);
    assert.equal(far.kernel.state, "gone");
  });
}

test("a change of any trait is an answer", () => {
  const far = scripted();
  far.kernel.ask(PUSH);
  far.pass(3);
  far.kernel.heard();
  far.pass(60);
  assert.deepEqual([far.sent, far.states], [["push"], []]);
});

test("a kernel that answers the hello is alive; after three rounds without more it is left in peace", () => {
  const far = scripted();
  far.kernel.ask(PUSH);
  for (let round = 0; round < 3; round += 1) {
    far.pass(4);
    far.kernel.heard({ type: "routed", beside: true });
  }
  far.pass(60);
  assert.deepEqual([far.sent, far.kernel.state, far.tired], [["push", "hello", "hello", "hello"], "live", 1]);
});

test("where messages wait for the running cell, silence is waiting and one hello is enough", () => {
  const far = scripted();
  far.kernel.heard({ type: "routed", beside: false });
  far.kernel.ask(PUSH);
  far.pass(120);
  assert.deepEqual([far.sent, far.kernel.state], [["push", "hello"], "waiting"]);
  far.kernel.heard();
  assert.deepEqual(far.states, ["waiting", "live"]);
});

test("a host that says busy is believed, and asked again until it is not", () => {
  const far = scripted({ host: "busy" });
  far.kernel.ask(PUSH);
  far.pass(60);
  assert.deepEqual([far.sent, far.kernel.state], [["push", "hello"], "waiting"]);
  far.host = "idle";
  far.pass(4);
  assert.deepEqual([far.sent, far.kernel.state], [["push", "hello", "hello"], "gone"]);
});

test("a host that knows that the kernel is gone is believed at once, and nothing is sent", () => {
  const far = scripted({ host: "gone" });
  far.kernel.ask(PUSH);
  assert.deepEqual([far.sent, far.kernel.state], [[], "gone"]);
});

test("a host that cannot send has lost the kernel", () => {
  const far = scripted({ send: () => { throw new Error("Kernel is dead"); } });
  far.kernel.ask(PUSH);
  assert.equal(far.kernel.state, "gone");
});

test("a kernel that was taken for gone and is heard again is alive", () => {
  const far = scripted();
  far.kernel.ask(PUSH);
  far.pass(6);
  far.kernel.heard({ type: "alive", beside: false });
  assert.deepEqual(far.states, ["gone", "live"]);
});

test("what the host knows is told only where it knows it", () => {
  const root = (marked) => ({ closest: () => marked });
  const lab = (kernel) => ({ widget_manager: { context: { sessionContext: {} }, kernel } });
  assert.equal(hostStatus({}, root(null)), "");
  assert.equal(hostStatus({}, root({})), "gone");
  assert.equal(hostStatus(lab(null), root(null)), "gone");
  assert.deepEqual(["idle", "busy", "restarting", "dead", "unknown"].map((status) => hostStatus(lab({ status }), root(null))),
    ["idle", "busy", "gone", "gone", ""]);
});
