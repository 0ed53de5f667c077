"""The chat panel: a document of small items that its front end mirrors, and what a person does in it.

What the items are is decided elsewhere (``conduit_magics.chat``); here they are told to the page, each change once.
The clips among them are shown by the page's own roll, which speaks through the panel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import traitlets

from conduit.widgets.mirror import Item, Items, Message, Mirror, whole_characters
from conduit.widgets.shared_code import SharedCode
from conduit.widgets.widget import Intent, OnIntent, ignore

__all__ = ["ChatPanel"]

_STATIC = Path(__file__).parent / "static"


class ChatPanel(SharedCode):
    """A conversation in a cell's output. Every method may be called from any thread.

    Intents, as handed on, are listed in ``INTENTS``; that of ``clip`` also has its ``buffers``, and that of ``set``
    its ``value``, a text: ``on`` or nothing for a switch.

    Args:
        items: What is shown at first.
        on_intent: Called with each intent inside the comm callback; it must return at once.
        static_id: Id of the static record that is hidden while the panel lives.
    """

    _esm = _STATIC / "chat_panel.js"

    INTENTS: ClassVar[dict[str, dict[str, type]]] = {
        **SharedCode.INTENTS,
        "sync": {},
        "send": {"text": str, "media": list},
        "stop": {},
        "more": {},
        "edit": {"entry": str, "text": str},
        "again": {"entry": str},
        "take": {"entry": str, "branch": str},
        "switch": {"branch": str},
        "compare": {"entry": str, "branch": str},
        "set": {"name": str},
        "aim": {"track": int, "slot": int},
        "approve": {"plan": str},
        "reject": {"plan": str},
        "undo": {"plan": str},
        "amend": {"plan": str},
        "clip": {"clip": str, "message": dict},
        "complete": {"n": int, "text": str, "at": int},
        "attach": {"n": int, "name": str, "mime": str, "data": bytes},
        "detach": {"media": str},
        "star": {"take": str, "on": bool},
        "rename": {"take": str, "name": str},
        "push": {"take": str, "track": int, "slot": int, "new_track": bool},
        "drop": {"take": str, "plan": str},
        "hear": {"take": str},
        "cell": {"take": str},
        "file": {"take": str, "kind": str},
        "talk": {"name": str},
    }

    begin = traitlets.Dict().tag(sync=True)

    def __init__(self, items: Items, *, on_intent: OnIntent = ignore, static_id: str = "") -> None:
        self._mirror = Mirror()
        self._mirror.change(items)
        super().__init__(on_intent=on_intent, static_id=static_id)

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002  ipywidgets' signature
        """Give the state; a front end that begins now has the document as it is now."""
        with self._lock:
            state: dict[str, Any] = super().get_state(key=key, drop_defaults=drop_defaults)
            if "begin" in state or key is None:
                state["begin"] = self._mirror.state()
            return state

    def show(self, items: Items) -> None:
        """Show the document as it is now."""
        with self._lock:
            message = self._mirror.change(items)
            if message is not None:
                self._tell(message)

    def known(self, name: str, item: Item) -> None:
        """Note what the front end did to an item by itself."""
        with self._lock:
            self._mirror.known(name, item)

    def tell(self, kind: str, facts: Mapping[str, Any], buffers: Sequence[bytes] = ()) -> None:
        """Send a message that is no part of the document; lost where the panel is not on a screen."""
        self.send(whole_characters({**facts, "type": kind}), buffers=list(buffers))

    def act(self, intent: Intent) -> None:
        """Tell the whole document where it is asked for; hand on everything else."""
        if intent["type"] == "sync":
            with self._lock:
                self._tell(self._mirror.whole())
        else:
            super().act(intent)

    def _tell(self, message: Message) -> None:
        self.send(message.content, buffers=message.buffers)

    def _read(self, content: dict[str, Any], buffers: Sequence[Any]) -> Intent | None:
        intent = super()._read(content, buffers)
        if intent is not None and intent["type"] == "clip":
            return {**intent, "buffers": [bytes(data) for data in buffers]}
        if intent is not None and intent["type"] == "set":
            value = content.get("value")
            return {**intent, "value": value if isinstance(value, str) else "on" if value is True else ""}
        return intent
