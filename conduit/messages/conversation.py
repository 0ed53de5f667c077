"""A conversation is a tip in a tree of messages.

Nodes are shared, so branching copies nothing. A node's id is the hash of its parent's id and its message.
Adding a message checks the order that every provider demands, so a conversation that exists is valid:
one system message at most, first; then turns of user and assistant; each tool call answered exactly once
before anything else is said.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from pydantic import TypeAdapter

from conduit.errors import ConversationError
from conduit.messages.aside import is_aside
from conduit.messages.content import ToolCallPart, ToolResultPart
from conduit.messages.export import markdown
from conduit.messages.message import AssistantMessage, Message, SystemMessage, ToolMessage, UserMessage
from conduit.messages.tokens import estimate_tokens
from conduit.messages.turn import Turn

__all__ = ["Conversation", "Node"]

_MESSAGES: TypeAdapter[list[Message]] = TypeAdapter(list[Message])


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Node:
    """A message in its place. Equal ids mean equal pasts, so that is what is compared.

    Attributes:
        id: ``b2:`` and 32 hexadecimal digits, from the parent's id and the message.
        parent: What came before, or None at the root.
        message: The message.
        depth: Messages from the root to here, at least 1.
        open_calls: Tool calls that wait for their result, in order.
    """

    id: str
    parent: Node | None
    message: Message
    depth: int
    open_calls: tuple[ToolCallPart, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and self.id == other.id

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"<Node {self.depth} {self.message.role} {self.id}>"


def _node_id(parent: Node | None, message: Message) -> str:
    canonical = json.dumps(message.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
    content = (parent.id if parent else "") + canonical
    return "b2:" + hashlib.blake2b(content.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Conversation:
    """The messages from the root of a tree to one tip. A value: ``add`` gives the next one.

    >>> talk = Conversation().add(UserMessage.of("hello"))
    >>> len(talk), talk.tail.text
    (1, 'hello')
    """

    tip: Node | None = None

    def __reduce__(self) -> tuple[Callable[[str], Conversation], tuple[str]]:
        return Conversation.from_json, (self.to_json(),)

    def __len__(self) -> int:
        return self.tip.depth if self.tip else 0

    @property
    def id(self) -> str:
        """The tip's id; equal conversations have equal ids."""
        return self.tip.id if self.tip else ""

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Every node from the root to the tip."""
        return self.nodes_since(0)

    @property
    def messages(self) -> tuple[Message, ...]:
        """Every message from the first to the tip."""
        return tuple(node.message for node in self.nodes)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What was asked and what came of it, in order; a system message belongs to none.

        What Conduit itself says as a user, such as what a person decided, belongs to the turn before it.
        """
        return self.turns_since(0)

    def turns_since(self, depth: int) -> tuple[Turn, ...]:
        """Give the turns of what came after the first ``depth`` messages, counted from 1 there."""
        nodes = self.nodes_since(depth)
        said = {at: node.message for at, node in enumerate(nodes) if isinstance(node.message, UserMessage)}
        first = min(said, default=0)
        questions = {at: message for at, message in said.items() if at == first or not is_aside(message)}
        starts = [at for at in questions if at - 1 not in questions]
        found: list[Turn] = []
        for start, end in pairwise([*starts, len(nodes)]):
            last = next(at for at in range(start, end) if at + 1 not in questions)
            before, asked, after = map(Conversation, (nodes[start].parent, nodes[last], nodes[end - 1]))
            found.append(Turn(len(found) + 1, before, asked, after, questions[last]))
        return tuple(found)

    @property
    def tail(self) -> Message | None:
        """The last message."""
        return self.tip.message if self.tip else None

    @property
    def open_calls(self) -> tuple[ToolCallPart, ...]:
        """Tool calls at the tip that still wait for their result."""
        return self.tip.open_calls if self.tip else ()

    @property
    def text(self) -> str:
        """What the model said last, or nothing."""
        return self.tail.text if isinstance(self.tail, AssistantMessage) else ""

    def add(self, message: Message) -> Conversation:
        """Give the conversation with one more message.

        Raises:
            ConversationError: The message cannot stand there; the text says what can.
        """
        open_calls = self._open_calls_after(message)
        return Conversation(Node(_node_id(self.tip, message), self.tip, message, len(self) + 1, open_calls))

    def extended(self, messages: Iterable[Message]) -> Conversation:
        """Give the conversation with several more messages, in order.

        Raises:
            ConversationError: One of them cannot stand where it would.
        """
        talk = self
        for message in messages:
            talk = talk.add(message)
        return talk

    def since(self, before: Conversation) -> tuple[Message, ...]:
        """Give the messages that were added to ``before``.

        Raises:
            ConversationError: This conversation does not go on from there.
        """
        if not self.goes_on_from(before):
            raise ConversationError(
                f"a conversation of {len(self)} messages does not go on from that one of {len(before)}; "
                "their pasts differ"
            )
        return tuple(node.message for node in self.nodes_since(len(before)))

    def nodes_since(self, depth: int) -> tuple[Node, ...]:
        """Give the nodes after the first ``depth``."""
        return tuple(self._back(to=depth))[::-1]

    def goes_on_from(self, before: Conversation) -> bool:
        """Say whether ``before`` is this conversation, or a past of it."""
        return len(before) <= len(self) and self.at(len(before)) == before

    def at(self, depth: int) -> Conversation:
        """Give the conversation as it was after ``depth`` messages, to branch from.

        Raises:
            ConversationError: It has fewer messages, or ``depth`` is negative.
        """
        if not 0 <= depth <= len(self):
            raise ConversationError(
                f"there is no point after {depth} messages: the conversation has {len(self)}"
            )
        node = self.tip
        while node is not None and node.depth > depth:
            node = node.parent
        return Conversation(node)

    def window(self, most: int) -> Conversation:
        """Give the last messages, at most ``most`` beside the system message, which is kept.

        It starts at a user message, so no tool result loses its call and no assistant speaks first. Where the last
        turn alone is longer, the whole of it is kept.

        Raises:
            ValueError: ``most`` is less than 1.
        """
        if most < 1:
            raise ValueError(f"most is {most}; a window has at least 1 message")
        messages = self.messages
        system = messages[:1] if messages and isinstance(messages[0], SystemMessage) else ()
        starts = [place for place, message in enumerate(messages) if isinstance(message, UserMessage)]
        start = next(
            (place for place in starts if len(messages) - place <= most), starts[-1] if starts else 0
        )
        return self if start <= len(system) else Conversation().extended((*system, *messages[start:]))

    def window_tokens(self, most: int, *, count: Callable[[Message], int] = estimate_tokens) -> Conversation:
        """Give the last turns, as many as fit into ``most`` tokens together with the system message, which is kept.

        Turns are kept whole, and the last is kept in any case.

        Args:
            most: Tokens, at least 1.
            count: Says how many tokens a message is.

        Raises:
            ValueError: ``most`` is less than 1.
        """
        if most < 1:
            raise ValueError(f"most is {most}; a window has at least 1 token")
        messages = self.messages
        system = messages[:1] if messages and isinstance(messages[0], SystemMessage) else ()
        starts = [len(turn.before) for turn in self.turns]
        used, start = sum(map(count, system)), len(messages)
        for earlier in reversed(starts):
            used += sum(map(count, messages[earlier:start]))
            if used > most and start < len(messages):
                break
            start = earlier
        return self if start <= len(system) else Conversation().extended((*system, *messages[start:]))

    def closed(self, reason: str) -> Conversation:
        """Answer every open tool call with an error, so that the conversation can go on."""
        results = (
            ToolResultPart(call_id=call.id, name=call.name, text=reason, is_error=True)
            for call in self.open_calls
        )
        return self.extended(ToolMessage(result=result) for result in results)

    def to_markdown(self, *, title: str = "") -> str:
        """Write the conversation as Markdown, to be read; thoughts and tools unfold."""
        return markdown(((message, "") for message in self.messages), title=title)

    def to_json(self) -> str:
        """Write the messages as a JSON list."""
        return _MESSAGES.dump_json(list(self.messages)).decode()

    @classmethod
    def from_json(cls, text: str | bytes) -> Conversation:
        """Read what ``to_json`` wrote.

        Raises:
            ValueError: It is not a list of messages.
            ConversationError: The messages are in an order no model accepts.
        """
        return cls().extended(_MESSAGES.validate_json(text))

    def _back(self, *, to: int) -> Iterator[Node]:
        node = self.tip
        while node is not None and node.depth > to:
            yield node
            node = node.parent

    def _open_calls_after(self, message: Message) -> tuple[ToolCallPart, ...]:
        waiting = self.open_calls
        match message:
            case ToolMessage(result=result):
                if result.call_id not in {call.id for call in waiting}:
                    raise ConversationError(f"no tool call {result.call_id!r} waits for a result")
                return tuple(call for call in waiting if call.id != result.call_id)
            case _ if waiting:
                names = ", ".join(call.name for call in waiting)
                raise ConversationError(f"a {message.role} message cannot come before the results of {names}")
            case SystemMessage() if self.tip is not None:
                raise ConversationError("a system message can only be the first")
            case AssistantMessage() if not isinstance(self.tail, UserMessage | ToolMessage):
                raise ConversationError("an assistant message can only follow a user's or a tool's")
            case AssistantMessage(tool_calls=calls):
                if len({call.id for call in calls}) < len(calls):
                    raise ConversationError("two tool calls of one message have the same id")
                return calls
            case _:
                return ()
