"""Every plan of a process: made, approved, turned down, undone.

Approving one checks its age and its base again under a lock, does it, and keeps the inverse for undo. Where it
fails and something could not be taken back, the rest is kept too, and undo tries it again. Of the plans that are
over, and of those that can be undone, the newest are kept. Time comes from the clock handed in.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from conduit.engine.plan import Change, Event, Origin, Plan, Status, Step
from conduit.errors import ApplyFailed, ConduitError, PartlyDone, PlanError, PlanNotFound, StateChanged

__all__ = ["KEPT", "LIFE_S", "UNDOABLE", "Plans"]

LIFE_S = 300.0
"""Seconds a plan may wait for its approval."""

UNDOABLE = 50
"""Plans, applied or half done, that are kept and can be undone."""

KEPT = 200
"""Rejected, expired and undone plans that are kept, to be looked at."""

T = TypeVar("T")
_OPEN = {Status.PENDING, Status.APPLIED, Status.PARTIAL}


@dataclass(slots=True)
class _Entry:
    plan: Plan
    change: Change
    inverse: Change | None = None
    inverse_base: str = ""
    left: list[Change] = field(default_factory=list)  # what a failure left, to be taken back in this order


class Plans:
    """Every plan of a process. Its coroutines run on one event loop.

    Args:
        clock: Seconds, never going back.
        life_s: Seconds a plan may wait.
        heard: Told of every step; it is called from whichever thread notices that a plan has expired.

    >>> from conduit.engine.risk import Tier
    >>> class Rename:
    ...     tier, overwrites, notes, lines = Tier.CONFIG_CHANGE, True, (), ()
    ...     def __init__(self, track, name):
    ...         self.track, self.name, self.title = track, name, f"call it {name}"
    ...     async def fingerprint(self):
    ...         return self.track["name"]
    ...     async def apply(self):
    ...         before, self.track["name"] = self.track["name"], self.name
    ...         return Rename(self.track, before)
    >>> async def session(track):
    ...     plans = Plans(clock=lambda: 0.0)
    ...     plan = await plans.propose(Rename(track, "Bass"))
    ...     names = [track["name"]]
    ...     await plans.approve(plan.id)
    ...     names.append(track["name"])
    ...     await plans.undo()
    ...     return [*names, track["name"]]
    >>> asyncio.run(session({"name": "1-MIDI"}))
    ['1-MIDI', 'Bass', '1-MIDI']
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        life_s: float = LIFE_S,
        heard: Callable[[Step], None] = lambda _: None,
    ) -> None:
        self._clock = clock
        self._life_s = life_s
        self._heard = heard
        self._entries: dict[str, _Entry] = {}
        self._undoable: list[str] = []
        self._standing: dict[str, str] = {}  # the plan that stands in the place of each that was replaced
        self._numbers = itertools.count(1)
        self._working: set[asyncio.Task[Plan]] = set()
        self._lock = asyncio.Lock()

    async def propose(
        self,
        change: Change,
        *,
        by: str = "person",
        call: str = "",
        origin: Origin | None = None,
        replaces: str = "",
    ) -> Plan:
        """Make a plan of a change, against what is there now.

        Args:
            change: What it will do.
            by: Who asks for it, ``person`` or ``model``.
            call: The id of the tool call that asks for it, if one does.
            origin: The turn that asks for it, if one does.
            replaces: The id of the plan in whose place it is to stand, once ``put_in_place`` is called.
        """
        base = await change.fingerprint()
        asker = asyncio.current_task()
        if asker is not None and asker.cancelling():  # given up, which its own code may have swallowed
            raise asyncio.CancelledError
        plan = Plan(
            id=f"P{next(self._numbers)}",
            title=change.title,
            tier=change.tier,
            overwrites=change.overwrites,
            base=base,
            expires_at=self._clock() + self._life_s,
            by=by,
            call=call,
            origin=origin,
            replaces=replaces,
        )
        self._forget()
        self._entries[plan.id] = _Entry(plan, change)
        self._heard(Step(plan, change))
        return plan

    def _forget(self) -> None:
        """Drop the plans that nobody is likely to ask for any more, oldest first."""
        plans = [self.get(plan_id) for plan_id in list(self._entries)]
        over = [plan.id for plan in plans if plan.status not in _OPEN]
        for plan_id in (*over[:-KEPT], *self._undoable[:-UNDOABLE]):
            self._entries.pop(plan_id, None)
        del self._undoable[:-UNDOABLE]
        kept = self._entries
        self._standing = {one: current for one, current in self._standing.items() if current in kept}

    def __contains__(self, plan_id: str) -> bool:
        """Say whether a plan is kept."""
        return plan_id in self._entries

    def put_in_place(self, plan: Plan) -> None:
        """Let a plan stand in the place of the one that it replaces, and of those before that one."""
        before = (one for one, current in self._standing.items() if current == plan.replaces)
        self._standing |= dict.fromkeys([plan.replaces, *before], plan.id)

    def current(self, plan_id: str) -> str:
        """Give the id of the plan that stands in the place of another: its own where none was put there."""
        return self._standing.get(plan_id, plan_id)

    def get(self, plan_id: str) -> Plan:
        """Give a plan as it stands now; one whose time is over is expired, and one long over is gone.

        Raises:
            PlanNotFound: There is none with this id.
        """
        entry = self._entry(plan_id)
        if entry.plan.status is Status.PENDING and self._clock() >= entry.plan.expires_at:
            self._move(entry, Event.EXPIRE)
        return entry.plan

    def change(self, plan_id: str) -> Change:
        """Give what a plan would do, for those who draw it.

        Raises:
            PlanNotFound: There is none with this id.
        """
        return self._entry(plan_id).change

    @property
    def pending(self) -> list[Plan]:
        """The plans that wait for a decision, oldest first."""
        return [plan for plan in map(self.get, list(self._entries)) if plan.status is Status.PENDING]

    @property
    def last_undoable(self) -> str | None:
        """Id of the plan that ``undo`` is about when it is given none; None where there is nothing to undo."""
        return self._undoable[-1] if self._undoable else None

    def seconds_left(self, plan_id: str) -> float:
        """Seconds until a plan expires, at least 0."""
        return max(0.0, self.get(plan_id).expires_at - self._clock())

    async def approve(self, plan_id: str, *, by: str = "person") -> Plan:
        """Do what a plan says, at the word of ``by``. Once begun it is finished, also when who waits is cancelled.

        Raises:
            PlanNotFound: There is none with this id.
            PlanExpired: Its time is over.
            PlanUsed: It was decided before.
            StateChanged: What it touches is no longer what it was made for.
            ApplyFailed: It was tried and did not hold; the plan is kept.
        """
        return await self._to_its_end(self._approve(plan_id, by=by))

    async def _approve(self, plan_id: str, *, by: str) -> Plan:
        async with self._lock:
            plan = self.get(plan_id)
            plan.after(Event.APPLY)
            entry = self._entry(plan_id)
            with self._told_of_failure(entry, by=by):
                if await self._asked(entry.change.fingerprint(), entry) != plan.base:
                    raise StateChanged(
                        f"not applied: its place is no longer as it was when {plan_id} was planned; ask again",
                        plan=plan_id,
                    )
                entry.inverse = await self._done(entry.change, entry)
            applied = self._move(entry, Event.APPLY, by=by)
            self._undoable.append(plan_id)
            # What cannot be read now has no base, and only an inverse that looks itself is done: none blindly.
            with contextlib.suppress(Exception):
                entry.inverse_base = await entry.inverse.fingerprint()
            self._forget()
            return applied

    async def reject(self, plan_id: str, *, why: str = "") -> Plan:
        """Turn a plan down; nothing is changed.

        Args:
            plan_id: Which.
            why: A sentence, where it is not a person's own word.

        Raises:
            PlanNotFound: There is none with this id.
            PlanExpired: Its time is over.
            PlanUsed: It was decided before.
        """
        async with self._lock:
            self.get(plan_id)
            return self._move(self._entry(plan_id), Event.REJECT, said=why)

    async def undo(self, plan_id: str | None = None) -> Plan:
        """Restore what was there before a plan, by default the last one done; finished as ``approve`` is.

        Of a plan that failed half-way it takes back what is left.

        Raises:
            PlanNotFound: There is nothing to undo.
            PlanUsed: The plan is not applied, or was undone before.
            StateChanged: What it put there has been changed since.
            ApplyFailed: It was tried and did not hold; it can be tried again.
        """
        return await self._to_its_end(self._undo(plan_id))

    async def _undo(self, plan_id: str | None) -> Plan:
        async with self._lock:
            if (wanted := plan_id or self.last_undoable) is None:
                raise PlanNotFound("there is nothing to undo: no plan has been applied", plan="")
            self.get(wanted).after(Event.UNDO)
            entry = self._entry(wanted)
            with self._told_of_failure(entry):
                while entry.left:
                    rest = entry.left[0]
                    await self._done(rest, entry)
                    entry.left.remove(rest)
                if entry.inverse is not None:
                    await self._take_back(entry, entry.inverse)
            self._undoable.remove(wanted)
            return self._move(entry, Event.UNDO)

    async def _take_back(self, entry: _Entry, inverse: Change) -> None:
        unknown = not entry.inverse_base and getattr(inverse, "looks", False)
        if not unknown and await self._asked(inverse.fingerprint(), entry) != entry.inverse_base:
            raise StateChanged(
                f"not undone: what {entry.plan.id} put there has been changed since and would be lost",
                plan=entry.plan.id,
            )
        await self._done(inverse, entry)

    def _move(self, entry: _Entry, event: Event, *, said: str = "", by: str = "person") -> Plan:
        entry.plan = entry.plan.after(event)
        self._heard(Step(entry.plan, entry.change, said=said, by=by))
        return entry.plan

    @contextlib.contextmanager
    def _told_of_failure(self, entry: _Entry, *, by: str = "person") -> Iterator[None]:
        try:
            yield
        except ConduitError as error:
            self._heard(Step(entry.plan, entry.change, failed=True, said=error.message, by=by))
            raise

    async def _to_its_end(self, work: Coroutine[Any, Any, Plan]) -> Plan:
        task = asyncio.ensure_future(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        return await asyncio.shield(task)

    async def _done(self, change: Change, entry: _Entry) -> Change:
        """Do a change; what it leaves behind where it fails is kept with the plan."""
        plan = entry.plan
        try:
            return await self._asked(change.apply(), entry)
        except PlanError:
            raise
        except PartlyDone as error:
            entry.left.insert(0, error.left)
            entry.plan = plan.after(Event.LEAVE)
            if plan.id not in self._undoable:
                self._undoable.append(plan.id)
            why = error.message.removesuffix(".")
            said = f"a part of it is left: {why}. Undo {plan.id} to try to take it back"
            raise _failed(plan, said) from error
        except ConduitError as error:
            raise _failed(plan, f"is kept: {error.message}") from error

    async def _asked(self, answer: Awaitable[T], entry: _Entry) -> T:
        """Wait for what a change does; what its author's code raises becomes an error of Conduit."""
        try:
            return await answer
        except ConduitError:
            raise
        except Exception as error:
            raise _failed(entry.plan, f"is kept: {type(error).__name__}: {error}") from error

    def _entry(self, plan_id: str) -> _Entry:
        if plan_id not in self._entries:
            known = ", ".join(plan.id for plan in self.pending) or "none"
            raise PlanNotFound(f"there is no plan {plan_id!r}, or no longer; waiting: {known}", plan=plan_id)
        return self._entries[plan_id]


def _failed(plan: Plan, said: str) -> ApplyFailed:
    return ApplyFailed(f"plan {plan.id} did not hold and {said}", plan=plan.id)
