"""What a tool's function returns, made into what a model reads."""

from __future__ import annotations

import types
import typing
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from conduit.engine.plan import Change

__all__ = ["as_text", "gives_change"]

_METHODS = ("fingerprint", "apply")  # of a ``Change``, whose class is nobody's base


def gives_change(function: Callable[..., Any]) -> bool:
    """Say whether a function is annotated to return a ``Change``, and nothing else."""
    returned = typing.get_type_hints(function).get("return")
    union = typing.get_origin(returned) in {typing.Union, types.UnionType}
    kinds = typing.get_args(returned) if union else (returned,)
    return all(_is_change(kind) for kind in kinds)


def as_text(value: Any) -> str | Change:
    """Give text as it is, a change as it is, and anything else as JSON.

    Raises:
        TypeError: JSON cannot hold it, or it is only made as it is read.

    >>> as_text({"bpm": 128, "keys": ("A minor", None)})
    '{"bpm":128,"keys":["A minor",null]}'
    """
    if isinstance(value, str):
        return value
    if _is_change(type(value)):
        change: Change = value
        return change
    if value is None:
        return "done"
    if isinstance(value, Iterator | AsyncIterator):
        raise TypeError(f"it returned {type(value).__name__}, which is made as it is read; return a list")
    from pydantic_core import PydanticSerializationError, to_json  # noqa: PLC0415  with the first call

    try:
        return to_json(value, fallback=_plain).decode()
    except PydanticSerializationError as error:
        kind = type(value).__name__
        raise TypeError(
            f"it returned {kind}, of which JSON cannot be made ({error}); return text, numbers, lists, dicts, a "
            "dataclass or a pydantic model"
        ) from error


def _is_change(kind: Any) -> bool:
    return all(hasattr(kind, name) for name in _METHODS)


def _plain(value: Any) -> Any:
    """Give numpy's arrays and numbers as lists and numbers."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"no JSON can be made of {type(value).__name__}")
