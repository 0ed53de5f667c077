"""The way to the database: opening it, one transaction at a time, and what its errors mean.

SQLite is used with a write-ahead log, so readers never wait; who writes takes the write lock at the start of the
transaction (``BEGIN IMMEDIATE``), so two processes queue and none fails half-way. Every piece of work that is
handed in may be run again when the database was locked or the connection lost, so it has to come to the same when
it is run twice.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from conduit.errors import SetupError, StoreError
from conduit.store.migrations import VERSION, prepare, version_of
from conduit.store.place import MEMORY, make_file, shown

__all__ = ["Database"]

R = TypeVar("R")

_BUSY_S = 10.0  # SQLite itself waits so long for a lock
_PATIENCE_S = 30.0  # and all in all
_PAUSE_S = 0.02
_RECONNECTS = 3
_ADVISORY_KEY = 0x636F6E64  # "cond": who makes or changes the tables of a PostgreSQL database holds it
_PASSING = {
    "40001",
    "40P01",
    "55P03",
    "57P03",
}  # serialisation, deadlock, lock, and a server that is starting
_LOCKED = {5, 6}  # SQLITE_BUSY, SQLITE_LOCKED
_WRITES = "conduit_writes"


class Database:
    """A database that opens at the first use, and may be used from any thread and after a fork.

    Args:
        place: Where it is.

    >>> from conduit.store.place import place_of
    >>> database = Database(place_of("memory"))
    >>> database.read(version_of) == VERSION
    True
    >>> database.close()
    """

    def __init__(self, place: URL) -> None:
        self._place = place
        self._is_sqlite = place.get_backend_name() == "sqlite"
        self._is_memory = place.database == MEMORY
        self._closed = False
        self._begin_life()

    def _begin_life(self) -> None:
        self._process = os.getpid()
        self._opening = threading.Lock()
        self._turn = threading.Lock()
        self._engine: Engine | None = None

    @property
    def where(self) -> str:
        """What people call it; no password is in it."""
        return shown(self._place)

    def read(self, work: Callable[[Connection], R]) -> R:
        """Run something that only reads, on the database as it is at one moment.

        Raises:
            StoreError: The database cannot be read.
        """
        return self._run(work, writes=False)

    def write(self, work: Callable[[Connection], R]) -> R:
        """Run something as one transaction: all of it is kept, or nothing.

        Raises:
            StoreError: The database cannot be written.
        """
        return self._run(work, writes=True)

    def close(self) -> None:
        """Close every connection; what is asked of it afterwards is an error."""
        self._closed = True
        if self._engine is not None and os.getpid() == self._process:
            self._engine.dispose()
        self._engine = None

    def _run(self, work: Callable[[Connection], R], *, writes: bool) -> R:
        with _translated(self.where):
            engine = self._opened()
            with self._waiting(writes=writes):
                return _patiently(lambda: _transaction(engine, work, writes=writes))

    def _waiting(self, *, writes: bool) -> AbstractContextManager[Any]:
        """Let the threads of this process queue here, not in SQLite, which lets them sleep and try."""
        return self._turn if self._is_memory or (writes and self._is_sqlite) else nullcontext()

    def _opened(self) -> Engine:
        if os.getpid() != self._process:
            self._leave_to_parent()
        with self._opening:
            if self._closed:
                raise StoreError("the store is closed; make another to go on")
            if self._engine is None:
                self._engine = self._open()
            return self._engine

    def _leave_to_parent(self) -> None:
        """After a fork: connections are the parent's, so they are neither used nor closed here."""
        inherited = self._engine
        self._begin_life()
        if self._is_memory:
            self._engine = inherited  # a copy, as all of the process's memory is

    def _open(self) -> Engine:
        if self._is_sqlite and not self._is_memory:
            make_file(self._place)
        engine = _sqlite(self._place, memory=self._is_memory) if self._is_sqlite else _postgres(self._place)
        try:
            _patiently(lambda: self._prepare(engine))
        except BaseException:
            engine.dispose()
            raise
        weakref.finalize(self, _dispose, engine, os.getpid())
        return engine

    def _prepare(self, engine: Engine) -> None:
        # Most stores are as they should be, and a file that may only be read can be.
        if _transaction(engine, version_of, writes=False) != VERSION:
            _transaction(engine, self._make_tables, writes=True)

    def _make_tables(self, connection: Connection) -> None:
        if not self._is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_KEY})
        prepare(connection, where=self.where)


def _sqlite(place: URL, *, memory: bool) -> Engine:
    pool: dict[str, Any] = {"poolclass": StaticPool} if memory else {}
    options = {"check_same_thread": False, "timeout": _BUSY_S}
    engine = create_engine(place, connect_args=options, hide_parameters=True, **pool)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _postgres(place: URL) -> Engine:
    options = {"connect_timeout": int(_BUSY_S), "application_name": "conduit"}
    try:
        engine = create_engine(place, connect_args=options, hide_parameters=True)
    except ImportError:
        raise SetupError(
            "a store in PostgreSQL needs psycopg: pip install 'conduit-live[postgres]'"
        ) from None
    return engine


def _set_up(connection: sqlite3.Connection, _record: object) -> None:
    # The driver begins no transaction of its own accord; ``_begin`` does.
    connection.isolation_level = None
    try:
        mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
        if mode not in {"wal", "memory"}:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA foreign_keys = ON")
        # With a log, a killed process loses nothing that was committed; a power cut may lose the last moments.
        connection.execute("PRAGMA synchronous = NORMAL")
    except sqlite3.Error:
        connection.close()
        raise


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _transaction(engine: Engine, work: Callable[[Connection], R], *, writes: bool) -> R:
    options: dict[str, Any] = {_WRITES: writes}
    if not writes and engine.dialect.name == "postgresql":
        options["isolation_level"] = "REPEATABLE READ"  # what is read fits together
    with engine.connect().execution_options(**options) as connection, connection.begin():
        return work(connection)


def _patiently(work: Callable[[], R]) -> R:
    """Run it until no other is in its way."""
    until = time.monotonic() + _PATIENCE_S
    reconnects = _RECONNECTS
    while True:
        try:
            return work()
        except DBAPIError as error:
            lost = error.connection_invalidated
            reconnects -= lost
            if not (lost and reconnects > 0) and not _passes(error):
                raise
            if time.monotonic() > until:
                raise
        time.sleep(_PAUSE_S)


def _passes(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    return code in _LOCKED or getattr(error.orig, "sqlstate", None) in _PASSING


@contextmanager
def _translated(where: str) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        said = str(error.orig) if isinstance(error, DBAPIError) else str(error)
        reason = said.strip().split("\n", maxsplit=1)[0]
        raise StoreError(f"the store {where} cannot be used: {reason}{_advice(said)}") from error


_ADVICE = {
    "not a database": "choose another path for the store; this file was left as it is",
    "malformed": "the file is damaged: move it away, and a new one is made; "
    "`sqlite3 FILE .recover` saves what can be read",
    "readonly": "make the file and its folder writable, or choose another place with CONDUIT_STORE",
    "unable to open": "make the file and its folder writable, or choose another place with CONDUIT_STORE",
    "locked": "another program holds the file; close it and try again",
    "disk is full": "make room on the disk and try again",
    "connection": "is the server running, and does the URL name its host, port, user and database?",
}


def _advice(said: str) -> str:
    return next((f"; {advice}" for words, advice in _ADVICE.items() if words in said), "")


def _dispose(engine: Engine, process: int) -> None:
    # It is also what keeps an inherited engine alive: its connections would be closed with it.
    if os.getpid() == process:
        engine.dispose()
