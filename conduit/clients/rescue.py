"""Tool calls that a model printed as text.

Small models often ignore the form their own server reads and print the call as JSON, bare, in a code fence or in
tags. What may become such a call is held back from the screen until it is decided. Only a text that ends with calls
and nothing else is taken for them: a call that is talked about stays words. Pure; what is decided does not depend
on how the text is cut into pieces.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

__all__ = ["TextGate", "read_calls"]

_MOST_HELD = 4096
"""Characters within which the tool's name has to come."""
_WINDOW = 256
"""Characters that tell whether something begins like a call."""
_FENCE = "```"
_TAGS = ("<tool_call>", "<tool_calls>", "<function_call>", "<tools>", "<|python_tag|>", "<|tool_call|>")
_MARKS = (_FENCE, *_TAGS, "[TOOL_CALLS]")
_OPENING = re.compile("|".join(map(re.escape, (*_MARKS, "{", "["))))
_AROUND = re.compile(
    r"(?:\s|[,;]|```\w*|</?(?:tool_calls?|function_calls?|tools)>|<\|\w+\|>|</s>|\[TOOL_CALLS\])*"
)
"""What may stand before, between and after calls."""
_LEAD = re.compile(_AROUND.pattern[:-2] + r"|\[)*")
_BEFORE = ("\n", ".", ":", "!", "?", "\u3002", "\uff01", "\uff1a")
"""A bare call begins a text, a line, or follows a sentence."""
_ARGUMENTS = ("arguments", "parameters", "args", "input")
_FIRST_KEYS = ("name", "function", "tool", "type", "id", "tool_calls", *_ARGUMENTS)
_STARTS = tuple(f'{{"{key}"' for key in _FIRST_KEYS)


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
        self._quoted = tuple(json.dumps(name, ensure_ascii=False) for name in self._tools)
        self._held: list[str] = []
        self._named = False
        self._at_start = True

    def feed(self, piece: str) -> str:
        """Take a piece; give what can be shown."""
        if self._named:
            self._held.append(piece)
            return ""
        text = "".join((*self._held, piece))
        self._held = []
        shown = self._shown(text)
        if shown < len(text):
            self._held.append(text[shown:])
        return text[:shown]

    def release(self) -> str:
        """Give what is held back as words, because something else has come."""
        text = "".join(self._held)
        self._held, self._named = [], False
        self._note(text)
        return text

    def finish(self) -> tuple[str, list[tuple[str, str]]]:
        """Give the rest: words, or the calls that they are, each with its name and raw JSON arguments."""
        text = self.release()
        calls = read_calls(text, tools=self._tools)
        return ("", calls) if calls else (text, [])

    def _shown(self, text: str) -> int:
        """Find how much of a text is words for certain."""
        place = 0
        while True:
            opening = self._opening(text, place)
            self._note(text[place:opening])
            if opening == len(text) or self._may_be_call(text, opening):
                return opening
            place = opening + (len(_FENCE) if text.startswith(_FENCE, opening) else 1)
            self._note(text[opening:place])

    def _opening(self, text: str, place: int) -> int:
        """Find where something begins that may be a call: bare only at the start of a line or a sentence."""
        for match in _OPENING.finditer(text, place):
            start = match.start()
            if match[0] not in {"{", "["} or self._is_bare(text, place, start):
                return start
        return len(text) - _begun(text[place:])

    def _is_bare(self, text: str, place: int, start: int) -> bool:
        while start > place and text[start - 1] in " \t":  # a slice for each brace would be quadratic
            start -= 1
        return text[start - 1] in _BEFORE if start > place else self._at_start

    def _may_be_call(self, text: str, start: int) -> bool:
        """Say whether what begins there can still be a call; once it cannot, more text does not change it."""
        held = text[start : start + _MOST_HELD]
        if not _looks_like_call(held[:_WINDOW]):
            return False
        self._named = any(name in held for name in self._quoted)
        return self._named or len(held) < _MOST_HELD

    def _note(self, words: str) -> None:
        said = words.rstrip(" \t")
        self._at_start = said.endswith(_BEFORE) if said else self._at_start


def _begun(text: str) -> int:
    """Count the characters at a text's end that may be the beginning of a mark."""
    longest = max(map(len, _MARKS)) - 1
    sizes = range(min(longest, len(text)), 0, -1)
    return next((size for size in sizes if any(mark.startswith(text[-size:]) for mark in _MARKS)), 0)


def _looks_like_call(text: str) -> bool:
    if any(mark.startswith(text) for mark in _MARKS):
        return True
    lead = _LEAD.match(text)
    inside = re.sub(r"\s+", "", text[lead.end() if lead else 0 :])
    if any(mark.startswith(inside) for mark in _MARKS):
        return True
    return any(start.startswith(inside) or inside.startswith(start) for start in _STARTS)


def read_calls(text: str, *, tools: Iterable[str]) -> list[tuple[str, str]]:
    """Read the tool calls that a text consists of; an empty list if it is anything else.

    Args:
        text: JSON objects with a name and arguments, in fences, tags, a list, or bare.
        tools: Names that count.
    """
    found: list[tuple[str, str]] = []
    names = frozenset(tools)
    reader = json.JSONDecoder()
    place = _after(text, 0)
    while place < len(text):
        try:
            value, end = reader.raw_decode(text, place)
        except (ValueError, RecursionError):
            return []
        for item in _items(value):
            call = _call(item, names)
            if call is None:
                return []
            found.append(call)
        place = _after(text, end)
    return found


def _after(text: str, place: int) -> int:
    """Find where the next value begins. Fences are looked for between values only: a text may hold some."""
    around = _AROUND.match(text, place)
    return around.end() if around else place


def _items(value: Any) -> list[Any]:
    if isinstance(value, dict) and isinstance(value.get("tool_calls"), list):
        value = value["tool_calls"]
    return value if isinstance(value, list) and value else [value]


def _call(item: Any, tools: frozenset[str]) -> tuple[str, str] | None:
    if not isinstance(item, dict):
        return None
    inner = item.get("function")
    if isinstance(inner, dict):
        item = inner
    name = item.get("name") or item.get("tool") or item.get("function")
    if not isinstance(name, str) or name not in tools or _is_definition(item):
        return None
    word = next((word for word in _ARGUMENTS if word in item), None)
    if word is None:
        return (name, "{}") if set(item) <= {"name", "tool", "function", "type", "id"} else None
    return _written(name, item[word])


def _is_definition(item: dict[str, Any]) -> bool:
    """Say whether it is what a model was told of the tool, repeated."""
    schema = item.get("parameters")
    return "description" in item or (isinstance(schema, dict) and isinstance(schema.get("properties"), dict))


def _written(name: str, arguments: Any) -> tuple[str, str] | None:
    if not isinstance(arguments, dict | str):
        return None
    text = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    if _is_text(text):
        return name, text or "{}"
    return (name, json.dumps(arguments)) if isinstance(arguments, dict) else None


def _is_text(text: str) -> bool:
    """Say whether it can be sent: half of a surrogate pair cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
