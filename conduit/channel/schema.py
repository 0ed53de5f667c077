"""JSON schemas in the form that every provider's schema mode takes.

OpenAI's strict mode demands that every object names all it may hold, that a choice is an ``anyOf``, that nothing
stands beside a ``$ref``, and that the whole is an object. Others take that too, and it leaves a model the least
room for mistakes.

Source: OpenAI's page on structured outputs, and ``to_strict_json_schema`` of its package.
"""

from __future__ import annotations

from typing import Any

__all__ = ["closed", "is_object", "wrapped"]

_MAPS = ("properties", "$defs", "definitions")
_VALUES = ("enum", "const", "required", "examples")
_DROPPED = ("default", "title", "discriminator")
"""Keywords that tell a model nothing it needs; a default would invite it to leave a field out."""
_RENAMED = {"oneOf": "anyOf"}
"""What a strict server does not know, and what says enough of the same."""


def closed(schema: dict[str, Any]) -> dict[str, Any]:
    """Rewrite a schema so that its objects hold exactly what they list.

    >>> closed({"type": "object", "properties": {"root": {"type": "string", "default": "C"}}})["required"]
    ['root']
    """
    root = schema.get("$defs", {}).get(str(schema.get("$ref", "")).removeprefix("#/$defs/"), {})
    beside = {name: part for name, part in schema.items() if name != "$ref"}
    whole: dict[str, Any] = _closed({**root, **beside})
    return whole


def is_object(schema: dict[str, Any]) -> bool:
    """Say whether the root of a schema is an object, and nothing else."""
    return schema.get("type") == "object"


def wrapped(schema: dict[str, Any]) -> dict[str, Any]:
    """Put a schema whose root is no object under the one name ``value``."""
    inner = {name: part for name, part in schema.items() if name != "$defs"}
    whole = {
        "type": "object",
        "properties": {"value": inner},
        "required": ["value"],
        "additionalProperties": False,
    }
    return {**whole, "$defs": schema["$defs"]} if "$defs" in schema else whole


def _closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return list(map(_closed, schema))
    if not isinstance(schema, dict):
        return schema
    kept = {
        _RENAMED.get(name, name): _part(name, part) for name, part in schema.items() if name not in _DROPPED
    }
    if "properties" in kept:
        kept["required"] = list(kept["properties"])
        kept.setdefault("additionalProperties", False)
    if "$ref" in kept and len(kept) > 1:
        return {"anyOf": [{"$ref": kept.pop("$ref")}], **kept}
    return kept


def _part(name: str, part: Any) -> Any:
    if name in _MAPS:
        return {key: _closed(inner) for key, inner in part.items()}
    return part if name in _VALUES else _closed(part)
