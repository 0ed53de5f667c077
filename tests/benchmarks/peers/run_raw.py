"""The floor: standard library only, one socket a caller, ``json`` for what comes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

from measure import PROMPT, Caller, blocking, run

PATH = "/v1/chat/completions"
HEADERS = {"content-type": "application/json"}


def connect(url: str, way: str) -> Caller:
    """Connect in the way that is asked for."""
    parts = urlsplit(url)
    assert parts.hostname
    assert parts.port
    return _blocking(parts.hostname, parts.port) if way == "sync" else Streams(parts.port).caller()


def _payload(model: str, *, stream: bool) -> bytes:
    asked = {"model": model, "messages": [{"role": "user", "content": PROMPT}], "stream": stream}
    return json.dumps(asked).encode()


def _delta(line: bytes) -> str:
    """Read the text of a line of a stream; nothing where it has none."""
    if not line.startswith(b"data: {"):
        return ""
    choices = json.loads(line[6:])["choices"]
    return choices[0]["delta"].get("content") or "" if choices else ""


def _content(body: bytes) -> str:
    said: str = json.loads(body)["choices"][0]["message"]["content"]
    return said


def _blocking(host: str, port: int) -> Caller:
    connection = HTTPConnection(host, port)

    def ask(model: str, *, stream: bool) -> HTTPResponse:
        connection.request("POST", PATH, _payload(model, stream=stream), HEADERS)
        return connection.getresponse()

    def stream(model: str) -> Iterator[str]:
        yield from filter(None, map(_delta, ask(model, stream=True)))

    return blocking(lambda model: _content(ask(model, stream=False).read()), stream)


class Streams:
    """Calls over asyncio's streams; a connection that is free is used again."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    def caller(self) -> Caller:
        """Give what is measured."""
        return Caller(self._complete, self._stream)

    async def _ask(self, model: str, *, stream: bool) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        pair = self._free.pop() if self._free else await asyncio.open_connection("127.0.0.1", self._port)
        payload = _payload(model, stream=stream)
        pair[1].write(
            b"POST %b HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n%b"
            % (PATH.encode(), len(payload), payload)
        )
        return pair

    async def _complete(self, model: str) -> str:
        reader, writer = await self._ask(model, stream=False)
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(int(head.rpartition(b"content-length: ")[2]))
        self._free.append((reader, writer))
        return _content(body)

    async def _stream(self, model: str) -> AsyncIterator[str]:
        reader, writer = await self._ask(model, stream=True)
        await reader.readuntil(b"\r\n\r\n")
        while size := int(await reader.readline(), 16):
            piece = _delta((await reader.readexactly(size + 2)).rstrip())
            if piece:
                yield piece
        await reader.readexactly(2)
        self._free.append((reader, writer))


if __name__ == "__main__":
    run(connect)
