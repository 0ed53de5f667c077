"""A model that says what it was told to say: for tests and for notebooks that must run the same each time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass

from conduit.clients.client import Capabilities, Place, collect, part_events
from conduit.errors import ConduitError, ErrorKind, ProviderError
from conduit.messages import (
    AssistantMessage,
    Event,
    MessageEnd,
    PartialMessage,
    Request,
    Response,
    ResponseMetadata,
    StopReason,
    TextPart,
)

__all__ = ["Cut", "ScriptedClient"]


@dataclass(frozen=True, slots=True)
class Cut:
    """A reply that breaks off.

    Attributes:
        message: What it would have been.
        after: Events that come before it breaks off.
        error: What it breaks off with.
    """

    message: AssistantMessage
    after: int
    error: ProviderError


class ScriptedClient:
    """Answers each request with the next of its replies.

    Args:
        replies: A text, a message, a ``Cut`` one, or an error to raise, one a request.
        provider: The name it goes by.
        pace_s: Seconds between two pieces.
        piece: Characters in a piece.
        stall_after: Pieces after which a reply never goes on; None never stalls.
        place: Where it says that it runs.

    Attributes:
        requests: What it was asked, in order.
        closed: How many streams were closed before their end.
    """

    streams_tool_arguments = True
    models = ("script",)

    def __init__(
        self,
        replies: Sequence[str | AssistantMessage | Cut | ConduitError],
        *,
        provider: str = "scripted",
        pace_s: float = 0.0,
        piece: int = 16,
        stall_after: int | None = None,
        place: Place = Place.LOCAL,
    ) -> None:
        self.provider = provider
        self.place = place
        self.requests: list[Request] = []
        self.closed = 0
        self._replies = list(replies)
        self._pace_s = pace_s
        self._piece = piece
        self._stall_after = stall_after

    async def list_models(self) -> tuple[str, ...]:
        """Give its one model."""
        return self.models

    async def capabilities(self, model: str) -> Capabilities:  # noqa: ARG002  the same for every model
        """Say that it takes everything."""
        return Capabilities(audio=True)

    async def complete(self, request: Request) -> Response:
        """Give the next reply in one piece.

        Raises:
            ProviderError: There is no reply left.
        """
        return await collect(self.stream(request), provider=self.provider)

    async def close(self) -> None:
        """Do nothing: there is no connection."""

    async def stream(self, request: Request) -> AsyncGenerator[Event, None]:
        """Give the next reply in pieces.

        Raises:
            ProviderError: There is no reply left.
        """
        self.requests.append(request)
        reply = self._next()
        cut = reply if isinstance(reply, Cut) else None
        message = reply.message if isinstance(reply, Cut) else reply
        partial, complete = PartialMessage(), False
        try:
            for count, event in enumerate(part_events(message, split=self._split)):
                if cut is not None and count >= cut.after:
                    raise _broken(cut, partial)
                partial.feed(event)
                if self._stall_after is not None and count >= self._stall_after:
                    await asyncio.Event().wait()
                yield event
                await asyncio.sleep(self._pace_s)
            if cut is not None:
                raise _broken(cut, partial)
            complete = True
            yield MessageEnd(response=_response(request, message, provider=self.provider))
        finally:
            self.closed += not complete

    def _next(self) -> AssistantMessage | Cut:
        if len(self.requests) > len(self._replies):
            n_replies = len(self._replies)
            raise ProviderError(
                f"the script of {self.provider} has {n_replies} replies and was asked once more",
                kind=ErrorKind.BAD_REQUEST,
                provider=self.provider,
            )
        reply = self._replies[len(self.requests) - 1]
        if isinstance(reply, ConduitError):
            raise reply
        return AssistantMessage(parts=(TextPart(text=reply),)) if isinstance(reply, str) else reply

    def _split(self, text: str) -> Iterator[str]:
        return (text[at : at + self._piece] for at in range(0, len(text), self._piece))


def _broken(cut: Cut, partial: PartialMessage) -> ProviderError:
    cut.error.partial = partial.message().model_dump(mode="json")
    return cut.error


def _response(request: Request, message: AssistantMessage, *, provider: str) -> Response:
    reason = StopReason.TOOL_CALLS if message.tool_calls else StopReason.STOP
    metadata = ResponseMetadata(provider=provider, model=request.model, stop_reason=reason)
    return Response(request=request, message=message, metadata=metadata)
