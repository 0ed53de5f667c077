"""JSON schemas in the form that every provider's schema mode takes.

OpenAI's strict mode demands that every object names all it may hold, that nothing stands beside a ``$ref``, and
that the whole is an object. Others take that too, and it leaves a model the least room for mistakes.

Source: OpenAI's page on structured outputs, and ``to_strict_json_schema`` of its package.
"""

from __future__ import annotations

from typing import Any

__all__ = ["closed", "is_object", "wrapped"]

_MAPS = ("properties", "$defs", "definitions")
_DROPPED = ("default", "title")
"""Keywords that tell a model nothing it needs; a default would invite it to leave a field out."""


def closed(schema: dict[str, Any]) -> dict[str, Any]:
    """Rewrite a schema so that its objects hold exactly what they list.

    >>> closed({"type": "object", "properties": {"root": {"type": "string", "default": "C"}}})["required"]
    ['root']
    """
    definitions = schema.get("$defs", {})
    whole: dict[str, Any] = _closed(_inlined(schema, definitions), definitions)
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


def _closed(schema: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_closed(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema and len(schema) > 1:
        name = _target(schema)
        # What is being put in place is not put into itself again.
        rest = {key: part for key, part in definitions.items() if key != name}
        return _closed(_inlined(schema, definitions), rest)
    kept = {
        name: _members(part, definitions) if name in _MAPS else _part(name, part, definitions)
        for name, part in schema.items()
        if name not in _DROPPED
    }
    if "properties" in kept:
        kept["required"] = list(kept["properties"])
        kept.setdefault("additionalProperties", False)
    return kept


def _part(name: str, part: Any, definitions: dict[str, Any]) -> Any:
    return part if name in {"enum", "const", "required", "examples"} else _closed(part, definitions)


def _members(part: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    return {key: _closed(inner, definitions) for key, inner in part.items()}


def _target(schema: dict[str, Any]) -> str:
    return str(schema.get("$ref", "")).removeprefix("#/$defs/")


def _inlined(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Put what a ``$ref`` means in its place, one level deep; what stood beside it counts more."""
    if "$ref" not in schema:
        return schema
    target = definitions.get(_target(schema))
    if target is None:
        return {"$ref": schema["$ref"]}
    return {**target, **{name: part for name, part in schema.items() if name != "$ref"}}
