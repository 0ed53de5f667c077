"""What the turns of a conversation say, in the order in which it is shown, with the clips that are drawn in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pydantic_core import from_json

from conduit.errors import ClipError
from conduit.messages import (
    AssistantMessage,
    AssistantPart,
    ReasoningPart,
    SystemMessage,
    TextPart,
    ToolCallPart,
    Turn,
    UserMessage,
)
from conduit.messages.aside import aside
from conduit.messages.export import media_words, readable_arguments
from conduit.messages.fences import Fenced, split
from conduit.music import Clip, read_clip

__all__ = ["MOST_CLIPS", "Aside", "Drawn", "Folded", "Piece", "Speaker", "Words", "as_written", "said"]

MOST_CLIPS = 12
"""Clips drawn in one transcript: a saved notebook holds each of the pictures."""

_WRITES = ("write_clip", "clip")
"""The tool with which a clip is handed in, and the argument that holds it, as conduit.composer.intake has them."""
_LANGUAGE = "clip"
_MOST_GIST = 120
_DATA = re.compile(r'\s*<data name="(?P<name>[^"\n]*)">\n(?P<data>.*?)\n</data>\s*', re.DOTALL)
"""A block of data that goes with a question, as conduit_magics.insert writes it."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Here somebody begins to speak."""

    name: str


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody says."""

    text: str


@dataclass(frozen=True, slots=True)
class Aside:
    """What stands beside it in small print."""

    text: str


@dataclass(frozen=True, slots=True)
class Folded:
    """What unfolds under a line, with the little of it that can be read without."""

    summary: str
    text: str
    gist: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A clip that is drawn, with its text."""

    clip: Clip
    summary: str
    text: str


@dataclass(frozen=True, slots=True)
class _Notation:
    """A text that may be a clip's: what it is where it is not read, and where it cannot be."""

    text: str
    folded: Folded
    unread: Folded | Words


Piece = Speaker | Words | Aside | Folded | Drawn


def as_written(clip: Clip) -> Clip:
    """Give a clip of which nothing became."""
    return clip


def said(
    branches: Iterable[Sequence[Turn]],
    *,
    clips: int = MOST_CLIPS,
    clean: Callable[[str], str] = str,
    as_it_is: Callable[[Clip], Clip] = as_written,
) -> tuple[dict[str, tuple[Piece, ...]], int]:
    """Give what turns say.

    Args:
        branches: The turns that are shown of each branch; the last clips of the first branch are drawn first.
        clips: How many are drawn at most; the others are folded text.
        clean: Takes keys out of a clip's text: in a picture they could not be found any more.
        as_it_is: Gives for a clip as it was written the one that became of it.

    Returns:
        The pieces by the id of the turn's end, and how many clips are left as text.
    """
    found: dict[str, tuple[Piece, ...]] = {}
    left, folded = clips, 0
    for turns in branches:
        for turn in reversed(turns):
            if turn.after.id in found:
                continue
            pieces: list[Piece] = []
            for piece in reversed(list(_pieces(turn))):
                resolved = _resolved(piece, clean, as_it_is, is_read=left > 0)
                left -= isinstance(resolved, Drawn)
                folded += isinstance(piece, _Notation) and resolved is piece.folded
                pieces.append(resolved)
            found[turn.after.id] = tuple(reversed(pieces))
    return found, folded


def _resolved(
    piece: Piece | _Notation,
    clean: Callable[[str], str],
    as_it_is: Callable[[Clip], Clip],
    *,
    is_read: bool,
) -> Piece:
    if not isinstance(piece, _Notation):
        return piece
    if not is_read:
        return piece.folded
    try:
        clip = _read(clean(piece.text))
    except ClipError:
        return piece.unread
    now, summary = as_it_is(clip), piece.folded.summary
    return Drawn(now, summary if now is clip else f"{summary} · edited since", piece.text)


# The record of a panel is drawn anew after each turn.
@lru_cache(64)
def _read(text: str) -> Clip:
    return read_clip(text)


def _pieces(turn: Turn) -> Iterator[Piece | _Notation]:
    began = False
    for message in turn.messages:
        match message:
            case UserMessage():
                yield from _asked(message)
            case AssistantMessage(parts=parts):
                if not began:
                    yield Speaker("Model")
                began = True
                for part in parts:
                    yield from _answered(part)
            case SystemMessage():
                pass
            case _:
                result = message.result
                failed = "Failure" if result.is_error else "Result"
                yield Folded(f"{failed} of {result.name}", result.text, _gist(result.text))


def _asked(message: UserMessage) -> Iterator[Piece | _Notation]:
    parts, added = aside(message)
    for part in parts:
        if isinstance(part, TextPart):
            yield from _worded(_DATA.sub("\n\n", part.text).strip("\n"))
            yield from (
                Folded(f"Data: {block['name']}", block["data"]) for block in _DATA.finditer(part.text)
            )
        else:
            yield Aside(media_words(part))
    if added:
        yield Aside(added)


def _answered(part: AssistantPart) -> Iterator[Piece | _Notation]:
    match part:
        case TextPart(text=text):
            yield from _worded(text)
        case ReasoningPart(text=text):
            yield Folded("Reasoning", text or "(hidden)")
        case ToolCallPart(name=name):
            call = Folded(f"Call of {name}", readable_arguments(part))
            clip = _clip_of(part)
            yield call if clip is None else _Notation(clip, Folded(call.summary, clip), call)


def _worded(text: str) -> Iterator[Words | _Notation]:
    """Give words with the clips that stand fenced in them."""
    words: list[str] = []
    for piece in split(text):
        if isinstance(piece, Fenced) and piece.language == _LANGUAGE:
            if words:
                yield Words("\n".join(words))
                words = []
            yield _Notation(piece.text, Folded("Clip", piece.text), Words(piece.written))
        else:
            words.append(piece if isinstance(piece, str) else piece.written)
    if words:
        yield Words("\n".join(words))


def _gist(text: str) -> str:
    line = text.strip().partition("\n")[0]
    return line if len(line) <= _MOST_GIST else f"{line[: _MOST_GIST - 1]}…"


def _clip_of(call: ToolCallPart) -> str | None:
    name, argument = _WRITES
    if call.name != name:
        return None
    try:
        given = from_json(call.arguments)
    except ValueError:
        return None
    text = given.get(argument) if isinstance(given, dict) else None
    return text if isinstance(text, str) else None
