"""Dynamics: how a finished clip breathes: phrases that grow to their last bar, and chords that are rolled."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from conduit.band.beats import VELOCITIES
from conduit.music.clip import Clip
from conduit.music.tidy import velocities

__all__ = ["phrased", "rolled", "velocity_of"]

_SOFTER, _LOUDER = -3.0, 4.0  # velocity at a phrase's start and in its last bar
_CLIMB = 3.0  # more velocity in the clip's last bar than in its first
_FINEST = 80  # parts of a beat
_HANDFUL = 3
_MIDDLE = 92


def velocity_of(letter: str, *, contrast: int) -> int:
    """Give the velocity of a pattern's letter on a pitched instrument.

    Args:
        letter: As ``phrase`` reads them.
        contrast: Per cent of the distance that drums have from the middle: 100 as drums, 0 all alike.

    >>> velocity_of("X", contrast=100), velocity_of("X", contrast=50)
    (114, 103)
    """
    return _MIDDLE + (VELOCITIES[letter] - _MIDDLE) * contrast // 100


def phrased(clip: Clip, *, bars: int = 4) -> Clip:
    """Let each phrase grow towards its last bar, and the clip from phrase to phrase.

    Args:
        clip: What to shape; one of a single bar stays as it is.
        bars: Bars of a phrase, 1 or more.
    """
    whole = int(np.ceil(clip.bars))
    if whole < 2 or not len(clip):
        return clip
    starts = [float(clip.bar_lines.number(index).start) for index in range(whole)]
    bar = np.searchsorted(starts, clip.table["start"], side="right") - 1
    size = min(bars, whole)
    place = (bar % size) / max(1, size - 1)
    more = _SOFTER + (_LOUDER - _SOFTER) * place + _CLIMB * bar / (whole - 1)
    table = clip.table.copy()
    table["velocity"] = velocities(table["velocity"] + np.rint(more))
    return clip.with_table(table)


def rolled(clip: Clip, beats: Fraction | float) -> Clip:
    """Roll chords from below: each voice of three or more comes a little later; stabs stay together.

    Args:
        clip: What to roll.
        beats: From one voice to the next; brought to an eightieth of a beat.
    """
    each = round(beats * _FINEST) * clip.ppq // _FINEST
    if not each or not len(clip):
        return clip
    table = clip.table.copy()
    starts, first, count = np.unique(table["start"], return_index=True, return_counts=True)
    place = np.arange(len(table)) - first[np.searchsorted(starts, table["start"])]
    many = count[np.searchsorted(starts, table["start"])] >= _HANDFUL
    delay = np.where(many, place * each, 0)
    held = table["duration"] >= np.maximum(clip.ppq * 3 // 8, 2 * delay)
    delay = np.where(held, delay, 0)
    table["start"] += delay
    table["duration"] -= delay
    return clip.with_table(table)
