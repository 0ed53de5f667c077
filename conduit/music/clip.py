"""Clip: what a clip slot holds.

Inside, a clip is one read-only table of columns with times in whole ticks; outside it speaks in beats
(a beat is a quarter note). Every method returns a new clip.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from conduit.music import (
    changes,
    chording,
    density,
    doubling,
    form,
    limits,
    pace,
    reply,
    rhythm,
    slices,
    timing,
    touch,
    tuning,
    variation,
)
from conduit.music.control import ControlChange, Controls, control_table
from conduit.music.instrument import DRUMS
from conduit.music.meter import Bars, Meter
from conduit.music.note import Note, Notes, in_order, note_table
from conduit.music.provenance import Provenance
from conduit.music.scale import Key

if TYPE_CHECKING:
    import pretty_midi

__all__ = ["PPQ", "Clip"]

PPQ = 960
"""Ticks in a beat unless a file says otherwise."""


@dataclass(frozen=True, eq=False)
class Clip:
    """Notes of one instrument with their length, tempo, metre and key.

    Make one with ``Clip.of``; the constructor takes the table as it is, a key and a metre also as text.

    Attributes:
        table: The notes: ``note.COLUMNS``, times in ticks; shape ``(n_notes,)``, sorted by start, then pitch;
            read-only.
        length_ticks: Length of the clip in ticks, up to ``MAX_BEATS`` beats.
        ppq: Ticks in a beat, 1-32767.
        name: The clip's name, as in Live, as ``one_line`` gives it.
        bpm: Tempo, 20-999 quarter notes a minute.
        meter: Time signature.
        key: Tonic and scale, or None where there is none (drums).
        instrument: What plays it in a preview: ``drums`` or a key of ``GM_PROGRAMS``.
        control_table: What moves while notes sound: ``control.CONTROL_COLUMNS``, times in ticks; shape
            ``(n_changes,)``, sorted by start; read-only.
        program: General MIDI program, 0-127, where it is not the instrument's usual one. For drums it is the kit.
        meter_changes: Ticks and the metre from there on; each begins a new bar.
        loop_ticks: Where Live loops it, start and end; None: the whole clip.
        colour: 0xRRGGBB, or None.
        provenance: Who wrote it; takes no part when clips are compared.
    """

    table: NDArray[np.void]
    length_ticks: int
    ppq: int = PPQ
    name: str = ""
    bpm: float = 120.0
    meter: Meter = field(default_factory=Meter)
    key: Key | None = None
    instrument: str = "keys"
    control_table: NDArray[np.void] = field(default_factory=lambda: control_table(()))
    program: int | None = None
    meter_changes: tuple[tuple[int, Meter], ...] = ()
    loop_ticks: tuple[int, int] | None = None
    colour: int | None = None
    provenance: Provenance | None = None

    def __post_init__(self) -> None:
        ppq = limits.resolution(self.ppq)
        values = {
            "length_ticks": int(limits.length(self.length_ticks, ppq=ppq)),
            "ppq": ppq,
            "name": limits.one_line(self.name),
            "bpm": limits.tempo(self.bpm),
            "meter": Meter.parse(self.meter) if isinstance(self.meter, str) else self.meter,
            "key": Key(self.key) if self.key else None,
            "instrument": limits.instrument(self.instrument),
            "program": limits.program(self.program),
            "meter_changes": limits.meter_changes(self.meter_changes),
            "loop_ticks": limits.loop(self.loop_ticks, ppq=ppq),
            "colour": limits.colour(self.colour),
        }
        for name, value in values.items():
            # A frozen value can put its own fields right only this way, and only here.
            object.__setattr__(self, name, value)
        self._freeze()

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._freeze()

    def _freeze(self) -> None:
        self.table.flags.writeable = False
        self.control_table.flags.writeable = False

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
        controls: Iterable[ControlChange] = (),
        program: int | None = None,
        meter_changes: Sequence[tuple[float, Meter | str]] = (),
        loop: tuple[float, float] | None = None,
        colour: int | None = None,
        provenance: Provenance | None = None,
    ) -> Clip:
        """Make a clip from notes.

        Args:
            notes: In any order.
            length: Beats, up to ``MAX_BEATS``; by default the whole bars that hold every note, at least one.
            ppq: Ticks in a beat, 1-32767; times are rounded to them.
            name: The clip's name, made one line of up to 120 characters.
            bpm: Tempo, 20-999.
            meter: Such as ``7/8``.
            key: Such as ``A minor``.
            instrument: ``drums`` or a key of ``GM_PROGRAMS``.
            controls: Moves of controllers, pitch bend and pressure.
            program: General MIDI program, 0-127, where it is not the instrument's usual one.
            meter_changes: Beats and the metre from there on.
            loop: Beats where Live's loop starts and ends; None: the whole clip.
            colour: 0xRRGGBB.
            provenance: Who wrote it.

        Raises:
            ClipError: A value is outside its range.
            ValueError: The key or the metre cannot be read.

        >>> Clip.of([Note(45, 0, 0.5)]).length
        4.0
        """
        metre = Meter.parse(meter) if isinstance(meter, str) else meter
        ppq = limits.resolution(ppq)
        table = note_table(note.row(ppq) for note in notes)
        changes = limits.meter_changes((round(beat * ppq), one) for beat, one in meter_changes)
        if length is None:
            end = int((table["start"] + table["duration"]).max()) if len(table) else 0
            last = Bars(metre, changes, ppq=ppq).at(max(0, end - 1))
            length = float(last.start + last.length) / ppq
        limits.length(length, "beats", ppq=1)
        return cls(
            in_order(table),
            round(length * ppq),
            ppq=ppq,
            name=name,
            bpm=bpm,
            meter=metre,
            key=Key(key) if key else None,
            instrument=instrument,
            control_table=control_table((round(one.start * ppq), one.control, one.value) for one in controls),
            program=program,
            meter_changes=changes,
            loop_ticks=None if loop is None else (round(loop[0] * ppq), round(loop[1] * ppq)),
            colour=colour,
            provenance=provenance,
        )

    @property
    def notes(self) -> Notes:
        """The notes in order of time, a lazy view in beats."""
        return Notes(self.table, ppq=self.ppq)

    @property
    def controls(self) -> Controls:
        """The control changes in order of time, a lazy view in beats."""
        return Controls(self.control_table, ppq=self.ppq)

    @property
    def length(self) -> float:
        """Length in beats."""
        return self.length_ticks / self.ppq

    @property
    def loop(self) -> tuple[float, float]:
        """Beats where the loop starts and ends: the whole clip, unless it is set."""
        start, end = self.loop_ticks or (0, self.length_ticks)
        return start / self.ppq, end / self.ppq

    @cached_property
    def bar_lines(self) -> Bars:
        """Where its bars lie."""
        return Bars(self.meter, self.meter_changes, ppq=self.ppq)

    @property
    def bars(self) -> float:
        """Length in bars."""
        return self.bar_lines.count(self.length_ticks)

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
                *(self.length_ticks, self.ppq, self.name, float(self.bpm), str(self.meter), self.key),
                *(self.instrument, self.program, self.loop_ticks, self.colour),
                [(tick, str(meter)) for tick, meter in self.meter_changes],
            )
        )
        content = facts.encode() + self.table.tobytes() + b"/" + self.control_table.tobytes()
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
        """Give the clip with some of its attributes replaced; names and values are the constructor's.

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

    # A function of a clip is a method of it: each is written, explained and tested where it is.
    add_octave = doubling.add_octave
    answer = reply.answer
    call_and_response = reply.call_and_response
    chop = touch.chop
    chord_clip = chording.chord_clip
    chords = chording.chords
    continuation = reply.continuation
    cut = form.cut
    diff = changes.diff
    double_time = pace.double_time
    fit_to_key = tuning.fit_to_key
    gate = touch.gate
    glue = touch.glue
    half_time = pace.half_time
    harmonise = doubling.harmonise
    humanise = touch.humanise
    invert = tuning.invert
    join = form.join
    legato = touch.legato
    loudness = touch.loudness
    merge = form.merge
    ornament = variation.ornament
    part = slices.part
    quantise = timing.quantise
    rebar = pace.rebar
    retrograde = tuning.retrograde
    reverse = pace.reverse
    simplify = density.simplify
    spliced = form.spliced
    split = slices.split
    straighten = rhythm.straighten
    stretch = pace.stretch
    swing = timing.swing
    syncopate = rhythm.syncopate
    thicken = density.thicken
    thin = density.thin
    tile = form.tile
    to_key = tuning.to_key
    transpose = tuning.transpose
    vary = variation.vary

    def save(self, path: str | Path) -> Path:
        """Write a Standard MIDI File.

        Raises:
            SetupError: The file cannot be written.
        """
        from conduit.music.midifile import write_midi  # noqa: PLC0415  the one module that touches files

        return write_midi(self, path)

    @classmethod
    def load(cls, path: str | Path) -> Clip:
        """Read a Standard MIDI File as one clip; ``Arrangement.load`` keeps its tracks and all else that is in it.

        Raises:
            SetupError: There is no such file.
            ClipError: It is not a MIDI file, or holds no notes.
        """
        from conduit.music.midifile import read_midi  # noqa: PLC0415  the one module that touches files

        return read_midi(path)

    def to_pretty_midi(self) -> pretty_midi.PrettyMIDI:
        """Give the clip as a ``pretty_midi.PrettyMIDI`` with one instrument, times in seconds."""
        from conduit.music.prettymidi import clip_to_pretty_midi  # noqa: PLC0415  pretty_midi is slow to import

        return clip_to_pretty_midi(self)

    @classmethod
    def from_pretty_midi(cls, midi: pretty_midi.PrettyMIDI) -> Clip:
        """Make a clip of every note in a ``pretty_midi.PrettyMIDI``."""
        from conduit.music.prettymidi import clip_from_pretty_midi  # noqa: PLC0415  pretty_midi is slow to import

        return clip_from_pretty_midi(midi)
