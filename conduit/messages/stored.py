"""The JSON form of a conversation tree: every message once, each naming its parent by place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from conduit.errors import ConversationError
from conduit.messages.content import Value
from conduit.messages.conversation import Conversation, Node
from conduit.messages.message import Message
from conduit.messages.response import ResponseMetadata

__all__ = ["Stored", "StoredNode"]


class StoredNode(Value):
    """A message, and the place of the one before it in the list of nodes; None at a root."""

    parent: int | None = Field(default=None, ge=0)
    message: Message


class Stored(Value):
    """What ``ConversationTree.to_json`` writes.

    Attributes:
        version: Of this form.
        nodes: Every message once, each after its parent.
        branches: By name the place of the tip; None for a branch without messages.
    """

    version: Literal[1] = 1
    name: str = ""
    title: str = ""
    metadata: dict[str, Any] = Field(default_factory=dict)
    nodes: tuple[StoredNode, ...] = ()
    branches: dict[str, int | None] = Field(min_length=1)
    current: str
    facts: dict[str, ResponseMetadata] = Field(default_factory=dict)

    @classmethod
    def of(
        cls,
        branches: Mapping[str, Conversation],
        *,
        current: str,
        name: str,
        title: str,
        metadata: Mapping[str, Any],
        facts: Mapping[str, ResponseMetadata],
    ) -> Stored:
        """Take what is valid already; nothing is checked again."""
        nodes, tips = _placed(branches)
        return cls.model_construct(
            name=name,
            title=title,
            metadata=dict(metadata),
            nodes=nodes,
            branches=tips,
            current=current,
            facts=dict(facts),
        )

    def conversations(self) -> dict[str, Conversation]:
        """Build the branches; messages are shared as they were.

        Raises:
            ConversationError: A place names no message before it, or a message cannot stand where it is.
        """
        talks: list[Conversation] = []
        for place, node in enumerate(self.nodes):
            talks.append(_at(talks, node.parent, who=f"message {place}").add(node.message))
        return {name: _at(talks, tip, who=f"branch {name!r}") for name, tip in self.branches.items()}


def _placed(branches: Mapping[str, Conversation]) -> tuple[tuple[StoredNode, ...], dict[str, int | None]]:
    places: dict[str, int] = {}
    nodes: list[StoredNode] = []
    for talk in branches.values():
        for node in _unseen(talk, places):
            places[node.id] = len(nodes)
            parent = None if node.parent is None else places[node.parent.id]
            nodes.append(StoredNode.model_construct(parent=parent, message=node.message))
    return tuple(nodes), {name: places.get(talk.id) for name, talk in branches.items()}


def _unseen(talk: Conversation, places: Mapping[str, int]) -> list[Node]:
    found: list[Node] = []
    node = talk.tip
    while node is not None and node.id not in places:
        found.append(node)
        node = node.parent
    return found[::-1]


def _at(talks: list[Conversation], place: int | None, *, who: str) -> Conversation:
    if place is None:
        return Conversation()
    if not 0 <= place < len(talks):
        raise ConversationError(
            f"{who} follows message {place}, which does not stand before it; the file is damaged"
        )
    return talks[place]
