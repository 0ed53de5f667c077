"""A cell as a question: its options, its words with what they insert, and what goes with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from conduit.composer.aim import Aim
from conduit.messages import ConversationTree
from conduit.studio import Question, options
from conduit_magics.attach import attached
from conduit_magics.insert import blocks, insert
from conduit_magics.kinds import parser_of
from conduit_magics.options import CellOptions
from conduit_magics.prompting import prompted

__all__ = ["question", "seeds", "variations"]


_NOWHERE = Aim()


def question(given: CellOptions, cell: str, variables: Mapping[str, Any], *, aim: Aim = _NOWHERE) -> Question:
    """Make the question of a cell.

    Args:
        given: Its options.
        cell: What stands under them.
        variables: The notebook's variables.
        aim: Where in the Live set its clip goes, as far as it does not say so itself.

    Raises:
        SetupError: An option names what is not there, a value cannot be, or something is a secret.
        PromptError: A prompt's inputs are missing or surplus.
    """
    wanted = options(
        bars=given.bars,
        key=given.key,
        bpm=given.bpm,
        meter=given.meter,
        genre=given.genre,
        seed=given.seed,
    )
    insisted = given.out is not None and given.kind is None
    return Question(
        _words(given, cell.strip(), variables),
        options=wanted,
        model=given.model or "",
        mode="generate" if insisted else given.mode,  # a variable that is asked for has to be there
        new=given.new,
        turn=given.turn,
        branch=given.branch or "",
        parser=parser_of(given.kind, variables) if given.kind else None,
        cache=given.cache or "",
        media=attached(given.attach, variables),
        aim=aim.then(Aim(track=given.track, slot=given.slot)),
        critic=given.critic,
    ).checked()


def variations(first: Question, count: int, *, tree: ConversationTree) -> list[Question]:
    """Ask the same several times, each with a seed of its own, and on a branch of its own.

    Args:
        first: Asked as it is; the others begin where it begins.
        count: How many there are, with the first.
        tree: The conversation that they are asked in.

    >>> asked = variations(Question("a bass line"), 3, tree=ConversationTree())
    >>> [(one.options.seed, one.turn) for one in asked]
    [(None, None), (1, 0), (2, 0)]
    >>> asked = variations(Question("a bass line", options=options(seed=7), turn=4), 3, tree=ConversationTree())
    >>> [(one.options.seed, one.turn) for one in asked]
    [(7, 4), (8, 4), (9, 4)]
    """
    seed = first.options.seed or 0
    begun = len(tree.branches.get(first.branch, tree.conversation).turns)
    # What asks for a turn gets a branch; the first's is the current one by then, and has the same turns so far.
    after = replace(first, branch="", turn=begun if first.turn is None else first.turn)
    others = (replace(after, options=replace(first.options, seed=seed + more)) for more in range(1, count))
    return [first, *others]


def seeds(first: Question, count: int) -> list[int | None]:
    """Give the seeds of several variations, in order."""
    return [asked.options.seed for asked in variations(first, count, tree=ConversationTree())]


def _words(given: CellOptions, cell: str, variables: Mapping[str, Any]) -> str:
    context = blocks(given.context, variables)
    if given.prompt is not None:
        text = prompted(given.prompt, cell, variables, raw=given.raw)
    else:
        text = cell if given.raw else insert(cell, variables)
    return "\n\n".join(filter(None, (context, text)))
