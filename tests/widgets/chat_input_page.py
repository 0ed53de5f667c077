"""A chat panel in a bare page, for tests of its input and its bar: what the kernel says, and what the page asks."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Locator
from widgets.conftest import BareWidget

from conduit.widgets import ChatPanel

BY_ITSELF = ("hello", "code", "sounds", "sync")
MODELS = [
    ["offline", "●", "asked as usual", ["offline/composer"]],
    ["ollama", "◐", "the next call is a trial: it did not answer", ["ollama/llama3.2", "ollama/qwen3"]],
]
BAR = {
    "kind": "bar",
    "models": MODELS,
    "model": "auto",
    "mode": "chat",
    "genres": ["house", "techno", "ambient"],
    "genre": "",
    "target": {
        "label": "Simulated Live set",
        "simulated": True,
        "connected": True,
        "tracks": [["Drums", True], ["Bass", True], ["Vox", False]],
        "scenes": 8,
        "track": 2,
        "slot": 3,
    },
    "budget": {"words": "$0.0042 of $1.00 this session", "share": 0.2},
    "usage": "1,200 tokens in, 80 out · $0.0042",
    "health": {"symbol": "●", "words": "offline: asked as usual"},
    "auto": [["clip", "clips into empty slots", False], ["tempo", "changes of tempo", False]],
    "talks": [["t1", "Dark bass", "14:02", True], ["t2", "Drums for a bridge", "27 Nov", False]],
}
PANEL = {
    "kind": "panel",
    "order": [],
    "earlier": 0,
    "running": "",
    "title": "",
    "branch": "main",
    "restored": "",
    "examples": [],
    "tree": [],
    "busy": False,
}
TRAY: dict[str, Any] = {"kind": "tray", "order": []}


def turn(asked: str, *, who: str = "you", state: str = "done") -> dict[str, Any]:
    """Give an entry of the conversation."""
    return {
        "kind": "turn",
        "who": who,
        "number": 1,
        "asked": asked,
        "media": [],
        "at": 0,
        "parts": [],
        "state": state,
        "error": "",
        "footer": "",
        "details": [],
        "takes": {},
        "origin": "",
    }


class ChatPage:
    """One panel in a bare page."""

    def __init__(self, bare: BareWidget) -> None:
        bare.name = "chat_panel"
        self.bare = bare
        self.page = bare.page
        self._n = 0

    def open(self, *, theme: str = "light", width: int = 800, **items: dict[str, Any]) -> ChatPage:
        """Show a panel whose document has these items beside the usual ones."""
        panel = ChatPanel({"panel": PANEL, "bar": BAR, "tray": TRAY, **items}, static_id="chat-1")
        state = panel.get_state(key=["begin"])["begin"]
        self._n = state["n"]
        panel.begin = state
        self.bare.open(panel, theme=theme, width=width)
        return self

    @property
    def input(self) -> Locator:
        """Find what is typed into."""
        return self.page.locator(".cc-input")

    @property
    def text(self) -> str:
        """Give what stands in the input."""
        return self.input.input_value()

    def type(self, text: str) -> ChatPage:
        """Type at the caret, as a keyboard does."""
        self.input.focus()
        self.page.keyboard.type(text)
        return self

    def press(self, *keys: str) -> ChatPage:
        """Press keys where the focus is."""
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def say(self, **message: Any) -> ChatPage:
        """Tell the page what the kernel says."""
        self.page.evaluate("(message) => window.say(message)", message)
        self.bare.frame()
        return self

    def put(self, **items: dict[str, Any]) -> ChatPage:
        """Tell the page of items, whole or some of their fields."""
        self._n += 1
        return self.say(type="patch", n=self._n, set=items, more={}, gone=[], bytes=[])

    def sent(self, kind: str = "") -> list[dict[str, Any]]:
        """Give the intents sent so far, all or of one kind."""
        return [one for one in self.bare.sent(but=BY_ITSELF) if kind in ("", one["type"])]

    def asked(self, kind: str) -> dict[str, Any]:
        """Wait for an intent of a kind; give the last one."""
        self.bare.until(f"() => window.sent.some((one) => one.type === {json.dumps(kind)})")
        return self.sent(kind)[-1]

    def lose(self) -> ChatPage:
        """Let the host say that the kernel is gone."""
        self.page.evaluate(
            "() => document.getElementById('here').classList.add('jupyter-widgets-disconnected')"
        )
        self.page.evaluate("() => window.live()")
        self.bare.until("() => document.querySelector('.conduit-chat').dataset.kernel === 'gone'")
        self.bare.frame()
        return self
