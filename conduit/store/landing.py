"""Where branches go, and what becomes of two writers at once.

A branch only ever moves to messages that go on from where it is. Where another process took it elsewhere meanwhile,
ours goes to a branch of its own, the same one from then on, so whatever was said by anybody stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Text,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    true,
    type_coerce,
    update,
)

from conduit.messages import Conversation
from conduit.messages.branches import free_name
from conduit.store import schema
from conduit.store.coding import media_of
from conduit.store.nodes import Settled
from conduit.store.work import Work, checked_name

__all__ = ["Talk", "forget_unreached", "land", "prune", "tips"]

_NUMBER = re.compile(r"-\d+$")
_PAGE = 500
Tips = dict[str, tuple[str, int]]  # by branch its tip's id and depth

# What every message needs is built once: building it takes as long as running it.
_branches, _nodes = schema.branches, schema.nodes
_TIPS = (
    select(_branches.c.name, _branches.c.tip, func.coalesce(_nodes.c.depth, 0).label("depth"))
    .select_from(
        _branches.outerjoin(
            _nodes, and_(_nodes.c.conversation == _branches.c.conversation, _nodes.c.id == _branches.c.tip)
        )
    )
    .where(_branches.c.conversation == bindparam("talk"))
    .order_by(_branches.c.position)
)
_MOVE = (
    update(_branches)
    .where(_branches.c.conversation == bindparam("talk"), _branches.c.name == bindparam("branch"))
    .values(tip=bindparam("to"))
)


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation that this transaction alone may change.

    Attributes:
        number: Its number.
        tips: By the names of its branches their tips' ids and depths; kept up to date as they move.

    >>> Talk(1, {"main": ("", 0)}).number
    1
    """

    number: int
    tips: Tips


def tips(work: Work, talk: int) -> Tips:
    """Read where a conversation's branches are, in the order they were made."""
    return {row.name: (row.tip, row.depth) for row in work.connection.execute(_TIPS, {"talk": talk})}


def land(work: Work, talk: Talk, name: str, settled: Settled, *, was: Conversation | None) -> str:
    """Move a branch to a conversation, or make one for it; gives the branch's name."""
    stored = settled.stored
    if name not in talk.tips:
        return _put(work, talk, checked_name(name, of="branch"), stored)
    there, depth = talk.tips[name]
    if there == stored.id:
        return name
    if (
        there in {"", settled.base}
        or (was is not None and there == work.stored_id(was))
        or _reaches(stored, there, depth)
    ):
        return _put(work, talk, name, stored)
    if _is_past(work, talk.number, stored, there, depth):
        return name
    own = [one for one, (tip, _) in talk.tips.items() if tip in {settled.base, stored.id} and _kin(one, name)]
    return _put(work, talk, own[0] if own else free_name(talk.tips, name), stored)


def _kin(one: str, name: str) -> bool:
    """Say whether ``free_name`` may have made one name of the other, or both of a third."""
    return _NUMBER.sub("", one) == _NUMBER.sub("", name)


def _reaches(stored: Conversation, there: str, depth: int) -> bool:
    return depth <= len(stored) and stored.at(depth).id == there


def _is_past(work: Work, talk: int, stored: Conversation, there: str, depth: int) -> bool:
    """Say whether a branch has come further than this already."""
    if stored.tip is None:
        return True
    if depth <= len(stored):
        return False
    node = schema.nodes
    up = (
        select(node.c.id, node.c.parent, node.c.depth)
        .where(node.c.conversation == talk, node.c.id == there)
        .cte("up", recursive=True)
    )
    further = select(node.c.id, node.c.parent, node.c.depth).where(
        node.c.conversation == talk, node.c.id == up.c.parent, up.c.depth > len(stored)
    )
    up = up.union_all(further)
    query = select(literal(1)).select_from(up).where(up.c.id == stored.id)
    return work.connection.execute(query).first() is not None


def _put(work: Work, talk: Talk, name: str, stored: Conversation) -> str:
    table = schema.branches
    if name in talk.tips:
        work.connection.execute(_MOVE, {"talk": talk.number, "branch": name, "to": stored.id})
    else:
        last = select(func.max(table.c.position)).where(table.c.conversation == talk.number)
        position = (work.connection.execute(last).scalar() or 0) + 1
        values = {"conversation": talk.number, "name": name, "tip": stored.id, "position": position}
        work.connection.execute(insert(table).values(**values))
    talk.tips[name] = (stored.id, len(stored))
    return name


def prune(work: Work, talk: Talk, *, gone: Mapping[str, Conversation]) -> None:
    """Remove branches that are gone, unless another has moved them."""
    table = schema.branches
    for name, conversation in gone.items():
        if name in talk.tips and talk.tips[name][0] == work.stored_id(conversation):
            query = delete(table).where(table.c.conversation == talk.number, table.c.name == name)
            work.connection.execute(query)
            del talk.tips[name]


def forget_unreached(work: Work, talk: Talk) -> None:
    """Delete what no branch says any more; what is known of answers stays, for they were paid."""
    unreached = _unreached(work, talk)
    pages = [unreached[start : start + _PAGE] for start in range(0, len(unreached), _PAGE)]
    media: set[str] = set()
    for page in pages:
        media |= _media(work, talk, _nodes.c.id.in_(page))
        query = delete(_nodes).where(_nodes.c.conversation == talk.number, _nodes.c.id.in_(page))
        work.connection.execute(query)
    if media:
        for name in media - _media(work, talk, true()):
            blob = schema.media.c
            query = delete(schema.media).where(blob.conversation == talk.number, blob.id == name)
            work.connection.execute(query)


def _unreached(work: Work, talk: Talk) -> list[str]:
    query = select(_nodes.c.id, _nodes.c.parent).where(_nodes.c.conversation == talk.number)
    parents = {row.id: row.parent for row in work.connection.execute(query)}
    reached: set[str] = {""}
    for tip, _ in talk.tips.values():
        while tip not in reached:
            reached.add(tip)
            tip = parents.get(tip, "")  # noqa: PLW2901  a walk up to the root
    return [each for each in parents if each not in reached]


def _media(work: Work, talk: Talk, which: ColumnElement[bool]) -> set[str]:
    """Give the hashes of the pictures and sounds of some messages."""
    query = select(_nodes.c.message).where(
        _nodes.c.conversation == talk.number,
        _nodes.c.role == "user",
        type_coerce(_nodes.c.message, Text).contains('"media":"'),  # few messages have any
        which,
    )
    return {name for message in work.connection.execute(query).scalars() for name in media_of(message)}
