"""What Anthropic's own server refuses: old ways to think with new models, and parts of JSON schemas.

Sources: the types and ``transform_schema`` of the ``anthropic`` 2.11 package, and the provider's pages on adaptive
thinking and on structured outputs. Not tried on that server.
"""

from __future__ import annotations

import json
from typing import Any

__all__ = ["is_adaptive", "narrowed", "takes_schema"]

_BUDGETED = (
    "claude-2",
    "claude-3",
    "claude-instant",
    "claude-haiku-4",
    "claude-sonnet-4",
    "claude-opus-4-0",
    "claude-opus-4-1",
    "claude-opus-4-2025",
    "claude-opus-4-5",
    "claude-opus-4-6",
)
"""How the names of the models begin that take a budget to think with, and a temperature."""

_SCHEMALESS = (
    "claude-2",
    "claude-3",
    "claude-instant",
    "claude-sonnet-4-0",
    "claude-sonnet-4-2025",
    "claude-opus-4-0",
    "claude-opus-4-2025",
)
"""How the names of the models begin that have no structured outputs."""

_PLAIN = ("type", "enum", "const", "required", "title", "description", "$ref")
_MAPS = ("properties", "$defs", "definitions")
_CHOICES = {"anyOf": "anyOf", "oneOf": "anyOf", "allOf": "allOf"}
_SILENT = ("additionalProperties", "$schema", "$id")
"""Keywords that are left out without a word: they tell a model nothing."""
_FORMATS = ("date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid")


def is_adaptive(model: str) -> bool:
    """Say whether a model of Anthropic's decides by itself how long it thinks and how it samples.

    >>> is_adaptive("claude-opus-5-5"), is_adaptive("claude-opus-4-6")
    (True, False)
    """
    return not model.startswith(_BUDGETED)


def takes_schema(model: str) -> bool:
    """Say whether Anthropic's server makes this model's answers fit a schema.

    >>> takes_schema("claude-sonnet-5-5"), takes_schema("claude-3-5-haiku-latest")
    (True, False)
    """
    return not model.startswith(_SCHEMALESS)


def narrowed(schema: dict[str, Any]) -> dict[str, Any]:
    """Rewrite a JSON schema with the keywords that are taken; the others are told in the description.

    Args:
        schema: It stays as it is.

    >>> narrowed({"type": "integer", "minimum": 0, "maximum": 127})
    {'type': 'integer', 'description': '{minimum: 0, maximum: 127}'}
    """
    if "$ref" in schema:  # no neighbour but the definitions is allowed
        schema = {name: value for name, value in schema.items() if name == "$ref" or name in _MAPS[1:]}
    kept: dict[str, Any] = {}
    lost: list[str] = []
    for name, value in schema.items():
        taken = _taken(name, value)
        kept.update(taken)
        if not taken and name not in _SILENT:
            lost.append(f"{name}: {json.dumps(value, ensure_ascii=False)}")
    if _is_object(schema):
        kept["additionalProperties"] = False
    if lost:
        told = "{" + ", ".join(lost) + "}"
        kept["description"] = "\n\n".join(filter(None, (kept.get("description"), told)))
    return kept


def _taken(name: str, value: Any) -> dict[str, Any]:
    """Write a keyword as the server takes it; nothing where it does not."""
    if name in _MAPS and isinstance(value, dict):
        return {name: {key: _inner(inner) for key, inner in value.items()}}
    if name in _CHOICES and isinstance(value, list):
        return {_CHOICES[name]: [_inner(inner) for inner in value]}
    if name == "items":
        return {name: _inner(value)}
    bounded = (name == "minItems" and value in (0, 1)) or (name == "format" and value in _FORMATS)
    return {name: value} if bounded or name in _PLAIN else {}


def _inner(schema: Any) -> Any:
    return narrowed(schema) if isinstance(schema, dict) else schema


def _is_object(schema: dict[str, Any]) -> bool:
    kind = schema.get("type")
    return kind == "object" or (isinstance(kind, list) and "object" in kind) or "properties" in schema
