"""Conversations in the store: written, read and deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from conduit.errors import SetupError
from conduit.messages import Conversation, ConversationTree, ResponseMetadata
from conduit.messages.tree import MAIN
from conduit.store import schema
from conduit.store.landing import Talk, forget_unreached, land, prune, tips
from conduit.store.nodes import note, read_nodes, settle
from conduit.store.work import Work, checked_name, unknown

__all__ = ["append", "delete_tree", "load", "names", "save", "times"]

_NAMES = 1_000

# What every message needs is built once: building it takes as long as running it.
_talks = schema.conversations
_LOCK = select(_talks.c.number).where(_talks.c.name == bindparam("talk")).with_for_update()
_TOUCH = update(_talks).where(_talks.c.number == bindparam("talk")).values(updated=bindparam("at"))


def append(
    work: Work, name: str, branch: str, conversation: Conversation, metadata: ResponseMetadata | None
) -> str:
    """Store what is new of one branch, and say which branch it is on; which one goes on is left as it is."""
    talk = _talk(work, ConversationTree(name=name, branches={branch: Conversation()}, current=branch))
    settled = settle(work, talk.number, conversation, {})
    if metadata is not None:
        note(work, talk.number, settled.stored.id, metadata)
    landed = land(work, talk, branch, settled, was=None)
    work.connection.execute(_TOUCH, {"talk": talk.number, "at": work.at})
    return landed


def save(work: Work, tree: ConversationTree, was: ConversationTree | None) -> ConversationTree:
    """Store what is new of a tree, and give it as it is now, with what others made of it."""
    talk = _talk(work, tree)
    ours: dict[str, str] = {}  # where each branch of the tree went
    for name, conversation in tree.branches.items():
        settled = settle(work, talk.number, conversation, tree.facts)
        before = was.branches.get(name) if was else None
        ours[name] = land(work, talk, name, settled, was=before)
    if was is not None:
        prune(work, talk, gone={name: at for name, at in was.branches.items() if name not in tree.branches})
        if any(
            not tree.branches.get(name, Conversation()).goes_on_from(at) for name, at in was.branches.items()
        ):
            forget_unreached(work, talk)
    _note_all(work, talk.number, tree.facts)
    values = _changed(work, tree, was) | {"updated": work.at}
    if was is None or tree.current != was.current:
        values["current"] = ours[tree.current]
    query = update(schema.conversations).where(schema.conversations.c.number == talk.number)
    work.connection.execute(query.values(**values))
    is_ours = {name: tip for name, (tip, _) in talk.tips.items()} == {
        name: work.stored_id(conversation) for name, conversation in tree.branches.items()
    }
    return tree if is_ours else _merged(work, tree, ours)


def _changed(work: Work, tree: ConversationTree, was: ConversationTree | None) -> dict[str, Any]:
    """Give what somebody here called it; what they left as it was may be called otherwise by others meanwhile."""
    before = was or ConversationTree()
    pairs = {"title": (tree.title, before.title), "metadata": (dict(tree.metadata), dict(before.metadata))}
    return {name: work.cleaned(now) for name, (now, then) in pairs.items() if now != then}


def _merged(work: Work, tree: ConversationTree, ours: Mapping[str, str]) -> ConversationTree:
    """Give the tree as it is in the store, with our own messages where they are the same but for secrets."""
    theirs = load(work, tree.name)
    back = {went: tree.branches[name] for name, went in ours.items()}
    mine = {name: talk for name, talk in back.items() if work.stored_id(talk) == theirs.branches[name].id}
    return ConversationTree(
        name=tree.name,
        title=theirs.title,
        metadata=theirs.metadata,
        branches={**theirs.branches, **mine},
        current=ours[tree.current],
        facts={**theirs.facts, **tree.facts},
    )


def load(work: Work, name: str) -> ConversationTree:
    """Read a whole conversation.

    Raises:
        SetupError: There is none of that name; the text has names that come near.
    """
    table = schema.conversations.c
    row = work.connection.execute(select(schema.conversations).where(table.name == name)).first()
    if row is None:
        raise unknown(name, of="conversation", known=names(work))
    found = tips(work, row.number)
    points = read_nodes(work, row.number)
    branches = {branch: points[tip] for branch, (tip, _) in found.items()} or {MAIN: Conversation()}
    facts = select(schema.facts.c.node, schema.facts.c.metadata).where(
        schema.facts.c.conversation == row.number
    )
    return ConversationTree(
        name=name,
        title=row.title,
        metadata=row.metadata,
        branches=branches,
        current=row.current if row.current in branches else next(iter(branches)),
        facts={
            points[one.node].id if one.node in points else one.node: ResponseMetadata(**one.metadata)
            for one in work.connection.execute(facts)
        },
    )


def names(work: Work) -> list[str]:
    """Give the names of conversations, the last used first."""
    table = schema.conversations.c
    query = select(table.name).order_by(table.updated.desc()).limit(_NAMES)
    return list(work.connection.execute(query).scalars())


def times(work: Work, name: str) -> dict[str, float]:
    """Give when each message of a conversation was stored, by its node's id here and in the store.

    Raises:
        SetupError: There is none of that name.
    """
    number = work.connection.execute(select(_talks.c.number).where(_talks.c.name == name)).scalar()
    if number is None:
        raise unknown(name, of="conversation", known=names(work))
    query = select(schema.nodes.c.id, schema.nodes.c.at).where(schema.nodes.c.conversation == number)
    stored = {row.id: row.at for row in work.connection.execute(query)}
    ours = {ours: stored[there.id] for ours, there in work.stand_ins.items() if there.id in stored}
    return stored | ours


def delete_tree(work: Work, name: str) -> None:
    """Delete a conversation and all that was said in it.

    Raises:
        SetupError: There is none of that name.
    """
    number = _locked(work, name)
    if number is None:
        raise unknown(name, of="conversation", known=names(work))
    for table in (schema.facts, schema.media, schema.branches, schema.nodes):
        work.connection.execute(delete(table).where(table.c.conversation == number))
    work.connection.execute(delete(schema.conversations).where(schema.conversations.c.number == number))


def _talk(work: Work, tree: ConversationTree) -> Talk:
    """Find a conversation, or begin it, and keep other writers out of it until the transaction ends."""
    number = _locked(work, checked_name(tree.name, of="conversation"))
    if number is None:
        values: dict[str, Any] = {
            "name": tree.name,
            "title": work.cleaned(tree.title),
            "metadata": work.cleaned(dict(tree.metadata)),
            "current": tree.current,
            "created": work.at,
            "updated": work.at,
        }
        work.connection.execute(work.insert(schema.conversations), values)
        number = _locked(work, tree.name)
    if number is None:
        raise SetupError(f"the conversation {tree.name!r} was deleted while it was saved; save it again")
    return Talk(number, tips(work, number))


def _locked(work: Work, name: str) -> int | None:
    # SQLite lets in one writer at a time, and leaves out what it does not know.
    row = work.connection.execute(_LOCK, {"talk": name}).first()
    return row.number if row else None


def _note_all(work: Work, talk: int, facts: Mapping[str, ResponseMetadata]) -> None:
    """Keep facts that came after their message."""
    query = select(schema.facts.c.node).where(schema.facts.c.conversation == talk)
    there = set(work.connection.execute(query).scalars())
    for node, fact in facts.items():
        stored = work.stand_ins[node].id if node in work.stand_ins else node
        if stored not in there:
            note(work, talk, stored, fact)
