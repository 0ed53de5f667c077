"""Two versions of a clip compared as music: what was kept, added, removed, moved and changed, and other facts.

Notes are compared in exact ticks. A note that only one version has is *changed* when the other has one of its pitch
at its time (of another length or velocity, say), and *moved* when the other has a free note of the same pitch
near it or of another pitch at the same time. Nearer partners are found first; swapping the versions swaps the
answer and no more.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from conduit.music.note import COLUMNS, RELEASE_VELOCITY

if TYPE_CHECKING:
    from conduit.music.clip import Clip

__all__ = ["Changes", "Row", "diff"]

_OCTAVE = 12
_START, _PITCH = 0, 2  # places in a row


class Row(NamedTuple):
    """A note in ticks, as a clip's table holds it."""

    start: int
    duration: int
    pitch: int
    velocity: int
    mute: bool
    probability: float = 1.0
    velocity_deviation: int = 0
    release_velocity: int = RELEASE_VELOCITY


_Pairs = tuple[tuple[Row, Row], ...]


@dataclass(frozen=True, slots=True, repr=False)
class Changes:
    """What became of each note and fact; false where nothing changed. Every tuple of notes is in order of time.

    Attributes:
        ppq: Ticks in a beat, of both versions (the least common multiple of theirs).
        kept: Notes that both have.
        added: Notes that only the new version has.
        removed: Notes that only the old version has.
        moved: Pairs of a note's old and new place.
        changed: Pairs of a note's old and new state, at one place.
        facts: What else changed, a phrase each, such as ``tempo 120 to 128 bpm``.
    """

    ppq: int
    kept: tuple[Row, ...] = ()
    added: tuple[Row, ...] = ()
    removed: tuple[Row, ...] = ()
    moved: _Pairs = ()
    changed: _Pairs = ()
    facts: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.moved or self.changed or self.facts)

    def __repr__(self) -> str:
        return f"<Changes: {self.sentence}>"

    def __str__(self) -> str:
        return self.sentence

    @property
    def counts(self) -> dict[str, int]:
        """How many notes were kept, added, removed, moved and changed."""
        names = ("kept", "added", "removed", "moved", "changed")
        return {name: len(getattr(self, name)) for name in names}

    @property
    def summary(self) -> str:
        """The counts in a few characters, such as ``+1 note, -2, 3 moved, 10 kept``."""
        signs = {
            "added": "+{}",
            "removed": "-{}",
            "moved": "{} moved",
            "changed": "{} changed",
            "kept": "{} kept",
        }
        counts = self.counts
        said = [words.format(counts[name]) for name, words in signs.items() if counts[name]]
        if not said:
            return "no notes"
        if len(said) == 1 and self.kept:
            return f"no change, {said[0]}"
        sign, _, rest = said[0].partition(" ")
        noun = "note" if sign.lstrip("+-") == "1" else "notes"
        return ", ".join([f"{sign} {noun} {rest}".rstrip(), *said[1:]])

    @property
    def sentence(self) -> str:
        """What changed, in words.

        >>> from conduit.music import Clip, Note
        >>> old, new = Clip.of([Note(60, 0, 1)]), Clip.of([Note(62, 0, 1), Note(64, 1, 1)], bpm=128)
        >>> old.diff(new).sentence
        '1 note added, 1 moved (up 2 semitones); tempo 120 to 128 bpm.'
        """
        counts = self.counts
        said = [f"{counts[name]} {name}" for name in ("added", "removed") if counts[name]]
        if self.moved:
            said.append(f"{len(self.moved)} moved{_how_moved(self.moved, self.ppq)}")
        if self.changed:
            said.append(f"{len(self.changed)} changed ({_how_changed(self.changed)})")
        if said and self.kept:
            said.append(f"{len(self.kept)} kept")
        if said:
            number, _, rest = said[0].partition(" ")
            said[0] = f"{number} note{'s' if number != '1' else ''} {rest}"
        whole = "; ".join([*([", ".join(said)] if said else []), *self.facts])
        return f"{whole[0].upper()}{whole[1:]}." if whole else "Nothing changed."


def _how_moved(pairs: _Pairs, ppq: int) -> str:
    """Say by how much notes moved, where all moved alike."""
    steps = {(new.pitch - old.pitch, new.start - old.start) for old, new in pairs}
    if len(steps) > 1:
        return ""
    ((semitones, ticks),) = steps
    said = []
    if semitones:
        word = "semitone" if abs(semitones) == 1 else "semitones"
        said.append(f"{'up' if semitones > 0 else 'down'} {abs(semitones)} {word}")
    if ticks:
        beats = abs(ticks) / ppq
        said.append(f"{beats:.4g} beat{'' if beats == 1 else 's'} {'later' if ticks > 0 else 'earlier'}")
    return f" ({', '.join(said)})"


def _how_changed(pairs: _Pairs) -> str:
    return ", ".join(
        name.replace("_", " ")
        for index, name in enumerate(Row._fields)
        if any(old[index] != new[index] for old, new in pairs)
    )


def diff(clip: Clip | None, other: Clip | None) -> Changes:
    """Compare a clip with another version of it; None is a slot with no clip in it.

    Args:
        clip: The old version.
        other: The new version.

    >>> from conduit.music import Clip, Note
    >>> old, new = Clip.of([Note(45, 0, 1)]), Clip.of([Note(45, 0.25, 1)])
    >>> [(a.start, b.start) for a, b in old.diff(new).moved], bool(old.diff(old))
    ([(0, 240)], False)
    """
    ppq = math.lcm(*(one.ppq for one in (clip, other) if one is not None))
    kept, left, right = _compared(_table(clip, ppq), _table(other, ppq))
    pairs: list[tuple[Row, Row]] = []
    for group, along, reach in (
        (_PITCH, _START, 0),
        (_PITCH, _START, ppq // 4),
        (_START, _PITCH, _OCTAVE),
        (_PITCH, _START, ppq),
    ):
        found, left, right = _pair(left, right, group=group, along=along, reach=reach)
        pairs += found
    pairs.sort()
    return Changes(
        ppq,
        kept=tuple(kept),
        added=tuple(right),
        removed=tuple(left),
        moved=tuple((a, b) for a, b in pairs if (a.start, a.pitch) != (b.start, b.pitch)),
        changed=tuple((a, b) for a, b in pairs if (a.start, a.pitch) == (b.start, b.pitch)),
        facts=tuple(_facts(clip, other)) if clip is not None and other is not None else (),
    )


def _table(clip: Clip | None, ppq: int) -> NDArray[np.void]:
    if clip is None:
        return np.empty(0, dtype=COLUMNS)
    table = clip.table.copy()
    table["start"] *= ppq // clip.ppq
    table["duration"] *= ppq // clip.ppq
    return table


def _compared(old: NDArray[np.void], new: NDArray[np.void]) -> tuple[list[Row], list[Row], list[Row]]:
    """Give the notes that both have, those that only the old and those that only the new one has, in order."""
    both = np.concatenate([old, new])
    order = np.lexsort([both[name] for name in reversed(COLUMNS.names or ())])
    rows, is_new = both[order], order >= len(old)
    differs = np.zeros(max(0, len(rows) - 1), dtype=bool)
    for name in COLUMNS.names or ():
        differs |= rows[name][1:] != rows[name][:-1]
    firsts = np.flatnonzero(np.append(True, differs))[: len(rows)]
    n_new = np.add.reduceat(is_new.astype(np.int64), firsts) if len(rows) else firsts
    n_old = np.diff(np.append(firsts, len(rows))) - n_new
    n_kept = np.minimum(n_old, n_new)
    kept, left, right = (np.repeat(rows[firsts], n) for n in (n_kept, n_old - n_kept, n_new - n_kept))
    return _rows(kept), _rows(left), _rows(right)


def _rows(table: NDArray[np.void]) -> list[Row]:
    return [Row._make(row) for row in table.tolist()]


def _pair(
    left: list[Row], right: list[Row], *, group: int, along: int, reach: int
) -> tuple[list[tuple[Row, Row]], list[Row], list[Row]]:
    """Pair notes of one group that lie within reach of each other; give the pairs and what stays single."""
    mine, theirs = (sorted(rows, key=itemgetter(group, along)) for rows in (left, right))
    pairs: list[tuple[Row, Row]] = []
    single: tuple[list[Row], list[Row]] = ([], [])
    i = j = 0
    while i < len(mine) and j < len(theirs):
        old, new = mine[i], theirs[j]
        if old[group] == new[group] and abs(old[along] - new[along]) <= reach:
            pairs.append((old, new))
            i, j = i + 1, j + 1
        elif (old[group], old[along]) < (new[group], new[along]):
            single[0].append(old)
            i += 1
        else:
            single[1].append(new)
            j += 1
    return pairs, sorted([*single[0], *mine[i:]]), sorted([*single[1], *theirs[j:]])


def _facts(old: Clip, new: Clip) -> list[str]:
    """Say what differs beside the notes."""
    pairs: tuple[tuple[str, object, object, str], ...] = (
        ("name", repr(old.name), repr(new.name), ""),
        ("length", old.length, new.length, " beats"),
        ("tempo", old.bpm, new.bpm, " bpm"),
        ("metre", old.meter, new.meter, ""),
        ("key", old.key, new.key, ""),
        ("instrument", old.instrument, new.instrument, ""),
        ("program", old.program, new.program, ""),
        ("loop", old.loop_ticks and old.loop, new.loop_ticks and new.loop, " beats"),
        ("colour", old.colour, new.colour, ""),
    )
    said = [f"{name} {_told(a)} to {_told(b)}{unit}" for name, a, b, unit in pairs if a != b]
    for what, before, after in (
        ("changes of metre", _metres(old), _metres(new)),
        ("control changes", _moves(old), _moves(new)),
    ):
        if before != after:
            said.append(f"{what} +{(after - before).total()} -{(before - after).total()}")
    return said


def _told(value: object) -> str:
    match value:
        case None:
            return "none"
        case float():
            return f"{value:.10g}"
        case (start, end):
            return f"{start:g}-{end:g}"
    return str(value)


def _metres(clip: Clip) -> Counter[tuple[object, ...]]:
    return Counter((at / clip.ppq, str(meter)) for at, meter in clip.meter_changes)


def _moves(clip: Clip) -> Counter[tuple[object, ...]]:
    return Counter(
        (start / clip.ppq, control, value) for start, control, value in clip.control_table.tolist()
    )
