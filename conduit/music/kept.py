"""What a MIDI file holds beside notes and controllers, event by event, and what those events say.

Source: Standard MIDI Files 1.0 (MIDI Manufacturers Association).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, NamedTuple

from conduit.music.limits import one_line
from conduit.music.meter import Meter
from conduit.music.scale import Key
from conduit.music.tempo import bpm_of, microseconds_of

__all__ = [
    "SIGNATURES",
    "Facts",
    "KeptEvent",
    "MetaType",
    "Rank",
    "end_event",
    "facts_of",
    "key_events",
    "marker_events",
    "meter_events",
    "name_event",
    "program_event",
    "tempo_events",
]

_META_STATUS, _PROGRAM_STATUS = 0xFF, 0xC0


class MetaType(IntEnum):
    """Types of the meta events that are read."""

    NAME = 0x03
    MARKER = 0x06
    END = 0x2F
    TEMPO = 0x51
    METER = 0x58
    KEY = 0x59
    OWN = 0x7F
    BAD_KEY = 0x6B
    """A type that no one uses: how a key signature that is none gets past mido."""


_SIGNATURES = ("Cb Gb Db Ab Eb Bb F C G D A E B F# C#", "Ab Eb Bb F C G D A E B F# C# G# D# A#")
_MODES = ("major", "minor")
_KEYS = {
    (sharps, mode): Key(f"{tonic} {_MODES[mode]}")
    for mode, tonics in enumerate(_SIGNATURES)
    for sharps, tonic in enumerate(tonics.split(), -7)
}
"""The keys that a key signature can name, by sharps (flats are negative) and mode."""
SIGNATURES = {key: signature for signature, key in _KEYS.items()}
"""Sharps and mode of each key that a key signature can name."""


class Rank(IntEnum):
    """The order of events at one tick."""

    NOTE_OFF = 0
    META = 1
    CONTROL = 2
    PROGRAM = 3
    NOTE_ON = 4
    KEY_PRESSURE = 5
    END = 6


# A note's end that ends nothing is kept too.
_RANKS = {
    0x80: Rank.NOTE_OFF,
    0x90: Rank.NOTE_OFF,
    0xA0: Rank.KEY_PRESSURE,
    0xC0: Rank.PROGRAM,
    0xF0: Rank.META,
}


class KeptEvent(NamedTuple):
    """An event of a MIDI file.

    Attributes:
        track: The track it stands in, from 0.
        tick: Ticks from the start.
        data: Its status byte and what follows; a meta event (FF) without its length, system exclusive (F0) without
            length and end.
    """

    track: int
    tick: int
    data: bytes

    @property
    def meta(self) -> int | None:
        """The type of a meta event; None for any other event."""
        return self.data[1] if self.data[0] == _META_STATUS else None

    @property
    def program_channel(self) -> int | None:
        """The channel whose program it changes, 0-15; None for any other event."""
        return self.data[0] & 0x0F if self.data[0] & 0xF0 == _PROGRAM_STATUS else None

    @property
    def rank(self) -> int:
        """Where it stands among the events of its tick, one of ``Rank``."""
        if self.meta == MetaType.END:
            return Rank.END
        return _RANKS.get(self.data[0] & 0xF0, Rank.CONTROL)

    @property
    def channel(self) -> int | None:
        """The channel it is meant for, 0-15; None where it is for all."""
        return self.data[0] & 0x0F if self.data[0] < 0xF0 else None


@dataclass(slots=True)
class Facts:
    """What events say.

    Attributes:
        tempos: Ticks and the beats a minute from there on, rising.
        meters: Ticks and the metre from there on, rising; metres that Live does not know are passed over.
        keys: Ticks and the key from there on.
        markers: Ticks and texts.
        names: The first name of each track that has one.
        programs: The first program of each track and channel.
        ends: Where each track ends.
        stated: The events that said so; others said nothing of this.
    """

    tempos: tuple[tuple[int, float], ...] = ()
    meters: tuple[tuple[int, Meter], ...] = ()
    keys: tuple[tuple[int, Key], ...] = ()
    markers: tuple[tuple[int, str], ...] = ()
    names: dict[int, str] = field(default_factory=dict)
    programs: dict[tuple[int, int], int] = field(default_factory=dict)
    ends: dict[int, int] = field(default_factory=dict)
    stated: set[KeptEvent] = field(default_factory=set)

    def program(self, track: int, channel: int) -> int | None:
        """Give the program of a channel: what its own track says first, else what any track says."""
        own = self.programs.get((track, channel))
        others = (program for (_, one), program in self.programs.items() if one == channel)
        return own if own is not None else next(others, None)


def facts_of(events: Iterable[KeptEvent]) -> Facts:
    """Read what events say; where several say it for one tick the last holds."""
    facts = Facts()
    found: dict[int, list[tuple[int, Any]]] = {kind: [] for kind in _READERS}
    for event in sorted(events, key=lambda event: event.tick):
        kind = event.meta
        if kind is not None and kind in _READERS and (value := _READERS[kind](event.data[2:])) is not None:
            found[kind].append((event.tick, value))
        elif not _read_once(event, facts):
            continue
        facts.stated.add(event)
    for name, kind in {"tempos": MetaType.TEMPO, "meters": MetaType.METER, "keys": MetaType.KEY}.items():
        setattr(facts, name, tuple(dict(found[kind]).items()))
    facts.markers = tuple(found[MetaType.MARKER])
    return facts


def _read_once(event: KeptEvent, facts: Facts) -> bool:
    """Read the first name, the end and the first programs of a track; tell whether the event says one of them."""
    track, channel = event.track, event.program_channel
    if event.meta == MetaType.NAME and track not in facts.names:
        name = one_line(_text(event.data[2:]))
        facts.names |= {track: name} if name else {}
        return bool(name)
    if event.meta == MetaType.END:
        facts.ends[track] = event.tick
        return True
    if channel is not None and (track, channel) not in facts.programs:
        facts.programs[track, channel] = event.data[1]
        return True
    return False


def _tempo(content: bytes) -> float | None:
    microseconds = int.from_bytes(content)
    return bpm_of(microseconds) if microseconds else None


def _text(content: bytes) -> str:
    """Read a text in the charset of newer files, or that of old ones."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("latin1")


def _meter(content: bytes) -> Meter | None:
    try:
        return Meter(content[0], 2 ** content[1])
    except (ValueError, IndexError):
        return None


def _key(content: bytes) -> Key | None:
    if len(content) != 2:
        return None
    return _KEYS.get((int.from_bytes(content[:1], signed=True), content[1]))


_READERS: dict[int, Callable[[bytes], Any]] = {
    MetaType.TEMPO: _tempo,
    MetaType.METER: _meter,
    MetaType.KEY: _key,
    MetaType.MARKER: _text,
}
"""What meta events say from their tick on; None for what says nothing."""


def _meta(track: int, tick: int, kind: int, content: bytes) -> KeptEvent:
    return KeptEvent(track, tick, bytes((_META_STATUS, kind)) + content)


def tempo_events(tempos: Iterable[tuple[int, float]]) -> list[KeptEvent]:
    """Write tempos into the first track."""
    return [_meta(0, tick, MetaType.TEMPO, microseconds_of(bpm).to_bytes(3)) for tick, bpm in tempos]


def meter_events(meters: Iterable[tuple[int, Meter]]) -> list[KeptEvent]:
    """Write metres into the first track, with a click every quarter note."""
    return [
        _meta(0, tick, MetaType.METER, bytes((meter.numerator, meter.denominator.bit_length() - 1, 24, 8)))
        for tick, meter in meters
    ]


def key_events(keys: Iterable[tuple[int, Key]]) -> list[KeptEvent]:
    """Write keys into the first track."""
    signatures = [(tick, SIGNATURES[key]) for tick, key in keys]
    return [
        _meta(0, tick, MetaType.KEY, sharps.to_bytes(1, signed=True) + bytes((mode,)))
        for tick, (sharps, mode) in signatures
    ]


def marker_events(markers: Iterable[tuple[int, str]]) -> list[KeptEvent]:
    """Write markers into the first track."""
    return [_meta(0, tick, MetaType.MARKER, text.encode(errors="replace")) for tick, text in markers]


def name_event(track: int, name: str) -> KeptEvent:
    """Write a track's name."""
    return _meta(track, 0, MetaType.NAME, name.encode())


def program_event(track: int, channel: int, program: int) -> KeptEvent:
    """Write the program of a channel."""
    return KeptEvent(track, 0, bytes((_PROGRAM_STATUS | channel, program)))


def end_event(track: int, tick: int) -> KeptEvent:
    """Write the end of a track."""
    return _meta(track, tick, MetaType.END, b"")
