"""What becomes of plans: a decision is done, told to the model with the next question, and logged in the store."""

from __future__ import annotations

import contextlib

from conduit.channel.keeper import Keeper
from conduit.engine.plan import Plan
from conduit.engine.plans import Plans
from conduit.errors import PlanError
from conduit.music import Clip
from conduit.studio.session import Session

__all__ = ["OUTDATED", "Decisions"]

OUTDATED = "The clip was edited after this offer; push again."
"""What is said of a plan whose clip a person has edited since."""


class Decisions:
    """Decides plans. Its coroutines run on the studio's loop.

    Args:
        plans: The changes that wait or were made.
        session: Tells the model.
        keeper: Writes the log.

    Attributes:
        reasons: Why plans were rejected, by their ids, where it was not a person's own word.
    """

    def __init__(self, plans: Plans, *, session: Session, keeper: Keeper) -> None:
        self.reasons: dict[str, str] = {}
        self._plans = plans
        self._session = session
        self._keeper = keeper

    async def approve(self, plan_id: str) -> Plan:
        """Do what a plan says.

        Raises:
            PlanError: It cannot be done, or not any more.
        """
        plan = await self._plans.approve(plan_id)
        return self._decided(plan, f"Plan {plan_id} was approved and done: {plan.title}.")

    async def reject(self, plan_id: str, *, why: str = "") -> Plan:
        """Turn a plan down.

        Args:
            plan_id: Which.
            why: A sentence, where it was not a person's own word.

        Raises:
            PlanError: It was decided before.
        """
        plan = await self._plans.reject(plan_id)
        if why:
            self.reasons[plan_id] = why
        said = f"Plan {plan_id} was rejected: {plan.title}."
        return self._decided(plan, f"{said} {why}" if why else said)

    async def undo(self, plan_id: str | None = None) -> Plan:
        """Restore what was there before a plan, by default before the last one that was done.

        Raises:
            PlanError: There is nothing to undo, or what it did has been changed since.
        """
        plan = await self._plans.undo(plan_id)
        return self._decided(plan, f"Plan {plan.id} was undone: {plan.title}.")

    async def outdate(self, clip: Clip) -> list[Plan]:
        """Reject the plans that would write this very clip, and give them: a card is approved for what it shows."""
        rejected = []
        for plan in self._plans.pending:
            if getattr(self._plans.change(plan.id), "after", None) is clip:
                with contextlib.suppress(PlanError):  # it was decided, or expired, just now
                    rejected.append(await self.reject(plan.id, why=OUTDATED))
        return rejected

    def log(self, plan: Plan) -> None:
        """Write into the log where a plan stands now."""
        self._keeper.write(
            lambda store: store.log_plan,
            plan.id,
            title=plan.title,
            tier=plan.tier,
            status=plan.status,
            conversation=self._session.tree.name,
        )

    def _decided(self, plan: Plan, said: str) -> Plan:
        self._session.tell(said)
        self.log(plan)
        return plan
