"""The shell around an adapter: bytes out, bytes in, time, and the errors of the way between.

The vendors' SDKs give authentication and transport only: they are handed finished bytes and give back raw ones.
An SDK is imported in a thread when it is first needed, because that takes up to a second.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from time import perf_counter
from typing import Any, NoReturn, Protocol

from conduit.clients.adapter import Adapter, Call, Reply
from conduit.clients.client import Capabilities, Place
from conduit.clients.faults import fault
from conduit.errors import ErrorKind, ProviderError
from conduit.messages import Event, MessageEnd, PartialMessage, Request, Response, ResponseMetadata

__all__ = ["CONNECT_S", "Answering", "Transport", "WireClient", "unreachable"]

CONNECT_S = 5.0
"""Seconds a server has to take a connection."""


class Answering(Protocol):
    """An answer whose head has come."""

    status: int
    headers: Mapping[str, str]

    def chunks(self) -> AsyncGenerator[bytes, None]:
        """Give the body as it comes."""

    async def body(self) -> bytes:
        """Give the whole body."""


class Transport(Protocol):
    """Carries calls to one server. Errors of the way are raised as ``ProviderError``."""

    def post(self, call: Call, *, stream: bool) -> Any:
        """Send a call; an async context manager of its ``Answering``, closed whatever happens."""

    async def get(self, path: str) -> bytes:
        """Fetch something; an error status is raised as ``ProviderError``."""

    def clean(self, text: str) -> str:
        """Take the key out of a text."""

    async def close(self) -> None:
        """Close every connection."""


class WireClient:
    """A ``Client`` over an adapter and a transport.

    Args:
        adapter: How the provider writes and reads.
        transport: The way to its server.
        place: Where it runs.
        models: Models known before it was asked.
        listing: Reads ``(ids of models)`` from the bytes of ``/models``.
        probe: Tells what a model can do; by default everything is tried.
    """

    def __init__(
        self,
        adapter: Adapter,
        transport: Transport,
        *,
        place: Place,
        models: tuple[str, ...] = (),
        listing: Callable[[bytes], tuple[str, ...]],
        probe: Callable[[Transport, str], Awaitable[Capabilities]] | None = None,
        streams_tool_arguments: bool = True,
    ) -> None:
        self.provider = adapter.provider
        self.place = place
        self.models = models
        self.streams_tool_arguments = streams_tool_arguments
        self._adapter = adapter
        self._transport = transport
        self._listing = listing
        self._probe = probe
        self._known: dict[str, Capabilities] = {}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.provider}>"

    async def list_models(self) -> tuple[str, ...]:
        """Ask the provider for its models.

        Raises:
            ProviderError: It does not answer, or with something else.
        """
        self.models = self._listing(await self._transport.get("/models")) or self.models
        self._known.clear()  # another model may have been loaded under the same name
        return self.models

    async def capabilities(self, model: str) -> Capabilities:
        """Say what a model can do; asked once a model."""
        if model not in self._known:
            self._known[model] = await self._probe(self._transport, model) if self._probe else Capabilities()
        return self._known[model]

    async def stream(self, request: Request) -> AsyncGenerator[Event, None]:
        """Answer a request piece by piece.

        Raises:
            ProviderError: The provider failed, or its stream was cut off; ``partial`` holds what had come.
        """
        partial = PartialMessage()
        try:
            async with aclosing(self._events(request)) as events:
                async for event in events:
                    partial.feed(event)
                    yield event
        except ProviderError as error:
            error.partial = error.partial or _dumped(partial)
            raise self._told(error, request) from None

    async def _events(self, request: Request) -> AsyncGenerator[Event, None]:
        started, first_s = perf_counter(), None
        decoder = self._adapter.decoder(request)
        async with self._transport.post(self._adapter.encode(request, stream=True), stream=True) as answer:
            if answer.status >= 400:
                self._refuse(request, answer, await answer.body())
            async with aclosing(answer.chunks()) as chunks:
                async for data in chunks:
                    for event in decoder.feed(data):
                        if first_s is None:
                            first_s = perf_counter() - started
                        yield event
        events, reply = decoder.finish()
        for event in events:
            yield event
        yield MessageEnd(response=self._response(request, reply, started=started, first_s=first_s))

    async def complete(self, request: Request) -> Response:
        """Answer a request in one piece.

        Raises:
            ProviderError: The provider failed.
        """
        started = perf_counter()
        call = self._adapter.encode(request, stream=False)
        try:
            async with self._transport.post(call, stream=False) as answer:
                body = await answer.body()
                if answer.status >= 400:
                    self._refuse(request, answer, body)
            reply = self._adapter.decode(body, request)
        except ProviderError as error:
            raise self._told(error, request) from None
        return self._response(request, reply, started=started, first_s=None)

    async def close(self) -> None:
        """Close every connection."""
        await self._transport.close()

    def _told(self, error: ProviderError, request: Request) -> ProviderError:
        """Name the model, and take the key out of what a server said, also inside a stream."""
        error.model = error.model or request.model
        error.message = self._transport.clean(error.message)
        error.args = (error.message,)
        return error

    def _refuse(self, request: Request, answer: Answering, body: bytes) -> NoReturn:
        raise fault(
            provider=self.provider,
            model=request.model,
            status=answer.status,
            body=body,
            headers=answer.headers,
        )

    def _response(self, request: Request, reply: Reply, *, started: float, first_s: float | None) -> Response:
        metadata = ResponseMetadata(
            provider=self.provider,
            model=reply.model or request.model,
            stop_reason=reply.stop_reason,
            usage=reply.usage,
            duration_s=perf_counter() - started,
            first_token_s=first_s,
            citations=reply.citations,
        )
        return Response(request=request, message=reply.message, metadata=metadata)


def _dumped(partial: PartialMessage) -> dict[str, Any] | None:
    message = partial.message()
    return message.model_dump(mode="json") if message.parts else None


def unreachable(error: BaseException, *, provider: str, began: bool = False) -> ProviderError:
    """Make the error of a way that failed.

    Args:
        error: What the HTTP library raised.
        provider: Who could not be reached.
        began: Whether the answer had begun, so that it was cut off.
    """
    if _timed_out(error):
        text = f"{provider} was silent for too long; ask again, or another model"
        return ProviderError(text, kind=ErrorKind.TIMEOUT, provider=provider)
    if began:
        text = f"{provider} broke off in the middle of its answer; what came is kept, ask again"
        return ProviderError(text, kind=ErrorKind.STREAM_INCOMPLETE, provider=provider)
    text = f"{provider} cannot be reached; is it running, and is there a network?"
    return ProviderError(text, kind=ErrorKind.NETWORK, provider=provider)


def _timed_out(error: BaseException) -> bool:
    """Tell a timeout by the innermost cause: aiohttp's lost connections arrive dressed as timeouts."""
    seen: BaseException | None = error
    timeout = False
    while seen is not None:
        name = type(seen).__name__
        if type(seen).__module__.startswith("aiohttp"):
            return isinstance(seen, TimeoutError)
        timeout = timeout or isinstance(seen, TimeoutError) or "Timeout" in name
        seen = seen.__cause__ or seen.__context__
    return timeout
