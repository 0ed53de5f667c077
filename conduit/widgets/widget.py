"""The base of every widget: intents in, traits out, from any thread, on every kernel.

Rules: the front end only reads traits and sends intents, small dicts whose fields each widget lists in
``INTENTS``; what is not in the list is not handed on. ``on_intent`` is called inside the comm callback, in
whatever thread and beside whatever cell the kernel likes, so it must only enqueue work and return.

ipykernel 7.4 delivers a widget's messages to the (sub)shell that last published on its comm
(``ipykernel.comm.comm.BaseComm._reply_subshell_for``). A write from a cell would so bind the widget to the cell's
shell, and Stop would wait for the cell. Therefore the front end says hello until it is answered from its own
subshell, and everything the widget sends is published in the context of the last message that came from there.

A hello that is a ping asks whether anybody is there. It is answered by any route, and the answer says whether
messages are heard beside a running cell (``beside``): only then does silence mean that the kernel is gone.
"""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar

import anywidget
import traitlets
from IPython.core.getipython import get_ipython

__all__ = ["Intent", "OnIntent", "Widget", "ignore"]

Intent = dict[str, Any]
"""What a person asked for: ``type`` and the fields that its widget lists."""

OnIntent = Callable[[Intent], None]


def ignore(_intent: Intent) -> None:
    """Do nothing, for a widget that only shows."""


class Widget(anywidget.AnyWidget):
    """A widget that shows state and hands on intents.

    Args:
        on_intent: Called with each valid intent; it must return at once and may be called from any thread.
        static_id: Id of the static record (``data-conduit``) that is hidden while the widget lives.
        shown: Traits that go with the message that opens the widget; each that follows is a message of its own.

    Attributes:
        INTENTS: Fields and their types of each intent the front end may send; fields of bytes come as buffers, in
            the order of the list.
    """

    INTENTS: ClassVar[dict[str, dict[str, type]]] = {}

    static_id = traitlets.Unicode("").tag(sync=True)

    # ``_send`` runs inside AnyWidget's constructor, before anything was received.
    _route: contextvars.Context | None = None

    def __init__(
        self,
        *,
        on_intent: OnIntent = ignore,
        static_id: str = "",
        shown: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self._on_intent = on_intent
        self._lock = threading.RLock()
        super().__init__(static_id=static_id, **shown)
        self.on_msg(self._receive)

    def __repr__(self) -> str:
        """Name the widget without an address, so that a saved notebook stays the same."""
        return f"<{type(self).__name__}>"

    def hand_to(self, on_intent: OnIntent, *, static_id: str = "") -> OnIntent:
        """Hand intents to somebody else from now on, who shows a static record of it; give who had them."""
        before, self._on_intent = self._on_intent, on_intent
        self.put(static_id=static_id)
        return before

    def put(self, **traits: Any) -> None:
        """Set several traits as one message; safe from any thread, the last writer wins."""
        with self._lock, self.hold_sync():
            for name, value in traits.items():
                self.set_trait(name, value)

    def toast(self, text: str) -> None:
        """Show a line in the widget for a few seconds; lost where the widget is not on a screen."""
        self.send({"type": "toast", "text": text})

    def _receive(self, _widget: object, content: object, buffers: Sequence[Any] | None) -> None:
        routed = self._remember_route()
        if not isinstance(content, dict):
            return
        if content.get("type") == "hello":
            self._greet(routed=routed, pinged=content.get("ping") is True)
        elif (intent := self._read(content, buffers or ())) is not None:
            self.act(intent)

    def act(self, intent: Intent) -> None:
        """Do what an intent asks for: hand it on. A widget that does some itself overrides this."""
        self._on_intent(intent)

    def _greet(self, *, routed: bool, pinged: bool) -> None:
        """Answer a hello, a ping by any route; say whether messages are heard beside a running cell."""
        if routed or pinged:
            self.send({"type": "routed" if routed else "alive", "beside": routed and _has_subshells()})

    def _read(self, content: dict[str, Any], buffers: Sequence[Any]) -> Intent | None:
        """Keep the listed fields of a listed intent, bytes from the buffers in order; None for anything else."""
        kind = content.get("type")
        fields = self.INTENTS.get(kind) if isinstance(kind, str) else None
        if fields is None:
            return None
        binary = [name for name, wanted in fields.items() if wanted is bytes]
        content = {**content, **{name: bytes(data) for name, data in zip(binary, buffers, strict=False)}}
        if any(type(content.get(name)) is not wanted for name, wanted in fields.items()):
            return None
        return {"type": kind, **{name: content[name] for name in fields}}

    def _remember_route(self) -> bool:
        """Keep the context of the message being handled; whether it came by the front end's own subshell."""
        if not _has_subshells():
            return True
        if _kernel().get_parent("shell").get("header", {}).get("subshell_id") is None:
            return False
        self._route = contextvars.copy_context()
        return True

    def _send(self, msg: Any, buffers: Any = None) -> None:
        if self._route is None:
            super()._send(msg, buffers)
        else:
            self._route.copy().run(super()._send, msg, buffers)


def _kernel() -> Any:
    return getattr(get_ipython(), "kernel", None)


def _has_subshells() -> bool:
    return bool(getattr(_kernel(), "_supports_kernel_subshells", False))
