"""The HTTP server that another Conduit asks: answers in one piece or as a stream of events, errors unchanged.

It listens on this machine only, answers no page of a browser (``Host`` and ``Origin`` are checked) and wants a
token, since an answer costs money.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import aclosing
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, StreamingResponse
from starlette.responses import Response as HttpResponse
from starlette.routing import Route

from conduit.clients import Client
from conduit.engine.plans import Plans
from conduit.errors import ConduitError, Interrupted
from conduit.messages import MessageEnd, Request, Response
from conduit.server.guard import guard
from conduit.server.replies import NDJSON, error_line, read
from conduit.server.turns import Turns

__all__ = ["PORT", "make_app"]

PORT = 9321


def make_app(
    route: Callable[[str], Client],
    models: Callable[[], Awaitable[list[str]]],
    *,
    token: str,
    turns: Turns | None = None,
) -> Starlette:
    """Make the application.

    Args:
        route: Gives the client that answers for a model's name.
        models: Gives the models there are, as ``provider/model``.
        token: What a caller has to know.
        turns: Runs whole turns; by default without any tools.
    """
    turns = turns or Turns(route, plans=Plans(clock=time.monotonic))

    async def health(_: HttpRequest) -> HttpResponse:
        return JSONResponse({"status": "ok"})

    async def list_models(_: HttpRequest) -> HttpResponse:
        return JSONResponse({"object": "list", "data": [{"id": model} for model in await models()]})

    async def complete(asked: HttpRequest) -> HttpResponse:
        request = await read(Request, asked, what="request")
        response = await _unless_gone(asked, route(request.model).complete(request))
        return HttpResponse(_end(response), media_type="application/json")

    async def stream(asked: HttpRequest) -> HttpResponse:
        request = await read(Request, asked, what="request")
        return StreamingResponse(_lines(route(request.model), request), media_type=NDJSON)

    guarded = guard(token)
    return Starlette(
        routes=[
            Route("/health", guard(None)(health)),
            Route("/v1/models", guarded(list_models)),
            Route("/v1/complete", guarded(complete), methods=["POST"]),
            Route("/v1/stream", guarded(stream), methods=["POST"]),
            Route("/v1/turn", guarded(turns.begin), methods=["POST"]),
            Route("/v1/turn/{id}", guarded(turns.say), methods=["POST"]),
        ]
    )


async def _unless_gone(asked: HttpRequest, work: Coroutine[Any, Any, Response]) -> Response:
    """Do some work, and stop it when who asked goes away."""
    working = asyncio.ensure_future(work)
    waiting = asyncio.ensure_future(_gone(asked))
    try:
        await asyncio.wait([working, waiting], return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise Interrupted("who asked has gone")
        return working.result()
    finally:
        for task in (working, waiting):
            task.cancel()
        await asyncio.gather(working, waiting, return_exceptions=True)


async def _gone(asked: HttpRequest) -> None:
    while (await asked.receive())["type"] != "http.disconnect":
        pass


async def _lines(client: Client, request: Request) -> AsyncGenerator[bytes, None]:
    try:
        async with aclosing(client.stream(request)) as events:
            async for event in events:
                if isinstance(event, MessageEnd):
                    yield _end(event.response) + b"\n"
                else:
                    yield event.model_dump_json().encode() + b"\n"
                await asyncio.sleep(0)  # lets the loop hear that who asked has gone
    except ConduitError as error:
        yield error_line(error) + b"\n"


def _end(response: Response) -> bytes:
    message, metadata = response.message.model_dump_json(), response.metadata.model_dump_json()
    return f'{{"type":"message_end","message":{message},"metadata":{metadata}}}'.encode()
