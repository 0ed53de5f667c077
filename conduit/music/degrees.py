"""Pitches as degrees of a key, in arrays: the arithmetic of edits that stay in a scale."""

from __future__ import annotations

from numbers import Real
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from conduit.errors import ClipError
from conduit.music.scale import SCALES, Key

if TYPE_CHECKING:
    from conduit.music.clip import Clip

__all__ = ["folded", "home", "in_degrees", "in_pitches", "pitched", "snapped", "steps_of"]

_Ints = NDArray[np.int64]


def home(clip: Clip, key: str | None = None) -> Key:
    """Give the key that an edit works in: the one given, the clip's, or the one its notes are most likely in.

    Raises:
        ClipError: The clip is drums.
        ValueError: It is no key.
    """
    pitched(clip)
    if key or clip.key:
        return Key(key or clip.key or "")
    from conduit.music.estimate import estimate_key  # noqa: PLC0415  it takes a Clip, and Clip takes this

    return estimate_key(clip)[0]


def pitched(clip: Clip) -> Clip:
    """Give a clip back whose pitches can move.

    Raises:
        ClipError: The clip is drums.
    """
    if clip.is_drums:
        raise ClipError("drums have no pitches to move: they say which drum is struck")
    return clip


def in_degrees(pitches: _Ints, key: Key) -> tuple[_Ints, _Ints]:
    """Give the degree below each pitch, 0 being the lowest tonic of MIDI or one below, and the semitones above it.

    >>> [part.tolist() for part in in_degrees(np.array([60, 61, 64]), Key("C major"))]
    [[35, 35, 37], [0, 1, 0]]
    """
    scale = np.array(SCALES[key.scale])
    octave, offset = np.divmod(np.asarray(pitches, dtype=np.int64) - key.root, 12)
    below = np.searchsorted(scale, offset, side="right") - 1
    return octave * len(scale) + below, offset - scale[below]


def in_pitches(degrees: _Ints, key: Key) -> _Ints:
    """Give the pitch of each degree, as ``in_degrees`` counts them; they may lie outside 0-127.

    >>> in_pitches(np.array([35, 37]), Key("C major")).tolist()
    [60, 64]
    """
    scale = np.array(SCALES[key.scale])
    octave, index = np.divmod(degrees, len(scale))
    return np.asarray(key.root + 12 * octave + scale[index])


def snapped(pitches: _Ints, classes: tuple[int, ...]) -> _Ints:
    """Give for each pitch the nearest of these classes; of two equally near the lower.

    >>> snapped(np.array([61, 66]), (0, 5, 7)).tolist()
    [60, 65]
    """
    near = sorted(range(-6, 7), key=lambda move: (abs(move), move))
    moves = [next((move for move in near if (pc + move) % 12 in classes), 0) for pc in range(12)]
    return np.asarray(pitches + np.array(moves)[np.asarray(pitches) % 12])


def folded(pitches: _Ints) -> _Ints:
    """Bring pitches outside 0-127 back by octaves.

    >>> folded(np.array([-3, 60, 130])).tolist()
    [9, 60, 118]
    """
    down = np.where(pitches > 127, pitches - 12 * -(-(pitches - 127) // 12), pitches)
    return np.where(down < 0, down + 12 * -(down // 12), down)


def steps_of(value: float, what: str, *, most: int) -> int:
    """Give how far an edit goes, as a whole number.

    Args:
        value: How far.
        what: What is counted, such as ``semitones``.
        most: How far either way is allowed.

    Raises:
        TypeError: It is no number.
        ValueError: It is not whole, or too far.
    """
    valid = f"{what} are a whole number, {-most} to {most}"
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{value!r} is no number of {what}: {valid}")
    if not (float(value).is_integer() and abs(value) <= most):
        raise ValueError(f"{value!r} {what} cannot be: {valid}")
    return int(value)
