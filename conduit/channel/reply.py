"""What comes of a question to a channel, and what is told of its parser while it is answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Generic, TypeVar

from conduit.engine.events import TurnEvent
from conduit.engine.limits import Reason
from conduit.errors import ParseError
from conduit.messages import Conversation, Usage

__all__ = ["ChannelEvent", "Mending", "Partial", "Reply"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Partial:
    """The value as far as it has come.

    Attributes:
        value: JSON, unchecked.

    >>> Partial({"root": "A"}).value["root"]
    'A'
    """

    value: Any


@dataclass(frozen=True, slots=True)
class Mending:
    """An answer cannot be read as what it should be; the model is told, and asked again.

    Attributes:
        problems: What is wrong with it.
        attempt: Which answer it was, from 1.

    >>> Mending(("bpm: Field required",), attempt=1).problems[0]
    'bpm: Field required'
    """

    problems: tuple[str, ...]
    attempt: int


ChannelEvent = TurnEvent | Partial | Mending
"""What happens while a channel answers; ``End`` comes last, exactly once."""


@dataclass(frozen=True, slots=True)
class Reply(Generic[T]):
    """The outcome of one question.

    Attributes:
        text: What the model said last.
        conversation: Where the channel stands now.
        reason: Why the turn ended.
        branch: The branch it is on.
        usage: The tokens of all its answers; None where the provider does not count.
        cost_usd: What they cost in US dollars; None where a price is not known.
        plans: Ids of the changes that wait for a person.
        duration_s: Seconds from the question to the end.
        remarks: What went wrong beside it, such as a store that could not be written, a sentence each.
        read: What the answer was read as, or why it could not be; ``value`` is the way to it.

    >>> from conduit.channel import Channel, Parser
    >>> from conduit.clients import ScriptedClient
    >>> reply = Channel(client=ScriptedClient(['{"value": 174}']), parser=Parser(int)).run("the tempo?")
    >>> reply.value + 1, reply.text, str(reply.reason), reply.branch
    (175, '{"value": 174}', 'done', 'main')
    """

    text: str
    conversation: Conversation
    reason: Reason
    branch: str
    usage: Usage | None = None
    cost_usd: Decimal | None = None
    plans: tuple[str, ...] = ()
    duration_s: float = 0.0
    remarks: tuple[str, ...] = ()
    read: T | ParseError = field(repr=False, kw_only=True)

    @property
    def value(self) -> T:
        """What the answer was read as; the text where there is no parser.

        Raises:
            ParseError: The turn was ended before there was an answer that can be read.
        """
        if isinstance(self.read, ParseError):
            raise self.read
        return self.read

    def __str__(self) -> str:
        return self.text
