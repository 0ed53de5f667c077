"""The plans that an output shows: which of them its card is about, and what became of each, in words."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from conduit.engine.plan import Plan, Status
from conduit.studio import Studio
from conduit.widgets import ClipView
from conduit_magics.captions import lines_of, notes_of, told

__all__ = ["Offers"]

_LATER_S = 0.05
"""Seconds after the end of a plan's time when it is looked at: by then it is over."""


class Offers:
    """Keeps the plans of one output.

    Args:
        studio: Where they wait.
        expired: Told, on the studio's loop, of a plan whose time is over.

    Attributes:
        plans: Their ids, in order.
    """

    def __init__(self, studio: Studio, *, expired: Callable[[Plan], Awaitable[None]]) -> None:
        self.plans: list[str] = []
        self._studio = studio
        self._expired = expired
        self._since: set[str] = set()  # plans that were done before the last edit

    @property
    def current(self) -> str | None:
        """Id of the plan that is shown: the first that waits, else the last."""
        waiting = [plan for plan in self.plans if self._studio.plans.get(plan).status is Status.PENDING]
        return waiting[0] if waiting else self.plans[-1] if self.plans else None

    @property
    def words(self) -> str:
        """What became of all of them."""
        plans = [self._studio.plans.get(plan) for plan in self.plans]
        since = {plan.id for plan in plans if plan.status is Status.APPLIED} & self._since
        return "; ".join(told(self._studio, plan) + "; edited since" * (plan.id in since) for plan in plans)

    def add(self, plan_id: str) -> None:
        """Make a plan one of them, and see when its time is over."""
        if plan_id not in self.plans:
            self.plans.append(plan_id)
            self._studio.submit(self._expire(plan_id))

    def edited(self) -> None:
        """Note that the clip has been edited since what was done so far."""
        self._since.update(self.plans)

    def draw(self, view: ClipView | None, *, result: str) -> None:
        """Show the card.

        Args:
            view: Where, if it is still there.
            result: What became of the clip, in words.
        """
        current = self.current
        if view is None or current is None:
            return
        plan, change = self._studio.plans.get(current), self._studio.plans.change(current)
        view.show_plan(
            plan.id,
            sentence=plan.title,
            tier=str(plan.tier),
            overwrites=plan.overwrites,
            seconds_left=self._studio.plans.seconds_left(plan.id),
            before=getattr(change, "before", None),
            notes=notes_of(self._studio, plan),
            lines=lines_of(self._studio, plan),
            pictured=getattr(change, "after", None) is not None,
            status=plan.status.value,
            result=result,
        )

    async def _expire(self, plan_id: str) -> None:
        await asyncio.sleep(self._studio.plans.seconds_left(plan_id) + _LATER_S)
        plan = self._studio.plans.get(plan_id)
        if plan.status is Status.EXPIRED:
            await self._expired(plan)
