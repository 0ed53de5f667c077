"""What came back from a model."""

from __future__ import annotations

from enum import StrEnum

from conduit.messages.content import Value
from conduit.messages.message import AssistantMessage
from conduit.messages.request import Request

__all__ = ["Response", "ResponseMetadata", "StopReason", "Usage"]


class StopReason(StrEnum):
    """Why an answer ended."""

    STOP = "stop"
    LENGTH = "length"
    TOOL_CALLS = "tool_calls"
    CONTENT_FILTER = "content_filter"


class Usage(Value):
    """Tokens of one answer. Cached tokens are part of the input, reasoning tokens part of the output."""

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    reasoning_tokens: int = 0


class ResponseMetadata(Value):
    """Facts about an answer.

    Attributes:
        provider: Who answered.
        model: The model that answered, as the provider names it.
        stop_reason: Why it ended.
        usage: Tokens; None where the provider does not count.
        duration_s: Seconds from the request to the end.
        first_token_s: Seconds to the first piece; None where nothing came.
    """

    provider: str
    model: str
    stop_reason: StopReason = StopReason.STOP
    usage: Usage | None = None
    duration_s: float = 0.0
    first_token_s: float | None = None


class Response(Value):
    """An answer with what it answers."""

    request: Request
    message: AssistantMessage
    metadata: ResponseMetadata
