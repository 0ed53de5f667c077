"""Store: where conversations, clips, plans, memories, personas and batches last.

Every method is one transaction, may be called from any thread, and comes to the same when it is called twice. On an
event loop use ``await store.do(store.method, …)``, which runs it on the store's own thread.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from conduit.messages import Conversation, ConversationTree, Node, ResponseMetadata
from conduit.music import Clip, write_clip
from conduit.store import batches, looking, schema, shelf, talks
from conduit.store.coding import Clean
from conduit.store.database import Database
from conduit.store.place import place_of
from conduit.store.records import BatchItem, Found, LoggedPlan, Memory, Spent, StoredClip, Summary
from conduit.store.thread import OneThread
from conduit.store.work import Work

__all__ = ["Store"]

P = ParamSpec("P")
R = TypeVar("R")


class Store:
    """A database of everything that should last; it opens at the first use.

    Args:
        url: A file's path, or ``postgresql://user@host/database``; nothing or ``memory`` lasts as long as this
            object.
        clock: Gives seconds since 1970.
        clean: Takes secrets out of every text before it is written.

    Attributes:
        running: Batches that run now by this object, by name, each with who runs it.

    >>> from conduit.messages import UserMessage
    >>> store = Store("memory")
    >>> store.append("acid", "main", Conversation().add(UserMessage.of("an acid bassline")))
    'main'
    >>> store.load("acid").conversation.tail.text, store.search("ACID")[0].conversation
    ('an acid bassline', 'acid')
    >>> store.close()
    """

    def __init__(
        self, url: str | Path = "", *, clock: Callable[[], float] = time.time, clean: Clean | None = None
    ) -> None:
        self._database = Database(place_of(url))
        self._clock = clock
        self._clean = clean
        self._stand_ins: dict[str, Node] = {}
        self._session = os.urandom(4).hex()
        self._thread = OneThread()
        self.running: dict[str, object] = {}

    def __repr__(self) -> str:
        return f"<Store {self.where}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def where(self) -> str:
        """``memory``, a file's path, or a URL without its password."""
        return self._database.where

    async def do(self, method: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run one of the store's methods on its own thread; what is handed in first is done first.

        Whoever waits may be cancelled: what was handed in is done all the same.
        """
        return await self._thread.run(partial(method, *args, **kwargs))

    def close(self) -> None:
        """Wait for what was handed in, and close every connection."""
        self._thread.close()
        self._database.close()

    # Conversations

    def save(self, tree: ConversationTree, *, was: ConversationTree | None = None) -> ConversationTree:
        """Store what is new of a tree; nothing is removed that is not in ``was``.

        Args:
            tree: It has a name.
            was: The tree as it was before: branches that it has and ``tree`` has not are removed, unless another
                process has moved them; and title, metadata and which branch goes on are written only where they
                are others now. Without it a title and metadata are written where there are any.

        Returns:
            The tree as it is in the store: with branches that others added; and where another moved a branch
            elsewhere, with ours as a new branch.

        Raises:
            SetupError: The tree has no name.
            StoreError: It cannot be written.
        """
        return self._write(talks.save, tree, was)

    def append(
        self, name: str, branch: str, conversation: Conversation, metadata: ResponseMetadata | None = None
    ) -> str:
        """Store the new messages of one branch; the conversation is begun where there is none.

        Which of its branches goes on is for ``save`` to say.

        Args:
            name: The conversation's name.
            branch: Which branch has come so far.
            conversation: How far it has come.
            metadata: What is known about its last message.

        Returns:
            The branch it is on: another where ``branch`` has gone elsewhere meanwhile.
        """
        return self._write(talks.append, name, branch, conversation, metadata)

    def load(self, name: str) -> ConversationTree:
        """Give a conversation with all its branches.

        Raises:
            SetupError: There is none of that name; the text has names that come near.
        """
        return self._read(talks.load, name)

    def conversations(self, limit: int = 50) -> list[Summary]:
        """List conversations, the last used first."""
        return self._read(looking.summaries, limit)

    def last_of(self, metadata: Mapping[str, Any]) -> str:
        """Name the last used conversation that has all of this metadata and is not empty; empty for none."""
        return self._read(looking.last_of, metadata)

    def times(self, name: str) -> dict[str, float]:
        """Give when each message of a conversation was stored, in seconds since 1970, by its node's id.

        Raises:
            SetupError: There is none of that name.
        """
        return self._read(talks.times, name)

    def delete(self, name: str) -> None:
        """Delete a conversation with all that was said in it, and what it cost.

        Raises:
            SetupError: There is none of that name.
        """
        self._write(talks.delete_tree, name)

    def search(self, text: str, limit: int = 20) -> list[Found]:
        """Find messages that hold every word of a text, in any order and case, the newest first.

        Raises:
            ValueError: The text has no word in it.
        """
        return self._read(looking.search, text, limit)

    def spent(self, since: float = 0.0) -> list[Spent]:
        """Sum what was used of each model, since a time in seconds since 1970."""
        return self._read(looking.spent, since)

    # Clips and plans

    def save_clip(
        self,
        name: str,
        clip: Clip,
        *,
        conversation: str = "",
        provenance: Mapping[str, Any] | None = None,
    ) -> None:
        """Store a clip; earlier ones of its name stay, and one that equals the newest of them is left out.

        A ``node`` in its provenance is a node's id in the conversation's tree, as here or as in the store.
        """
        self._write(shelf.save_clip, name, write_clip(clip), conversation, provenance or {})

    def clip(self, name: str) -> StoredClip:
        """Give the newest clip of a name; none is a ``SetupError`` with near names, as for all that follow."""
        return self._read(shelf.clip, name)

    def clips(self, name: str = "", *, conversation: str = "", limit: int = 50) -> list[StoredClip]:
        """List clips, the newest first; of one name or of every name, and of one conversation or of all."""
        return self._read(shelf.clips, name, limit, conversation)

    def log_plan(
        self,
        plan_id: str,
        *,
        title: str,
        tier: str,
        status: str,
        conversation: str = "",
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """Add a step in the life of a plan to the log, which only grows."""
        plan = LoggedPlan(
            plan_id, title, str(tier), str(status), self._session, 0.0, conversation, details or {}
        )
        self._write(shelf.log_plan, plan)

    def plans(self, limit: int = 100, *, conversation: str = "") -> list[LoggedPlan]:
        """List the steps of plans, the newest first; of one conversation or of all."""
        return self._read(shelf.plans, limit, conversation)

    # Memories and personas

    def remember(self, key: str, text: str) -> None:
        """Remember a fact, in place of the one that was remembered by its key."""
        self._write(shelf.put_text, schema.memories, key, text)

    def memories(self) -> list[Memory]:
        """List what is remembered, the oldest first."""
        return self._read(shelf.memories)

    def forget(self, key: str) -> None:
        """Forget a fact."""
        self._write(shelf.forget, key)

    def save_persona(self, name: str, text: str) -> None:
        """Store a persona's text, in place of the one before."""
        self._write(shelf.put_text, schema.personas, name, text)

    def personas(self) -> dict[str, str]:
        """Give the texts of all personas by their names."""
        return self._read(shelf.personas)

    def persona(self, name: str) -> str:
        """Give a persona's text."""
        return self._read(shelf.persona, name)

    # Batches

    def begin_batch(self, name: str, digest: str) -> int:
        """Begin a batch, or go on with one; gives its number for the methods below.

        Args:
            name: What it is found by.
            digest: A hash of what all its items share: template, model, options.

        Raises:
            SetupError: There is one of that name with another digest.
        """
        return self._write(batches.begin, name, digest)

    def delete_batch(self, name: str) -> None:
        """Delete a batch with its items; there need be none of that name."""
        self._write(batches.delete_batch, name)

    def put_items(self, batch: int, items: Iterable[BatchItem]) -> None:
        """Store some items together; there is never more than one row for each.

        An answer, once stored, stays, whatever is put in its place later; an error is replaced.

        Raises:
            ValueError: One has not exactly one of answer and error.
        """
        together = list(items)
        if any((item.payload is None) == (item.error is None) for item in together):
            raise ValueError("an item has a payload or an error, and not both")
        self._write(batches.put, batch, together)

    def items(self, batch: int) -> Iterator[BatchItem]:
        """Give the items of a batch in order, a page at a time; there may be more than memory holds."""
        start = 0
        while page := self._read(batches.page, batch, start):
            yield from page
            start = page[-1].index + 1

    def _read(self, work: Callable[Concatenate[Work, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        return self._database.read(lambda connection: work(self._work(connection), *args, **kwargs))

    def _write(self, work: Callable[Concatenate[Work, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        return self._database.write(lambda connection: work(self._work(connection), *args, **kwargs))

    def _work(self, connection: Any) -> Work:
        return Work(connection, self._clock(), self._clean, self._stand_ins, self._session)
