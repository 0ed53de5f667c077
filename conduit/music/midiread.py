"""What mido read of a file, as an arrangement: notes and controllers into clips, all else kept beside them.

Each channel of each track that plays becomes a clip. Of two sounding notes of one pitch the earlier ends first;
a note that ends where it begins lasts a tick; one that never ends lasts to the end of its track. A note-on of
velocity 0 is a note-off of release velocity 64 (MIDI 1.0). A file may not hold clocks and other messages of
real time (F6, F8 to FC), and mido writes none: they are left out, but not the time before them.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conduit.errors import ClipError
from conduit.music.arrangement import Arrangement
from conduit.music.bounds import Place
from conduit.music.clip import Clip
from conduit.music.control import BEND, PRESSURE, control_table
from conduit.music.joining import loose_events
from conduit.music.kept import Facts, KeptEvent, MetaType, end_event, facts_of
from conduit.music.mark import MARK, marked, read_marks
from conduit.music.note import MAX_BEATS, RELEASE_VELOCITY, in_order, note_table
from conduit.music.plain import default_name, plain_clip, typed_events
from conduit.music.tempo import DEFAULT_BPM

__all__ = ["arrangement_of", "notes_of"]

_SMPTE_BPM = {24: DEFAULT_BPM, 25: DEFAULT_BPM, 29: DEFAULT_BPM * 1000 / 1001, 30: DEFAULT_BPM}
"""At these tempos half a second of a file that counts frames is a beat, by the frames a second that it states."""

_ENDS = {"note_on", "note_off"}
_HELD = {"control_change", "pitchwheel", "aftertouch"}

Row = list[Any]


@dataclass(slots=True)
class _Track:
    """What a track holds: rows of notes and of controls by channel, and all other events."""

    marks: dict[int, dict[str, Any]]
    rows: dict[int, list[Row]] = field(default_factory=lambda: defaultdict(list))
    controls: dict[int, list[tuple[int, int, int]]] = field(default_factory=lambda: defaultdict(list))
    kept: list[KeptEvent] = field(default_factory=list)
    sounding: dict[tuple[int, int], deque[Row]] = field(default_factory=lambda: defaultdict(deque))
    end: int = 0
    last: int = 0

    def begin(self, message: Any, now: int) -> None:
        """Begin a note; how long it lasts is not known yet."""
        row = [now, 0, message.note, message.velocity, False, 1.0, 0, RELEASE_VELOCITY]
        self.rows[message.channel].append(row)
        self.sounding[message.channel, message.note].append(row)

    def finish(self, message: Any, now: int) -> bool:
        """End the note of a pitch that sounds longest; tell whether any does."""
        sounding = self.sounding[message.channel, message.note]
        if not sounding:
            return False
        row = sounding.popleft()
        row[1] = max(1, now - row[0])
        row[7] = message.velocity if message.type == "note_off" else RELEASE_VELOCITY
        return True

    def close(self, number: int, now: int) -> None:
        """End the track, and what still sounds."""
        self.end = now
        for row in chain.from_iterable(self.sounding.values()):
            row[1] = max(1, now - row[0])
        if not self.kept or self.kept[-1].meta != MetaType.END:
            self.kept.append(end_event(number, now))


def arrangement_of(midi: Any, source: str, *, title: str = "") -> Arrangement:
    """Make an arrangement of a ``mido.MidiFile`` that was read in Latin-1.

    Args:
        midi: What mido read.
        source: What the file is called, for errors.
        title: The name of a clip that is alone and has none.

    Raises:
        ClipError: It is of a kind that is no arrangement, too long, or Conduit's own event in it is damaged.
    """
    if midi.type not in (0, 1) and len(midi.tracks) > 1:
        raise ClipError(
            f"{source} is of format {midi.type}: {len(midi.tracks)} patterns that do not sound together; "
            "save each as a file of its own (format 0) in the program that made it"
        )
    ppq, smpte_bpm = _resolution(midi.ticks_per_beat, source)
    tracks = [_read_track(track, number, source) for number, track in enumerate(midi.tracks)]
    end = max((track.end for track in tracks), default=0)
    if end > MAX_BEATS * ppq:
        raise ClipError(f"{source} is {end // ppq:,} beats long; a clip is up to {MAX_BEATS:,}")
    kept = [event for track in tracks for event in sorted(track.kept, key=lambda one: (one.tick, one.rank))]
    facts = facts_of(kept)
    if smpte_bpm is not None:  # such a file has no tempo: its events of tempo say nothing
        kept = [event for event in kept if event.meta != MetaType.TEMPO]
        facts.tempos = ((0, smpte_bpm),)
    places = _places(tracks)
    clips = _clips(tracks, facts, places, ppq=ppq, source=source, title=title)
    arrangement = Arrangement(
        clips,
        name=facts.names.get(0, ""),
        tempos=facts.tempos,
        markers=facts.markers,
        keys=facts.keys,
        ppq=ppq,
        kept=tuple(kept),
        places=places,
        one_track=midi.type == 0 and len(midi.tracks) == 1,
    )
    return _without_repeats(arrangement, {n: track.last for n, track in enumerate(tracks)})


def notes_of(midi: Any, source: str) -> NDArray[np.void]:
    """Give every note of a ``mido.MidiFile`` that ends, in one table, without release velocities.

    Raises:
        ClipError: Conduit's own event in it is damaged.
    """
    rows: list[Row] = []
    for number, track in enumerate(midi.tracks):
        found = _read_track(track, number, source)
        endless = {id(row) for row in chain.from_iterable(found.sounding.values())}
        rows += [row[:4] for row in chain.from_iterable(found.rows.values()) if id(row) not in endless]
    return in_order(note_table(map(tuple, rows)))


def _clips(
    tracks: Sequence[_Track], facts: Facts, places: Sequence[Place], *, ppq: int, source: str, title: str
) -> tuple[Clip, ...]:
    clips = []
    for track, channel in places:
        alone = sum(track == one for one, _ in places) == 1
        name = default_name(facts, track, channel, alone=alone, title=title if len(places) == 1 else "")
        plain = plain_clip(facts, track, channel, name=name, ppq=ppq)
        clips.append(_clip(tracks[track], plain, channel, source))
    return tuple(clips)


def _without_repeats(arrangement: Arrangement, last: dict[int, int]) -> Arrangement:
    """Leave out the kept events that would be written without being kept, if none of those is missing.

    Args:
        arrangement: With all events of its file.
        last: The last event before the end of each track, in ticks.
    """
    typed = [
        event._replace(tick=max(event.tick, last[event.track])) if event.meta == MetaType.END else event
        for event in typed_events(arrangement)
    ]
    ended = {event.track for event in typed if event.meta == MetaType.END}
    typed += [end_event(track, tick) for track, tick in last.items() if track not in ended]
    rest = Counter(arrangement.kept)
    rest.subtract(typed)
    loose = loose_events(arrangement.kept, arrangement.places)
    return arrangement.with_(kept=tuple(loose)) if +rest == Counter(loose) == rest else arrangement


def _resolution(division: int, source: str) -> tuple[int, float | None]:
    """Give the ticks in a beat and, for a file that counts frames, the tempo at which they are that."""
    if division > 0:
        return division, None
    frames, ticks = -(division >> 8), division & 0xFF
    ppq = frames * ticks // 2
    if frames not in _SMPTE_BPM or not ppq or frames * ticks % 2:
        raise ClipError(
            f"{source} counts no ticks in a beat; save it with a resolution in ticks, such as 480"
        )
    return ppq, _SMPTE_BPM[frames]


def _places(tracks: Sequence[_Track]) -> tuple[Place, ...]:
    return tuple(
        (number, channel)
        for number, track in enumerate(tracks)
        for channel in sorted(track.rows.keys() | track.marks.keys())
    )


def _read_track(track: Any, number: int, source: str) -> _Track:
    found = _Track(_marks(track, source))
    playing = {one.channel for one in track if one.type == "note_on" and one.velocity} | found.marks.keys()
    now = 0
    for message in track:
        now += message.time
        kind = message.type
        if message.is_realtime:
            continue
        found.last = found.last if kind == "end_of_track" else now
        if kind == "note_on" and message.velocity:
            found.begin(message, now)
        elif kind in _HELD and message.channel in playing:
            found.controls[message.channel].append((now, *_control(message)))
        elif kind not in _ENDS or not found.finish(message, now):
            found.kept += _kept(number, now, message)
    found.close(number, now)
    return found


def _marks(track: Any, source: str) -> dict[int, dict[str, Any]]:
    own = (bytes(one.data) for one in track if one.type == "sequencer_specific")
    try:
        return read_marks(content for content in own if content.startswith(MARK))
    except (ValueError, RecursionError) as error:
        raise _damaged(source, error) from error


def _control(message: Any) -> tuple[int, int]:
    match message.type:
        case "pitchwheel":
            return BEND, message.pitch
        case "aftertouch":
            return PRESSURE, message.value
    return message.control, message.value


def _kept(track: int, tick: int, message: Any) -> Iterable[KeptEvent]:
    """Give an event as it is kept; Conduit's own is read, and not kept."""
    content = bytes(message.bytes())
    if not message.is_meta:
        yield KeptEvent(track, tick, content.rstrip(b"\xf7") if content[0] == 0xF0 else content)
        return
    start = next(place for place in range(2, len(content)) if content[place] < 0x80) + 1
    if not (content[1] == MetaType.OWN and content.startswith(MARK, start)):
        kind = MetaType.KEY if content[1] == MetaType.BAD_KEY else content[1]
        yield KeptEvent(track, tick, bytes((content[0], kind)) + content[start:])


def _clip(track: _Track, plain: Clip, channel: int, source: str) -> Clip:
    rows = track.rows.get(channel, [])
    heard: NDArray[np.void] = note_table(map(tuple, rows)) if rows else plain.table
    controls = control_table(track.controls.get(channel, ()))
    clip = replace(plain, table=heard, control_table=controls)
    if channel not in track.marks:
        return replace(clip, table=in_order(heard))
    try:
        return marked(clip, track.marks[channel])
    except ValueError as error:
        raise _damaged(source, error) from error


def _damaged(source: str, error: Exception) -> ClipError:
    return ClipError(
        f"{source} holds an event of Conduit (FF 7F) that is damaged: {error}; "
        "take its sequencer-specific events out in another program to read the rest"
    )
