"""A view's clips as files: what its Export menu gives, and ``save``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from conduit.errors import ClipError, SetupError
from conduit.music import Arrangement, Clip
from conduit.widgets.playback import AS_WRITTEN, Playback

__all__ = ["File", "exported", "file_name", "saved"]

_MOST_NAME = 60  # characters of a file's name without its ending
_PICTURE_PX = 1280
_UNSAFE = re.compile(r"[^\w\-.,()+ ]|^[.\s]+|[.\s]+$")
# Names of devices that Windows gives no files.
_TAKEN = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class File:
    """A file to hand over.

    Attributes:
        name: With its ending.
        mime: Its media type.
        content: Its bytes.
    """

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a file is made of.

    Attributes:
        clips: The clips that sound together, at least one.
        part: Which of them a picture is of.
        song: The arrangement that they are the clips of, if there is one.
        playback: How they are heard.
    """

    clips: Sequence[Clip]
    part: int
    song: Arrangement | None
    playback: Playback


def exported(
    clips: Sequence[Clip],
    kind: str,
    *,
    part: int = 0,
    song: Arrangement | None = None,
    playback: Playback = AS_WRITTEN,
) -> File:
    """Make a file of what a view shows.

    Args:
        clips: The clips that sound together.
        kind: ``mid``, ``wav``, ``svg``, ``png``, ``html``, ``flac`` or ``ogg``.
        part: Which of the clips a picture is of.
        song: The arrangement that they are the clips of: its tempos, markers and kept events go along. One of
            another number of clips is passed over.
        playback: How they are heard. A sound is saved so, a page plays so at first, and a MIDI file holds the notes
            as they stand, those of silent parts muted.

    Raises:
        ClipError: There is no clip, or no such kind.
        SetupError: What makes that kind is not installed.
    """
    made = _KINDS.get(kind)
    if made is None or not 0 <= part < len(clips):
        raise ClipError(f"there is nothing to export as {kind!r}; kinds are {', '.join(_KINDS)}")
    mime, make = made
    name = clips[part].name if kind in _OF_ONE else clips[0].name
    try:
        content = make(_Shown(clips, part, _fitting(song, clips), playback))
    except ImportError as error:
        needed = error.name or str(error)
        raise SetupError(
            f".{kind} files need the package {needed}, which cannot be loaded; install it"
        ) from error
    return File(f"{file_name(name)}.{kind}", mime, content)


def saved(
    clips: Sequence[Clip],
    path: str | Path,
    *,
    song: Arrangement | None = None,
    playback: Playback = AS_WRITTEN,
) -> Path:
    """Write a file; its ending says of which kind.

    Args:
        clips: The clips that sound together; a picture is of the first.
        path: Where to, such as ``bass.mid``.
        song: As for ``exported``.
        playback: As for ``exported``.

    Raises:
        ClipError: There is no clip.
        SetupError: The ending is none of them, or the file cannot be written.
    """
    target = Path(path).expanduser()
    kind = target.suffix.lower().removeprefix(".")
    kind = {"midi": "mid", "htm": "html"}.get(kind, kind)
    if kind not in _KINDS:
        endings = ", ".join(f".{one}" for one in _KINDS)
        raise SetupError(f"{target} says no kind of file; end its name in {endings}", valid=list(_KINDS))
    content = exported(clips, kind, song=song, playback=playback).content
    try:
        target.write_bytes(content)
    except OSError as error:
        text = f"cannot write {target}: {error.strerror}; choose a folder that exists and is yours"
        raise SetupError(text) from error
    return target


def file_name(name: str) -> str:
    """Make a name for a file out of a clip's: the same letters, without what a disk or a shell takes amiss.

    >>> file_name("Acid/Bass: *no. 1*"), file_name("  ..")
    ('Acid-Bass- -no. 1-', 'clip')
    """
    safe = _UNSAFE.sub("-", name)[:_MOST_NAME].strip(" .")
    return f"clip-{safe}" if _TAKEN.fullmatch(safe) else (safe.strip("-") and safe) or "clip"


def _midi(shown: _Shown) -> bytes:
    from conduit.music.midifile import midi_bytes  # noqa: PLC0415  the one module that touches files

    clips = shown.playback.written(shown.clips)
    if shown.song is not None:
        return midi_bytes(_as_edited(shown.song, clips))
    return midi_bytes(clips[0] if len(clips) == 1 else Arrangement.of(clips, name=clips[0].name))


def _sound(shown: _Shown, kind: str) -> bytes:
    from conduit.audio import render  # noqa: PLC0415  only for who wants to hear it
    from conduit.audio.formats import encoded  # noqa: PLC0415  as above

    music = shown.clips if shown.song is None else _as_edited(shown.song, shown.clips)
    sound = render(shown.playback.sounding(music), engine=shown.playback.engine)
    return encoded(sound.samples, sample_rate_hz=sound.sample_rate_hz, suffix=f".{kind}")


def _svg(shown: _Shown) -> bytes:
    from conduit.drawing import roll_svg  # noqa: PLC0415  only for who wants a picture

    return roll_svg(shown.clips[shown.part], width=_PICTURE_PX).encode()


def _png(shown: _Shown) -> bytes:
    import resvg_py  # noqa: PLC0415  as above

    return bytes(resvg_py.svg_to_bytes(svg_string=_svg(shown).decode(), width=2 * _PICTURE_PX))


def _html(shown: _Shown) -> bytes:
    from conduit.widgets.page import page  # noqa: PLC0415  as above

    return page(shown.clips, playback=shown.playback).encode()


def _fitting(song: Arrangement | None, clips: Sequence[Clip]) -> Arrangement | None:
    return song if song is not None and len(song) == len(clips) else None


def _as_edited(song: Arrangement, clips: Sequence[Clip]) -> Arrangement:
    """Give an arrangement with its clips as a view has them; it begins in the tempo that the first one got."""
    first, edited = song[0], song
    for number, clip in enumerate(clips):
        if clip is not song[number]:
            edited = edited.with_clip(number, clip)
    if clips[0].bpm == first.bpm:
        return edited
    later = tuple(change for change in edited.tempos if change[0] > 0)
    return edited.with_(tempos=((0, clips[0].bpm), *later))


_Make = Callable[[_Shown], bytes]
_OF_ONE = {"svg", "png"}
_KINDS: dict[str, tuple[str, _Make]] = {
    "mid": ("audio/midi", _midi),
    "wav": ("audio/wav", partial(_sound, kind="wav")),
    "svg": ("image/svg+xml", _svg),
    "png": ("image/png", _png),
    "html": ("text/html", _html),
    "flac": ("audio/flac", partial(_sound, kind="flac")),
    "ogg": ("audio/ogg", partial(_sound, kind="ogg")),
}
