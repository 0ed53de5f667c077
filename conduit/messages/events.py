"""What a client's stream yields: parts as they grow, then exactly one ``MessageEnd``.

A stream that fails raises a ``ProviderError`` instead of the ``MessageEnd``; it never just stops.
"""

from __future__ import annotations

from typing import Literal

from conduit.messages.content import AssistantPart, Value
from conduit.messages.response import Response

__all__ = ["Event", "MessageEnd", "PartEnd", "PartStart", "ReasoningDelta", "TextDelta", "ToolCallDelta"]


class PartStart(Value):
    """A new part begins.

    Attributes:
        index: Its place in the message, from 0.
        kind: Its type.
        id: The call's id, for a tool call.
        name: The tool's name, for a tool call.
    """

    index: int
    kind: Literal["text", "reasoning", "tool_call"]
    id: str = ""
    name: str = ""


class TextDelta(Value):
    """More words for the text part at ``index``."""

    index: int
    text: str


class ReasoningDelta(Value):
    """More thoughts for the reasoning part at ``index``."""

    index: int
    text: str


class ToolCallDelta(Value):
    """More raw JSON of the arguments of the tool call at ``index``."""

    index: int
    arguments: str


class PartEnd(Value):
    """The part at ``index`` is complete."""

    index: int
    part: AssistantPart


class MessageEnd(Value):
    """The answer is complete. Terminal."""

    response: Response


Event = PartStart | TextDelta | ReasoningDelta | ToolCallDelta | PartEnd | MessageEnd
