"""The four messages of a conversation. Values: no ids, no timestamps."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from conduit.messages.content import (
    AssistantPart,
    ReasoningPart,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    UserPart,
    Value,
)

__all__ = ["AssistantMessage", "Message", "SystemMessage", "ToolMessage", "UserMessage", "read_message"]


class SystemMessage(Value):
    """What a model is told before anything else; first in a conversation, and at most once."""

    role: Literal["system"] = "system"
    content: str


class UserMessage(Value):
    """What a person said.

    Attributes:
        parts: At least one, in order.
    """

    role: Literal["user"] = "user"
    parts: tuple[UserPart, ...] = Field(min_length=1)

    @classmethod
    def of(cls, *texts: str) -> UserMessage:
        """Make a message of plain texts.

        >>> UserMessage.of("hello").text
        'hello'
        """
        return cls(parts=tuple(TextPart(text=text) for text in texts))

    @property
    def text(self) -> str:
        """The words of all text parts, a line break between them."""
        return "\n".join(part.text for part in self.parts if isinstance(part, TextPart))


class AssistantMessage(Value):
    """What a model answered.

    Attributes:
        parts: Words, thoughts and tool calls in the order they came.
    """

    role: Literal["assistant"] = "assistant"
    parts: tuple[AssistantPart, ...] = ()

    @property
    def text(self) -> str:
        """The words of all text parts."""
        return "".join(part.text for part in self.parts if isinstance(part, TextPart))

    @property
    def reasoning(self) -> str:
        """The thoughts of all reasoning parts."""
        return "".join(part.text for part in self.parts if isinstance(part, ReasoningPart))

    @property
    def tool_calls(self) -> tuple[ToolCallPart, ...]:
        """The tools it asks for, in order."""
        return tuple(part for part in self.parts if isinstance(part, ToolCallPart))


class ToolMessage(Value):
    """The result of one tool call."""

    role: Literal["tool"] = "tool"
    result: ToolResultPart


Message = Annotated[SystemMessage | UserMessage | AssistantMessage | ToolMessage, Field(discriminator="role")]

_ADAPTER: TypeAdapter[Message] = TypeAdapter(Message)


def read_message(data: str | bytes) -> Message:
    """Read a message from its JSON.

    Raises:
        ValueError: It is none of the four.
    """
    return _ADAPTER.validate_json(data)
