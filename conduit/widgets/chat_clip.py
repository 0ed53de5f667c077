"""A clip in the chat panel: everything that a clip's view does, without a widget of its own on the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from conduit.music import Clip
from conduit.widgets.clip_view import ClipView, Phase
from conduit.widgets.mirror import Item
from conduit.widgets.packing import pack_clip
from conduit.widgets.widget import OnIntent

__all__ = ["PanelClip", "clip_item"]

_BYTES = ("notes", "controls")
_READY: dict[str, Any] = {"phase": "ready", "text": "", "error": "", "footer": ""}

Tell = Callable[[dict[str, Any], Sequence[bytes]], None]


class PanelClip(ClipView):
    """A view whose messages travel with those of a panel, as an item of its document.

    Args:
        clip: What to show at first.
        tell: Sends a message to its front end; from any thread.
        on_intent: As of ``ClipView``.
        phase: As of ``ClipView``.
    """

    def __init__(self, clip: Clip | None, *, tell: Tell, on_intent: OnIntent, phase: Phase = "ready") -> None:
        self._tell_page = tell
        self._item: tuple[tuple[Any, ...], Item] = ((), {})
        super().__init__(clip, on_intent=on_intent, phase=phase)

    def open(self) -> None:
        """Open nothing: the panel's comm is the way."""

    def send(self, content: Any, buffers: Sequence[bytes] | None = None) -> None:
        """Send a message to the view, as one of the panel's."""
        self._tell_page(content, buffers or ())

    def take(self, message: dict[str, Any], buffers: Sequence[bytes]) -> None:
        """Take a message of the view; what is not listed in ``INTENTS`` is left out."""
        intent = self._read(message, buffers)
        if intent is not None:
            self.act(intent)

    @property
    def item(self) -> Item:
        """What its front end shows; the same object as long as nothing has changed."""
        with self._lock:
            state = (self.clips, self.epoch, self.edits, self.other, self.state, self.live, self.playback)
            before, item = self._item
            if len(before) != len(state) or any(
                one is not was for one, was in zip(state, before, strict=True)
            ):
                item = self._packed_item()
                self._item = (state, item)
            return item

    def _packed_item(self) -> Item:
        packed = self.clips[0] if self.clips else None
        facts = None if packed is None else {key: value for key, value in packed.items() if key != "epoch"}
        return _item(
            facts,
            self.other or None,
            epoch=self.epoch,
            edits=self.edits,
            state=self.state,
            live=self.live,
            playback=self.playback,
        )


def clip_item(clip: Clip) -> Item:
    """Give the item of a clip that nobody has touched, as ``PanelClip`` would begin with."""
    return _item(pack_clip(clip), None, epoch=1, edits=0, state=_READY, live={}, playback={})


def _item(packed: dict[str, Any] | None, other: dict[str, Any] | None, **more: Any) -> Item:
    return {"kind": "clip", **_parted(packed, "facts", ""), **_parted(other, "other", "other_"), **more}


def _parted(packed: dict[str, Any] | None, name: str, prefix: str) -> dict[str, Any]:
    """Give a packed clip as facts, and its bytes as fields of their own."""
    if packed is None:
        return {name: None, **{f"{prefix}{key}": b"" for key in _BYTES}}
    facts = {key: value for key, value in packed.items() if key not in _BYTES}
    return {name: facts, **{f"{prefix}{key}": packed[key] for key in _BYTES}}
