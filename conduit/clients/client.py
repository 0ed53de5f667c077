"""What every provider looks like from above."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from conduit.errors import ErrorKind, ProviderError
from conduit.messages import (
    AssistantMessage,
    Event,
    MessageEnd,
    PartEnd,
    PartialMessage,
    PartStart,
    ReasoningDelta,
    ReasoningPart,
    Request,
    Response,
    TextDelta,
    TextPart,
    ToolCallDelta,
    ToolCallPart,
)

__all__ = ["Capabilities", "Client", "Place", "collect", "part_events"]


class Place(StrEnum):
    """Where a provider runs: what is meant for one place goes to another only if the user allowed it."""

    OFFLINE = "offline"
    LOCAL = "local"
    CLOUD = "cloud"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a model can do, as far as its provider says.

    Attributes:
        tools: Whether it can call tools.
        images: Whether it takes images.
        audio: Whether it takes sound.
        schema: Whether its server makes an answer fit ``Request.response_schema``; others read over it.
    """

    tools: bool = True
    images: bool = True
    audio: bool = False
    schema: bool = False


class Client(Protocol):
    """Turns a request into an answer, in one piece or as a stream of events.

    A stream ends with exactly one ``MessageEnd`` or raises a ``ProviderError``. Closing it stops the
    generation, so use it in ``contextlib.aclosing``. One client serves any number of calls at once, on one
    event loop at a time.
    """

    @property
    def provider(self) -> str:
        """The provider's name, the part of a model's name before the slash."""

    @property
    def place(self) -> Place:
        """Where it runs."""

    @property
    def models(self) -> tuple[str, ...]:
        """The models known so far, as the provider names them; the first is its default."""

    @property
    def streams_tool_arguments(self) -> bool:
        """Whether a tool call's arguments come piece by piece."""

    async def list_models(self) -> tuple[str, ...]:
        """Ask the provider for its models, and keep them in ``models``.

        Raises:
            ProviderError: It does not answer.
        """

    async def capabilities(self, model: str) -> Capabilities:
        """Say what a model can do; asked of the provider where it tells."""

    def stream(self, request: Request) -> AsyncGenerator[Event, None]:
        """Answer a request piece by piece.

        Raises:
            ProviderError: The provider failed, or its stream was cut off.
        """

    async def complete(self, request: Request) -> Response:
        """Answer a request in one piece.

        Raises:
            ProviderError: The provider failed.
        """

    async def close(self) -> None:
        """Close every connection. The client may be used again; it then opens new ones."""


async def collect(events: AsyncGenerator[Event, None], *, provider: str) -> Response:
    """Read a stream to its end and give its answer.

    Raises:
        ProviderError: It failed, or ended without its terminal event.
    """
    partial = PartialMessage()
    async with aclosing(events):
        async for event in events:
            if isinstance(event, MessageEnd):
                return event.response
            partial.feed(event)
    raise ProviderError(
        f"{provider} stopped in the middle of its answer; what came is kept, ask again",
        kind=ErrorKind.STREAM_INCOMPLETE,
        provider=provider,
        partial=partial.message().model_dump(mode="json"),
    )


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
