"""The static record of a panel: a readable transcript with pictures, brought up to date when nothing moves.

It is sent again as a whole with each change, and kept in the notebook's file, so it is bounded: of a long
conversation it shows the last turns, and says what it leaves out.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from conduit_magics.chat.side import Closed, beside
from conduit_magics.chat.written import Known, record_of
from conduit_magics.place import Shown

if TYPE_CHECKING:
    from conduit.widgets import ChatPanel
    from conduit_magics.chat.panel import Panel

__all__ = ["Record"]

_REST_S = 1.5


class Record:
    """Keeps the record of one panel.

    Args:
        panel: Which.

    Attributes:
        id: By which the panel finds the record to hide it.
    """

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self._shown = Shown()
        self.id = self._shown.id
        self._timer: asyncio.TimerHandle | None = None
        self._drawn: Known | None = None
        self._sent: dict[str, str] = {}
        self._is_beside = False
        self._side: Closed | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def open(self, view: ChatPanel | None, sidecar: Any = None) -> None:
        """Put the record and the panel on the page; in the cell's thread.

        Args:
            view: The panel; None where nothing lives.
            sidecar: The class of what the panel stands in beside the notebook; the record stays in the cell.
        """
        self._is_beside = sidecar is not None
        self._drawn = known = self._panel.desk.on_loop(self._known)
        self._sent = self._record(known)
        self._shown.open(self._sent, None if self._is_beside else view)
        if self._is_beside:
            self._side = beside(sidecar, view)

    def later(self) -> None:
        """Draw it anew when nothing has changed for a while; on the loop."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(_REST_S, self._begin)

    async def close(self) -> None:
        """Draw it a last time, and take the panel away."""
        if self._timer is not None:
            self._timer.cancel()
        await self._draw()
        self._shown.clear()
        if self._side is not None:
            self._side.close()

    def _begin(self) -> None:
        self._timer = None
        if self._panel.studio.turns.running:
            return  # the end of it will come back here
        task = asyncio.ensure_future(self._draw())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _draw(self) -> None:
        known = self._known()
        if self._drawn is not None and known.is_as(self._drawn):
            return
        self._drawn = known
        record = await asyncio.to_thread(self._record, known)
        if record != self._sent and known is self._drawn:
            self._sent = record
            self._shown.update(record)

    def _known(self) -> Known:
        """Look at what there is to tell; on the loop."""
        return Known.of(self._panel.studio, self._panel.shown)

    def _record(self, known: Known) -> dict[str, str]:
        return record_of(known, record_id=self.id, scrub=self._panel.studio.scrub, is_beside=self._is_beside)
