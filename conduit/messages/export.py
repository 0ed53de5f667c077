"""A conversation as Markdown, to be read, mailed and kept.

What people, models and tools wrote is put where it can break nothing: code stands in fences longer than any in it,
no HTML of theirs stays HTML, and their headings are lower than those that say who speaks.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable

from pydantic_core import from_json

from conduit.messages import fences
from conduit.messages.aside import aside
from conduit.messages.content import (
    AssistantPart,
    AudioPart,
    ImagePart,
    ReasoningPart,
    TextPart,
    ToolCallPart,
    UserPart,
)
from conduit.messages.message import AssistantMessage, Message, SystemMessage, ToolMessage, UserMessage

__all__ = ["markdown", "media_words", "readable_arguments"]

_RUN = re.compile(r"`{3,}|~{3,}")
_HEADING = re.compile(r"^([ \t>]*)(#{1,6})(?=[ \t]|$)")
_UNDERLINE = re.compile(r"^([ \t>]*)(=+|-+)[ \t]*$")
_LOWEST = 6


def markdown(entries: Iterable[tuple[Message, str]], *, title: str = "", notes: Iterable[str] = ()) -> str:
    """Write a conversation as Markdown; thoughts and tools unfold.

    Args:
        entries: Each message, with small print to stand under it.
        title: Its heading.
        notes: Small print under the title.

    >>> from conduit.messages import UserMessage
    >>> print(markdown([(UserMessage.of("a <b>bass</b> line"), "")]), end="")
    ## Turn 1
    <BLANKLINE>
    ### You
    <BLANKLINE>
    > a &lt;b>bass&lt;/b> line
    """
    blocks = [f"# {_line(title)}"] if title else []
    blocks += [f"*{_line(note)}*" for note in notes]
    turn, last = 0, None
    for message, note in entries:
        if isinstance(message, UserMessage) and not isinstance(last, UserMessage):
            turn += 1
            blocks.append(f"## Turn {turn}")
        blocks += _message(message)
        if note:
            blocks.append(f"*{_line(note)}*")
        last = message
    return "\n\n".join(blocks) + "\n"


def readable_arguments(call: ToolCallPart) -> str:
    r"""Give a call's arguments one below the other, a text of several lines as it is; or what the model wrote.

    >>> print(readable_arguments(ToolCallPart(id="1", name="write", arguments='{"clip": "a\\nb", "bars": 4}')))
    clip:
      a
      b
    bars: 4
    """
    try:
        values = from_json(call.arguments)
    except ValueError:
        return call.arguments
    if not isinstance(values, dict):
        return call.arguments
    return "\n".join(f"{name}:{_value(value)}" for name, value in values.items())


def media_words(part: ImagePart | AudioPart) -> str:
    """Say what a picture or a sound is.

    >>> media_words(ImagePart(media_type="image/png", data=bytes(2048)))
    'image/png, 2 KB'
    """
    return f"{part.media_type}, {max(1, round(len(part.data) / 1024))} KB"


def _message(message: Message) -> list[str]:
    match message:
        case SystemMessage(content=text):
            return [_folded("System", text)]
        case UserMessage():
            parts, added = aside(message)
            said = [_given(part) for part in parts] + ([f"*{_line(added)}*"] if added else [])
            return ["### You", *map(_quoted, said)]
        case ToolMessage(result=result):
            return [_folded(f"{'Failure' if result.is_error else 'Result'} of {result.name}", result.text)]
        case AssistantMessage(parts=parts):
            return ["### Model", *(_said(part) for part in parts)]


def _given(part: UserPart) -> str:
    return _prose(part.text) if isinstance(part, TextPart) else f"*{_line(media_words(part))}*"


def _said(part: AssistantPart) -> str:
    match part:
        case TextPart(text=text):
            return _prose(text)
        case ReasoningPart(text=text):
            return _folded("Reasoning", text or "(hidden)")
        case ToolCallPart(name=name):
            return _folded(f"Call of {name}", readable_arguments(part))


def _folded(summary: str, text: str) -> str:
    inside = _fenced(text, "text")
    return f"<details>\n<summary>{_line(summary)}</summary>\n\n{inside}\n\n</details>"


def _fenced(text: str, language: str) -> str:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}{language}\n{text}\n{fence}"


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _line(text: str) -> str:
    return re.sub(r"([\\*_`\[\]])", r"\\\1", html.escape(" ".join(text.split()), quote=False))


def _prose(text: str) -> str:
    """Write words that are Markdown themselves, each piece of code in a fence of ours."""
    return "\n".join(map(_piece, fences.split(text))).strip("\n")


def _piece(piece: str | fences.Fenced) -> str:
    if isinstance(piece, fences.Fenced):
        return f"\n{_fenced(piece.code, piece.language)}\n"
    return "\n".join(map(_plain, piece.split("\n")))


def _plain(line: str) -> str:
    escaped = _RUN.sub(lambda run: "".join(f"\\{mark}" for mark in run[0]), line.replace("<", "&lt;"))
    lower = _HEADING.sub(lambda head: f"{head[1]}{'#' * min(_LOWEST, len(head[2]) + 3)}", escaped)
    return _UNDERLINE.sub(r"\1\\\2", lower)


def _value(value: object) -> str:
    if not isinstance(value, str):
        return f" {json.dumps(value, ensure_ascii=False)}"
    lines = value.split("\n")
    return f" {value}" if len(lines) == 1 else "".join(f"\n  {line}" for line in lines)
