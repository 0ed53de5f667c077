"""How music shows itself at the end of a cell; what is edited there is followed in the variable that was named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conduit.drawing import roll_text
from conduit.music import Arrangement, Clip
from conduit_magics.file_verb import show_arrangement
from conduit_magics.saying import say

if TYPE_CHECKING:
    from conduit.widgets import ClipView
    from conduit_magics.desk import Desk

__all__ = ["show_clip", "show_pretty_midi", "show_song", "show_view"]


def show_clip(desk: Desk, clip: Clip) -> None:
    """Show a clip as a roll that plays and can be pushed."""
    _follow(desk, clip)
    desk.outputs.show(clip)


def show_song(desk: Desk, song: Arrangement) -> None:
    """Show the clips of an arrangement in one roll."""
    _follow(desk, song)
    show_arrangement(desk, song)


def show_pretty_midi(desk: Desk, midi: Any) -> None:
    """Show a ``pretty_midi.PrettyMIDI`` as the arrangement that it makes; the object itself stays as it is."""
    song = Arrangement.from_pretty_midi(midi)
    if song.clips:
        show_arrangement(desk, song)
    else:
        say(f"{midi!r} holds no notes")


def show_view(desk: Desk, view: ClipView) -> None:
    """Show a view with a record beside it, which is there when the notebook is opened again."""
    if desk.in_notebook:
        desk.outputs.show_view(view)
    else:
        for clip in view.parts:
            say(roll_text(clip))


def _follow(desk: Desk, value: object) -> None:
    """Follow edits in the variable that the cell ends with, if it holds what is shown."""
    cells = desk.shell.user_ns.get("In") or [""]
    name = str(cells[-1]).strip().rpartition("\n")[2].strip()
    if name.isidentifier() and desk.shell.user_ns.get(name) is value:
        desk.names.bound(name)
