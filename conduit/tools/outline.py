"""Outline: what a variable is and holds, in words, without running anybody's code.

A repr is anybody's code: it may raise, hang, print a key, or load what is lazy, and a thread that runs it cannot be
stopped. So none is called. Values of Python's own kinds are read by those kinds' own methods, also where a
subclass has others; dataclasses and pydantic models by what their fields hold, never through a property; the rest
is told by the name of its type. Types are asked by ``type``, since ``isinstance`` wakes a proxy.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
import enum
import fractions
import pathlib
import types
import uuid
from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from conduit.keys import MASK, holds_secret, sounds_secret
from conduit.tools.columns import head_of, plain

__all__ = ["kind", "outline"]

_MOST_CHARACTERS = 8_000
_MOST_ITEMS = 50
_MOST_INSIDE = 20
_DEPTH = 4
_INLINE = 200
_PAGE = 4_000
_MARGIN = 500  # a key that a cut would halve is still seen whole
_DIGITS = 200

_SEQUENCES: tuple[type, ...] = (list, tuple, deque)
_SETS: tuple[type, ...] = (set, frozenset)
_SIZED: tuple[type, ...] = (*_SEQUENCES, *_SETS, dict)
_BYTES: tuple[type, ...] = (bytes, bytearray)
_EXACT = {
    type(None), type(...), bool, range, complex, decimal.Decimal, fractions.Fraction, dt.date, dt.timedelta,
    pathlib.PosixPath, pathlib.WindowsPath, pathlib.PurePosixPath, pathlib.PureWindowsPath, uuid.UUID,
}  # fmt: skip
"""Types whose own repr is short and quick; their subclasses are not among them."""


def kind(value: Any) -> str:
    """Say what a value is, in a few words.

    >>> kind([1, 2]), kind("dark"), kind(object())
    ('list of 2', 'str of 4 characters', 'object')
    """
    told = _told_by_others(value)
    if told:
        return told[0]
    name = type(value).__name__
    base: Any = _base(value, (*_SIZED, *_BYTES, str))
    if base is None:
        return name
    unit = " characters" if base is str else " bytes" if base in _BYTES else ""
    return f"{name} of {base.__len__(value)}{unit}"


def outline(value: Any, *, clean: Callable[[str], str], start: int = 0) -> str:
    """Say what a value holds, at most about 8,000 characters.

    Args:
        value: Anything.
        clean: Takes keys out of a text.
        start: The first item, row or character to tell, from 0.

    >>> print(outline({"bpm": 128, "password": "x"}, clean=str))
    'bpm': 128
    'password': •••
    """
    told = _told_by_others(value, start=start, cell=lambda item: _Teller(clean, left=_INLINE).tell(item))
    if told:
        return clean("\n".join(told[1:] or told))
    if _base(value, (str,)):
        return _text_page(value, start=start, clean=clean)
    return clean("\n".join(_Teller(clean, left=_MOST_CHARACTERS).lines(value, start)))


def _nothing(_: Any) -> str:
    return ""


def _told_by_others(value: Any, *, start: int = 0, cell: Callable[[Any], str] = _nothing) -> list[str] | None:
    try:
        return head_of(value, start=start, cell=cell)
    except Exception as error:  # noqa: BLE001  a subclass of an array or a frame is anybody's code
        return [f"{type(value).__name__} that cannot be read ({type(error).__name__})"]


class _Teller:
    """Writes values inside values until the characters it may use are used up."""

    def __init__(self, clean: Callable[[str], str], *, left: int) -> None:
        self._clean = clean
        self._left = left

    def lines(self, value: Any, start: int) -> list[str]:
        if _base(value, (dict,)):
            pairs = _part(value, dict, start, _MOST_ITEMS)
            shown = [self._pair(key, item, 1) for key, item in pairs]
        elif base := _base(value, _SIZED):
            items = _part(value, base, start, _MOST_ITEMS)
            shown = [f"{start + at}: {self.tell(item, 1)}" for at, item in enumerate(items)]
        else:
            return [self.tell(value)]
        length = _length(value)
        if rest := max(0, length - start - len(shown)):
            shown.append(f"{rest} more; go on with start {start + len(shown)}")
        return shown or ["empty" if not length else f"start {start} is past the end: there are {length}"]

    def tell(self, value: Any, depth: int = 0) -> str:
        if self._left <= 0:
            return "…"
        text = self._whole(value, depth)
        self._left -= len(text)
        return text

    def _whole(self, value: Any, depth: int) -> str:
        value = plain(value)
        short = _scalar(value)
        if short is not None:
            return short
        if _base(value, (str,)):
            return self._string(value)
        if _base(value, _SIZED):
            return self._inside(value, depth) if depth < _DEPTH else f"<{kind(value)}>"
        fields = _fields(value)
        if fields is None or depth >= _DEPTH:
            return f"<{kind(value)}>"
        inner = ", ".join(
            f"{name}={self._field(name, held, depth + 1)}" for name, held in fields[:_MOST_INSIDE]
        )
        return f"{type(value).__name__}({inner})"

    def _inside(self, value: Any, depth: int) -> str:
        base = _base(value, _SIZED) or list
        items = _part(value, base, 0, _MOST_INSIDE)
        if base is dict:
            told = [self._pair(key, item, depth + 1) for key, item in items]
        else:
            told = [self.tell(item, depth + 1) for item in items]
        if (rest := _length(value) - len(told)) > 0:
            told.append(f"… {rest} more")
        opening, closing = "()" if base is tuple else "{}" if base in (*_SETS, dict) else "[]"
        return f"{opening}{', '.join(told)}{closing}"

    def _pair(self, key: Any, value: Any, depth: int) -> str:
        return f"{self.tell(key, depth)}: {self._field(key, value, depth)}"

    def _field(self, name: Any, value: Any, depth: int) -> str:
        hidden = _base(name, (str,)) and sounds_secret(str.__str__(name))
        return MASK if hidden else self.tell(value, depth)

    def _string(self, value: str) -> str:
        length = str.__len__(value)
        text = str.__getitem__(value, slice(0, _INLINE + _MARGIN))
        if holds_secret(text) or self._clean(text) != text:
            return MASK
        return repr(text[:_INLINE]) + (f"… ({length - _INLINE} characters more)" if length > _INLINE else "")


def _base(value: Any, bases: tuple[type, ...]) -> type | None:
    return next((base for base in type(value).__mro__ if base in bases), None)


def _length(value: Any) -> int:
    base: Any = _base(value, _SIZED)
    return int(base.__len__(value))


def _part(value: Any, base: Any, start: int, most: int) -> list[Any]:
    every: Iterable[Any] = dict.items(value) if base is dict else base.__iter__(value)
    if base in (list, tuple):
        return list(base.__getitem__(value, slice(start, start + most)))
    try:
        return list(islice(every, start, start + most))
    except RuntimeError:  # a cell changes it while it is read
        return []


def _scalar(value: Any) -> str | None:
    if type(value) in _EXACT:
        return _exact(value)
    if base := _base(value, (enum.Enum, int, float)):
        return _number(value, base)
    if _base(value, _BYTES):
        return f"<{kind(value)}>"
    if type(value) is dt.datetime:
        # What a time zone says of itself is anybody's code.
        return value.replace(tzinfo=None).isoformat() + ("" if value.tzinfo is None else " (in a time zone)")
    return None


def _exact(value: Any) -> str:
    try:
        return repr(value)[:_INLINE]
    except ValueError:  # Python does not write integers of thousands of digits
        return f"<{type(value).__name__}>"


def _number(value: Any, base: type) -> str:
    if base is enum.Enum:
        return f"{type(value).__name__}.{object.__getattribute__(value, '_name_')}"
    if base is float:
        return float.__repr__(value)
    bits = int.bit_length(value)
    return int.__repr__(value) if bits < _DIGITS * 3 else f"<int of {bits} bits>"


def _fields(value: Any) -> list[tuple[str, Any]] | None:
    """Give what the fields of a dataclass, a pydantic model or a namespace hold, but those hidden in its repr."""
    of = type(value)
    if of is types.SimpleNamespace:
        return list(vars(value).items())
    named = _base_named(of, "__dataclass_fields__") or _base_named(of, "__pydantic_fields__")
    if type(named) is not dict:
        return None
    held = _held(value)
    shown = [name for name, field in named.items() if getattr(field, "repr", True) is not False]
    pairs = ((name, held[name] if name in held else _slot(value, name)) for name in shown)
    return [(name, item) for name, item in pairs if item is not dataclasses.MISSING]


def _base_named(of: type, name: str) -> Any:
    return next((vars(base)[name] for base in of.__mro__ if name in vars(base)), None)


def _held(value: Any) -> dict[str, Any]:
    try:
        held = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return {}
    return held if type(held) is dict else {}


def _slot(value: Any, name: str) -> Any:
    slot = _base_named(type(value), name)
    if type(slot) is not types.MemberDescriptorType:
        return dataclasses.MISSING
    try:
        return slot.__get__(value)
    except AttributeError:
        return dataclasses.MISSING


def _text_page(value: str, *, start: int, clean: Callable[[str], str]) -> str:
    length = str.__len__(value)
    window = str.__getitem__(value, slice(max(0, start - _MARGIN), start + _PAGE + _MARGIN))
    if holds_secret(window) or clean(window) != window:
        return f"{MASK} (what looks like a key is in these characters, so they are kept back)"
    shown = str.__getitem__(value, slice(start, start + _PAGE)).encode(errors="replace").decode()
    rest = max(0, length - start - len(shown))
    return shown + (f"\n{rest} characters more; go on with start {start + len(shown)}" if rest else "")
