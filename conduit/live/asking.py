"""Asking several things at once, over whatever carries the messages."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from typing import Any, Protocol, TypeVar

from conduit.errors import LinkError
from conduit.live.osc import Message, Value

__all__ = ["Asker", "batched", "every", "one", "sure", "together"]

_Item = TypeVar("_Item")


class Asker(Protocol):
    """Whoever carries queries and writes to Live."""

    async def ask(self, address: str, *args: object) -> tuple[Value, ...]:
        """Send a query; give what follows the echoed ids."""

    async def ask_each(self, address: str, *asked: Sequence[object]) -> list[tuple[Value, ...] | None]:
        """Send queries that differ only behind their ids; None for what was refused or lost."""

    async def tell(self, address: str, *args: object) -> None:
        """Send a write and wait until it was taken."""

    async def tell_all(self, *told: tuple[object, ...], heard: list[Message] | None = None) -> None:
        """Send writes, address first, one right after the other, and wait until they were taken.

        Args:
            told: The writes; with ``heard`` also queries among them.
            heard: Takes all that comes meanwhile.
        """


async def every(*asked: Coroutine[Any, Any, Any]) -> list[Any]:
    """Wait for all; give the result or the error of each."""
    return await asyncio.gather(*asked, return_exceptions=True)


def sure(results: list[Any]) -> list[Any]:
    """Give results, or raise the first error among them."""
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results


async def together(*asked: Coroutine[Any, Any, Any]) -> list[Any]:
    """Wait for all, then give all results or raise the first failure."""
    return sure(await every(*asked))


async def one(live: Asker, address: str, *args: object) -> Any:
    """Send a query that is answered with one value behind the ids; give it."""
    answer = await live.ask(address, *args)
    if len(answer) != 1:
        text = f"{address} was answered with {len(answer)} values instead of one"
        raise LinkError(text, kind="protocol", address=address)
    return answer[0]


def batched(items: Sequence[_Item], size: int) -> Iterator[Sequence[_Item]]:
    """Cut a sequence into pieces of ``size``."""
    return (items[start : start + size] for start in range(0, len(items), size))
