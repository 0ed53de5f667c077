"""The clips that a view shows and lets edit: which set of them counts, and which edits stand on it."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conduit.errors import ClipError
from conduit.music import Clip
from conduit.widgets.packing import StaleEdit, with_edit

__all__ = ["Held"]

_MOST_SETS = 64
"""Sets whose undoing is possible; the clips of older ones are let go."""

Clips = tuple[Clip, ...]


@dataclass(slots=True)
class Held:
    """Clips in a view; safe from any thread.

    Attributes:
        clips: What is shown, in order.
        epoch: How often they were set from Python.
        edits: How many edits were taken since.
    """

    clips: Clips = ()
    epoch: int = 0
    edits: int = 0
    _sets: dict[int, tuple[Clips, Clips]] = field(default_factory=dict, repr=False)
    _lock: Any = field(default_factory=threading.RLock, repr=False)

    def set(self, clips: Sequence[Clip]) -> None:
        """Show others; edits that are on their way do not count any more."""
        with self._lock:
            before, self.clips, self.edits = self.clips, tuple(clips), 0
            self.epoch += 1
            self._sets[self.epoch] = before, self.clips
            self._sets.pop(self.epoch - _MOST_SETS, None)

    def edit(self, intent: Mapping[str, Any]) -> None:
        """Take an edit of the front end.

        Raises:
            StaleEdit: It was made on what is not here any more.
            ClipError: It cannot be read, or a value is outside its range.
        """
        with self._lock:
            part = intent["part"]
            self._check(intent)
            if not 0 <= part < len(self.clips):
                raise ClipError(f"there is no clip {part} among {len(self.clips)}")
            clip = with_edit(self.clips[part], intent["notes"], intent["controls"], intent["facts"])
            self._take((*self.clips[:part], clip, *self.clips[part + 1 :]))

    def restore(self, intent: Mapping[str, Any]) -> None:
        """Go back to the clips before one of the sets, or forward to those that it set.

        Raises:
            StaleEdit: It was asked for about what is not here any more.
        """
        with self._lock:
            self._check(intent)
            if intent["set"] not in self._sets:
                raise StaleEdit("what was there before is not kept any more")
            self._take(self._sets[intent["set"]][intent["forward"]])

    def _check(self, intent: Mapping[str, Any]) -> None:
        if intent["epoch"] != self.epoch or intent["n"] != self.edits + 1:
            raise StaleEdit("the clip was changed elsewhere meanwhile")

    def _take(self, clips: Clips) -> None:
        self.clips = clips
        self.edits += 1
