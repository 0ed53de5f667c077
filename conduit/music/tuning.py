"""Edits of pitch: transposition in semitones and in degrees, other keys, mirrors.

What would leave 0-127 goes octaves back, in transpositions and mirrors the clip as a whole. Drums have no pitches
to move and are refused.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from conduit.music.degrees import folded, home, in_degrees, in_pitches, pitched, snapped, steps_of
from conduit.music.scale import SCALES, Key
from conduit.music.tidy import tidied

if TYPE_CHECKING:
    from conduit.music.clip import Clip

__all__ = ["fit_to_key", "invert", "retrograde", "to_key", "transpose"]

_Ints = NDArray[np.int64]
_FURTHEST = 127


def transpose(
    clip: Clip, semitones: int | None = None, *, degrees: int | None = None, key: str | None = None
) -> Clip:
    """Move every note; every note is kept, and so are the intervals between them.

    Where a note would leave 0-127 the whole clip goes octaves back; notes go back one by one only in a clip so wide
    that no octave holds it all.

    Args:
        clip: The clip.
        semitones: How far up, or down where it is less than 0, -127 to 127; the clip's key goes along.
        degrees: How far in the steps of a scale instead, -127 to 127; the key stays. A note outside the scale keeps
            its distance from the degree below.
        key: The scale of those degrees; by default the clip's, or the one its notes are most likely in.

    Raises:
        ClipError: The clip is drums.
        TypeError: How far is no number.
        ValueError: Not just one of semitones and degrees is given, or not as a whole number in range, or it is no
            key.

    >>> from conduit.music import Clip, Note
    >>> clip = Clip.of([Note(60, 0, 1), Note(64, 1, 1)], key="C major")
    >>> clip.transpose(5).key, [note.pitch for note in clip.transpose(degrees=1).notes]
    ('F major', [62, 65])
    """
    pitches = pitched(clip).table["pitch"].astype(np.int64)
    if degrees is not None and semitones is None:
        degrees = steps_of(degrees, "degrees", most=_FURTHEST)
        scale = home(clip, key)
        steps, above = in_degrees(pitches, scale)
        return _with_pitches(clip, in_pitches(steps + degrees, scale) + above)
    if semitones is None or degrees is not None:
        raise ValueError(
            "say how far in one of two ways: transpose(5) is semitones, transpose(degrees=2) steps"
        )
    semitones = steps_of(semitones, "semitones", most=_FURTHEST)
    moved = clip.key
    if clip.key and semitones % 12:
        moved = Key.on((clip.key.root + semitones) % 12, clip.key.scale)
    return _with_pitches(clip, pitches + semitones).with_(key=moved)


def _with_pitches(clip: Clip, pitches: _Ints) -> Clip:
    table = clip.table.copy()
    table["pitch"] = folded(_together(pitches))
    return clip.with_table(table)


def _together(pitches: _Ints) -> _Ints:
    """Bring pitches back within 0-127 by the octaves that all of them can go; if there are none, leave them."""
    if not len(pitches):
        return pitches
    low, high = int(pitches.min()), int(pitches.max())
    move = 12 * (math.ceil(max(0, -low) / 12) - math.ceil(max(0, high - 127) / 12))
    return pitches + move if low + move >= 0 and high + move <= 127 else pitches


def to_key(clip: Clip, key: str) -> Clip:
    """Take a clip to another key: degrees of the old scale become those of the new, by the shorter way.

    Notes outside the old scale keep their distance from the degree below; without an old key all move as one to the
    nearest notes of the new scale. Where two come to one pitch at one start, the louder stays.

    Raises:
        ClipError: The clip is drums.
        ValueError: It is no key.

    >>> from conduit.music import Clip, Note
    >>> [note.pitch for note in Clip.of([Note(60, 0, 1), Note(64, 1, 1)], key="C major").to_key("C minor").notes]
    [60, 63]
    """
    new = Key(key)
    old = pitched(clip).key or Key(f"{new.tonic} {new.scale}")
    shift = (new.root - old.root + 5) % 12 - 5
    mapped = _degree_map(old, new, keep_rest=clip.key is not None)
    pitches = clip.table["pitch"].astype(np.int64)
    offsets = (pitches - old.root) % 12
    table = clip.table.copy()
    table["pitch"] = folded(pitches - offsets + mapped[offsets] + shift)
    return tidied(clip, table, was=clip.table).with_(key=new)


def _degree_map(old: Key, new: Key, *, keep_rest: bool) -> _Ints:
    """Semitones above the new tonic for each of the twelve above the old one."""
    before, after = SCALES[old.scale], SCALES[new.scale]
    mapped = []
    for semitones in range(12):
        below = max(index for index, step in enumerate(before) if step <= semitones)
        if len(before) == len(after) and (keep_rest or before[below] == semitones):
            target = after[below] + semitones - before[below]
        else:
            target = min(after, key=lambda step: (abs(step - semitones), step))
        mapped.append(target)
    return np.array(mapped)


def fit_to_key(clip: Clip, key: str | None = None) -> Clip:
    """Move notes outside a scale to its nearest note, of two equally near the lower; the others stay.

    Where two come to one pitch at one start, the louder stays.

    Args:
        clip: The clip.
        key: Such as ``C minor``; by default the clip's, or the one its notes are most likely in.

    Raises:
        ClipError: The clip is drums.
        ValueError: It is no key.

    >>> from conduit.music import Clip, Note
    >>> fitted = Clip.of([Note(61, 0, 1), Note(64, 1, 1)]).fit_to_key("C minor")
    >>> [note.pitch for note in fitted.notes], fitted.key
    ([60, 63], 'C minor')
    """
    scale = home(clip, key)
    table = clip.table.copy()
    table["pitch"] = folded(snapped(table["pitch"].astype(np.int64), scale.pitch_classes))
    return tidied(clip, table, was=clip.table).with_(key=scale)


def invert(clip: Clip, axis: int | None = None) -> Clip:
    """Mirror every pitch: what rose falls by as much; every note is kept.

    In a key, steps of the scale are mirrored, and a note outside it keeps its distance from the degree below; a
    clip without a key is mirrored in semitones. Twice is the clip again, as long as its notes are in the scale and
    stay within 0-127; else the clip goes octaves back, as in ``transpose``.

    Args:
        clip: The clip.
        axis: The pitch that stays; by default the first note's, of a chord the lowest.

    Raises:
        ClipError: The clip is drums.

    >>> from conduit.music import Clip, Note
    >>> clip = Clip.of([Note(60, 0, 1), Note(64, 1, 1)], key="C major")
    >>> [note.pitch for note in clip.invert().notes]
    [60, 57]
    """
    if not len(pitched(clip)):
        return clip
    pitches = clip.table["pitch"].astype(np.int64)
    middle = int(pitches[0]) if axis is None else axis
    if clip.key is None:
        return _with_pitches(clip, 2 * middle - pitches)
    steps, above = in_degrees(pitches, clip.key)
    centre = int(in_degrees(np.array([middle]), clip.key)[0][0])
    return _with_pitches(clip, in_pitches(2 * centre - steps, clip.key) + above)


def retrograde(clip: Clip) -> Clip:
    """Play the pitches from last to first and keep the rhythm, its lengths and its loudness.

    ``reverse`` turns the rhythm round as well. Notes of one onset go together; twice is the clip again where every
    onset has as many notes.

    >>> from conduit.music import Clip, Note
    >>> [(n.start, n.pitch) for n in Clip.of([Note(60, 0, 1), Note(64, 1, 2), Note(67, 3, 1)]).retrograde().notes]
    [(0.0, 67), (1.0, 64), (3.0, 60)]
    """
    table = clip.table
    onsets, first, sizes = np.unique(table["start"], return_index=True, return_counts=True)
    counts = sizes[::-1]
    group = np.repeat(np.arange(len(onsets)), counts)
    number = np.arange(len(table)) - np.repeat(np.cumsum(counts) - counts, counts)
    played = table[first[group] + np.minimum(number, sizes[group] - 1)]
    played["pitch"] = table["pitch"][first[len(onsets) - 1 - group] + number]
    return tidied(clip, played)
