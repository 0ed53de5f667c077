"""The type that ``--parse`` names. Nothing is evaluated: a variable, a type of Python's own, or a list of those."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import GenericAlias
from typing import Any, get_args, get_origin

from conduit.channel import Parser
from conduit.errors import SetupError
from conduit_magics.insert import near

__all__ = ["kinds", "parser_of"]

_OWN: dict[str, Any] = {kind.__name__: kind for kind in (bool, dict, float, int, list, str)}
_LIST = re.compile(r"list\[\s*(?P<inner>.+?)\s*\]")
_HINT = "it is a variable that holds a type, such as a pydantic class, or int, str, list[NAME]"


def kinds(variables: Mapping[str, Any]) -> list[str]:
    """Name the variables that hold a type which was made in the notebook, or a parser."""
    return [name for name, value in variables.items() if name[:1] != "_" and _is_own(value)]


def parser_of(name: str, variables: Mapping[str, Any]) -> Parser[Any]:
    """Make the parser for a type.

    Args:
        name: As it was written after ``--parse``.
        variables: The notebook's variables.

    Raises:
        SetupError: There is no such type, or no model can be asked for one.
    """
    value = _named(name, variables, whole=name)
    return value if isinstance(value, Parser) else Parser(value)


def _named(name: str, variables: Mapping[str, Any], *, whole: str) -> Any:
    listed = _LIST.fullmatch(name)
    if listed:
        return GenericAlias(list, (_named(listed["inner"], variables, whole=whole),))
    if name not in variables and name in _OWN:
        return _OWN[name]
    known = kinds(variables)
    if name not in variables:
        more = f"; there is {', '.join(known)}" if known else ""
        raise SetupError(
            f"--parse {whole}: there is no {name}{near(name, known)}; {_HINT}{more}", valid=known
        )
    value = variables[name]
    if not (_is_type(value) or isinstance(value, Parser)):
        raise SetupError(
            f"--parse {whole}: {name} is a {type(value).__name__}, no type; {_HINT}", valid=known
        )
    return value


def _is_own(value: Any) -> bool:
    if isinstance(value, type) and not get_args(value):
        return value.__module__ == "__main__"  # what was imported is not meant, as a rule
    return isinstance(value, Parser) or _is_type(value)


def _is_type(value: Any) -> bool:
    named = type(value).__name__ == "TypeAliasType"  # ``type Chords = …``, since Python 3.12
    return isinstance(value, type) or get_origin(value) is not None or named
