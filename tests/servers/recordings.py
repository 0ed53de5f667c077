"""Answers recorded from real servers: llama.cpp, and Ollama's own API. ``tests/data/wire`` holds their bytes.

A request stands in ``NAME.req.json``, its answer with the head in ``NAME.resp.txt``; bodies that came in chunks are
stored without the chunks' frames.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servers.replies import Reply

WIRE = Path(__file__).parents[1] / "data" / "wire"
CHANGING = (
    re.compile(rb',"timings":\{[^}]*\}'),
    re.compile(rb'(?<="created":)\d+'),
    re.compile(rb'(?<="created_at":")[^"]+'),
    re.compile(rb'(?<="id":")(chatcmpl-|call_)?\w+'),
    re.compile(rb'(?<=_duration":)\d+'),
)
"""Ids, times and measured speeds: what is another each time."""

FRAMING = {"content-length", "transfer-encoding", "connection", "keep-alive", "date"}


@dataclass(frozen=True, slots=True)
class Recorded:
    """An answer as it was recorded.

    Attributes:
        status: Its status.
        headers: Its headers, by name in small letters.
        body: Its body.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Read the body as JSON."""
        return json.loads(self.body)


def names() -> list[str]:
    """List the recordings, such as ``llamacpp/chat_stream`` and ``ollama/smollm2/chat``."""
    return sorted(str(path.relative_to(WIRE)).removesuffix(".resp.txt") for path in WIRE.rglob("*.resp.txt"))


def recorded(name: str) -> Recorded:
    """Read an answer, by one of the ``names()``."""
    head, _, body = (WIRE / f"{name}.resp.txt").read_bytes().partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Recorded(int(first.split(" ")[1]), headers, body)


def recorded_request(name: str) -> bytes:
    """Read the body of the request that was answered; too long ones were not kept."""
    return (WIRE / f"{name}.req.json").read_bytes()


def settled(body: bytes) -> bytes:
    """Take out of a body what is another each time, to compare the rest."""
    for changing in CHANGING:
        body = changing.sub(b"", body)
    return body


def replay(name: str) -> Reply:
    """Make a reply of a recorded answer; ``dataclasses.replace`` cuts it, or slows it down."""
    found = recorded(name)
    headers = {name: value for name, value in found.headers.items() if name not in FRAMING}
    streams = found.headers.get("transfer-encoding") == "chunked"
    return Reply(status=found.status, headers=headers, body=found.body, chunks=512 if streams else None)
