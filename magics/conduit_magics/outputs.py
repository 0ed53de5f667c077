"""Everything a notebook shows: answers, clips and sets, and what keeps their cards up to date."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any, Protocol

from conduit.composer.aim import Aim
from conduit.engine.plan import Plan
from conduit.music import Arrangement, Clip
from conduit.studio import Studio
from conduit.widgets import ClipView
from conduit_magics.by_hand import Names
from conduit_magics.output import Output
from conduit_magics.place import Place, display_view, is_quick
from conduit_magics.session import Session
from conduit_magics.song import Together

__all__ = ["Outputs"]

_KEPT = 128
"""How many outputs, from the newest, are told when something changes what they show."""


class Sealed(Protocol):
    """What can be ended; its record stays."""

    async def seal(self) -> None:
        """End it."""


class Outputs:
    """The outputs of one shell, the newest last.

    Args:
        studio: The process's studio.
        names: The variables in which an edit in a view is followed.
        live: Whether the front end shows widgets.

    Attributes:
        live: As above.
    """

    def __init__(self, studio: Studio, *, names: Names, live: bool) -> None:
        self._studio = studio
        self._names = names
        self.live = live
        self._outputs: deque[Output] = deque(maxlen=_KEPT)
        self._sessions: deque[Session] = deque(maxlen=_KEPT)
        self._panels: list[Sealed] = []
        self._beside: Sealed | None = None

    def __iter__(self) -> Iterator[Output]:
        return iter(self._outputs)

    def __len__(self) -> int:
        return len(self._outputs) + len(self._sessions) + len(self._panels)

    def __getitem__(self, index: int) -> Output:
        return self._outputs[index]

    def make(self, *, live: bool = True, **facts: Any) -> Output:
        """Make an output, live where the front end and the settings allow it."""
        live = live and self.live and self._studio.settings.stream
        output = Output(self._studio, live=live, names=self._names, rejected=self.show_plan, **facts)
        self._outputs.append(output)
        return output

    def show(
        self,
        clip: Clip | None,
        *,
        plan: Plan | None = None,
        place: Place | None = None,
        aim: Aim | None = None,
    ) -> None:
        """Show a clip as a roll that plays and can be pushed.

        Args:
            clip: What to show, None for a plan that is about none.
            plan: A plan that waits, whose card is shown with it.
            place: Where, by default in the output of the cell that runs.
            aim: Where in the Live set it is offered to be pushed.
        """
        output = self.make(place=place)
        output.clip, output.aim = clip, aim or Aim()
        if plan is not None:
            output.add_plan(plan.id)
        self._show(output)

    def show_song(self, song: Arrangement) -> None:
        """Show the clips of an arrangement in one roll."""
        output = self.make(place=Together(title=song.name or "Arrangement"))
        output.show(*song.clips, song=song)
        self._show(output)

    def show_view(self, view: ClipView) -> None:
        """Show a view that is there already, with a record beside it; another time without."""
        if any(output.view is view for output in self):
            display_view(view)
        else:
            output = self.make(place=Together(title="Roll"), view=view)
            output.show(*view.parts)
            self._show(output)

    def show_session(self, session: Session) -> None:
        """Show a Live set.

        Raises:
            LinkError: Live does not answer.
        """
        session.open(live=self.live and self._studio.settings.stream)
        self._sessions.append(session)

    def _show(self, output: Output) -> None:
        output.settle()
        output.open_first()
        if is_quick(output):
            self._studio.call(output.record())
        else:
            self._studio.submit(output.record())
        self._studio.submit(output.offer())

    def keep(self, panel: Sealed, *, is_beside: bool = False) -> None:
        """Hold a panel, to be ended with the others; beside the notebook stands one, the last.

        A panel beside the notebook comes back with the page, also one that was closed and opened anew.
        """
        self._panels.append(panel)
        if is_beside:
            before, self._beside = self._beside, panel
            if before in self._panels:
                self._panels.remove(before)
                self._studio.call(before.seal())

    def follow(self, before: Clip, after: Clip) -> None:
        """Show an edit that was made elsewhere wherever its clip is shown."""
        for output in self:
            if output.view is not None and output.clip is before and len(output.parts) == 1:
                output.view.show_clip(after)

    async def show_plan(self, plan: Plan) -> None:
        """Show wherever a plan is shown what became of it."""
        for output in [output for output in self if plan.id in output.plans]:
            await output.show_plan(plan)

    def seal(self) -> None:
        """End every live view; their records stay."""
        for output in self._outputs:
            self._studio.call(output.seal())
        for one in (*self._sessions, *self._panels):
            self._studio.call(one.seal())
        self._outputs.clear()
        self._sessions.clear()
        self._panels.clear()
