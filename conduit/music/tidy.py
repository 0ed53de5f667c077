"""How notes that an edit has moved make way for each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from conduit.music.clip import Clip

__all__ = ["ended", "tidied", "velocities"]

_Table = NDArray[np.void]


def ended(table: _Table, length_ticks: int) -> _Table:
    """Leave out what starts at the end or later, and end the rest with it."""
    table = table[table["start"] < length_ticks]
    table["duration"] = np.minimum(table["duration"], length_ticks - table["start"])
    return table


def tidied(clip: Clip, table: _Table, *, was: _Table | None = None) -> Clip:
    """Give a clip other notes as Live would keep them: two of one pitch never sound at once.

    A note ends with the clip and where the next of its pitch starts; of two of one pitch at one start **the louder
    stays and the other is lost**, and so is what starts at the clip's end or later.

    Args:
        clip: All else.
        table: The notes, in any order.
        was: The same rows before the edit. What overlapped, doubled or hung over the end there is left so, and only
            what the edit itself has put in each other's way is tidied.
    """
    order = np.lexsort((-table["velocity"].astype(int), table["start"], table["pitch"]))
    table = table[order]
    before = None if was is None else was[order]
    alone = ~_doubled(table, before, clip.length_ticks)
    table, before = table[alone], None if before is None else before[alone]
    until = _limits(table, clip.length_ticks)
    if before is not None:
        free = before["start"] + before["duration"] > _limits(before, clip.length_ticks)
        until = np.where(free, np.iinfo(np.int64).max, until)
    table["duration"] = np.maximum(1, np.minimum(table["duration"], until - table["start"]))
    return clip.with_table(table)


def _doubled(table: _Table, before: _Table | None, length: int) -> NDArray[np.bool_]:
    """Mark what is to go: doubles of the row before, and what starts too late; both were not so before."""
    gone = table["start"] >= length
    double = np.zeros(len(table), dtype=bool)
    double[1:] = _alike(table)
    if before is not None:
        gone &= before["start"] < length
        double[1:] &= ~_alike(before)
    return np.asarray(gone | double)


def _alike(table: _Table) -> NDArray[np.bool_]:
    same = (table["pitch"][1:] == table["pitch"][:-1]) & (table["start"][1:] == table["start"][:-1])
    return np.asarray(same)


def _limits(table: _Table, length: int) -> NDArray[np.int64]:
    """Give where each row has to end, for rows in order of pitch and start."""
    until = np.full(len(table), length, dtype=np.int64)
    same = table["pitch"][1:] == table["pitch"][:-1]
    until[:-1] = np.where(same, np.minimum(table["start"][1:], length), length)
    return until


def velocities(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Round velocities, within 1-127."""
    return np.clip(np.rint(values), 1, 127).astype(np.uint8)
