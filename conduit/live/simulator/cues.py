"""Cue points, which Live's arrangement calls locators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from conduit.live.simulator.objects import at

__all__ = ["CuePoint", "after", "before", "named", "renamed", "toggled"]

_SAME_BEATS = 1e-6


@dataclass(frozen=True, slots=True)
class CuePoint:
    """A place in the song.

    Attributes:
        name: What it is called.
        time: Where it is, in beats.
    """

    name: str
    time: float


def toggled(cues: Sequence[CuePoint], time: float) -> tuple[CuePoint, ...]:
    """Take away the cue point at a time, or set one where there is none; they stay in order."""
    kept = tuple(cue for cue in cues if abs(cue.time - time) > _SAME_BEATS)
    if len(kept) < len(cues):
        return kept
    return tuple(sorted([*cues, CuePoint(str(len(cues) + 1), time)], key=lambda cue: cue.time))


def renamed(cues: Sequence[CuePoint], index: int, name: str) -> tuple[CuePoint, ...]:
    """Give one of them another name."""
    found = at(list(cues), index)
    return tuple(replace(cue, name=name) if cue is found else cue for cue in cues)


def named(cues: Sequence[CuePoint], which: int | str) -> CuePoint | None:
    """Find one by its place from 0 or by its name."""
    if isinstance(which, int):
        return at(list(cues), which)
    return next((cue for cue in cues if cue.name == which), None)


def after(cues: Sequence[CuePoint], time: float) -> CuePoint | None:
    """Give the next one behind a time."""
    return next((cue for cue in cues if cue.time > time + _SAME_BEATS), None)


def before(cues: Sequence[CuePoint], time: float) -> CuePoint | None:
    """Give the last one before a time."""
    return next((cue for cue in reversed(cues) if cue.time < time - _SAME_BEATS), None)
