"""Which clip of a session another was made of."""

from __future__ import annotations

from collections.abc import Sequence

from conduit.music import Clip

__all__ = ["version_before"]

_KEPT = 1 / 3
"""Of the shorter clip's notes, the share that both have, from which one is taken to be made of the other."""

_MOST_COMPARED = 5000
"""Notes of a clip; comparing more takes longer than the end of an answer may."""


def version_before(clip: Clip | None, clips: Sequence[Clip]) -> Clip | None:
    """Give the newest clip of its name that a clip shares enough with to be compared; None where there is none.

    >>> from conduit.music import Note
    >>> old = Clip.of([Note(45, 0, 1), Note(48, 1, 1)], name="Bass")
    >>> new = old.with_table(old.table[:1])
    >>> version_before(new, [old]) is old, version_before(new.transpose(5), [old])
    (True, None)
    """
    if clip is None or not len(clip):
        return None
    for old in reversed(clips):
        if old.name == clip.name and old.instrument == clip.instrument:
            return old if old != clip and _follows(old, clip) else None
    return None


def _follows(old: Clip, new: Clip) -> bool:
    if not 0 < len(old) <= _MOST_COMPARED or len(new) > _MOST_COMPARED:
        return False
    return len(old.diff(new).kept) >= _KEPT * min(len(old), len(new))
