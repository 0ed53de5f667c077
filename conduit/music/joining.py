"""Clips put together: at one resolution, at the same time, and one after another; and the events beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from conduit.music.bounds import Place
from conduit.music.clip import Clip
from conduit.music.instrument import DRUMS
from conduit.music.kept import KeptEvent, MetaType, facts_of
from conduit.music.note import in_order

__all__ = ["joined", "loose_events", "merged", "moved_events", "rescaled", "shifted"]


def rescaled(clip: Clip, ppq: int) -> Clip:
    """Give a clip with a multiple of its ticks in a beat; it sounds exactly the same."""
    factor = ppq // clip.ppq
    if factor == 1:
        return clip
    return replace(
        clip,
        table=_scaled(clip.table, factor),
        control_table=_scaled(clip.control_table, factor),
        length_ticks=clip.length_ticks * factor,
        ppq=ppq,
        meter_changes=tuple((tick * factor, meter) for tick, meter in clip.meter_changes),
        loop_ticks=clip.loop_ticks and (clip.loop_ticks[0] * factor, clip.loop_ticks[1] * factor),
    )


def _scaled(table: NDArray[np.void], factor: int) -> NDArray[np.void]:
    out = table.copy()
    for name in {"start", "duration"}.intersection(table.dtype.names or ()):
        out[name] *= factor
    return out


def _later(table: NDArray[np.void], ticks: int) -> NDArray[np.void]:
    out = table.copy()
    out["start"] += ticks
    return out


def shifted(clip: Clip, ticks: int) -> Clip:
    """Give a clip that begins so many ticks later, with nothing before; its loop is the whole of it."""
    return replace(
        clip,
        table=_later(clip.table, ticks),
        control_table=_later(clip.control_table, ticks),
        length_ticks=clip.length_ticks + ticks,
        meter_changes=tuple((tick + ticks, meter) for tick, meter in clip.meter_changes),
        loop_ticks=None,
    )


def joined(first: Clip, second: Clip, at: int) -> Clip:
    """Give the first clip with the second from a tick on; facts are those of the first."""
    later = shifted(second, at)
    changes = [(tick, meter) for tick, meter in first.meter_changes if tick < at]
    in_force = changes[-1][1] if changes else first.meter
    if at and (second.meter != in_force or first.bar_lines.at(at).start != at):
        changes.append((at, second.meter))
    return replace(
        first,
        table=in_order(np.concatenate([first.table, later.table])),
        control_table=_in_time(first.control_table, later.control_table),
        length_ticks=later.length_ticks,
        meter_changes=(*changes, *later.meter_changes),
        loop_ticks=None,
    )


def _in_time(*tables: NDArray[np.void]) -> NDArray[np.void]:
    whole = np.concatenate(tables)
    return whole[np.argsort(whole["start"], kind="stable")]


def merged(clips: Sequence[Clip], *, name: str) -> Clip:
    """Give the notes of clips of one resolution as one clip, in the metre of the first."""
    pitched = [clip for clip in clips if not clip.is_drums]
    voice = (pitched or clips)[0]
    moving = [clip for clip in clips if len(clip.control_table)]
    return replace(
        clips[0],
        table=in_order(np.concatenate([clip.table for clip in clips])),
        control_table=moving[0].control_table if len(moving) == 1 else clips[0].control_table[:0],
        length_ticks=max(clip.length_ticks for clip in clips),
        name=name,
        key=next((clip.key for clip in clips if clip.key), None),
        instrument=voice.instrument if pitched else DRUMS,
        program=voice.program,
        loop_ticks=None,
        colour=None,
        provenance=None,
    )


def loose_events(events: Iterable[KeptEvent], places: Sequence[Place]) -> list[KeptEvent]:
    """Give the events that say nothing of what an arrangement and its clips say themselves."""
    every = list(events)
    said = facts_of(every).stated
    tracks = {0, *(track for track, _ in places)}
    return [
        event
        for event in every
        if event not in said
        or (event.program_channel is not None and (event.track, event.channel) not in places)
        or (event.meta == MetaType.NAME and event.track not in tracks)
    ]


def moved_events(
    events: Iterable[KeptEvent], places: Mapping[Place, Place], *, ticks: int = 0, factor: int = 1
) -> list[KeptEvent]:
    """Give events at other places and times.

    Args:
        events: Of one file.
        places: Where each clip of it goes; what belongs to no clip goes along with a clip of its track, or to the
            first track.
        ticks: Added to each time.
        factor: By which each time is multiplied before.
    """
    tracks = {0: 0} | {track: to for (track, _), (to, _) in places.items()}
    moved = []
    for track, tick, data in events:
        channel = data[0] & 0x0F if data[0] < 0xF0 else None
        to, to_channel = places.get((track, channel), (tracks.get(track, 0), channel))  # type: ignore[arg-type]
        status = data[0] if to_channel is None else (data[0] & 0xF0) | to_channel
        moved.append(KeptEvent(to, tick * factor + ticks, bytes((status,)) + data[1:]))
    return moved
