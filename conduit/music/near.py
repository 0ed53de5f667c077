"""Near misses: what a person may have meant by a name that is not known."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

__all__ = ["UnknownNameError", "near_misses"]

_JOINTS = re.compile(r"[\s_-]+")


class UnknownNameError(ValueError):
    """A name that is none of those there are.

    Attributes:
        valid: The names that come near it, the nearest first; without any, all that there are.
    """

    def __init__(self, message: str, valid: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.valid = list(valid)


def near_misses(name: str, names: Iterable[str], *, most: int = 4, likeness: float = 0.6) -> list[str]:
    """Give the names that come near one, the nearest first; case, spaces and hyphens do not count.

    Args:
        name: What was written.
        names: What there is.
        most: How many to give at most.
        likeness: 0 (anything) to 1 (the same), as ``difflib`` measures it. A name with a word that begins with
            what was written is near at any likeness.

    >>> near_misses("hirajoshy", ["hirajoshi", "iwato", "major"]), near_misses("penta", ["major pentatonic"])
    (['hirajoshi'], ['major pentatonic'])
    """
    written = _folded(name)
    folded = {_folded(known): known for known in reversed(list(names))}
    like = difflib.get_close_matches(written, sorted(folded), n=most, cutoff=likeness)
    parts = [known for known in sorted(folded) if len(written) > 2 and f" {written}" in f" {known}"]
    return [folded[known] for known in dict.fromkeys([*parts, *like])][:most]


def _folded(name: str) -> str:
    return _JOINTS.sub(" ", name.strip().lower())
