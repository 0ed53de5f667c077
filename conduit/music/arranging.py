"""Arrangements made of arrangements: parts of one, one after another, another clip in one, finer ticks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from conduit.music.bounds import common_ppq, free_places
from conduit.music.clip import Clip
from conduit.music.joining import joined, loose_events, moved_events, rescaled, shifted
from conduit.music.limits import MAX_BPM, MIN_BPM
from conduit.music.note import in_order
from conduit.music.tempo import DEFAULT_BPM

if TYPE_CHECKING:
    from conduit.music.arrangement import Arrangement

__all__ = ["finer", "one_tempo", "solo", "then", "with_clip", "without"]

_EVEN_BPM, _EVEN_PPQ = 120.0, 9600  # where tempo changes: ticks of a twentieth of a millisecond

Fact = TypeVar("Fact")


def with_clip(whole: Arrangement, which: str | int, clip: Clip) -> Arrangement:
    """Give the arrangement with another clip in the place of one."""
    number = whole.number(which)
    clips = [*whole.clips[:number], clip, *whole.clips[number + 1 :]]
    ppq = common_ppq((whole.ppq, clip.ppq))
    return finer(whole, ppq).with_(clips=tuple(rescaled(one, ppq) for one in clips))


def solo(whole: Arrangement, *names: str | int) -> Arrangement:
    """Give only these clips."""
    return _only(whole, sorted({whole.number(name) for name in names}))


def without(whole: Arrangement, *names: str | int) -> Arrangement:
    """Give all clips but these."""
    gone = {whole.number(name) for name in names}
    return _only(whole, [number for number in range(len(whole)) if number not in gone])


def _only(whole: Arrangement, numbers: Sequence[int]) -> Arrangement:
    """Give only some clips of an arrangement, by number, with what belongs to them or to all."""
    clips = tuple(whole.clips[number] for number in numbers)
    new = dict(zip((whole.places[number] for number in numbers), free_places(clips), strict=True))
    gone = {place for place in whole.places if place not in new}
    silent = {track for track, _ in gone} - {track for track, _ in new} - {0}
    kept = [
        event
        for event in loose_events(whole.kept, whole.places)
        if (event.track, event.channel) not in gone and event.track not in silent
    ]
    return replace(whole, clips=clips, kept=tuple(moved_events(kept, new)), places=tuple(new.values()))


def then(whole: Arrangement, other: Arrangement) -> Arrangement:
    """Give this and then the other, from the end of the longest clip on; clips of one name go on."""
    ppq = common_ppq((whole.ppq, other.ppq))
    first, second = finer(whole, ppq), finer(other, ppq)
    at = first.length_ticks
    pairs = _paired(first.clips, second.clips)
    clips = [
        joined(clip, second.clips[pairs[number]], at) if number in pairs else clip
        for number, clip in enumerate(first.clips)
    ]
    new = [number for number in range(len(second)) if number not in pairs.values()]
    clips += [shifted(second.clips[number], at) for number in new]
    places = free_places(clips)
    to = {second.places[theirs]: places[ours] for ours, theirs in pairs.items()}
    to |= dict(zip((second.places[number] for number in new), places[len(first) :], strict=True))
    kept = moved_events(loose_events(first.kept, first.places), dict(zip(first.places, places, strict=False)))
    kept += moved_events(loose_events(second.kept, second.places), to, ticks=at)
    return replace(
        whole,
        clips=tuple(clips),
        tempos=_after(first.tempos, second.tempos or ((0, DEFAULT_BPM),), at),
        markers=(*first.markers, *((at + tick, text) for tick, text in second.markers)),
        keys=_after(first.keys, second.keys, at),
        ppq=ppq,
        kept=tuple(kept),
        places=places,
        one_track=False,
    )


def finer(whole: Arrangement, ppq: int) -> Arrangement:
    """Give an arrangement at a multiple of its ticks a beat."""
    factor = ppq // whole.ppq
    if factor == 1:
        return whole
    return replace(
        whole,
        clips=tuple(rescaled(clip, ppq) for clip in whole.clips),
        tempos=tuple((tick * factor, bpm) for tick, bpm in whole.tempos),
        markers=tuple((tick * factor, text) for tick, text in whole.markers),
        keys=tuple((tick * factor, key) for tick, key in whole.keys),
        ppq=ppq,
        kept=tuple(event._replace(tick=event.tick * factor) for event in whole.kept),
    )


def _paired(first: Sequence[Clip], second: Sequence[Clip]) -> dict[int, int]:
    """Pair clips of one name, and of one kind, by number."""
    pairs: dict[int, int] = {}
    for number, clip in enumerate(first):
        same = [
            other
            for other, one in enumerate(second)
            if (one.name, one.is_drums) == (clip.name, clip.is_drums) and other not in pairs.values()
        ]
        if same:
            pairs[number] = same[0]
    return pairs


def _after(
    first: Sequence[tuple[int, Fact]], second: Sequence[tuple[int, Fact]], at: int
) -> tuple[tuple[int, Fact], ...]:
    """Give changes and then others, without a first of those that changes nothing."""
    before = [(tick, value) for tick, value in first if tick < at]
    after = [(tick + at, value) for tick, value in second]
    if before and after and after[0] == (at, before[-1][1]):
        del after[0]
    return (*before, *after)


def one_tempo(whole: Arrangement) -> tuple[Clip, ...]:
    """Give clips that sound like an arrangement's and have one tempo; their bars are not those of the music."""
    changing = any(tick for tick, _ in whole.tempos)
    if not changing and MIN_BPM <= whole.bpm <= MAX_BPM:
        return tuple(clip.with_(bpm=whole.bpm) for clip in whole.clips)
    return tuple(_evened(clip, whole) for clip in whole.clips)


def _evened(clip: Clip, whole: Arrangement) -> Clip:
    def even(ticks: ArrayLike) -> NDArray[np.int64]:
        seconds = whole.tempo_map.all_seconds(ticks)
        return np.rint(seconds * (_EVEN_BPM / 60 * _EVEN_PPQ)).astype(np.int64)

    table, controls = clip.table.copy(), clip.control_table.copy()
    table["start"] = even(clip.table["start"])
    table["duration"] = np.maximum(1, even(clip.table["start"] + clip.table["duration"]) - table["start"])
    controls["start"] = even(clip.control_table["start"])
    return replace(
        clip,
        table=in_order(table),
        control_table=controls,
        length_ticks=max(1, int(even(clip.length_ticks))),
        ppq=_EVEN_PPQ,
        bpm=_EVEN_BPM,
        meter_changes=(),
        loop_ticks=None,
    )
