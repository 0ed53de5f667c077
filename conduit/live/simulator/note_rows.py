"""The notes of a simulated clip, sorted at all times: a row for each pitch, in order of start.

Rows are never changed, only replaced, so a copy costs as much as there are pitches, and adding some notes as
much as there are notes between the first and the last of them. The rules are Live's: of two notes of a pitch
that start together the newer stays, and a note is cut where the next of its pitch starts.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

__all__ = ["LiveSetNote", "NoteRows"]

_start = attrgetter("start")


class LiveSetNote(NamedTuple):
    """A note as Live stores it; the order of its fields is the order notes are sorted in."""

    pitch: int
    start: float
    duration: float
    velocity: float
    mute: bool


@dataclass(slots=True)
class NoteRows:
    """Notes by pitch.

    Attributes:
        rows: The notes of each pitch that has any, in order of start.
    """

    rows: dict[int, tuple[LiveSetNote, ...]] = field(default_factory=dict)

    def all(self) -> list[LiveSetNote]:
        """Give every note, sorted by pitch, then start."""
        return [note for pitch in sorted(self.rows) for note in self.rows[pitch]]

    def add(self, notes: Iterable[LiveSetNote]) -> None:
        """Add notes by Live's rules."""
        fresh: defaultdict[int, dict[float, LiveSetNote]] = defaultdict(dict)
        for note in notes:
            fresh[note.pitch][note.start] = note
        for pitch, found in fresh.items():
            self.rows[pitch] = _merged(self.rows.get(pitch, ()), found)

    def within(self, pitch: int, span: int, start: float, length: float) -> list[LiveSetNote]:
        """Give the notes that start in a range, its ends not included, sorted as in ``all``."""
        found: list[LiveSetNote] = []
        for key in sorted(key for key in self.rows if 0 <= key - pitch < span):
            row = self.rows[key]
            first, last = (bisect_left(row, end, key=lambda n: n.start - start) for end in (0, length))
            found += row[first:last]
        return found

    def remove(self, notes: Iterable[LiveSetNote]) -> None:
        """Take notes out that are there."""
        gone = set(notes)
        for pitch in {note.pitch for note in gone}:
            left = tuple(note for note in self.rows[pitch] if note not in gone)
            if left:
                self.rows[pitch] = left
            else:
                del self.rows[pitch]

    def copy(self) -> NoteRows:
        """Give rows of its own with the same notes."""
        return NoteRows(dict(self.rows))


def _merged(row: tuple[LiveSetNote, ...], fresh: dict[float, LiveSetNote]) -> tuple[LiveSetNote, ...]:
    """Put notes of one pitch into its row; only what lies around them is looked at."""
    first = max(bisect_left(row, min(fresh), key=_start) - 1, 0)
    last = bisect_right(row, max(fresh), key=_start)
    kept = {note.start: note for note in row[first:last]} | fresh
    around = [kept[start] for start in sorted(kept)]
    cut = (_cut(note, later) for note, later in itertools.pairwise([*around, *row[last : last + 1]]))
    done = [*cut, *around[-1:]] if last == len(row) else [*cut]
    return (*row[:first], *done, *row[last:])


def _cut(note: LiveSetNote, later: LiveSetNote) -> LiveSetNote:
    gap = later.start - note.start
    return note._replace(duration=gap) if note.duration > gap else note
