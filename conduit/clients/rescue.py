"""Tool calls that a model printed as text.

Small models often ignore the form their own server reads and print the call as JSON, bare, in a code fence or in
tags. What may become such a call is held back from the screen until it is decided. Pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

__all__ = ["TextGate", "read_calls"]

_OPENING = re.compile(r"```(?:json|tool_call|tool_calls)?[ \t]*\n?|<(?:tool_call|function_call|tools)>|\{|\[")
_MOST_HELD = 4096
"""Characters that are held back while the tool's name has not come."""
_FENCES = re.compile(r"```\w*|</?(?:tool_call|function_call|tools)>")
_BEFORE = ("\n", ".", ":", "!")
"""A bare call begins a text, a line, or follows a sentence."""
_ARGUMENTS = ("arguments", "parameters", "args", "input")


class TextGate:
    """Lets words through and holds back what may be a tool call.

    Args:
        tools: Names of the tools that were offered; only these can be called.

    >>> gate = TextGate(["play"])
    >>> gate.feed("Sure. "), gate.feed('{"name": "pl'), gate.feed('ay", "arguments": {"bar": 1}}')
    ('Sure. ', '', '')
    >>> gate.finish()
    ('', [('play', '{"bar": 1}')])
    """

    def __init__(self, tools: Iterable[str]) -> None:
        self._tools = frozenset(tools)
        self._held: list[str] = []
        self._length = 0
        self._named = False
        self._at_start = True

    def feed(self, piece: str) -> str:
        """Take a piece; give what can be shown."""
        if self._held:
            return self._hold(piece)
        opening = self._opening(piece)
        if opening is None:
            said = piece.rstrip(" \t")
            self._at_start = said.endswith(_BEFORE) if said else self._at_start
            return piece
        return piece[:opening] + self._hold(piece[opening:])

    def finish(self) -> tuple[str, list[tuple[str, str]]]:
        """Give the rest: words, or the calls that they are, each with its name and raw JSON arguments."""
        text = self._release()
        calls = read_calls(text, tools=self._tools)
        return ("", calls) if calls else (text, [])

    def _opening(self, piece: str) -> int | None:
        """Find where something begins that may be a call: at the start of a line, or after a sentence."""
        for match in _OPENING.finditer(piece):
            before = piece[: match.start()].rstrip(" \t")
            starts = before.endswith(_BEFORE) if before else self._at_start
            if starts or match[0].startswith(("```", "<")):
                return match.start()
        return None

    def _hold(self, piece: str) -> str:
        self._held.append(piece)
        self._length += len(piece)
        if self._named:
            return ""
        text = "".join(self._held)
        self._named = any(f'"{name}"' in text for name in self._tools)
        if not self._named and (self._length > _MOST_HELD or not _may_be_call(text)):
            return self._release()
        return ""

    def _release(self) -> str:
        text = "".join(self._held)
        self._held, self._length, self._named = [], 0, False
        self._at_start = text.endswith("\n")
        return text


_STARTS = ('{"name"', '{"function"', '{"tool"', '{"type"', '{"id"', *(f'{{"{word}"' for word in _ARGUMENTS))


def _may_be_call(text: str) -> bool:
    """Say whether a text that is not whole yet can still be a tool call."""
    if "```".startswith(text) or (text.startswith("<") and ">" not in text):
        return True
    inside = re.sub(r"\s+", "", _FENCES.sub("", text)).lstrip("[")
    inside = inside.removeprefix("json") if text.startswith("```") else inside
    return any(start.startswith(inside) or inside.startswith(start) for start in _STARTS)


def read_calls(text: str, *, tools: Iterable[str]) -> list[tuple[str, str]]:
    """Read the tool calls that a text consists of; an empty list if it is anything else.

    Args:
        text: JSON objects with a name and arguments, in fences, tags, a list, or bare.
        tools: Names that count.
    """
    found: list[tuple[str, str]] = []
    rest = _FENCES.sub(" ", text).strip()
    reader = json.JSONDecoder()
    while rest:
        try:
            value, end = reader.raw_decode(rest)
        except ValueError:
            return []
        for item in value if isinstance(value, list) else [value]:
            call = _call(item, frozenset(tools))
            if call is None:
                return []
            found.append(call)
        rest = rest[end:].lstrip(" \t\r\n,;")
    return found


def _call(item: Any, tools: frozenset[str]) -> tuple[str, str] | None:
    if not isinstance(item, dict):
        return None
    inner = item.get("function")
    if isinstance(inner, dict):
        item = inner
    name = item.get("name") or item.get("tool") or item.get("function")
    arguments = next((item[word] for word in _ARGUMENTS if word in item), None)
    if name not in tools or not isinstance(arguments, dict | str):
        return None
    return str(name), arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
