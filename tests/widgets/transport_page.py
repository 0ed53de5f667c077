"""A transport in a bare page, with the sound engine and no view around it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route

WIDGETS = Path(__file__).parents[2] / "conduit" / "widgets"
ORIGIN = "http://localhost"

START = """
async () => {
  const { Transport } = await import("/js/transport.js");
  const notes = (starts) => ({
    count: starts.length, start: Float64Array.from(starts), duration: new Float64Array(starts.length).fill(0.25),
    pitch: new Uint8Array(starts.length).fill(40), velocity: new Uint8Array(starts.length).fill(100),
    muted: new Uint8Array(starts.length), chance: new Uint8Array(starts.length).fill(100) });
  window.clip = (starts, changes) => ({
    bpm: 120, length: 8, meter: [4, 4], changes: [], loop: null, instrument: "bass", program: null, drums: false,
    notes: notes(starts), controls: { count: 0 }, ...changes });
  window.every = [0, 1, 2, 3, 4, 5, 6, 7];
  window.wanted = [];
  window.said = [];
  window.frames = [];
  window.transport = new Transport({
    changed: () => {}, frame: (beat) => frames.push(beat), say: (text) => said.push(text),
    want: (names) => wanted.push(names) });
  window.pause = (ms) => new Promise((done) => setTimeout(done, ms));
  window.heard = async () => { while (transport.beat() === null) await pause(2); };
}
"""


def give(route: Route, script: str = "") -> None:
    """Answer a request of the page: itself, with a script of its own, or a module."""
    name = route.request.url.removeprefix(f"{ORIGIN}/")
    if not name.endswith(".js"):
        body = f"<!doctype html><script src=/static/engine.js></script>{script}"
        return route.fulfill(body=body, content_type="text/html")
    code = (WIDGETS / name).read_text(encoding="utf-8")
    return route.fulfill(body=code, content_type="text/javascript")


class TransportPage:
    """A page with a transport in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.route(f"{ORIGIN}/**", give)
        page.goto(f"{ORIGIN}/")
        page.evaluate(START)

    def run(self, code: str) -> Any:
        """Run the body of an async function that knows the transport and the engine."""
        return self.page.evaluate(f"async () => {{ const engine = globalThis.__conduit_sound; {code} }}")
