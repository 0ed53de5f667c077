"""Clips, plans, memories and personas in the store.

Secrets are taken out of their names too, where they are written and where they are looked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, Table, delete, insert, select

from conduit.errors import SetupError
from conduit.store import schema
from conduit.store.records import LoggedPlan, Memory, StoredClip
from conduit.store.work import Work, checked_name, unknown

__all__ = [
    "clip",
    "clips",
    "forget",
    "log_plan",
    "memories",
    "persona",
    "personas",
    "plans",
    "put_text",
    "save_clip",
]


def save_clip(work: Work, name: str, notation: str, conversation: str, provenance: Mapping[str, Any]) -> None:
    """Store a clip beside earlier ones of its name."""
    name = checked_name(work.cleaned(name), of="clip")
    values: dict[str, Any] = {
        "notation": work.cleaned(notation),
        "conversation": conversation,
        "provenance": _as_stored(work, work.cleaned(dict(provenance))),
    }
    last = _clips(work, name, 1)
    if last and {key: getattr(last[0], key) for key in values} == values:
        return
    work.connection.execute(insert(schema.clips).values(name=name, at=work.at, **values))


def _as_stored(work: Work, provenance: dict[str, Any]) -> dict[str, Any]:
    """Name the node that a clip came with as the store does, where a secret was taken out of its past."""
    stand_in = work.stand_ins.get(str(provenance.get("node", "")))
    return provenance if stand_in is None else provenance | {"node": stand_in.id}


def clips(work: Work, name: str, limit: int, conversation: str = "") -> list[StoredClip]:
    """List clips, the newest first; of one name or of every name, and of one conversation or of all."""
    return _clips(work, work.cleaned(name), limit, conversation)


def clip(work: Work, name: str) -> StoredClip:
    """Give the newest clip of a name.

    Raises:
        SetupError: There is none.
    """
    found = _clips(work, work.cleaned(name), 1)
    if not found:
        known = work.connection.execute(select(schema.clips.c.name).distinct().limit(1_000)).scalars()
        raise unknown(name, of="clip", known=known)
    return found[0]


def _clips(work: Work, name: str, limit: int, conversation: str = "") -> list[StoredClip]:
    table = schema.clips.c
    query = select(schema.clips).order_by(table.number.desc()).limit(limit)
    for column, wanted in ((table.name, name), (table.conversation, conversation)):
        query = query.where(column == wanted) if wanted else query
    rows = work.connection.execute(query)
    return [StoredClip(row.name, row.notation, row.conversation, row.provenance, row.at) for row in rows]


def log_plan(work: Work, plan: LoggedPlan) -> None:
    """Add a step in the life of a plan."""
    values = {
        "session": work.session,
        "id": plan.id,
        "title": work.cleaned(plan.title),
        "tier": plan.tier,
        "status": plan.status,
        "conversation": plan.conversation,
        "details": work.cleaned(dict(plan.details)),
        "at": work.at,
    }
    work.connection.execute(insert(schema.plans).values(**values))


def plans(work: Work, limit: int, conversation: str = "") -> list[LoggedPlan]:
    """List the steps of plans, the newest first; of one conversation or of all."""
    query = select(schema.plans).order_by(schema.plans.c.number.desc()).limit(limit)
    query = query.where(schema.plans.c.conversation == conversation) if conversation else query
    return [_plan(row) for row in work.connection.execute(query)]


def _plan(row: Row[Any]) -> LoggedPlan:
    return LoggedPlan(
        row.id,
        row.title,
        row.tier,
        row.status,
        session=row.session,
        at=row.at,
        conversation=row.conversation,
        details=row.details,
    )


def memories(work: Work) -> list[Memory]:
    """List what is remembered, the oldest first."""
    table = schema.memories.c
    query = select(schema.memories).order_by(table.at, table.key)
    return [Memory(row.key, row.text, at=row.at) for row in work.connection.execute(query)]


def personas(work: Work) -> dict[str, str]:
    """Give the texts of personas by their names."""
    query = select(schema.personas).order_by(schema.personas.c.name)
    return {row.name: row.text for row in work.connection.execute(query)}


def persona(work: Work, name: str) -> str:
    """Give a persona's text.

    Raises:
        SetupError: There is none of that name.
    """
    known = personas(work)
    stored = work.cleaned(name)
    if stored not in known:
        raise unknown(name, of="persona", known=known)
    return known[stored]


def put_text(work: Work, table: Table, name: str, text: str) -> None:
    """Store a text by its name, in place of the one before."""
    key = table.primary_key.columns[0]
    if not text.strip():
        raise SetupError(f"{name!r} has no text; write at least a word")
    values = {"text": work.cleaned(text), "at": work.at}
    named = {key.name: checked_name(work.cleaned(name), of=_KINDS[table.name])}
    work.connection.execute(work.insert(table, over=tuple(values)), named | values)


_KINDS = {schema.memories.name: "memory", schema.personas.name: "persona"}


def forget(work: Work, key: str) -> None:
    """Remove a memory.

    Raises:
        SetupError: There is none of that name.
    """
    table = schema.memories
    if not work.connection.execute(delete(table).where(table.c.key == work.cleaned(key))).rowcount:
        raise unknown(key, of="memory", known=[each.key for each in memories(work)])
