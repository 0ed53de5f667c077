"""Readers of what stands behind an option; each refuses what cannot be, with what would be right."""

from __future__ import annotations

import argparse
import builtins
import keyword
from math import nan

__all__ = ["MOST_TAKES", "bars", "branch", "name", "names", "positive", "rounds", "takes", "tempo", "turn"]

MOST_TAKES = 32
"""How many variations of one request a cell may ask for."""


def number(text: str, *, low: float, high: float, what: str) -> float:
    """Read a number of a range."""
    try:
        found = float(text)
    except ValueError:
        found = nan
    if not low <= found <= high:
        raise argparse.ArgumentTypeError(f"{text!r} is not {what}")
    return found


def whole(text: str, *, low: int, high: int, what: str) -> int:
    """Read a whole number of a range."""
    found = number(text, low=low, high=high, what=what)
    if found != int(found):
        raise argparse.ArgumentTypeError(f"{text!r} is not {what}")
    return int(found)


def positive(text: str) -> int:
    """Read a number that counts from 1."""
    return whole(text, low=1, high=9999, what="a whole number that counts from 1")


def turn(text: str) -> int:
    """Read a turn to go on from."""
    return whole(text, low=0, high=999_999, what="a turn: they count from 1, and 0 is before the first")


def takes(text: str) -> int:
    """Read a number of variations."""
    return whole(text, low=1, high=MOST_TAKES, what=f"a number of variations from 1 to {MOST_TAKES}")


def rounds(text: str) -> int:
    """Read how often the critic may ask for a clip again."""
    return whole(text, low=0, high=99, what="a number of rounds, such as 2")


def branch(text: str) -> str:
    """Read the name of a branch."""
    if not text.strip():
        raise argparse.ArgumentTypeError("the name of a branch is empty")
    return text.strip()


def names(text: str) -> tuple[str, ...]:
    """Read names with commas between them."""
    found = tuple(one.strip() for one in text.split(","))
    if not all(found):
        raise argparse.ArgumentTypeError(f"{text!r} is not names of variables with commas between them")
    return found


def bars(text: str) -> float:
    """Read a length in bars."""
    return number(text, low=1, high=128, what="a number of bars from 1 to 128")


def tempo(text: str) -> float:
    """Read a tempo."""
    return number(text, low=20, high=999, what="a tempo from 20 to 999")


def name(text: str) -> str:
    """Read a variable's name."""
    if not text.isidentifier() or keyword.iskeyword(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a variable's name")
    if hasattr(builtins, text):
        raise argparse.ArgumentTypeError(f"{text!r} is Python's own name; choose another")
    return text
