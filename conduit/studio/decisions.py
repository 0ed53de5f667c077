"""What becomes of plans: a decision is done and told to the model with the next question.

Every step in the life of every plan is logged in the store: who asked, what would change, what became of it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from conduit.channel.keeper import Keeper
from conduit.engine.plan import Plan, Status, Step
from conduit.engine.plans import Plans
from conduit.errors import PlanError
from conduit.loop import LoopThread
from conduit.music import Clip
from conduit.store import LoggedPlan
from conduit.studio.session import Session

__all__ = ["OUTDATED", "Decisions"]

OUTDATED = "The clip was edited after this offer; push again."
"""What is said of a plan whose clip a person has edited since."""


class Decisions:
    """Decides plans. Its coroutines run on the studio's loop.

    Args:
        clock: Seconds, never going back.
        session: Tells the model.
        keeper: Writes the log.
        loop: Where the keeper writes.

    Attributes:
        plans: The changes that wait or were made.
        reasons: Why plans were rejected, by their ids, where it was not a person's own word.
    """

    def __init__(
        self, *, clock: Callable[[], float], session: Session, keeper: Keeper, loop: LoopThread
    ) -> None:
        self.plans = Plans(clock=clock, heard=self._heard)
        self.reasons: dict[str, str] = {}
        self._session = session
        self._keeper = keeper
        self._loop = loop

    async def approve(self, plan_id: str) -> Plan:
        """Do what a plan says.

        Raises:
            PlanError: It cannot be done, or not any more.
        """
        plan = await self.plans.approve(plan_id)
        return self._decided(plan, f"Plan {plan_id} was approved and done: {plan.title}.")

    async def reject(self, plan_id: str, *, why: str = "") -> Plan:
        """Turn a plan down.

        Args:
            plan_id: Which.
            why: A sentence, where it was not a person's own word.

        Raises:
            PlanError: It was decided before.
        """
        plan = await self.plans.reject(plan_id, why=why)
        if why:
            self.reasons[plan_id] = why
        said = f"Plan {plan_id} was rejected: {plan.title}."
        return self._decided(plan, f"{said} {why}" if why else said)

    async def undo(self, plan_id: str | None = None) -> Plan:
        """Restore what was there before a plan, by default before the last one that was done.

        Raises:
            PlanError: There is nothing to undo, or what it did has been changed since.
        """
        plan = await self.plans.undo(plan_id)
        return self._decided(plan, f"Plan {plan.id} was undone: {plan.title}.")

    async def outdate(self, clip: Clip) -> list[Plan]:
        """Reject the plans that would write this very clip, and give them: a card is approved for what it shows."""
        rejected = []
        for plan in self.plans.pending:
            if getattr(self.plans.change(plan.id), "after", None) is clip:
                with contextlib.suppress(PlanError):  # it was decided, or expired, just now
                    rejected.append(await self.reject(plan.id, why=OUTDATED))
        return rejected

    async def log(self, limit: int = 100) -> list[LoggedPlan]:
        """Give what happened to plans, of this process and of earlier ones, the newest first.

        ``details`` of each has ``asked_by`` and ``decided_by`` (``person``, ``model``, ``time`` or ``conduit``),
        ``lines`` (what would change, a line each), ``place``, and ``said`` where something is to say.

        Raises:
            StoreError: The store cannot be read.
        """
        _ = self.plans.pending  # those whose time is over are noticed by looking
        await asyncio.sleep(0)
        await self._keeper.settle()
        return await self._keeper.done(lambda store: store.plans, limit)

    def _heard(self, step: Step) -> None:
        """Log a step; it may be noticed on any thread, and the keeper writes on the loop."""
        if self._loop.is_here:
            self._write(step)
        elif self._loop.is_running:
            self._loop.submit(self._write_there(step))

    async def _write_there(self, step: Step) -> None:
        self._write(step)

    def _write(self, step: Step) -> None:
        plan = step.plan
        failed = step.failed and plan.status is not Status.PARTIAL
        self._keeper.write(
            lambda store: store.log_plan,
            plan.id,
            title=plan.title,
            tier=plan.tier,
            status="failed" if failed else plan.status,
            conversation=self._session.tree.name,
            details={
                "asked_by": plan.by,
                "decided_by": _decided_by(step),
                "place": str(getattr(step.change, "place", "")),
                "lines": list(step.change.lines),
                "said": step.said,
            },
        )

    def _decided(self, plan: Plan, said: str) -> Plan:
        self._session.tell(said)
        return plan


def _decided_by(step: Step) -> str:
    if step.plan.status is Status.PENDING and not step.failed:
        return ""
    if step.plan.status is Status.EXPIRED:
        return "time"
    return "conduit" if step.plan.status is Status.REJECTED and step.said else "person"
