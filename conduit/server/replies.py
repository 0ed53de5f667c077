"""What every endpoint shares: it reads a question, and writes an error as the error it is."""

from __future__ import annotations

import json
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from conduit.errors import ConduitError, ProviderError, SetupError

__all__ = ["MOST_BYTES", "NDJSON", "body_of", "error_line", "plain", "read", "refusal"]

MOST_BYTES = 64 * 1024 * 1024
"""The longest question; images are in it."""
NDJSON = "application/x-ndjson"

T = TypeVar("T", bound=BaseModel)


async def body_of(asked: Request) -> bytes:
    """Give a question's bytes.

    Raises:
        SetupError: There are more than ``MOST_BYTES``.
    """
    body = bytearray()
    async for piece in asked.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise SetupError(f"a question has at most {MOST_BYTES // 1024 // 1024} MB")
    return bytes(body)


def read(kind: type[T], body: bytes, *, what: str) -> T:
    """Read a question.

    Raises:
        SetupError: It is none; the place where it goes wrong is told.
    """
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
