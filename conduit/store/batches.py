"""Batches in the store: one row for every item that was answered, or failed."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import delete, select

from conduit.errors import SetupError
from conduit.store import schema
from conduit.store.records import BatchItem
from conduit.store.work import Work, checked_name

__all__ = ["PAGE", "begin", "delete_batch", "page", "put"]

PAGE = 200
"""Items that are read at once."""


def begin(work: Work, name: str, digest: str) -> int:
    """Begin a batch, or go on with it.

    Raises:
        SetupError: There is a batch of that name which asks something else.
    """
    table = schema.batches
    values = {"name": checked_name(name, of="batch"), "digest": digest, "at": work.at}
    work.connection.execute(work.insert(table), values)
    row = work.connection.execute(select(table).where(table.c.name == name)).one()
    if row.digest != digest:
        raise SetupError(
            f"the batch {name!r} in the store was made with another template, model or options: "
            "give this one another name, or begin afresh, which deletes what that one has"
        )
    return int(row.number)


def delete_batch(work: Work, name: str) -> None:
    """Delete a batch with its items; there need be none."""
    batch, item = schema.batches, schema.items
    number = work.connection.execute(select(batch.c.number).where(batch.c.name == name)).scalar()
    if number is not None:
        work.connection.execute(delete(item).where(item.c.batch == number))
        work.connection.execute(delete(batch).where(batch.c.number == number))


def put(work: Work, batch: int, items: Iterable[BatchItem]) -> None:
    """Store items. An answer stays whatever comes later; an error is replaced by what comes later."""
    rows = [
        {
            "batch": batch,
            "place": item.index,
            "key": item.key,
            "payload": _clean_json(work, item.payload),
            "error": _clean_json(work, item.error),
            "at": work.at,
        }
        for item in items
    ]
    if rows:
        query = work.insert(schema.items, over=("key", "payload", "error", "at"), where_none="payload")
        work.connection.execute(query, rows)


def page(work: Work, batch: int, start: int, *, most: int = PAGE) -> list[BatchItem]:
    """Give some items in order, from a place on."""
    table = schema.items.c
    query = (
        select(table.place, table.key, table.payload, table.error)
        .where(table.batch == batch, table.place >= start)
        .order_by(table.place)
        .limit(most)
    )
    return [BatchItem(row.place, row.key, row.payload, row.error) for row in work.connection.execute(query)]


def _clean_json(work: Work, text: str | None) -> str | None:
    if text is None or work.clean is None:
        return text
    before = json.loads(text)
    after = work.cleaned(before)
    return text if after == before else json.dumps(after, ensure_ascii=False)
