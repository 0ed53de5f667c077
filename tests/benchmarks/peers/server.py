"""A loopback server that answers OpenAI's chat protocol at once, with bytes that were made before.

Run as a script it prints its port, and ends when its standard input does; with a port it asks the server there
as fast as it can, and prints as JSON how many answers a second it got. A stream is written whole, an HTTP
chunk for every event, so that the reader alone sets the pace; a paced one is written event by event.
"""

from __future__ import annotations

import asyncio
import re
import socket
import sys
from functools import cache, partial
from time import perf_counter

from answer import CALL, NAMED, body, chunks

HOST = "127.0.0.1"
PACE_S = 0.001
HEAD_END = b"\r\n\r\n"
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
MODEL = re.compile(NAMED)
STREAM = re.compile(rb'"stream":\s?true')
REFUSED = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
SSE_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


def _whole() -> bytes:
    content = body()
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (
        len(content),
        content,
    )


@cache
def _framed(count: int) -> list[bytes]:
    """Give a stream's bytes, one item for every event, each an HTTP chunk."""
    return [b"%x\r\n%b\r\n" % (len(event), event) for event in chunks(count)] + [b"0\r\n\r\n"]


@cache
def _streamed(count: int) -> bytes:
    return SSE_HEAD + b"".join(_framed(count))


class Connection(asyncio.Protocol):
    """Answers the requests of one connection."""

    def __init__(self, whole: bytes) -> None:
        self._whole = whole
        self._came = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        self._came += data
        while (end := self._came.find(HEAD_END)) >= 0:
            length = LENGTH.search(self._came, 0, end)
            if length is None:
                self._transport.write(REFUSED)
                self._transport.close()
                return
            begin = end + len(HEAD_END)
            stop = begin + int(length[1])
            if len(self._came) < stop:
                return
            asked, self._came = self._came[begin:stop], self._came[stop:]
            self._answer(asked)

    def _answer(self, asked: bytes) -> None:
        model = MODEL.search(asked)
        if model is None or STREAM.search(asked) is None:
            self._transport.write(self._whole)
        elif model[2] is None:
            self._transport.write(_streamed(int(model[1])))
        else:
            self._transport.write(SSE_HEAD)
            self._pace(0, _framed(int(model[1])), began=perf_counter())

    def _pace(self, number: int, events: list[bytes], *, began: float) -> None:
        """Write one event, and the next in its time; a slow reader is not waited for."""
        self._transport.write(events[number])
        if number + 1 < len(events) and not self._transport.is_closing():
            loop = asyncio.get_running_loop()
            due_s = (number + 1) * PACE_S - (perf_counter() - began)
            loop.call_later(max(due_s, 0), partial(self._pace, number + 1, events, began=began))


def _request() -> bytes:
    asked = b'{"model":"%b","messages":[{"role":"user","content":"hi"}]}' % CALL.encode()
    head = b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
    return head + b"content-length: %d\r\n\r\n%b" % (len(asked), asked)


def ceiling(port: int, *, connections: int = 64, rounds: int = 100) -> float:
    """Give the requests that the server answers in a second, to a client that does not read what it gets."""
    asked, expected = _request(), len(_whole())
    sockets = [socket.create_connection((HOST, port)) for _ in range(connections)]
    began = perf_counter()
    for _ in range(rounds):
        for one in sockets:
            one.sendall(asked)
        for one in sockets:
            one.recv(expected, socket.MSG_WAITALL)
    took_s = perf_counter() - began
    for one in sockets:
        one.close()
    return connections * rounds / took_s


async def serve() -> None:
    """Serve until standard input ends."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), ended.set)
    server = await loop.create_server(partial(Connection, _whole()), HOST, 0, backlog=512)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await ended.wait()
    server.close()


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.stdout.write(f'{{"per_s": {ceiling(int(sys.argv[1]))}}}\n')
    else:
        asyncio.run(serve())
