"""What a person does to the notes of clips in a panel: at once in the notebook's variables, then in the studio.

An edit is taken where it arrives, in whichever thread that is. What it leads to happens on the studio's loop; it is
written into the store when no more have come for a while.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from conduit.music import Clip

if TYPE_CHECKING:
    from conduit_magics.chat.panel import Panel

__all__ = ["Editing"]

_REST_S = 0.5
"""Seconds without an edit after which the clips are kept."""


class Editing:
    """Follows the edits in one panel.

    Args:
        panel: Which.
        took: Told, on the loop, of each edit that the studio has taken.
    """

    def __init__(self, panel: Panel, *, took: Callable[[Clip, Clip], Awaitable[None]]) -> None:
        self._panel = panel
        self._took = took
        self._keeping: asyncio.TimerHandle | None = None
        self._unkept: list[Clip] = []

    def edited(self, before: Clip, after: Clip) -> None:
        """Follow an edit of a clip; any thread, and it returns at once."""
        self._panel.desk.names.follow(before, after)
        self._panel.work(self._take(before, after))

    async def _take(self, before: Clip, after: Clip) -> None:
        try:
            await self._panel.studio.edited(before, after)
        finally:
            self._panel.clips.taken(before)
        self._panel.desk.outputs.follow(before, after)
        self._unkept = [*(one for one in self._unkept if one is not before), after]
        if self._keeping is not None:
            self._keeping.cancel()
        self._keeping = asyncio.get_running_loop().call_later(_REST_S, self.keep)
        await self._took(before, after)
        self._panel.changed()

    def keep(self) -> None:
        """Keep what was edited; on the loop."""
        if self._keeping is not None:
            self._keeping.cancel()
            self._keeping = None
        unkept, self._unkept = self._unkept, []
        for clip in unkept:
            self._panel.studio.shelf.keep(clip)
