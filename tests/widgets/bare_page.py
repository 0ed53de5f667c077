"""A widget's front end in a bare page: the committed bundle, a fake model, and ways to look at what it does."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

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

# The part of the anywidget front-end contract that the widgets use.
_MODEL = """
(state) => {
  const listeners = {};
  const emit = (name, ...args) => (listeners[name] ?? []).slice().forEach((f) => f(...args));
  window.sent = [];
  window.model = {
    get: (name) => state[name],
    set: (name, value) => { state[name] = value; },
    save_changes: () => {},
    on: (name, f) => (listeners[name] ??= []).push(f),
    off: (name, f) => { listeners[name] = (listeners[name] ?? []).filter((g) => g !== f); },
    send: (content) => { window.sent.push(content); },
  };
  window.put = (changes) => {
    Object.assign(state, changes);
    for (const name of Object.keys(changes)) emit(`change:${name}`);
    emit("change");
  };
  window.bytes = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  window.say = (content, ...buffers) => emit("msg:custom", content, buffers);
}
"""

_START = """
async (url) => {
  const { default: widget } = await import(url);
  const el = document.getElementById("here");
  window.destroy = await widget.initialize?.({ model: window.model });
  window.unmount = await widget.render({ model: window.model, el });
}
"""


class BareWidget:
    """One widget in a page of its own."""

    def __init__(self, page: Page, *, name: str = "clip_view") -> None:
        self.page = page
        self.name = name

    def open(self, traits: Mapping[str, Any], *, theme: str = "light", width: int = 800) -> BareWidget:
        """Show the widget with its first traits; bytes arrive as the kernel's do, as a DataView."""
        self.page.set_viewport_size({"width": width + 32, "height": 900})
        light = "true" if theme == "light" else "false"
        variables = "".join(f"{name}:{value};" for name, value in THEMES.get(theme, {}).items())
        style = (STATIC / f"{self.name}.css").read_text(encoding="utf-8")
        themed = f'data-jp-theme-light="{light}"' if theme in THEMES else ""
        self.page.set_content(
            f"<!doctype html><style>body{{{variables}margin:16px;background:var(--jp-layout-color0)}}</style>"
            f'<style>{style}</style><body {themed}><div class="jp-OutputArea"><div id="here"></div></div></body>'
        )
        self.page.evaluate(_MODEL, {})
        self.put(**traits)
        script = base64.b64encode((STATIC / f"{self.name}.js").read_bytes()).decode()
        self.page.evaluate(_START, f"data:text/javascript;base64,{script}")
        self.frame()
        return self

    def put(self, **traits: Any) -> None:
        """Change traits as the kernel would."""
        pairs = ",".join(f"{json.dumps(name)}: {_literal(value)}" for name, value in traits.items())
        self.page.evaluate(f"() => window.put({{{pairs}}})")

    def frame(self) -> None:
        """Wait until what was asked for has been drawn."""
        self.page.evaluate(
            "() => new Promise((f) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(f))))"
        )

    def action(self, name: str) -> Locator:
        """Find the control of an action."""
        return self.page.locator(f'[data-action="{name}"]')

    def sent(self, *, but: str = "hello") -> list[dict[str, Any]]:
        """Give the intents sent so far, without the greetings."""
        found: list[dict[str, Any]] = self.page.evaluate("() => window.sent")
        return [intent for intent in found if intent["type"] != but]

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
    return json.dumps(value)
