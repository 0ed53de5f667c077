"""What Conduit itself adds to a person's words, for models to read, in words for a person."""

from __future__ import annotations

import json
import re
from typing import Any

from conduit.messages.content import TextPart, UserPart
from conduit.messages.message import UserMessage

__all__ = ["MEND", "aside", "in_words", "is_aside"]

MEND = "Your answer cannot be used:\n<mend>\n{}\n</mend>\nGive the whole answer again, corrected."
"""What a model is told of an answer that is not of the type that was asked for."""

# As conduit.composer.question writes them; a person's words always stand before them.
_BRIEF = re.compile(r"<brief>(\{.*\})</brief>", re.DOTALL)
_DECISION = re.compile(r"<decision>(.*)</decision>", re.DOTALL)
_CRITIQUE = re.compile(r"<critique>\n(.*)\n</critique>", re.DOTALL)
_EDITED = re.compile(r"<edited>\n(.*?)\n(.*)\n</edited>", re.DOTALL)
_MEND = re.compile(re.escape(MEND).replace(r"\{\}", "(.*)"), re.DOTALL)
_FOR_MODELS = ("answer", "about_genre")
"""Of a brief, what no person asked for."""
_FORMS = {"bars": "{} bars", "bpm": "{} bpm", "key": "{}", "meter": "{}", "genre": "{}", "role": "{}"}
"""How an option reads; any other stands with its name."""


def aside(message: UserMessage) -> tuple[tuple[UserPart, ...], str]:
    r"""Give what a person said, and in words what Conduit added; a message about a decision is added as a whole.

    >>> parts, words = aside(UserMessage.of("a bass line", '<brief>{"bars": 2, "key": "A minor"}</brief>'))
    >>> parts[0].text, words
    ('a bass line', '2 bars · A minor')
    """
    parts, edits = _without_edits(message.parts)
    kept, words = _apart(parts)
    return kept, " · ".join(filter(None, (*edits, words)))


def _without_edits(parts: tuple[UserPart, ...]) -> tuple[tuple[UserPart, ...], list[str]]:
    """Take out what a person did to clips by hand; give the sentence of each."""
    found = [_EDITED.fullmatch(part.text) if isinstance(part, TextPart) else None for part in parts[1:]]
    if not any(found):
        return parts, []
    kept = tuple(part for part, edit in zip(parts[1:], found, strict=True) if edit is None)
    return (parts[0], *kept), [edit[1] for edit in found if edit]


def _apart(parts: tuple[UserPart, ...]) -> tuple[tuple[UserPart, ...], str]:
    last = parts[-1]
    if not isinstance(last, TextPart):
        return parts, ""
    if len(parts) == 1:
        mend = _MEND.fullmatch(last.text)
        return ((), f"asked again: {mend[1]}") if mend else (parts, "")
    words = _words(last.text)
    if words is None:
        return parts, ""
    if _DECISION.fullmatch(last.text) or _CRITIQUE.fullmatch(last.text):
        said = (part.text for part in parts[:-1] if isinstance(part, TextPart))
        return (), " ".join((*said, words))
    return parts[:-1], words


def is_aside(message: UserMessage) -> bool:
    """Say whether a message is Conduit's own as a whole: what was decided, or that an answer has to be mended.

    >>> is_aside(UserMessage.of(MEND.format("- bars: Field required"))), is_aside(UserMessage.of("a bass line"))
    (True, False)
    """
    return not aside(message)[0]


def in_words(text: str) -> str:
    r"""Give the joined texts of a message, where it ends with something of Conduit's with that in words.

    >>> in_words('a bass line\n<brief>{"bars": 2, "answer": "a clip"}</brief>')
    'a bass line\n2 bars'
    """
    if mend := _MEND.fullmatch(text):
        return f"asked again: {mend[1]}"
    text = _EDITED.sub(r"\1", text)
    before, mark, last = text.rpartition("\n<")
    words = _words(f"<{last}") if mark else None
    return text if words is None else f"{before}\n{words}".rstrip("\n")


def _words(text: str) -> str | None:
    """Give a text of Conduit's in words, or None where it is none of them."""
    if told := _DECISION.fullmatch(text) or _CRITIQUE.fullmatch(text):
        return told[1]
    brief = _BRIEF.fullmatch(text)
    try:
        facts: Any = json.loads(brief[1]) if brief else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(facts, dict):
        return None
    return " · ".join(_fact(name, value) for name, value in facts.items() if name not in _FOR_MODELS)


def _fact(name: str, value: object) -> str:
    if name == "bars" and value == 1:
        return "1 bar"
    said = f"{value:g}" if isinstance(value, float) else str(value)
    return _FORMS[name].format(said) if name in _FORMS else f"{name} {said}"
