"""Genres by name: those that ship as files in ``genres/``, and those that are added.

A file is read when its genre is first asked for, and once. What a folder of the user's holds is read by a shell and
handed in by ``add``.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from conduit.band.facts import PLAIN, Genre, Groove
from conduit.band.genre_file import merged, read_genre, read_yaml
from conduit.errors import SetupError

__all__ = ["GENRES", "PLAIN", "Genre", "Genres", "Groove"]

_SHORT = 3  # letters of a word that says nothing when it stands inside another


@cache
def _shipped() -> dict[str, str]:
    """The text of each file, by the name of its genre."""
    folder = files("conduit.band") / "genres"
    found = {one.name: one for one in folder.iterdir() if one.name.endswith(".yaml")}
    return {
        name.removesuffix(".yaml").replace("_", " "): found[name].read_text("utf-8") for name in sorted(found)
    }


class Genres(Mapping[str, Genre]):
    """Genres by name.

    Args:
        texts: Files' texts by name; by default those that ship.

    Attributes:
        edition: Rises when a genre comes or goes, so that tables made of all genres know that they are old.
        faults: What is wrong with genres that could not be added, by name.
    """

    def __init__(self, texts: Mapping[str, str] | None = None) -> None:
        self._texts = texts
        self._tables: dict[str, dict[str, Any]] = {}
        self._made: dict[str, Genre] = {}
        self._own: dict[str, tuple[dict[str, Any], Genre]] = {}
        self.edition = 0
        self.faults: dict[str, str] = {}

    def __getitem__(self, name: str) -> Genre:
        if name in self._own:
            return self._own[name][1]
        if name not in self._made:
            self._made[name] = read_genre(self._table(name), name=name, file=_file(name))
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys([*self._files, *self._own]))

    def __len__(self) -> int:
        return len({*self._files, *self._own})

    @property
    def own(self) -> tuple[str, ...]:
        """Names of those that were added."""
        return tuple(self._own)

    def add(self, text: str, *, name: str, file: str) -> Genre:
        """Add a genre, or put one in the place of another of its name.

        Args:
            text: A genre file's text.
            name: What it is called where the text does not say.
            file: Where the text is from, for messages.

        Raises:
            SetupError: It cannot be read, or an alias is the name of a genre that ships; nothing is added then.
        """
        table = read_yaml(text, file=file)
        called = " ".join(str(table.get("name", name)).lower().split())
        if "like" in table:
            table = merged(table, self._base(str(table["like"]).lower(), called, file=file))
        genre = read_genre(table, name=called, file=file)
        for alias in genre.aliases:
            if alias != genre.name and " ".join(alias.replace("-", " ").split()) in self._files:
                raise SetupError(f"{file}: aliases: {alias!r} is a genre that ships; write another word")
        self._own[called] = (table, genre)
        self.edition += 1
        return genre

    def clear(self) -> None:
        """Take away what was added, and what was found wrong."""
        self._own, self.faults = {}, {}
        self.edition += 1

    def near(self, word: str) -> list[str]:
        """Give the names that come near a word, the nearest first; also by what else they are called.

        >>> GENRES.near("tehcno"), GENRES.near("liquid drum'n bass")[:1]
        (['techno'], ['drum and bass'])
        """
        words = {alias: name for name in self for alias in (name, *self[name].aliases)}
        close = difflib.get_close_matches(word.lower(), words, n=6, cutoff=0.6)
        held = [alias for alias in words if len(alias) > _SHORT and alias in word.lower()]
        return list(dict.fromkeys(words[alias] for alias in [*close, *held]))[:3]

    @property
    def _files(self) -> Mapping[str, str]:
        return _shipped() if self._texts is None else self._texts

    def _base(self, like: str, name: str, *, file: str) -> dict[str, Any]:
        """The fields of the genre that one is like; one like its own name means the shipped one."""
        if like in self._own and like != name:
            return self._own[like][0]
        if like in self._files:
            return self._table(like)
        near = ", ".join(self.near(like)) or ", ".join(self)
        raise SetupError(f"{file}: like: there is no genre {like!r}; there is {near}", valid=list(self))

    def _table(self, name: str) -> dict[str, Any]:
        """The fields of a shipped genre, which is like another shipped one, whatever was added under that name."""
        if name not in self._tables:
            table = read_yaml(self._files[name], file=_file(name))
            self._tables[name] = merged(table, self._table(table["like"])) if "like" in table else table
        return self._tables[name]


def _file(name: str) -> str:
    return f"{name.replace(' ', '_')}.yaml"


GENRES = Genres()
"""The genres that there are."""
