"""Where a store is: memory, a file, or a PostgreSQL database; read from a path or a URL."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from conduit.errors import SetupError, StoreError

__all__ = ["MEMORY", "make_file", "place_of", "shown"]

MEMORY = ":memory:"
_FORMS = ["memory", "a file's path", "sqlite:///path", "postgresql://user@host/database"]
_DRIVERS = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


def place_of(where: str | Path) -> URL:
    """Read a path or a URL; nothing or ``memory`` is a store that ends with its process.

    Raises:
        SetupError: It is of no form that is known.

    >>> place_of("postgres://me@studio/conduit").render_as_string()
    'postgresql+psycopg://me@studio/conduit'
    """
    if isinstance(where, str) and "://" in where:
        return _of_url(where)
    if not str(where) or where in {"memory", MEMORY}:
        return URL.create("sqlite", database=MEMORY)
    return _of_file(str(where))


def shown(place: URL) -> str:
    """Name a store for people, without its password."""
    if place.get_backend_name() != "sqlite":
        return place.set(drivername="postgresql").render_as_string(hide_password=True)
    return "memory" if place.database == MEMORY else str(place.database)


def make_file(place: URL) -> None:
    """Make the file of a store where there is none: readable by its owner alone, for it holds conversations.

    Raises:
        StoreError: It cannot be made there.
    """
    path = Path(str(place.database))
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # SQLite gives its other two files the rights of this one.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        if os.path.isdir(path):  # noqa: PTH112  the method of a path raises where the folder may not be read
            raise StoreError(f"the store cannot be {path}: that is a folder; name a file in it") from None
        if os.path.isfile(path):  # noqa: PTH113  as above
            return
        raise StoreError(
            f"the store {path} cannot be made: {error.strerror}; choose another place with CONDUIT_STORE, "
            "or CONDUIT_STORE=memory for none"
        ) from error


def _of_url(where: str) -> URL:
    try:
        url = make_url(where)
    except (ArgumentError, ValueError):
        raise SetupError(
            f"the store's URL cannot be read; write {' or '.join(_FORMS)}", valid=_FORMS
        ) from None
    backend = url.get_backend_name()
    if backend in _DRIVERS:
        return url.set(drivername=_DRIVERS[backend])
    if backend != "sqlite":
        raise SetupError(f"a store cannot be {backend}; write {' or '.join(_FORMS)}", valid=_FORMS)
    if url.database in {None, "", MEMORY}:
        return URL.create("sqlite", database=MEMORY)
    return _of_file(str(url.database))


def _of_file(path: str) -> URL:
    if "\0" in path:
        raise SetupError(f"{path!r} is no path: it has a NUL character in it")
    return URL.create("sqlite", database=str(Path(path).expanduser().absolute()))
