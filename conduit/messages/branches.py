"""What can be said of several branches of one conversation, each given by its name."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from conduit.errors import ConversationError, SetupError
from conduit.messages.conversation import Conversation
from conduit.messages.message import Message, SystemMessage
from conduit.messages.turn import Turn

__all__ = [
    "Comparison",
    "branched_after",
    "common_past",
    "compare",
    "free_name",
    "fresh_name",
    "named",
    "reached",
    "takes",
    "turn_of",
]

_NUMBERED = re.compile(r"(.+)-\d+")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Where two branches part.

    Attributes:
        common: What they share.
        one: What the first one says after it.
        other: What the second one says after it.

    >>> from conduit.messages import UserMessage
    >>> bass, pad = (Conversation().add(UserMessage.of(text)) for text in ("bass", "pad"))
    >>> len(compare(bass, pad).common), compare(bass, pad).other[0].text
    (0, 'pad')
    """

    common: Conversation
    one: tuple[Message, ...]
    other: tuple[Message, ...]


def compare(one: Conversation, other: Conversation) -> Comparison:
    """Say where two conversations part."""
    common = common_past(one, other)
    return Comparison(common, one.since(common), other.since(common))


def common_past(one: Conversation, other: Conversation) -> Conversation:
    """Give the longest past that two conversations share."""
    depth = min(len(one), len(other))
    first, second = one.at(depth).tip, other.at(depth).tip
    while first is not None and second is not None and first.id != second.id:
        first, second = first.parent, second.parent
    return Conversation(first)


def reached(
    branches: Mapping[str, Conversation], began: str, before: Conversation, after: Conversation
) -> str | None:
    """Say which branch a turn has come along: the one it began on, or one that was made for it on its way.

    Args:
        branches: All there are.
        began: The name of the branch the turn began on; it may be gone.
        before: Where the turn began.
        after: How far it has come.

    Returns:
        The branch that goes on to ``after``; None where none does.
    """
    if began in branches and after.goes_on_from(branches[began]):
        return began
    way = {node.id for node in after.nodes_since(len(before))}
    return next((name for name, talk in branches.items() if talk.id in way), None)


def takes(branches: Mapping[str, Conversation], current: str) -> dict[int, tuple[str, ...]]:
    """Name, for each turn of the current branch, the branches that come to its beginning and differ in it.

    Of several that agree on the whole turn there is one, the current one or else the first. Turns in which nobody
    differs are left out. The work is linear in what the branches do not share with the current one.

    Args:
        branches: All there are, in order.
        current: The branch whose turns are meant.
    """
    here = branches[current]
    ids, turns = [node.id for node in here.nodes], here.turns
    starts = [len(turn.before) for turn in turns]
    ends: dict[int, dict[str, str]] = {}
    for name, talk in branches.items():
        if name == current:
            continue
        shared = _shared(ids, talk)
        last = bisect_right(starts, shared) - 1
        # A branch that parts between two turns has a take of the later one, or goes on with the earlier.
        for place in {last, bisect_left(starts, shared) - 1} - {-1}:
            own = next(iter(talk.turns_since(starts[place])), None)
            if own is not None:
                found = ends.setdefault(place, {turns[place].after.id: current})
                found.setdefault(own.after.id, name)
    return {
        turns[place].number: tuple(name for name in branches if name in found.values())
        for place, found in ends.items()
        if len(found) > 1
    }


def _shared(ids: Sequence[str], talk: Conversation) -> int:
    """Say how many messages a conversation has in common with one whose nodes have these ids."""
    node = talk.tip
    while node is not None and (node.depth > len(ids) or ids[node.depth - 1] != node.id):
        node = node.parent
    return node.depth if node is not None else 0


def named(branches: Mapping[str, Conversation], name: str) -> Conversation:
    """Give a branch.

    Raises:
        SetupError: There is none of that name; the text lists those there are.
    """
    if name not in branches:
        raise SetupError(
            f"there is no branch {name!r}; there are {', '.join(branches)}", valid=list(branches)
        )
    return branches[name]


def turn_of(talk: Conversation, number: int | None, *, branch: str) -> Turn:
    """Give a turn by its number, or the last one.

    Raises:
        ConversationError: There is no such turn; the text says which there are on ``branch``.
    """
    turns = talk.turns
    if not turns:
        raise ConversationError(f"branch {branch!r} has no turns yet; ask something first")
    if number is None:
        return turns[-1]
    if not 1 <= number <= len(turns):
        raise ConversationError(f"there is no turn {number}: branch {branch!r} has turns 1 to {len(turns)}")
    return turns[number - 1]


def fresh_name(taken: Container[str], name: str) -> str:
    """Give the name back if a new branch can have it.

    Raises:
        SetupError: It is taken, or is no name.
    """
    if not name or name != name.strip() or not name.isprintable():
        raise SetupError(f"{name!r} cannot name a branch; a name is one line of printable characters")
    if name in taken:
        raise SetupError(f"there is a branch {name!r} already; take another name, or switch to it")
    return name


def free_name(taken: Container[str], wanted: str) -> str:
    """Give a branch's name if it is free, else the same with the next free number.

    >>> free_name({"main", "main-2"}, "main-2")
    'main-3'
    """
    if wanted not in taken:
        return wanted
    numbered = _NUMBERED.fullmatch(wanted)
    stem, number = numbered[1] if numbered else wanted, 2
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


def branched_after(talk: Conversation, number: int | None, *, branch: str) -> Conversation:
    """Give where a new branch begins: after a turn of another.

    Args:
        talk: The other branch.
        number: The turn; 0 is before the first, and None after the last.
        branch: The other branch's name.

    Raises:
        ConversationError: There is no such turn.
    """
    if number is None:
        return talk
    if number == 0:
        first = talk.at(min(1, len(talk)))
        return first if isinstance(first.tail, SystemMessage) else Conversation()
    return turn_of(talk, number, branch=branch).after
