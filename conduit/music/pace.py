"""Edits of a clip's time as a whole: longer, shorter, backwards, in another metre, in other ticks.

Control changes, changes of metre and the loop come along.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from conduit.music.form import cut, rescaled
from conduit.music.lanes import turned
from conduit.music.meter import Bars, Meter
from conduit.music.tidy import ended, tidied

if TYPE_CHECKING:
    from conduit.music.clip import Clip

__all__ = ["double_time", "half_time", "rebar", "reverse", "stretch"]


def stretch(clip: Clip, factor: float) -> Clip:
    """Make notes and clip longer (2) or shorter (0.5), controls, loop and changes of metre with them.

    Bars stay as long as they are, so there are more or fewer of them. Every note is kept and lasts a tick at the
    least. By 2 and then by 0.5 is the clip again.

    Args:
        clip: The clip.
        factor: More than 0.

    Raises:
        ValueError: The factor is 0 or less.
        ClipError: The clip gets too long.

    >>> from conduit.music import Clip, Note
    >>> Clip.of([Note(60, 1, 1)]).stretch(2).notes[0].start
    2.0
    """
    if not factor > 0:
        raise ValueError(f"{factor} is not a factor: it is more than 0, such as 2 or 0.5")
    return rescaled(clip, factor, ppq=clip.ppq)


def half_time(clip: Clip) -> Clip:
    """Play a clip half as fast in the same length: its first half, stretched.

    >>> from conduit.music import Clip, Note
    >>> [note.start for note in Clip.of([Note(60, beat, 1) for beat in range(4)]).half_time().notes]
    [0.0, 2.0]
    """
    return cut(stretch(clip, 2), clip.length)


def double_time(clip: Clip) -> Clip:
    """Play a clip twice as fast in the same length: all of it, twice.

    >>> from conduit.music import Clip, Note
    >>> [note.start for note in Clip.of([Note(60, 0, 1), Note(62, 2, 1)]).double_time().notes]
    [0.0, 1.0, 2.0, 3.0]
    """
    return cut(stretch(clip, 0.5), clip.length)


def reverse(clip: Clip) -> Clip:
    """Turn a clip round: where a note ended it starts; twice is the clip again.

    Bars, controls and the loop are turned round with it. A note that hangs over the clip's end starts at 0 and
    loses what hung over.

    A drum is its stroke, however long its note is: strokes are turned round as they lie, so that those on a grid
    stay on it. What starts at 0 stays there; any other stroke comes as long before the end as it came after the
    start. Twice they are where they were; a note that would run into the next of its drum is cut short.

    >>> from conduit.music import Clip, Note
    >>> [note.start for note in Clip.of([Note(60, 0, 1), Note(62, 1, 0.5)]).reverse().notes]
    [2.5, 3.0]
    >>> kicks = Clip.of([Note(36, beat, 0.1) for beat in (0, 0.75, 2)], instrument="drums")
    >>> [note.start for note in kicks.reverse().notes]
    [0.0, 2.0, 3.25]
    """
    length = clip.length_ticks
    table = ended(clip.table, length)
    was = table.copy()
    table["start"] = (
        -table["start"] % length if clip.is_drums else length - table["start"] - table["duration"]
    )
    edges = [0, *(at for at, _ in clip.meter_changes if at < length), length]
    meters = [clip.meter, *(meter for _, meter in clip.meter_changes)][: len(edges) - 1]
    changes = [(length - end, meter) for end, meter in zip(edges[1:], meters, strict=True)][::-1]
    loop = clip.loop_ticks
    whole = clip.with_(
        meter=changes[0][1],
        meter_changes=tuple(changes[1:]),
        control_table=turned(clip.control_table, length),
        loop_ticks=(length - loop[1], length - loop[0]) if loop and loop[1] <= length else None,
    )
    return tidied(whole, table, was=was) if clip.is_drums else whole.with_table(table)


def rebar(clip: Clip, meter: Meter | str) -> Clip:
    """Bring a clip to one other metre bar by bar.

    A shorter bar loses its end; a longer one begins again to fill it. Notes and controls keep their place in the
    bar; the loop becomes the whole clip.

    Args:
        clip: The clip.
        meter: Such as ``7/8``.

    Raises:
        ValueError: It is no metre.

    >>> from conduit.music import Clip, Note
    >>> [note.start for note in Clip.of([Note(60, beat, 1) for beat in range(8)]).rebar("3/4").notes]
    [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    """
    meter = Meter.parse(meter) if isinstance(meter, str) else meter
    bars = math.ceil(clip.bars - 1e-9)
    lines = [clip.bar_lines.number(index) for index in range(bars)]
    starts = np.array([round(bar.start) for bar in lines])
    sizes = np.array([max(1, round(bar.length)) for bar in lines])
    new = [round(Bars(meter, ppq=clip.ppq).number(index).start) for index in range(bars + 1)]
    table = _rebarred(clip.table, starts, sizes, np.array(new))
    ends = np.array(new)[np.searchsorted(new, table["start"], side="right")]
    table["duration"] = np.minimum(table["duration"], ends - table["start"])
    lanes = _rebarred(clip.control_table, starts, sizes, np.array(new))
    whole = clip.with_(
        length_ticks=new[-1],
        meter=meter,
        meter_changes=(),
        loop_ticks=None,
        control_table=lanes[np.argsort(lanes["start"], kind="stable")],
    )
    return tidied(whole, table)


def _rebarred(
    table: NDArray[np.void], starts: NDArray[np.int64], sizes: NDArray[np.int64], new: NDArray[np.int64]
) -> NDArray[np.void]:
    """Give every row in its bar of the new size, as often as its old bar begins in that."""
    bar = np.searchsorted(starts, table["start"], side="right") - 1
    inside = table["start"] < starts[-1] + sizes[-1]
    room = np.diff(new)
    tables = []
    for again in range(-(-int(room.max()) // int(sizes.min()))):
        place = table["start"] - starts[bar] + again * sizes[bar]
        kept = inside & (place < room[bar])
        rows = table[kept].copy()
        rows["start"] = new[bar[kept]] + place[kept]
        tables.append(rows)
    return np.concatenate(tables)
