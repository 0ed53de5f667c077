"""A conversation with everything that was tried in it: named branches over messages that they share.

A value like the conversations it holds. A branch is a name for a tip, so making one copies no message, and
whatever one branch does leaves the others as they are. Turns are counted from 1 along the current branch.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from conduit.errors import ConversationError
from conduit.messages.branches import (
    Comparison,
    branched_after,
    common_past,
    compare,
    free_name,
    fresh_name,
    named,
    reached,
    takes,
    turn_of,
)
from conduit.messages.conversation import Conversation
from conduit.messages.export import markdown
from conduit.messages.facts import Facts, cost_of, fact_words, sum_words, usage_of
from conduit.messages.message import Message, UserMessage
from conduit.messages.response import ResponseMetadata, Usage
from conduit.messages.stored import Stored
from conduit.messages.turn import Turn

__all__ = ["MAIN", "ConversationTree"]

MAIN = "main"
"""The branch that every tree begins with."""


@dataclass(frozen=True, slots=True)
class ConversationTree:
    """Named branches of one conversation; ``current`` is the one that goes on.

    Attributes:
        name: What a store finds it by.
        title: What a person calls it.
        metadata: JSON values of the user's own.
        branches: Each branch by its name, in the order they were made; there is at least one.
        current: The name of the branch that goes on.
        facts: By the id of its node, what is known about an answer: its provider, tokens, cost. They stay when
            their branch is pruned, for they were paid.

    >>> tree = ConversationTree().add(UserMessage.of("a bass line"))
    >>> tree = tree.edit(1, "a pad")
    >>> tree.current, tree.conversation.tail.text, list(tree.branches), tree.takes(1)
    ('main-2', 'a pad', ['main', 'main-2'], ('main', 'main-2'))
    """

    name: str = ""
    title: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    branches: Mapping[str, Conversation] = field(default_factory=lambda: {MAIN: Conversation()})
    current: str = MAIN
    facts: Mapping[str, ResponseMetadata] = field(default_factory=Facts)

    def __post_init__(self) -> None:
        if not self.branches:
            raise ConversationError(
                "a conversation has at least one branch; give it {'main': Conversation()}"
            )
        named(self.branches, self.current)
        object.__setattr__(self, "branches", MappingProxyType(dict(self.branches)))
        object.__setattr__(self, "metadata", MappingProxyType(dict(self.metadata)))
        object.__setattr__(self, "facts", Facts.of(self.facts))

    def __reduce__(self) -> tuple[Callable[[str], ConversationTree], tuple[str]]:
        return ConversationTree.from_json, (self.to_json(),)

    @property
    def conversation(self) -> Conversation:
        """The current branch."""
        return self.branches[self.current]

    @property
    def usage(self) -> Usage | None:
        """Tokens of every answer in it, pruned ones too; None where none was counted."""
        return usage_of(self.facts.values())

    @property
    def cost_usd(self) -> Decimal | None:
        """The sum of the costs that are known, pruned answers' too; None where none is."""
        return cost_of(self.facts.values())

    def with_(
        self, *, name: str | None = None, title: str | None = None, metadata: Mapping[str, Any] | None = None
    ) -> ConversationTree:
        """Give the tree with another name, title or metadata; what is None stays.

        Raises:
            TypeError: The metadata hold what JSON cannot.
            ValueError: They hold a number that JSON does not know, such as NaN.
        """
        own = self.metadata if metadata is None else json.loads(json.dumps(dict(metadata), allow_nan=False))
        name = self.name if name is None else name
        return replace(self, name=name, title=self.title if title is None else title, metadata=own)

    def add(self, message: Message) -> ConversationTree:
        """Give the tree with one more message on the current branch.

        Raises:
            ConversationError: The message cannot stand there; the text says what can.
        """
        return self._put(self.current, self.conversation.add(message))

    def advanced(
        self, before: Conversation, after: Conversation, *, branch: str | None = None
    ) -> ConversationTree:
        """Give the tree with what a turn made of ``before``; it may be told again as the turn goes on.

        The turn's branch moves to ``after``. Where something else was said on it meanwhile, ``after`` becomes a
        branch of its own, so two answers at once lose nothing; it becomes the current one if the turn's was.

        Args:
            before: Where the turn began.
            after: How far it has come.
            branch: The branch that it began on; None is the current one.

        Raises:
            ConversationError: ``after`` does not go on from ``before``.
        """
        if not after.goes_on_from(before):
            raise ConversationError("what a turn ends with has to go on from what it began with")
        began = self.current if branch is None else branch
        moving = reached(self.branches, began, before, after)
        if moving is not None:
            return self._put(moving, after)
        if any(talk.goes_on_from(after) for talk in self.branches.values()):
            return self
        name = free_name(self.branches, began)
        return replace(self._put(name, after), current=name if began == self.current else self.current)

    def noted(self, node_id: str, metadata: ResponseMetadata) -> ConversationTree:
        """Give the tree with a fact about an answer.

        Args:
            node_id: The id of the conversation that ends with the answer.
            metadata: What is known about it.
        """
        return replace(self, facts=Facts.of(self.facts).with_(node_id, metadata))

    def branch(self, name: str = "", *, turn: int | None = None) -> ConversationTree:
        """Give the tree with a new branch, which becomes the current one.

        Args:
            name: What it is called; by default the current one's name with the next number.
            turn: The turn after which it goes on; 0 is before the first, and None after the last.

        Raises:
            ConversationError: There is no such turn.
            SetupError: The name is taken, or none.
        """
        return self._branched(branched_after(self.conversation, turn, branch=self.current), name)

    def switch(self, name: str) -> ConversationTree:
        """Give the tree with another branch as the current one.

        Raises:
            SetupError: There is no branch of that name; the text lists those there are.
        """
        named(self.branches, name)
        return replace(self, current=name)

    def regenerate(self, turn: int | None = None) -> ConversationTree:
        """Give the tree with a new branch that ends with a turn's question, to be answered anew.

        Where the question has no answer yet, nothing changes.

        Args:
            turn: Which turn; None is the last.

        Raises:
            ConversationError: There is no such turn.
        """
        asked = self._turn(turn).asked
        return self if asked == self.conversation else self._branched(asked)

    def edit(self, turn: int, message: UserMessage | str) -> ConversationTree:
        """Give the tree with a new branch in which a turn asks something else; it ends with that question.

        Raises:
            ConversationError: There is no such turn.
        """
        asked = self._turn(turn).asked
        question = UserMessage.of(message) if isinstance(message, str) else message
        return self._branched(asked.at(len(asked) - 1).add(question))

    def rename(self, old: str, new: str) -> ConversationTree:
        """Give the tree with another name for a branch.

        Raises:
            SetupError: There is no such branch, or the new name is taken, or none.
        """
        named(self.branches, old)
        name = new if new == old else fresh_name(self.branches, new)
        branches = {name if one == old else one: talk for one, talk in self.branches.items()}
        return replace(self, branches=branches, current=name if self.current == old else self.current)

    def prune(self, name: str) -> ConversationTree:
        """Give the tree without a branch. Was it the current one, the branch that shares most with it is now.

        Raises:
            ConversationError: It is the only one.
            SetupError: There is no such branch.
        """
        gone = named(self.branches, name)
        if len(self.branches) == 1:
            raise ConversationError(f"{name!r} is the only branch, and one has to stay; make another first")
        left = {one: talk for one, talk in self.branches.items() if one != name}
        nearest = max(left, key=lambda one: len(common_past(gone, left[one])))
        return replace(self, branches=left, current=nearest if self.current == name else self.current)

    def compare(self, one: str, other: str) -> Comparison:
        """Say where two branches part, and what each says after that.

        Raises:
            SetupError: There is no branch of one of the names.
        """
        return compare(named(self.branches, one), named(self.branches, other))

    def takes(self, turn: int) -> tuple[str, ...]:
        """Name the branches that begin a turn where the current one does, and differ in it.

        The current one is among them; of branches that agree on the whole turn there is one.

        Raises:
            ConversationError: There is no such turn.
        """
        number = self._turn(turn).number
        return takes(self.branches, self.current).get(number, (self.current,))

    def to_markdown(self, branch: str | None = None) -> str:
        """Write a branch, by default the current one, as Markdown, with what each answer took.

        Raises:
            SetupError: There is no branch of that name.
        """
        name, facts = branch or self.current, self.facts
        nodes = named(self.branches, name).nodes
        entries = ((node.message, fact_words(facts[node.id]) if node.id in facts else "") for node in nodes)
        place = f"Branch {name}, one of {', '.join(self.branches)}" if len(self.branches) > 1 else ""
        notes = filter(None, (place, sum_words(self.usage, self.cost_usd)))
        return markdown(entries, title=self.title or self.name, notes=notes)

    def to_json(self) -> str:
        """Write the tree as JSON: every message once, whatever number of branches share it."""
        return Stored.of(
            self.branches,
            current=self.current,
            name=self.name,
            title=self.title,
            metadata=self.metadata,
            facts=self.facts,
        ).model_dump_json()

    @classmethod
    def from_json(cls, text: str | bytes) -> ConversationTree:
        """Read what ``to_json`` wrote.

        Raises:
            ValueError: It is not a conversation tree.
            ConversationError: Its messages are in an order no model accepts.
            SetupError: Its current branch is not among its branches.
        """
        stored = Stored.model_validate_json(text)
        return cls(
            name=stored.name,
            title=stored.title,
            metadata=stored.metadata,
            branches=stored.conversations(),
            current=stored.current,
            facts=stored.facts,
        )

    def _put(self, name: str, talk: Conversation) -> ConversationTree:
        return replace(self, branches={**self.branches, name: talk})

    def _branched(self, start: Conversation, name: str = "") -> ConversationTree:
        new = fresh_name(self.branches, name) if name else free_name(self.branches, self.current)
        return replace(self._put(new, start), current=new)

    def _turn(self, number: int | None) -> Turn:
        return turn_of(self.conversation, number, branch=self.current)
