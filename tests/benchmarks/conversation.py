"""Conversations: what a message more costs, early and late, and how trees and their JSON grow.

Run ``python tests/benchmarks/conversation.py``. Wall time, the best of a few runs, of many messages added in a row.
The peer, in the same run, keeps its history as most frameworks do, as a list of pydantic messages in a model, of
which a cache key is made by writing the whole of it and hashing that. What counts are the ratios: near 1 where the
cost does not depend on what was said before, near the ratio of the sizes where all of it is read again. The garbage
collector is off: when it runs, and over how much of the process, is no property of what is measured.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable
from functools import partial

from pydantic import BaseModel
from report.table import best_s, table

from conduit.messages import (
    AssistantMessage,
    Conversation,
    ConversationTree,
    Message,
    ResponseMetadata,
    TextPart,
    Usage,
    UserMessage,
)

EARLY, LATE = 10, 10_000
SIZES = (1_000, 10_000)
MANY = 200
FEW = 3
TIMES = 7
WORDS = "An acid bass line in A minor, syncopated, with an accent on every third sixteenth. " * 3
FACT = ResponseMetadata(provider="p", model="m", usage=Usage(input_tokens=900, output_tokens=80))


class History(BaseModel):
    """What the peer keeps."""

    messages: list[Message]

    def key(self) -> str:
        """Hash everything that was said."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


def message(number: int) -> Message:
    """Give the message that stands at a place: questions and answers in turn."""
    text = f"{number} {WORDS}"
    return AssistantMessage(parts=(TextPart(text=text),)) if number % 2 else UserMessage.of(text)


def talk_of(count: int) -> Conversation:
    """Give a conversation of so many messages, an even number of them."""
    return Conversation().extended(map(message, range(count)))


def append(talk: Conversation, new: list[Message]) -> str:
    """Add messages and know the hash after each."""
    for each in new:
        talk = talk.add(each)
        found = talk.id
    return found


def append_peer(said: list[Message], new: list[Message]) -> str:
    """Add messages as the peer does."""
    history = History.model_construct(messages=list(said))
    for each in new:
        history.messages.append(each)
        found = history.key()
    return found


def advance(tree: ConversationTree, new: list[Message]) -> ConversationTree:
    """Add messages to a tree as a running turn does: each is told, with what it took."""
    before = after = tree.conversation
    for each in new:
        after = after.add(each)
        tree = tree.advanced(before, after).noted(after.id, FACT)
        before = after
    return tree


def tree_of(count: int) -> ConversationTree:
    """Give a tree whose every answer has its fact."""
    return advance(ConversationTree(), [message(number) for number in range(count)])


def adding() -> None:
    """Print microseconds a message, at message 10 and at message 10,000."""
    new = {count: [message(count + more) for more in range(MANY)] for count in (EARLY, LATE)}
    talks, trees = ({count: make(count) for count in new} for make in (talk_of, tree_of))
    ways: dict[str, tuple[int, Callable[[int], object]]] = {
        "Conversation.add and its id": (MANY, lambda at: append(talks[at], new[at])),
        "ConversationTree.advanced, noted": (MANY, lambda at: advance(trees[at], new[at])),
        "a list in pydantic, written and hashed": (
            FEW,
            lambda at: append_peer(list(talks[at].messages), new[at][:FEW]),
        ),
    }
    rows = []
    for name, (count, run) in ways.items():
        early, late = (1e6 * best_s(partial(run, at), times=TIMES) / count for at in (EARLY, LATE))
        rows.append((name, f"{early:,.1f}", f"{late:,.1f}", f"{late / early:.2f} x"))
    columns = ("", f"at message {EARLY}", f"at message {LATE:,}", "late / early")
    table("One message more, microseconds (aimed at: a ratio near 1)", columns, rows)


def growing() -> None:
    """Print microseconds a message for what reads a whole conversation, and how it grows."""
    rows: dict[str, list[float]] = {}
    for count in SIZES:
        tree = tree_of(count)
        talk, text = tree.conversation, tree.to_json()
        ways: dict[str, Callable[[], object]] = {
            "tree.to_json": tree.to_json,
            "tree.from_json": partial(ConversationTree.from_json, text),
            "tree.to_json, 10 branches": _branched(tree).to_json,
            "turns": lambda talk=talk: talk.turns,
            "window_tokens, the last 4,000": partial(talk.window_tokens, 4_000),
            "to_markdown": talk.to_markdown,
        }
        for name, run in ways.items():
            rows.setdefault(name, []).append(1e6 * best_s(run, times=TIMES) / count)
    cells = [
        (name, *(f"{v:.2f}" for v in values), f"{values[-1] / values[0]:.2f} x")
        for name, values in rows.items()
    ]
    columns = ("", *(f"{count:,} messages" for count in SIZES), "growth")
    table("The whole conversation, microseconds a message (linear is 1)", columns, cells)


def _branched(tree: ConversationTree) -> ConversationTree:
    for _ in range(9):
        tree = tree.branch().add(UserMessage.of("another way"))
    return tree


def main() -> None:
    """Print the tables."""
    gc.disable()
    adding()
    growing()


if __name__ == "__main__":
    main()
