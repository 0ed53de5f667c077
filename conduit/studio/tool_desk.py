"""The studio's way to tools: which there are, and which of them the models may use. None until one is chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conduit.engine.tool import Tool
from conduit.errors import SetupError
from conduit.tools import Offer, Sources, chosen, offered

if TYPE_CHECKING:
    from conduit.store import Store

__all__ = ["ToolDesk"]


class ToolDesk:
    """Tools of Conduit's and of the user's own; those that are chosen go with every question.

    Args:
        store: Gives the store, when it is first needed.
        clean: Takes keys out of whatever goes to a model.

    Attributes:
        variables: Gives a notebook's variables as they are now; None where there is no notebook.
        folder: The one folder whose files may be read; None for none.
        names: What is chosen.
    """

    def __init__(self, *, store: Callable[[], Store], clean: Callable[[str], str]) -> None:
        self.variables: Callable[[], Mapping[str, Any]] | None = None
        self.folder: Path | None = None
        self.names: tuple[str, ...] = ()
        self._store = store
        self._clean = clean
        self._own: dict[str, Tool] = {}

    @property
    def offers(self) -> dict[str, Offer]:
        """Every tool by name, with what it does and how much it can change."""
        own = {
            name: Offer(name, "own", tool.description.partition("\n")[0], tool.tier)
            for name, tool in self._own.items()
        }
        return offered(self._sources(self.folder)) | own

    def choose(
        self, names: Iterable[str], *, folder: str | Path | None = None, own: Iterable[Tool] = ()
    ) -> None:
        """Let models use these tools and no others, from the next question on.

        Args:
            names: Names of tools, or of groups of them; those of ``own`` need not be named.
            folder: The one folder whose files may be read; by default the one before.
            own: Tools of the user's own.

        Raises:
            SetupError: There is no such tool, or something that it needs is missing; nothing changes then.
        """
        wanted = tuple(dict.fromkeys(names))
        place = self.folder if folder is None else Path(folder).expanduser()
        if place is not None and not place.is_dir():
            raise SetupError(f"{place} is not a folder; name one whose files may be read")
        mine = {tool.name: tool for tool in own}
        chosen([name for name in wanted if name not in mine], self._sources(place))
        self.folder, self._own = place, mine
        self.names = tuple(dict.fromkeys((*wanted, *mine)))

    def tools(self) -> list[Tool]:
        """Give what is chosen."""
        given = [name for name in self.names if name not in self._own]
        return [*chosen(given, self._sources(self.folder)), *self._own.values()]

    def _sources(self, folder: Path | None) -> Sources:
        return Sources(variables=self.variables, folder=folder, store=self._store, clean=self._clean)
