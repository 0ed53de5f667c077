"""A second voice beside the notes of a clip: octaves, parallels in a key, and tones of the chord.

It is a little softer than the first. Drums have no pitches to double and are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from conduit.errors import ClipError
from conduit.music.degrees import home, in_degrees, in_pitches, pitched, steps_of
from conduit.music.scale import SCALES, Key
from conduit.music.tidy import tidied, velocities

if TYPE_CHECKING:
    from conduit.music.clip import Clip

__all__ = ["INTERVALS", "add_octave", "harmonise"]

_Ints = NDArray[np.int64]
_MOST_OCTAVES = 10
_APART = 3  # semitones that a chord tone lies away from the note it goes with, at the least

INTERVALS: dict[str, int] = {"third": 2, "fourth": 3, "fifth": 4, "sixth": 5, "octave": 7}
"""Degrees of a scale of seven notes that a second voice lies away, by the interval's name."""


def add_octave(clip: Clip, octaves: int = 1) -> Clip:
    """Double every note octaves higher, a little softer; where that would leave 0-127 or is played already, not.

    Args:
        clip: The clip.
        octaves: How many up, 1 to 10, or down where it is less than 0.

    Raises:
        ClipError: The clip is drums, or no note of it can be doubled so far away within 0-127.
        TypeError: ``octaves`` is no number.
        ValueError: ``octaves`` is 0, no whole number, or more than 10 either way.

    >>> from conduit.music import Clip, Note
    >>> [note.pitch for note in Clip.of([Note(60, 0, 1)]).add_octave(-1).notes]
    [48, 60]
    """
    octaves = steps_of(octaves, "octaves", most=_MOST_OCTAVES)
    if not octaves:
        raise ValueError("0 octaves is no doubling: 1 is an octave up, -1 one down")
    pitches = pitched(clip).table["pitch"].astype(np.int64)
    voice = pitches + 12 * octaves
    if len(clip) and not ((voice >= 0) & (voice <= 127)).any():
        up, down = (127 - int(pitches.min())) // 12, int(pitches.max()) // 12
        raise ClipError(
            f"{octaves} octaves take every note out of 0-127: here it is at most {up} up, {down} down"
        )
    return _with_voice(clip, voice)


def _with_voice(clip: Clip, pitches: _Ints) -> Clip:
    """Give a clip with a second voice, one pitch a note, where the clip has no note of that pitch at that time."""
    table = clip.table
    voice = table.copy()
    fits = (pitches >= 0) & (pitches <= 127)
    voice["pitch"] = np.where(fits, pitches, 0)
    voice["velocity"] = velocities(voice["velocity"] * 0.85)
    there = np.isin(_places(voice), _places(table))
    return tidied(clip, np.concatenate([table, voice[fits & ~there]]))


def _places(table: NDArray[np.void]) -> _Ints:
    return np.asarray(table["start"] * 128 + table["pitch"])


def harmonise(clip: Clip, interval: str = "third", *, below: bool = False, key: str | None = None) -> Clip:
    """Add a second voice in the key, a little softer than the first.

    Args:
        clip: The clip.
        interval: A key of ``INTERVALS`` for a voice that goes in parallel, or ``chord`` for the nearest tone of the
            bar's chord, in the key, that is a third or more away.
        below: Whether the voice goes below.
        key: By default the clip's, or the one its notes are most likely in.

    Raises:
        ClipError: The clip is drums.
        ValueError: There is no such interval, or it is no key.

    >>> from conduit.music import Clip, Note
    >>> [note.pitch for note in Clip.of([Note(60, 0, 1)], key="C major").harmonise("third").notes]
    [60, 64]
    """
    if interval not in {*INTERVALS, "chord"}:
        raise ValueError(f"{interval!r} is not a harmony: it is {', '.join(INTERVALS)} or chord")
    scale = home(clip, key)
    pitches = clip.table["pitch"].astype(np.int64)
    sign = -1 if below else 1
    if interval == "chord":
        return _with_voice(clip, _chord_tones(clip, scale, sign=sign))
    if interval == "octave":
        return _with_voice(clip, pitches + 12 * sign)
    steps, _ = in_degrees(pitches, scale)
    size = len(SCALES[scale.scale])
    return _with_voice(clip, in_pitches(steps + sign * round(INTERVALS[interval] * size / 7), scale))


def _chord_tones(clip: Clip, scale: Key, *, sign: int) -> _Ints:
    """Give for each note the nearest tone of its bar's chord above or below it."""
    from conduit.music.estimate import estimate_chords  # noqa: PLC0415  it takes a Clip, and Clip takes this

    spans = estimate_chords(clip)
    tonic = tuple(scale.pitch_classes[index] for index in (0, 2, 4) if index < len(scale.pitch_classes))
    inside = [tuple(pc for pc in span.chord.pitch_classes if pc in scale.pitch_classes) for span in spans]
    classes = [tonic, *(tones or tonic for tones in inside)]
    starts = np.array([round(span.start * clip.ppq) for span in spans], dtype=np.int64)
    place = np.searchsorted(starts, clip.table["start"], side="right")
    moves = np.array([_moves(tones, sign) for tones in classes])
    pitches = clip.table["pitch"].astype(np.int64)
    return np.asarray(pitches + moves[place, pitches % 12])


def _moves(classes: tuple[int, ...], sign: int) -> list[int]:
    """Give for each pitch class the way to the nearest of some classes, a third at the least."""
    return [
        next((sign * move for move in range(_APART, 15) if (pc + sign * move) % 12 in classes), 12 * sign)
        for pc in range(12)
    ]
