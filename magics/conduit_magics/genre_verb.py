"""The verb about genres: which there are, and what each means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conduit.band.genre import GENRES, Genre
from conduit.composer.options import valid_genre
from conduit.drawing.table import Cell, Column, Table
from conduit.errors import SetupError
from conduit_magics.saying import say, show

if TYPE_CHECKING:
    from conduit.studio import Studio
    from conduit_magics.desk import Desk

__all__ = ["genre_names", "genres"]

_COLUMNS = (
    Column("genre"),
    Column("tempo", numeric=True),
    Column("usual", numeric=True),
    Column("swing", numeric=True),
    Column("scales", width=28),
    Column("what it is", wraps=True, width=72),
)


def genre_names(studio: Studio | None) -> list[str]:
    """Give what Tab may put after the verb, and after ``--genre``."""
    del studio
    return list(GENRES)


def genres(desk: Desk, rest: str) -> None:
    """List the genres, those of the user's own folder first read again; or say all of one."""
    folder = desk.studio.read_genres()
    if name := rest.strip().strip("\"'"):
        try:
            found = valid_genre(name)
        except ValueError as error:
            raise SetupError(str(error), valid=list(GENRES)) from error
        _tell(GENRES[found or name])
        return
    rows = [_row(GENRES[name], own=name in GENRES.own) for name in GENRES]
    notes = [f"not read: {fault}" for fault in GENRES.faults.values()]
    notes.append(f"%conduit genres NAME says more. A file in {folder} adds one: bpm: 124, like: house, …")
    show(desk, Table(_COLUMNS, rows, notes=notes))


def _row(genre: Genre, *, own: bool) -> list[Cell]:
    slow, fast = genre.tempo
    swing = f"{genre.swing} %" if genre.swing > 50 else "straight"
    cells = [genre.name, f"{slow:g}-{fast:g}", f"{genre.bpm:g}", swing, ", ".join(genre.scales), genre.about]
    title = "your own" if own else ", ".join(genre.aliases)
    return [Cell(cells[0], title, "strong"), *map(Cell, cells[1:])]


def _tell(genre: Genre) -> None:
    slow, fast = genre.tempo
    swung = {8: "eighths", 16: "sixteenths"}.get(genre.swing_grid, "sixteenths")
    said = {
        genre.name: genre.about,
        "also": ", ".join(genre.aliases),
        "tempo": f"{slow:g}-{fast:g} bpm, usually {genre.bpm:g}",
        "metres": ", ".join(genre.meters),
        "swing": f"{genre.swing} % of {swung}" if genre.swing > 50 else "straight",
        "scales": ", ".join(genre.scales),
        "keys": ", ".join(genre.keys),
        "played by": ", ".join(genre.instruments),
        "sections": ", ".join(f"{name} {bars}" for name, bars in genre.sections),
        "alone": f"{genre.role} is what is made where no part is named",
    }
    for label, text in said.items():
        if text:
            say(f"{label:>{max(9, len(genre.name))}}  {text}")
