"""A chat panel's document with takes, branches and a comparison, for the tests of its drawers."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from widgets.conftest import BareWidget

from conduit.drawing import CLIP_COLOURS, colour_of
from conduit.music import Clip, Note
from conduit.widgets import ChatPanel
from conduit.widgets.mirror import Item
from conduit.widgets.session_view import pack_picture

TRACKS = [["Drums", True], ["Bass", True], ["Vox", False]]
TARGET = {
    "label": "Simulated Live set",
    "simulated": True,
    "connected": True,
    "tracks": TRACKS,
    "scenes": 8,
    "track": 2,
    "slot": 3,
}
RIFF = [0, 0, 12, 0, 3, 0, 10, 7]


def riff(name: str, *, by: int = 0, bars: int = 4, instrument: str = "bass") -> Clip:
    """Give a line of eighths that differs with ``by``: another octave leap, a note left out, one moved."""
    notes = [
        Note(
            33 + RIFF[(i + by) % 8] + (2 if by and i % 8 == 5 else 0),
            i / 2 + (0.25 if by and i == 9 else 0),
            0.4,
            70 + 5 * (i % 8),
        )
        for i in range(bars * 8)
        if not (by and i % 11 == 10)
    ]
    return Clip.of(notes, name=name, key="A minor", bpm=120, length=bars * 4, instrument=instrument)


def take(clip: Clip, *, star: bool = False, entry: str = "e1", heard: str = "", name: str = "") -> Item:
    """Give a take's item of the tray; ``heard`` is the id of its clip."""
    words = f"{clip.length / 4:g} bars · {clip.key} · {clip.bpm:g} bpm · {len(clip)} notes"
    facts = {"name": name or clip.name, "star": star, "words": words, "ink": CLIP_COLOURS[colour_of(clip)]}
    return {"kind": "take", **facts, "picture": pack_picture(clip), "entry": entry, "clip": heard, "at": 0.0}


def entry(who: str, parts: list[str], *, number: int = 1, asked: str = "") -> Item:
    """Give a finished turn, or a person's."""
    words = {"asked": asked, "error": "", "footer": "", "origin": "", "state": "done"}
    return {
        "kind": "turn",
        "who": who,
        "number": number,
        "media": [],
        "at": 0.0,
        "parts": parts,
        "details": [],
        "takes": {},
        **words,
    }


def document(items: dict[str, Item] | None = None, **panel: Any) -> dict[str, Item]:
    """Give a document: a turn, nothing in the tray, one branch; ``panel`` and ``items`` say what is otherwise."""
    facts: dict[str, Any] = {"order": ["e1"], "tree": [["main", 3, "A bass line in A minor", True, "", 0]]}
    words = dict.fromkeys(("running", "title", "restored"), "")
    usual = {"earlier": 0, "branch": "main", "examples": [], "busy": False, **words}
    bar = {
        "kind": "bar",
        "models": [["offline", "●", "Works", ["offline/band"]]],
        "model": "auto",
        "mode": "chat",
        "genres": [],
        "genre": "",
        "target": TARGET,
        "budget": {"words": "", "share": -1},
        "usage": "",
        "health": {"symbol": "●", "words": "All well"},
        "auto": [],
        "talks": [["main", "Night drive", "today", True]],
    }
    return {
        "panel": {"kind": "panel", **usual, **facts, **panel},
        "bar": bar,
        "tray": {"kind": "tray", "order": []},
        "e1": entry("you", ["p1"], asked="A bass line in A minor, please"),
        "p1": {"kind": "text", "text": "Here is a line in eighths.", "open": False},
        **(items or {}),
    }


class Chat:
    """One panel in a bare page, and what its kernel tells it."""

    def __init__(self, bare: BareWidget) -> None:
        self.bare = bare
        self.page = bare.page
        self.bare.name = "chat_panel"
        self.items: dict[str, Item] = {}

    def open(self, items: dict[str, Item], *, theme: str = "light", width: int = 1000) -> Chat:
        """Show a document as a page finds it."""
        self.items = items
        self.panel = ChatPanel(items, static_id="t1")
        self.panel.begin = self.panel.get_state(key="begin")["begin"]  # the bare page reads traits one by one
        self.bare.open(self.panel, theme=theme, width=width)
        return self

    def put(self, **items: Item) -> None:
        """Let some items be others, or more of them."""
        self.items = {**self.items, **items}
        self._told(lambda: self.panel.show(self.items))

    def tell(self, kind: str, *buffers: bytes, **facts: Any) -> None:
        """Say something beside the document."""
        self._told(lambda: self.panel.tell(kind, facts, buffers))

    def _told(self, act: Callable[[], None]) -> None:
        told: list[tuple[Any, list[bytes]]] = []
        self.panel.send = lambda content, buffers=None: told.append((content, buffers or []))  # type: ignore[method-assign]
        act()
        for content, buffers in told:
            texts = [base64.b64encode(data).decode() for data in buffers]
            self.page.evaluate(
                "([content, texts]) => window.say(content, ...texts.map(window.bytes))", [content, texts]
            )
        self.bare.frame()

    def asked(self, *kinds: str) -> list[dict[str, Any]]:
        """Give what was asked of the kernel, of some kinds."""
        return [intent for intent in self.bare.sent() if intent["type"] in kinds]

    def texts(self, selector: str) -> list[str]:
        """Give the texts that are to be seen, in their order."""
        return [one.inner_text() for one in self.page.locator(selector).all() if one.is_visible()]

    def open_side(self, name: str) -> None:
        """Open a drawer, by its button."""
        self.page.locator(f'.cc-head [data-action="{name}"]').click()


def with_takes(takes: dict[str, Item], **items: Item) -> dict[str, Item]:
    """Give a document whose tray holds takes, the newest first."""
    return document({"tray": {"kind": "tray", "order": list(takes)}, **takes, **items})
