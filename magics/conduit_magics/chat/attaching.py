"""Files that are dropped on the panel's input or pasted there: pictures, sounds and MIDI files.

What a file is, is told from its first bytes; its name and the media type that the page gives are only said of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from conduit.drawing.page import one_line
from conduit.errors import ConduitError, SetupError
from conduit.messages import AudioPart, ImagePart
from conduit.messages.media import media_part
from conduit.music import Clip, write_clip
from conduit.music.midifile import parse_midi
from conduit.widgets.mirror import Item
from conduit_magics.file_verb import MOST_BYTES as MOST_MIDI_BYTES
from conduit_magics.insert import as_block, read

__all__ = ["MOST_BYTES", "Attached", "Attachment", "attachment"]

MOST_BYTES = 8_000_000
"""The largest picture or sound that is taken from a page."""

VALID = ("PNG", "JPEG", "GIF", "WebP", "WAV", "MP3", "Ogg", "FLAC", "MIDI")
"""What can be attached."""

_MOST_CHARACTERS = 80
_MIDI = re.compile(rb"MThd|RIFF.{4}RMID", re.DOTALL)
_SIZES = ((1_000_000, "MB", 1), (1_000, "KB", 0), (1, "bytes", 0))


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a question.

    Attributes:
        kind: What it is.
        name: What it is called, one short line.
        part: A picture or a sound, as it goes into the message; None for a MIDI file.
        clips: What a MIDI file holds.
        words: What can be said of it beside its name.
    """

    kind: Literal["image", "audio", "midi"]
    name: str
    part: ImagePart | AudioPart | None
    clips: tuple[Clip, ...]
    words: str

    @property
    def text(self) -> str:
        """Its clips as blocks of data, which go after the words of the question; empty for a picture or a sound.

        Raises:
            SetupError: A clip's name holds what looks like a key.
        """
        named = ((_block_name(self.name, clip.name), clip) for clip in self.clips)
        return "\n".join(as_block(name, read(write_clip(clip), shown=name)) for name, clip in named)


@dataclass(frozen=True, slots=True)
class Attached:
    """What goes with the next message.

    Attributes:
        found: The file.
        item: What a panel shows of it.
    """

    found: Attachment
    item: Item


def attachment(name: str, mime: str, data: bytes) -> Attachment:
    """Read a file that was dropped; a large one takes its time, so call it in a thread.

    Args:
        name: What it is called on the person's machine.
        mime: What the page takes it for.
        data: All of its bytes.

    Raises:
        SetupError: It is empty, too large, broken, or nothing that can be attached.
    """
    called = _short(name) or "the file"
    if not data:
        raise SetupError(f"{called} is empty; choose a file with something in it")
    is_midi = _MIDI.match(data) is not None
    most = MOST_MIDI_BYTES if is_midi else MOST_BYTES
    if len(data) > most:
        way_out = "; open it with /open FILE.mid" if is_midi else ", so make it smaller"
        raise SetupError(f"{called} has {_size(len(data))}; at most {_size(most)} are taken here{way_out}")
    return _midi(called, data) if is_midi else _media(called, mime, data)


def _midi(name: str, data: bytes) -> Attachment:
    try:
        song = parse_midi(data, source=name, title=PurePath(name).stem)
    except ConduitError as error:
        raise SetupError(error.message) from error
    clips = song.clips
    if not any(map(len, clips)):
        raise SetupError(f"{name} holds no notes; choose a file with at least one")
    words = f"{_counted(len(clips), 'clip')}, {_counted(sum(map(len, clips)), 'note')}, {song.bpm:g} bpm"
    return Attachment("midi", name, None, clips, words)


def _media(name: str, mime: str, data: bytes) -> Attachment:
    try:
        part = media_part(data)
    except SetupError as error:
        what = f" ({_short(mime)})" if mime else ""
        raise SetupError(
            f"{name}{what} cannot be attached; drop {', '.join(VALID[:-1])} or {VALID[-1]}, or name a variable"
            " that holds its content with @",
            valid=list(VALID),
        ) from error
    kind: Literal["image", "audio"] = "image" if isinstance(part, ImagePart) else "audio"
    return Attachment(kind, name, part, (), f"{part.media_type}, {_size(len(data))}")


def _short(text: str) -> str:
    """Make one short line of what came from outside."""
    line = one_line(text).strip()
    return line if len(line) <= _MOST_CHARACTERS else f"{line[: _MOST_CHARACTERS - 1]}…"


def _block_name(file: str, clip: str) -> str:
    return ": ".join(filter(None, (file, _short(clip)))).replace('"', "'")


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' * (count != 1)}"


def _size(n_bytes: int) -> str:
    least, unit, digits = next(size for size in _SIZES if n_bytes >= size[0])
    return f"{n_bytes / least:.{digits}f} {unit}"
