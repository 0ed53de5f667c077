"""Lists and searches over all conversations."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from decimal import Decimal
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select

from conduit.messages import Usage
from conduit.messages.aside import in_words
from conduit.store import schema
from conduit.store.coding import said
from conduit.store.records import Found, Spent, Summary
from conduit.store.work import Work

__all__ = ["last_of", "search", "spent", "summaries"]

_AROUND = 60  # characters before and after what was found
_PAGE = 500


def summaries(work: Work, limit: int) -> list[Summary]:
    """List conversations, the last used first."""
    table, branch, node = schema.conversations, schema.branches, schema.nodes
    messages = select(func.count()).where(node.c.conversation == table.c.number).scalar_subquery()
    query = select(table, messages.label("messages")).order_by(table.c.updated.desc()).limit(limit)
    rows = work.connection.execute(query).all()
    of_rows = branch.c.conversation.in_([row.number for row in rows])
    named: dict[int, list[str]] = {}
    for row in work.connection.execute(select(branch).where(of_rows).order_by(branch.c.position)):
        named.setdefault(row.conversation, []).append(row.name)
    return [
        Summary(
            row.name,
            row.title,
            row.messages,
            tuple(named.get(row.number, [row.current])),
            row.current,
            created=row.created,
            updated=row.updated,
            metadata=row.metadata,
        )
        for row in rows
    ]


def last_of(work: Work, metadata: Mapping[str, Any]) -> str:
    """Name the last used conversation in which something was said and which has all of this metadata."""
    table, node, wanted = schema.conversations, schema.nodes, work.cleaned(dict(metadata))
    said_in = select(node.c.number).where(node.c.conversation == table.c.number).exists()
    query = select(table.c.name, table.c.metadata).where(said_in).order_by(table.c.updated.desc())
    rows = work.connection.execute(query).all()  # a cursor left half-read stays open in PostgreSQL
    return next((row.name for row in rows if wanted.items() <= row.metadata.items()), "")


def search(work: Work, text: str, limit: int) -> list[Found]:
    """Find messages that hold every word of a text, in any order and case, the newest first."""
    words = text.casefold().split()
    if not words:
        raise ValueError("there is nothing to search for: give at least one word")
    node, talk = schema.nodes, schema.conversations
    query = (
        select(node.c.id, node.c.turn, node.c.role, node.c.message, node.c.at, talk.c.name)
        .join(talk, talk.c.number == node.c.conversation)
        .where(*(_holds(work, word) for word in words))
        .order_by(node.c.number.desc())
        .limit(limit)
    )
    return [
        Found(
            row.name, row.id, row.turn, row.role, _excerpt(in_words(said(row.message)), words[0]), at=row.at
        )
        for row in work.connection.execute(query)
    ]


def spent(work: Work, since: float) -> list[Spent]:
    """Sum what was used of each model; answers out of the cache cost nothing and are left out."""
    table = schema.facts.c
    query = select(table.metadata).where(table.at >= since).execution_options(yield_per=_PAGE)
    sums: dict[tuple[str, str], Spent] = {}
    for fact in work.connection.execute(query).scalars():
        if fact["cached"]:
            continue
        key = (fact["provider"], fact["model"])
        so_far = sums.get(key) or Spent(*key, 0, Usage(), Decimal(0), unpriced=0)
        cost = fact["cost_usd"]
        sums[key] = Spent(
            *key,
            so_far.answers + 1,
            so_far.usage + Usage(**(fact["usage"] or {})),
            so_far.cost_usd + Decimal(cost or 0),
            unpriced=so_far.unpriced + (cost is None),
        )
    return [sums[key] for key in sorted(sums)]


def _holds(work: Work, word: str) -> ColumnElement[bool]:
    # Unlike LIKE these know no wildcards, so there is nothing to escape.
    place = func.strpos if work.is_postgres else func.instr
    return place(schema.nodes.c.text, literal(word, schema.ExactText)) > 0


def _excerpt(text: str, word: str) -> str:
    at = _found_at(text, word)
    start, end = max(0, at - _AROUND), at + len(word) + _AROUND
    line = " ".join(text[start:end].split())
    return f"{'…' if start else ''}{line}{'…' if end < len(text) else ''}"


def _found_at(text: str, word: str) -> int:
    """Give the place of a case-folded word in a text, some of whose letters may be longer when they are folded."""
    at = max(0, text.casefold().find(word))
    ends = list(accumulate(len(letter.casefold()) for letter in text))
    return bisect_right(ends, at)
