"""The turns of a conversation's current branch, worked out once for each tree."""

from __future__ import annotations

from dataclasses import dataclass

from conduit.messages import ConversationTree, Node, Turn
from conduit.messages.branches import takes

__all__ = ["Place", "Seen"]


@dataclass(frozen=True, slots=True)
class Place:
    """A turn of the current branch, and what is looked up of it each time.

    Attributes:
        turn: The turn.
        nodes: The messages that came of its question.
        takes: The branches that answer it differently; none where there is one answer.
        take: Which of them is the current one.
    """

    turn: Turn
    nodes: list[Node]
    takes: tuple[str, ...]
    take: int

    @property
    def entry(self) -> str:
        """The id of its entry."""
        return f"e{self.turn.asked.id}"


@dataclass(frozen=True, slots=True)
class Seen:
    """A tree, worked out once.

    Attributes:
        tree: The tree.
        places: Its turns.
        here: Ids of the messages of its current branch.
    """

    tree: ConversationTree | None = None
    places: tuple[Place, ...] = ()
    here: frozenset[str] = frozenset()

    def of(self, tree: ConversationTree) -> Seen:
        """Give a tree worked out; itself where it is of that very tree."""
        if self.tree is tree:
            return self
        taken = takes(tree.branches, tree.current)
        places = []
        for turn in tree.conversation.turns:
            names = taken.get(turn.number, ())
            names = names if tree.current in names else ()
            nodes = turn.after.nodes_since(len(turn.asked))
            places.append(Place(turn, list(nodes), names, names.index(tree.current) if names else 0))
        return Seen(tree, tuple(places), frozenset(node.id for node in tree.conversation.nodes))
