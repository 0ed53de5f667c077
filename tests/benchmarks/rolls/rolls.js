// Each roll behind the same four questions: show notes, scroll by a frame, zoom by a frame, play. Runs in the page.
//
// A note is { start, duration (beats), pitch, velocity }. What a roll takes as its own form of them is made before it is
// timed; Conduit gets the packed bytes that its kernel sends.

const WIDTH = 1200;
const BEATS_SHOWN = 64;
const BPM = 120;
const FRAMES = 120;
const frame = () => new Promise(requestAnimationFrame);
const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

function pack(notes) {
  const view = new DataView(new ArrayBuffer(notes.length * 12));
  notes.forEach(({ start, duration, pitch, velocity }, i) => {
    view.setUint32(i * 12, start * 960, true);
    view.setUint32(i * 12 + 4, duration * 960, true);
    [pitch, velocity, 0, 100].forEach((value, k) => view.setUint8(i * 12 + 8 + k, value));
  });
  return view;
}

/** A model as a widget's host gives it. */
function modelOf(state) {
  const listeners = {};
  return {
    get: (name) => state[name], set: (name, value) => { state[name] = value; },
    on: (name, call) => (listeners[name] ??= []).push(call), off: () => {}, save_changes: () => {},
    send: ({ type }) => type === "code" && setTimeout(() => listeners["msg:custom"]?.forEach((call) => call({ type: "code" }, window.code))),
  };
}

const conduit = {
  prepare: (notes) => pack(notes),
  async open(root, notes, { length }) {
    const clip = { name: "Song", ppq: 960, length, bpm: BPM, meter: [4, 4], notes, ink: "#1f77b4", instrument: "keys" };
    const model = modelOf({ clips: [clip], epoch: 1, edits: 0, other: {}, state: { phase: "ready" }, live: {}, plan: {}, version: "1" });
    const view = (await import("/clip_view.js")).default.render({ model, el: root });
    while (!root.firstChild) await frame();
    const grid = root.querySelector("canvas.conduit-grid");
    const box = grid.getBoundingClientRect();
    const wheel = (how) => grid.dispatchEvent(new WheelEvent("wheel", { bubbles: true, cancelable: true, clientX: box.left + 400, clientY: box.top + 50, ...how }));
    return {
      scroll: () => wheel({ deltaX: 60 }),
      zoom: (i) => wheel({ ctrlKey: true, deltaY: i < FRAMES / 2 ? 16 : -16 }),
      play: () => root.querySelector('[data-action="play"]').click(),
      close: view,
    };
  },
};

const webaudio = {
  prepare: (notes) => notes.map(({ start, duration, pitch }) => ({ t: start * 4, g: duration * 4, n: pitch, f: 0 })),
  async open(root, notes, { length }) {
    const roll = document.createElement("webaudio-pianoroll");
    const settings = { width: WIDTH, height: 400, timebase: 16, xrange: BEATS_SHOWN * 4, yrange: 64, yoffset: 30, markend: length * 4, tempo: BPM };
    for (const [name, value] of Object.entries(settings)) roll.setAttribute(name, value);
    root.append(roll);
    roll.sequence = notes;
    roll.redraw();
    return {
      scroll: () => { roll.xoffset += 4; },
      zoom: (i) => { roll.xrange = BEATS_SHOWN * 4 * 1.03 ** (i < FRAMES / 2 ? i : FRAMES - i); },
      play: () => roll.play(new AudioContext(), () => {}, 0),
      close: () => { roll.stop(); roll.remove(); },
    };
  },
};

const magenta = (Visualizer, tag, make) => ({
  prepare: (notes, { length }) => ({
    notes: notes.map(({ start, duration, pitch, velocity }) => ({ pitch, velocity, startTime: start / 2, endTime: (start + duration) / 2 })),
    totalTime: length / 2, tempos: [{ time: 0, qpm: BPM }],
  }),
  async open(root, sequence, { length }) {
    const box = document.createElement("div");
    Object.assign(box.style, { width: `${WIDTH}px`, height: "400px", overflow: "auto" });
    root.append(box);
    const perSecond = WIDTH / (BEATS_SHOWN / 2);
    const shown = (pixelsPerTimeStep) => {
      const target = make(tag);
      box.replaceChildren(target);
      return new Visualizer(sequence, target, { pixelsPerTimeStep, noteHeight: 6 });
    };
    let visualizer = shown(perSecond);
    return {
      scroll: () => { box.scrollLeft += 60; },
      zoom: (i) => { visualizer = shown(perSecond * 1.03 ** (i < FRAMES / 2 ? -i : i - FRAMES)); },
      playing: (i) => visualizer.redraw(sequence.notes[i % sequence.notes.length], true),
      play: () => {},
      close: () => box.remove(),
    };
  },
});

window.rolls = () => ({
  conduit,
  "webaudio-pianoroll": webaudio,
  "html-midi-player canvas": magenta(core.PianoRollCanvasVisualizer, "canvas", (tag) => document.createElement(tag)),
  "html-midi-player SVG": magenta(core.PianoRollSVGVisualizer, "svg", (tag) => document.createElementNS("http://www.w3.org/2000/svg", tag)),
});

/** A song of ten voices on a grid of sixteenths. */
function song(count) {
  let seed = 1;
  const random = (n) => { seed = (seed * 48271) % 2147483647; return seed % n; };
  const notes = Array.from({ length: count }, (_, i) => ({ start: Math.floor(i / 10) / 4, duration: (1 + random(8)) / 8, pitch: 36 + random(60), velocity: 40 + random(80) }));
  return { notes, length: Math.ceil(count / 40 / 4) * 4 };
}

/** Frame times in ms while `act(i)` is done in each frame. */
async function frames(act, count = FRAMES) {
  const times = [];
  let last = await frame();
  for (let i = 0; i < count; i += 1) {
    act?.(i);
    const now = await frame();
    times.push(now - last);
    last = now;
  }
  times.sort((a, b) => a - b);
  return { median: times[times.length >> 1], p95: times[Math.floor(times.length * 0.95)] };
}

/** Measure one roll with so many notes: ms to the first paint, and frame times. */
window.measure = async (name, count) => {
  const roll = window.rolls()[name];
  const { notes, length } = song(count);
  const data = roll.prepare(notes, { length });
  const root = document.getElementById("root");
  const began = performance.now();
  const shown = await roll.open(root, data, { length });
  await painted();
  const found = { paint: performance.now() - began };
  await frame();
  found.scroll = await frames(shown.scroll);
  found.zoom = await frames(shown.zoom, 60);
  shown.play();
  await new Promise((done) => setTimeout(done, 500));
  found.play = await frames(shown.playing);
  shown.close();
  root.replaceChildren();
  return found;
};
