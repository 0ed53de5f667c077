"""The store beside plain ``sqlite3``: appending, loading, searching, and items of batches.

Run ``python tests/benchmarks/store.py``. Times are of this process's own processor, for the machine may be busy.
The peer writes the same messages as JSON into one table of a file, with a log, a transaction each, by hand, and
does nothing else: no branches, no search, no two writers that lose nothing. Both run in turn in one process, so
the ratios mean something where the times do not. Appending costs the same at any length of the conversation if the
rows of the first table are alike.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from report.table import table

from conduit.messages import AssistantMessage, Conversation, Message, TextPart, UserMessage
from conduit.store import BatchItem, Store

LENGTHS = (10, 100, 1_000, 10_000)
APPENDS = 200
REPEATS = 3
TEXT = "an acid bassline, syncopated, in A minor, with a slide into every second bar "


def message(number: int) -> UserMessage | AssistantMessage:
    """Give a message of some hundred characters, user and assistant in turn."""
    text = f"{TEXT * 4}{number}"
    return AssistantMessage(parts=(TextPart(text=text),)) if number % 2 else UserMessage.of(text)


def talk_of(length: int) -> Conversation:
    """Give a conversation with so many messages."""
    return Conversation().extended(map(message, range(length)))


def cpu_us(work: Callable[[], object], count: int) -> float:
    """Give microseconds of processor time for each of so many."""
    start = time.process_time()
    work()
    return (time.process_time() - start) / count * 1e6


class Peer:
    """A table of messages, written by hand."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = NORMAL")
        self.connection.execute("CREATE TABLE messages (number INTEGER PRIMARY KEY, talk TEXT, message TEXT)")

    def append_all(self, messages: Iterable[Message]) -> None:
        """Write messages, each in a transaction of its own."""
        for each in messages:
            self.connection.execute("BEGIN IMMEDIATE")
            text = json.dumps(each.model_dump(mode="json"))
            self.connection.execute("INSERT INTO messages (talk, message) VALUES ('talk', ?)", (text,))
            self.connection.execute("COMMIT")


def appending(folder: Path) -> None:
    """Print what one more message costs, by how many there are."""
    rows = []
    for length in LENGTHS:
        added, stored, by_hand = one_more(folder, talk_of(length))
        figures = (f"{added:.0f}", f"{stored:.0f}", f"{by_hand:.0f}", f"{stored / by_hand:.1f} x")
        rows.append((f"after {length:,}", *figures))
    columns = ("", "hash", "Store.append", "sqlite3", "Store takes")
    table(
        "One more message, microseconds of processor time; the same after any number of them", columns, rows
    )


def one_more(folder: Path, talk: Conversation) -> tuple[float, float, float]:
    """Time adding a message to a conversation, to a store, and to the peer; the best of a few runs each."""
    store, peer = Store(folder / f"{len(talk)}.sqlite"), Peer(folder / f"{len(talk)}.peer")
    store.append("talk", "main", talk)
    peer.append_all(talk.messages)
    runs = []
    for _ in range(REPEATS):
        new = [message(len(talk) + number) for number in range(APPENDS)]
        talks: list[Conversation] = []
        added = cpu_us(partial(add_all, talk, new, talks), APPENDS)
        stored = cpu_us(partial(append_all, store, talks), APPENDS)
        runs.append((added, stored, cpu_us(partial(peer.append_all, new), APPENDS)))
        talk = talks[-1]
    store.close()
    peer.connection.close()
    added, stored, by_hand = map(min, zip(*runs, strict=True))
    return added, stored, by_hand


def add_all(talk: Conversation, new: list[UserMessage | AssistantMessage], talks: list[Conversation]) -> None:
    """Add messages one by one, and keep every conversation on the way."""
    for each in new:
        talk = talk.add(each)
        talks.append(talk)


def append_all(store: Store, talks: list[Conversation]) -> None:
    """Store every step of a conversation."""
    for talk in talks:
        store.append("talk", "main", talk)


def whole(folder: Path) -> None:
    """Print what a message costs when a whole conversation is written, read or searched."""
    length = LENGTHS[-1]
    talk = talk_of(length)
    with Store(folder / "whole.sqlite") as store:
        save = cpu_us(lambda: store.append("talk", "main", talk), length)
        again = cpu_us(lambda: store.append("talk", "main", talk), 1)
        load = cpu_us(lambda: store.load("talk"), length)
        search = cpu_us(lambda: store.search("nowhere to be found"), length)
        batch = store.begin_batch("b", "d")
        items = [BatchItem(number, "k", payload=json.dumps(TEXT)) for number in range(length)]
        one = cpu_us(lambda: [store.put_items(batch, [item]) for item in items[:1_000]], 1_000)
        many = cpu_us(lambda: store.put_items(batch, items), length)
    rows = [
        (f"save {length:,} messages at once", f"{save:.0f}"),
        ("save them again, all together", f"{again:.0f}"),
        ("load", f"{load:.0f}"),
        ("search, and find nothing", f"{search:.2f}"),
        ("an item of a batch, alone", f"{one:.0f}"),
        ("an item of a batch, together", f"{many:.0f}"),
    ]
    table("Microseconds of processor time each", ("", "Store"), rows)


def main() -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as place:
        appending(Path(place))
        whole(Path(place))


if __name__ == "__main__":
    main()
