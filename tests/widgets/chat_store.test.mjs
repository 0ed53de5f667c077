import assert from "node:assert/strict";
import { test } from "node:test";
import { grown } from "../../conduit/widgets/js/chat/grown.js";
import { Store } from "../../conduit/widgets/js/chat/store.js";

globalThis.requestAnimationFrame ??= (f) => setTimeout(f, 0);

const bytes = (...values) => new DataView(Uint8Array.from(values).buffer);
const listed = (view) => [...new Uint8Array(view.buffer, view.byteOffset, view.byteLength)];

/** A model of a host; `say` is the kernel. */
function hosted(begin) {
  const listeners = {};
  const sent = [];
  const traits = { begin, static_id: "s1", shelf: "IPY_MODEL_1", version: "1" };
  return {
    sent,
    get: (name) => traits[name],
    on: (name, f) => (listeners[name] ??= []).push(f),
    off: (name, f) => { listeners[name] = (listeners[name] ?? []).filter((one) => one !== f); },
    send: (message, _callbacks, buffers) => sent.push({ ...message, buffers }),
    say: (message, ...buffers) => (listeners["msg:custom"] ?? []).forEach((f) => f(message, buffers)),
  };
}

function opened(items = { panel: { kind: "panel", order: [] }, p1: { kind: "text", text: "four" } }) {
  const model = hosted({ n: 0, items });
  const frames = [];
  let clock = 0;
  const store = new Store(model, { frame: (f) => frames.push(f), now: () => clock });
  const paint = () => { for (const frame of frames.splice(0)) frame(); };
  paint();
  return { model, store, paint, frames, wait: (ms) => { clock += ms; } };
}
const told = (store, id) => {
  const heard = [];
  store.on(id, (item) => heard.push(item));
  return heard;
};

test("the document begins with what the model holds", () => {
  const { store } = opened();
  assert.equal(store.get("p1").text, "four");
  assert.deepEqual([...store.all().keys()], ["panel", "p1"]);
});

test("a patch sets fields, lets text grow at its end, and takes items away", () => {
  const { store, model } = opened();
  model.say({ type: "patch", n: 1, set: { p2: { kind: "note", text: "hm" }, panel: { order: ["e1"] } }, more: { p1: { text: " bars" } } });
  assert.deepEqual(store.get("p1"), { kind: "text", text: "four bars" });
  assert.deepEqual(store.get("panel"), { kind: "panel", order: ["e1"] });
  model.say({ type: "patch", n: 2, gone: ["p1"] });
  assert.equal(store.get("p1"), undefined);
});

test("an item that is gone and set in one patch begins anew", () => {
  const { store, model } = opened();
  model.say({ type: "patch", n: 1, gone: ["p1"], set: { p1: { kind: "note" } } });
  assert.deepEqual(store.get("p1"), { kind: "note" });
});

test("bytes come beside the message, whole or as what was added", () => {
  const { store, model } = opened();
  model.say({ type: "patch", n: 1, set: { c1: { kind: "clip" } }, bytes: [["c1", "notes", "set"]] }, bytes(1, 2));
  model.say({ type: "patch", n: 2, bytes: [["c1", "notes", "more"]] }, bytes(3));
  assert.deepEqual(listed(store.get("c1").notes), [1, 2, 3]);
  assert.equal(store.get("c1").kind, "clip");
});

test("bytes that are a part of a longer buffer grow by that part only", () => {
  const whole = Uint8Array.from([9, 1, 2, 9]).buffer;
  assert.deepEqual(listed(grown(new DataView(whole, 1, 1), new DataView(whole, 2, 1))), [1, 2]);
});

test("items are never changed in place", () => {
  const { store, model } = opened();
  const before = store.get("p1");
  model.say({ type: "patch", n: 1, more: { p1: { text: "!" } } });
  assert.equal(before.text, "four");
  assert.notEqual(store.get("p1"), before);
});

test("who listens hears of its item once a frame, and of no other", () => {
  const { store, model, paint, frames } = opened();
  const of = told(store, "p1");
  const other = told(store, "panel");
  for (let n = 1; n <= 20; n += 1) model.say({ type: "patch", n, more: { p1: { text: "." } } });
  assert.equal(frames.length, 1);
  paint();
  assert.equal(of.length, 1);
  assert.equal(of[0].text, `four${".".repeat(20)}`);
  assert.equal(other.length, 0);
});

test("who has stopped listening hears no more", () => {
  const { store, model, paint } = opened();
  const heard = [];
  const off = store.on("p1", () => heard.push(1));
  off();
  model.say({ type: "patch", n: 1, more: { p1: { text: "!" } } });
  paint();
  assert.deepEqual(heard, []);
});

test("after a gap the whole is asked for once, and nothing is put on sand meanwhile", () => {
  const { store, model } = opened();
  model.say({ type: "patch", n: 3, more: { p1: { text: "lost" } } });
  model.say({ type: "patch", n: 4, more: { p1: { text: "lost" } } });
  assert.equal(store.get("p1").text, "four");
  assert.deepEqual(model.sent.map(({ type }) => type), ["sync"]);
});

test("a question for the whole that came to nothing is put again", () => {
  const { model, wait } = opened();
  model.say({ type: "patch", n: 3 });
  wait(6000);
  model.say({ type: "patch", n: 4 });
  assert.equal(model.sent.length, 2);
});

test("the whole takes the place of everything, and what follows it counts", () => {
  const { store, model, paint } = opened();
  const heard = told(store, "p1");
  model.say({ type: "patch", n: 3 });
  model.say({ type: "whole", n: 4, items: { p2: { kind: "text", text: "new" }, c1: { kind: "clip" } }, bytes: [["c1", "notes", "set"]] }, bytes(7));
  model.say({ type: "patch", n: 5, more: { p2: { text: "er" } } });
  paint();
  assert.equal(store.get("p2").text, "newer");
  assert.deepEqual(listed(store.get("c1").notes), [7]);
  assert.deepEqual(heard, [undefined]);
});

test("a patch that is older than what is there is left out", () => {
  const { store, model } = opened();
  model.say({ type: "patch", n: 1, more: { p1: { text: "!" } } });
  model.say({ type: "patch", n: 1, more: { p1: { text: "!" } } });
  assert.equal(store.get("p1").text, "four!");
  assert.equal(model.sent.length, 0);
});

test("words beside the document reach who listens for them", () => {
  const { store, model } = opened();
  const heard = [];
  const off = store.onMessage((message) => heard.push(message.text));
  model.say({ type: "toast", text: "saved" });
  off();
  model.say({ type: "toast", text: "again" });
  assert.deepEqual(heard, ["saved"]);
});

const CLIP = { kind: "clip", facts: { name: "Bass", ppq: 960 }, epoch: 1, edits: 0, other: null, state: { phase: "ready" }, live: {}, playback: {}, notes: bytes(1), controls: bytes() };

test("a clip is a model of its own, the same for all views", () => {
  const { store } = opened({ c1: CLIP });
  const proxy = store.clip("c1");
  assert.equal(store.clip("c1"), proxy);
  const [clip] = proxy.get("clips");
  assert.deepEqual([clip.name, clip.epoch, listed(clip.notes)], ["Bass", 1, [1]]);
  assert.deepEqual([proxy.get("state"), proxy.get("other"), proxy.get("version")], [{ phase: "ready" }, {}, "1"]);
  assert.equal(proxy.get("clips"), proxy.get("clips"));
});

test("a change of a clip is told of the traits that differ, with others left as they were", () => {
  const { store, model, paint } = opened({ c1: CLIP });
  const proxy = store.clip("c1");
  const changed = [];
  for (const name of ["clips", "state", "live", "epoch"]) proxy.on(`change:${name}`, () => changed.push(name));
  const clips = proxy.get("clips");
  model.say({ type: "patch", n: 1, set: { c1: { state: { phase: "streaming" } } } });
  paint();
  assert.deepEqual(changed, ["state"]);
  assert.equal(proxy.get("clips"), clips);
  model.say({ type: "patch", n: 2, bytes: [["c1", "notes", "more"]] }, bytes(2));
  paint();
  assert.deepEqual(changed, ["state", "clips"]);
  assert.deepEqual(listed(proxy.get("clips")[0].notes), [1, 2]);
});

test("what a view keeps in a clip's model stands until Python sets it, and its other views hear of it", () => {
  const { store, model, paint } = opened({ c1: CLIP });
  const proxy = store.clip("c1");
  const mine = [{ name: "Mine", epoch: 1 }];
  let heard = 0;
  proxy.on("change:clips", () => { heard += 1; });
  proxy.set("clips", mine);
  assert.equal(heard, 1);
  model.say({ type: "patch", n: 1, set: { c1: { live: { label: "Live" } } } });
  paint();
  assert.equal(proxy.get("clips"), mine);
  model.say({ type: "patch", n: 2, set: { c1: { epoch: 2 } } });
  paint();
  assert.equal(proxy.get("clips")[0].name, "Bass");
});

test("what a clip's view sends travels as the panel's, with its buffers, and what it is told comes back", () => {
  const { store, model } = opened({ c1: CLIP });
  const proxy = store.clip("c1");
  const heard = [];
  proxy.on("msg:custom", (message, buffers) => heard.push([message, buffers.length]));
  const pairs = bytes(1, 2, 3);
  proxy.send({ type: "edit", n: 1 }, undefined, [pairs]);
  model.say({ type: "clip", clip: "c1", message: { type: "edited", n: 1 } }, bytes(5));
  model.say({ type: "clip", clip: "c2", message: { type: "edited", n: 1 } });
  assert.deepEqual(model.sent, [{ type: "clip", clip: "c1", message: { type: "edit", n: 1 }, buffers: [pairs] }]);
  assert.deepEqual(heard, [[{ type: "edited", n: 1 }, 1]]);
});

test("a closed store hears nothing", () => {
  const { store, model } = opened();
  store.close();
  model.say({ type: "patch", n: 1, more: { p1: { text: "!" } } });
  assert.equal(store.get("p1").text, "four");
});
