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


@dataclass(slots=True)
class Held:
    """Clips in a view; safe from any thread.

    Attributes:
        clips: What is shown, in order.
        epoch: How often they were set from Python.
        edits: How many edits were taken since.
    """

    clips: tuple[Clip, ...] = ()
    epoch: int = 0
    edits: int = 0
    _lock: Any = field(default_factory=threading.RLock, repr=False)

    def set(self, clips: Sequence[Clip]) -> None:
        """Show others; edits that are on their way do not count any more."""
        with self._lock:
            self.clips, self.edits = tuple(clips), 0
            self.epoch += 1

    def edit(self, intent: Mapping[str, Any]) -> Clip:
        """Take an edit of the front end and give the clip that it makes.

        Raises:
            StaleEdit: It was made on what is not here any more.
            ClipError: It cannot be read, or a value is outside its range.
        """
        with self._lock:
            part = intent["part"]
            if intent["epoch"] != self.epoch or intent["n"] != self.edits + 1:
                raise StaleEdit("the clip was set anew meanwhile")
            if not 0 <= part < len(self.clips):
                raise ClipError(f"there is no clip {part} among {len(self.clips)}")
            clip = with_edit(self.clips[part], intent["notes"], intent["controls"], intent["facts"])
            self.clips = (*self.clips[:part], clip, *self.clips[part + 1 :])
            self.edits += 1
            return clip
