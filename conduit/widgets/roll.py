"""A piano roll of anything that has notes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from conduit.errors import ClipError
from conduit.music import Arrangement, Clip, Note
from conduit.music.limits import one_line
from conduit.widgets.clip_view import ClipView

__all__ = ["clips_of", "is_pretty_midi", "roll"]

_VALID = (
    "a Clip, an Arrangement, a pretty_midi.PrettyMIDI, the path of a .mid file, Notes, tuples of pitch, start, "
    "duration and perhaps velocity, or a list of Clips"
)
_SHOWN = 60  # characters of a value in a message


def roll(thing: Any, *, compare: Any = None) -> ClipView:
    """Show anything with notes as a piano roll that plays and can be edited.

    Times of tuples are beats, as in ``Note``. What is edited is in ``view.clip``, or for several clips in
    ``view.parts``; setting ``view.clip`` shows another.

    Args:
        thing: A ``Clip``; an ``Arrangement`` or several clips, each a part; a ``pretty_midi.PrettyMIDI``; the
            path of a MIDI file; ``Note``s; or tuples of pitch, start, duration and perhaps velocity.
        compare: What to compare the first part with; anything of the same kinds.

    Raises:
        TypeError: It is none of these; the message says what is.
        ClipError: It holds no notes, or a value is outside its range.
        SetupError: There is no such file.

    >>> view = roll([(60, 0, 1), (64, 1, 1), (67, 2, 2, 110)])
    >>> view.clip.notes[2]
    Note(pitch=67, start=2.0, duration=2.0, velocity=110, mute=False)
    >>> roll(Arrangement.of([Clip.of([Note(36, 0, 1)], name="Kick"), view.clip])).parts[0].name
    'Kick'
    """
    song = _song(thing)
    clips = clips_of(thing if song is None else song)
    before = None if compare is None else clips_of(compare)[0]
    view = ClipView(clips=clips, phase="ready")
    view.song = song
    if before is not None:
        view.compare(before)
    return view


def clips_of(thing: Any) -> tuple[Clip, ...]:
    """Give the clips that something holds, at least one.

    Raises:
        TypeError: It is nothing that holds notes.
        ClipError: There is nothing to show in it, or a value is outside its range.
        SetupError: There is no such file.
    """
    song = _song(thing)
    match thing:
        case Clip():
            return (thing,)
        case _ if song is not None:
            found = song.clips
        case Iterable() if not isinstance(thing, bytes | bytearray | memoryview | dict):
            found = _of_items(list(thing))
        case _:
            raise _other(thing)
    if not found:
        raise ClipError(f"{thing!r:.{_SHOWN}} holds no notes; there is nothing to show")
    return found


def is_pretty_midi(thing: object) -> bool:
    """Say whether it is a ``pretty_midi.PrettyMIDI``; nothing is imported for it."""
    module = sys.modules.get("pretty_midi")
    return module is not None and isinstance(thing, module.PrettyMIDI)


def _song(thing: Any) -> Arrangement | None:
    """Give the arrangement that something is or holds; None of clips and notes."""
    match thing:
        case Arrangement():
            return thing
        case str() | os.PathLike():
            return _of_file(Path(thing))
        case _ if is_pretty_midi(thing):
            return Arrangement.from_pretty_midi(thing)
        case _:
            return None


def _of_file(path: Path) -> Arrangement:
    """Read the clips of a file that hold notes, or all where none does."""
    if path.suffix.lower() not in {".mid", ".midi", ".smf"}:
        raise TypeError(f"{str(path)!r:.{_SHOWN}} is no path of a MIDI file; a roll is shown of {_VALID}")
    song = Arrangement.load(path)
    heard = [number for number, clip in enumerate(song) if len(clip)]
    if heard and len(heard) < len(song):
        song = song.solo(*heard)
    return song.with_(
        clips=tuple(clip if clip.name else clip.with_(name=one_line(path.stem)) for clip in song)
    )


def _of_items(items: Sequence[Any]) -> tuple[Clip, ...]:
    if items and all(isinstance(item, Clip) for item in items):
        return tuple(items)
    notes = [item if isinstance(item, Note) else _note(item) for item in items]
    return (Clip.of(notes, name="Notes"),) if notes else ()


def _note(item: Any) -> Note:
    """Make a note of a row of three or four numbers, of Python or of numpy."""
    if isinstance(item, str | bytes | dict) or not isinstance(item, Iterable):
        raise _other(item)
    row = list(item)
    if not 3 <= len(row) <= 4:
        raise _other(item)
    try:
        numbers = [float(value) for value in row]
    except (TypeError, ValueError) as error:
        raise _other(item) from error
    pitch, start, duration, velocity = (*numbers, 96.0)[:4]
    return Note(_whole(pitch), start, duration, _whole(velocity))


def _whole(value: float) -> Any:
    """Give a whole number as one; ``Note`` refuses any other."""
    return int(value) if value.is_integer() else value


def _other(thing: object) -> TypeError:
    return TypeError(f"{thing!r:.{_SHOWN}} holds no notes that can be shown; a roll is shown of {_VALID}")
