"""Tempo: how ticks become seconds where the tempo changes.

A file states a tempo in whole microseconds a beat; a beat is a quarter note.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["DEFAULT_BPM", "TempoMap", "bpm_of", "microseconds_of"]

DEFAULT_BPM = 120.0
"""The tempo of a file until it states one (Standard MIDI Files 1.0)."""

_MINUTE = 60_000_000  # microseconds
_MOST = 0xFFFFFF  # what three bytes hold


def microseconds_of(bpm: float) -> int:
    """Give a tempo as a file holds it, in whole microseconds a beat.

    >>> microseconds_of(120)
    500000
    """
    return min(_MOST, max(1, round(_MINUTE / bpm)))


def bpm_of(microseconds: int) -> float:
    """Give the shortest number of beats a minute that a file would hold as this.

    >>> bpm_of(471328)
    127.3
    """
    exact = _MINUTE / microseconds
    return next(
        (short for n in (3, 6) if microseconds_of(short := round(exact, n) or exact) == microseconds), exact
    )


class TempoMap:
    """Seconds from ticks and ticks from seconds, under any changes of tempo.

    Args:
        tempos: Ticks, rising, and the beats a minute from there on; before the first it is ``DEFAULT_BPM``.
        ppq: Ticks in a beat.

    >>> TempoMap([(0, 120), (960, 60)], ppq=960).seconds(1920)
    1.5
    """

    def __init__(self, tempos: Sequence[tuple[int, float]], *, ppq: int) -> None:
        latest = {0: DEFAULT_BPM, **dict(tempos)}  # of several at one tick the last holds
        self._ticks = np.array(sorted(latest), dtype=np.float64)
        self._tick_s = np.array([60 / (latest[tick] * ppq) for tick in sorted(latest)])
        lengths = [later - earlier for earlier, later in pairwise(self._ticks)]
        self._seconds = np.concatenate([[0.0], np.cumsum(lengths * self._tick_s[:-1])])

    def seconds(self, tick: float) -> float:
        """Give the seconds from the start to a tick."""
        return float(self.all_seconds(tick))

    def all_seconds(self, ticks: ArrayLike) -> NDArray[np.float64]:
        """Give the seconds to each of many ticks; the shape is that of ``ticks``."""
        at = np.asarray(ticks, dtype=np.float64)
        place = np.searchsorted(self._ticks, at, side="right") - 1
        return np.asarray(self._seconds[place] + (at - self._ticks[place]) * self._tick_s[place])

    def ticks(self, seconds: ArrayLike) -> NDArray[np.float64]:
        """Give the ticks, not always whole, at which each of many seconds from the start lies."""
        at = np.asarray(seconds, dtype=np.float64)
        place = np.searchsorted(self._seconds, at, side="right") - 1
        return np.asarray(self._ticks[place] + (at - self._seconds[place]) / self._tick_s[place])
