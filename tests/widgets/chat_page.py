"""A chat panel in a bare page: a document that a test changes, and what the page shows and asks for."""

from __future__ import annotations

import base64
import json
from typing import Any

from playwright.sync_api import Locator, Page
from widgets.conftest import BareWidget, _literal

from conduit.music import Clip, Note
from conduit.widgets import ChatPanel, clip_item

EXAMPLES = [["A bass line", "Write four bars of bass"], ["Chords", "Slow chords in F lydian"]]
RIFF = Clip.of([Note(60 + step, step, 0.5) for step in range(4)], name="Riff", length=4)
ENTRY: dict[str, Any] = {
    "kind": "turn",
    "who": "you",
    "number": 1,
    "asked": "A riff",
    "media": [],
    "at": 1_760_000_000.0,
    "parts": [],
    "state": "done",
    "error": "",
    "footer": "",
    "details": [],
    "takes": {},
    "origin": "",
}
PANEL: dict[str, Any] = {
    "kind": "panel",
    "order": [],
    "earlier": 0,
    "running": "",
    "title": "",
    "branch": "main",
    "restored": "",
    "examples": EXAMPLES,
    "tree": [],
    "busy": False,
}
TARGET = {
    "label": "Simulated Live set",
    "simulated": True,
    "connected": True,
    "tracks": [["Drums", True], ["Bass", True]],
    "scenes": 8,
    "track": 2,
    "slot": 3,
}
BAR: dict[str, Any] = {
    "kind": "bar",
    "models": [["scripted", "●", "answers", ["scripted/demo"]]],
    "model": "auto",
    "mode": "chat",
    "genres": [],
    "genre": "",
    "target": TARGET,
    "budget": {"words": "", "share": -1},
    "usage": "",
    "health": {"symbol": "●", "words": "All answer"},
    "auto": [],
    "talks": [],
}
LONG = "A sentence that fills a line of the answer to its end, or nearly so. " * 12


class Chat(BareWidget):
    """A panel with its document."""

    def __init__(self, page: Page) -> None:
        super().__init__(page, name="chat_panel")
        self.items: dict[str, dict[str, Any]] = {
            "panel": PANEL,
            "bar": BAR,
            "tray": {"kind": "tray", "order": []},
        }
        self.panel: ChatPanel | None = None

    def start(self, *, theme: str = "light", width: int = 800) -> Chat:
        """Open the document as it is."""
        self.panel = ChatPanel(self.items, static_id="chat")
        self.panel.send = lambda content, buffers=(): self.tell(content, *buffers)  # type: ignore[method-assign]
        self.open(self.panel, theme=theme, width=width)
        return self

    def show(self, widget: Any) -> None:
        """Hand over the traits, with the document of now."""
        traits = {name: getattr(widget, name) for name in ("static_id", "shelf", "version")}
        traits["begin"] = widget.get_state(key="begin")["begin"]
        pairs = ",".join(f"{json.dumps(name)}: {_literal(value)}" for name, value in traits.items())
        self.page.evaluate(f"() => window.put({{{pairs}}})")
        self.frame()

    def tell(self, content: dict[str, Any], *buffers: bytes) -> None:
        """Send a message as the kernel would."""
        coded = [base64.b64encode(bytes(data)).decode() for data in buffers]
        self.page.evaluate(
            "([content, coded]) => window.say(content, ...coded.map(window.bytes))", [content, coded]
        )

    def change(self, **items: dict[str, Any] | None) -> None:
        """Change fields of items, or take some away, and tell the page what differs."""
        for name, fields in items.items():
            if fields is None:
                del self.items[name]
            else:
                self.items[name] = {**self.items.get(name, {}), **fields}
        if self.panel is not None:
            self.panel.show(dict(self.items))
            self.frame()

    def turn(
        self,
        name: str,
        *,
        asked: str = "A riff",
        parts: dict[str, dict[str, Any]] | None = None,
        **facts: Any,
    ) -> None:
        """Add a turn at the end, with its parts."""
        parts = parts or {}
        self.items.update(parts)
        self.items[name] = {**ENTRY, "asked": asked, "parts": list(parts), **facts}
        self.change(panel={"order": [*self.items["panel"]["order"], name]})

    def text(self, name: str, text: str = LONG, **facts: Any) -> None:
        """Add a turn whose answer is a text."""
        self.turn(name, parts={f"p-{name}": {"kind": "text", "text": text, "open": False}}, **facts)

    def clip(self, name: str, clip: Clip = RIFF) -> None:
        """Add a turn whose answer is a clip that is a take."""
        self.items[f"c-{name}"] = dict(clip_item(clip))
        self.items[f"k-{name}"] = {
            "kind": "take",
            "name": clip.name,
            "star": False,
            "words": "",
            "ink": "#5d5eb2",
            "picture": b"",
            "entry": name,
            "clip": f"c-{name}",
            "at": 0.0,
        }
        self.turn(
            name,
            parts={
                f"p-{name}": {"kind": "clip", "clip": f"c-{name}", "take": f"k-{name}", "label": clip.name}
            },
        )

    def entry(self, number: int) -> Locator:
        """Find a turn, from 1."""
        return self.page.locator(".cc-entry").nth(number - 1)

    @property
    def scroll(self) -> tuple[float, float]:
        """Give how far the conversation is scrolled, and how far it is from its end, in CSS pixels."""
        top, rest = self.page.evaluate(
            "() => { const { scrollTop, scrollHeight, clientHeight } = document.querySelector('.cc-scroll');"
            " return [scrollTop, scrollHeight - scrollTop - clientHeight]; }"
        )
        return top, rest

    def scroll_by(self, pixels: int) -> None:
        """Turn the wheel over the conversation."""
        self.page.locator(".cc-scroll").first.hover(position={"x": 6, "y": 60})
        self.page.mouse.wheel(0, pixels)
        self.page.wait_for_timeout(0)
        for _ in range(6):
            self.frame()
