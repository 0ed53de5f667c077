"""A quick loopback server of OpenAI's chat protocol that counts how often each prompt was asked.

It runs in a thread of its own, so that it outlives a batch's process that a test kills.
"""

from __future__ import annotations

import asyncio
import json
import re
import socket
from collections import Counter
from collections.abc import Callable
from functools import partial
from threading import Condition, Thread

HEAD_END = b"\r\n\r\n"
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
MODELS = b'{"object":"list","data":[{"id":"m","object":"model"}]}'
REASONS = {200: b"OK", 400: b"Bad Request", 429: b"Too Many Requests", 500: b"Internal Server Error"}

Say = Callable[[str], tuple[int, str]]
"""Gives the status and the text that a prompt is answered with."""


def echo(prompt):
    return 200, f"heard: {prompt}"


class BatchServer:
    """Answers chat requests.

    Args:
        say: What it answers to a prompt; an error's text with any status but 200.
        delay_s: How long it thinks.
        keeps: Whether it counts by prompt, which takes memory; else only how many calls there were.

    Attributes:
        asked: How often each prompt was asked.
        n_calls: How many requests came.
        n_open: How many requests are being thought about.
        most_open: The most there ever were at once.
    """

    def __init__(self, *, say: Say = echo, delay_s: float = 0.0, keeps: bool = True) -> None:
        self.asked: Counter[str] = Counter()
        self.n_calls = self.n_open = self.most_open = 0
        self.say, self.delay_s, self.keeps = say, delay_s, keeps
        self._changed = Condition()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"

    def __enter__(self):
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._run, name="batch-server", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(timeout=10)

    def wait(self, n_calls, *, timeout_s=60.0):
        """Wait until that many requests have come; say whether they have."""
        with self._changed:
            return self._changed.wait_for(lambda: self.n_calls >= n_calls, timeout_s)

    @property
    def n_repeated(self):
        """How many calls were for a prompt that had been asked before."""
        return sum(count - 1 for count in self.asked.values())

    def _run(self):
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self):
        self._end = asyncio.Event()
        server = await self._loop.create_server(partial(_Connection, self), sock=self._socket)
        await self._end.wait()
        server.close()

    def took(self, prompt):
        with self._changed:
            self.n_calls += 1
            self._changed.notify_all()
        if self.keeps:
            self.asked[prompt] += 1
        self.n_open += 1
        self.most_open = max(self.most_open, self.n_open)


class _Connection(asyncio.Protocol):
    def __init__(self, server):
        self._server = server
        self._came = b""

    def connection_made(self, transport):
        self._transport = transport

    def data_received(self, data):
        self._came += data
        while (end := self._came.find(HEAD_END)) >= 0:
            head, begin = self._came[:end], end + len(HEAD_END)
            length = LENGTH.search(head)
            stop = begin + (int(length[1]) if length else 0)
            if len(self._came) < stop:
                return
            body, self._came = self._came[begin:stop], self._came[stop:]
            self._take(head, body)

    def _take(self, head, body):
        if head.startswith(b"GET"):
            self._write(200, MODELS)
            return
        prompt = json.loads(body)["messages"][-1]["content"]
        self._server.took(prompt)
        if self._server.delay_s:
            asyncio.get_running_loop().call_later(self._server.delay_s, self._answer, prompt)
        else:
            self._answer(prompt)

    def _answer(self, prompt):
        self._server.n_open -= 1
        status, text = self._server.say(prompt)
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        usage = {"prompt_tokens": 3, "completion_tokens": 5, "total_tokens": 8}
        facts = {"id": "c", "object": "chat.completion", "created": 1, "model": "m"}
        answer = (
            {**facts, "choices": [choice], "usage": usage} if status == 200 else {"error": {"message": text}}
        )
        self._write(status, json.dumps(answer).encode())

    def _write(self, status, body):
        head = b"HTTP/1.1 %d %b\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
        self._transport.write(head % (status, REASONS[status], len(body)) + body)
