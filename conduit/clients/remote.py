"""Another Conduit as a provider: it generates there, and everything it says comes back unchanged, errors too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from typing import Any, NoReturn

from pydantic import TypeAdapter, ValidationError

from conduit.clients.adapter import Incoming, read
from conduit.clients.client import Capabilities, Place
from conduit.clients.faults import fault
from conduit.clients.lines import Lines
from conduit.clients.network import closing_at_once
from conduit.clients.openai import model_ids
from conduit.clients.wire import CONNECT_S, unreachable
from conduit.errors import ConduitError, ErrorKind, ProviderError
from conduit.messages import (
    AssistantMessage,
    Event,
    MessageEnd,
    PartialMessage,
    Request,
    Response,
    ResponseMetadata,
)

__all__ = ["RemoteClient"]

READ_S = 600.0
_EVENTS: TypeAdapter[Event] = TypeAdapter(Event)


class _End(Incoming):
    """The last line of an answer: an answer without its request, which the asker has."""

    message: AssistantMessage
    metadata: ResponseMetadata


class _Line(Incoming):
    type: str


class RemoteClient:
    """Asks another Conduit, whose server is ``python -m conduit serve``.

    Args:
        provider: The name it goes by.
        base_url: Such as ``http://127.0.0.1:9321``.
        token: The token of that server.
        place: Where it runs.
        models: Models known before it is asked, as ``provider/model``.

    >>> RemoteClient("studio-2", base_url="http://127.0.0.1:9322", token="…")
    <RemoteClient studio-2 http://127.0.0.1:9322>
    """

    streams_tool_arguments = True

    def __init__(
        self,
        provider: str = "conduit",
        *,
        base_url: str,
        token: str = "",
        place: Place = Place.LOCAL,
        models: tuple[str, ...] = (),
    ) -> None:
        self.provider = provider
        self.place = place
        self.models = models
        self._base_url = base_url.rstrip("/")
        self._token = token
        self._loop: asyncio.AbstractEventLoop | None = None
        self._http: Any = None

    def __repr__(self) -> str:
        return f"<RemoteClient {self.provider} {self._base_url}>"

    async def list_models(self) -> tuple[str, ...]:
        """Ask it for its models.

        Raises:
            ProviderError: It does not answer.
        """
        async with self._call("GET", "/v1/models", b"") as answer:
            self.models = model_ids(await self._body(answer), provider=self.provider)
        return self.models

    async def capabilities(self, model: str) -> Capabilities:  # noqa: ARG002  it sees to that itself
        """Say that it takes everything: it finds a way for each of its models."""
        return Capabilities(audio=True, schema=True)

    async def stream(self, request: Request) -> AsyncGenerator[Event, None]:
        """Answer a request piece by piece.

        Raises:
            ConduitError: Whatever was raised there, of its own class.
            ProviderError: It cannot be reached, or broke off; ``partial`` holds what had come.
        """
        partial = PartialMessage()
        try:
            async with aclosing(self._events(request)) as events:
                async for event in events:
                    partial.feed(event)
                    yield event
        except ProviderError as error:
            came = partial.message()
            if error.partial is None and came.parts:
                error.partial = came.model_dump(mode="json")
            raise

    async def lines(
        self, path: str, body: bytes, *, model: str = ""
    ) -> AsyncGenerator[tuple[str, bytes], None]:
        """Post something, and give the lines of what comes back as they come, each with its ``type``.

        The connection is closed with the generator, and what was asked for is stopped there.

        Raises:
            ConduitError: Whatever was raised there, of its own class.
            ProviderError: It cannot be reached, refused, broke off, or sent what this version cannot read.
        """
        lines = Lines()
        async with self._call("POST", path, body) as answer:
            if answer.status_code >= 400:
                await self._body(answer, model=model)
            async with aclosing(self._chunks(answer)) as chunks:
                async for data in chunks:
                    for line in filter(None, lines.feed(data)):  # empty ones say that it is still there
                        kind = read(_Line, line, provider=self.provider, what="line").type
                        if kind == "error":
                            raise self._rebuilt(line)
                        yield kind, line

    async def post(self, path: str, body: bytes, *, model: str = "") -> bytes:
        """Post something, and give the whole of what comes back; raises as ``lines`` does."""
        async with self._call("POST", path, body) as answer:
            return await self._body(answer, model=model)

    def broken_off(self, *, model: str) -> ProviderError:
        """Make the error of an answer that ended before it said so."""
        return ProviderError(
            f"{self.provider} stopped in the middle of its answer; what came is kept, ask again",
            kind=ErrorKind.STREAM_INCOMPLETE,
            provider=self.provider,
            model=model,
        )

    def unknown(self, what: str) -> ProviderError:
        """Make the error of something that only another version of Conduit can read."""
        return ProviderError(
            f"{self.provider} {what} that this version does not know; use the same version at both ends",
            kind=ErrorKind.PROTOCOL,
            provider=self.provider,
        )

    async def _events(self, request: Request) -> AsyncGenerator[Event, None]:
        ended = False
        body = request.model_dump_json().encode()
        async with aclosing(self.lines("/v1/stream", body, model=request.model)) as lines:
            async for kind, line in lines:
                event = self._event(kind, line, request)
                ended = isinstance(event, MessageEnd)
                yield event
        if not ended:
            raise self.broken_off(model=request.model)

    async def complete(self, request: Request) -> Response:
        """Answer a request in one piece; raises as ``stream`` does."""
        body = await self.post("/v1/complete", request.model_dump_json().encode(), model=request.model)
        end = read(_End, body, provider=self.provider)
        return Response(request=request, message=end.message, metadata=end.metadata)

    async def close(self) -> None:
        """Close every connection; the next call opens new ones."""
        http, self._http = self._http, None
        if http is not None and self._loop is asyncio.get_running_loop():
            await http.aclose()

    @asynccontextmanager
    async def _call(self, method: str, path: str, body: bytes) -> AsyncGenerator[Any, None]:
        import httpx2  # noqa: PLC0415  60 ms, only with the first call

        http = self._connected(httpx2)
        request = http.build_request(method, path, content=body)
        try:
            answer = await http.send(request, stream=True)
        except httpx2.HTTPError as error:
            raise unreachable(error, provider=self.provider) from None
        try:
            yield answer
        finally:
            # A cancellation in the middle of this would leave the question in the pool for ever.
            await asyncio.shield(answer.aclose())

    def _connected(self, httpx2: Any) -> Any:
        loop = asyncio.get_running_loop()
        if self._http is None or self._loop is not loop:
            self._loop = loop
            known = {"Authorization": f"Bearer {self._token}"} if self._token else {}
            self._http = closing_at_once(
                httpx2.AsyncClient(
                    base_url=self._base_url,
                    headers={**known, "Content-Type": "application/json"},
                    timeout=httpx2.Timeout(connect=CONNECT_S, read=READ_S, write=30.0, pool=None),
                    limits=httpx2.Limits(max_connections=256, max_keepalive_connections=256),
                    trust_env=False,
                )
            )
        return self._http

    async def _chunks(self, answer: Any) -> AsyncGenerator[bytes, None]:
        import httpx2  # noqa: PLC0415  imported by the call

        try:
            async with aclosing(answer.aiter_bytes()) as pieces:
                async for data in pieces:
                    yield data
        except httpx2.HTTPError as error:
            raise unreachable(error, provider=self.provider, began=True) from None

    async def _body(self, answer: Any, *, model: str = "") -> bytes:
        async with aclosing(self._chunks(answer)) as chunks:
            body = b"".join([data async for data in chunks])
        if answer.status_code >= 400:
            self._refuse(model, answer, body)
        return body

    def _event(self, kind: str, line: bytes, request: Request) -> Event:
        if kind == "message_end":
            end = read(_End, line, provider=self.provider)
            response = Response(request=request, message=end.message, metadata=end.metadata)
            return MessageEnd(response=response)
        try:
            return _EVENTS.validate_json(line)
        except ValidationError:
            raise self.unknown(f"sent an event ({kind})") from None

    def _refuse(self, model: str, answer: Any, body: bytes) -> NoReturn:
        if self._token:
            body = body.replace(self._token.encode(), b"***")
        try:
            raise self._error(body)
        except ValueError:
            raise fault(
                provider=self.provider,
                model=model,
                status=answer.status_code,
                body=body,
                headers=answer.headers,
            ) from None

    def _rebuilt(self, line: bytes) -> ConduitError:
        try:
            return self._error(line)
        except ValueError:
            return self.unknown("failed with an error")

    def _error(self, line: bytes) -> ConduitError:
        """Rebuild the error of a line ``{"type": "error", "error": …}``."""
        return ConduitError.from_json(_Error.model_validate_json(line).error)


class _Error(Incoming):
    type: str
    error: str
