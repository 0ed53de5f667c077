"""The options of ``%%conduit``: one parser for reading, help and Tab."""

from __future__ import annotations

import argparse
import builtins
import difflib
import keyword
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from math import nan
from typing import Any, NoReturn

from conduit.errors import SetupError

__all__ = ["CellOptions", "completions", "help_text", "parse"]


MODES = ("chat", "generate")
CACHE_MODES = ("off", "on", "refresh")


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints are Conduit's errors and which never exits."""

    def error(self, message: str) -> NoReturn:
        unknown = re.search(r"unrecognized arguments: (-\S+)", message)
        near = difflib.get_close_matches(unknown[1], _names(), n=1) if unknown else []
        hint = f"did you mean {near[0]}?" if near else "see %%conduit -h"
        raise SetupError(f"%%conduit: {message}; {hint}", valid=_names())


@dataclass(frozen=True, slots=True)
class CellOptions:
    """What stands behind ``%%conduit``. None leaves a choice to the session, to the words or to the model."""

    model: str | None
    mode: str
    cache: str | None
    attach: tuple[str, ...]
    genre: str | None
    bars: float | None
    key: str | None
    bpm: float | None
    meter: str | None
    track: int | None
    slot: int | None
    out: str | None
    new: bool
    seed: int | None
    no_stream: bool
    raw: bool
    help: bool


def _number(text: str, *, low: float, high: float, what: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = nan
    if not low <= number <= high:
        raise argparse.ArgumentTypeError(f"{text!r} is not {what}")
    return number


def _positive(text: str) -> int:
    what = "a whole number that counts from 1"
    number = _number(text, low=1, high=9999, what=what)
    if number != int(number):
        raise argparse.ArgumentTypeError(f"{text!r} is not {what}")
    return int(number)


def _bars(text: str) -> float:
    return _number(text, low=1, high=128, what="a number of bars from 1 to 128")


def _tempo(text: str) -> float:
    return _number(text, low=20, high=999, what="a tempo from 20 to 999")


def _name(text: str) -> str:
    if not text.isidentifier() or keyword.iskeyword(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a variable's name")
    if hasattr(builtins, text):
        raise argparse.ArgumentTypeError(f"{text!r} is Python's own name; choose another")
    return text


_OPTIONS: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (
        ("-m", "--model"),
        {"help": "who answers: provider/model, a provider, auto; by default as %%conduit use set it"},
    ),
    (
        ("--mode",),
        {"choices": MODES, "default": "chat", "help": "let the model choose, or insist on a clip"},
    ),
    (
        ("--cache",),
        {
            "choices": CACHE_MODES,
            "help": "on: the kept answer to the same request; refresh: ask anew and keep; off: neither",
        },
    ),
    (
        ("--attach",),
        {
            "action": "append",
            "default": [],
            "metavar": "NAME_OR_FILE",
            "help": "a variable or a file with a picture or a sound, sent along; may be given again",
        },
    ),
    (("--genre",), {"help": "such as techno, house, dub, ambient"}),
    (("--bars",), {"type": _bars, "help": "length in bars"}),
    (("--key",), {"help": "such as 'A minor' or 'F# dorian'"}),
    (("--bpm",), {"type": _tempo, "help": "tempo, 20-999"}),
    (("--meter", "--metre"), {"help": "such as 7/8"}),
    (("--track",), {"type": _positive, "help": "track to push to, from 1"}),
    (("--slot",), {"type": _positive, "help": "clip slot to push to, from 1"}),
    (("-o", "--out"), {"type": _name, "help": "also leave the clip in this variable"}),
    (("-n", "--new"), {"action": "store_true", "help": "start a new conversation"}),
    (("--seed",), {"type": int, "help": "another seed, another take"}),
    (("--no-stream",), {"action": "store_true", "help": "show the answer once, when it is complete"}),
    (("--raw",), {"action": "store_true", "help": "leave {names} in the text as they are"}),
    (("-h", "--help"), {"action": "store_true", "help": "show this"}),
)


def _parser() -> _Parser:
    parser = _Parser(
        prog="%%conduit",
        add_help=False,
        allow_abbrev=False,
        usage="%%%%conduit [options]\n       what you want to hear; {name} inserts a variable",
    )
    for flags, facts in _OPTIONS:
        parser.add_argument(*flags, **facts)
    return parser


def parse(line: str) -> CellOptions:
    """Read the rest of a ``%%conduit`` line.

    Raises:
        SetupError: An option is unknown or has a value that cannot be; it says what would be valid.
    """
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise SetupError(f"%%conduit: {error} in {line!r}; close every quote") from error
    found = _parser().parse_args(words)
    return CellOptions(**{**vars(found), "attach": tuple(found.attach)})


def help_text() -> str:
    """Give the help of ``%%conduit``."""
    return _parser().format_help()


def completions(before: str, *, models: Sequence[str] = ()) -> list[str]:
    """Give the options, or an option's values, that could stand at the end of a line.

    Args:
        before: The line up to the cursor, from ``%%conduit`` on.
        models: What can stand after ``--model``.

    >>> completions("%%conduit --se")
    ['--seed']
    """
    words = before.split(" ")
    last, previous = words[-1], words[-2] if len(words) > 1 else ""
    values = {"--mode": MODES, "--cache": CACHE_MODES, "-m": models, "--model": models}
    if previous in values:
        return [value for value in values[previous] if value.startswith(last)]
    if not last.startswith("-"):
        return []
    return [name for name in _names() if name.startswith(last)]


def _names() -> list[str]:
    return [flag for flags, _ in _OPTIONS for flag in flags]
