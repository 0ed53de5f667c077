"""Decisions about plans in a panel: a person's click, what follows from it, and what was allowed in advance."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any

from conduit.composer.question import is_decision
from conduit.engine.plan import Plan, Status
from conduit.errors import ConduitError, PlanError, PlanUsed, SetupError
from conduit.live.place import SlotPlace
from conduit.messages import UserMessage
from conduit.music import Clip
from conduit.studio import Question
from conduit.widgets import Intent

if TYPE_CHECKING:
    from conduit_magics.chat.panel import Panel

__all__ = ["Deciding"]

_RENEW_S = 0.4
_REPLACED = "Another clip takes its place."


class Deciding:
    """Decides the plans of one panel.

    Args:
        panel: Which.
        ask: Puts a question.
    """

    def __init__(self, panel: Panel, *, ask: Callable[[Question], None]) -> None:
        self._panel = panel
        self._ask = ask
        self._goes_on = False
        self._seen: set[str] = set()  # plans that were looked at when they were made
        self._renewing: dict[str, tuple[Clip, asyncio.TimerHandle]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.acts: dict[str, Callable[[Intent], Awaitable[None]]] = {
            "approve": lambda intent: self.approve(intent["plan"]),
            "reject": self._reject,
            "undo": self._undo,
            "amend": self._amend,
        }

    def settle(self) -> None:
        """Approve what was allowed in advance, and let the model go on once all it asked for is decided."""
        studio = self._panel.studio
        for plan in studio.plans.pending:
            # What was there before a person allowed its kind still waits for a click.
            if plan.id not in self._seen and studio.decisions.approves_itself(plan.id):
                self._start(self._approve_in_advance(plan.id))
            self._seen.add(plan.id)
        if self._goes_on and not studio.turns.running and self._is_told():
            self._goes_on = False
            self._ask(self._panel.wishes.question("", goes_on=True))

    def _is_told(self) -> bool:
        tail = self._panel.studio.conversation.tail
        return isinstance(tail, UserMessage) and is_decision(tail)

    async def approve(self, plan_id: str, *, in_advance: bool = False) -> None:
        """Do what a plan says; where it fails, its card says why, and it can be tried again."""
        panel = self._panel
        panel.cards.troubles.pop(plan_id, None)
        panel.cards.applying.add(plan_id)
        panel.changed()
        try:
            plan = await panel.studio.decisions.approve(plan_id, in_advance=in_advance)
        except PlanUsed:
            raise
        except PlanError as error:
            panel.cards.troubles[plan_id] = panel.studio.scrub(error.message)
            return
        finally:
            panel.cards.applying.discard(plan_id)
        await self._decided(plan)

    async def _approve_in_advance(self, plan_id: str) -> None:
        with contextlib.suppress(PlanUsed):  # another panel was quicker
            await self.approve(plan_id, in_advance=True)

    async def _reject(self, intent: Intent) -> None:
        self._panel.cards.troubles.pop(intent["plan"], None)
        await self._decided(await self._panel.studio.reject(intent["plan"]))

    async def _undo(self, intent: Intent) -> None:
        plan = await self._panel.studio.undo(intent["plan"])
        await self._panel.desk.outputs.show_plan(plan)
        self._panel.refresh()

    async def _decided(self, plan: Plan) -> None:
        """Show it wherever it is shown; the model hears of it, and goes on when no other plan of its turn waits."""
        await self._panel.desk.outputs.show_plan(plan)
        self._panel.refresh()
        if plan.by == "model" and not any(
            self._is_beside(plan, other) for other in self._panel.studio.plans.pending
        ):
            self._goes_on = True
        self._panel.changed()

    def _is_beside(self, plan: Plan, other: Plan) -> bool:
        accounts = (account for account in self._panel.studio.turns if plan.id in account.plans)
        return any(other.id in account.plans for account in accounts)

    async def _amend(self, intent: Intent) -> None:
        """Open the clip of a plan for editing in its card, or close it again."""
        self._panel.cards.amended ^= {intent["plan"]}

    def amend_with(self, before: Clip, after: Clip) -> None:
        """Follow an edit: the plans for the clip before are renewed with the one that is there, once it rests."""
        panel = self._panel
        for plan_id, (clip, timer) in list(self._renewing.items()):
            if clip is before:
                timer.cancel()
                self._renew_later(plan_id, after)
        for plan_id in panel.cards.outdated_by(before):
            self._renew_later(plan_id, after)

    def _renew_later(self, plan_id: str, clip: Clip) -> None:
        self._panel.cards.applying.add(plan_id)
        timer = asyncio.get_running_loop().call_later(_RENEW_S, lambda: self._start(self._renewed(plan_id)))
        self._renewing[plan_id] = (clip, timer)

    async def _renewed(self, plan_id: str) -> None:
        clip, _ = self._renewing.pop(plan_id)
        self._panel.cards.applying.discard(plan_id)
        try:
            await self.replace(plan_id, clip)
        except ConduitError as error:
            self._panel.say(error.message)
        self._panel.changed()

    async def replace(self, plan_id: str, clip: Clip) -> None:
        """Put another clip into a plan's place: a plan of its own, which stands on the same card.

        Raises:
            ConduitError: The plan is about no clip, or its place cannot be read.
        """
        panel, plans = self._panel, self._panel.studio.plans
        plan, place = plans.get(plan_id), getattr(plans.change(plan_id), "at", None)
        if not isinstance(place, SlotPlace):
            raise SetupError("this plan puts no clip into a slot, so a clip has no place in it")
        change = await panel.studio.live.placed(clip, track=place.track, slot=place.slot)
        if plan.status is Status.PENDING:
            await plans.reject(plan_id, why=_REPLACED)
        renewed = await plans.propose(change, by=plan.by, call=plan.call)
        panel.cards.replaced[plan_id] = renewed.id
        if plan_id in panel.cards.amended:
            panel.cards.amended.add(renewed.id)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
