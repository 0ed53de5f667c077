"""Edits of where notes lie against the grid: quantise and swing."""

from __future__ import annotations

import re
from fractions import Fraction
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from conduit.music.tidy import tidied

if TYPE_CHECKING:
    from conduit.music.clip import Clip

__all__ = ["FINEST", "quantise", "read_grid", "swing"]

AUTO = "auto"
"""The grid that a clip has of itself."""

FINEST = 80
"""Parts of a beat that swung and humanised notes keep to, so that their times stay short to write."""

_GRID = re.compile(r"1/(\d{1,3})([td.]?)", re.ASCII)
_TIMES = {"": Fraction(1), "t": Fraction(2, 3), "d": Fraction(3, 2), ".": Fraction(3, 2)}
_VALUES = (1, 2, 4, 8, 16, 32, 64, 128)
_STRAIGHT, _MOST = 50, 75  # per cent


def read_grid(grid: float | str) -> Fraction:
    """Give the beats from line to line of a grid.

    Args:
        grid: Beats, or a note value: ``1/4``, ``1/8``, ``1/16`` and so on; ``1/8t`` is a triplet, ``1/8d`` dotted.

    Raises:
        TypeError: It is neither a number nor text.
        ValueError: It is no grid.

    >>> read_grid("1/16"), read_grid("1/8t"), read_grid(0.5)
    (Fraction(1, 4), Fraction(1, 3), Fraction(1, 2))
    """
    wrong = f"{grid!r} is not a grid: write beats, more than 0, or 1/1 to 1/128, with t for a triplet, d for dotted"
    if isinstance(grid, str):
        match = _GRID.fullmatch(grid.strip().lower())
        if match is None or int(match[1]) not in _VALUES:
            raise ValueError(wrong)
        return Fraction(4, int(match[1])) * _TIMES[match[2]]
    if isinstance(grid, bool) or not isinstance(grid, Real):
        raise TypeError(wrong)
    if not 0 < grid < float("inf"):
        raise ValueError(wrong)
    return Fraction(grid).limit_denominator(1 << 20)


def _percent(percent: float) -> float:
    if isinstance(percent, bool) or not isinstance(percent, Real):
        raise TypeError(
            f"a swing of {percent!r} is no number; it is {_STRAIGHT} (straight) to {_MOST} per cent"
        )
    if not _STRAIGHT <= percent <= _MOST:
        raise ValueError(f"a swing of {percent} per cent cannot be: {_STRAIGHT} (straight) to {_MOST}")
    return percent


def quantise(clip: Clip, grid: float | str = "1/16", *, strength: float = 1.0, swing: float = 50) -> Clip:
    """Move onsets towards the lines of a grid; notes keep their length.

    A note that runs into the next of its pitch is cut short; of two of one pitch that come to one line the louder
    stays. None comes to the clip's end: the line before has it. Controls stay where they are. What lies on the grid
    stays, so twice is no more than once.

    Args:
        clip: The clip.
        grid: As for ``read_grid``.
        strength: 0 leaves them, 1 puts them on it.
        swing: Where every second line lies between its neighbours, per cent: 50 (straight) to 75.

    Raises:
        ValueError: A value cannot be.

    >>> from conduit.music import Clip, Note
    >>> Clip.of([Note(60, 1.2, 1)]).quantise("1/4", strength=0.5).notes[0].start
    1.1
    """
    if not 0 <= strength <= 1:
        raise ValueError(f"a strength of {strength} cannot be: 0 (leave them) to 1 (on the grid)")
    table = clip.table.copy()
    goal = _lines(table["start"], float(read_grid(grid) * clip.ppq), _percent(swing), clip.length_ticks)
    moved = np.rint(table["start"] + (goal - table["start"]) * strength).astype(np.int64)
    table["start"] = np.where(table["start"] < clip.length_ticks, moved, table["start"])
    return tidied(clip, table, was=clip.table)


def _lines(ticks: NDArray[np.int64], line: float, percent: float, length: int) -> NDArray[np.float64]:
    """Give the line nearest to each tick, the earlier of two, before the end."""
    pair = np.floor(ticks / (2 * line)) * 2 * line
    choices = np.rint(np.stack([pair, pair + 2 * line * percent / 100, pair + 2 * line]))
    far = np.abs(choices - ticks)
    far[choices >= length] = np.inf
    nearest = np.take_along_axis(choices, far.argmin(axis=0)[None], axis=0)[0]
    return np.asarray(nearest)


def swing(clip: Clip, percent: float, *, was: float = 50, grid: float | str = AUTO) -> Clip:
    """Set where the second of each pair of steps falls, per cent of the pair: 50 straight, 66 a triplet.

    Onsets and ends move alike, so every note is kept; onsets keep to 1/80 of a beat. Where no note starts on a step
    that swings, or sounds on over one, the clip comes back equal.

    Args:
        clip: The clip; controls stay where they are.
        percent: 50-75.
        was: The swing it has.
        grid: The step, as for ``read_grid``: ``1/16``, or ``1/8`` for swung eighths; ``auto`` takes the clip's:
            eighths where it is in whole quarters and notes start on these and on the eighths between them, as
            ``was`` has those, and nowhere else; sixteenths otherwise. ``swing(60)`` and then ``swing(50, was=60)``
            is a clip again that lies on either grid.

    Raises:
        TypeError: A swing is no number.
        ValueError: A value cannot be.

    >>> from conduit.music import Clip, Note
    >>> Clip.of([Note(42, 0.25, 0.25)], instrument="drums").swing(60).notes[0].start
    0.3
    >>> [note.start for note in Clip.of([Note(60, step / 2, 0.5) for step in range(4)]).swing(60).notes]
    [0.0, 0.6, 1.0, 1.6]
    """
    _percent(percent)
    _percent(was)
    step = _steps(clip, was) if grid == AUTO else read_grid(grid)
    pair = 2 * float(step * clip.ppq)
    unit = clip.ppq / FINEST
    table = clip.table.copy()
    ends = table["start"] + table["duration"]
    ends = _swung(
        ends, pair, unit / 2 if pair >= clip.ppq else unit, swings=_swings(pair, unit, was, percent)
    )
    table["start"] = _swung(table["start"], pair, unit, swings=_swings(pair, unit, was, percent))
    table["duration"] = np.maximum(1, ends - table["start"])
    return clip.with_table(table)


def _steps(clip: Clip, was: float) -> Fraction:
    """Give the beats of the steps that swing in a clip."""
    place = clip.table["start"] % clip.ppq
    unit = clip.ppq / FINEST
    between = place == np.rint(np.rint(was / 100 * FINEST) * unit)
    eighths = between.any() and (between | (place == 0)).all() and clip.length_ticks % clip.ppq == 0
    meters = [clip.meter, *(meter for _, meter in clip.meter_changes)]
    return read_grid("1/8" if eighths and all(meter.denominator <= 4 for meter in meters) else "1/16")


def _swings(pair: float, unit: float, *shares: float) -> list[float]:
    """Give shares of a pair, per cent, as near as times can be."""
    return [float(np.rint(share / 100 * pair / unit) * unit / pair * 100) for share in shares]


def _swung(ticks: NDArray[np.int64], pair: float, unit: float, *, swings: list[float]) -> NDArray[np.int64]:
    """Bend time inside each pair of steps so that the first of two swings comes to the second."""
    was, percent = swings
    phase = (ticks % pair) / pair * 100
    bent = np.where(phase < was, phase * percent / was, 100 - (100 - phase) * (100 - percent) / (100 - was))
    moved = ticks + np.rint((bent - phase) / 100 * pair / unit) * unit
    return np.asarray(np.rint(moved), dtype=np.int64)
