"""A conversation is a tip in a tree of messages.

Nodes are shared, so branching copies nothing. A node's id is the hash of its parent's id and its message.
Adding a message checks the order that every provider demands, so a conversation that exists is valid:
one system message at most, first; then turns of user and assistant; each tool call answered exactly once
before anything else is said.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import TypeAdapter

from conduit.errors import ConversationError
from conduit.messages.content import ToolCallPart, ToolResultPart
from conduit.messages.message import AssistantMessage, Message, SystemMessage, ToolMessage, UserMessage

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
    def messages(self) -> tuple[Message, ...]:
        """Every message from the first to the tip."""
        found: list[Message] = []
        node = self.tip
        while node is not None:
            found.append(node.message)
            node = node.parent
        return tuple(reversed(found))

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
        if start <= len(system):
            return self
        talk = Conversation()
        for message in (*system, *messages[start:]):
            talk = talk.add(message)
        return talk

    def closed(self, reason: str) -> Conversation:
        """Answer every open tool call with an error, so that the conversation can go on."""
        talk = self
        for call in self.open_calls:
            result = ToolResultPart(call_id=call.id, name=call.name, text=reason, is_error=True)
            talk = talk.add(ToolMessage(result=result))
        return talk

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
        talk = cls()
        for message in _MESSAGES.validate_json(text):
            talk = talk.add(message)
        return talk

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
