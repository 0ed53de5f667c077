"""A user's question as a message: the words, then what was asked by options.

The options stand in a part of their own, as JSON in a ``<brief>`` element, so that every model can read them
and the words stay as they were written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from conduit.composer.aim import Aim
from conduit.composer.brief import Options
from conduit.composer.by_hand import is_by_hand
from conduit.composer.genre_facts import facts_of, genre_asked
from conduit.messages import AudioPart, Conversation, ImagePart, TextPart, UserMessage
from conduit.music import Key, Meter

__all__ = [
    "aim_of",
    "ask",
    "critique",
    "decided",
    "decision",
    "is_decision",
    "read_critique",
    "read_question",
]

_DECIDED = "What was decided about a plan:"
_HEARD = "What the critic heard in the clip:"
_NOWHERE = Aim()
_AIM = ("track", "slot")
_BRIEF = re.compile(r"<brief>(\{.*\})</brief>", re.DOTALL)
_CRITIQUE = re.compile(r"<critique>\n(.*)\n</critique>", re.DOTALL)


def ask(
    text: str,
    *,
    options: Options,
    aim: Aim = _NOWHERE,
    clip_wanted: bool = False,
    media: tuple[ImagePart | AudioPart, ...] = (),
    edits: Sequence[str] = (),
) -> UserMessage:
    """Make the message of a question; the seed is left out, it is a parameter of the request.

    Args:
        text: The words.
        options: What is asked for explicitly.
        aim: Where the clip is meant to go, as far as it was named.
        clip_wanted: Whether an answer without a clip would be none.
        media: Images and sounds that go with the words.
        edits: What a person did to clips by hand since the last question, as ``by_hand`` says it.
    """
    facts = {
        name: str(value) if isinstance(value, Key | Meter) else value
        for name, value in asdict(replace(options, seed=None, meter=None)).items()
        if value is not None
    }
    if options.meter is not None:
        facts["meter"] = str(options.meter)
    if genre := genre_asked(text, options):
        facts["about_genre"] = facts_of(genre)
    facts |= aim.facts
    if clip_wanted:
        facts["answer"] = "a clip"
    brief = f"<brief>{json.dumps(facts, ensure_ascii=False)}</brief>"
    texts = (text, *edits, *([brief] if facts else []))
    return UserMessage(parts=(*media, *(TextPart(text=one) for one in texts)))


def read_question(message: UserMessage, *, seed: int | None = None) -> tuple[str, Options]:
    """Give the words and the options of a question.

    Args:
        message: What ``ask`` made, or any user message.
        seed: The request's seed.
    """
    words, facts = _told(message)
    for told in ("answer", "about_genre", *_AIM):
        facts.pop(told, None)
    if "key" in facts:
        facts["key"] = Key(facts["key"])
    if "meter" in facts:
        facts["meter"] = Meter.parse(facts["meter"])
    return words, Options(**facts, seed=seed)


def aim_of(talk: Conversation) -> Aim:
    """Give where the clips of a conversation are meant to go, as far as its questions named it."""
    aim = _NOWHERE
    for message in talk.messages:
        if isinstance(message, UserMessage):
            named = {name: at for name, at in _told(message)[1].items() if name in _AIM}
            aim = aim.then(Aim(**named))
    return aim


def _told(message: UserMessage) -> tuple[str, dict[str, Any]]:
    """Give the words of a question, and what its brief holds."""
    texts = [part.text for part in message.parts if isinstance(part, TextPart)]
    texts = [*texts[:1], *(text for text in texts[1:] if not is_by_hand(text))]
    match = _BRIEF.fullmatch(texts[-1]) if len(texts) > 1 else None
    return ("\n".join(texts), {}) if match is None else ("\n".join(texts[:-1]), json.loads(match[1]))


def decision(text: str) -> UserMessage:
    """Make the message that tells a model what a person decided about its plan."""
    return UserMessage.of(_DECIDED, f"<decision>{text}</decision>")


def is_decision(message: UserMessage) -> bool:
    """Say whether a message is one that ``decision`` made."""
    # A person's words are always the first part, and what follows them is a brief.
    texts = [part.text for part in message.parts if isinstance(part, TextPart)]
    return len(texts) == 2 and texts[0] == _DECIDED and texts[1].startswith("<decision>")


def decided(message: UserMessage) -> str:
    """Give what was decided, of a message that ``decision`` made; nothing of any other.

    >>> decided(decision("Plan P1 was undone."))
    'Plan P1 was undone.'
    """
    if not is_decision(message):
        return ""
    told = message.text.partition("\n")[2]
    return told.removeprefix("<decision>").removesuffix("</decision>")


def critique(text: str, *, picture: ImagePart | None = None) -> UserMessage:
    """Make the message that tells a model what the critic found in its clip.

    >>> read_critique(critique("score 0.6"))
    'score 0.6'
    """
    said = TextPart(text=f"<critique>\n{text}\n</critique>")
    return UserMessage(parts=(*([picture] if picture else []), TextPart(text=_HEARD), said))


def read_critique(message: UserMessage) -> str | None:
    """Give what the critic says in a message that ``critique`` made; None for any other."""
    texts = [part.text for part in message.parts if isinstance(part, TextPart)]
    if len(texts) != 2 or texts[0] != _HEARD:
        return None
    match = _CRITIQUE.fullmatch(texts[1])
    return match[1] if match else None
