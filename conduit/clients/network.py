"""Connections of httpx2 that close in one step, so that no cancellation leaves one open.

httpcore2 takes all connections that are to be closed out of its pool, and then closes one after the other. That is
shielded from anyio's cancellations; asyncio's own (``task.cancel()``, ``asyncio.timeout``) come through, and those
not closed by then are lost with their sockets open. A TLS handshake that is cancelled loses its connection, too.
Source: ``AsyncConnectionPool._close_connections`` and ``AnyIOStream.start_tls`` of httpcore2 2.16.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from ssl import SSLContext
from typing import Any

__all__ = ["closing_at_once"]


def closing_at_once(http: Any) -> Any:
    """Give an ``httpx2.AsyncClient`` back, its connections made here; before its first call."""
    for transport in filter(None, (http._transport, *http._mounts.values())):  # noqa: SLF001  not to be told otherwise
        pool = transport._pool  # noqa: SLF001  as above
        pool._network_backend = _Network(pool._network_backend)  # noqa: SLF001  as above
    return http


class _Network:
    """An ``httpcore2.AsyncNetworkBackend`` over another."""

    def __init__(self, network: Any) -> None:
        self._network = network

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore2's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> _Stream:
        return _Stream(
            await self._network.connect_tcp(
                host, port, timeout=timeout, local_address=local_address, socket_options=socket_options
            )
        )

    async def sleep(self, seconds: float) -> None:
        await self._network.sleep(seconds)


class _Stream:
    """An ``httpcore2.AsyncNetworkStream`` over another."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.read = stream.read
        self.write = stream.write
        self.get_extra_info = stream.get_extra_info

    async def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore2's
    ) -> _Stream:
        try:
            return _Stream(await self._stream.start_tls(ssl_context, server_hostname, timeout))
        except BaseException:
            await self.aclose()
            raise

    async def aclose(self) -> None:
        # Its first step closes the socket; then it only lets others run, and there it could be cancelled.
        closing = self._stream.aclose()
        with suppress(StopIteration):
            closing.send(None)
        closing.close()
