"""Decisions about plans in a panel: a person's click, what follows from it, and what was allowed in advance."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any

from conduit.composer.question import is_decision
from conduit.engine.plan import Plan
from conduit.errors import ConduitError, PlanError, PlanNotFound, PlanUsed, SetupError
from conduit.live.place import SlotPlace
from conduit.messages import UserMessage
from conduit.music import Clip
from conduit.studio import Question
from conduit.widgets import Intent
from conduit_magics.chat.cards import LOGGED

if TYPE_CHECKING:
    from conduit_magics.chat.panel import Panel

__all__ = ["Deciding"]

_RENEW_S = 0.4


class Deciding:
    """Decides the plans of one panel.

    Args:
        panel: Which.
        ask: Puts a question.
    """

    def __init__(self, panel: Panel, *, ask: Callable[[Question], None]) -> None:
        self._panel = panel
        self._ask = ask
        self._decided_last = ""  # the plan after whose decision the model is to go on
        self._closed = False
        self._renewing: dict[str, tuple[Clip, asyncio.TimerHandle]] = {}
        self._renewals: set[asyncio.Task[None]] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.acts: dict[str, Callable[[Intent], Awaitable[None]]] = {
            "approve": lambda intent: self.approve(_of_this_process(intent["plan"])),
            "reject": lambda intent: self._reject(_of_this_process(intent["plan"])),
            "undo": lambda intent: self._undo(_of_this_process(intent["plan"])),
            "amend": self._amend,
        }

    def approve_and_go_on(self) -> None:
        """Approve what was allowed in advance, and let the model go on once all it asked for is decided."""
        studio = self._panel.studio
        for plan in studio.plans.pending:
            if studio.decisions.approves_itself(plan.id):
                self._start(self._approve_in_advance(plan.id), self._tasks)
        if self._decided_last and not studio.decisions.is_shown(self._decided_last):
            self._decided_last = ""  # a person went elsewhere, where the model is not to speak up by itself
        if self._decided_last and not studio.turns.running:
            self._decided_last = ""
            if self._is_told():
                self._ask(self._panel.wishes.question("", goes_on=True))

    def close(self) -> None:
        """Renew nothing any more; what is being done is finished."""
        self._closed = True
        for _, timer in self._renewing.values():
            timer.cancel()
        self._renewing.clear()
        for task in self._renewals:
            task.cancel()

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
        # Where another panel was quicker, nothing is left to do here.
        with contextlib.suppress(PlanUsed, PlanNotFound):
            if self._panel.studio.decisions.approves_itself(plan_id):
                await self.approve(plan_id, in_advance=True)

    async def _reject(self, plan_id: str) -> None:
        self._panel.cards.troubles.pop(plan_id, None)
        await self._decided(await self._panel.studio.reject(plan_id))

    async def _undo(self, plan_id: str) -> None:
        plan = await self._panel.studio.undo(plan_id)
        await self._panel.desk.outputs.show_plan(plan)
        self._panel.changed()

    async def _decided(self, plan: Plan) -> None:
        """Show it wherever it is shown; the model hears of it, and goes on when no other plan of its turn waits."""
        await self._panel.desk.outputs.show_plan(plan)
        if plan.by == "model" and not self._waits_beside(plan):
            self._decided_last = plan.id
        self._panel.changed()

    def _waits_beside(self, plan: Plan) -> bool:
        """Say whether another plan of the same turn waits, also one that stands in the place of such a plan."""
        studio, plans = self._panel.studio, self._panel.studio.plans
        turns = ({plans.current(one) for one in account.plans} for account in studio.turns)
        beside = {one for turn in turns if plan.id in turn for one in turn}
        waiting = {one.id for one in plans.pending} | self._renewing.keys()
        return bool(beside & waiting)

    async def _amend(self, intent: Intent) -> None:
        """Open the clip of a plan for editing in its card, or close it again."""
        self._panel.cards.amended ^= {_of_this_process(intent["plan"])}

    def amend_with(self, before: Clip, after: Clip) -> None:
        """Follow an edit: the plans for the clip before are renewed with the one that is there, once it rests."""
        panel = self._panel
        if self._closed:
            return
        for plan_id, (clip, timer) in list(self._renewing.items()):
            if clip is before:
                timer.cancel()
                self._renew_later(plan_id, after)
        for plan_id in panel.cards.outdated_by(before):
            self._renew_later(plan_id, after)

    def _renew_later(self, plan_id: str, clip: Clip) -> None:
        self._panel.cards.applying.add(plan_id)
        timer = asyncio.get_running_loop().call_later(
            _RENEW_S, lambda: self._start(self._renewed(plan_id), self._renewals)
        )
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
            PlanError: The plan was decided, or another stands in its place.
            ConduitError: The plan is about no clip, or its place cannot be read.
        """
        panel, plans = self._panel, self._panel.studio.plans
        place = getattr(plans.change(_of_this_process(plan_id)), "at", None)
        if not isinstance(place, SlotPlace):
            raise SetupError("this plan puts no clip into a slot, so a clip has no place in it")
        change = await panel.studio.live.placed(clip, track=place.track, slot=place.slot)
        renewed = await panel.studio.decisions.replace(plan_id, change)
        if plan_id in panel.cards.amended:
            panel.cards.amended.add(renewed.id)
        await panel.desk.outputs.show_plan(plans.get(plan_id))
        panel.changed()

    @staticmethod
    def _start(work: Coroutine[Any, Any, None], tasks: set[asyncio.Task[None]]) -> None:
        task = asyncio.ensure_future(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)


def _of_this_process(plan_id: str) -> str:
    """Give the id of a plan back.

    Raises:
        PlanNotFound: It is of an earlier process, which knew how to do it and how to take it back.
    """
    if LOGGED in plan_id:
        raise PlanNotFound(
            "this plan was made before Conduit was started anew, so it can only be looked at; "
            "undo it in Live, or ask again",
            plan=plan_id,
        )
    return plan_id
