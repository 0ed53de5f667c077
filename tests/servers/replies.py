"""HTTP/1.1 as far as a test server needs it: a reply as a value, a request as it came, and their bytes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal

Ending = Literal["end", "close", "reset", "stall"]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answers, and how it goes wrong.

    Attributes:
        status: The status; None says nothing at all, not even a head, before ``then``.
        headers: Headers beside those that frame the body. A content type is JSON unless it is given.
        body: The body.
        chunks: Bytes of the body in one write. The body is then sent in chunks, each write as one of them;
            without it in one write, its length announced.
        delay_s: Silence before the first byte of the head.
        pause_s: Silence between writes.
        cut_after: Bytes of the body after which ``then`` happens; the whole body where it is not given.
        then: ``end`` ends the body as if that was all; ``close`` closes the connection before the body has
            ended, ``reset`` resets it, ``stall`` says no more until the client goes.
    """

    status: int | None = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    chunks: int | None = None
    delay_s: float = 0.0
    pause_s: float = 0.0
    cut_after: int | None = None
    then: Ending = "end"

    @classmethod
    def json(cls, content: Any, *, status: int = 200) -> Reply:
        """Answer with JSON."""
        return cls(status=status, body=json.dumps(content, separators=(",", ":")).encode())

    @classmethod
    def sse(cls, body: bytes) -> Reply:
        """Answer with server-sent events, as OpenAI and Anthropic stream."""
        return cls(headers={"Content-Type": "text/event-stream"}, body=body, chunks=512)

    @classmethod
    def ndjson(cls, body: bytes) -> Reply:
        """Answer with JSON by lines, as Ollama streams."""
        return cls(headers={"Content-Type": "application/x-ndjson"}, body=body, chunks=512)

    def writes(self) -> Iterator[bytes]:
        """Give the bytes of the reply, a write at a time, up to where ``then`` happens."""
        body = self.body[: self.cut_after]
        if self.status is None:
            return
        whole = len(body) if self.then == "end" else len(self.body)
        yield self._head(whole)
        if not self.chunks:
            yield body
            return
        for start in range(0, len(body), self.chunks):
            piece = body[start : start + self.chunks]
            yield b"%x\r\n%s\r\n" % (len(piece), piece)
        if self.then == "end":
            yield b"0\r\n\r\n"

    def _head(self, length: int) -> bytes:
        framing = {"transfer-encoding": "chunked"} if self.chunks else {"content-length": str(length)}
        given = {name.lower(): value for name, value in self.headers.items()}
        headers = {"content-type": "application/json; charset=utf-8", **framing, **given}
        # Statuses beyond the standard's, such as 529, have no words of their own.
        words = HTTPStatus(self.status).phrase if self.status in set(HTTPStatus) else "Unusual"
        lines = [f"HTTP/1.1 {self.status} {words}", *(f"{k}: {v}" for k, v in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode()


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came.

    Attributes:
        method: Such as ``POST``.
        path: The path, without what follows a question mark.
        query: What follows it.
        headers: The headers, by name in small letters.
        body: The body.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Read the body as JSON."""
        return json.loads(self.body)


async def read_request(reader: asyncio.StreamReader) -> Asked | None:
    """Read a request; None where the client has gone instead."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.removesuffix("\r\n\r\n").split("\r\n")
        method, target, _version = first.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        path, _, query = target.partition("?")
        return Asked(method, path, query, headers, await _body(reader, headers))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding") != "chunked":
        return await reader.readexactly(int(headers.get("content-length", "0")))
    body = b""
    while size := int(await reader.readuntil(b"\r\n"), 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readuntil(b"\r\n")
    return body
