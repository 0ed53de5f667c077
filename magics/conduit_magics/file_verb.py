"""MIDI files in the notebook: opened by name, or dropped on a view."""

from __future__ import annotations

import asyncio
import base64
import binascii
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conduit.drawing import roll_text
from conduit.errors import ClipError, SetupError
from conduit.music import Arrangement
from conduit.music.midifile import parse_midi
from conduit_magics.saying import Clips, is_heard, overheard, say
from conduit_magics.verb import arguments

if TYPE_CHECKING:
    from conduit.studio import Studio
    from conduit_magics.desk import Desk
    from conduit_magics.output import Output

__all__ = ["MOST_BYTES", "OPEN_USAGE", "dropped", "midi_files", "open_file", "show_arrangement"]

OPEN_USAGE = "[FILE.mid] [-o NAME]"

MOST_BYTES = 1_000_000
"""The largest MIDI file that is taken from a page."""

_MOST_LISTED = 50
_SUFFIXES = {".mid", ".midi", ".smf"}


def midi_files(studio: Studio | None) -> list[str]:
    """Give the MIDI files of the notebook's folder, which Tab may put after the verb."""
    del studio
    found = sorted(path.name for path in Path().iterdir() if path.suffix.lower() in _SUFFIXES)
    return [f'"{name}"' if " " in name else name for name in found[:_MOST_LISTED]]


def open_file(desk: Desk, rest: str) -> None:
    """Show the clips of a file, and keep them in ``_song`` and ``_clip``; without a file, a place to drop one."""
    given = arguments(
        rest,
        (("file",), {"nargs": "?"}),
        (("-o", "--out"), {"metavar": "NAME", "default": "_song"}),
        verb="open",
        usage=OPEN_USAGE,
    )
    if not given.out.isidentifier():
        raise SetupError(f"{given.out!r} is not a name for a variable; write letters, digits and _")
    if given.file is None:
        _show_place(desk)
        return
    song = Arrangement.load(given.file)
    desk.shell.user_ns[given.out] = song
    desk.names.bound(given.out, "_clip")
    if song.clips:
        desk.shell.user_ns["_clip"] = song[0]
        desk.on_loop(lambda: desk.studio.clips.extend(song.clips))
    say(f"{song!r} is in {given.out}" + (", its first clip in _clip" if song.clips else ""))
    show_arrangement(desk, song)


def show_arrangement(desk: Desk, song: Arrangement) -> None:
    """Show the clips of an arrangement in one roll that plays; each can be edited and pushed."""
    if is_heard():
        overheard(Clips(song.clips, title=song.name))
    elif not desk.in_notebook:
        for number, clip in enumerate(song):
            say(roll_text(clip) if len(song) == 1 else f"{number:3} {clip!r}")
    elif song.clips:
        desk.outputs.show_song(song)


def _show_place(desk: Desk) -> None:
    if is_heard() or not desk.in_notebook:
        raise SetupError(f"%conduit open takes a file here; write it as %conduit open {OPEN_USAGE}")
    output = desk.outputs.make()
    output.settle()
    if output.view is not None:
        output.view.show_state(
            text="Drop a MIDI file here, from the desktop or from JupyterLab's file browser."
        )
    output.open()


async def dropped(output: Output, intent: dict[str, Any]) -> None:
    """Show a file that was dropped on a view, in place of its clip; its clips are the newest of the session.

    Raises:
        ClipError: It is no MIDI file, is broken, holds no notes or is too large.
    """
    song = await asyncio.to_thread(_read, intent["name"], intent["data"])
    clip = song.merged(name="" if song.name or len(song) == 1 else Path(intent["name"]).stem)
    output.studio.clips.append(clip)
    output.show(clip)
    output.answer = None
    output.status = f"opened from {intent['name']}; conduit.current().latest holds it"
    if output.view is not None:
        output.view.show_clip(clip)
        output.view.show_state(phase="ready", text="", footer=output.status, details=())
    await output.offer()
    await output.record()


def _read(name: str, data: str) -> Arrangement:
    if len(data) > MOST_BYTES * 4 // 3 + 4:
        raise ClipError(f"{name} is over 1 MB; open it with %conduit open")
    try:
        content = base64.b64decode("".join(data.split()), validate=True)  # Jupyter breaks it into lines
    except binascii.Error as error:
        raise ClipError(f"{name} did not arrive whole: {error}; drop it again") from error
    song = parse_midi(content, source=name, title=Path(name).stem)
    if not song.clips:
        raise ClipError(f"{name} holds no notes; choose a file with at least one")
    return song
