"""Edits of how notes are played: loudness, length, a hand's touch; notes cut into pieces and glued again."""

from __future__ import annotations

from numbers import Real
from random import Random
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from conduit.music.tidy import tidied, velocities
from conduit.music.timing import FINEST, read_grid

if TYPE_CHECKING:
    from conduit.music.clip import Clip

__all__ = ["chop", "gate", "glue", "humanise", "legato", "loudness"]

_Table = NDArray[np.void]
_WIDEST_GAP, _LONGEST_OVERLAP = -1, 16  # beats


def humanise(clip: Clip, *, seed: int = 0, timing: float = 0.025, velocity: int = 8) -> Clip:
    """Move onsets and velocities a little, as a hand would: most by little, few by much.

    Every note is kept, in the order it has among those of its pitch; what starts at 0 stays there, and lengths
    stay unless a note would run into the next of its pitch.

    Args:
        clip: The clip.
        seed: The same seed does the same on every machine.
        timing: The most that an onset moves, in beats.
        velocity: The most that a velocity moves.

    Raises:
        ValueError: A value is less than 0.

    >>> from conduit.music import Clip, Note
    >>> clip = Clip.of([Note(60, beat, 1) for beat in range(4)])
    >>> clip.humanise(seed=3) == clip.humanise(seed=3) != clip
    True
    """
    if timing < 0 or velocity < 0:
        raise ValueError(f"a hand moves by 0 or more, not by {timing:g} beats and {velocity} of velocity")
    rng = Random(seed)
    chances = np.array([rng.random() for _ in range(3 * len(clip))]).reshape(-1, 3)
    table = clip.table.copy()
    unit = clip.ppq / FINEST
    moves = np.rint((chances[:, 0] + chances[:, 1] - 1) * timing * FINEST) * unit
    low, high = _room(table, clip.length_ticks)
    moved = np.clip(np.rint(table["start"] + moves).astype(np.int64), low, high)
    table["start"] = np.where(table["start"] == 0, 0, moved)
    louder = np.rint((2 * chances[:, 2] - 1) * velocity)
    table["velocity"] = velocities(table["velocity"] + louder)
    return tidied(clip, table, was=clip.table)


def _room(table: _Table, length: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give how early and how late each note may start: less than half the way to its neighbour of one pitch."""
    order = np.lexsort((table["start"], table["pitch"]))
    start, pitch = table["start"][order], table["pitch"][order]
    gaps = np.where(pitch[1:] == pitch[:-1], np.maximum(0, start[1:] - start[:-1] - 1) // 2, length)
    low, high = np.zeros_like(start), np.full_like(start, max(0, length - 1))
    low[1:] = np.maximum(0, start[1:] - gaps)
    high[:-1] = np.minimum(high[:-1], start[:-1] + gaps)
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return np.minimum(low[back], table["start"]), np.maximum(high[back], table["start"])


def loudness(clip: Clip, factor: float) -> Clip:
    """Multiply velocities, within 1-127.

    Raises:
        ValueError: The factor is less than 0.

    >>> from conduit.music import Clip, Note
    >>> Clip.of([Note(60, 0, 1, 80)]).loudness(1.25).notes[0].velocity
    100
    """
    if not factor >= 0:
        raise ValueError(f"{factor} is not a factor: it is 0 or more, 1 leaves them as they are")
    table = clip.table.copy()
    table["velocity"] = velocities(table["velocity"] * float(factor))
    return clip.with_table(table)


def gate(clip: Clip, factor: float) -> Clip:
    """Multiply how long notes sound, up to the next of their pitch and the clip's end; one tick at the least.

    Raises:
        ValueError: The factor is not more than 0.

    >>> from conduit.music import Clip, Note
    >>> Clip.of([Note(60, 0, 1)]).gate(0.5).notes[0].duration
    0.5
    """
    if not factor > 0:
        raise ValueError(f"{factor} is not a factor: it is more than 0, 0.5 is half as long")
    table = clip.table.copy()
    table["duration"] = np.maximum(1, np.rint(table["duration"] * factor))
    return tidied(clip, table, was=clip.table)


def legato(clip: Clip, *, overlap: float = 0.0) -> Clip:
    """Let every note sound until the next onset, the last until the clip's end.

    Args:
        clip: The clip.
        overlap: Beats that a note sounds on into the next, but for one of its own pitch, up to 16; less than 0 is a
            gap, down to -1, in which a shorter note keeps a tick.

    Raises:
        TypeError: ``overlap`` is no number.
        ValueError: ``overlap`` is outside that.

    >>> from conduit.music import Clip, Note
    >>> [note.duration for note in Clip.of([Note(60, 0, 0.25), Note(64, 1.5, 0.25)]).legato().notes]
    [1.5, 2.5]
    """
    valid = f"beats, {_WIDEST_GAP} (a gap of a beat) to {_LONGEST_OVERLAP}"
    if isinstance(overlap, bool) or not isinstance(overlap, Real):
        raise TypeError(f"an overlap of {overlap!r} is no number: it is {valid}")
    if not _WIDEST_GAP <= overlap <= _LONGEST_OVERLAP:
        raise ValueError(f"an overlap of {overlap} beats cannot be: it is {valid}")
    table = clip.table.copy()
    inside = table["start"] < clip.length_ticks
    onsets = np.append(np.unique(table["start"][inside]), clip.length_ticks)
    place = np.searchsorted(onsets, table["start"], side="right")
    until = onsets[np.minimum(place, len(onsets) - 1)]
    until = np.where(until < clip.length_ticks, until + round(overlap * clip.ppq), until)
    table["duration"] = np.where(inside, np.maximum(1, until - table["start"]), table["duration"])
    return tidied(clip, table, was=_touching(clip.table))


def _touching(table: _Table) -> _Table:
    """Give notes of a tick each: where none overlaps, all that an edit makes overlap is tidied."""
    short = table.copy()
    short["duration"] = 1
    return short


def chop(clip: Clip, *beats: float, grid: float | str | None = None) -> Clip:
    """Cut the notes that sound at some beats, or on the lines of a grid, into pieces; ``glue`` undoes it.

    Args:
        clip: The clip.
        beats: Where to cut.
        grid: As for ``read_grid``; its lines are cut at, too.

    Raises:
        ValueError: There is nothing to cut at, or it is no grid.

    >>> from conduit.music import Clip, Note
    >>> [note.duration for note in Clip.of([Note(60, 0, 4)]).chop(1).notes]
    [1.0, 3.0]
    """
    if not beats and grid is None:
        raise ValueError("there is nothing to cut at: give beats, or grid= such as 1/16")
    table = clip.table
    ends = table["start"] + table["duration"]
    cuts = np.array([round(beat * clip.ppq) for beat in beats], dtype=np.int64)
    if grid is not None:
        line = float(read_grid(grid) * clip.ppq)
        last = int(ends.max()) if len(ends) else 0
        cuts = np.append(cuts, np.rint(np.arange(1, last // line + 1) * line).astype(np.int64))
    cuts = np.unique(cuts)
    first = np.searchsorted(cuts, table["start"], side="right")
    counts = np.maximum(0, np.searchsorted(cuts, ends, side="left") - first) + 1
    pieces = np.repeat(table, counts)
    number = np.arange(len(pieces)) - np.repeat(np.cumsum(counts) - counts, counts)
    bounds = np.concatenate(
        [[0], cuts, [np.iinfo(np.int64).max]]
    )  # what lies before the first, after the last
    place = np.repeat(first, counts) + number
    starts = np.maximum(pieces["start"], bounds[place])
    pieces["duration"] = np.minimum(np.repeat(ends, counts), bounds[place + 1]) - starts
    pieces["start"] = starts
    return clip.with_table(pieces)


def glue(clip: Clip) -> Clip:
    """Make one note of those of one pitch that follow each other without a gap, with all else as the first has it.

    >>> from conduit.music import Clip, Note
    >>> [note.duration for note in Clip.of([Note(60, 0, 1), Note(60, 1, 1)]).glue().notes]
    [2.0]
    """
    if not len(clip):
        return clip
    table = clip.table[np.lexsort((clip.table["start"], clip.table["mute"], clip.table["pitch"]))]
    ends = table["start"] + table["duration"]
    goes_on = (table["start"][1:] == ends[:-1]) & (table["pitch"][1:] == table["pitch"][:-1])
    goes_on &= table["mute"][1:] == table["mute"][:-1]
    firsts = np.flatnonzero(np.append(True, ~goes_on))
    lasts = np.append(firsts[1:], len(table)) - 1
    whole = table[firsts]
    whole["duration"] = ends[lasts] - whole["start"]
    return clip.with_table(whole)
