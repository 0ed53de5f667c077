"""Notebook variables: which there are, and what one holds. Read only; see ``outline`` for what is never run."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import Field

from conduit.engine.define import tool
from conduit.engine.risk import Tier
from conduit.engine.tool import Tool
from conduit.errors import SetupError
from conduit.keys import sounds_secret
from conduit.tools.near import meant
from conduit.tools.outline import kind, outline

__all__ = ["variable_tools"]

_MOST = 200
_NAME_LENGTH = 80
_NOTEBOOKS_OWN = frozenset({"In", "Out", "exit", "quit", "get_ipython", "open"})
_KEPT_BACK = "kept back: it sounds like a secret"


def variable_tools(
    variables: Callable[[], Mapping[str, Any]], *, clean: Callable[[str], str]
) -> tuple[Tool, ...]:
    """Make the tools that look at the variables of a notebook.

    Args:
        variables: Gives them as they are now.
        clean: Takes keys out of a text.
    """

    @tool(tier=Tier.READ_ONLY)
    def list_variables(name_contains: str = "") -> str:
        """List the variables of the user's notebook: the name of each and what kind of thing it is.

        Args:
            name_contains: Only those whose name contains this; capitals do not matter.
        """
        wanted = name_contains.casefold()
        found = {name: value for name, value in _shown(variables()).items() if wanted in name.casefold()}
        lines = [_line(name, found[name]) for name in sorted(found)[:_MOST]]
        if len(found) > _MOST:
            lines.append(f"{len(found) - _MOST} more; narrow them with name_contains")
        return clean("\n".join(lines) or "no variables")

    @tool(tier=Tier.READ_ONLY)
    def inspect_variable(name: str, start: Annotated[int, Field(ge=0)] = 0) -> str:
        """Show what a variable of the user's notebook holds, such as the notes of a clip or the rows of a table.

        Args:
            name: Its name as list_variables gives it; attributes and items are not looked up.
            start: The first item, row, bar or character to show, from 0.
        """
        shown = _shown(variables())
        if name not in shown:
            raise SetupError(f"there is no variable {meant(clean(name[:_NAME_LENGTH]), shown)}")
        if sounds_secret(name):
            raise SetupError(f"{name} is {_KEPT_BACK}")
        told = f"{name}: {kind(shown[name])}\n{outline(shown[name], start=start, clean=clean)}"
        return clean(told)

    return (list_variables.tool, inspect_variable.tool)


def _shown(variables: Mapping[str, Any]) -> dict[str, Any]:
    # A copy: a cell may add names meanwhile.
    return {
        name: value
        for name, value in dict(variables).items()
        if not name.startswith("_") and name not in _NOTEBOOKS_OWN and type(value) is not types.ModuleType
    }


def _line(name: str, value: Any) -> str:
    return f"{name[:_NAME_LENGTH]}: {_KEPT_BACK if sounds_secret(name) else kind(value)}"
