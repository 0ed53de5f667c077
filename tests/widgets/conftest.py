"""A widget's front end in a bare page: the committed bundle, a fake model fed by the real widget, and eyes."""

from __future__ import annotations

import base64
import json
from collections.abc import Container, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Locator, Page
from widgets.stage import Stage

from conduit.music import Clip, Note
from conduit.widgets import ClipView, Widget
from conduit.widgets.shelf import shelf_code

if TYPE_CHECKING:
    from widgets.chat_page import Chat

STATIC = Path(__file__).parents[2] / "conduit" / "widgets" / "static"

THEMES: dict[str, dict[str, str]] = {
    "light": {
        "--jp-layout-color0": "white",
        "--jp-ui-font-color0": "rgba(0, 0, 0, 1)",
        "--jp-ui-font-color1": "rgba(0, 0, 0, 0.87)",
        "--jp-border-color2": "#e0e0e0",
        "--jp-brand-color1": "#1976d2",
    },
    "dark": {
        "--jp-layout-color0": "#111111",
        "--jp-ui-font-color0": "rgba(255, 255, 255, 1)",
        "--jp-ui-font-color1": "rgba(255, 255, 255, 0.87)",
        "--jp-border-color2": "#424242",
        "--jp-brand-color1": "#2196f3",
    },
    "contrast": {
        "--jp-layout-color0": "#111111",
        "--jp-ui-font-color0": "white",
        "--jp-ui-font-color1": "white",
        "--jp-border-color2": "#ffffff",
        "--jp-brand-color1": "#319bf2",
    },
}
"""JupyterLab's own values for the variables that the widgets read."""

_OF_EVERY_WIDGET = frozenset({"comm", "keys", "layout", "tabbable", "tooltip"})

# The part of the anywidget front-end contract that the widgets use.
_MODEL = """
(state) => {
  const listeners = {};
  const bytesOf = (view) => new Uint8Array(view.buffer ?? view, view.byteOffset ?? 0, view.byteLength);
  const emit = (name, ...args) => (listeners[name] ?? []).slice().forEach((f) => f(...args));
  window.sent = [];
  window.model = {
    get: (name) => state[name],
    set: (name, value) => { state[name] = value; },
    save_changes: () => {},
    on: (name, f) => (listeners[name] ??= []).push(f),
    off: (name, f) => { listeners[name] = (listeners[name] ?? []).filter((g) => g !== f); },
    send: (content, _callbacks, buffers = []) => {
      window.sent.push({ ...content, ...(buffers.length && { buffers: buffers.map((one) => [...bytesOf(one)]) }) });
      window.answer?.(content);
    },
  };
  window.put = (changes) => {
    Object.assign(state, changes);
    for (const name of Object.keys(changes)) emit(`change:${name}`);
    emit("change");
  };
  window.bytes = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  window.say = (content, ...buffers) => emit("msg:custom", content, buffers);
  window.live = () => emit("comm_live_update");
}
"""

_START = """
async ([url, ...code]) => {
  const bytes = code.map((text) => new DataView(new TextEncoder().encode(text).buffer));
  window.answer = ({ type }) => type === "code" && setTimeout(() => window.say({ type: "code" }, ...bytes));
  const { default: widget } = await import(url);
  const el = document.getElementById("here");
  window.destroy = await widget.initialize?.({ model: window.model });
  window.unmount = await widget.render({ model: window.model, el });
  while (!el.firstChild) await new Promise(requestAnimationFrame);
}
"""


class BareWidget:
    """One widget in a page of its own."""

    def __init__(self, page: Page, *, name: str = "clip_view") -> None:
        self.page = page
        self.name = name
        self.errors: list[str] = []
        self._carried = 0
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(
        self, widget: Widget, *, theme: str = "light", width: int = 800, origin: str = "http://localhost"
    ) -> BareWidget:
        """Show a widget's state; nothing is fetched: the page and the bundle are handed over by the test."""
        self.page.set_viewport_size({"width": width + 32, "height": 1000})
        script = (STATIC / f"{self.name}.js").read_text(encoding="utf-8")
        html = self._page(widget, theme)
        self.page.route(f"{origin}/", lambda route: route.fulfill(body=html, content_type="text/html"))
        self.page.route(
            f"{origin}/widget.js*", lambda route: route.fulfill(body=script, content_type="text/javascript")
        )
        self.page.goto(f"{origin}/")
        self.page.evaluate(_MODEL, {})
        self.show(widget)
        self.page.evaluate(_START, ["/widget.js", *shelf_code()])
        self.frame()
        return self

    def _page(self, widget: Widget, theme: str) -> str:
        variables = "".join(f"{name}:{value};" for name, value in THEMES.get(theme, {}).items())
        themed = f'data-jp-theme-light="{str(theme == "light").lower()}"' if theme in THEMES else ""
        record = f'<div class="jp-OutputArea-child"><p data-conduit="{widget.static_id}">record</p></div>'
        return (
            "<!doctype html><meta charset=utf-8>"
            f"<style>body{{{variables}margin:16px;background:var(--jp-layout-color0)}}</style>"
            f'<body {themed}><div class="jp-OutputArea">{record}'
            '<div class="jp-OutputArea-child"><div id="here"></div></div></div></body>'
        )

    def show(self, widget: Widget) -> None:
        """Send all of the widget's own traits, as the kernel would when they change."""
        names = [
            name for name in widget.keys if not name.startswith("_") and name in type(widget).class_traits()
        ]
        own = [name for name in names if name not in _OF_EVERY_WIDGET]
        pairs = ",".join(f"{json.dumps(name)}: {_literal(getattr(widget, name))}" for name in own)
        self.page.evaluate(f"() => window.put({{{pairs}}})")
        self.frame()

    def frame(self) -> None:
        """Wait until what was asked for has been drawn."""
        self.page.evaluate(
            "() => new Promise((f) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(f))))"
        )

    def until(self, condition: str) -> None:
        """Wait until a condition, a JavaScript function, holds."""
        self.page.wait_for_function(condition, timeout=5000)

    def action(self, name: str) -> Locator:
        """Find the control of an action."""
        return self.page.locator(f'[data-action="{name}"]')

    def sent(self, *, but: Container[str] = ("hello", "code", "sounds")) -> list[dict[str, Any]]:
        """Give the intents sent so far, without those that the view sends by itself."""
        found: list[dict[str, Any]] = self.page.evaluate("() => window.sent")
        return [intent for intent in found if intent["type"] not in but]

    def carry(self, widget: Widget) -> list[dict[str, Any]]:
        """Let the widget take the intents sent since the last time, and the page what it answers."""
        intents = self.sent()[self._carried :]
        self._carried += len(intents)
        answers: list[dict[str, Any]] = []
        # The widget's own messages go to the page in place of a kernel.
        widget.send = lambda content, **_: answers.append(content)  # type: ignore[method-assign]
        for intent in intents:
            buffers = [bytes(data) for data in intent.pop("buffers", [])]
            widget._handle_custom_msg(intent, buffers)
        for answer in answers:
            self.page.evaluate("(content) => window.say(content)", answer)
        self.frame()
        return intents

    def colours(self, selector: str = "canvas.conduit-grid") -> dict[tuple[int, ...], int]:
        """Count the colours on a canvas."""
        rows = self.page.evaluate(
            """(selector) => {
              const canvas = document.querySelector(selector);
              const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
              const counts = {};
              for (let i = 0; i < data.length; i += 4) {
                const key = `${data[i]},${data[i + 1]},${data[i + 2]},${data[i + 3]}`;
                counts[key] = (counts[key] ?? 0) + 1;
              }
              return counts;
            }""",
            selector,
        )
        return {tuple(map(int, key.split(","))): count for key, count in rows.items()}


def _literal(value: Any) -> str:
    if isinstance(value, bytes):
        return f"window.bytes({json.dumps(base64.b64encode(value).decode())})"
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(str(key))}: {_literal(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_literal, value)) + "]"
    return json.dumps(value)


@pytest.fixture
def bare(chromium: Browser) -> Iterator[BareWidget]:
    """Give a bare page for one widget; an error in the page fails the test."""
    page = chromium.new_page()
    widget = BareWidget(page)
    yield widget
    page.close()
    assert widget.errors == []


@pytest.fixture
def chat(chromium: Browser) -> Iterator[Chat]:
    """Give a chat panel that a test fills and starts; an error in the page fails the test."""
    from widgets.chat_page import Chat  # noqa: PLC0415  it is itself a bare page

    page = chromium.new_page()
    chat = Chat(page)
    yield chat
    page.close()
    assert chat.errors == []


@pytest.fixture(scope="module")
def staged(chromium: Browser) -> Iterator[Stage]:
    """Give one page with the drawing for a file of tests."""
    page = chromium.new_page()
    stage = Stage(page, THEMES["light"])
    yield stage
    page.close()


@pytest.fixture
def stage(staged: Stage) -> Iterator[Stage]:
    """Give the drawing on an empty stage; an error in the page fails the test."""
    yield staged.clear()
    assert staged.errors == []


@pytest.fixture
def bass() -> Clip:
    """Give four bars of bass, one note a beat, velocities rising."""
    notes = [Note(33 + 3 * (i % 4), i, 0.75, 40 + 5 * i) for i in range(16)]
    return Clip.of(notes, name="Bass line", key="A minor", bpm=120, instrument="bass")


@pytest.fixture
def ready(bass: Clip) -> ClipView:
    """Give a view whose clip is written and can be pushed to a simulated set."""
    view = ClipView(static_id="r1")
    view.show_clip(bass)
    view.show_state(phase="ready", text="A **bass** line.", footer="offline · 0.2 s · 16 notes")
    tracks = [("Drums", True), ("Bass", True), ("Vox", False)]
    view.show_live(
        "Simulated Live set", simulated=True, connected=True, tracks=tracks, scenes=8, target=(2, 3)
    )
    return view
