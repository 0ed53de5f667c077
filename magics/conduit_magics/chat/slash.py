"""Slash commands: every verb of ``%conduit`` in the panel's input, and what a verb that belongs to a cell becomes.

A verb says what it says through ``conduit_magics.saying``, so it runs here as it is; what it says comes back as
values, in which a command is written as it is written here.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from conduit.drawing.table import Cell, Column, Table
from conduit.errors import ConduitError, SetupError
from conduit.music.near import near_misses
from conduit_magics.saying import Line, Said, Shown, heard
from conduit_magics.talk_verbs import Again, wanted_again
from conduit_magics.verbs import TOPICS, VERBS

if TYPE_CHECKING:
    from conduit_magics.desk import Desk

__all__ = ["NOT_HERE", "Again", "command", "run_slash", "words_of"]

NOT_HERE = {
    "seal": "to keep only the records, run %conduit seal in a cell: it ends every live view, this panel too",
    "panel": "this is a panel already; %conduit panel in a cell opens another, beside the notebook with --side",
}
"""Verbs that a panel does not do, and what to do instead."""

_LEAVES = {"new", "resume"}
"""Verbs that leave the conversation, which no answer may be under way in; without a name ``resume`` only lists."""

_HERE = [name for name in VERBS if name not in NOT_HERE]
_COMMAND = re.compile(rf"(?<!%)%conduit (?=(?:{'|'.join(_HERE)})\b)")
_ESCAPED = "//text sends /text as words"


def command(text: str) -> tuple[str, str] | None:
    """Split a command into the verb and what follows it; None for words, which begin with ``//`` or no slash.

    >>> command("/push 2 3"), command("//push"), command("push it")
    (('push', '2 3'), None, None)
    """
    line = text.strip()
    if not line.startswith("/") or line.startswith("//"):
        return None
    name, _, rest = line[1:].partition(" ")
    return name, rest.strip()


def words_of(text: str) -> str:
    """Give the words that are sent, of a text that is no command.

    >>> words_of("//text"), words_of("a bass")
    ('/text', 'a bass')
    """
    return text.replace("//", "/", 1) if text.lstrip().startswith("//") else text


async def run_slash(desk: Desk, line: str) -> list[Said | Again]:
    """Do what a command says; nothing of it is shown anywhere but in what comes back.

    Args:
        desk: The notebook's desk.
        line: The command, such as ``/push 2 3``.

    Returns:
        What the verb said, in order; ``Again`` for a turn that is to be answered anew, which is left to the caller.

    Raises:
        ConduitError: The verb does not exist, is none for a panel, or could not do it; ``debug`` shows it.
    """
    return await asyncio.to_thread(_run, desk, line)


def _run(desk: Desk, line: str) -> list[Said | Again]:
    try:
        with desk.remembering():
            found = command(line)
            if found is None or "\n" in line.strip():
                raise SetupError(f"a command is one line, such as /help; {_ESCAPED}")
            name, rest = found
            return [_as_written_here(said) for said in _found(name or "help")(desk, rest)]
    except ConduitError as error:
        error.message = _in_slashes(error.message)
        error.args = (error.message,)
        raise


def _found(name: str) -> Callable[[Desk, str], list[Said | Again]]:
    if name in NOT_HERE:
        raise SetupError(NOT_HERE[name])
    if name in _INSTEAD:
        return _INSTEAD[name]
    if name not in VERBS:
        near = [f"/{verb}" for verb in near_misses(name, _HERE, most=3)]
        hint = f"did you mean {' or '.join(near)}?" if near else "/help lists them."
        raise SetupError(
            f"there is no command /{name}; {hint} {_ESCAPED}", valid=[f"/{verb}" for verb in _HERE]
        )

    def run(desk: Desk, rest: str) -> list[Said | Again]:
        if name in _LEAVES and (rest or name == "new") and desk.on_loop(lambda: desk.studio.turns.running):
            raise SetupError(f"an answer is under way; stop it, or wait for it, before /{name}")
        with heard() as said:
            VERBS[name](desk, rest)
        return [*said]

    return run


def _help(desk: Desk, rest: str) -> list[Said | Again]:
    """List the commands by what they are about; after a verb's name, say what that one takes."""
    del desk
    asked = rest.strip().lstrip("/%")
    if asked:
        if asked not in VERBS:
            _found(asked)
        return [Line(f"{_usage(asked)}: {VERBS[asked].help}")]
    tables: list[Said | Again] = []
    for topic, names in TOPICS.items():
        rows: list[list[str | Cell]] = [
            [Cell(_usage(name), tone="strong"), VERBS[name].help] for name in names if name not in NOT_HERE
        ]
        tables.append(Shown(Table([Column("command", width=72), Column("")], rows, title=topic)))
    return [*tables, Line(_ESCAPED)]


def _usage(name: str) -> str:
    return f"/{name} {VERBS[name].usage}".strip()


def _again(desk: Desk, rest: str) -> list[Said | Again]:
    return [wanted_again(desk, rest)]


def _as_written_here(said: Said | Again) -> Said | Again:
    match said:
        case Line(text):
            return Line(_in_slashes(text))
        case Shown(table):
            notes = [_in_slashes(note) for note in table.notes]
            return Shown(replace(table, title=_in_slashes(table.title), notes=notes))
        case _:
            return said


def _in_slashes(text: str) -> str:
    """Write commands as they are written here.

    >>> _in_slashes("%conduit use MODEL sets it; %%conduit -m MODEL asks another")
    '/use MODEL sets it; %%conduit -m MODEL asks another'
    """
    return _COMMAND.sub("/", text)


_INSTEAD: dict[str, Callable[[Desk, str], list[Said | Again]]] = {"help": _help, "regenerate": _again}
"""Verbs that are something else in a panel."""
