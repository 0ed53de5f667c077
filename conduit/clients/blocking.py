"""Any client for code that waits: the same calls without ``await``, done on the loop thread."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from contextlib import aclosing, contextmanager

from conduit.clients.client import Capabilities, Client
from conduit.loop import LoopThread
from conduit.messages import Event, Request, Response

__all__ = ["BlockingClient"]


class BlockingClient:
    """Calls a client from any thread but the loop's own, and waits. Works where a loop runs already, too.

    Args:
        client: Who answers.
        loop: Where the work is done.
    """

    def __init__(self, client: Client, *, loop: LoopThread) -> None:
        self._client = client
        self._loop = loop

    @property
    def provider(self) -> str:
        """The client's provider."""
        return self._client.provider

    def list_models(self) -> tuple[str, ...]:
        """Ask the provider for its models; raises as the client's own does."""
        return self._loop.submit(self._client.list_models()).result()

    def capabilities(self, model: str) -> Capabilities:
        """Say what a model can do."""
        return self._loop.submit(self._client.capabilities(model)).result()

    def complete(self, request: Request) -> Response:
        """Answer a request in one piece; raises as the client's own does."""
        future = self._loop.submit(self._client.complete(request))
        try:
            return future.result()
        except KeyboardInterrupt:
            future.cancel()
            raise

    @contextmanager
    def stream(self, request: Request) -> Iterator[Iterator[Event]]:
        """Answer a request piece by piece: ``with client.stream(request) as events``.

        Leaving the block stops the generation. The iterator raises as the client's own stream does.
        """
        events: queue.SimpleQueue[Event | BaseException | None] = queue.SimpleQueue()

        async def pump() -> None:
            try:
                async with aclosing(self._client.stream(request)) as stream:
                    async for event in stream:
                        events.put(event)
            except BaseException as error:
                events.put(error)
                raise
            events.put(None)

        future = self._loop.submit(pump())
        try:
            yield _read(events)
        finally:
            future.cancel()

    def close(self) -> None:
        """Close the client's connections."""
        self._loop.submit(self._client.close()).result()


def _read(events: queue.SimpleQueue[Event | BaseException | None]) -> Iterator[Event]:
    while (event := events.get()) is not None:
        if isinstance(event, BaseException):
            raise event
        yield event
