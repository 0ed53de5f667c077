"""Where clips stand in what a model wrote: in a fence, bare between words, or as the whole of it.

Notation begins with its header line; JSON with a bracket. What stands in a fence of a programming language is a
program and is left alone. A blank line ends no clip: bar lines after it belong to it, and words between are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from conduit.messages.fences import split

__all__ = ["Passage", "passages"]

_HEADER = re.compile(r"^[ \t>*`]*(?=clip\b(?:[^\n|]*\||[^\n]*\n[ \t]*\d[\d-]*[ \t]*[|=]))", re.MULTILINE)
_MUSIC = {
    "",
    "clip",
    "conduit",
    "notation",
    "json",
    "json5",
    "jsonc",
    "text",
    "txt",
    "plaintext",
    "midi",
    "music",
}
_NOTATION = {"clip", "conduit", "notation"}
_BLANK = re.compile(r"\n[ \t]*\n(?![ \t]*\d)")
_JSON = re.compile(r"[{\[]")
_JSON_BLOCK = re.compile(r"\n[ \t]*\n(?=\s*[{\[])")
_BAR = re.compile(
    r"^[ \t>*`-]*(?:bar[ \t]+)?\d[\d-]*[ \t]*(?:\|[ \t]*\S|=[ \t]*\d)[^\n]*", re.MULTILINE | re.IGNORECASE
)
_COMMENT = re.compile(r"[ \t]*(?:#|//|--|\*\*|;|>)")
_SOUNDS = re.compile(r"[|={\[]|\d:\S|[-.xXo]{4}")  # what a line of words has not


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a text that may be a clip.

    Attributes:
        text: As a reader takes it.
        is_notation: Whether it is notation; else it holds JSON.
        written: As it stands in the whole text, with its fence.
        left_out: Lines of words inside the notation, which are not in its text.
    """

    text: str
    is_notation: bool
    written: str
    left_out: tuple[str, ...] = ()


def passages(text: str, *, enclosed: bool = False) -> Iterator[Passage]:
    r"""Give what may be a clip in a text, in order.

    Args:
        text: What was written.
        enclosed: Whether the text was handed in as a clip, so that a clip in it goes on to the text's end.

    >>> found = passages("Here:\n```clip\nclip Bass | 1 bars\n1 | 1:A1\n```\nand [1]")
    >>> [(one.is_notation, one.text[:9]) for one in found]
    [(True, 'clip Bass'), (False, 'and [1]')]
    """
    for piece in split(text):
        if isinstance(piece, str):
            yield from _bare(piece, enclosed=enclosed)
        elif piece.language.lower() in _MUSIC:
            yield from _fenced(piece.text, piece.written, is_notation=piece.language.lower() in _NOTATION)


def _fenced(text: str, written: str, *, is_notation: bool) -> Iterator[Passage]:
    inside = list(_bare(text, enclosed=True))
    if not inside and is_notation and text.strip():
        inside = [Passage(text, is_notation=True, written=text)]
    for place, one in enumerate(inside):
        yield replace(one, written=written if not place else "")


def _bare(text: str, *, enclosed: bool) -> Iterator[Passage]:
    """Give the notation in a text without fences, each clip for itself, and what else may hold JSON."""
    starts = [match.end() for match in _HEADER.finditer(text)]
    if before := text[: starts[0] if starts else len(text)]:
        yield from _json(before)
    for start, following in pairwise([*starts, len(text)]):
        block = _JSON_BLOCK.search(text, start, following)
        end = block.start() if block else following
        if not enclosed and (blank := _BLANK.search(text, start, end)):
            end = max((bar.end() for bar in _BAR.finditer(text, blank.end(), end)), default=blank.start())
        kept, left_out = _without_words(text[start:end], enclosed=enclosed)
        yield Passage(kept, is_notation=True, written=text[start:end], left_out=left_out)
        rest = text[end:following]
        yield from _json(rest)
        if bars := [bar.group() for bar in _BAR.finditer(rest)]:  # bars of no clip: the reader says so
            yield Passage("\n".join(bars), is_notation=True, written="")


def _without_words(text: str, *, enclosed: bool) -> tuple[str, tuple[str, ...]]:
    """Leave out comments and lines of words that come after a blank line; each leaves its line empty."""
    kept: list[str] = []
    left_out: list[str] = []
    after_blank = in_words = False
    for line in text.split("\n"):
        is_blank = not line.strip()
        after_blank = after_blank or is_blank
        sounds = _SOUNDS.search(line) if enclosed or not after_blank else _BAR.match(line)
        opens = bool(kept) and ((not kept[-1].strip()) or in_words or _COMMENT.match(line))
        in_words = not is_blank and not sounds and bool(opens)
        if in_words:
            left_out.append(line.strip())
        kept.append("" if in_words else line)
    return "\n".join(kept), tuple(left_out)


def _json(text: str) -> Iterator[Passage]:
    if _JSON.search(text):
        yield Passage(text, is_notation=False, written="")
