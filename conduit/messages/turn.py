"""A turn of a conversation: what was asked, and everything up to the next question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conduit.messages.message import AssistantMessage, Message, UserMessage

if TYPE_CHECKING:
    from conduit.messages.conversation import Conversation

__all__ = ["Turn"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn, as points of its conversation. It starts at a user's question that follows no other.

    Attributes:
        number: Which turn it is, from 1.
        before: The conversation up to here.
        asked: Up to and with the user messages that open the turn.
        after: Up to its end.
        question: The last of the messages that open it.

    >>> from conduit.messages import Conversation, UserMessage
    >>> [turn] = Conversation().add(UserMessage.of("a bass line")).turns
    >>> turn.number, turn.question.text, turn.text
    (1, 'a bass line', '')
    """

    number: int
    before: Conversation
    asked: Conversation
    after: Conversation
    question: UserMessage

    @property
    def messages(self) -> tuple[Message, ...]:
        """The messages of this turn alone, the question among them."""
        return self.after.since(self.before)

    @property
    def answer(self) -> tuple[Message, ...]:
        """What came after the question: the model's messages, and the results of its tools."""
        return self.after.since(self.asked)

    @property
    def text(self) -> str:
        """What the model said last in this turn, or nothing."""
        said = (message.text for message in reversed(self.answer) if isinstance(message, AssistantMessage))
        return next(filter(None, said), "")
