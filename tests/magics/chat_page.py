"""A page for a chat panel without a browser: it takes the panel's messages as the front end does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from conduit_magics.chat.panel import Panel

WAIT_S = 4


class Page:
    """Opens a panel and keeps its document.

    Attributes:
        panel: The panel.
        items: The document, from the messages alone.
        told: Every message that is no part of the document.
        sent: How many patches came.
    """

    def __init__(self, desk: Any) -> None:
        self.told: list[dict[str, Any]] = []
        self.sent = 0
        self._came = threading.Condition()
        self.panel = Panel(desk)
        self.panel.open()
        with self.panel.view._lock:
            self.items: dict[str, dict[str, Any]] = {}
            self.panel.view.send = self._take
        self.act("sync")
        self.until(lambda: bool(self.items))

    def _take(self, content: dict[str, Any], buffers: Any = None) -> None:
        with self._came:
            if content["type"] in {"patch", "whole"}:
                self._apply(content, buffers or [])
                self.sent += 1
            else:
                self.told.append({**content, "buffers": list(buffers or [])})
            self._came.notify_all()

    def _apply(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        if content["type"] == "whole":
            self.items.clear()
        for name in content.get("gone", ()):
            self.items.pop(name, None)
        for name, fields in content.get("set", content.get("items", {})).items():
            self.items.setdefault(name, {}).update(fields)
        for name, fields in content.get("more", {}).items():
            for key, value in fields.items():
                self.items[name][key] += value
        for (name, key, way), data in zip(content["bytes"], buffers, strict=True):
            before = self.items.setdefault(name, {}).get(key, b"") if way == "more" else b""
            self.items[name][key] = before + data

    def act(self, kind: str, **fields: Any) -> None:
        """Do what a person does."""
        data = fields.pop("data", None)
        self.panel.view._handle_custom_msg({"type": kind, **fields}, [] if data is None else [data])

    def send(self, text: str, *media: str) -> None:
        """Send a message, and wait for the end of what comes of it."""
        before = len(self.order)
        self.act("send", text=text, media=list(media))
        self.until(lambda: len(self.order) > before)
        self.settled()

    def until(self, holds: Callable[[], Any]) -> None:
        """Wait until something holds of what came."""
        with self._came:
            assert self._came.wait_for(lambda: _tried(holds), timeout=WAIT_S), f"it did not come: {self}"

    def settled(self) -> None:
        """Wait until nothing is under way."""
        self.until(lambda: not self.items["panel"]["busy"] and "running" not in self.states)

    @property
    def order(self) -> list[str]:
        return self.items.get("panel", {}).get("order", [])

    @property
    def entries(self) -> list[dict[str, Any]]:
        return [self.items[entry] for entry in self.order]

    @property
    def states(self) -> list[str]:
        return [entry["state"] for entry in self.entries]

    def parts(self, entry: int = -1) -> list[dict[str, Any]]:
        """Give the parts of an entry."""
        return [self.items[part] for part in self.entries[entry]["parts"]]

    def kinds(self, entry: int = -1) -> list[str]:
        return [part["kind"] for part in self.parts(entry)]

    def part(self, kind: str, entry: int = -1) -> dict[str, Any]:
        """Give the last part of a kind."""
        return [part for part in self.parts(entry) if part["kind"] == kind][-1]

    def __str__(self) -> str:
        """Say what is there, for a test that fails."""
        return f"{self.entries} {[self.parts(at) for at in range(len(self.order))]} {self.told[-3:]}"

    def close(self) -> None:
        self.panel.studio.call(self.panel.seal())


def _tried(holds: Callable[[], Any]) -> Any:
    """Say whether something holds; what is not there yet holds nothing."""
    try:
        return holds()
    except LookupError:
        return False
