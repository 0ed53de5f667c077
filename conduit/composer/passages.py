"""Where clips stand in what a model wrote: in a fence, bare between words, or as the whole of it.

Notation begins with its header line; JSON with a bracket. What stands in a fence of a programming language is a
program and is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a text that may be a clip.

    Attributes:
        text: As a reader takes it.
        is_notation: Whether it is notation; else it holds JSON.
        written: As it stands in the whole text, with its fence.
    """

    text: str
    is_notation: bool
    written: str


def passages(text: str) -> Iterator[Passage]:
    r"""Give what may be a clip in a text, in order.

    >>> found = passages("Here:\n```clip\nclip Bass | 1 bars\n1 | 1:A1\n```\nand [1]")
    >>> [(one.is_notation, one.text[:9]) for one in found]
    [(True, 'clip Bass'), (False, 'and [1]')]
    """
    for piece in split(text):
        if isinstance(piece, str):
            yield from _bare(piece)
        elif piece.language.lower() in _MUSIC:
            yield from _fenced(piece.text, piece.written, is_notation=piece.language.lower() in _NOTATION)


def _fenced(text: str, written: str, *, is_notation: bool) -> Iterator[Passage]:
    inside = list(_bare(text))
    if not inside and is_notation and text.strip():
        inside = [Passage(text, is_notation=True, written=text)]
    for place, one in enumerate(inside):
        yield Passage(one.text, one.is_notation, written if not place else "")


def _bare(text: str) -> Iterator[Passage]:
    """Give the notation in a text without fences, each clip for itself, and what else may hold JSON."""
    starts = [match.end() for match in _HEADER.finditer(text)]
    if before := text[: starts[0] if starts else len(text)]:
        yield from _json(before)
    for start, following in pairwise([*starts, len(text)]):
        blank = _BLANK.search(text, start, following)
        end = blank.start() if blank else following
        yield Passage(text[start:end], is_notation=True, written=text[start:end])
        yield from _json(text[end:following])


def _json(text: str) -> Iterator[Passage]:
    if _JSON.search(text):
        yield Passage(text, is_notation=False, written="")
