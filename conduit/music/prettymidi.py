"""Clips and arrangements as pretty_midi objects and back.

A ``pretty_midi.PrettyMIDI`` counts in seconds and holds of each note its pitch, velocity, start and end, of each
instrument controllers, pitch bend and one program, and the tempos, metres, major and minor keys and lyrics of all.
Anything else is lost in it: markers, and all that ``mark`` lists and ``Arrangement.kept`` may hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np

from conduit.errors import ClipError
from conduit.music.arrangement import Arrangement
from conduit.music.clip import Clip
from conduit.music.control import BEND, PRESSURE, control_table
from conduit.music.instrument import DRUMS, GM_PROGRAMS, instrument_of_program
from conduit.music.limits import MAX_BPM, MIN_BPM
from conduit.music.meter import Meter
from conduit.music.midifile import midi_bytes
from conduit.music.note import in_order, note_table
from conduit.music.scale import Key
from conduit.music.tempo import DEFAULT_BPM, TempoMap, bpm_of, microseconds_of

if TYPE_CHECKING:
    import pretty_midi

__all__ = ["clip_from_pretty_midi", "clip_to_pretty_midi", "from_pretty_midi", "to_pretty_midi"]

_MINUTE = 60_000_000  # microseconds
_MINOR = 12  # pretty_midi counts minor keys from here
_FINE = 960  # ticks a beat, where an object's times do not lie on its own
_NEAR = 0.01  # how far from a whole tick a time is still that tick
_WORDS = {0x01, 0x05}  # meta events that it keeps: text and lyrics


def clip_to_pretty_midi(clip: Clip) -> pretty_midi.PrettyMIDI:
    """Give a clip as a ``pretty_midi.PrettyMIDI`` of one instrument, in seconds, without muted notes.

    Raises:
        ClipError: It is longer than pretty_midi takes.
    """
    return to_pretty_midi(Arrangement.of([clip]))


def to_pretty_midi(arrangement: Arrangement) -> pretty_midi.PrettyMIDI:
    """Give an arrangement as a ``pretty_midi.PrettyMIDI``, an instrument a clip, without muted notes.

    Raises:
        ClipError: It is longer than pretty_midi takes.
    """
    import pretty_midi  # noqa: PLC0415  slow to import

    tempos = tuple((tick, _MINUTE / microseconds_of(bpm)) for tick, bpm in arrangement.tempos)
    times = TempoMap(tempos, ppq=arrangement.ppq)
    try:
        midi = pretty_midi.PrettyMIDI(
            BytesIO(midi_bytes(_silent(arrangement))), charset=_charset(arrangement)
        )
    except ValueError as error:
        raise ClipError(f"{arrangement!r} is too long for pretty_midi: {error}; take a part of it") from error
    midi.key_signature_changes = [
        pretty_midi.KeySignature(key.root + _MINOR * (key.scale == "minor"), times.seconds(tick))
        for tick, key in arrangement.keys
    ]
    midi.instruments = [_instrument(clip, times, pretty_midi) for clip in arrangement.clips]
    return midi


def _silent(arrangement: Arrangement) -> Arrangement:
    """Give what all its clips share, with the words, in the first track."""
    words = [event._replace(track=0) for event in arrangement.kept if event.meta in _WORDS]
    clips = [
        clip.with_(table=clip.table[:0], control_table=clip.control_table[:0], name="")
        for clip in arrangement
    ]
    return Arrangement(
        tuple(clips[:1]),
        tempos=arrangement.tempos,
        ppq=arrangement.ppq,
        kept=tuple(words),
        places=((0, 0),)[: len(clips)],
    )


def _charset(arrangement: Arrangement) -> str:
    try:
        b"".join(event.data[2:] for event in arrangement.kept if event.meta in _WORDS).decode()
    except UnicodeDecodeError:
        return "latin1"
    return "utf-8"


def _instrument(clip: Clip, times: TempoMap, pretty: Any) -> Any:
    program = clip.program if clip.program is not None else GM_PROGRAMS.get(clip.instrument, 0)
    instrument = pretty.Instrument(program, is_drum=clip.is_drums, name=clip.name)
    table = clip.table[~clip.table["mute"]]
    starts, ends = times.all_seconds(table["start"]), times.all_seconds(table["start"] + table["duration"])
    columns = (table["velocity"], table["pitch"], starts, ends)
    instrument.notes = [
        pretty.Note(*row) for row in zip(*(column.tolist() for column in columns), strict=True)
    ]
    moves = clip.control_table
    for second, control, value in zip(
        times.all_seconds(moves["start"]).tolist(),
        moves["control"].tolist(),
        moves["value"].tolist(),
        strict=True,
    ):
        if control == BEND:
            instrument.pitch_bends.append(pretty.PitchBend(value, second))
        elif control != PRESSURE:
            instrument.control_changes.append(pretty.ControlChange(control, value, second))
    return instrument


def clip_from_pretty_midi(midi: pretty_midi.PrettyMIDI) -> Clip:
    """Make a clip of every note, at the object's first tempo.

    Raises:
        ClipError: It holds no notes, or a note's values are outside MIDI's ranges.
    """
    return from_pretty_midi(midi).merged()


def from_pretty_midi(midi: pretty_midi.PrettyMIDI) -> Arrangement:
    """Make an arrangement of an object, a clip an instrument.

    Times are those of the object's own ticks where they lie on them, and otherwise of finer ones.

    Raises:
        ClipError: A note's values are outside MIDI's ranges.
    """
    grid = _grid(midi)
    keys = dict(zip(grid.ticks(one.time for one in midi.key_signature_changes), _keys(midi), strict=True))
    plain = _plain(midi, grid, keys.get(0))
    clips = [_clip(instrument, plain, grid) for instrument in midi.instruments]
    length = max((clip.length_ticks for clip in clips), default=0)
    return Arrangement(
        tuple(replace(clip, length_ticks=length) for clip in clips),
        tempos=tuple((tick * grid.factor, bpm) for tick, bpm in grid.tempos),
        keys=tuple(sorted(keys.items())),
        ppq=plain.ppq,
    )


@dataclass(frozen=True, slots=True)
class _Grid:
    """The ticks of an object: its tempos, in its own, and how many of ours make one of them."""

    tempos: tuple[tuple[int, float], ...]
    times: TempoMap
    factor: int

    def ticks(self, seconds: Iterable[float]) -> list[int]:
        """Give the tick nearest to each of many seconds."""
        found: list[int] = np.rint(self.times.ticks(list(seconds)) * self.factor).astype(np.int64).tolist()
        return found


def _grid(midi: Any) -> _Grid:
    seconds, bpms = midi.get_tempo_changes()
    changes = [(midi.time_to_tick(second), bpm) for second, bpm in zip(seconds, bpms, strict=True)]
    times = TempoMap([(tick, _MINUTE / microseconds_of(bpm)) for tick, bpm in changes], ppq=midi.resolution)
    starts = [note.start for one in midi.instruments for note in one.notes]
    between = np.abs(times.ticks(starts) % 1 - 0.5) < 0.5 - _NEAR
    tempos = tuple((tick, bpm_of(microseconds_of(bpm))) for tick, bpm in changes)
    return _Grid(tempos, times, -(-_FINE // midi.resolution) if between.any() else 1)


def _plain(midi: Any, grid: _Grid, key: Key | None) -> Clip:
    """Give a clip without notes, with what all clips of an object share."""
    known = [one for one in midi.time_signature_changes if _is_meter(one)]
    meters = {
        tick: Meter(one.numerator, one.denominator)
        for tick, one in zip(grid.ticks(one.time for one in known), known, strict=True)
    }
    return Clip(
        note_table(()),
        1,
        ppq=midi.resolution * grid.factor,
        bpm=min(MAX_BPM, max(MIN_BPM, grid.tempos[0][1])) if grid.tempos else DEFAULT_BPM,
        meter=meters.pop(0, Meter()),
        meter_changes=tuple(sorted(meters.items())),
        key=key,
    )


def _is_meter(signature: Any) -> bool:
    try:
        Meter(signature.numerator, signature.denominator)
    except ValueError:
        return False  # Live knows no such metre
    return True


def _keys(midi: Any) -> list[Key]:
    names = "C Db D Eb E F F# G Ab A Bb B".split(), "C C# D D# E F F# G G# A Bb B".split()  # noqa: SIM905
    modes = ("major", "minor")
    numbers = [divmod(one.key_number, _MINOR) for one in midi.key_signature_changes]
    return [Key(f"{names[mode][root]} {modes[mode]}") for mode, root in numbers]


def _clip(instrument: Any, plain: Clip, grid: _Grid) -> Clip:
    notes = [note for note in instrument.notes if note.velocity > 0]
    starts, ends = grid.ticks(note.start for note in notes), grid.ticks(note.end for note in notes)
    rows = [
        (start, max(1, end - start), note.pitch, note.velocity)
        for start, end, note in zip(starts, ends, notes, strict=True)
    ]
    _check(rows)
    moves = [(one.time, one.number, one.value) for one in instrument.control_changes]
    moves += [(one.time, BEND, one.pitch) for one in instrument.pitch_bends]
    at = grid.ticks(second for second, _, _ in moves)
    voice = DRUMS if instrument.is_drum else instrument_of_program(instrument.program)
    program = instrument.program or None if instrument.is_drum else instrument.program
    end = max((start + duration for start, duration, *_ in rows), default=0)
    last = plain.bar_lines.at(max(0, end - 1))
    return replace(
        plain,
        table=in_order(note_table(rows)),
        length_ticks=ceil(last.start + last.length),
        name=instrument.name,
        key=None if instrument.is_drum else plain.key,
        instrument=voice,
        program=None if program == GM_PROGRAMS.get(voice) else program,
        control_table=control_table((start, *move[1:]) for start, move in zip(at, moves, strict=True)),
    )


def _check(rows: Sequence[tuple[int, int, int, int]]) -> None:
    for start, _, pitch, velocity in rows:
        if not (start >= 0 and 0 <= pitch <= 127 and 1 <= velocity <= 127):
            raise ClipError(
                f"a note of pitch {pitch} and velocity {velocity} at tick {start} cannot be: pitch is 0-127, "
                "velocity 1-127, and nothing begins before the start"
            )
