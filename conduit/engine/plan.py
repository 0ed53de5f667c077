"""Plans: a change that waits for a person's word.

A plan holds what will be done, a hash of what it will be done to, and an end to its life. Its transitions
stand in one table. Pure: ``plans`` keeps them and does what they say.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

from conduit.engine.risk import Tier
from conduit.errors import PlanExpired, PlanUsed
from conduit.messages import Conversation

__all__ = ["TRANSITIONS", "Change", "Event", "Origin", "Plan", "Status", "Step"]


class Change(Protocol):
    """Something that can be done to a Live set, a file or a mapping, and be undone.

    One whose ``apply`` itself refuses where its place is not as it was when it was made may say so with an
    attribute ``looks = True``. As an inverse it can then be done also when nothing could be read right after
    the change, such as an answer that was lost.

    >>> class Tempo:
    ...     tier, title, overwrites, notes = Tier.CONFIG_CHANGE, "set the tempo to 128", True, ()
    ...     lines = ("tempo: 120 to 128 bpm",)
    ...     def __init__(self, song, bpm):
    ...         self.song, self.bpm = song, bpm
    ...     async def fingerprint(self):
    ...         return str(self.song["bpm"])
    ...     async def apply(self):
    ...         before, self.song["bpm"] = self.song["bpm"], self.bpm
    ...         return Tempo(self.song, before)
    >>> faster: Change = Tempo({"bpm": 120}, 128)
    >>> faster.title
    'set the tempo to 128'
    """

    @property
    def tier(self) -> Tier:
        """How much it can change."""

    @property
    def title(self) -> str:
        """One sentence that says what will happen, and where."""

    @property
    def overwrites(self) -> bool:
        """Whether it replaces something that is there now."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know before approving it, a sentence each."""

    @property
    def lines(self) -> tuple[str, ...]:
        """What changes, a line each."""

    async def fingerprint(self) -> str:
        """Hash what the change touches as it is now, and nothing else."""

    async def apply(self) -> Change:
        """Do it, read it back, and give the change that undoes it.

        Raises:
            PartlyDone: It did not hold, and what was there could not be restored; the error has the rest.
            ConduitError: It did not hold; what was there is restored.
        """


class Status(StrEnum):
    """Where a plan stands.

    >>> TRANSITIONS[Status.PENDING, Event.REJECT] is Status.REJECTED
    True
    """

    PENDING = "pending"
    APPLIED = "applied"
    PARTIAL = "partial"
    REJECTED = "rejected"
    EXPIRED = "expired"
    UNDONE = "undone"


class Event(StrEnum):
    """What can happen to a plan.

    >>> (Status.REJECTED, Event.APPLY) in TRANSITIONS
    False
    """

    APPLY = "apply"
    REJECT = "reject"
    EXPIRE = "expire"
    LEAVE = "leave"
    UNDO = "undo"


TRANSITIONS: dict[tuple[Status, Event], Status] = {
    (Status.PENDING, Event.APPLY): Status.APPLIED,
    (Status.PENDING, Event.REJECT): Status.REJECTED,
    (Status.PENDING, Event.EXPIRE): Status.EXPIRED,
    (Status.PENDING, Event.LEAVE): Status.PARTIAL,
    (Status.APPLIED, Event.LEAVE): Status.PARTIAL,
    (Status.PARTIAL, Event.LEAVE): Status.PARTIAL,
    (Status.APPLIED, Event.UNDO): Status.UNDONE,
    (Status.PARTIAL, Event.UNDO): Status.UNDONE,
}
"""Every move a plan can make; a pair that is not here is refused.

What fails does not move it, unless it leaves something behind: then undo is the only way on.
"""


class Origin(Protocol):
    """The turn of a conversation that asked for a plan."""

    @property
    def talk(self) -> str:
        """The conversation's name."""

    @property
    def now(self) -> Conversation | None:
        """How far the turn has come; where it is over, its end."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A change that waits, was made, or was turned down.

    Attributes:
        id: Short name, such as ``P3``.
        title: What will happen, and where.
        tier: How much it can change.
        overwrites: Whether it replaces something.
        base: Fingerprint of what it touches, taken when the plan was made.
        expires_at: Seconds on the clock of ``Plans``.
        by: Who asked for it, ``person`` or ``model``.
        status: Where it stands.
        call: The id of the tool call that asked for it; empty where none did.
        origin: The turn that asked for it; None where none did.
        replaces: The id of the plan in whose place it stands; empty where it stands for itself.

    >>> plan = Plan("P3", "set the tempo to 128", Tier.CONFIG_CHANGE, True, base="120", expires_at=300.0)
    >>> plan.after(Event.APPLY).status.value, plan.status.value
    ('applied', 'pending')
    """

    id: str
    title: str
    tier: Tier
    overwrites: bool
    base: str
    expires_at: float
    by: str = "person"
    status: Status = Status.PENDING
    call: str = ""
    origin: Origin | None = field(default=None, compare=False, repr=False)
    replaces: str = ""

    def after(self, event: Event) -> Plan:
        """Give the plan after an event.

        Raises:
            PlanExpired: It had expired.
            PlanUsed: It was decided before, so this cannot happen to it.
        """
        status = TRANSITIONS.get((self.status, event))
        if status is None:
            kind = PlanExpired if self.status is Status.EXPIRED else PlanUsed
            raise kind(f"plan {self.id} cannot be {_DONE[event]}: {_SAID[self.status]}", plan=self.id)
        return replace(self, status=status)


@dataclass(frozen=True, slots=True)
class Step:
    """One step in the life of a plan.

    Attributes:
        plan: As it stands after the step.
        change: What it does.
        failed: Whether something was tried and did not hold.
        said: Why, where it failed or was not a person's own word.
        by: Whose word it was, where it was approved or tried.
    """

    plan: Plan
    change: Change
    failed: bool = False
    said: str = ""
    by: str = "person"


_DONE = {
    Event.APPLY: "applied",
    Event.REJECT: "rejected",
    Event.EXPIRE: "expired",
    Event.LEAVE: "left half done",
    Event.UNDO: "undone",
}
_SAID = {
    Status.PENDING: "it was not done yet",
    Status.PARTIAL: "a part of it is left; undo it first",
    **{
        status: f"it is {status} already"
        for status in (Status.APPLIED, Status.REJECTED, Status.EXPIRED, Status.UNDONE)
    },
}
