"""Variations of a clip: another take, ornaments. Pure functions of a clip and a seed.

They know nothing of who wrote the clip: what they need is read from its notes, its key and its bars.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from conduit.music.chance import pick
from conduit.music.contour import Contour
from conduit.music.degrees import folded, home, in_degrees, in_pitches
from conduit.music.density import thicken
from conduit.music.drums import DRUM_PITCHES
from conduit.music.note import COLUMNS
from conduit.music.rhythm import weights
from conduit.music.scale import Key
from conduit.music.tidy import tidied, velocities

if TYPE_CHECKING:
    from conduit.music.clip import Clip

__all__ = ["ornament", "vary"]

_Ints = NDArray[np.int64]
_CHORD = 3  # notes
_PULSE = 0.75  # onsets as strong as this carry the groove
_BACKBONE = tuple(DRUM_PITCHES[name] for name in ("kick", "kick2", "snare", "snare2", "clap"))
_SNARES = tuple(DRUM_PITCHES[name] for name in ("snare", "snare2", "clap"))


def vary(clip: Clip, *, seed: int = 0, key: str | None = None) -> Clip:
    """Give another take of a clip: as long, as dense, in the same key, with its strong onsets in their place.

    Weak onsets go to other steps of the key or a sixteenth aside, chords to the third above or below; bars that
    were alike stay alike. Of drums, kick, snare and clap stay and the rest moves. Every note is kept, but for one
    that comes onto another of its pitch; controls stay.

    Args:
        clip: The clip.
        seed: The same seed gives the same take on every machine, another seed another.
        key: By default the clip's, or the one its notes are most likely in.

    Raises:
        ValueError: It is no key.

    >>> from conduit.music import Clip, Note
    >>> clip = Clip.of([Note(60 + step % 5, step / 2, 0.5) for step in range(16)], key="C major")
    >>> clip.vary(seed=1) == clip.vary(seed=1) != clip.vary(seed=2)
    True
    """
    if not len(clip):
        return clip
    rng = Random(seed)
    scale = Key("C major") if clip.is_drums else home(clip, key)
    line = Contour(clip, scale)
    strong = weights(clip, line.onsets) >= _PULSE
    bars, places = _bars_alike(clip, line.onsets)
    moves: dict[tuple[int, int], tuple[int, int]] = {}
    drawn = []
    for bar, place, firm, size in zip(bars, places, strong.tolist(), line.sizes.tolist(), strict=True):
        if (bar, place) not in moves:
            moves[bar, place] = _move(rng, first=place == 0, firm=firm, chord=size >= _CHORD)
        drawn.append(moves[bar, place])
    by, aside = np.array(drawn, dtype=np.int64).T
    if clip.is_drums:
        return _drums(clip, line, aside, rng)
    if not by.any():
        alike = [place == (bars[-1], places[-1]) for place in zip(bars, places, strict=True)]
        by[np.array(alike)] = pick(rng, (-2, -1, 1, 2))
    whole = line.at(line.steps + by)
    return _nudged(Contour(whole, scale).moved(_aside(line.onsets, aside, clip)), rng)


def _move(rng: Random, *, first: bool, firm: bool, chord: bool) -> tuple[int, int]:
    """Draw by how many steps an onset moves, and by how many sixteenths."""
    steps, aside, which, when = rng.random(), rng.random(), pick(rng, (-2, -1, 1, 2)), pick(rng, (-1, 1))
    likely = 0.15 if first else 0.35 if chord or firm else 0.6
    step = 0 if steps > likely else (2 if which > 0 else -2) if chord else which
    return step, 0 if firm or aside > 0.3 else when


def _bars_alike(clip: Clip, onsets: _Ints) -> tuple[list[int], list[int]]:
    """Give for each onset a number that bars with the same notes share, and its ticks from its bar's start."""
    count = int(clip.bar_lines.at(int(onsets[-1])).index) + 1
    edges = np.array([round(clip.bar_lines.number(index).start) for index in range(count)])
    bar = np.searchsorted(edges, clip.table["start"], side="right") - 1
    notes = np.stack([clip.table["start"] - edges[bar], clip.table["duration"], clip.table["pitch"]], axis=1)
    bounds = np.searchsorted(bar, np.arange(count + 1))
    numbers: dict[bytes, int] = {}
    kinds = [
        numbers.setdefault(notes[first:last].tobytes(), len(numbers))
        for first, last in zip(bounds.tolist(), bounds[1:].tolist(), strict=False)
    ]
    at = np.searchsorted(edges, onsets, side="right") - 1
    return np.array(kinds)[at].tolist(), (onsets - edges[at]).tolist()


def _aside(onsets: _Ints, by: _Ints, clip: Clip) -> _Ints:
    """Move onsets by sixteenths, where the place is inside the clip and free."""
    sixteenth = max(1, clip.ppq // 4)
    taken = set(onsets.tolist())
    goals = []
    for onset, steps in zip(onsets.tolist(), by.tolist(), strict=True):
        goal = onset + steps * sixteenth
        if steps and 0 < goal < clip.length_ticks and goal not in taken:
            taken.add(goal)
            goals.append(goal)
        else:
            goals.append(onset)
    return np.array(goals, dtype=np.int64)


def _drums(clip: Clip, line: Contour, aside: _Ints, rng: Random) -> Clip:
    """Move what is no backbone aside, and put in some ghosts."""
    goals = np.repeat(_aside(line.onsets, aside, clip), line.sizes)
    table = clip.table.copy()
    free = ~np.isin(table["pitch"], _BACKBONE)
    table["start"] = np.where(free, goals, table["start"])
    moved = tidied(clip, table, was=clip.table)
    return _nudged(thicken(moved, rng, share=0.12), rng)


def _nudged(clip: Clip, rng: Random) -> Clip:
    table = clip.table.copy()
    chances = np.array([rng.random() for _ in range(len(table))])
    table["velocity"] = velocities(table["velocity"] + np.floor(chances * 13) - 6)
    return clip.with_table(table)


def ornament(clip: Clip, *, seed: int = 0, share: float = 0.4, key: str | None = None) -> Clip:
    """Put graces into a line: grace notes and mordents on notes of an eighth or more, passing notes in thirds.

    Every note is kept, but for one that a louder grace of its pitch meets; one that gets a grace starts a
    thirty-second or two later and ends where it did. Chords are left alone. Snares and claps get flams.

    Args:
        clip: The clip.
        seed: The same seed gives the same graces on every machine.
        share: How likely a note gets one, 0-1.
        key: By default the clip's, or the one its notes are most likely in.

    Raises:
        ValueError: The share is none, or it is no key.

    >>> from conduit.music import Clip, Note
    >>> len(Clip.of([Note(60, 0, 1), Note(64, 1, 1)], key="C major").ornament(share=1.0)) > 2
    True
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a share of {share} cannot be: 0 (none) to 1 (every note)")
    if not len(clip):
        return clip
    rng = Random(seed)
    if clip.is_drums:
        return _flams(clip, rng, share)
    line = Contour(clip, home(clip, key))
    alone = np.repeat(line.sizes == 1, line.sizes).tolist()
    steps = np.repeat(line.steps, line.sizes)
    following = np.append(steps[1:], steps[-1]) - steps
    chances = [rng.random() < share for _ in range(len(clip))]
    kinds = [pick(rng, ("grace", "mordent", "passing")) for _ in range(len(clip))]
    rows: list[tuple[object, ...]] = []
    neighbours = _neighbours(clip, line.key)
    for index, row in enumerate(clip.table.tolist()):
        long = row[1] >= clip.ppq // 2
        if not (alone[index] and long and chances[index]):
            rows.append(row)
            continue
        kind = (
            "passing"
            if abs(following[index]) == 2
            else "grace"
            if kinds[index] == "passing"
            else kinds[index]
        )
        rows += _graced(row, kind, below=neighbours[index], up=following[index] > 0, ppq=clip.ppq)
    return tidied(clip, np.array(rows, dtype=COLUMNS))


def _neighbours(clip: Clip, key: Key) -> list[tuple[int, int]]:
    """Give the pitch a step below and a step above each note."""
    steps, _ = in_degrees(clip.table["pitch"].astype(np.int64), key)
    below, above = folded(in_pitches(steps - 1, key)), folded(in_pitches(steps + 1, key))
    return list(zip(below.tolist(), above.tolist(), strict=True))


def _graced(
    row: tuple[int, ...], kind: str, *, below: tuple[int, int], up: bool, ppq: int
) -> list[tuple[object, ...]]:
    """Give a note with its ornament."""
    start, length, pitch, velocity, *rest = row
    short, soft = max(1, ppq // 8), max(1, velocity * 3 // 4)
    down_step, up_step = below
    if kind == "passing":
        half = length // 2
        between = up_step if up else down_step
        return [(start, half, pitch, velocity, *rest), (start + half, length - half, between, soft, *rest)]
    if kind == "grace":
        return [(start, short, up_step, soft, *rest), (start + short, length - short, pitch, velocity, *rest)]
    return [
        (start, short, pitch, velocity, *rest),
        (start + short, short, up_step, soft, *rest),
        (start + 2 * short, length - 2 * short, pitch, velocity, *rest),
    ]


def _flams(clip: Clip, rng: Random, share: float) -> Clip:
    """Put a soft stroke a sixty-fourth before snares and claps."""
    early = max(1, clip.ppq // 16)
    drawn = np.array([rng.random() < share for _ in range(len(clip))], dtype=bool)
    table = clip.table[drawn & np.isin(clip.table["pitch"], _SNARES) & (clip.table["start"] >= early)].copy()
    table["start"] -= early
    table["duration"] = early
    table["velocity"] = velocities(table["velocity"] * 0.55)
    return tidied(clip, np.concatenate([clip.table, table]))
