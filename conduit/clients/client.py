"""What every provider looks like from above."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from typing import Protocol

from conduit.messages import (
    AssistantMessage,
    Event,
    PartEnd,
    PartStart,
    ReasoningDelta,
    ReasoningPart,
    Request,
    TextDelta,
    TextPart,
    ToolCallDelta,
    ToolCallPart,
)

__all__ = ["Client", "part_events"]


class Client(Protocol):
    """Turns a request into a stream of events.

    A stream ends with exactly one ``MessageEnd`` or raises a ``ProviderError``. Closing it stops the
    generation, so use it in ``contextlib.aclosing``.
    """

    @property
    def provider(self) -> str:
        """The provider's name, the part of a model's name before the slash."""

    @property
    def models(self) -> tuple[str, ...]:
        """The models it has, as the provider names them; the first is its default."""

    @property
    def streams_tool_arguments(self) -> bool:
        """Whether a tool call's arguments come piece by piece."""

    def stream(self, request: Request) -> AsyncGenerator[Event, None]:
        """Answer a request.

        Raises:
            ProviderError: The provider failed, or its stream was cut off.
        """


def part_events(message: AssistantMessage, *, split: Callable[[str], Iterable[str]]) -> Iterator[Event]:
    """Give the events of a message that is known already, its texts cut by ``split``.

    For clients that are not a wire: the offline composer and the scripted client. ``MessageEnd`` is theirs.
    """
    for index, part in enumerate(message.parts):
        match part:
            case TextPart():
                yield PartStart(index=index, kind="text")
                yield from (TextDelta(index=index, text=piece) for piece in split(part.text))
            case ReasoningPart():
                yield PartStart(index=index, kind="reasoning")
                yield from (ReasoningDelta(index=index, text=piece) for piece in split(part.text))
            case ToolCallPart():
                yield PartStart(index=index, kind="tool_call", id=part.id, name=part.name)
                yield from (ToolCallDelta(index=index, arguments=piece) for piece in split(part.arguments))
        yield PartEnd(index=index, part=part)
