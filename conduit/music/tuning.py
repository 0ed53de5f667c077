"""Edits of pitch: transposition in semitones and in degrees, other keys, mirrors, more voices.

What would leave 0-127 goes octaves back, in transpositions and mirrors the clip as a whole. Drums have no pitches
to move and are refused.
"""

from __future__ import annotations

import math
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from conduit.errors import ClipError
from conduit.music.degrees import folded, home, in_degrees, in_pitches, pitched, snapped
from conduit.music.scale import SCALES, Key
from conduit.music.tidy import tidied, velocities

if TYPE_CHECKING:
    from conduit.music.clip import Clip

__all__ = [
    "INTERVALS",
    "add_octave",
    "fit_to_key",
    "harmonise",
    "invert",
    "retrograde",
    "to_key",
    "transpose",
]

_Ints = NDArray[np.int64]
_FURTHEST = 127
_MOST_OCTAVES = 10
_APART = 3  # semitones that a chord tone lies away from the note it goes with, at the least

INTERVALS: dict[str, int] = {"third": 2, "fourth": 3, "fifth": 4, "sixth": 5, "octave": 7}
"""Degrees of a scale of seven notes that a second voice lies away, by the interval's name."""


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
        degrees = _whole(degrees, "degrees", most=_FURTHEST)
        scale = home(clip, key)
        steps, above = in_degrees(pitches, scale)
        return _with_pitches(clip, in_pitches(steps + degrees, scale) + above)
    if semitones is None or degrees is not None:
        raise ValueError(
            "say how far in one of two ways: transpose(5) is semitones, transpose(degrees=2) steps"
        )
    semitones = _whole(semitones, "semitones", most=_FURTHEST)
    moved = clip.key
    if clip.key and semitones % 12:
        moved = Key.on((clip.key.root + semitones) % 12, clip.key.scale)
    return _with_pitches(clip, pitches + semitones).with_(key=moved)


def _whole(value: float, what: str, *, most: int) -> int:
    valid = f"{what} are a whole number, {-most} to {most}"
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{value!r} is no number of {what}: {valid}")
    if not (float(value).is_integer() and abs(value) <= most):
        raise ValueError(f"{value!r} {what} cannot be: {valid}")
    return int(value)


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
    octaves = _whole(octaves, "octaves", most=_MOST_OCTAVES)
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
