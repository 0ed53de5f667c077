"""What is cut from texts of any length before a model reads them: no key is left in it, nor a part of one."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["KEY", "excerpt", "opening"]

KEY = 4_000
"""Characters of the longest key. So many more than are wanted are cleaned, and then left out, at each cut: what is
cut there may be the half of a key, which nobody would know for one."""


def excerpt(text: str, *, most: int, clean: Callable[[str], str]) -> str:
    r"""Give a text, or its head and its tail where it is too long, and say how much is left out.

    Args:
        text: Of any length.
        most: Characters to give; as many as ``KEY`` more are let be.
        clean: Takes keys out of a text.

    >>> excerpt("la " * 10_000, most=20, clean=str)
    'la la la l\n… 29980 of 30000 characters left out; ask for less …\n la la la '
    """
    if len(text) <= most + KEY:
        return clean(text)
    half = most // 2
    head = clean(text[: half + KEY])[:-KEY]
    tail = clean(text[-half - KEY :])[KEY:]
    left_out = len(text) - len(head) - len(tail)
    return f"{head}\n… {left_out} of {len(text)} characters left out; ask for less …\n{tail}"


def opening(text: str, *, most: int, clean: Callable[[str], str]) -> str:
    r"""Give the beginning of a text as one line, which ends in ``…`` where more would come.

    Args:
        text: Of any length.
        most: Characters to give at most.
        clean: Takes keys out of a text.

    >>> opening("no such\n  track in the set", most=16, clean=str)
    'no such track i…'
    """
    whole = len(text) <= most + KEY
    seen = clean(text) if whole else clean(text[: most + KEY])[:-KEY]
    line = " ".join(seen.split())
    return line if whole and len(line) <= most else line[: most - 1] + "…"
