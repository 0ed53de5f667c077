"""Musical time: where a song stands, and when what is launched starts. Nothing here reads a clock or waits.

Everything is in beats (quarter notes). ``position`` is Live's ``current_song_time``, which jumps and loops;
``elapsed`` only grows while the transport runs, and clips play by it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

__all__ = ["EPSILON", "Clock", "bar_beats", "clip_position", "quantum_beats"]

EPSILON = 1e-9
"""Beats that count as none: what is so near has come."""

_MAX_POSITION = 1_576_800.0  # Live's own limit of a song
_BARS = (0, 8, 4, 2, 1)
_NOTES = tuple(Fraction(text) for text in "2 4/3 1 2/3 1/2 1/3 1/4 1/6 1/8".split())  # noqa: SIM905  a row


def bar_beats(numerator: int, denominator: int) -> float:
    """Give the length of a bar.

    >>> bar_beats(6, 8)
    3.0
    """
    return numerator * 4 / denominator


def quantum_beats(quantization: int, bar: float) -> float:
    """Give the grid of a ``clip_trigger_quantization``, 0 for none.

    Args:
        quantization: 0 none, 1-4 for 8, 4, 2, 1 bars, 5-13 for 1/2, 1/2T, 1/4, 1/4T ... 1/32 notes.
        bar: The length of a bar in beats.
    """
    if quantization < len(_BARS):
        return _BARS[quantization] * bar
    return float(_NOTES[quantization - len(_BARS)])


def clip_position(
    loop: tuple[float, float], markers: tuple[float, float], *, looping: bool, beats: float
) -> float | None:
    """Give where a clip stands after some beats, or None when it has ended.

    Args:
        loop: Start and end of its loop.
        markers: Where it starts, and where it ends when it does not loop.
        looping: Whether it loops. One that starts behind its loop never comes into it.
        beats: Beats since its launch.
    """
    position = markers[0] + beats
    if not looping:
        return position if markers[1] - position > EPSILON else None
    start, end = loop
    if markers[0] >= end or end - position > EPSILON:
        return position
    return start + max(position - end, 0.0) % (end - start)


@dataclass(frozen=True, slots=True)
class Clock:
    """Where a song stands.

    Attributes:
        position: Beats from the song's start.
        elapsed: Beats played in all.
        is_playing: Whether the transport runs.
        marker: Where the song starts from.
    """

    position: float = 0.0
    elapsed: float = 0.0
    is_playing: bool = False
    marker: float = 0.0

    def started(self) -> Clock:
        """Run from where it is."""
        return replace(self, is_playing=True)

    def stopped(self) -> Clock:
        """Stand still, where it is."""
        return replace(self, is_playing=False)

    def moved(self, beats: float) -> Clock:
        """Play some beats."""
        return replace(self, position=self.position + beats, elapsed=self.elapsed + beats)

    def jumped(self, position: float) -> Clock:
        """Go somewhere, within Live's limits; one that stands will start there."""
        there = min(max(position, 0.0), _MAX_POSITION)
        return replace(self, position=there, marker=self.marker if self.is_playing else there)

    def boundary(self, quantum: float) -> float:
        """Give the next position on a grid, which is this one if it is on it; a grid of 0 is everywhere."""
        if quantum <= 0:
            return self.position
        return math.ceil((self.position - EPSILON) / quantum) * quantum
