"""Standard MIDI Files and pretty_midi objects to clips and back: the one module of ``music`` with files.

mido reads and writes them because it loses no event. A clip holds one instrument, one tempo and one metre:
reading merges the notes of every track and takes the first tempo, metre and key that the file states.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mido

from conduit.errors import ClipError, SetupError
from conduit.music.clip import MAX_BPM, MIN_BPM, Clip, one_line
from conduit.music.instrument import DRUMS, GM_PROGRAMS, instrument_of_program
from conduit.music.meter import Meter
from conduit.music.note import MAX_BEATS, Note, in_order, note_table
from conduit.music.scale import Key

if TYPE_CHECKING:
    import pretty_midi

__all__ = ["from_pretty_midi", "read_midi", "to_pretty_midi", "write_midi"]

DRUM_CHANNEL = 9
"""Channel 10, counted from 0: percussion in General MIDI."""

_SUFFIXES = ("", ".mid", ".midi", ".smf")


def write_midi(clip: Clip, path: str | Path) -> Path:
    """Write a clip as a format 0 file; its end of track stands at the clip's end.

    Raises:
        SetupError: The file cannot be written, or its name is that of another kind of file.
    """
    target = Path(path).expanduser()
    if target.suffix.lower() not in _SUFFIXES:
        raise SetupError(f"{target} is not a name for a MIDI file; end it in .mid")
    midi = mido.MidiFile(type=0, ticks_per_beat=clip.ppq, charset="utf-8")
    midi.tracks.append(_track(clip))
    try:
        midi.save(str(target))
    except OSError as error:
        raise SetupError(f"{target} cannot be written: {error.strerror}; choose another path") from error
    return target


def _track(clip: Clip) -> Any:
    channel = DRUM_CHANNEL if clip.is_drums else 0
    events: list[tuple[int, int, Any]] = [(0, -1, message) for message in _facts(clip)]
    for start, duration, pitch, velocity, mute, *_ in clip.table.tolist():
        if not mute:
            note = {"note": pitch, "channel": channel}
            events.append((start, 1, mido.Message("note_on", velocity=velocity, **note)))
            events.append((start + duration, 0, mido.Message("note_off", velocity=64, **note)))
    # At one tick notes end before others begin, so that a repeated pitch sounds again.
    events.sort(key=lambda event: event[:2])
    end = max(clip.length_ticks, events[-1][0])
    track, now = mido.MidiTrack(), 0
    for tick, _, message in events:
        track.append(message.copy(time=tick - now))
        now = tick
    track.append(mido.MetaMessage("end_of_track", time=end - now))
    return track


def _facts(clip: Clip) -> Iterator[Any]:
    yield mido.MetaMessage("track_name", name=clip.name)
    yield mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(clip.bpm))
    yield mido.MetaMessage(
        "time_signature", numerator=clip.meter.numerator, denominator=clip.meter.denominator
    )
    if clip.key and clip.key.scale in {"major", "minor"}:
        name = clip.key.tonic + ("m" if clip.key.scale == "minor" else "")
        if name in _MIDI_KEYS:
            yield mido.MetaMessage("key_signature", key=name)
    if not clip.is_drums:
        yield mido.Message("program_change", program=GM_PROGRAMS[clip.instrument], channel=0)


_MIDI_KEYS = frozenset(
    tonic + mode
    for mode, tonics in (
        ("", "Cb Gb Db Ab Eb Bb F C G D A E B F# C#"),
        ("m", "Ab Eb Bb F C G D A E B F# C# G# D# A#"),
    )
    for tonic in tonics.split()
)
"""The keys a key signature can name: up to seven flats or sharps."""


def read_midi(path: str | Path) -> Clip:
    """Read every note of a file as one clip.

    Raises:
        SetupError: There is no such file, or it cannot be read.
        ClipError: It is not a Standard MIDI File, is broken, holds no notes, or is too long for a clip.
    """
    source = Path(path).expanduser()
    try:
        content = source.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SetupError(f"{source} cannot be read: {reason}; check the path") from error
    return _clip_of(_parsed(content, source), source)


_BAD_KEY = re.compile(rb"\xff\x59\x02(?![\x00-\x07\xf9-\xff][\x00\x01])")
"""A key signature of more than seven flats or sharps, or neither major nor minor."""


def _parsed(content: bytes, source: Path) -> Any:
    # mido gives up at a bad key signature, so it is shown as an event that no one reads (FF 7F). Only then:
    # in a good file the same bytes can be a time.
    for tried in (content, _BAD_KEY.sub(b"\xff\x7f\x02", content)):
        try:
            # Every byte is a character of Latin-1, the charset of old files; _text reads the newer ones.
            return mido.MidiFile(file=BytesIO(tried), charset="latin1", clip=True)
        except mido.KeySignatureError as error:
            failure: Exception = error
        except (OSError, EOFError, ValueError, KeyError, IndexError) as error:
            failure = error
            break
    reason = str(failure) or "it ends too early"
    raise ClipError(f"{source} is not a whole Standard MIDI File: {reason}") from failure


def _text(latin: str) -> str:
    content = latin.encode("latin1")
    try:
        return one_line(content.decode())
    except UnicodeDecodeError:
        return one_line(latin)


def _clip_of(midi: Any, source: Path) -> Clip:
    facts: dict[str, Any] = {}
    rows: list[tuple[int, int, int, int, bool]] = []
    drums = end = 0
    for track in midi.tracks:
        found, n_drums, last = _read_track(track, facts)
        rows += found
        drums += n_drums
        end = max(end, last)
    ppq = midi.ticks_per_beat
    if ppq < 1:
        raise ClipError(
            f"{source} counts no ticks in a beat; save it with a resolution in ticks, such as 480"
        )
    if not rows:
        raise ClipError(f"{source} holds no notes; choose a file with at least one")
    if end > MAX_BEATS * ppq:
        raise ClipError(f"{source} is {end // ppq:,} beats long; a clip is up to {MAX_BEATS:,}")
    meter = facts.get("meter", Meter())
    bar = max(1, round(meter.bar * ppq))
    # A file whose end stands on a sixteenth means it; otherwise the clip lasts to the next bar line.
    length = end if end and end % (ppq // 4 or 1) == 0 else max(1, -(-end // bar)) * bar
    table = note_table(rows)
    return Clip(
        in_order(table),
        length,
        ppq=ppq,
        name=facts.get("name") or source.stem,
        bpm=facts.get("bpm", 120.0),
        meter=meter,
        key=facts.get("key"),
        instrument=DRUMS if drums == len(rows) else instrument_of_program(facts.get("program", 0)),
    )


def _read_track(track: Any, facts: dict[str, Any]) -> tuple[list[tuple[int, int, int, int, bool]], int, int]:
    rows: list[tuple[int, int, int, int, bool]] = []
    sounding: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    now = drums = 0
    for message in track:
        now += message.time
        if message.type == "note_on" and message.velocity > 0:
            sounding[message.channel, message.note].append((now, message.velocity))
        elif message.type in {"note_on", "note_off"}:
            waiting = sounding[message.channel, message.note]
            if waiting:
                start, velocity = waiting.pop(0)
                rows.append((start, max(1, now - start), message.note, velocity, False))
                drums += message.channel == DRUM_CHANNEL
        else:
            _read_fact(message, facts)
    for (channel, pitch), waiting in sounding.items():
        rows += [(start, max(1, now - start), pitch, velocity, False) for start, velocity in waiting]
        drums += len(waiting) * (channel == DRUM_CHANNEL)
    return rows, drums, now


def _read_fact(message: Any, facts: dict[str, Any]) -> None:
    match message.type:
        case "set_tempo" if message.tempo > 0:
            facts.setdefault("bpm", min(MAX_BPM, max(MIN_BPM, round(mido.tempo2bpm(message.tempo), 3))))
        case "time_signature" if message.denominator <= 16 and 0 < message.numerator <= 99:
            facts.setdefault("meter", Meter(message.numerator, message.denominator))
        case "key_signature":
            facts.setdefault("key", Key(message.key))
        case "program_change" if message.channel != DRUM_CHANNEL:
            facts.setdefault("program", message.program)
        case "track_name" if name := _text(message.name):
            facts.setdefault("name", name)


def to_pretty_midi(clip: Clip) -> pretty_midi.PrettyMIDI:
    """Give the clip as a ``pretty_midi.PrettyMIDI`` of one instrument, in seconds, without muted notes."""
    import pretty_midi  # noqa: PLC0415  slow to import

    midi = pretty_midi.PrettyMIDI(initial_tempo=clip.bpm, resolution=clip.ppq)
    midi.time_signature_changes.append(
        pretty_midi.TimeSignature(clip.meter.numerator, clip.meter.denominator, 0.0)
    )
    program = 0 if clip.is_drums else GM_PROGRAMS[clip.instrument]
    instrument = pretty_midi.Instrument(program, is_drum=clip.is_drums, name=clip.name)
    beat_s = 60 / clip.bpm
    instrument.notes = [
        pretty_midi.Note(note.velocity, note.pitch, note.start * beat_s, note.end * beat_s)
        for note in clip.notes
        if not note.mute
    ]
    midi.instruments.append(instrument)
    return midi


def from_pretty_midi(midi: pretty_midi.PrettyMIDI) -> Clip:
    """Make a clip of every note, at the object's first tempo.

    Raises:
        ClipError: A note's values are outside MIDI's ranges.
    """
    tempos = midi.get_tempo_changes()[1]
    bpm = min(MAX_BPM, max(MIN_BPM, round(float(tempos[0]), 3) if len(tempos) else 120.0))
    changes = midi.time_signature_changes
    meter = Meter(changes[0].numerator, changes[0].denominator) if changes else Meter()
    tracks = [instrument for instrument in midi.instruments if instrument.notes]
    beat_s = 60 / bpm
    notes = [
        Note(note.pitch, note.start / beat_s, max(1e-3, (note.end - note.start) / beat_s), note.velocity)
        for track in tracks
        for note in track.notes
        if note.velocity > 0
    ]
    drums = bool(tracks) and all(track.is_drum for track in tracks)
    return Clip.of(
        notes,
        name=tracks[0].name if tracks else "",
        bpm=bpm,
        meter=meter,
        instrument=DRUMS if drums else instrument_of_program(tracks[0].program if tracks else 0),
    )
