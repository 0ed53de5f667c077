"""What becomes of plans: a decision is done and told to the model with the next question.

Every step in the life of every plan is logged in the store: who asked, what would change, what became of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable

from conduit.channel.keeper import Keeper
from conduit.engine.plan import Event, Plan, Status, Step
from conduit.engine.plans import Plans
from conduit.errors import PlanError, SetupError
from conduit.loop import LoopThread
from conduit.music import Clip
from conduit.store import LoggedPlan
from conduit.studio.in_advance import KINDS, is_covered
from conduit.studio.session import Session

__all__ = ["AUTO", "OUTDATED", "Decisions"]

OUTDATED = "The clip was edited after this offer; push again."
"""What is said of a plan whose clip a person has edited since."""

AUTO: dict[str, str] = {name: kind.label for name, kind in KINDS.items()}
"""The kinds of plans that can be approved in advance, each with what it is called."""

_LOG = logging.getLogger(__name__)
_IN_ADVANCE = "person, in advance"


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
        self._auto: frozenset[str] = frozenset()
        self._listeners: list[Callable[[Step], None]] = []

    @property
    def auto(self) -> frozenset[str]:
        """The kinds of plans that a person approved in advance, of ``AUTO``; at first none."""
        return self._auto

    @auto.setter
    def auto(self, kinds: Iterable[str]) -> None:
        wanted = frozenset(kinds)
        if unknown := sorted(wanted - set(KINDS)):
            raise SetupError(
                f"{unknown[0]!r} is no kind of plan; the kinds are: {', '.join(KINDS)}", valid=list(KINDS)
            )
        self._auto = wanted

    def approves_itself(self, plan_id: str) -> bool:
        """Say whether a plan waits and a person approved its kind in advance; nothing is done.

        Raises:
            PlanNotFound: There is none with this id.
        """
        waits = self.plans.get(plan_id).status is Status.PENDING
        return waits and is_covered(self.plans.change(plan_id), self._auto)

    def subscribe(self, heard: Callable[[Step], None]) -> Callable[[], None]:
        """Tell a function of every step of every plan, on the loop, from now on; give what ends that."""
        self._listeners.append(heard)

        def unsubscribe() -> None:
            with contextlib.suppress(ValueError):
                self._listeners.remove(heard)

        return unsubscribe

    async def approve(self, plan_id: str, *, in_advance: bool = False) -> Plan:
        """Do what a plan says.

        Args:
            plan_id: Which.
            in_advance: Whether nobody was asked, for a person approved its kind before.

        Raises:
            PlanError: It cannot be done, or not any more; or nobody approved its kind in advance.
        """
        if in_advance:
            self._check_in_advance(plan_id)
        plan = await self.plans.approve(plan_id, by=_IN_ADVANCE if in_advance else "person")
        word = "approved in advance" if in_advance else "approved"
        return self._decided(plan, f"Plan {plan_id} was {word} and done: {plan.title}.")

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

        ``details`` of each has ``asked_by`` and ``decided_by`` (``person``, ``person, in advance``, ``model``,
        ``time`` or ``conduit``), ``call`` (the id of the tool call that asked, if one did),
        ``lines`` (what would change, a line each), ``place``, and ``said`` where something is to say.

        Raises:
            StoreError: The store cannot be read.
        """
        _ = self.plans.pending  # those whose time is over are noticed by looking
        await asyncio.sleep(0)
        await self._keeper.settle()
        return await self._keeper.done(lambda store: store.plans, limit)

    def _check_in_advance(self, plan_id: str) -> None:
        if self.approves_itself(plan_id):
            return
        plan = self.plans.get(plan_id).after(Event.APPLY)  # of one that waits no more it says so
        raise PlanError(
            f"plan {plan.id} waits for a person: not all of it was approved in advance", plan=plan.id
        )

    def _heard(self, step: Step) -> None:
        """Log and tell a step; it may be noticed on any thread, and both are done on the loop."""
        if self._loop.is_here:
            self._take(step)
        elif self._loop.is_running:
            self._loop.submit(self._take_there(step))

    async def _take_there(self, step: Step) -> None:
        self._take(step)

    def _take(self, step: Step) -> None:
        self._write(step)
        for listener in tuple(self._listeners):
            try:
                listener(step)
            except Exception:  # noqa: BLE001  what is done with Live must not depend on who looks on
                _LOG.exception("a listener failed")

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
                "call": plan.call,
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
    return "conduit" if step.plan.status is Status.REJECTED and step.said else step.by
