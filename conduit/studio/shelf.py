"""The clips of a session: as they were written, as a person made them by hand, and as the store keeps them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping

from conduit.channel.keeper import Keeper
from conduit.music import Clip
from conduit.studio.edits import Edits
from conduit.studio.session import Session
from conduit.studio.takes import Take, Takes, facts_of, stored_takes

__all__ = ["Shelf"]

_MOST = 5_000
"""How many of the newest rows of a conversation's clips are read."""


class Shelf:
    """Holds the clips. Everything here runs on the studio's loop.

    Args:
        session: The conversation that they are written in.
        keeper: Writes into the store.
        heard: Told of every change of a take.
        clock: Gives seconds since 1970.

    Attributes:
        clips: Oldest first; one that a person edits is the newest.
        takes: Each of them with its history.
        edits: What a person did to them by hand.
    """

    def __init__(
        self,
        session: Session,
        *,
        keeper: Keeper,
        heard: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.clips: list[Clip] = []
        self.takes = Takes(keep=self._keep, heard=heard)
        self.edits = Edits(self.clips, took=self._edited)
        self._session = session
        self._keeper = keeper
        self._clock = clock

    def put(self, clips: Iterable[Clip], *, by: Mapping[str, str], node: str = "", talk: str = "") -> None:
        """Take clips that were written.

        Args:
            clips: In the order in which they were written.
            by: By what.
            node: The id of the conversation's node at the end of the turn that wrote them.
            talk: The name of the conversation; by default the one that goes on.
        """
        for clip in clips:
            self._add(clip, by=by, node=node, talk=talk)

    def add(self, clip: Clip, *, by: Mapping[str, str]) -> Take:
        """Take a clip that no turn wrote, such as one of a file, and by what it came."""
        return self._add(clip, by=by)

    def keep(self, clip: Clip) -> None:
        """Keep a clip that a person edited in the store, with what it was made of."""
        take = self.takes.of(clip)
        if take is not None:
            self.takes.keep(take.id)

    async def take_up(self, name: str) -> None:
        """Hold the clips of a conversation of the store, too.

        Raises:
            StoreError: The store cannot be read.
            ClipError: A clip cannot be read.
        """
        await self._keeper.settle()
        stored = await self._keeper.done(lambda store: store.clips, conversation=name, limit=_MOST)
        takes = await asyncio.to_thread(stored_takes, stored[::-1])
        for take in self.takes.take_up(takes):
            self._newest(take.clip)

    def _add(self, clip: Clip, *, by: Mapping[str, str], node: str = "", talk: str = "") -> Take:
        self._newest(clip)
        known = self.takes.of(clip)
        if known is not None:
            return known
        talk = talk or self._session.tree.name
        return self.takes.add(clip, by=by, node=node, talk=talk, at=self._clock())

    def _newest(self, clip: Clip) -> None:
        """Let this very clip be the newest."""
        self.clips[:] = [*(one for one in self.clips if one is not clip), clip]

    def _edited(self, before: Clip, after: Clip) -> None:
        """Move a take on; a clip that a person edits is one, whoever wrote it."""
        if not self.takes.edited(before, after):
            self.takes.add(before, talk=self._session.tree.name, at=self._clock())
            self.takes.edited(before, after)

    def _keep(self, take: Take) -> None:
        self._keeper.write(
            lambda store: store.save_clip,
            take.name,
            take.clip,
            conversation=take.talk,
            provenance=facts_of(take),
        )
