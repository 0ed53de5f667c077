"""What came back from a model."""

from __future__ import annotations

from decimal import Decimal
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
    """Tokens of one answer, counted alike for every provider.

    Attributes:
        input_tokens: All that was read, cached tokens among them.
        output_tokens: All that was written, reasoning among it.
        cached_tokens: Read from the provider's cache.
        cache_write_tokens: Written into the provider's cache.
        reasoning_tokens: Thought and not said.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    reasoning_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        """Sum two answers' tokens.

        >>> (Usage(input_tokens=3) + Usage(input_tokens=4, output_tokens=1)).input_tokens
        7
        """
        return Usage(**{name: count + getattr(other, name) for name, count in self})


class ResponseMetadata(Value):
    """Facts about an answer.

    Attributes:
        provider: Who answered.
        model: The model that answered, as the provider names it.
        stop_reason: Why it ended.
        usage: Tokens; None where the provider does not count.
        duration_s: Seconds from the request to the end.
        first_token_s: Seconds to the first piece; None where nothing came.
        cost_usd: What it cost in US dollars; None where the price is not known.
        citations: Addresses that the answer refers to, where its provider names them.
        cached: Whether the answer was kept from an earlier time, and nobody was asked.
    """

    provider: str
    model: str
    stop_reason: StopReason = StopReason.STOP
    usage: Usage | None = None
    duration_s: float = 0.0
    first_token_s: float | None = None
    cost_usd: Decimal | None = None
    citations: tuple[str, ...] = ()
    cached: bool = False


class Response(Value):
    """An answer with what it answers."""

    request: Request
    message: AssistantMessage
    metadata: ResponseMetadata

    @property
    def text(self) -> str:
        """The words of the answer."""
        return self.message.text

    def __str__(self) -> str:
        return self.text
