"""What follows a clip: an answer to it, the bars that come next. Pure functions of a clip and a seed.

They know nothing of who wrote the clip: what they need is read from its notes, its key and its bars.
"""

from __future__ import annotations

import math
from random import Random
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from conduit.music.chance import happens, pick, weighted
from conduit.music.contour import Contour
from conduit.music.degrees import home
from conduit.music.density import thicken, thin
from conduit.music.drums import DRUM_PITCHES
from conduit.music.form import join
from conduit.music.note import note_table
from conduit.music.slices import windows
from conduit.music.tidy import tidied

if TYPE_CHECKING:
    from conduit.music.clip import Clip

__all__ = ["answer", "call_and_response", "continuation"]

_Ints = NDArray[np.int64]
_MOTIF = 8  # bars of a clip, counted from its end, that are developed
_SEQUENCES = ((0, 3.0), (1, 2.0), (-1, 2.0), (2, 1.5), (-2, 1.5), (3, 0.5))
_FILLS = (
    ("snare", "snare", "tom4", "tom2"),
    ("tom5", "tom4", "tom3", "tom2"),
    ("snare", "tom4", "snare", "tom2"),
    ("snare2", "snare", "snare2", "snare"),
)


def answer(clip: Clip, *, seed: int = 0, key: str | None = None) -> Clip:
    """Give a reply as long as the clip: the same rhythm, another contour, and it comes to rest on the tonic.

    The contour is the clip's mirrored, backwards or at another height, as the seed has it; the last onset is the
    tonic, a chord the tonic's, held a little. Drums answer with a fill at the end. Controls are the clip's.

    Args:
        clip: The call.
        seed: The same seed gives the same answer on every machine.
        key: By default the clip's, or the one its notes are most likely in.

    Raises:
        ValueError: It is no key.

    >>> from conduit.music import Clip, Note
    >>> call = Clip.of([Note(60, 0, 1), Note(64, 1, 1), Note(67, 2, 2)], key="C major")
    >>> call.answer().notes[2].pitch % 12
    0
    """
    rng = Random(seed)
    if not len(clip):
        return clip
    if clip.is_drums:
        return _filled(clip, rng)
    line = Contour(clip, home(clip, key))
    turns = _turns(line.steps)
    first = int(rng.random() * len(turns))
    for goals in turns[first:] + turns[:first]:
        reply = _held(line.at(_closed(line, goals, rng), closing=True))
        if reply.table["pitch"].tolist() != clip.table["pitch"].tolist():
            return reply
    return reply


def _turns(steps: _Ints) -> list[_Ints]:
    """Other contours of the same steps."""
    mirrored, backwards = 2 * steps[0] - steps, steps[::-1]
    return [
        mirrored,
        backwards,
        steps + 2,
        steps - 2,
        mirrored + 2,
        backwards - 1,
        steps + 3,
        2 * steps[-1] - steps,
    ]


def _closed(line: Contour, goals: _Ints, rng: Random) -> _Ints:
    """Lead a contour to the tonic by step."""
    goals = goals.copy()
    goals[-1] = line.tonic(int(goals[-1]))
    if len(goals) > 2:
        goals[-2] = goals[-1] + (1 if happens(rng, 0.6) else -1)
    return goals


def _held(clip: Clip) -> Clip:
    """Let what starts last sound on, for half a bar at the most."""
    table = clip.table.copy()
    last = table["start"] == table["start"].max()
    half = round(clip.meter.bar * clip.ppq / 2)
    room = np.minimum(half, clip.length_ticks - table["start"])
    table["duration"] = np.where(last, np.maximum(table["duration"], room), table["duration"])
    return tidied(clip, table, was=clip.table)


def _filled(clip: Clip, rng: Random) -> Clip:
    """Put a fill of sixteenths in the place of what drums play in the last beat or two."""
    sixteenth = max(1, clip.ppq // 4)
    drums = pick(rng, _FILLS) * (2 if happens(rng, 0.4) else 1)
    start = clip.length_ticks - len(drums) * sixteenth
    if start <= 0:
        return thicken(clip, rng)
    rows = [
        (start + index * sixteenth, sixteenth, DRUM_PITCHES[drum], 78 + 36 * index // len(drums))
        for index, drum in enumerate(drums)
    ]
    kicks = np.isin(clip.table["pitch"], (DRUM_PITCHES["kick"], DRUM_PITCHES["kick2"]))
    kept = clip.table[(clip.table["start"] < start) | kicks]
    return tidied(clip, np.concatenate([kept, note_table(rows)]))


def call_and_response(clip: Clip, *, seed: int = 0, key: str | None = None) -> Clip:
    """Give the clip and then its ``answer``, as one clip twice as long; arguments and errors are that one's.

    >>> from conduit.music import Clip, Note
    >>> Clip.of([Note(60, 0, 1), Note(64, 1, 1)], key="C major").call_and_response().length
    8.0
    """
    return join(clip, answer(clip, seed=seed, key=key))


def continuation(clip: Clip, *, bars: int | None = None, seed: int = 0, key: str | None = None) -> Clip:
    """Give the bars that come next in the style of a clip; ``join`` puts them behind it.

    The last bars of the clip, up to eight, are its motif: each comes again in turn, a step or more higher or lower,
    mirrored, thinned or filled as the seed has it, and the last bar comes to rest on the tonic. Drums keep their
    groove and end in a fill. Controls come along bar by bar.

    Args:
        clip: The clip.
        bars: How many, 1 or more; by default as many as the clip has, up to eight.
        seed: The same seed gives the same bars on every machine.
        key: By default the clip's, or the one its notes are most likely in.

    Raises:
        ValueError: ``bars`` is less than 1, or it is no key.

    >>> from conduit.music import Clip, Note
    >>> clip = Clip.of([Note(60, 0, 1), Note(64, 1, 1), Note(67, 2, 2)], key="C major")
    >>> clip.continuation(bars=4).bars
    4.0
    """
    motif = _motif(clip)
    wanted = len(motif) if bars is None else bars
    if wanted < 1 or wanted != int(wanted):
        raise ValueError(f"{wanted} is not a number of bars: go on for 1 or more")
    rng = Random(seed)
    scale = None if clip.is_drums else home(clip, key)
    pieces = [
        _developed(motif[index % len(motif)], scale, rng, last=index == wanted - 1)
        for index in range(int(wanted))
    ]
    return join(*pieces).with_(loop_ticks=None)


def _motif(clip: Clip) -> list[Clip]:
    """Give the last bars of a clip, whole ones, or all of it where it is shorter than one."""
    whole = math.floor(clip.bars + 1e-9)
    if not whole:
        return [clip]
    edges = [round(clip.bar_lines.number(index).start) for index in range(max(0, whole - _MOTIF), whole + 1)]
    edges[-1] = min(edges[-1], clip.length_ticks)
    return windows(clip, edges)


def _developed(bar: Clip, key: str | None, rng: Random, *, last: bool) -> Clip:
    """Give a bar of the motif as it comes again."""
    by, mirrored, density = weighted(rng, _SEQUENCES), happens(rng, 0.2), rng.random()
    if density < 0.2:
        bar = thicken(bar, rng, share=0.3)
    elif density > 0.8:
        bar = thin(bar, 0.25)
    if not len(bar):
        return bar
    if key is None:
        return _filled(bar, rng) if last else bar
    line = Contour(bar, home(bar, key))
    goals = 2 * line.steps[0] - line.steps if mirrored else line.steps
    goals = goals + by
    return _held(line.at(_closed(line, goals, rng), closing=True)) if last else line.at(goals)
