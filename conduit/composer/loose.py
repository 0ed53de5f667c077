"""A reader of JSON as models write it: other quotes or none, trailing commas, comments, missing brackets, cut off.

Each character is looked at once and nesting is bounded, so time is linear whatever the text. Nothing is guessed
away: pairs of an object stay in their order, doubled keys too, and an object that was cut off says so. JSON that is
right is read as it is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from json import JSONDecodeError, loads
from typing import Any

__all__ = ["DEEPEST", "Loose", "Object", "openings", "read_loose"]

DEEPEST = 32
"""Brackets inside one another; what lies deeper is not read."""

_ENDS = r"""(?!\s*(?:[,:}\])"']|\Z))"""  # after a quote that is inside a text and does not end it
_TOKEN = re.compile(
    rf"""
      (?P<space>\s++ | //[^\n]*+ | \#[^\n]*+ | /\*(?:[^*]|\*(?!/))*+(?:\*/)?+ )
    | (?P<mark>[{{}}\[\](),:])
    | (?P<text>"{{3}}(?:[^"]|"(?!""))*+(?:"{{3}})?+
        | "(?:[^"\\]++ | \\. | "{_ENDS})*+(?:"|\\?\Z)
        | '(?:[^'\\\n]++ | \\. | '{_ENDS})*+(?:'|\\?\Z|(?=\n))
        | “[^”]*+(?:”|\Z) )
    | (?P<word>[^\s,:{{}}\[\]()"“]++)
    | (?P<stray>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_OPENING = re.compile(r"[{\[]")
_PLAIN = re.compile(r'"[^"\\\x00-\x1f]*+"')
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_CLOSES = {"}": "{", "]": "[", ")": "["}
_NAMED: dict[str, Any] = {
    "true": True, "false": False, "null": None, "none": None, "undefined": None,
    "nan": math.nan, "infinity": math.inf, "inf": math.inf, "-infinity": -math.inf, "-inf": -math.inf,
}  # fmt: skip
_LONGEST_NUMBER = 64


@dataclass(slots=True)
class Object:
    """An object's pairs in the order they were written.

    Attributes:
        pairs: Key and value; a value that stands without a key has None.
        whole: Whether it was closed.
    """

    pairs: list[tuple[str | None, Any]] = field(default_factory=list)
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Loose:
    """A value that was read.

    Attributes:
        value: Made of ``Object``, list, text, number, truth and None.
        start: Where it begins in the text.
        end: Where it ends.
        n_mended: Places that strict JSON does not allow.
        cut: Whether the text ended before it did.
        too_deep: Whether something lay deeper than ``DEEPEST`` and was not read.
    """

    value: Any
    start: int
    end: int
    n_mended: int = 0
    cut: bool = False
    too_deep: bool = False


def openings(text: str, start: int = 0) -> Iterator[Loose]:
    """Give every value in a text that begins with a bracket, one after another; words between are passed over."""
    while opening := _OPENING.search(text, start):
        found = read_loose(text, opening.start())
        yield found
        start = found.end


def read_loose(text: str, start: int = 0) -> Loose:
    """Read the value that begins with the bracket at ``start``.

    >>> found = read_loose("{pitches: [60, 'C4',], // a chord")
    >>> found.value.pairs, found.cut
    ([('pitches', [60, 'C4'])], True)
    """
    reader = _Reader()
    for token in _TOKEN.finditer(text, start):
        if reader.take(token):
            return reader.result(start, token.end(), cut=False)
    return reader.result(start, len(text), cut=True)


@dataclass(slots=True)
class _Frame:
    """A bracket that is open: its value so far, and in an object the key that waits for its value."""

    bracket: str
    value: Any
    key: str | None = None
    expects: str = "item"  # item, colon, value, comma


class _Reader:
    """A stack of open brackets, fed with tokens."""

    def __init__(self) -> None:
        self._stack: list[_Frame] = []
        self._root: Any = None
        self._n_mended = 0
        self._skipped = 0  # brackets that are open below the deepest one
        self._too_deep = False

    def take(self, token: re.Match[str]) -> bool:
        """Take a token; say whether the outermost bracket is closed with it."""
        kind, text = token.lastgroup, token.group()
        if kind == "mark":
            return self._mark(text)
        if kind == "space":
            self._n_mended += not text.isspace()
        elif self._skipped:
            pass
        elif kind == "stray":
            self._n_mended += 1
        else:
            value, is_strict = _text(text) if kind == "text" else _word(text)
            self._add(value, mended=not is_strict)
        return False

    def result(self, start: int, end: int, *, cut: bool) -> Loose:
        """Give what was read; brackets that are still open were cut off."""
        n_mended = self._n_mended  # what is cut off is told as such
        while self._stack:
            frame = self._stack[-1]
            if isinstance(frame.value, Object):
                frame.value.whole = False
            self._pop()
        return Loose(self._root, start, end, n_mended=n_mended, cut=cut, too_deep=self._too_deep)

    def _mark(self, mark: str) -> bool:
        if self._skipped:
            self._skipped += (mark in "{[(") - (mark in "}])")
            return False
        if mark in "{[(":
            self._open(mark)
        elif mark in _CLOSES:
            return self._close(_CLOSES[mark], mended=mark == ")")
        else:
            self._separate(mark)
        return False

    def _open(self, mark: str) -> None:
        if len(self._stack) == DEEPEST:
            self._skipped, self._too_deep = 1, True
            return
        bracket = "{" if mark == "{" else "["
        value: Any = Object() if bracket == "{" else []
        if self._stack:
            self._add(value, mended=mark == "(")
        else:
            self._root = value
        self._stack.append(_Frame(bracket, value))

    def _close(self, bracket: str, *, mended: bool) -> bool:
        """Close the nearest such bracket and those inside it; one that was never open is passed over."""
        if all(frame.bracket != bracket for frame in self._stack):
            self._n_mended += 1
            return False
        self._n_mended += mended
        while self._stack[-1].bracket != bracket:
            self._n_mended += 1
            self._pop()
        self._pop()
        return not self._stack

    def _pop(self) -> None:
        frame = self._stack.pop()
        if frame.key is not None:  # a key without its value is a value without a key
            frame.value.pairs.append((None, frame.key))
            self._n_mended += 1
        elif frame.expects == "item" and frame.value not in ([], Object()):
            self._n_mended += 1  # a comma at the end

    def _separate(self, mark: str) -> None:
        frame = self._stack[-1]
        if mark == ":":
            self._n_mended += frame.expects != "colon"
            frame.expects = "value" if frame.expects == "colon" else frame.expects
            return
        self._n_mended += frame.expects != "comma"
        if frame.key is not None:
            frame.value.pairs.append((None, frame.key))
            frame.key = None
        frame.expects = "item"

    def _add(self, value: Any, *, mended: bool) -> None:
        frame = self._stack[-1]
        self._n_mended += mended
        if isinstance(frame.value, list):
            self._n_mended += frame.expects == "comma"
            frame.value.append(value)
            frame.expects = "comma"
            return
        if frame.key is not None:
            self._n_mended += frame.expects == "colon"
            frame.value.pairs.append((frame.key, value))
            frame.key, frame.expects = None, "comma"
            return
        self._n_mended += frame.expects == "comma"
        if isinstance(value, Object | list):
            self._n_mended += 1
            frame.value.pairs.append((None, value))
            frame.expects = "comma"
        else:
            frame.key, frame.expects = str(value), "colon"


def _text(token: str) -> tuple[str, bool]:
    """Read a text in quotes; say also whether strict JSON would have it."""
    if _PLAIN.fullmatch(token):
        return token[1:-1], True
    try:
        return str(loads(token)), True
    except JSONDecodeError:
        return _unquoted(token), False


def _unquoted(token: str) -> str:
    """Take the quotes of any kind off a text, and read its escapes as far as they are some."""
    quote = '"""' if token.startswith('"""') else token[0]
    closing = "”" if quote == "“" else quote
    inside = token[len(quote) :]
    inside = inside.removesuffix(closing)
    return _ESCAPE.sub(lambda match: _unescaped(match[1]), inside)


def _unescaped(escape: str) -> str:
    if len(escape) > 1:
        return chr(int(escape[1:], 16))
    return _ESCAPED.get(escape, escape)


def _word(token: str) -> tuple[Any, bool]:
    """Read a word that stands without quotes, as ``_text``: a number, a name such as null, or a text."""
    if token.lower() in _NAMED:
        return _NAMED[token.lower()], token in {"true", "false", "null"}
    try:
        number = float(token) if len(token) <= _LONGEST_NUMBER else math.nan
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        return token, False
    return (int(number) if token.lstrip("+-").isdecimal() else number), True
