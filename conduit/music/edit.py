"""Edits: pure transforms of a clip. Each returns a new clip and keeps what it is not about.

Times are whole ticks; where notes are moved, one that would run into the next of its own pitch is cut short.
"""

from __future__ import annotations

from random import Random

import numpy as np
from numpy.typing import NDArray

from conduit.errors import ClipError
from conduit.music.clip import Clip
from conduit.music.meter import Meter
from conduit.music.scale import SCALES, Key

__all__ = [
    "cut",
    "gate",
    "humanise",
    "loudness",
    "part",
    "quantise",
    "rebar",
    "spliced",
    "stretch",
    "swing",
    "tidied",
    "tile",
    "to_key",
    "transpose",
]

_Table = NDArray[np.void]
_TICKS = NDArray[np.int64]
_FINEST = 80  # parts of a beat that swung notes keep to, so that times stay short to write


def transpose(clip: Clip, semitones: int) -> Clip:
    """Move every note and the key; what would leave 0-127 goes an octave back.

    Raises:
        ClipError: The clip is drums, whose pitches are instruments.
    """
    if clip.is_drums:
        raise ClipError("drums cannot be transposed: their pitches say which drum is struck")
    key = clip.key and Key(f"{_NAMES[(clip.key.root + semitones) % 12]} {clip.key.scale}")
    if semitones % 12 == 0:
        key = clip.key
    return _pitched(clip, clip.table["pitch"].astype(np.int64) + semitones).with_(key=key)


_NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")


def _pitched(clip: Clip, pitches: _TICKS) -> Clip:
    table = clip.table.copy()
    pitches = np.where(pitches > 127, pitches - 12 * -(-(pitches - 127) // 12), pitches)
    table["pitch"] = np.where(pitches < 0, pitches + 12 * -(pitches // 12), pitches)
    return tidied(clip, table)


def to_key(clip: Clip, key: Key) -> Clip:
    """Take a clip to another key: degrees of the old scale become those of the new, by the shorter way.

    Notes outside the old scale keep their distance from the degree below; without an old key all move as one
    to the nearest notes of the new scale.

    Raises:
        ClipError: The clip is drums.
    """
    if clip.is_drums:
        raise ClipError("drums have no key: their pitches say which drum is struck")
    old = clip.key or Key(f"{key.tonic} {key.scale}")
    shift = (key.root - old.root + 5) % 12 - 5
    mapped = _degree_map(old, key, keep_rest=clip.key is not None)
    pitches = clip.table["pitch"].astype(np.int64)
    offsets = (pitches - old.root) % 12
    return _pitched(clip, pitches - offsets + mapped[offsets] + shift).with_(key=key)


def _degree_map(old: Key, new: Key, *, keep_rest: bool) -> _TICKS:
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


def tile(clip: Clip, times: int) -> Clip:
    """Repeat a clip; ``times`` is 1 or more."""
    if times < 1:
        raise ValueError(f"{times} is not a number of times: repeat a clip 1 time or more")
    copies = []
    for index in range(times):
        table = clip.table.copy()
        table["start"] += index * clip.length_ticks
        copies.append(table)
    return clip.with_table(np.concatenate(copies), length_ticks=times * clip.length_ticks)


def cut(clip: Clip, beats: float) -> Clip:
    """Give a clip of this length: its beginning, or repeated until it is long enough."""
    ticks = round(beats * clip.ppq)
    if ticks < 1:
        raise ValueError(f"{beats} beats is not a length: it is more than 0")
    whole = tile(clip, -(-ticks // clip.length_ticks))
    return tidied(whole.with_(length_ticks=ticks), whole.table.copy())


def part(clip: Clip, start: float, end: float) -> Clip:
    """Give what begins between two beats, as a clip of its own.

    Raises:
        ValueError: That is not a part of the clip.
    """
    if not 0 <= start < end <= clip.length:
        raise ValueError(f"beats {start:g} to {end:g} are no part of a clip of {clip.length:g} beats")
    first, last = round(start * clip.ppq), round(end * clip.ppq)
    table = clip.table[(clip.table["start"] >= first) & (clip.table["start"] < last)].copy()
    table["start"] -= first
    return tidied(clip.with_(length_ticks=last - first), table)


def spliced(clip: Clip, piece: Clip, start: float) -> Clip:
    """Put a piece, of the same ticks a beat, in the place of what begins in its time."""
    first = round(start * clip.ppq)
    last = first + piece.length_ticks
    kept = clip.table[(clip.table["start"] < first) | (clip.table["start"] >= last)]
    table = piece.table.copy()
    table["start"] += first
    return tidied(clip, np.concatenate([kept, table]))


def rebar(clip: Clip, meter: Meter) -> Clip:
    """Bring a clip to another metre bar by bar.

    A shorter bar loses its end; a longer one begins again to fill it. Notes keep their place in the bar.
    """
    old, new = round(clip.meter.bar * clip.ppq), round(meter.bar * clip.ppq)
    bars = -(-clip.length_ticks // old)
    tables = []
    for bar, again in ((bar, again) for bar in range(bars) for again in range(-(-new // old))):
        table = clip.table[
            (clip.table["start"] >= bar * old) & (clip.table["start"] < (bar + 1) * old)
        ].copy()
        table["start"] += again * old - bar * old
        table = table[table["start"] < new]
        table["duration"] = np.minimum(table["duration"], new - table["start"])
        table["start"] += bar * new
        tables.append(table)
    return tidied(clip.with_(length_ticks=bars * new, meter=meter), np.concatenate(tables))


def humanise(clip: Clip, rng: Random) -> Clip:
    """Move onsets by up to a fortieth of a beat and velocities by up to 8, as a hand would; the first stays."""
    table = clip.table.copy()
    unit = clip.ppq // _FINEST or 1
    for index in range(len(table)):
        move = int(rng.random() * 5) - 2
        table["start"][index] = max(0, table["start"][index] + (move * unit if table["start"][index] else 0))
        table["velocity"][index] = min(
            127, max(1, int(table["velocity"][index]) + int(rng.random() * 17) - 8)
        )
    return tidied(clip, table)


def stretch(clip: Clip, factor: float) -> Clip:
    """Make notes and clip longer (2 is half time) or shorter (0.5 is double time)."""
    table = clip.table.copy()
    ends = np.rint((table["start"] + table["duration"]) * factor).astype(np.int64)
    table["start"] = np.rint(table["start"] * factor).astype(np.int64)
    table["duration"] = np.maximum(1, ends - table["start"])
    length = max(1, round(clip.length_ticks * factor))
    return tidied(clip.with_(length_ticks=length), table)


def quantise(clip: Clip, grid: float = 0.25, *, strength: float = 1.0) -> Clip:
    """Move onsets towards a grid.

    Args:
        clip: What to move.
        grid: Beats from line to line.
        strength: 0 leaves them, 1 puts them on it.
    """
    table = clip.table.copy()
    line = grid * clip.ppq
    goal = np.rint(table["start"] / line) * line
    table["start"] = np.rint(table["start"] + (goal - table["start"]) * strength).astype(np.int64)
    return tidied(clip, table)


def swing(clip: Clip, percent: float, *, was: float = 50) -> Clip:
    """Set where the second sixteenth of each pair falls, per cent of the pair: 50 straight, 66 a triplet.

    Args:
        clip: What to swing.
        percent: 50-75.
        was: The swing it has.
    """
    if not (50 <= percent <= 75 and 50 <= was <= 75):
        raise ValueError(f"a swing of {percent} per cent cannot be: 50 (straight) to 75")
    table = clip.table.copy()
    ends = table["start"] + table["duration"]
    table["start"] = _swung(table["start"], clip.ppq, percent, was)
    table["duration"] = np.maximum(1, _swung(ends, clip.ppq, percent, was) - table["start"])
    return tidied(clip, table)


def _swung(ticks: _TICKS, ppq: int, percent: float, was: float) -> _TICKS:
    """Bend time inside each pair of sixteenths so that ``was`` comes to ``percent``."""
    pair = ppq / 2
    phase = (ticks % pair) / pair * 100
    bent = np.where(phase < was, phase * percent / was, 100 - (100 - phase) * (100 - percent) / (100 - was))
    unit = ppq / _FINEST
    moved = ticks + np.rint((bent - phase) / 100 * pair / unit) * unit
    whole: _TICKS = np.rint(moved).astype(np.int64)
    return whole


def loudness(clip: Clip, factor: float) -> Clip:
    """Multiply velocities, within 1-127."""
    table = clip.table.copy()
    table["velocity"] = np.clip(np.rint(table["velocity"].astype(float) * factor), 1, 127).astype(np.uint8)
    return clip.with_table(table)


def gate(clip: Clip, factor: float) -> Clip:
    """Multiply how long notes sound, up to the next of their pitch and the clip's end."""
    table = clip.table.copy()
    table["duration"] = np.maximum(1, np.rint(table["duration"] * factor)).astype(np.int64)
    return tidied(clip, table)


def tidied(clip: Clip, table: _Table) -> Clip:
    """End notes with the clip and before the next of their pitch; of two at once the louder stays."""
    table = table[table["start"] < clip.length_ticks]
    table = table[np.lexsort((-table["velocity"].astype(int), table["start"], table["pitch"]))]
    same = table["pitch"][1:] == table["pitch"][:-1]
    twice = (
        np.concatenate([[False], same & (table["start"][1:] == table["start"][:-1])]) if len(table) else same
    )
    table = table[~twice]
    until = np.full(len(table), clip.length_ticks)
    same = table["pitch"][1:] == table["pitch"][:-1]
    until[:-1] = np.where(same, table["start"][1:], clip.length_ticks)
    table["duration"] = np.minimum(table["duration"], until - table["start"])
    return clip.with_table(table)
