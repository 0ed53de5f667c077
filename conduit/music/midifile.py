"""Standard MIDI Files to clips and arrangements and back: the one module of ``music`` with files.

mido reads and writes them because it loses no event. What a clip knows and a MIDI file has no place for stands in
an event of Conduit's own (``mark``), so that a clip comes back from its file as it was.
"""

from __future__ import annotations

import re
import struct
from io import BytesIO
from pathlib import Path
from typing import Any

import mido
import numpy as np
from numpy.typing import NDArray

from conduit.errors import ClipError, SetupError
from conduit.music.arrangement import Arrangement
from conduit.music.bounds import DRUM_CHANNEL
from conduit.music.clip import Clip
from conduit.music.deltas import event_deltas, track_chunks
from conduit.music.kept import SIGNATURES, MetaType
from conduit.music.midiread import arrangement_of, notes_of
from conduit.music.midiwrite import midi_of
from conduit.music.quick import quick_notes

__all__ = [
    "DRUM_CHANNEL",
    "midi_bytes",
    "parse_midi",
    "read_arrangement",
    "read_midi",
    "read_notes",
    "write_midi",
]

_SUFFIXES = ("", ".mid", ".midi", ".smf")


def write_midi(music: Clip | Arrangement, path: str | Path) -> Path:
    """Write a clip as a format 0 file, or an arrangement as a format 1 file; a track ends where its clip does.

    Raises:
        SetupError: The file cannot be written, or its name is that of another kind of file.
    """
    target = Path(path).expanduser()
    if target.suffix.lower() not in _SUFFIXES:
        raise SetupError(f"{target} is not a name for a MIDI file; end it in .mid")
    content = midi_bytes(music)
    try:
        target.write_bytes(content)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SetupError(f"{target} cannot be written: {reason}; choose another path") from error
    return target


def midi_bytes(music: Clip | Arrangement) -> bytes:
    """Give the content of the file that ``write_midi`` writes."""
    stream = BytesIO()
    midi_of(_alone(music) if isinstance(music, Clip) else music).save(file=stream)
    return stream.getvalue()


def _alone(clip: Clip) -> Arrangement:
    return Arrangement(
        (clip,),
        name=clip.name,
        tempos=((0, clip.bpm),),
        keys=((0, clip.key),) if clip.key in SIGNATURES else (),
        ppq=clip.ppq,
        places=((0, DRUM_CHANNEL if clip.is_drums else 0),),
        one_track=True,
    )


def read_midi(path: str | Path) -> Clip:
    """Read every note of a file as one clip, as ``Arrangement.merged`` gives it.

    Raises:
        SetupError: There is no such file, or it cannot be read.
        ClipError: It is not a Standard MIDI File, is broken, holds no notes, or is too long for a clip.
    """
    source = Path(path).expanduser()
    arrangement = parse_midi(_content(source), source=str(source), title=source.stem)
    if not arrangement.clips:
        raise ClipError(f"{source} holds no notes; choose a file with at least one")
    named = arrangement.name or len(arrangement) == 1 or not arrangement[0].name.startswith("Track ")
    return arrangement.merged(name="" if named else source.stem)


def read_arrangement(path: str | Path) -> Arrangement:
    """Read everything in a file.

    Raises:
        SetupError: There is no such file, or it cannot be read.
        ClipError: It is not a Standard MIDI File, is broken, or is too long.
    """
    source = Path(path).expanduser()
    return parse_midi(_content(source), source=str(source))


def read_notes(path: str | Path) -> tuple[NDArray[np.void], int]:
    """Read every note of a file that ends, and nothing else: what a look through many files needs.

    Some forty times faster where symusic is installed (the extra ``fast``), with the same result.

    Returns:
        The notes of all tracks, ``note.COLUMNS`` with plain release velocities, shape ``(n_notes,)``; and the ticks
        in a beat.

    Raises:
        SetupError: There is no such file, or it cannot be read.
        ClipError: It is not a Standard MIDI File, is broken, or does not count ticks in a beat.
    """
    source = Path(path).expanduser()
    content = _content(source)
    division = int.from_bytes(content[12:14], signed=True)
    notes = quick_notes(content) if division > 0 else None
    if notes is None:
        midi = _parsed(content, str(source))
        notes, division = notes_of(midi, str(source)), midi.ticks_per_beat
    if division < 1:
        raise ClipError(
            f"{source} counts no ticks in a beat; save it with a resolution in ticks, such as 480"
        )
    return notes, division


def _content(source: Path) -> bytes:
    try:
        return source.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SetupError(f"{source} cannot be read: {reason}; check the path") from error


def parse_midi(content: bytes, *, source: str, title: str = "") -> Arrangement:
    """Make an arrangement of a file's content.

    Args:
        content: All of its bytes.
        source: What it is called, for errors.
        title: The name of a clip that is alone and has none.

    Raises:
        ClipError: It is not a Standard MIDI File, is broken, or is too long.
    """
    return arrangement_of(_parsed(content, source), source, title=title)


_BAD_KEY = re.compile(rb"\xff\x59\x02(?![\x00-\x07\xf9-\xff][\x00\x01])")
"""A key signature of more than seven flats or sharps, or neither major nor minor."""

_CHUNK_NAME = re.compile(rb"[ -~]{4}(?s:.{4})")
"""How a chunk begins: four letters, then its length."""

_UNKNOWN = bytes((0xFF, MetaType.BAD_KEY, 2))

# Beside its own, mido lets those pass that a damaged event raises in its tables of messages.
_FAILURES = (OSError, EOFError, ValueError, TypeError, LookupError, struct.error, OverflowError)


def _timed(midi: Any, content: bytes) -> Any:
    """Give a file that mido read with the times that mido forgot."""
    for track, chunk in zip(midi.tracks, track_chunks(content), strict=False):
        if any(message.type == "unknown_meta" for message in track):
            for message, delta in zip(track, event_deltas(chunk), strict=True):
                message.time = delta
    return midi


def _known_chunks(content: bytes) -> bytes:
    """Leave out the chunks between tracks that are of another kind: a reader is to pass over them (SMF 1.0).

    What does not look like a chunk stays as it is, so that what is wrong with it is told.
    """
    kept, at = [], 0
    while _CHUNK_NAME.match(content, at):
        end = at + 8 + int.from_bytes(content[at + 4 : at + 8])
        if end > len(content):
            break
        if at == 0 or content.startswith(b"MTrk", at):
            kept.append(content[at:end])
        at = end
    return b"".join([*kept, content[at:]])


def _parsed(content: bytes, source: str) -> Any:
    # Some files are wrapped (RIFF, as .rmi): what is inside begins like any other.
    inside = (
        content[content.find(b"MThd") :] if content.startswith(b"RIFF") and b"MThd" in content else content
    )
    inside = _known_chunks(inside)
    # mido gives up at a bad key signature, so it is shown as an event that no one reads. Only then: in a good file
    # the same bytes can be a time.
    for tried in (inside, _BAD_KEY.sub(_UNKNOWN, inside)):
        stream = BytesIO(tried)
        try:
            # Every byte is a character of Latin-1, the charset of old files; what it says is read later.
            return _timed(mido.MidiFile(file=stream, charset="latin1"), tried)
        except mido.KeySignatureError as error:
            failure: Exception = error
        except _FAILURES as error:
            failure = error
            break
    reason = str(failure) or "it ends too early"
    place = f" at byte {stream.tell():,} of {len(inside):,}" if stream.tell() else ""
    raise ClipError(
        f"{source} is not a whole Standard MIDI File: {reason}{place}; get it again from where it comes from, or "
        "save it anew in the program that made it"
    ) from failure
