"""How verbs read what follows them, and how they answer: everything a verb says goes through a door of this module.

In a cell it is printed and displayed. Whoever runs a verb inside ``heard`` gets what it says as values instead, to
show them in a way of its own.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from IPython.display import display

from conduit.drawing.table import Cell, Table, table_html, table_text
from conduit.errors import SetupError

if TYPE_CHECKING:
    from conduit.audio.sound import Sound
    from conduit.composer.aim import Aim
    from conduit.engine.plan import Plan
    from conduit.music import Clip
    from conduit_magics.desk import Desk

__all__ = [
    "Clips",
    "Heard",
    "Line",
    "Page",
    "Proposed",
    "Said",
    "Shown",
    "heard",
    "is_heard",
    "overheard",
    "play",
    "say",
    "say_as_it_comes",
    "show",
    "show_page",
    "words",
]


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, or some lines that belong together."""

    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A table; no key is in it."""

    table: Table


@dataclass(frozen=True, slots=True)
class Page:
    """A text that is set in lines of its own, such as a drawing in characters."""

    text: str


@dataclass(frozen=True, slots=True)
class Clips:
    """Clips to be shown as rolls.

    Attributes:
        clips: In their order.
        title: What they are together, empty where they are nothing.
        aim: Where in the Live set they are offered to be pushed; None where that is not said.
    """

    clips: tuple[Clip, ...]
    title: str = ""
    aim: Aim | None = None


@dataclass(frozen=True, slots=True)
class Proposed:
    """A plan that waits for a decision.

    Attributes:
        plan: As it was made.
        clip: What it is about, None where it is about no clip.
    """

    plan: Plan
    clip: Clip | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """A sound to be played.

    Attributes:
        wav: A WAV file, 16-bit PCM, stereo.
    """

    wav: bytes


Said = Line | Shown | Page | Clips | Proposed | Heard
"""What a verb can say."""

_LISTENER: ContextVar[list[Said] | None] = ContextVar("conduit_listener", default=None)


@contextmanager
def heard() -> Iterator[list[Said]]:
    """Collect what verbs say, in order, for the thread and the context that this is entered in.

    >>> with heard() as said:
    ...     say("launched 2/1")
    >>> said
    [Line(text='launched 2/1')]
    """
    said: list[Said] = []
    token = _LISTENER.set(said)
    try:
        yield said
    finally:
        _LISTENER.reset(token)


def is_heard() -> bool:
    """Say whether somebody collects what verbs say, so that nothing is to be displayed."""
    return _LISTENER.get() is not None


def overheard(what: Said) -> bool:
    """Give something to whoever collects what verbs say; False where nobody does and it is still to be shown."""
    listener = _LISTENER.get()
    if listener is None:
        return False
    listener.append(what)
    return True


def say(text: str) -> None:
    """Print a line."""
    if not overheard(Line(text)):
        sys.stdout.write(text + "\n")


def say_as_it_comes(parts: Iterable[str]) -> None:
    """Print the parts of a text, each as soon as it is there."""
    if is_heard():
        overheard(Line("".join(parts).rstrip("\n")))
        return
    for part in parts:
        # Written here and not where it comes from, so that it stands under the cell that runs.
        sys.stdout.write(part)
        sys.stdout.flush()


def show(desk: Desk, table: Table) -> None:
    """Show a table: drawn in a notebook, in characters in a terminal; no key in it is shown."""
    clean = _clean(table, desk.studio.providers.scrub)
    if not overheard(Shown(clean)):
        show_page(desk, table_text(clean), lambda: table_html(clean))


def show_page(desk: Desk, text: str, draw: Callable[[], str]) -> None:
    """Show a text that a notebook has a drawing of.

    Args:
        desk: Where it is shown.
        text: What stands for it where nothing is drawn.
        draw: Gives the HTML; only asked where it is shown.
    """
    if overheard(Page(text)):
        return
    if desk.in_notebook:
        display({"text/html": draw(), "text/plain": text}, raw=True)
    else:
        say(text)


def play(sound: Sound) -> None:
    """Show a player."""
    if is_heard():
        overheard(Heard(sound.wav()))
    else:
        display(sound)


def words(rest: str) -> list[str]:
    """Split what follows a verb; quotes hold words together.

    Raises:
        SetupError: A quote is left open.
    """
    try:
        return shlex.split(rest)
    except ValueError as error:
        raise SetupError(f"%conduit: {error} in {rest!r}; close every quote") from error


def _clean(table: Table, scrub: Callable[[str], str]) -> Table:
    """Take every key out of what providers said, and make one line of it."""

    def line(text: str) -> str:
        return " ".join(scrub(text).split())

    cells = [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in table.rows]
    rows = [[Cell(line(cell.text), line(cell.title), cell.tone) for cell in row] for row in cells]
    return replace(table, rows=rows, title=line(table.title))
