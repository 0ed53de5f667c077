"""What a panel says before anything is said, and the branches of a conversation as rows of a tree."""

from __future__ import annotations

from textwrap import shorten
from typing import Any

from conduit.messages import Conversation, ConversationTree, TextPart, Turn
from conduit.messages.aside import aside
from conduit_magics.chat.texts import shown_text, without_data

__all__ = ["EXAMPLES", "Branches"]

EXAMPLES = [
    ["A bass line", "4 bars of acid bass in A minor, syncopated, 128 bpm"],
    ["Drums for it", "8 bars of techno drums, with a fill in the last bar"],
    ["Chords", "8 bars of warm house chords in F minor, 122 bpm"],
    ["What is in my set?", "/live"],
]
"""Label and prompt of each; they run as they are."""

_MOST_WORDS = 60

Row = list[Any]


class Branches:
    """Gives the branches of a conversation as rows; what it worked out for one tree serves for the next.

    >>> from conduit.messages import UserMessage
    >>> tree = ConversationTree().add(UserMessage.of("a bass line")).edit(1, "a pad")
    >>> Branches().rows(tree)
    [['main', 1, 'a bass line', False, '', 0], ['main-2', 1, 'a pad', True, 'main', 0]]
    """

    def __init__(self) -> None:
        self._seen: tuple[ConversationTree | None, list[Row]] = (None, [])
        self._turns: dict[str, tuple[Turn, ...]] = {}  # by the id of a branch's tip

    def rows(self, tree: ConversationTree) -> list[Row]:
        """Give a row for each branch: name, turns, first own words, whether it goes on, parent, and where it parts.

        The parent is the branch before it that it shares most with; it parts after so many turns of that one. The
        work is linear in the messages of all branches, those that are shared counted once.
        """
        if self._seen[0] is not tree:
            self._seen = (tree, self._made(tree))
        return self._seen[1]

    def _made(self, tree: ConversationTree) -> list[Row]:
        owners: dict[str, str] = {}
        known, rows = self._turns, []
        self._turns = {}
        for name, talk in tree.branches.items():
            parent, shared = _parted(talk, owners, name)
            turns = self._turns[talk.id] = known.get(talk.id) or talk.turns
            parted = sum(len(turn.after) <= shared for turn in turns)
            own = turns[parted] if parted < len(turns) else None
            rows.append([name, len(turns), _words(own) if own else "", name == tree.current, parent, parted])
        return rows


def _parted(talk: Conversation, owners: dict[str, str], name: str) -> tuple[str, int]:
    """Say whose past a branch shares, and how many messages of it; what is its own is put down as its own."""
    node = talk.tip
    while node is not None and node.id not in owners:
        owners[node.id] = name
        node = node.parent
    if node is not None:
        return owners[node.id], node.depth
    first = next(iter(owners.values()), name)
    return (first if first != name else ""), 0


def _words(turn: Turn) -> str:
    kept, _ = aside(turn.question)
    text = " ".join(without_data(part.text) for part in kept if isinstance(part, TextPart))
    return shown_text(shorten(text, _MOST_WORDS, placeholder="…"))
