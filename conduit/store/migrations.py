"""Versions of the tables: a new store is made as it is now, an old one is brought up step by step.

A step is written for the tables as they were then, in SQL of its own, so that later changes of ``schema`` do not
change what it does.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, bindparam, insert, inspect, select, text, update

from conduit.errors import StoreError
from conduit.store.schema import TABLES, ExactText, schema_version

__all__ = ["MIGRATIONS", "VERSION", "prepare", "version_of"]

_PAGE = 500


def _fold_texts(connection: Connection) -> None:
    """Search knows no case since version 2, in any alphabet: the texts to search are kept case-folded."""
    page = text(
        "SELECT number, text FROM conduit_nodes WHERE number > :after ORDER BY number LIMIT :most"
    ).columns(text=ExactText)
    fold = text("UPDATE conduit_nodes SET text = :folded WHERE number = :at").bindparams(
        bindparam("folded", type_=ExactText)
    )
    after = 0
    while rows := connection.execute(page, {"after": after, "most": _PAGE}).all():
        connection.execute(fold, [{"folded": row.text.casefold(), "at": row.number} for row in rows])
        after = rows[-1].number


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (_fold_texts,)
"""The step from version 1 to 2, from 2 to 3, and so on."""

VERSION = 1 + len(MIGRATIONS)
"""The version of the tables in ``schema``."""


def version_of(connection: Connection) -> int:
    """Give the version of a store's tables; 0 where there are none."""
    if not inspect(connection).has_table(schema_version.name):
        return 0
    return int(connection.execute(select(schema_version.c.version)).scalar_one())


def prepare(connection: Connection, *, where: str) -> None:
    """Make the tables, or bring them up to this version; call it in a transaction that nobody else can be in.

    Raises:
        StoreError: They are of a later version.
    """
    version = version_of(connection)
    if version > VERSION:
        raise StoreError(
            f"{where} was written by a later Conduit (its tables are version {version}, this one knows "
            f"{VERSION}): update Conduit, or choose another store, such as CONDUIT_STORE=memory"
        )
    if version == 0:
        TABLES.create_all(connection, checkfirst=False)
        connection.execute(insert(schema_version).values(version=VERSION))
    elif version < VERSION:
        for step in MIGRATIONS[version - 1 :]:
            step(connection)
        connection.execute(update(schema_version).values(version=VERSION))
