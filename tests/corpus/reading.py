"""Parts of a MIDI file: the notes of each channel of each track, and what they are played with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mido
import numpy as np
from numpy.typing import NDArray

from conduit.music import Clip, Meter
from conduit.music.midifile import DRUM_CHANNEL
from conduit.music.note import in_order, note_table

__all__ = ["Part", "Song", "read_song"]

Row = tuple[int, int, int, int]


@dataclass(frozen=True)
class Part:
    """What one channel of one track plays.

    Attributes:
        name: The track's name, as it stands in the file.
        program: General MIDI program when its first note sounds, 0-127.
        drums: Whether it is channel 10.
        table: Its notes, in ticks.
    """

    name: str
    program: int
    drums: bool
    table: NDArray[np.void]

    def notes_in(self, start: int, ticks: int) -> NDArray[np.void]:
        """Give the notes that start in a window, counted from its start."""
        inside = (self.table["start"] >= start) & (self.table["start"] < start + ticks)
        found = self.table[inside].copy()
        found["start"] -= start
        return found


@dataclass(frozen=True)
class Song:
    """A file.

    Attributes:
        path: Where it lies.
        ppq: Ticks in a beat.
        bpm: The first tempo, within what a clip holds.
        meters: Ticks and the metre from there on; the first at 0.
        parts: Every channel of every track that plays.
    """

    path: Path
    ppq: int
    bpm: float
    meters: tuple[tuple[int, Meter], ...]
    parts: tuple[Part, ...]

    @property
    def end(self) -> int:
        """Ticks until the last note ends."""
        return max(int((part.table["start"] + part.table["duration"]).max()) for part in self.parts)

    def clip(self, table: NDArray[np.void], *, ticks: int, meter: Meter, instrument: str) -> Clip:
        """Make a clip of notes that are counted from its start; what hangs over its end is cut off."""
        table["duration"] = np.minimum(table["duration"], ticks - table["start"])
        return Clip(in_order(table), ticks, ppq=self.ppq, bpm=self.bpm, meter=meter, instrument=instrument)


def read_song(path: Path) -> Song | None:
    """Read a file; None where it is broken, holds no notes or counts no beats."""
    try:
        midi = mido.MidiFile(str(path), charset="latin1", clip=True)
    except (OSError, EOFError, ValueError, KeyError, IndexError, mido.KeySignatureError):
        return None
    tempi: list[tuple[int, int]] = []
    meters = {0: Meter()}
    parts = [part for track in midi.tracks for part in _parts(track, tempi, meters)]
    if not parts or midi.ticks_per_beat < 1:
        return None
    bpm = mido.tempo2bpm(min(tempi)[1]) if tempi else 120.0
    return Song(
        path, midi.ticks_per_beat, min(999.0, max(20.0, bpm)), tuple(sorted(meters.items())), tuple(parts)
    )


def _parts(track: Any, tempi: list[tuple[int, int]], meters: dict[int, Meter]) -> Iterator[Part]:
    rows: dict[int, list[Row]] = defaultdict(list)
    sounding: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    current: dict[int, int] = {}
    programs: dict[int, int] = {}
    name, now = "", 0
    for message in track:
        now += message.time
        match message.type:
            case "note_on" if message.velocity > 0:
                programs.setdefault(message.channel, current.get(message.channel, 0))
                sounding[message.channel, message.note].append((now, message.velocity))
            case "note_on" | "note_off" if waiting := sounding[message.channel, message.note]:
                start, velocity = waiting.pop(0)
                rows[message.channel].append((start, max(1, now - start), message.note, velocity))
            case "program_change":
                current[message.channel] = message.program
            case "track_name":
                name = name or message.name.strip()
            case _:
                _read_time(message, now, tempi, meters)
    for channel, found in rows.items():
        table = in_order(note_table(found))
        yield Part(name, programs[channel], drums=channel == DRUM_CHANNEL, table=table)


def _read_time(message: Any, now: int, tempi: list[tuple[int, int]], meters: dict[int, Meter]) -> None:
    match message.type:
        case "set_tempo" if message.tempo:
            tempi.append((now, message.tempo))
        case "time_signature" if message.denominator <= 16 and 0 < message.numerator <= 99:
            meters[now] = Meter(message.numerator, message.denominator)
