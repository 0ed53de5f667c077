"""A document that a front end mirrors: small items by their ids, and what has changed since it was told last.

Items are flat: fields of JSON values, texts and bytes. A text, or bytes, that grew at the end travels as what was
added, so that a long answer costs what it is long, and not its square. Bytes travel beside the message, each with
its place. Halves of characters, which no message can hold, are replaced on the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Item", "Items", "Message", "Mirror", "whole_characters"]

_HALVES = re.compile("[\ud800-\udfff]")

Item = Mapping[str, Any]
Items = Mapping[str, Item]


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent to a front end.

    Attributes:
        content: JSON; ``bytes`` lists item, field and way of each buffer.
        buffers: The bytes.
    """

    content: dict[str, Any]
    buffers: list[bytes] = field(default_factory=list)


class Mirror:
    """What a front end was told of a document.

    Attributes:
        n: How many patches were made; a front end that misses one asks for the whole.
        items: As they were told.

    >>> mirror = Mirror()
    >>> _ = mirror.change({"p1": {"kind": "text", "text": "four"}})
    >>> mirror.change({"p1": {"kind": "text", "text": "four bars"}}).content["more"]
    {'p1': {'text': ' bars'}}
    >>> mirror.change({"p1": {"kind": "text", "text": "four bars"}}) is None
    True
    """

    def __init__(self) -> None:
        self.n = 0
        self.items: dict[str, Item] = {}

    def change(self, items: Items) -> Message | None:
        """Take the document as it is now; give what is to be told, None where nothing differs."""
        gone = [name for name in self.items if name not in items]
        put: dict[str, dict[str, Any]] = {}
        more: dict[str, dict[str, Any]] = {}
        for name, item in items.items():
            before = self.items.get(name)
            if before is item:
                continue
            if before is None or before.keys() != item.keys():
                gone += [name] if before is not None else []
                put[name] = dict(item)
                continue
            for key, value in item.items():
                way, told = _compared(before[key], value)
                if way:
                    (more if way == "more" else put).setdefault(name, {})[key] = told
        self.items = dict(items)
        if not (gone or put or more):
            return None
        self.n += 1
        content: dict[str, Any] = {"type": "patch", "n": self.n, "gone": gone}
        return _message(content, {"set": put, "more": more})

    def known(self, name: str, item: Item) -> None:
        """Note what a front end did to an item itself: it need not be told."""
        if name in self.items:
            self.items[name] = item

    def whole(self) -> Message:
        """Give everything, for a front end that missed something."""
        return _message({"type": "whole", "n": self.n}, {"items": self.items})

    def state(self) -> dict[str, Any]:
        """Give everything as one value, with the bytes in it."""
        return {"n": self.n, "items": {name: whole_characters(item) for name, item in self.items.items()}}


def whole_characters(value: Any) -> Any:
    r"""Give a value with the halves of characters in its texts replaced, each by one character.

    >>> whole_characters({"name": "a\ud800", "rows": [["b"]]})
    {'name': 'a\ufffd', 'rows': [['b']]}
    """
    match value:
        case str():
            return value if value.isascii() or not _HALVES.search(value) else _HALVES.sub("\ufffd", value)
        case Mapping():
            return {key: whole_characters(one) for key, one in value.items()}
        case list() | tuple():
            return [whole_characters(one) for one in value]
        case _:
            return value


def _compared(before: Any, value: Any) -> tuple[str, Any]:
    """Say how a field is told, ``set`` or ``more``, and what; nothing where it is as it was."""
    if before is value or (type(before) is type(value) and before == value):
        return "", None
    grown = isinstance(value, str | bytes) and type(before) is type(value) and 0 < len(before) < len(value)
    return ("more", value[len(before) :]) if grown and value.startswith(before) else ("set", value)


def _message(content: dict[str, Any], parts: Mapping[str, Items]) -> Message:
    """Take bytes out of items, and say of each where it belongs."""
    places: list[list[str]] = []
    buffers: list[bytes] = []
    for part, items in parts.items():
        way = "more" if part == "more" else "set"
        told: dict[str, dict[str, Any]] = {}
        for name, item in items.items():
            plain = {key: value for key, value in item.items() if not isinstance(value, bytes)}
            told[name] = whole_characters(plain)
            if len(plain) < len(item):
                for key, data in _bytes_of(item):
                    places.append([name, key, way])
                    buffers.append(data)
        content[part] = told
    return Message({**content, "bytes": places}, buffers)


def _bytes_of(item: Item) -> Iterator[tuple[str, bytes]]:
    return ((key, value) for key, value in item.items() if isinstance(value, bytes))
