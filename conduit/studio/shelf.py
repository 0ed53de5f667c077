"""The clips of a session: as they were written, as a person made them by hand, and as the store keeps them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from conduit.channel.keeper import Keeper
from conduit.music import Clip
from conduit.studio.edits import Edits
from conduit.studio.session import Session

__all__ = ["Shelf"]

_MOST = 200
"""Of the newest clips in the store, how many are looked at for a conversation's own."""


class Shelf:
    """Holds the clips. Everything here runs on the studio's loop.

    Args:
        session: The conversation that they are written in.
        keeper: Writes into the store.

    Attributes:
        clips: Oldest first; one that a person edits is the newest.
        edits: What a person did to them by hand.
    """

    def __init__(self, session: Session, *, keeper: Keeper) -> None:
        self.clips: list[Clip] = []
        self.edits = Edits(self.clips)
        self._session = session
        self._keeper = keeper

    def put(self, clips: Iterable[Clip], *, by: dict[str, str]) -> None:
        """Take clips that were written, and by what."""
        for clip in clips:
            self.clips.append(clip)
            self._keep(clip, by)

    def keep(self, clip: Clip) -> None:
        """Keep a clip that a person edited in the store, with what it was made of."""
        origin = self.edits.origin(clip)
        if origin is not None:
            self._keep(clip, {"edited_from": origin.digest})

    async def take_up(self, name: str) -> None:
        """Hold the clips of a conversation of the store, too."""
        stored = await self._keeper.done(lambda store: store.clips, limit=_MOST)
        self.clips += [one.clip for one in reversed(stored) if one.conversation == name]

    def _keep(self, clip: Clip, facts: dict[str, str]) -> None:
        made_by: dict[str, Any] = {**facts, **(asdict(clip.provenance) if clip.provenance else {})}
        talk = self._session.tree.name
        name = clip.name or "untitled"
        self._keeper.write(lambda store: store.save_clip, name, clip, conversation=talk, provenance=made_by)
