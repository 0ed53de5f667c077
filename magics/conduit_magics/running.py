"""How an answer is shown while it runs: words and notes as they come, and what broke off taken away again."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Collection

from conduit.errors import ConduitError
from conduit.messages import Restart
from conduit.music import Clip
from conduit.studio import ClipGrew, ClipWritten, StudioEvent
from conduit.widgets import ClipView
from conduit_magics.captions import broke_off
from conduit_magics.words import Words

__all__ = ["Running"]


class Running:
    """Collects what comes of one answer until it is whole.

    Args:
        words: Collects the words.
        names: Gives the providers there are, for what is said of one that broke off.

    Attributes:
        words: As above.
        remarks: What happened meanwhile, a line each, for those who see no view.
    """

    def __init__(self, words: Words, *, names: Callable[[], Collection[str]]) -> None:
        self.words = words
        self.remarks: deque[str] = deque()
        self._names = names
        self._growing: ClipGrew | None = None

    @property
    def grows(self) -> bool:
        """Whether notes have come that are not drawn yet."""
        return self._growing is not None

    def on(self, event: StudioEvent, *, view: ClipView | None, clip: Clip | None) -> None:
        """Take an event; ``draw`` shows it, but a clip that is whole, and that something broke off, show at once.

        Args:
            event: What came.
            view: Where it is shown, if there is one.
            clip: The last clip that was whole, the one of this event too.
        """
        self.words.on(event)
        match event:
            case Restart():
                self._restart(broke_off(event, names=self._names()), view, clip)
            case ClipGrew():
                self._growing = event
            case ClipWritten():
                self._growing = None
                if view is not None:
                    view.show_clip(event.clip)

    def draw(self, view: ClipView) -> None:
        """Show what has come since the last time."""
        if self._growing is not None:
            growing, self._growing = self._growing, None
            with contextlib.suppress(ConduitError):  # a header that makes no clip yet is told at the end
                view.show_clip(growing.clip())
        view.show_state(phase="streaming", text=self.words.text)

    def _restart(self, remark: str, view: ClipView | None, clip: Clip | None) -> None:
        """Forget what broke off, and say so; a clip that was whole before stays."""
        self._growing = None
        self.remarks.append(remark)
        if view is None:
            return
        if clip is None:
            view.clear_clip()
        else:
            view.show_clip(clip)
        view.show_state(phase="streaming", text=self.words.text, footer=remark)
        view.toast(remark)
