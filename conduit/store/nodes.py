"""Messages in the store: written once each, found by the ids of their nodes.

Whatever is stored has its whole past stored, so what is new of a conversation is found by asking for the newest
nodes first; the cost is what is new, however long the conversation is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, bindparam, select

from conduit.errors import ConversationError, StoreError
from conduit.messages import Conversation, Node, ResponseMetadata
from conduit.store import schema
from conduit.store.coding import cleaned, packed, said, unpacked
from conduit.store.work import Work

__all__ = ["Settled", "note", "read_nodes", "settle"]

_FIRST_LOOK = 4
_LONGEST_LOOK = 500
_PAGE = 500
_MOST_STAND_INS = 100_000
_THERE = select(schema.nodes.c.id, schema.nodes.c.turn, schema.nodes.c.role).where(
    schema.nodes.c.conversation == bindparam("talk"), schema.nodes.c.id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Settled:
    """A conversation that is in the store.

    Attributes:
        stored: The conversation as it is there, without secrets.
        base: The id of its newest node that was there before; empty for none.
    """

    stored: Conversation
    base: str


def settle(
    work: Work, talk: int, conversation: Conversation, facts: Mapping[str, ResponseMetadata]
) -> Settled:
    """Store what is not stored yet of a conversation, with what is known about it."""
    base, missing = _missing(work, talk, conversation.tip)
    turn, role = (base.turn, base.role) if base else (0, "")
    rows: list[dict[str, Any]] = []
    media: dict[str, bytes] = {}
    for node in missing:
        stored = _stored(work, node)
        turn += stored.message.role == "user" and role != "user"
        role = stored.message.role
        value, its_media = packed(stored.message)
        media |= its_media
        rows.append(_row(work, talk, stored, value) | {"turn": turn})
    _insert(work, talk, rows, media)
    for node in missing:
        if fact := facts.get(node.id):
            note(work, talk, _stand_in(work, node).id, fact)
    tip = conversation.tip and _stand_in(work, conversation.tip)
    return Settled(Conversation(tip), base.id if base else "")


def note(work: Work, talk: int, node_id: str, fact: ResponseMetadata) -> None:
    """Keep what is known about an answer; one that was paid for is not replaced by one out of the cache."""
    values = {
        "provider": fact.provider,
        "model": fact.model,
        "input_tokens": fact.usage.input_tokens if fact.usage else None,
        "output_tokens": fact.usage.output_tokens if fact.usage else None,
        "cost_usd": None if fact.cost_usd is None else str(fact.cost_usd),
        "metadata": work.cleaned(fact.model_dump(mode="json")),
        "at": work.at,
    }
    query = work.insert(schema.facts, over=() if fact.cached else tuple(values))
    work.connection.execute(query, {"conversation": talk, "node": node_id, **values})


def read_nodes(work: Work, talk: int) -> dict[str, Conversation]:
    """Give every point of a conversation's tree by its id in the store.

    Raises:
        StoreError: A message cannot be read.
    """
    table = schema.nodes.c
    media = _media(work, talk)
    query = (
        select(table.id, table.parent, table.message).where(table.conversation == talk).order_by(table.number)
    )
    points = {"": Conversation()}
    for row in work.connection.execute(query.execution_options(yield_per=_PAGE)):
        try:
            points[row.id] = point = points[row.parent].add(unpacked(row.message, media))
        except (ConversationError, ValueError, KeyError) as error:
            raise StoreError(
                f"message {len(points)} cannot be read; a later Conduit may have written it: {error}"
            ) from error
        if point.id != row.id and point.tip:
            # Messages are written otherwise than they were: what goes on from here goes on from what is stored.
            work.stand_ins[point.id] = replace(point.tip, id=row.id)
    return points


def _missing(work: Work, talk: int, tip: Node | None) -> tuple[Row[*tuple[Any, ...]] | None, list[Node]]:
    """Give the newest node of a past that is stored, and those after it, oldest first."""
    missing: list[Node] = []
    look = _FIRST_LOOK
    while tip is not None:
        batch = [tip]
        while len(batch) < look and batch[-1].parent is not None:
            batch.append(batch[-1].parent)
        there = _there(work, talk, [_stand_in(work, node).id for node in batch])
        for node in batch:
            row = there.get(_stand_in(work, node).id)
            if row is not None:
                return row, missing[::-1]
            missing.append(node)
        tip = batch[-1].parent
        look = min(look * 4, _LONGEST_LOOK)
    return None, missing[::-1]


def _there(work: Work, talk: int, ids: Sequence[str]) -> dict[str, Row[*tuple[Any, ...]]]:
    return {row.id: row for row in work.connection.execute(_THERE, {"talk": talk, "ids": ids})}


def _stand_in(work: Work, node: Node) -> Node:
    return work.stand_ins.get(node.id, node)


def _stored(work: Work, node: Node) -> Node:
    """Give a node without secrets; their ids are those of what is stored, so that it can be loaded and go on."""
    message = cleaned(node.message, work.clean)
    parent = node.parent and _stand_in(work, node.parent)
    if message is node.message and parent is node.parent:
        return node
    stored = Conversation(parent).add(message).tip
    if stored is None:  # cannot be: it has just been added
        return node
    if len(work.stand_ins) > _MOST_STAND_INS:
        work.stand_ins.clear()  # they are found again from the messages
    work.stand_ins[node.id] = stored
    return stored


def _row(work: Work, talk: int, node: Node, value: dict[str, Any]) -> dict[str, Any]:
    return {
        "conversation": talk,
        "id": node.id,
        "parent": node.parent.id if node.parent else "",
        "depth": node.depth,
        "role": node.message.role,
        "message": value,
        "text": said(value).casefold(),
        "at": work.at,
    }


def _insert(work: Work, talk: int, rows: list[dict[str, Any]], media: Mapping[str, bytes]) -> None:
    # A secret in the past of a conversation makes its later nodes look new though they are there.
    if media:
        blobs = [{"conversation": talk, "id": name, "data": data} for name, data in media.items()]
        work.connection.execute(work.insert(schema.media), blobs)
    if rows:
        work.connection.execute(work.insert(schema.nodes), rows)


def _media(work: Work, talk: int) -> dict[str, bytes]:
    table = schema.media.c
    query = select(table.id, table.data).where(table.conversation == talk)
    return {row.id: row.data for row in work.connection.execute(query)}
