"""What every piece of work on the store is given, and what the pieces share."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from conduit.errors import SetupError
from conduit.messages import Conversation, Node
from conduit.store.coding import Clean, cleaned_value

__all__ = ["Insert", "Work", "checked_name", "unknown"]

Insert = sqlite.Insert | postgresql.Insert

_LONGEST = 200  # characters; PostgreSQL keeps no more than 2,700 bytes in an index


@dataclass(frozen=True, slots=True)
class Work:
    """One transaction.

    Attributes:
        connection: In the transaction.
        at: Now, in seconds since 1970.
        clean: Takes secrets out of texts.
        stand_ins: By the id of a node the one that is stored for it, where a secret was taken out of it or of what
            came before.
        session: The process.
    """

    connection: Connection
    at: float
    clean: Clean | None
    stand_ins: MutableMapping[str, Node]
    session: str

    @property
    def is_postgres(self) -> bool:
        """Whether others can write at the same time."""
        return self.connection.dialect.name == "postgresql"

    def insert(self, table: Table, *, over: tuple[str, ...] = (), where_none: str = "") -> Insert:
        """Give an insert that leaves a row which is there already as it is, or writes some columns over it.

        Args:
            table: Where to.
            over: The columns to write over.
            where_none: A column; the row is only written over where that is empty.
        """
        return _insert(table, over, where_none, is_postgres=self.is_postgres)

    def stored_id(self, conversation: Conversation) -> str:
        """Give the id that a conversation's tip has in the store."""
        stand_in = self.stand_ins.get(conversation.id)
        return stand_in.id if stand_in else conversation.id

    def cleaned(self, value: Any) -> Any:
        """Take secrets out of a text, or out of every text in a value of JSON."""
        return value if self.clean is None else cleaned_value(value, self.clean)


@cache
def _insert(table: Table, over: tuple[str, ...], where_none: str, *, is_postgres: bool) -> Insert:
    # Built once: building it takes longer than running it.
    query = postgresql.insert(table) if is_postgres else sqlite.insert(table)
    if not over:
        return query.on_conflict_do_nothing()
    return query.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={name: query.excluded[name] for name in over},
        where=table.c[where_none].is_(None) if where_none else None,
    )


def checked_name(name: str, *, of: str) -> str:
    """Give a name that can be found again.

    Raises:
        SetupError: It is empty, too long, or more than one line.
    """
    if not name.strip() or len(name) > _LONGEST or not name.isprintable():
        raise SetupError(
            f"{name[:40]!r} cannot name a {of}; a name is one line of 1 to {_LONGEST} printable characters"
        )
    return name


def unknown(name: str, *, of: str, known: Iterable[str]) -> SetupError:
    """Say that nothing has this name, and what comes near it."""
    valid = list(known)
    near = difflib.get_close_matches(name, valid, n=5, cutoff=0.4) or valid[:5]
    there = f"did you mean {' or '.join(near)}?" if near else "there are none yet"
    return SetupError(f"there is no {of} {name!r} in the store; {there}", valid=valid)
