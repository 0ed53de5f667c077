"""What every runner measures, written once for libraries that block and those that do not.

A runner is a script ``run_NAME.py``, started with its library's own Python as ``run_NAME.py URL WAY``. It says how
to connect, and ``run`` prints what was measured as one line of JSON. Every answer is compared with what the
server sent, so that nothing is fast because it gave up.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import platform
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Any, TypeVar

from answer import ANSWER, CALL, name, text
from memory import peak_mib

__all__ = ["COUNTS", "PROMPT", "Caller", "blocking", "run"]

T = TypeVar("T")

PROMPT = "hi"
BEGAN = perf_counter()
"""When the runner began: it imports its library after this module."""
WARM = 20
COUNTS = (200, 2_000)


@dataclass(frozen=True)
class Caller:
    """A library, connected.

    Attributes:
        complete: Asks a model, gives its text.
        stream: Asks a model, gives the pieces of its text.
        blocks: Whether these never wait for an event loop.
    """

    complete: Callable[[str], Awaitable[str]]
    stream: Callable[[str], AsyncIterator[str]]
    blocks: bool = False


def blocking(complete: Callable[[str], str], stream: Callable[[str], Iterator[str]]) -> Caller:
    """Make a caller of a library that blocks."""

    async def completed(model: str) -> str:
        return complete(model)

    async def streamed(model: str) -> AsyncIterator[str]:
        for piece in stream(model):
            yield piece

    return Caller(completed, streamed, blocks=True)


def run(connect: Callable[[str, str], Caller], *, package: str = "") -> None:
    """Measure, and print.

    Args:
        connect: Imports the library and gives its caller, of a URL and a way.
        package: The distribution whose version is told; Python itself, if none.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("way")
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--callers", type=int, default=64)
    parser.add_argument("--each", type=int, default=15)
    parser.add_argument("--streams", type=int, default=3)
    asked = parser.parse_args()
    work = _measure(lambda: connect(asked.url, asked.way), asked)
    found = _driven(work) if asked.way == "sync" else asyncio.run(work)
    told = version(package) if package else platform.python_version()
    sys.stdout.write(f"\n{json.dumps({**found, 'version': told})}\n")


def _driven(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never waits, without an event loop: libraries that block refuse to run in one."""
    try:
        work.send(None)
    except StopIteration as done:
        value: T = done.value
        return value
    raise RuntimeError("a blocking caller waited for an event loop")


async def _measure(connect: Callable[[], Caller], asked: argparse.Namespace) -> dict[str, float]:
    caller = connect()
    await _call(caller)
    found = {"first_ms": (perf_counter() - BEGAN) * 1_000, "first_mib": peak_mib()}
    found |= await _sequential(caller, calls=asked.calls)
    if not caller.blocks:
        found |= await _concurrent(caller, callers=asked.callers, each=asked.each)
    for count in COUNTS:
        found |= await _streams(caller, count=count, streams=asked.streams)
    return {**found, **await _paced(caller, count=COUNTS[0]), "used_mib": peak_mib()}


async def _call(caller: Caller) -> float:
    """Make one call; give its seconds."""
    began = perf_counter()
    said = await caller.complete(CALL)
    took_s = perf_counter() - began
    _same(said, ANSWER)
    return took_s


async def _stream(caller: Caller, model: str, *, count: int) -> None:
    pieces = [piece async for piece in caller.stream(model)]
    _same("".join(pieces), text(count))
    if len(pieces) < count:
        raise RuntimeError(f"of {count} chunks came {len(pieces)}: they were joined, not streamed")


def _same(said: str, expected: str) -> None:
    if said != expected:
        raise RuntimeError(f"{len(said)} characters came and not the {len(expected)} that were sent")


async def _sequential(caller: Caller, *, calls: int) -> dict[str, float]:
    for _ in range(WARM):
        await _call(caller)
    return {"call_us": median([await _call(caller) for _ in range(calls)]) * 1e6}


async def _concurrent(caller: Caller, *, callers: int, each: int) -> dict[str, float]:
    async def one(times: int) -> list[float]:
        return [await _call(caller) for _ in range(times)]

    await asyncio.gather(*(one(2) for _ in range(callers)))  # opens the connections
    began = perf_counter()
    rows = await asyncio.gather(*(one(each) for _ in range(callers)))
    took_s = perf_counter() - began
    p99_s = quantiles([took for row in rows for took in row], n=100)[-1]
    return {"per_s": callers * each / took_s, "p99_ms": p99_s * 1_000}


async def _streams(caller: Caller, *, count: int, streams: int) -> dict[str, float]:
    """Read a stream several times; short ones more often, so that each count has as much to say."""
    model, took = name(count), []
    for number in range(streams * max(COUNTS) // count + 1):
        began = perf_counter()
        await _stream(caller, model, count=count)
        if number:
            took.append(perf_counter() - began)
    return {f"chunk_us_{count}": median(took) / count * 1e6}


async def _paced(caller: Caller, *, count: int) -> dict[str, float]:
    """Read a stream whose chunks come one by one; what counts is the work, not the waiting."""
    model, took = name(count, paced=True), []
    for _ in range(3):
        began = process_time()
        await _stream(caller, model, count=count)
        took.append(process_time() - began)
    return {"paced_us": median(took) / count * 1e6}
