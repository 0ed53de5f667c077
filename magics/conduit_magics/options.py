"""The options of ``%%conduit``: one parser for reading, help and Tab."""

from __future__ import annotations

import argparse
import difflib
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from conduit.errors import SetupError
from conduit_magics import values

__all__ = ["PROMPT_HELP", "CellOptions", "completions", "help_text", "parse", "prompt_name"]


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
    """What stands behind ``%%conduit``. None leaves a choice to the session, to the words or to the model.

    Attributes:
        turn: The turn to go on from, 0 for before the first.
        kind: The type that the answer is read as, as it was written.
        takes: How many variations to ask for; None is a plain answer, not one variation.
    """

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
    turn: int | None
    branch: str | None
    prompt: str | None
    kind: str | None
    context: tuple[str, ...]
    takes: int | None
    critic: int
    dry_run: bool
    seed: int | None
    no_stream: bool
    raw: bool
    help: bool


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
    (("--genre",), {"help": "such as techno, house, dub; %%conduit genres lists them"}),
    (("--bars",), {"type": values.bars, "help": "length in bars"}),
    (("--key",), {"help": "such as 'A minor' or 'F# dorian'"}),
    (("--bpm",), {"type": values.tempo, "help": "tempo, 20-999"}),
    (("--meter", "--metre"), {"help": "such as 7/8"}),
    (("--track",), {"type": values.positive, "help": "track to push to, from 1"}),
    (("--slot",), {"type": values.positive, "help": "clip slot to push to, from 1"}),
    (("-o", "--out"), {"type": values.name, "help": "also leave the clip, or the value, in this variable"}),
    (
        ("-x", "--variations"),
        {
            "type": values.takes,
            "dest": "takes",
            "metavar": "N",
            "help": f"N variations side by side, up to {values.MOST_TAKES}; all of them are left in _clips",
        },
    ),
    (
        ("--critic",),
        {
            "type": values.rounds,
            "default": 0,
            "metavar": "N",
            "help": "let a critic measure the clip and ask for a better one, up to N times; the best is kept",
        },
    ),
    (("-n", "--new"), {"action": "store_true", "help": "start a new conversation"}),
    (
        ("--from",),
        {
            "type": values.turn,
            "dest": "turn",
            "metavar": "TURN",
            "help": "go on from this turn, on a branch of its own; 0 is before the first",
        },
    ),
    (
        ("--branch",),
        {
            "type": values.branch,
            "metavar": "NAME",
            "help": "the branch to go on, or to begin where there is none",
        },
    ),
    (
        ("--prompt",),
        {
            "type": values.name,
            "metavar": "NAME",
            "help": "a prompt of %%%%conduit_prompt; the cell gives its inputs, a line 'name: value' each",
        },
    ),
    (
        ("--parse",),
        {
            "dest": "kind",
            "metavar": "TYPE",
            "help": "read the answer as this type, such as a pydantic class; it is left in _value",
        },
    ),
    (
        ("--context",),
        {
            "type": values.names,
            "action": "extend",
            "default": [],
            "metavar": "A,B",
            "help": "variables sent along before the words; live: the Live set, live/2/1: track 2, slot 1",
        },
    ),
    (
        ("--dry-run",),
        {"action": "store_true", "help": "show who would be asked and the request, and ask nobody"},
    ),
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
    given = CellOptions(**{**vars(found), "attach": tuple(found.attach), "context": tuple(found.context)})
    for one, other, reason in _APART:
        if _is_given(given, one) and _is_given(given, other):
            raise SetupError(f"%%conduit: {reason}; leave out {_flag(one)} or {_flag(other)}")
    if given.kind is not None and given.mode == "generate":
        raise SetupError("%%conduit: an answer is a clip or a value; leave out --parse or --mode generate")
    return given


def _is_given(given: CellOptions, field: str) -> bool:
    value = getattr(given, field)
    return value is not None and value is not False  # turn 0 is one


_APART = (
    ("new", "turn", "a new conversation has no turn to go on from"),
    ("new", "branch", "a new conversation has no branch but its own"),
    ("takes", "kind", "variations are clips, and a value of a type is one answer"),
    ("kind", "track", "a value of a type is not pushed"),
    ("kind", "slot", "a value of a type is not pushed"),
)
"""Options that exclude each other, and why."""


def _flag(field: str) -> str:
    """Give the shortest way to write an option."""
    return next(
        flags[0]
        for flags, facts in _OPTIONS
        if facts.get("dest", flags[-1].lstrip("-").replace("-", "_")) == field or f"--{field}" in flags
    )


PROMPT_HELP = """\
usage: %%conduit_prompt NAME
       a template in Jinja2, such as: {{ bars }} bars of {{ part }} in {{ key | default("A minor") }}

NAME is the variable that it is kept in; ask with %%conduit --prompt NAME."""


def prompt_name(line: str) -> str | None:
    """Read the rest of a ``%%conduit_prompt`` line; None asks for help.

    Raises:
        SetupError: It is not one name of a variable.
    """
    words = line.split()
    if words in (["-h"], ["--help"]):
        return None
    if len(words) != 1:
        raise SetupError("write it as %%conduit_prompt NAME, with the template under it")
    try:
        return values.name(words[0])
    except argparse.ArgumentTypeError as error:
        raise SetupError(f"%%conduit_prompt: {error}") from error


def help_text() -> str:
    """Give the help of ``%%conduit``."""
    return _parser().format_help()


def completions(
    before: str, *, models: Sequence[str] = (), more: Mapping[str, Sequence[str]] | None = None
) -> list[str]:
    """Give the options, or an option's values, that could stand at the end of a line.

    Args:
        before: The line up to the cursor, from ``%%conduit`` on.
        models: What can stand after ``--model``.
        more: What can stand after other options.

    >>> completions("%%conduit --se")
    ['--seed']
    """
    words = before.split(" ")
    last, previous = words[-1], words[-2] if len(words) > 1 else ""
    known = {"--mode": MODES, "--cache": CACHE_MODES, "-m": models, "--model": models, **(more or {})}
    if previous in known:
        return [value for value in known[previous] if value.startswith(last)]
    if not last.startswith("-"):
        return []
    return [name for name in _names() if name.startswith(last)]


def _names() -> list[str]:
    return [flag for flags, _ in _OPTIONS for flag in flags]
