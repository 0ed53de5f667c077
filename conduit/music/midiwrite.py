"""An arrangement as mido writes it: clips into tracks, with what was kept beside them as it stood.

At one tick notes end before others begin, so that a repeated pitch sounds again; controllers and the events beside
them come in between, in their order, and the pressure of a key after its note. Messages of real time
are left out, since no file may hold them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

import mido
import numpy as np
from numpy.typing import NDArray

from conduit.music.arrangement import Arrangement
from conduit.music.clip import Clip
from conduit.music.control import BEND, PRESSURE
from conduit.music.joining import loose_events
from conduit.music.kept import Facts, KeptEvent, MetaType, Rank, facts_of
from conduit.music.mark import marking, written_marks
from conduit.music.plain import is_alone, plain_clips, typed_events

__all__ = ["midi_of"]

Timed = tuple[int, int, Any]
"""Tick, rank and message."""


def midi_of(arrangement: Arrangement) -> Any:
    """Give an arrangement as a ``mido.MidiFile`` whose texts are Latin-1 characters for bytes of UTF-8."""
    events = _beside(arrangement)
    facts = facts_of(events)
    heard = [_heard(clip) for clip in arrangement.clips]
    timed = _timed(arrangement, heard, events)
    # What the end of its track says of a clip's length depends on all that stands in the track.
    facts.ends = {
        track: max(facts.ends.get(track, 0), max((event[0] for event in found), default=0))
        for track, found in timed.items()
    }
    for track, mark in _marks(arrangement, heard, facts):
        timed[track] += [
            (0, Rank.META, mido.MetaMessage("sequencer_specific", data=tuple(content)))
            for content in written_marks([mark])
        ]
    tracks = [_track(timed[track], facts.ends[track]) for track in sorted(timed)]
    one_track = arrangement.one_track and len(tracks) == 1
    return mido.MidiFile(
        type=0 if one_track else 1, ticks_per_beat=arrangement.ppq, charset="latin1", tracks=tracks
    )


def _timed(
    arrangement: Arrangement, heard: Sequence[NDArray[np.void]], events: Sequence[KeptEvent]
) -> dict[int, list[Timed]]:
    """Give what stands in each track, but for its end."""
    numbers = [*(event.track for event in events), *(track for track, _ in arrangement.places)]
    timed: dict[int, list[Timed]] = {track: [] for track in range(1 + max(numbers, default=0))}
    for event in events:
        if event.meta != MetaType.END and not (message := _message(event)).is_realtime:
            timed[event.track].append((event.tick, event.rank, message))
    for clip, notes, (track, channel) in zip(arrangement.clips, heard, arrangement.places, strict=True):
        timed[track] += chain(_moves(clip, channel), _notes(notes, channel))
    return timed


def _marks(
    arrangement: Arrangement, heard: Sequence[NDArray[np.void]], facts: Facts
) -> Iterator[tuple[int, dict[str, Any]]]:
    plain = plain_clips(arrangement, facts)
    for clip, other, notes, (track, channel) in zip(
        arrangement.clips, plain, heard, arrangement.places, strict=True
    ):
        if (mark := marking(clip, plain=other, heard=notes, channel=channel)) is not None:
            yield track, mark


def _track(timed: list[Timed], end: int) -> Any:
    timed.sort(key=lambda event: event[:2])
    track, now = mido.MidiTrack(), 0
    for tick, _, message in timed:
        message.time = tick - now
        now = tick
        track.append(message)
    track.append(mido.MetaMessage("end_of_track", time=end - now))
    return track


def _message(event: KeptEvent) -> Any:
    if event.meta is not None:
        # Its bytes stay what they are: mido does not look into an event that it does not know.
        return mido.UnknownMetaMessage(event.meta, data=event.data[2:])
    if event.data[0] == 0xF0:
        return mido.Message("sysex", data=event.data[1:])
    return mido.Message.from_bytes(event.data)


def _heard(clip: Clip) -> NDArray[np.void]:
    """Give the sounding notes as any program reads them, in the order of their beginnings.

    A file says when a pitch ends, not which note of it: the one that began first.

    Returns:
        Rows with plain columns, shape ``(n_notes,)``.
    """
    sounding = clip.table[~clip.table["mute"]]
    heard: NDArray[np.void] = sounding.copy()
    heard["probability"], heard["velocity_deviation"] = 1.0, 0
    pitch, ends = sounding["pitch"].astype(np.int64), sounding["start"] + sounding["duration"]
    by_start = np.argsort(pitch, kind="stable")
    by_end = np.lexsort([ends, pitch])
    heard["duration"][by_start] = ends[by_end] - sounding["start"][by_start]
    heard["release_velocity"][by_start] = sounding["release_velocity"][by_end]
    return heard


def _notes(heard: NDArray[np.void], channel: int) -> Iterator[Timed]:
    make, on, off = mido.Message, int(Rank.NOTE_ON), int(Rank.NOTE_OFF)
    for tick, pitch, velocity in zip(
        heard["start"].tolist(), heard["pitch"].tolist(), heard["velocity"].tolist(), strict=True
    ):
        yield tick, on, make("note_on", skip_checks=True, note=pitch, velocity=velocity, channel=channel)
    ending = heard[np.argsort(heard["start"] + heard["duration"], kind="stable")]
    ends = (ending["start"] + ending["duration"]).tolist()
    for tick, pitch, velocity in zip(
        ends, ending["pitch"].tolist(), ending["release_velocity"].tolist(), strict=True
    ):
        yield tick, off, make("note_off", skip_checks=True, note=pitch, velocity=velocity, channel=channel)


def _moves(clip: Clip, channel: int) -> Iterator[Timed]:
    for tick, control, value in clip.control_table.tolist():
        if control == BEND:
            message = mido.Message("pitchwheel", pitch=value, channel=channel)
        elif control == PRESSURE:
            message = mido.Message("aftertouch", value=value, channel=channel)
        else:
            message = mido.Message("control_change", control=control, value=value, channel=channel)
        yield tick, Rank.CONTROL, message


def _beside(arrangement: Arrangement) -> list[KeptEvent]:
    """Give every event beside notes and controllers: kept ones as long as they say what is so now."""
    facts = facts_of(arrangement.kept)
    typed = typed_events(arrangement)
    if not facts.ends:
        return typed + loose_events(arrangement.kept, arrangement.places)
    stale = _stale(arrangement, facts)
    return [
        event for event in arrangement.kept if _family(event) not in stale or event not in facts.stated
    ] + [event for event in typed if _family(event) in stale]


def _family(event: KeptEvent) -> tuple[int | None, ...]:
    """Tell which events say the same thing: tempos, say, or the program of one channel of a track."""
    if event.program_channel is not None:
        return None, event.track, event.program_channel
    return (event.meta, event.track) if event.meta == MetaType.NAME else (event.meta,)


def _stale(arrangement: Arrangement, facts: Facts) -> set[tuple[int | None, ...]]:
    """Tell about what the kept events do not say what is so now."""
    same: dict[tuple[int | None, ...], bool] = {
        (MetaType.TEMPO,): facts.tempos == arrangement.tempos,
        (MetaType.KEY,): facts.keys == arrangement.keys,
        (MetaType.MARKER,): facts.markers == arrangement.markers,
        (MetaType.NAME, 0): facts.names.get(0, "") == arrangement.name,
    }
    for clip, plain, (track, channel) in zip(
        arrangement.clips, plain_clips(arrangement, facts), arrangement.places, strict=True
    ):
        if track or not arrangement.name:
            same[MetaType.NAME, track] = plain.name == clip.name or not is_alone(arrangement, track)
        same[None, track, channel] = (plain.instrument, plain.program) == (clip.instrument, clip.program)
        same[MetaType.END,] = same.get((MetaType.END,), True) and plain.length_ticks == clip.length_ticks
        same.setdefault(
            (MetaType.METER,), (plain.meter, plain.meter_changes) == (clip.meter, clip.meter_changes)
        )
    return {family for family, holds in same.items() if not holds}
