"""Walking: a bass that goes through the chords by small intervals and into each by a half step."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from conduit.band.ground import Ground
from conduit.band.phrase import Hit
from conduit.music.chance import happens

__all__ = ["walked"]

_LOWEST, _HIGHEST = 28, 55
_HOME = 42  # about the middle of what a double bass walks in
_PULL = 0.5  # what a semitone from there costs, beside one from the note before
_CHROMATIC = 0.6  # how likely a chord is reached by a half step where its key has a whole one
_LED = 0.7  # how likely another note before a chord leads into it
_SIDES = {"below": -1, "above": 1}
_OTHERS = ("third", "fifth", "root", "second")


def walked(parts: Sequence[tuple[float, Hit, str]], ground: Ground, rng: Random) -> list[int]:
    """Give the pitch of each note: the tone that is written, in the octave that is nearest to the note before.

    Args:
        parts: Beat, hit and tone of each.
        ground: The chords and their roots.
        rng: Picks which chords are reached by a half step that is not of the key.
    """
    found: list[int] = []
    nexts = [start for start, _, _ in parts[1:]] + [0.0]
    for (start, _, tone), ahead in zip(parts, nexts, strict=True):
        named = "root" if ground.changes_on(start) else tone
        if found and named == tone and named not in _SIDES and _leads(ground, ahead) and happens(rng, _LED):
            goal = _near(ground.pitch("root", beat=ahead, ahead=ahead), found[-1])
            named = "above" if found[-1] > goal else "below"
        pitch = ground.pitch(named, beat=start, ahead=ahead)
        if named in _SIDES and happens(rng, _CHROMATIC):
            pitch = ground.pitch("root", beat=ahead, ahead=ahead) + _SIDES[named]
        if not found:
            found.append(_near(pitch, _HOME - 5))
            continue
        placed = _near(pitch, found[-1])
        if placed == found[-1] and named != "root":
            others = (_near(ground.pitch(other, beat=start, ahead=ahead), found[-1]) for other in _OTHERS)
            placed = next(other for other in others if other != found[-1])
        found.append(placed)
    return found


def _leads(ground: Ground, ahead: float) -> bool:
    """Say whether the next note begins a chord; the clip goes round."""
    return ahead == 0 or ground.changes_on(ahead)


def _near(pitch: int, before: int) -> int:
    """The same note in the octave nearest to the one before, not far from home."""
    places = (place for place in range(_LOWEST, _HIGHEST + 1) if (place - pitch) % 12 == 0)
    return min(places, key=lambda place: (abs(place - before) + _PULL * abs(place - _HOME), place))
