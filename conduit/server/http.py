"""The HTTP server that another Conduit asks: answers in one piece or as a stream of events, errors unchanged.

It listens on this machine only, answers no page of a browser (``Host`` and ``Origin`` are checked) and wants a
token, since an answer costs money.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import aclosing
from typing import Any

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, StreamingResponse
from starlette.responses import Response as HttpResponse
from starlette.routing import Route

from conduit.clients import Client
from conduit.errors import ConduitError, Interrupted, ProviderError, SetupError
from conduit.messages import MessageEnd, Request, Response

__all__ = ["HOSTS", "PORT", "make_app"]

PORT = 9321
HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
MOST_BYTES = 64 * 1024 * 1024
"""The longest question; images are in it."""

Endpoint = Callable[[HttpRequest], Awaitable[HttpResponse]]


def make_app(
    route: Callable[[str], Client], models: Callable[[], Awaitable[list[str]]], *, token: str
) -> Starlette:
    """Make the application.

    Args:
        route: Gives the client that answers for a model's name.
        models: Gives the models there are, as ``provider/model``.
        token: What a caller has to know.
    """

    async def health(_: HttpRequest) -> HttpResponse:
        return JSONResponse({"status": "ok"})

    async def list_models(_: HttpRequest) -> HttpResponse:
        return JSONResponse({"object": "list", "data": [{"id": model} for model in await models()]})

    async def complete(asked: HttpRequest) -> HttpResponse:
        try:
            request = await _read(asked)
            response = await _unless_gone(asked, route(request.model).complete(request))
        except ConduitError as error:
            return _refusal(error)
        return HttpResponse(_end(response), media_type="application/json")

    async def stream(asked: HttpRequest) -> HttpResponse:
        try:
            request = await _read(asked)
        except ConduitError as error:
            return _refusal(error)
        return StreamingResponse(_lines(route(request.model), request), media_type="application/x-ndjson")

    guard = _guard(token)
    return Starlette(
        routes=[
            Route("/health", _guard(None)(health)),
            Route("/v1/models", guard(list_models)),
            Route("/v1/complete", guard(complete), methods=["POST"]),
            Route("/v1/stream", guard(stream), methods=["POST"]),
        ]
    )


def _guard(token: str | None) -> Callable[[Endpoint], Endpoint]:
    """Let through who asks this machine by its own name, from no foreign page, and knows the token."""

    def guarded(endpoint: Endpoint) -> Endpoint:
        async def answer(asked: HttpRequest) -> HttpResponse:
            host = asked.headers.get("host", "")
            if _name(host) not in HOSTS:
                return _plain(421, f"this server does not answer for the host {host!r}")
            origin = asked.headers.get("origin")
            if origin is not None and _name(origin.partition("://")[2]) not in HOSTS:
                return _plain(403, "pages of other origins are not answered")
            given = asked.headers.get("authorization", "").removeprefix("Bearer ")
            if token is not None and not hmac.compare_digest(given.encode(), token.encode()):
                return _plain(401, "the token is missing or wrong; it is the one of this server's machine")
            try:
                return await endpoint(asked)
            except ClientDisconnect:  # nobody is there to be answered
                return _plain(400, "the question was not sent to its end")

        return answer

    return guarded


def _name(address: str) -> str:
    """Give the host's name of ``host:port``."""
    return re.sub(r":\d{1,5}$", "", address).lower()


async def _read(asked: HttpRequest) -> Request:
    body = bytearray()
    async for piece in asked.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise SetupError(f"a question has at most {MOST_BYTES // 1024 // 1024} MB")
    try:
        return Request.model_validate_json(bytes(body))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the whole"
        raise SetupError(f"this is not a request: {where}: {first['msg']}") from None


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
        yield _told(error) + b"\n"


def _end(response: Response) -> bytes:
    message, metadata = response.message.model_dump_json(), response.metadata.model_dump_json()
    return f'{{"type":"message_end","message":{message},"metadata":{metadata}}}'.encode()


def _told(error: ConduitError) -> bytes:
    return json.dumps({"type": "error", "error": error.to_json()}).encode()


def _refusal(error: ConduitError) -> HttpResponse:
    theirs = error.status if isinstance(error, ProviderError) else 400
    status = theirs if theirs is not None and theirs >= 400 else 502
    return HttpResponse(_told(error), status_code=status, media_type="application/json")


def _plain(status: int, message: str) -> HttpResponse:
    return JSONResponse({"error": {"message": message, "type": "conduit"}}, status_code=status)
