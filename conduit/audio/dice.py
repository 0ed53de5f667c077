"""Chance that is the same wherever a clip is played: ``js/engine/player.js`` throws the same dice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["dice", "strayed"]

_LOW, _HIGH = 1, 127


def dice(turn: int, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.float64]:
    """Give a number in [0, 1) for each pair of whole numbers, the same in a turn whenever it is asked for.

    Mixes as the last step of MurmurHash3 (Appleby) does.
    """
    x = (
        _times(np.array([turn + 1]), 0x9E3779B1)
        ^ _times(first + 1, 0x85EBCA6B)
        ^ _times(second + 1, 0xC2B2AE35)
    )
    x = _times(x ^ (x >> 16), 0x85EBCA6B)
    x = _times(x ^ (x >> 13), 0xC2B2AE35)
    out: NDArray[np.float64] = (x ^ (x >> 16)) / 2.0**32
    return out


def strayed(table: NDArray[np.void], turn: int) -> NDArray[np.void]:
    """Give notes that are about to sound with the velocities that their deviations lead to, 1-127.

    As in Live, a velocity strays by up to its deviation, to one side. A note's dice are its pitch and its number.

    Args:
        table: The sounding notes of a clip, in their order.
        turn: Which time they are played.
    """
    most = table["velocity_deviation"]
    if not most.any():
        return table
    thrown = dice(turn, table["pitch"].astype(np.int64), np.arange(len(table)))
    velocity = np.floor(table["velocity"] + thrown * most + 0.5)
    out = table.copy()
    out["velocity"] = np.clip(velocity, _LOW, _HIGH)
    return out


def _times(x: NDArray[np.int64], by: int) -> NDArray[np.uint64]:
    """Multiply in 32 bits without sign."""
    out: NDArray[np.uint64] = ((x.astype(np.uint64) & np.uint64(0xFFFFFFFF)) * np.uint64(by)) & np.uint64(
        0xFFFFFFFF
    )
    return out
