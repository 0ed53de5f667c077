"""How verbs read what follows them, and how they answer: lines of text, and tables."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from IPython.display import display

from conduit.drawing.table import Cell, Table, table_html, table_text
from conduit.errors import SetupError

if TYPE_CHECKING:
    from conduit_magics.desk import Desk

__all__ = ["say", "show", "words"]


def say(text: str) -> None:
    """Print a line."""
    sys.stdout.write(text + "\n")


def show(desk: Desk, table: Table) -> None:
    """Show a table: drawn in a notebook, in characters in a terminal; no key in it is shown."""
    clean = _clean(table, desk.studio.providers.scrub)
    text = table_text(clean)
    if desk.in_notebook:
        display({"text/html": table_html(clean), "text/plain": text}, raw=True)
    else:
        say(text)


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
