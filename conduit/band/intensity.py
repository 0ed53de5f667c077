"""Intensity: with more energy a part never has fewer notes.

Energy picks other patterns, and of two patterns the denser may stand on either side. So a renderer plays what it
would at every level on the way from the usual energy to the one asked for, and the densest of these is taken, or on
the way down the sparsest. At the usual energy nothing is changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from conduit.band.phrase import Setting
from conduit.music.note import Note

__all__ = ["steady"]

_LEVELS = 20  # steps of energy from still to full
_USUAL = 11  # of these, where no energy is asked for: ``Setting.energy``
_LOUDEST = 127

_Render = Callable[[Setting, Random], list[Note]]


def steady(render: _Render) -> _Render:
    """Give a renderer whose notes never get fewer as energy rises, seed for seed."""

    def play(setting: Setting, rng: Random) -> list[Note]:
        own = round(setting.energy * _LEVELS)
        if own == _USUAL:
            return render(setting, rng)
        state = rng.getstate()
        taken, best = own, _at(render, setting, own, rng, state)
        way = 1 if own > _USUAL else -1
        for level in range(own - way, _USUAL - way, -way):
            other = _at(render, setting, level, rng, state)
            if (len(other[0]) - len(best[0])) * way > 0:
                taken, best = level, other
        notes, after = best
        rng.setstate(after)
        return _as_loud(notes, setting.drive / replace(setting, energy=taken / _LEVELS).drive)

    return play


def _at(
    render: _Render, setting: Setting, level: int, rng: Random, state: tuple[object, ...]
) -> tuple[list[Note], tuple[object, ...]]:
    """What is played at a level, and where the dice stand after it."""
    rng.setstate(state)
    return render(replace(setting, energy=level / _LEVELS), rng), rng.getstate()


def _as_loud(notes: list[Note], by: float) -> list[Note]:
    if by == 1:
        return notes
    return [replace(note, velocity=max(1, min(_LOUDEST, round(note.velocity * by)))) for note in notes]
