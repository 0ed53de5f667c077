"""What a verb of ``%conduit`` is, and how the options behind it are read."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from conduit.errors import SetupError
from conduit_magics.saying import words

if TYPE_CHECKING:
    from conduit.studio import Studio
    from conduit_magics.desk import Desk

__all__ = ["Verb", "arguments"]


@dataclass(frozen=True, slots=True)
class Verb:
    """What ``%conduit NAME`` does.

    Attributes:
        usage: What may follow the name.
        help: One line.
        run: Takes the desk and the rest of the line.
        values: What Tab may put after it, from the studio, where there is one already.
    """

    usage: str
    help: str
    run: Callable[[Desk, str], None]
    values: Callable[[Studio | None], Sequence[str]] = lambda _: ()

    def __call__(self, desk: Desk, rest: str) -> None:
        """Do it, with what followed the name."""
        self.run(desk, rest)


def arguments(
    rest: str, *known: tuple[tuple[str, ...], dict[str, Any]], verb: str, usage: str
) -> argparse.Namespace:
    """Read what follows a verb.

    Args:
        rest: What follows it.
        known: Flags, and facts for argparse, of each argument.
        verb: Its name.
        usage: How to write it.

    Raises:
        SetupError: An argument is unknown, missing or has a value that cannot be.
    """
    parser = _Parser(prog=f"%conduit {verb}", usage=usage, add_help=False, allow_abbrev=False)
    for flags, facts in known:
        parser.add_argument(*flags, **facts)
    return parser.parse_args(words(rest))


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints are Conduit's errors and which never exits."""

    def error(self, message: str) -> NoReturn:
        said = message.replace("unrecognized arguments:", "does not know")
        raise SetupError(f"{self.prog}: {said}; write it as {self.prog} {self.usage}")
