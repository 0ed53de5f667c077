"""Where something is inserted in a row."""

from __future__ import annotations

__all__ = ["place_for"]

_END = -1


def place_for(index: int | None, count: int, selected: int) -> int:
    """Give the place of a row for something new: ``index``, the end for -1, behind the selected one for None.

    Raises:
        IndexError: The row has no such place.
    """
    if index is None:
        return selected + 1
    if index == _END:
        return count
    if not 0 <= index <= count:
        raise IndexError("Index out of range")
    return index
