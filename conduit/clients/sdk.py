"""A transport over a vendor's SDK: it authenticates and carries; Conduit writes and reads the bytes."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from conduit.clients.adapter import Call
from conduit.clients.faults import fault
from conduit.clients.network import closing_at_once
from conduit.clients.wire import CONNECT_S, unreachable

__all__ = ["CONNECTIONS", "Renewing", "Sdk", "SdkTransport", "http_client"]

CONNECTIONS = 256
_SHORT = 8


@dataclass(frozen=True, slots=True)
class Sdk:
    """What of a vendor's SDK is needed.

    Attributes:
        client: Its asynchronous client.
        response: The class of raw responses.
        stream: Its class of streams; it is named in a call and never used.
        status_error: What it raises for an error answer.
        way_errors: What can be raised on the way.
    """

    client: Any
    response: type[Any]
    stream: type[Any]
    status_error: Any
    way_errors: tuple[type[Exception], ...]


class SdkTransport:
    """Carries calls by an SDK. The SDK is made in a thread at the first call, and anew on another event loop.

    Args:
        provider: Whose server it is, for errors.
        make: Imports the SDK and makes its client.
        secret: The key; it is taken out of whatever the server sends back as an error.
    """

    def __init__(self, *, provider: str, make: Callable[[], Sdk], secret: str = "") -> None:
        self._provider = provider
        self._make = make
        # A short one may be a part of any word.
        self._secret = secret.encode() if len(secret) >= _SHORT else b""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._making: asyncio.Future[Sdk] | None = None

    @asynccontextmanager
    async def post(self, call: Call, *, stream: bool) -> AsyncGenerator[_Answer, None]:
        """Send a call; its answer is closed at the end, which stops the generation."""
        sdk = await self._sdk()
        headers = {"Content-Type": "application/json", **call.headers}
        try:
            response = await sdk.client.post(
                call.path,
                content=call.body,
                options={"headers": headers},
                cast_to=sdk.response,
                stream=stream,
                stream_cls=sdk.stream,
            )
        except sdk.status_error as error:
            response = error.response
        except sdk.way_errors as error:
            raise unreachable(error, provider=self._provider) from None
        try:
            yield _Answer(response, self._provider, self._secret, sdk.way_errors)
        finally:
            # A cancellation in the middle of this would leave the connection taken in its pool for ever.
            await asyncio.shield(response.aclose())

    async def get(self, path: str) -> bytes:
        """Fetch something.

        Raises:
            ProviderError: The server refused, or cannot be reached.
        """
        sdk = await self._sdk()
        try:
            response = await sdk.client.get(path, cast_to=sdk.response)
        except sdk.status_error as error:
            response = error.response
        except sdk.way_errors as error:
            raise unreachable(error, provider=self._provider) from None
        answer = _Answer(response, self._provider, self._secret, sdk.way_errors)
        body = await answer.body()
        if answer.status >= 400:
            raise fault(
                provider=self._provider, model="", status=answer.status, body=body, headers=answer.headers
            )
        return body

    def clean(self, text: str) -> str:
        """Take the key out of a text."""
        return text.replace(self._secret.decode(), "***") if self._secret else text

    async def close(self) -> None:
        """Close every connection; the next call opens new ones."""
        making, self._making = self._making, None
        if making is not None and self._loop is asyncio.get_running_loop():
            await (await making).client.close()

    async def _sdk(self) -> Sdk:
        loop = asyncio.get_running_loop()
        if self._making is None or self._loop is not loop:
            self._loop = loop
            self._making = asyncio.ensure_future(asyncio.to_thread(self._make))
        making = self._making
        # A caller that is cancelled must not take the SDK from those who wait beside it.
        return making.result() if making.done() else await asyncio.shield(making)


class _Answer:
    """An answer whose head has come."""

    def __init__(
        self, response: Any, provider: str, secret: bytes, way_errors: tuple[type[Exception], ...]
    ) -> None:
        self.status: int = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self._response = response
        self._provider = provider
        self._secret = secret
        self._way_errors = way_errors

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        try:
            async with aclosing(self._response.aiter_bytes()) as pieces:
                async for data in pieces:
                    yield data
        except self._way_errors as error:
            raise unreachable(error, provider=self._provider, began=True) from None

    async def body(self) -> bytes:
        try:
            data: bytes = await self._response.aread()
        except self._way_errors as error:
            raise unreachable(error, provider=self._provider, began=True) from None
        return data.replace(self._secret, b"***") if self._secret and self.status >= 400 else data


def http_client(
    *, aiohttp_client: type[Any], read_s: float, proxied: bool
) -> tuple[Any, tuple[type[Exception], ...]]:
    """Make an HTTP client on aiohttp, several times faster under load; on httpx2 where aiohttp is missing.

    Args:
        aiohttp_client: The SDK's own client over aiohttp.
        read_s: Seconds a server may be silent.
        proxied: Whether the environment's proxies are used; never on the way to this machine.

    Returns:
        The client, and what it may raise.
    """
    import httpx2  # noqa: PLC0415  it comes with the SDK

    timeout = httpx2.Timeout(connect=CONNECT_S, read=read_s, write=30.0, pool=None)
    limits = httpx2.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    errors: tuple[type[Exception], ...] = (httpx2.HTTPError, httpx2.StreamError, OSError)
    if find_spec("aiohttp") is None:
        return closing_at_once(httpx2.AsyncClient(timeout=timeout, limits=limits, trust_env=proxied)), errors
    import aiohttp  # noqa: PLC0415  100 ms, only with the first call

    made = aiohttp_client(timeout=timeout, limits=limits, follow_redirects=False, trust_env=proxied)
    return made, (*errors, aiohttp.ClientError)


class Renewing:
    """An SDK's client that asks once more where a kept connection turns out to be closed.

    llama.cpp closes its connection after each stream and does not say so before; the next question is often faster
    than the news of it. aiohttp itself asks again only for what has no body.
    """

    def __init__(self, client: Any, way_errors: tuple[type[Exception], ...]) -> None:
        self._client = client
        self._way_errors = way_errors
        self._keeps = False  # whether there may be a connection from before
        self.get = client.get
        self.close = client.close

    async def post(self, path: str, **facts: Any) -> Any:
        """Send what the SDK's own ``post`` takes."""
        kept, self._keeps = self._keeps, True
        try:
            return await self._client.post(path, **facts)
        except self._way_errors as error:
            if not kept or not _was_closed(error):
                raise
        return await self._client.post(path, **facts)


def _was_closed(error: BaseException | None) -> bool:
    """Say whether a connection ended before one byte of an answer."""
    while error is not None:
        name = type(error).__name__
        if name in {"ClientConnectionResetError", "ServerDisconnectedError"}:
            return True
        if isinstance(error, OSError) and error.errno in {errno.ECONNRESET, errno.EPIPE}:
            return True
        error = error.__cause__ or error.__context__
    return False
