"""Where the items of a batch last: a batch of the store, written in as few transactions as the disk allows.

While one transaction is written, the items that come wait together for the next. So each item is on the disk
before its worker goes on, and the disk is not waited for once an item.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from conduit.channel.batch_item import Outcome
from conduit.channel.batch_run import Stored
from conduit.channel.parser import Parser
from conduit.errors import SetupError

if TYPE_CHECKING:
    from conduit.store import BatchItem, Store

__all__ = ["StoreShelf", "digest_of"]

_PAGE = 100
"""Items that are read at once: about a millisecond's work on the loop."""


class StoreShelf:
    """A batch of the store.

    Args:
        store: The store.
        name: The batch's name.
        parser: What the answers have to be; under one name they are read alike.
        fresh: Whether what is stored under the name is forgotten first.

    Attributes:
        name: As above.
    """

    def __init__(self, store: Store, *, name: str, parser: Parser[Any] | None, fresh: bool) -> None:
        self.name = name
        self._store = store
        self._digest = digest_of(parser)
        self._fresh = fresh
        self._batch = 0
        self._items: Iterator[BatchItem] = iter(())
        self._waiting: list[tuple[Stored, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin, or go on.

        Raises:
            SetupError: The answers of this name were read in another way, or it runs already.
            StoreError: The store cannot be used.
        """
        store = self._store
        if store.running.setdefault(self.name, self) is not self:
            raise SetupError(
                f"the batch {self.name!r} runs already; wait for it, or give this one another name"
            )
        if self._fresh:
            await store.do(store.delete_batch, self.name)
        self._batch = await store.do(store.begin_batch, self.name, self._digest)
        self._items = store.items(self._batch)

    async def next(self) -> list[Stored]:
        """Give some of the next stored items, in order; none after the last."""
        page = await self._store.do(_some, self._items)
        return [Stored(item.index, item.key, _outcome(item)) for item in page]

    async def put(self, stored: Stored) -> None:
        """Store an item; it is on the disk when this is over.

        Raises:
            StoreError: It could not be.
        """
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((stored, done))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        await done

    async def close(self) -> None:
        """Wait for what is being stored, also for who did not wait for it."""
        if self._writing is not None:
            await self._writing
        if self._store.running.get(self.name) is self:
            del self._store.running[self.name]

    async def _write(self) -> None:
        try:
            while self._waiting:
                together, self._waiting = self._waiting, []
                await self._write_all(together)
        finally:
            self._writing = None

    async def _write_all(self, together: list[tuple[Stored, asyncio.Future[None]]]) -> None:
        items = [_item(stored) for stored, _ in together]
        error: Exception | None = None
        try:
            await self._store.do(self._store.put_items, self._batch, items)
        except Exception as failed:  # noqa: BLE001  whoever waits for it raises it
            error = failed
        for _, done in together:
            if done.done():  # its worker was cancelled
                continue
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)


def _some(items: Iterator[BatchItem]) -> list[BatchItem]:
    return list(islice(items, _PAGE))


def digest_of(parser: Parser[Any] | None) -> str:
    """Give what tells whether answers are read as they were before; the questions have a hash each."""
    if parser is None:
        return "text"
    canonical = json.dumps(parser.schema, sort_keys=True, separators=(",", ":"))
    return "b2:" + hashlib.blake2b(canonical.encode(), digest_size=16).hexdigest()


def _item(stored: Stored) -> BatchItem:
    from conduit.store import BatchItem  # noqa: PLC0415  a database is loaded only where one is used

    line, failed = stored.outcome.line(), stored.outcome.error is not None
    return BatchItem(
        stored.index, stored.key, payload=None if failed else line, error=line if failed else None
    )


def _outcome(item: BatchItem) -> Outcome:
    return Outcome.model_validate_json(item.payload or item.error or "{}")
