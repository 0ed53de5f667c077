"""Note, and the table of columns in which a clip keeps many of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from conduit.errors import ClipError

__all__ = ["COLUMNS", "MAX_BEATS", "Note", "Notes", "in_order"]

COLUMNS = np.dtype(
    [("start", "<i8"), ("duration", "<i8"), ("pitch", "u1"), ("velocity", "u1"), ("mute", "?")]
)
"""The columns of a clip's table; start and duration in ticks."""

MAX_BEATS = 100_000
"""The latest start, the longest note and the longest clip, in beats: nearly 14 hours at 120 bpm."""

_MAX_MIDI = 127


def in_order(table: NDArray[np.void]) -> NDArray[np.void]:
    """Give a copy of a table ordered by start, then pitch, then all else, so that equal notes are equal."""
    return table[np.lexsort([table[name] for name in ("mute", "velocity", "duration", "pitch", "start")])]


@dataclass(frozen=True, slots=True)
class Note:
    """One note.

    Args:
        pitch: MIDI pitch, 0-127; 60 is C3 in Live.
        start: Beats from the start of the clip, 0 to ``MAX_BEATS``.
        duration: Beats, more than 0 and up to ``MAX_BEATS``.
        velocity: 1-127.
        mute: Whether the note is kept but silent.

    Raises:
        ClipError: A value is outside its range.
    """

    pitch: int
    start: float
    duration: float
    velocity: int = 96
    mute: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.pitch <= _MAX_MIDI:
            raise ClipError(f"pitch {self.pitch} is outside 0-127")
        if not 1 <= self.velocity <= _MAX_MIDI:
            raise ClipError(f"velocity {self.velocity} is outside 1-127")
        if not (0 <= self.start <= MAX_BEATS and 0 < self.duration <= MAX_BEATS):
            place = f"a note at beat {self.start} of {self.duration} beats"
            raise ClipError(f"{place} cannot be: start >= 0, duration > 0, neither over {MAX_BEATS:,} beats")

    @property
    def end(self) -> float:
        """Beats from the start of the clip to the note's end."""
        return self.start + self.duration


class Notes(Sequence[Note]):
    """A clip's notes, made one by one as they are asked for."""

    def __init__(self, table: NDArray[np.void], *, ppq: int) -> None:
        self._table = table
        self._ppq = ppq

    def __len__(self) -> int:
        return len(self._table)

    @overload
    def __getitem__(self, index: int) -> Note: ...
    @overload
    def __getitem__(self, index: slice) -> Notes: ...
    def __getitem__(self, index: int | slice) -> Note | Notes:
        if isinstance(index, slice):
            return Notes(self._table[index], ppq=self._ppq)
        start, duration, pitch, velocity, mute = self._table[index].item()
        return Note(pitch, start / self._ppq, duration / self._ppq, velocity, mute)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Sequence)
            and len(self) == len(other)
            and all(a == b for a, b in zip(self, other, strict=True))
        )

    __hash__ = None  # type: ignore[assignment]  # a view compares with lists, so it cannot be a key

    def __repr__(self) -> str:
        return f"Notes({list(self)!r})"
