"""A server of scripted replies, most of them faulty: cut, slow, silent, reset, killed.

It runs on loopback in a thread of its own, so tests that block and tests that await use it alike. Nothing in it is
random; a test that needs to know how far a server is waits for one of its tallies::

    with FaultServer(Reply.sse(openai_stream("Hi")), Reply(status=429, headers={"retry-after": "2"})) as server:
        ...  # ask server.url
        assert server.requests[0].path == "/v1/chat/completions"
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from threading import Condition, Event, Thread
from types import TracebackType
from typing import Self

from servers.replies import Asked, Reply, read_request

__all__ = ["Asked", "FaultServer", "Reply", "Tally"]

RESET = struct.pack("ii", 1, 0)
"""SO_LINGER with no time left: to close is to reset."""


class Tally:
    """A count of what happened, that other threads can wait for."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = Condition()

    @property
    def count(self) -> int:
        """How often it happened."""
        with self._changed:
            return self._count

    def add(self) -> None:
        """It happened."""
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def wait(self, count: int = 1, *, timeout_s: float = 10.0) -> bool:
        """Wait until it has happened that often; say whether it has.

        In an async test: ``await asyncio.to_thread(server.disconnects.wait)``.
        """
        with self._changed:
            return self._changed.wait_for(lambda: self._count >= count, timeout_s)


class FaultServer:
    """Answers each request with the next reply of its script.

    Replies in order come first, then those by path, then the function; a request that none of them has an answer
    to gets status 500 and is listed like all others.

    Attributes:
        url: Its address, ``http://127.0.0.1:PORT``.
        requests: What was asked, in order.
        asked: Counts the requests.
        disconnects: Counts the clients that went while their reply was still being sent, or waited for.
        opened: Counts the connections.
        stalled: Counts the replies that have fallen silent.
    """

    def __init__(
        self,
        *replies: Reply,
        by_path: Mapping[str, Reply] | None = None,
        answer: Callable[[Asked], Reply] | None = None,
        port: int = 0,
    ) -> None:
        """Prepare a server.

        Args:
            replies: What the next requests get, in order, whatever they ask.
            by_path: What requests of a path get, every time.
            answer: What gives a reply to any other request.
            port: Where it listens; any free port where it is 0.
        """
        self._replies = list(replies)
        self._by_path = dict(by_path or {})
        self._answer = answer or _no_answer
        self._port = port
        self.requests: list[Asked] = []
        self.asked, self.disconnects, self.opened, self.stalled = Tally(), Tally(), Tally(), Tally()

    def __enter__(self) -> Self:
        listener = socket.create_server(("127.0.0.1", self._port))
        self._port = listener.getsockname()[1]
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._killed = False
        self._loop = asyncio.new_event_loop()
        ready: Future[None] = Future()
        self._thread = Thread(target=self._run, args=(listener, ready), name="fault-server", daemon=True)
        self._thread.start()
        ready.result(timeout=10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(timeout=10)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def n_open(self) -> int:
        """How many connections are open."""
        return len(self._writers)

    def add(self, *replies: Reply) -> None:
        """Add replies to the script; the next requests get them."""
        self._replies.extend(replies)

    def kill(self) -> None:
        """Stop listening and reset every connection, as a server that is killed. Once is enough."""
        done = Event()
        self._loop.call_soon_threadsafe(self._kill, done)
        done.wait(timeout=10)

    def _kill(self, done: Event) -> None:
        self._killed = True
        self._server.close()
        for writer in list(self._writers):
            _reset(writer)
        done.set()

    def _run(self, listener: socket.socket, ready: Future[None]) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._main(listener, ready))

    async def _main(self, listener: socket.socket, ready: Future[None]) -> None:
        self._end = asyncio.Event()
        self._server = await self._loop.create_server(self._connection, sock=listener)
        ready.set_result(None)
        await self._end.wait()
        await asyncio.gather(*self._tasks)

    def _connection(self) -> asyncio.StreamReaderProtocol:
        return asyncio.StreamReaderProtocol(_Reader(), self._serve)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert isinstance(reader, _Reader)
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        self._writers.add(writer)
        self.opened.add()
        # Head and body are writes of their own; the second must not wait for a word about the first.
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # So that drain() waits until the system has every byte, before a reset throws the rest away.
        writer.transport.set_write_buffer_limits(0)
        try:
            while not self._killed and (asked := await read_request(reader)):
                self.requests.append(asked)
                reply = self._next(asked)
                self.asked.add()
                await _send(reply, reader, writer, self.stalled)
                if reply.status is None or reply.then != "end":
                    break
        except ConnectionError:
            if not self._killed:
                self.disconnects.add()
        finally:
            writer.close()
            self._writers.discard(writer)
            self._tasks.discard(task)

    def _next(self, asked: Asked) -> Reply:
        if self._replies:
            return self._replies.pop(0)
        return self._by_path.get(asked.path) or self._answer(asked)


class _Reader(asyncio.StreamReader):
    """A reader that tells when the client has gone, without reading."""

    def __init__(self) -> None:
        super().__init__()
        self.gone = asyncio.Event()

    def feed_eof(self) -> None:
        super().feed_eof()
        self.gone.set()

    def set_exception(self, exc: Exception) -> None:
        super().set_exception(exc)
        self.gone.set()


def _no_answer(asked: Asked) -> Reply:
    message = f"the script of this server has no reply to {asked.method} {asked.path}"
    return Reply.json({"error": {"message": message, "type": "script_over"}}, status=500)


async def _send(reply: Reply, reader: _Reader, writer: asyncio.StreamWriter, stalled: Tally) -> None:
    await _silence(reader, reply.delay_s)
    for number, write in enumerate(reply.writes()):
        if number > 1:
            await _silence(reader, reply.pause_s)
        writer.write(write)
        await writer.drain()
    if reply.then == "stall":
        stalled.add()
        await _silence(reader, None)
    if reply.then == "reset":
        _reset(writer)


async def _silence(reader: _Reader, duration_s: float | None) -> None:
    """Say nothing for a time, forever where it is None; raise where the client goes."""
    # Lets the loop hear of a client that has gone already.
    await asyncio.sleep(0)
    if duration_s != 0 and not reader.gone.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(reader.gone.wait(), duration_s)
    if reader.gone.is_set():
        raise ConnectionResetError("the client has gone")


def _reset(writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.transport.abort()
