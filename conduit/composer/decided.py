"""What the offline composer says when a person decided about a plan: what holds, and what can be asked next.

A decision is one that ``question.decision`` puts into a conversation, such as
``Plan P1 was rejected: <title>. <why>``.
"""

from __future__ import annotations

import re

from conduit.composer.question import decided
from conduit.messages import Message, UserMessage
from conduit.music import Clip
from conduit.music.instrument import DRUMS

__all__ = ["reply_to"]

_DECIDED = re.compile(
    r"Plan (?P<plan>\S+) (?:was )?(?P<what>approved|rejected|undone|expired)\b[^:]*: (?P<rest>.+)",
    re.DOTALL,
)
_NAME = re.compile(r"(?<!\w)'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")  # as Python writes it
_SAID = {
    "approved": "{plan} is done: {title}. Undo takes it back. {more}",
    "rejected": "{plan} is off, and nothing was changed. {other}",
    "refused": "{plan} is off, and nothing was changed. {why}",
    "undone": "{plan} is undone: what was there before is there again. {other}",
    "expired": "Nobody decided about {plan} in time, so nothing was changed. Ask for it again when it suits you.",
}
"""What is said of each decision; ``refused`` is one that was rejected for a reason."""

_ANY = "Ask me for a clip, such as: four bars of acid bass in A minor."
_MORE = {
    False: "Go on with what belongs to it, such as: drums to go with it.",
    True: "Go on with what belongs to it, such as: a bass line to go with it.",
}
"""What can be asked after a clip, by whether it is of drums."""

_OTHER = "Say what should be different, such as: another take, or busier."


def reply_to(message: Message, clip: Clip | None) -> str:
    """Answer a decision; whatever else is said is answered with what can be asked.

    Args:
        message: The last of a conversation.
        clip: The last clip in it.

    >>> from conduit.composer.question import decision
    >>> reply_to(decision("Plan P1 was rejected: Set tempo. Live was restarted."), None)
    'P1 is off, and nothing was changed. Live was restarted.'
    """
    found = _DECIDED.fullmatch(decided(message) if isinstance(message, UserMessage) else "")
    if found is None:
        return _ANY
    title, why = _title_and_reason(found["rest"])
    what = "refused" if found["what"] == "rejected" and why else found["what"]
    more = _ANY if clip is None else _MORE[clip.instrument == DRUMS]
    other = _ANY if clip is None else _OTHER
    return _SAID[what].format(plan=found["plan"], title=title, why=why, more=more, other=other)


def _title_and_reason(text: str) -> tuple[str, str]:
    """Part what a plan does from why it was decided so, which may be nothing.

    >>> _title_and_reason("Set volume of track 2 'Mr. Bass': 0.85 → 0.5. Live was restarted.")
    ("Set volume of track 2 'Mr. Bass': 0.85 → 0.5", 'Live was restarted.')
    """
    plain = _NAME.sub(lambda name: "_" * len(name[0]), text)  # a full stop in a name ends no sentence
    end = plain.find(". ")
    return (text.removesuffix("."), "") if end < 0 else (text[:end], text[end + 2 :])
