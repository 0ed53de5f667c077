"""What becomes of plans: a decision is done and told to the model with the next question.

Every step in the life of every plan is logged in the store: who asked, what would change, what became of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable

from conduit.channel.keeper import Keeper
from conduit.engine.plan import Change, Event, Plan, Status, Step
from conduit.engine.plans import Plans
from conduit.errors import PlanError, PlanUsed, SetupError
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
_REPLACED = "Another clip takes its place."


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
        self._replacing = asyncio.Lock()
        self._covered: set[str] = (
            set()
        )  # plans whose kind was approved when they were made, until they are tried
        self._talks: dict[str, str] = {}  # the conversation that each plan is about
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

        The kind was approved before the plan was made, and is so yet; and the plan stands in no other's place.

        Raises:
            PlanNotFound: There is none with this id.
        """
        waits = self.plans.get(plan_id).status is Status.PENDING
        was_covered = plan_id in self._covered
        return waits and was_covered and is_covered(self.plans.change(plan_id), self._auto)

    def is_shown(self, plan_id: str) -> bool:
        """Say whether the turn that asked for a plan stands on the current branch of the conversation."""
        origin = self.plans.get(plan_id).origin if plan_id in self.plans else None
        return origin is not None and self._session.shows(origin)

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
            self._covered.discard(plan_id)  # it is tried once: a second panel has nothing to do
        try:
            plan = await self.plans.approve(plan_id, by=_IN_ADVANCE if in_advance else "person")
        finally:
            self._covered.discard(plan_id)  # nor is what failed at a person's click tried again without one
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

    async def replace(self, plan_id: str, change: Change) -> Plan:
        """Put another plan in the place of one that waits, or that an edit of its clip has outdated.

        It is never approved in advance: a person sees what has become of the one before.

        Raises:
            PlanError: That one was decided, or another stands in its place.
        """
        async with self._replacing:
            was = self.plans.get(plan_id)
            outdated = was.status is Status.REJECTED and self.reasons.get(plan_id) == OUTDATED
            if self.plans.current(plan_id) != plan_id or not (outdated or was.status is Status.PENDING):
                raise PlanUsed(
                    f"plan {plan_id} cannot be replaced: it was decided, or another stands in its place",
                    plan=plan_id,
                )
            plan = await self.plans.propose(
                change, by=was.by, call=was.call, origin=was.origin, replaces=plan_id
            )
            if not outdated:
                await self._withdraw(plan_id, plan)
            self.plans.put_in_place(plan)
            return plan

    async def _withdraw(self, plan_id: str, plan: Plan) -> None:
        """Turn a plan down for another; where it was decided meanwhile, that other one is turned down."""
        try:
            await self.plans.reject(plan_id, why=_REPLACED)
        except PlanError:
            await self.plans.reject(plan.id, why=f"{plan_id} was decided meanwhile.")
            raise
        self.reasons[plan_id] = _REPLACED

    async def outdate(self, clip: Clip) -> list[Plan]:
        """Reject the plans that would write this very clip, and give them: a card is approved for what it shows."""
        rejected = []
        for plan in self.plans.pending:
            if getattr(self.plans.change(plan.id), "after", None) is clip:
                with contextlib.suppress(PlanError):  # it was decided, or expired, just now
                    rejected.append(await self.reject(plan.id, why=OUTDATED))
        return rejected

    async def log(self, limit: int = 100, *, conversation: str = "") -> list[LoggedPlan]:
        """Give what happened to plans, of this process and of earlier ones, the newest first.

        Args:
            limit: How many steps at most.
            conversation: The name of the conversation that they are about; empty for all.

        ``details`` of each has ``asked_by`` and ``decided_by`` (``person``, ``person, in advance``, ``model``,
        ``time`` or ``conduit``), ``call`` (the id of the tool call that asked, if one did), ``replaces`` (the id
        of the plan in whose place it stands), ``lines`` (what would change, a line each), ``place``, and ``said``
        where something is to say.

        Raises:
            StoreError: The store cannot be read.
        """
        _ = self.plans.pending  # those whose time is over are noticed by looking
        await asyncio.sleep(0)
        await self._keeper.settle()
        return await self._keeper.done(lambda store: store.plans, limit, conversation=conversation)

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
        if step.plan.id not in self._talks:
            self._note(step)
        self._write(step)
        for listener in tuple(self._listeners):
            try:
                listener(step)
            except Exception:  # noqa: BLE001  what is done with Live must not depend on who looks on
                _LOG.exception("a listener failed")

    def _note(self, step: Step) -> None:
        """Note of a plan that is made what it is about, and whether it was approved in advance; forget the old."""
        plan, kept = step.plan, self.plans
        self._talks = {one: talk for one, talk in self._talks.items() if one in kept}
        self._covered.intersection_update(self._talks)
        for gone in [one for one in self.reasons if one not in kept]:
            del self.reasons[gone]
        current = self._session.tree.name
        self._talks[plan.id] = plan.origin.talk if plan.origin else self._talks.get(plan.replaces, current)
        if not plan.replaces and is_covered(step.change, self._auto):
            self._covered.add(plan.id)

    def _write(self, step: Step) -> None:
        plan = step.plan
        failed = step.failed and plan.status is not Status.PARTIAL
        self._keeper.write(
            lambda store: store.log_plan,
            plan.id,
            title=plan.title,
            tier=plan.tier,
            status="failed" if failed else plan.status,
            conversation=self._talks[plan.id],
            details={
                "asked_by": plan.by,
                "decided_by": _decided_by(step),
                "call": plan.call,
                "replaces": plan.replaces,
                "place": str(getattr(step.change, "place", "")),
                "lines": list(step.change.lines),
                "said": step.said,
            },
        )

    def _decided(self, plan: Plan, said: str) -> Plan:
        self._session.tell(said, talk=self._talks[plan.id], origin=plan.origin)
        return plan


def _decided_by(step: Step) -> str:
    if step.plan.status is Status.PENDING and not step.failed:
        return ""
    if step.plan.status is Status.EXPIRED:
        return "time"
    return "conduit" if step.plan.status is Status.REJECTED and step.said else step.by
