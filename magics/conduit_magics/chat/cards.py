"""The approval cards of a panel: a plan, what it would change, and what became of it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from conduit.engine.plan import Plan, Status
from conduit.errors import PlanNotFound
from conduit.music import Clip
from conduit.store import LoggedPlan
from conduit.studio import Studio
from conduit.studio.decisions import OUTDATED
from conduit.widgets import pack_notes
from conduit.widgets.mirror import Item
from conduit.widgets.packing import pack_clip
from conduit_magics.captions import lines_of, notes_of, told

__all__ = ["LOGGED", "Cards", "last_steps"]

LOGGED = ":"
"""What stands in the id of a plan of an earlier process, between the process and the plan, and in no other."""

_LIFE_S = 300.0
_LOGGED = 1_000
_RESTARTED = "It was not decided before Conduit was started anew. Nothing was changed; ask again."


class Cards:
    """Makes the items of plans.

    Args:
        studio: Where they wait.

    Attributes:
        troubles: What went wrong with a plan at a person's click, by its id.
        applying: Ids of the plans that are being done.
        amended: Ids of the plans whose clip is open for editing.
    """

    def __init__(self, studio: Studio) -> None:
        self.troubles: dict[str, str] = {}
        self.applying: set[str] = set()
        self.amended: set[str] = set()
        self._studio = studio
        self._lasting: dict[str, dict[str, Any]] = {}

    def item(self, plan_id: str) -> Item | None:
        """Give the item of a plan of this process; None where it is not kept any more."""
        plans = self._studio.plans
        try:
            plan = plans.get(plan_id)
        except PlanNotFound:
            return None
        trouble = self.troubles.get(plan_id, "")
        shown = {
            "id": plan.id,
            "sentence": plan.title,
            "tier": str(plan.tier),
            "life_s": _LIFE_S,
            "overwrites": plan.overwrites,
            "notes": list(notes_of(self._studio, plan)),
            "lines": list(lines_of(self._studio, plan)),
            "pictured": getattr(plans.change(plan_id), "after", None) is not None,
            "status": self._status(plan),
            "result": "" if plan.status is Status.PENDING else told(self._studio, plan),
        }
        lasting = self._lasting.get(plan_id) or self._lasts(plan_id)
        return {"kind": "plan", "plan": {**shown, **lasting["times"]}, **lasting["sides"], "trouble": trouble}

    def waits(self, plan_id: str) -> bool:
        """Say whether what stands on the card of a plan waits for a decision."""
        try:
            plan = self._studio.plans.get(self.current(plan_id))
        except PlanNotFound:
            return False
        return plan.status is Status.PENDING

    def current(self, plan_id: str) -> str:
        """Give the id of the plan that stands on the card of another."""
        return self._studio.plans.current(plan_id)

    def amended_clip(self, plan_id: str) -> Clip | None:
        """Give the clip of a plan that is open for editing; None where it is not."""
        if plan_id not in self.amended:
            return None
        try:
            plan, change = self._studio.plans.get(plan_id), self._studio.plans.change(plan_id)
        except PlanNotFound:
            return None
        waits = plan.status is Status.PENDING or plan_id in self.applying
        clip: Clip | None = getattr(change, "after", None)
        return clip if waits else None

    def outdated_by(self, clip: Clip) -> list[str]:
        """Give the ids of the plans on cards that were turned down because this very clip of theirs was edited."""
        plans = self._studio.plans
        self._forget()
        return [
            plan_id
            for plan_id in self._lasting
            if plans.current(plan_id) == plan_id
            and self._studio.decisions.reasons.get(plan_id) == OUTDATED
            and getattr(plans.change(plan_id), "after", None) is clip
        ]

    def logged(self, step: LoggedPlan) -> Item:
        """Give the item of a plan of an earlier process, as the log has it."""
        waits = step.status == "pending"
        said = step.details.get("said") or (_RESTARTED if waits else f"{step.status}: {step.title}")
        plan: dict[str, Any] = {
            "id": f"{step.session}{LOGGED}{step.id}",
            "sentence": step.title,
            "tier": step.tier,
            "seconds_left": 0,
            "life_s": _LIFE_S,
            "overwrites": False,
            "notes": [],
            "lines": [],
            "pictured": False,
            "status": "expired" if waits else step.status,
            "result": said,
            "kept": True,
        }
        return {"kind": "plan", "plan": plan, **_sides(None, None), "trouble": ""}

    def _status(self, plan: Plan) -> str:
        if plan.id in self.applying:
            return "applying"
        if self.troubles.get(plan.id) and plan.status is Status.PENDING:
            return "failed"
        return str(plan.status)

    def _lasts(self, plan_id: str) -> dict[str, Any]:
        """Give what does not change while a plan waits: its two sides, and the end of its time."""
        plans, change = self._studio.plans, self._studio.plans.change(plan_id)
        left_s = plans.seconds_left(plan_id)
        found = {
            # A page that is loaded later counts down from the wall clock.
            "times": {"seconds_left": left_s, "ends_at": time.time() + left_s},
            "sides": _sides(getattr(change, "before", None), getattr(change, "after", None)),
        }
        self._forget()
        self._lasting[plan_id] = found
        return found

    def _forget(self) -> None:
        """Let go of what was noted of plans that are not kept any more."""
        plans = self._studio.plans
        self._lasting = {one: found for one, found in self._lasting.items() if one in plans}
        self.troubles = {one: said for one, said in self.troubles.items() if one in plans}
        self.amended = {one for one in self.amended if one in plans}

    async def read_log(self, conversation: str) -> dict[str, LoggedPlan]:
        """Give the last step of each plan that the log has of a conversation, by the id of the call that asked.

        A plan that stands in the place of another is told in its stead. A call's id that several plans have tells
        nothing of which is meant, so it is left out.

        Raises:
            StoreError: The store cannot be read.
        """
        steps = await self._studio.decisions.log(_LOGGED, conversation=conversation)
        return last_steps(reversed(steps))


def last_steps(steps: Iterable[LoggedPlan]) -> dict[str, LoggedPlan]:
    """Give the last step of each plan by the id of its call; ``read_log`` says more.

    Args:
        steps: The oldest first.
    """
    first: dict[tuple[str, str], tuple[str, str]] = {}  # the plan that stood in each one's place at first
    found: dict[str, dict[tuple[str, str], LoggedPlan]] = {}
    for step in steps:
        plan, call = (step.session, step.id), str(step.details.get("call") or "")
        replaces = (step.session, str(step.details.get("replaces") or ""))
        first.setdefault(plan, first.get(replaces, plan))
        if call:
            found.setdefault(call, {})[first[plan]] = step
    return {call: step for call, plans in found.items() if len(plans) == 1 for step in plans.values()}


def _sides(before: Clip | None, after: Clip | None) -> dict[str, Any]:
    shown = after or before
    return {
        **_side("before", before),
        **_side("after", after),
        "length": shown.length if shown else 4.0,
        "meter": [shown.meter.numerator, shown.meter.denominator] if shown else [4, 4],
    }


def _side(name: str, clip: Clip | None) -> dict[str, Any]:
    if clip is None:
        return {name: None, f"{name}_notes": b""}
    facts = {key: value for key, value in pack_clip(clip).items() if not isinstance(value, bytes)}
    return {name: facts, f"{name}_notes": pack_notes(clip)}
