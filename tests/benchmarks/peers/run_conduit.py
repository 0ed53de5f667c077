"""Conduit as its studio asks a model: a route with breaker, odometer and failover over one client."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from typing import Any, cast

from answer import CALL, name
from measure import COUNTS, PROMPT, Caller, blocking, run

from conduit.clients.blocking import BlockingClient
from conduit.clients.connect import openai_client
from conduit.loop import LoopThread
from conduit.messages import Request, TextDelta, UserMessage
from conduit.routing import Router

PROVIDER = "bench"
MODELS = (CALL, *map(name, COUNTS), name(COUNTS[0], paced=True))


def connect(url: str, way: str) -> Caller:
    """Connect in the way that is asked for; ``httpx2`` is how it goes where aiohttp is not installed."""
    if way == "httpx2":
        sys.modules["aiohttp"] = cast(Any, None)  # to an import, and to find_spec, it is then missing
    router = Router([openai_client(PROVIDER, base_url=url, api_key="x", models=MODELS)])
    return _blocking(router) if way == "sync" else _waiting(router)


def _request(model: str) -> Request:
    return Request(model=f"{PROVIDER}/{model}", messages=(UserMessage.of(PROMPT),))


def _waiting(router: Router) -> Caller:
    async def complete(model: str) -> str:
        request = _request(model)
        return (await router.route(request.model).complete(request)).message.text

    async def stream(model: str) -> AsyncIterator[str]:
        request = _request(model)
        async with aclosing(router.route(request.model).stream(request)) as events:
            async for event in events:
                if isinstance(event, TextDelta):
                    yield event.text

    return Caller(complete, stream)


def _blocking(router: Router) -> Caller:
    loop = LoopThread()

    def complete(model: str) -> str:
        request = _request(model)
        return BlockingClient(router.route(request.model), loop=loop).complete(request).message.text

    def stream(model: str) -> Iterator[str]:
        request = _request(model)
        with BlockingClient(router.route(request.model), loop=loop).stream(request) as events:
            yield from (event.text for event in events if isinstance(event, TextDelta))

    return blocking(complete, stream)


if __name__ == "__main__":
    run(connect, package="conduit-live")
