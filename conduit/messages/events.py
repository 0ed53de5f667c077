"""What a client's stream yields: parts as they grow, then exactly one ``MessageEnd``.

A stream that fails raises a ``ProviderError`` instead of the ``MessageEnd``; it never just stops.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from conduit.messages.content import AssistantPart, Value
from conduit.messages.response import Response

__all__ = [
    "Event",
    "MessageEnd",
    "PartEnd",
    "PartStart",
    "ReasoningDelta",
    "Restart",
    "TextDelta",
    "ToolCallDelta",
]


class PartStart(Value):
    """A new part begins.

    Attributes:
        index: Its place in the message, from 0.
        kind: Its type.
        id: The call's id, for a tool call.
        name: The tool's name, for a tool call.
    """

    type: Literal["part_start"] = "part_start"
    index: int
    kind: Literal["text", "reasoning", "tool_call"]
    id: str = ""
    name: str = ""


class TextDelta(Value):
    """More words for the text part at ``index``."""

    type: Literal["text_delta"] = "text_delta"
    index: int
    text: str


class ReasoningDelta(Value):
    """More thoughts for the reasoning part at ``index``."""

    type: Literal["reasoning_delta"] = "reasoning_delta"
    index: int
    text: str


class ToolCallDelta(Value):
    """More raw JSON of the arguments of the tool call at ``index``."""

    type: Literal["tool_call_delta"] = "tool_call_delta"
    index: int
    arguments: str


class PartEnd(Value):
    """The part at ``index`` is complete."""

    type: Literal["part_end"] = "part_end"
    index: int
    part: AssistantPart


class Restart(Value):
    """The answer broke off, and another attempt begins from nothing: forget every part that has come.

    Attributes:
        provider: Who answers now.
        reason: Why the attempt before ended, in words for a person.
    """

    type: Literal["restart"] = "restart"
    provider: str
    reason: str


class MessageEnd(Value):
    """The answer is complete. Terminal."""

    type: Literal["message_end"] = "message_end"
    response: Response


Event = Annotated[
    PartStart | TextDelta | ReasoningDelta | ToolCallDelta | PartEnd | Restart | MessageEnd,
    Field(discriminator="type"),
]
