"""Note, and the table of columns in which a clip keeps many of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import overload

import numpy as np
from numpy.typing import NDArray

from conduit.errors import ClipError

__all__ = ["COLUMNS", "MAX_BEATS", "RELEASE_VELOCITY", "Note", "Notes", "in_order", "note_table"]

COLUMNS = np.dtype(
    [
        ("start", "<i8"),
        ("duration", "<i8"),
        ("pitch", "u1"),
        ("velocity", "u1"),
        ("mute", "?"),
        ("probability", "<f4"),
        ("velocity_deviation", "i1"),
        ("release_velocity", "u1"),
    ]
)
"""The columns of a clip's table; start and duration in ticks, the others as in ``Note``."""

RELEASE_VELOCITY = 64
"""How fast a key is let go where nothing says so, as in Live and in MIDI files."""

_PLAIN = (False, 1.0, 0, RELEASE_VELOCITY)  # what the columns after velocity hold where nothing says so
_NUMBERS = 4  # columns before those
_EXTRAS = ("mute", "probability", "velocity_deviation", "release_velocity")
_ORDER = ("start", "pitch", "duration", "velocity", *_EXTRAS)  # the first sorts first

MAX_BEATS = 100_000
"""The latest start, the longest note and the longest clip, in beats: nearly 14 hours at 120 bpm."""

_MAX_MIDI = 127


def in_order(table: NDArray[np.void]) -> NDArray[np.void]:
    """Give a copy of a table ordered by start, then pitch, then all else, so that equal notes are equal."""
    if len(table) == 0:
        return table.copy()
    return table[np.lexsort([table[name] for name in reversed(_ORDER)])]


def note_table(rows: Iterable[tuple[float, ...]]) -> NDArray[np.void]:
    """Make a table of rows like ``COLUMNS``; what stands after velocity may be left out.

    >>> note_table([(0, 960, 45, 96)])["release_velocity"].tolist()
    [64]
    """
    whole = [(*row, *_PLAIN[len(row) - _NUMBERS :]) for row in rows]
    return np.array(whole, dtype=COLUMNS)


@dataclass(frozen=True, slots=True)
class Note:
    """One note.

    Args:
        pitch: MIDI pitch, 0-127; 60 is C3 in Live.
        start: Beats from the start of the clip, 0 to ``MAX_BEATS``.
        duration: Beats, more than 0 and up to ``MAX_BEATS``.
        velocity: 1-127.
        mute: Whether the note is kept but silent.
        probability: How likely it is played each time round, 0-1; kept as a 32-bit number, as Live does.
        velocity_deviation: How far velocity may stray each time, -127 to 127.
        release_velocity: How fast the key is let go, 0-127.

    Raises:
        ClipError: A value is outside its range, or a pitch or velocity is not a whole number.
    """

    pitch: int
    start: float
    duration: float
    velocity: int = 96
    mute: bool = False
    probability: float = field(default=1.0, kw_only=True)
    velocity_deviation: int = field(default=0, kw_only=True)
    release_velocity: int = field(default=RELEASE_VELOCITY, kw_only=True)

    def __post_init__(self) -> None:
        if not 0 <= self.pitch <= _MAX_MIDI:
            raise ClipError(f"pitch {self.pitch} is outside 0-127")
        if not 1 <= self.velocity <= _MAX_MIDI:
            raise ClipError(f"velocity {self.velocity} is outside 1-127")
        if self.pitch % 1 or self.velocity % 1:
            raise ClipError(
                f"pitch {self.pitch} and velocity {self.velocity} cannot be: both are whole numbers"
            )
        if not (0 <= self.start <= MAX_BEATS and 0 < self.duration <= MAX_BEATS):
            place = f"a note at beat {self.start} of {self.duration} beats"
            raise ClipError(f"{place} cannot be: start >= 0, duration > 0, neither over {MAX_BEATS:,} beats")
        if not 0 <= self.probability <= 1:
            raise ClipError(f"a probability of {self.probability} is outside 0-1")
        if not -_MAX_MIDI <= self.velocity_deviation <= _MAX_MIDI:
            raise ClipError(f"a velocity deviation of {self.velocity_deviation} is outside -127 to 127")
        if not 0 <= self.release_velocity <= _MAX_MIDI:
            raise ClipError(f"a release velocity of {self.release_velocity} is outside 0-127")

    def __repr__(self) -> str:
        usual = dict(zip(_EXTRAS[1:], _PLAIN[1:], strict=True))
        names = ("pitch", "start", "duration", "velocity", "mute", *usual)
        facts = ((name, getattr(self, name)) for name in names)
        return f"Note({', '.join(f'{name}={value!r}' for name, value in facts if usual.get(name) != value)})"

    @property
    def end(self) -> float:
        """Beats from the start of the clip to the note's end."""
        return self.start + self.duration

    def row(self, ppq: int) -> tuple[int, int, int, int, bool, float, int, int]:
        """Give the note as a row of ``COLUMNS``, its times rounded to ticks; it lasts one tick at the least."""
        return (
            round(self.start * ppq),
            max(1, round(self.duration * ppq)),
            self.pitch,
            self.velocity,
            self.mute,
            self.probability,
            self.velocity_deviation,
            self.release_velocity,
        )


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
        start, duration, pitch, velocity, mute, probability, deviation, release = self._table[index].item()
        return Note(
            pitch,
            start / self._ppq,
            duration / self._ppq,
            velocity,
            mute,
            probability=probability,
            velocity_deviation=deviation,
            release_velocity=release,
        )

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Sequence)
            and len(self) == len(other)
            and all(a == b for a, b in zip(self, other, strict=True))
        )

    __hash__ = None  # type: ignore[assignment]  # a view compares with lists, so it cannot be a key

    def __repr__(self) -> str:
        return f"Notes({list(self)!r})"
