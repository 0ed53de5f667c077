"""Where on this machine lies what a person keeps: the store, which is opened when it is first used, and genres."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_config_path, user_data_path

if TYPE_CHECKING:
    from conduit.store import Store

__all__ = ["Storage", "genres_folder"]


class Storage:
    """The way to the store, from whichever thread.

    Args:
        where: A file, a database's address, ``memory``, or ``auto`` for the user's own folder.
        clean: Takes keys out of whatever is kept.
    """

    def __init__(self, where: str, *, clean: Callable[[str], str]) -> None:
        self._where = where
        self._clean = clean
        self._opening = threading.Lock()
        self._store: Store | None = None

    def open(self) -> Store:
        """Give the store; raises what ``Store`` does."""
        with self._opening:
            if self._store is None:
                from conduit.store import Store  # noqa: PLC0415  a database takes a while to load

                place = user_data_path("conduit") / "conduit.db" if self._where == "auto" else self._where
                self._store = Store(place, clean=self._clean)
            return self._store

    def close(self) -> None:
        """Close the store, if it was opened."""
        if self._store is not None:
            self._store.close()


def genres_folder(where: str) -> Path:
    """Give the folder of a person's own genres; ``auto`` is the user's own."""
    return user_config_path("conduit") / "genres" if where == "auto" else Path(where).expanduser()
