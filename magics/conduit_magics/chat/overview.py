"""What a panel says before anything is said, and the branches of a conversation as rows of a tree."""

from __future__ import annotations

from textwrap import shorten
from typing import Any

from conduit.messages import ConversationTree, TextPart
from conduit.messages.aside import aside
from conduit.messages.branches import common_past
from conduit_magics.chat.texts import shown_text, without_data

__all__ = ["EXAMPLES", "tree_rows"]

EXAMPLES = [
    ["A bass line", "4 bars of acid bass in A minor, syncopated, 128 bpm"],
    ["Drums for it", "8 bars of techno drums, with a fill in the last bar"],
    ["Chords", "8 bars of warm house chords in F minor, 122 bpm"],
    ["What is in my set?", "/live"],
]
"""Label and prompt of each; they run as they are."""

_MOST_WORDS = 60


def tree_rows(tree: ConversationTree) -> list[list[Any]]:
    """Give a row for each branch: name, turns, first own words, whether it goes on, parent, and where it parts.

    The parent is the branch before it that it shares most with; it parts after so many turns of that one.

    >>> from conduit.messages import UserMessage
    >>> tree = ConversationTree().add(UserMessage.of("a bass line")).edit(1, "a pad")
    >>> tree_rows(tree)
    [['main', 1, 'a bass line', False, '', 0], ['main-2', 1, 'a pad', True, 'main', 0]]
    """
    rows: list[list[Any]] = []
    seen: list[str] = []
    for name, talk in tree.branches.items():
        parent = max(seen, key=lambda one: len(common_past(talk, tree.branches[one])), default="")
        shared = len(common_past(talk, tree.branches[parent])) if parent else 0
        turns = talk.turns
        parted = sum(len(turn.after) <= shared for turn in turns)
        own = turns[parted] if parted < len(turns) else None
        rows.append([name, len(turns), _words(own) if own else "", name == tree.current, parent, parted])
        seen.append(name)
    return rows


def _words(turn: Any) -> str:
    kept, _ = aside(turn.question)
    text = " ".join(without_data(part.text) for part in kept if isinstance(part, TextPart))
    return shown_text(shorten(text, _MOST_WORDS, placeholder="…"))
