"""The clips that a panel shows: each an item of its document, and a view of it once somebody touches it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from conduit.music import Clip
from conduit.widgets import ChatPanel, PanelClip, clip_item
from conduit.widgets.mirror import Item

__all__ = ["Clips"]


@dataclass(slots=True)
class _Shown:
    clip: Clip
    item: Item
    view: PanelClip | None = None
    older: list[Clip] = field(
        default_factory=list
    )  # as it was before edits that the studio has not taken yet


class Clips:
    """Holds the clips of one panel; safe from any thread.

    Args:
        widget: The panel.
        edited: Called with a clip as it was and as it is, at each edit; it must return at once.
        asked: Called with the clip's id and what else its view asks for.
    """

    def __init__(
        self,
        widget: Callable[[], ChatPanel | None],
        *,
        edited: Callable[[Clip, Clip], None],
        asked: Callable[[str, dict[str, Any]], None],
    ) -> None:
        self._widget = widget
        self._edited = edited
        self._asked = asked
        self._shown: dict[str, _Shown] = {}
        self._lock = threading.RLock()

    def item(self, clip_id: str, clip: Clip) -> Item:
        """Give the item of a clip as it is now."""
        with self._lock:
            shown = self._shown.get(clip_id)
            if shown is None:
                shown = self._shown[clip_id] = _Shown(clip, clip_item(clip))
            elif shown.clip is not clip and not any(clip is old for old in shown.older):
                view = self._touched(clip_id)
                shown.clip = clip
                view.show_clip(clip)
            if shown.view is not None:
                if shown.view.state["phase"] == "streaming":
                    shown.view.show_state(phase="ready")
                shown.item = shown.view.item
            return shown.item

    def growing(self, clip_id: str, clip: Clip | None) -> Item:
        """Give the item of a clip that is being written; None while there is none yet."""
        with self._lock:
            shown = self._shown.get(clip_id)
            if shown is None:
                told, hear = self._told(clip_id), self._hear(clip_id)
                view = PanelClip(None, tell=told, on_intent=hear, phase="streaming")
                self._shown[clip_id] = shown = _Shown(Clip.of([]), view.item, view)
            view = self._touched(clip_id)
            if clip is not None:
                shown.clip = clip
                view.show_clip(clip)
            return view.item

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let no edit come in between, so that what is shown is what the page was told last."""
        with self._lock:
            yield

    def taken(self, before: Clip) -> None:
        """Note that the studio has taken the edit of a clip: from now on what it says of it counts."""
        with self._lock:
            for shown in self._shown.values():
                shown.older = [old for old in shown.older if old is not before]

    def clip(self, clip_id: str) -> Clip | None:
        """Give the clip of an id, as it is shown."""
        with self._lock:
            shown = self._shown.get(clip_id)
            return shown.clip if shown is not None else None

    def take(self, clip_id: str, message: dict[str, Any], buffers: Sequence[bytes]) -> None:
        """Take a message of a clip's view."""
        widget = self._widget()
        with self._lock:
            if clip_id not in self._shown or widget is None:
                return
            view = self._touched(clip_id)
            view.take(message, buffers)
            if message.get("type") in {"edit", "restore", "playback"}:
                widget.known(clip_id, view.item)

    def forget(self, kept: set[str]) -> None:
        """Let go of the clips that are shown no longer and that nobody has touched."""
        with self._lock:
            self._shown = {
                name: shown for name, shown in self._shown.items() if name in kept or shown.view is not None
            }

    def _touched(self, clip_id: str) -> PanelClip:
        shown = self._shown[clip_id]
        if shown.view is None:
            shown.view = PanelClip(shown.clip, tell=self._told(clip_id), on_intent=self._hear(clip_id))
        return shown.view

    def _told(self, clip_id: str) -> Callable[[dict[str, Any], Sequence[bytes]], None]:
        def tell(message: dict[str, Any], buffers: Sequence[bytes]) -> None:
            widget = self._widget()
            if widget is not None:
                widget.tell("clip", {"clip": clip_id, "message": message}, buffers)

        return tell

    def _hear(self, clip_id: str) -> Callable[[dict[str, Any]], None]:
        def hear(intent: dict[str, Any]) -> None:
            shown = self._shown.get(clip_id)
            if intent["type"] != "edited":
                self._asked(clip_id, intent)
            elif shown is not None and shown.view is not None and shown.view.clip is not None:
                before, shown.clip = shown.clip, shown.view.clip
                shown.older.append(before)
                self._edited(before, shown.clip)

        return hear
