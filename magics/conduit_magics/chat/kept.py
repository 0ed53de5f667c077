"""What takes a while to make and is asked for at each update of a panel."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

__all__ = ["Kept"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """Holds values by their keys; of more than ``most`` the one goes that was not asked for the longest.

    Args:
        most: How many are held.

    >>> kept = Kept(1)
    >>> kept.get("a", lambda: 1), kept.get("a", lambda: 2), kept.get("b", lambda: 3), kept.get("a", lambda: 4)
    (1, 1, 3, 4)
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[K, V] = {}

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: K, make: Callable[[], V]) -> V:
        """Give the value of a key; make it where there is none."""
        value = self._values.pop(key) if key in self._values else make()
        self.put(key, value)
        return value

    def find(self, key: K) -> V | None:
        """Give the value of a key, if there is one."""
        return self._values.get(key)

    def put(self, key: K, value: V) -> None:
        """Hold a value."""
        self._values.pop(key, None)
        self._values[key] = value
        while len(self._values) > self._most:
            del self._values[next(iter(self._values))]
