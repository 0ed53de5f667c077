"""The catalogue: every tool that comes with Conduit, visible, and off until it is chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conduit.engine.risk import Tier
from conduit.engine.tool import Tool
from conduit.errors import SetupError
from conduit.keys import Keys
from conduit.tools.files import file_tools
from conduit.tools.folder import Folder
from conduit.tools.memory import memory_tools
from conduit.tools.near import meant
from conduit.tools.search import search_tools
from conduit.tools.skill import Skills, skill_tools
from conduit.tools.variables import variable_tools

if TYPE_CHECKING:
    from conduit.store import Store

__all__ = ["Offer", "Sources", "chosen", "offered"]


@dataclass(frozen=True, slots=True)
class Sources:
    """What the tools may look at. What is not given cannot be chosen.

    Attributes:
        variables: Gives the notebook's variables as they are now.
        folder: The one folder whose files may be read.
        store: Gives the store, when it is first needed.
        skills: Where skills are; by default the user's own and those that come with Conduit.
        clean: Takes keys out of whatever goes to a model; by default what is shaped like one.

    >>> Sources(variables=lambda: {"bpm": 128}).folder is None
    True
    """

    variables: Callable[[], Mapping[str, Any]] | None = None
    folder: str | Path | None = None
    store: Callable[[], Store] | None = None
    skills: Skills = field(default_factory=Skills.installed)
    clean: Callable[[str], str] = field(default_factory=lambda: Keys({}).scrub)


@dataclass(frozen=True, slots=True)
class Offer:
    """A tool that may be chosen.

    Attributes:
        name: What it, and the model, is given it by.
        group: What it is one of: ``variables``, ``files``, ``search``, ``memory`` or ``skills``.
        does: What it does, one line.
        tier: How much it can change.
        needs: What has to be given before it can be chosen; empty where nothing is missing.

    >>> offered()["read_file"].needs
    'a folder'
    """

    name: str
    group: str
    does: str
    tier: Tier
    needs: str = ""


def offered(sources: Sources | None = None) -> dict[str, Offer]:
    """List every tool by name, with what it does and how much it can change.

    >>> [name for name, offer in offered().items() if offer.tier is not Tier.READ_ONLY]
    ['remember', 'forget']
    """
    given = sources or Sources()
    return {
        made.name: Offer(made.name, group, _first_line(made.description), made.tier, needs)
        for group, (needs, tools) in _groups(given).items()
        for made in tools
    }


def chosen(names: str | Iterable[str], sources: Sources | None = None) -> list[Tool]:
    """Give the tools that were chosen, each once, in the order of the catalogue.

    Args:
        names: Names of tools, or of groups: ``files`` is every tool for files.
        sources: What they may look at.

    Raises:
        SetupError: A name is none of them, or a tool's source is not given.

    >>> [made.name for made in chosen(["skills"])]
    ['list_skills', 'load_skill', 'read_skill_resource']
    """
    groups = _groups(sources or Sources())
    every = [made for _, tools in groups.values() for made in tools]
    valid = [*groups, *(made.name for made in every)]
    wanted = {names} if isinstance(names, str) else set(names)
    for name in sorted(wanted):
        if name not in valid:
            raise SetupError(f"there is no tool {meant(name, valid)}", valid=valid)
    found: list[Tool] = []
    for group, (needs, tools) in groups.items():
        some = [made for made in tools if group in wanted or made.name in wanted]
        if some and needs:
            raise SetupError(f"{some[0].name} needs {needs}; give it and choose again")
        found += some
    return found


def _groups(given: Sources) -> dict[str, tuple[str, tuple[Tool, ...]]]:
    """Give each group's tools, with what is missing for them to be chosen; until then they are only listed."""
    clean = given.clean
    no_variables, no_folder, no_store = (
        "" if source else needs
        for source, needs in (
            (given.variables, "a notebook's variables"),
            (given.folder, "a folder"),
            (given.store, "a store"),
        )
    )
    store = given.store or _no_store
    return {
        "variables": (no_variables, variable_tools(given.variables or dict, clean=clean)),
        "files": (no_folder, file_tools(Folder(given.folder or ""), clean=clean)),
        "search": (no_store, search_tools(store, clean=clean)),
        "memory": (no_store, memory_tools(store, clean=clean)),
        "skills": ("", skill_tools(given.skills, clean=clean)),
    }


def _no_store() -> Store:
    raise SetupError("no store was given")


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]
