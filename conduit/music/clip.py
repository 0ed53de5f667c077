"""Clip: what a clip slot holds.

Inside, a clip is one read-only table of columns with times in whole ticks; outside it speaks in beats
(a beat is a quarter note). Every method returns a new clip.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from conduit.errors import ClipError
from conduit.music.instrument import DRUMS, GM_PROGRAMS
from conduit.music.meter import Meter
from conduit.music.note import COLUMNS, Note, Notes, in_order
from conduit.music.scale import Key

if TYPE_CHECKING:
    import pretty_midi

__all__ = ["PPQ", "Clip"]

PPQ = 960
"""Ticks in a beat unless a file says otherwise."""

MAX_BPM = 999.0
MIN_BPM = 20.0


@dataclass(frozen=True, eq=False)
class Clip:
    """Notes of one instrument with their length, tempo, metre and key.

    Make one with ``Clip.of``; the constructor takes the table as it is.

    Attributes:
        table: Columns ``start``, ``duration`` (ticks), ``pitch``, ``velocity``, ``mute``; shape ``(n_notes,)``,
            sorted by start, then pitch; read-only.
        length_ticks: Length of the clip in ticks.
        ppq: Ticks in a beat.
        name: The clip's name, as in Live.
        bpm: Tempo, 20-999 quarter notes a minute.
        meter: Time signature.
        key: Tonic and scale, or None where there is none (drums).
        instrument: What plays it in a preview: ``drums`` or a key of ``GM_PROGRAMS``.
    """

    table: NDArray[np.void]
    length_ticks: int
    ppq: int = PPQ
    name: str = ""
    bpm: float = 120.0
    meter: Meter = field(default_factory=Meter)
    key: Key | None = None
    instrument: str = "keys"

    def __post_init__(self) -> None:
        if self.ppq <= 0:
            raise ClipError(f"{self.ppq} ticks a beat cannot be: it is more than 0")
        if self.length_ticks <= 0:
            raise ClipError(f"a clip of {self.length_ticks} ticks cannot be: its length is more than 0")
        if not MIN_BPM <= self.bpm <= MAX_BPM:
            raise ClipError(f"{self.bpm:g} bpm is outside {MIN_BPM:g}-{MAX_BPM:g}")
        if self.instrument != DRUMS and self.instrument not in GM_PROGRAMS:
            valid = [DRUMS, *GM_PROGRAMS]
            raise ClipError(f"{self.instrument!r} is not an instrument: {', '.join(valid)}", valid=valid)
        self.table.flags.writeable = False

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.table.flags.writeable = False

    @classmethod
    def of(
        cls,
        notes: Iterable[Note],
        *,
        length: float | None = None,
        ppq: int = PPQ,
        name: str = "",
        bpm: float = 120.0,
        meter: Meter | str = "4/4",
        key: str | None = None,
        instrument: str = "keys",
    ) -> Clip:
        """Make a clip from notes.

        Args:
            notes: In any order.
            length: Beats; by default the whole bars that hold every note, at least one.
            ppq: Ticks in a beat; times are rounded to them.
            name: The clip's name.
            bpm: Tempo, 20-999.
            meter: Such as ``7/8``.
            key: Such as ``A minor``.
            instrument: ``drums`` or a key of ``GM_PROGRAMS``.

        Raises:
            ClipError: A value is outside its range.
            ValueError: The key or the metre cannot be read.

        >>> Clip.of([Note(45, 0, 0.5)]).length
        4.0
        """
        metre = Meter.parse(meter) if isinstance(meter, str) else meter
        rows = [
            (round(n.start * ppq), max(1, round(n.duration * ppq)), n.pitch, n.velocity, n.mute)
            for n in notes
        ]
        table = np.array(rows, dtype=COLUMNS)
        if length is None:
            end = float((table["start"] + table["duration"]).max()) / ppq if len(table) else 0.0
            length = max(1, -(-end // metre.bar)) * metre.bar
        return cls(
            in_order(table),
            round(length * ppq),
            ppq=ppq,
            name=name,
            bpm=bpm,
            meter=metre,
            key=Key(key) if key else None,
            instrument=instrument,
        )

    @property
    def notes(self) -> Notes:
        """The notes in order of time, a lazy view in beats."""
        return Notes(self.table, ppq=self.ppq)

    @property
    def length(self) -> float:
        """Length in beats."""
        return self.length_ticks / self.ppq

    @property
    def bars(self) -> float:
        """Length in bars of the clip's metre."""
        return self.length / self.meter.bar

    @property
    def duration_s(self) -> float:
        """Length in seconds at the clip's tempo."""
        return self.length * 60 / self.bpm

    @property
    def is_drums(self) -> bool:
        """Whether pitches mean drums (General MIDI percussion)."""
        return self.instrument == DRUMS

    @cached_property
    def digest(self) -> str:
        """A hash of everything in the clip, 16 hexadecimal digits; equal clips have equal digests."""
        facts = repr(
            (
                self.length_ticks,
                self.ppq,
                self.name,
                float(self.bpm),
                str(self.meter),
                self.key,
                self.instrument,
            )
        )
        content = facts.encode() + self.table.tobytes()
        return hashlib.blake2b(content, digest_size=8).hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Clip) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __len__(self) -> int:
        return len(self.table)

    def __repr__(self) -> str:
        bars = f"{self.bars:g} bar{'s' if self.bars != 1 else ''}"
        facts = [
            bars,
            f"{len(self)} note{'s' if len(self) != 1 else ''}",
            str(self.meter),
            f"{self.bpm:g} bpm",
        ]
        if self.key:
            facts.append(self.key)
        return f"<Clip {self.name!r} {', '.join([*facts, self.instrument])}>"

    def with_(self, **changes: Any) -> Clip:
        """Give the clip with some of its attributes replaced; their names and types are the constructor's.

        Raises:
            ClipError: A value is outside its range.
            ValueError: The key or the metre cannot be read.

        >>> Clip.of([Note(45, 0, 1)]).with_(name="Bass").name
        'Bass'
        """
        return replace(self, **changes)

    def with_table(self, table: NDArray[np.void], *, length_ticks: int | None = None) -> Clip:
        """Give the clip with other notes, sorted here."""
        ticks = self.length_ticks if length_ticks is None else length_ticks
        return replace(self, table=in_order(table), length_ticks=ticks)

    def save(self, path: str | Path) -> Path:
        """Write a Standard MIDI File.

        Raises:
            SetupError: The file cannot be written.
        """
        from conduit.music.midifile import write_midi  # noqa: PLC0415  the one module that touches files

        return write_midi(self, path)

    @classmethod
    def load(cls, path: str | Path) -> Clip:
        """Read a Standard MIDI File as one clip.

        Raises:
            SetupError: There is no such file.
            ClipError: It is not a MIDI file, or holds no notes.
        """
        from conduit.music.midifile import read_midi  # noqa: PLC0415  the one module that touches files

        return read_midi(path)

    def to_pretty_midi(self) -> pretty_midi.PrettyMIDI:
        """Give the clip as a ``pretty_midi.PrettyMIDI`` with one instrument, times in seconds."""
        from conduit.music.midifile import to_pretty_midi  # noqa: PLC0415  pretty_midi is slow to import

        return to_pretty_midi(self)

    @classmethod
    def from_pretty_midi(cls, midi: pretty_midi.PrettyMIDI) -> Clip:
        """Make a clip of every note in a ``pretty_midi.PrettyMIDI``."""
        from conduit.music.midifile import from_pretty_midi  # noqa: PLC0415  pretty_midi is slow to import

        return from_pretty_midi(midi)
