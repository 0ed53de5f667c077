"""A name that is not there: what was given, what was probably meant, what there is."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["meant"]

_MOST = 30


def meant(name: str, valid: Iterable[str]) -> str:
    """Name what is not there, then what is: the nearest names, or all.

    >>> meant("read_fiel", ["read_file", "list_files"])
    "'read_fiel'; did you mean read_file?"
    >>> meant("x", ["read_file"]), meant("x", [])
    ("'x'; there are: read_file", "'x'; there are none")
    """
    names = sorted(valid)
    if near := difflib.get_close_matches(name, names, n=3, cutoff=0.5):
        return f"{name!r}; did you mean {' or '.join(near)}?"
    if not names:
        return f"{name!r}; there are none"
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return f"{name!r}; there are: {', '.join(names[:_MOST])}{more}"
