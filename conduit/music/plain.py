"""What a MIDI file says of a clip to any program, and what is written to say it."""

from __future__ import annotations

from math import ceil

import numpy as np

from conduit.music.arrangement import Arrangement
from conduit.music.bounds import DRUM_CHANNEL
from conduit.music.clip import Clip
from conduit.music.instrument import DRUMS, GM_PROGRAMS, instrument_of_program
from conduit.music.kept import (
    Facts,
    KeptEvent,
    end_event,
    key_events,
    marker_events,
    meter_events,
    name_event,
    program_event,
    tempo_events,
)
from conduit.music.limits import MAX_BPM, MIN_BPM
from conduit.music.meter import Bars, Meter
from conduit.music.note import COLUMNS
from conduit.music.tempo import DEFAULT_BPM

__all__ = ["default_name", "is_alone", "plain_clip", "plain_clips", "typed_events"]


def default_name(facts: Facts, track: int, channel: int, *, alone: bool, title: str = "") -> str:
    """Name a clip by its track, and where it shares the track by its channel, from 1."""
    name = facts.names.get(track) or title or f"Track {track + 1}"
    return name if alone else f"{name} {channel + 1}"


def plain_clip(facts: Facts, track: int, channel: int, *, name: str, ppq: int) -> Clip:
    """Give a clip without notes as a file's facts have it."""
    meters = dict(facts.meters)
    meter = meters.pop(0, Meter())
    drums = channel == DRUM_CHANNEL
    program = facts.program(track, channel)
    instrument = DRUMS if drums else instrument_of_program(program or 0)
    usual = None if drums else GM_PROGRAMS[instrument]
    bpm = facts.tempos[0][1] if facts.tempos else DEFAULT_BPM
    return Clip(
        np.zeros(0, dtype=COLUMNS),
        _length(max(facts.ends.values(), default=0), Bars(meter, tuple(meters.items()), ppq=ppq), ppq),
        ppq=ppq,
        name=name,
        bpm=min(MAX_BPM, max(MIN_BPM, bpm)),
        meter=meter,
        meter_changes=tuple(meters.items()),
        key=facts.keys[0][1] if facts.keys and not drums else None,
        instrument=instrument,
        program=None if program == usual else program,
    )


def _length(end: int, bars: Bars, ppq: int) -> int:
    """Give the length of a file: an end on a sixteenth is meant; otherwise it lasts to the next bar line."""
    if end and end % (ppq // 4 or 1) == 0:
        return end
    last = bars.at(max(0, end - 1))
    return ceil(last.start + last.length)


def plain_clips(arrangement: Arrangement, facts: Facts) -> list[Clip]:
    """Give every clip of an arrangement, without notes, as a file's facts have it."""
    clips = []
    for track, channel in arrangement.places:
        name = default_name(facts, track, channel, alone=is_alone(arrangement, track))
        clips.append(plain_clip(facts, track, channel, name=name, ppq=arrangement.ppq))
    return clips


def is_alone(arrangement: Arrangement, track: int) -> bool:
    """Tell whether a track holds one clip only."""
    return sum(track == one for one, _ in arrangement.places) == 1


def typed_events(arrangement: Arrangement) -> list[KeptEvent]:
    """Give every event beside notes and controllers that says what an arrangement and its clips say."""
    clips = arrangement.clips
    events = [name_event(0, arrangement.name)] if arrangement.name else []
    events += tempo_events(arrangement.tempos)
    if clips:
        events += meter_events([(0, clips[0].meter), *clips[0].meter_changes])
    events += key_events(arrangement.keys) + marker_events(arrangement.markers)
    ends: dict[int, int] = {}
    for clip, (track, channel) in zip(clips, arrangement.places, strict=True):
        ends[track] = max(ends.get(track, 0), clip.length_ticks)
        if clip.name and is_alone(arrangement, track) and not (track == 0 and arrangement.name):
            events.append(name_event(track, clip.name))
        if (program := _program(clip)) is not None:
            events.append(program_event(track, channel, program))
    return events + [end_event(track, tick) for track, tick in ends.items()]


def _program(clip: Clip) -> int | None:
    usual = None if clip.is_drums else GM_PROGRAMS[clip.instrument]
    return usual if clip.program is None else clip.program
