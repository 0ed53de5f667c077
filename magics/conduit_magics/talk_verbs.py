"""The verbs about what was said: read it, branch it, answer it anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conduit.drawing.branches import tree_text
from conduit.drawing.page import verbatim
from conduit.drawing.transcript import MOST_TURNS, transcript_html, transcript_text
from conduit.errors import SetupError
from conduit.messages import ConversationTree
from conduit.messages.branches import turn_of
from conduit.studio import Question, options
from conduit_magics.saying import say, show_page, words
from conduit_magics.verb import Verb, arguments

if TYPE_CHECKING:
    from conduit.studio import Studio
    from conduit_magics.desk import Desk
    from conduit_magics.job import Job

__all__ = ["VERBS", "Again", "again", "wanted_again", "where"]

_TREE = "margin:0;font-size:12px;line-height:1.5"


def _history(desk: Desk, rest: str) -> None:
    given = words(rest)
    if len(given) > 1 or not all(number.isdecimal() for number in given):
        raise SetupError("%conduit history takes a turn, such as 3, or nothing for all of them")
    tree = desk.on_loop(lambda: desk.studio.session.tree)
    if given:
        turn = turn_of(tree.conversation, int(given[0]), branch=tree.current)
        one = replace(tree, branches={tree.current: turn.after})
        _show_talk(desk, one, turns=1)
    elif not tree.conversation.turns and len(tree.branches) == 1:
        say("nothing has been said yet")
    else:
        _show_talk(desk, tree)


def _show_talk(desk: Desk, tree: ConversationTree, *, turns: int = MOST_TURNS) -> None:
    clean = desk.studio.providers.scrub
    text = transcript_text(tree, turns=turns)
    _show(desk, text, lambda: transcript_html(tree, turns=turns, clean=clean))


def _tree(desk: Desk, rest: str) -> None:
    _nothing(rest, verb="tree")
    text = tree_text(desk.on_loop(lambda: desk.studio.session.tree))
    _show(desk, text, lambda: f'<pre style="{_TREE}">{verbatim(text)}</pre>')


def _branch(desk: Desk, rest: str) -> None:
    given = arguments(
        rest,
        (("name",), {"nargs": "?", "default": ""}),
        (("--from",), {"type": int, "dest": "turn", "metavar": "TURN"}),
        verb="branch",
        usage=VERBS["branch"].usage,
    )
    name = desk.on_loop(lambda: desk.studio.session.branch(given.name, turn=given.turn))
    say(f"branch {name} begins {where(desk)}; the next cell goes on there")


def _switch(desk: Desk, rest: str) -> None:
    name = _one(rest, verb="switch")
    desk.on_loop(lambda: desk.studio.session.switch(name))
    say(f"on branch {name} again, {where(desk)}")


def _prune(desk: Desk, rest: str) -> None:
    name = _one(rest, verb="prune")
    desk.on_loop(lambda: desk.studio.session.prune(name))
    say(f"branch {name} is gone; on branch {desk.studio.session.tree.current}, {where(desk)}")


@dataclass(frozen=True, slots=True)
class Again:
    """A turn that is to be answered anew.

    Attributes:
        turn: Its number on the current branch.
        model: Who is asked, empty for the one that is asked anyway.
        seed: Gives another take than those there are, where none was named.
    """

    turn: int
    model: str
    seed: int

    @property
    def question(self) -> Question:
        """What is put to the studio."""
        return Question("", options=options(seed=self.seed), model=self.model, again=self.turn)


def again(desk: Desk, rest: str) -> Job:
    """Start to answer a turn anew, as ``wanted_again`` reads it."""
    return desk.start([wanted_again(desk, rest).question])


def wanted_again(desk: Desk, rest: str) -> Again:
    """Read which turn is to be answered anew, and how.

    Raises:
        SetupError: What follows the verb cannot be.
        ConversationError: There is no such turn.
    """
    given = arguments(
        rest,
        (("turn",), {"nargs": "?", "type": int}),
        (("-m", "--model"), {"default": ""}),
        (("--seed",), {"type": int}),
        verb="regenerate",
        usage=VERBS["regenerate"].usage,
    )
    tree = desk.on_loop(lambda: desk.studio.session.tree)
    turn = turn_of(tree.conversation, given.turn, branch=tree.current).number
    # Who composes by a seed would give the same answer again.
    seed = len(tree.takes(turn)) if given.seed is None else given.seed
    return Again(turn, given.model, seed)


def _regenerate(desk: Desk, rest: str) -> None:
    desk.wait(again(desk, rest))


def _new(desk: Desk, rest: str) -> None:
    _nothing(rest, verb="new")
    desk.on_loop(desk.studio.forget)
    say("a new conversation begins with the next cell; clips and plans are kept")


def _show(desk: Desk, text: str, draw: Callable[[], str]) -> None:
    """Show something readable without the keys that may be in it."""
    scrub = desk.studio.providers.scrub
    show_page(desk, scrub(text), lambda: scrub(draw()))


def where(desk: Desk) -> str:
    """Say where the current branch stands."""
    count = len(desk.studio.session.conversation.turns)
    return f"after turn {count}" if count else "before the first turn"


def _one(rest: str, *, verb: str) -> str:
    given = words(rest)
    if len(given) != 1:
        raise SetupError(f"write it as %conduit {verb} {VERBS[verb].usage}")
    return given[0]


def _nothing(rest: str, *, verb: str) -> None:
    if rest.strip():
        raise SetupError(f"%conduit {verb} takes nothing after it, and there is {rest.strip()!r}")


def _branches(studio: Studio | None) -> Sequence[str]:
    return list(studio.session.tree.branches) if studio else ()


VERBS: dict[str, Verb] = {
    "history": Verb("[TURN]", "what was said so far, to be read", _history),
    "tree": Verb("", "the branches and the turns on them", _tree),
    "branch": Verb("[NAME] [--from TURN]", "begin a branch here, or after a turn", _branch),
    "switch": Verb("NAME", "go on with another branch", _switch, _branches),
    "prune": Verb("NAME", "take a branch away", _prune, _branches),
    "regenerate": Verb(
        "[TURN] [-m MODEL] [--seed N]", "answer a turn anew, on a branch of its own", _regenerate
    ),
    "new": Verb("", "start a new conversation", _new),
}
