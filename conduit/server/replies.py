"""What every endpoint shares: it reads a question, and writes an error as the error it is."""

from __future__ import annotations

import asyncio
import json
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from conduit.errors import ConduitError, ProviderError, SetupError

__all__ = ["MOST_BYTES", "MOST_PIECES", "NDJSON", "error_line", "plain", "read", "refusal"]

MOST_BYTES = 64 * 1024 * 1024
"""The longest question; images are in it."""
MOST_PIECES = 20_000
"""Messages and parts of messages of a question together; it is read in one go, and nothing else runs meanwhile."""
NDJSON = "application/x-ndjson"

T = TypeVar("T", bound=BaseModel)


async def read(kind: type[T], asked: Request, *, what: str) -> T:
    """Read a question, in a thread, since it may be long.

    Raises:
        SetupError: It is none, and the place where it goes wrong is told; or there is too much of it.
    """
    body = bytearray()
    async for piece in asked.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise SetupError(f"a question has at most {MOST_BYTES // 1024 // 1024} MB")
    return await asyncio.to_thread(_read, kind, bytes(body), what)


def _read(kind: type[T], body: bytes, what: str) -> T:
    pieces = body.count(b'"role"') + body.count(b'"type"')  # no text has these: its own quotes are escaped
    if pieces > MOST_PIECES:
        raise SetupError(
            f"this question has about {pieces:,} messages and parts, and one has at most {MOST_PIECES:,}; "
            "leave the oldest turns out"
        )
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the whole"
        raise SetupError(f"this is not a {what}: {where}: {first['msg']}") from None


def error_line(error: ConduitError) -> bytes:
    """Write an error so that it is raised again, as itself, where it is read."""
    return json.dumps({"type": "error", "error": error.to_json()}).encode()


def refusal(error: ConduitError) -> Response:
    """Answer with an error: the status of who failed, 400 where it is who asked, else 502."""
    theirs = error.status if isinstance(error, ProviderError) else 400
    status = theirs if theirs is not None and theirs >= 400 else 502
    return Response(error_line(error), status_code=status, media_type="application/json")


def plain(status: int, message: str) -> Response:
    """Answer with a few words, in the form that every client of a model's server knows."""
    return JSONResponse({"error": {"message": message, "type": "conduit"}}, status_code=status)
