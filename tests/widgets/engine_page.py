"""The sound engine in a bare page, and what plays in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

ENGINE = Path(__file__).parents[2] / "conduit" / "widgets" / "static" / "engine.js"

# A sound whose every note is one sample that is not silent; scores of it; and a recorder on the audio thread.
_KIT = """
() => {
  const engine = globalThis.__conduit_sound;
  const zone = { keys: [0, 127], velocities: [0, 127], start: 0, end: 8, loop: null, root: 60, rate: 44100, gain: 1,
                 pan: 0, attack: 0, hold: 0, decay: 1, sustain: 1, release: 0.03, cutoff: null, choke: 0 };
  engine.takeSounds("drums", [{ ...zone, rate: 48000 }], Int16Array.of(30000, 0, 0, 0, 0, 0, 0, 0));
  window.clicks = (beats) => ({
    events: Float64Array.from(beats.flatMap((beat) => [beat, 0.01, 60, 127, 1])),
    sound: "gm", instrument: "drums", program: null, drums: true, gain: 1, muted: false, soloed: false });
  window.score = (beats, changes) => ({ bpm: 120, length: 4, loop: null, parts: [clicks(beats)], ...changes });
  window.every = (step, count) => Array.from({ length: count }, (_, i) => i * step);
  window.onsets = (samples) => {
    const found = [];
    for (let i = 0; i < samples.length; i += 1) if (Math.abs(samples[i]) > 0.2) found.push(i);
    return found;
  };
  window.owner = { ended: 0, stopped() { this.ended += 1; } };
  window.offline = async (value, seconds) => {
    const context = new OfflineAudioContext(1, seconds * 44100, 44100);
    const node = await engine.createNode(context, value);
    node.connect(context.destination, 0, 0);
    return (await context.startRendering()).getChannelData(0);
  };
  const recorder = `
    registerProcessor("recorder", class extends AudioWorkletProcessor {
      constructor() {
        super();
        this.found = [];
        this.port.onmessage = () => this.port.postMessage(this.found);
      }
      process([[samples]]) {
        samples?.forEach((value, i) => Math.abs(value) > 0.2 && this.found.push(currentFrame + i));
        return true;
      }
    });`;
  window.record = async () => {
    const url = URL.createObjectURL(new Blob([recorder], { type: "text/javascript" }));
    await engine.context.audioWorklet.addModule(url);
    const node = new AudioWorkletNode(engine.context, "recorder");
    engine.meter.connect(node).connect(engine.context.destination);
    return () => new Promise((done) => {
      node.port.onmessage = ({ data }) => done(data);
      node.port.postMessage(0);
    });
  };
  window.pause = (ms) => new Promise((done) => setTimeout(done, ms));
  window.block = (ms) => { const until = performance.now() + ms; while (performance.now() < until); };
}
"""


class EnginePage:
    """A page that holds the engine and nothing else."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        code = ENGINE.read_text(encoding="utf-8")
        html = "<!doctype html><meta charset=utf-8><script src=/engine.js></script>"
        page.route(f"{origin}/", lambda route: route.fulfill(body=html, content_type="text/html"))
        page.route(
            f"{origin}/engine.js*", lambda route: route.fulfill(body=code, content_type="text/javascript")
        )
        page.goto(f"{origin}/")
        page.evaluate(_KIT)

    def run(self, code: str) -> Any:
        """Run the body of an async function that knows the engine."""
        return self.page.evaluate(f"async () => {{ const engine = globalThis.__conduit_sound; {code} }}")


@contextmanager
def opened(chromium: Browser, origin: str) -> Iterator[EnginePage]:
    """Open the engine in a page; an error in the page fails the test."""
    page = chromium.new_page()
    engine = EnginePage(page, origin)
    yield engine
    page.close()
    assert engine.errors == []
