"""The verbs about Live: what goes into the set, what waits for a decision, and what is there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from conduit.drawing.table import Column, Table
from conduit.engine.plan import Plan, Status
from conduit.errors import SetupError
from conduit.music import Clip
from conduit_magics.captions import told
from conduit_magics.saying import Proposed, is_heard, overheard, say, show
from conduit_magics.verb import arguments

if TYPE_CHECKING:
    from conduit_magics.desk import Desk

__all__ = ["PUSH_USAGE", "approve", "plans", "push", "reject", "release", "show_plan", "undo"]

_LOGGED = 100
PUSH_USAGE = "[NAME] [TRACK SLOT] [--track N] [--slot N] [--new-track]"


def _plan_id(rest: str, desk: Desk, *, verb: str) -> str:
    if rest.strip():
        return rest.strip().upper()
    pending = desk.studio.plans.pending
    if len(pending) == 1:
        return pending[0].id
    if not pending:
        raise SetupError(f"there is nothing to {verb}: no plan waits")
    waiting = [plan.id for plan in pending]
    raise SetupError(f"several plans wait; say which: %conduit {verb} {' or '.join(waiting)}", valid=waiting)


def push(desk: Desk, rest: str) -> None:
    """Put a clip into the Live set."""
    given = arguments(
        rest,
        (("words",), {"nargs": "*"}),
        (("--track",), {"type": int}),
        (("--slot",), {"type": int}),
        (("--new-track",), {"action": "store_true"}),
        verb="push",
        usage=PUSH_USAGE,
    )
    name, track, slot = _what_and_where(given.words)
    clip = desk.shell.user_ns.get(name)
    if not isinstance(clip, Clip):
        raise SetupError(f"{name} is not a clip; make one with %%conduit, or name a variable that holds one")
    studio = desk.studio
    track = track if given.track is None else given.track
    slot = slot if given.slot is None else given.slot
    work = studio.push(clip, track=track, slot=slot, new_track=given.new_track)
    show_plan(desk, studio.call(work), clip)


def _what_and_where(given: Sequence[str]) -> tuple[str, int | None, int | None]:
    """Read a name, a track and a slot; each may be left out, but a track comes with its slot."""
    name, *place = given if len(given) % 2 else ["_clip", *given]
    if name.isdecimal() or len(place) not in {0, 2} or not all(number.isdecimal() for number in place):
        raise SetupError(f"push what, and where? write it as %conduit push {PUSH_USAGE}")
    return (name, int(place[0]), int(place[1])) if place else (name, None, None)


def show_plan(desk: Desk, plan: Plan, clip: Clip | None = None) -> None:
    """Say what became of a plan, also in the output of its clip; one that waits gets a card of its own."""
    waits = plan.status is Status.PENDING
    shown = next((o for o in desk.outputs if plan.id in o.plans), None)
    if shown is None and waits and desk.in_notebook and not is_heard():
        desk.outputs.show(clip, plan=plan)
        return
    shown = shown or next((o for o in desk.outputs if clip is not None and o.clip is clip), None)
    if shown is not None:
        desk.studio.call(shown.show_plan(plan))
    if not (waits and overheard(Proposed(plan, clip))):
        say(told(desk.studio, plan))


def approve(desk: Desk, rest: str) -> None:
    """Do what a waiting plan says."""
    show_plan(desk, desk.studio.call(desk.studio.approve(_plan_id(rest, desk, verb="approve"))))


def reject(desk: Desk, rest: str) -> None:
    """Turn a waiting plan down."""
    show_plan(desk, desk.studio.call(desk.studio.reject(_plan_id(rest, desk, verb="reject"))))


def undo(desk: Desk, rest: str) -> None:
    """Restore what was there before a plan."""
    show_plan(desk, desk.studio.call(desk.studio.undo(rest.strip().upper() or None)))


def plans(desk: Desk, rest: str) -> None:
    """List what waits for a decision, or with ``log`` what became of every plan."""
    if rest.strip() not in {"", "log"}:
        raise SetupError(f"%conduit plans does not know {rest.strip()!r}; write it alone, or with log")
    if rest.strip():
        _show_log(desk)
        return
    pending = desk.studio.plans.pending
    for plan in pending:
        left_s = desk.studio.plans.seconds_left(plan.id)
        say(f"{plan.id}  {plan.title} ({left_s / 60:.0f} minutes left to decide)")
    if not pending:
        say("no plan waits")


def _show_log(desk: Desk) -> None:
    """Show what happened to plans, of this notebook and of earlier ones, the newest first."""
    logged = desk.studio.call(desk.studio.decisions.log(_LOGGED))
    if not logged:
        say("no plan was made yet")
        return
    rows = [
        (
            f"{datetime.fromtimestamp(one.at).astimezone():%Y-%m-%d %H:%M:%S}",
            one.id,
            one.status,
            str(one.details.get("decided_by") or one.details.get("asked_by") or ""),
            "; ".join(one.details.get("lines") or [one.title]),
        )
        for one in logged
    ]
    heads = (Column("when"), Column("plan"), Column("what"), Column("by"), Column("change", wraps=True))
    show(desk, Table(heads, rows))


def release(desk: Desk, rest: str) -> None:
    """Leave Live to another notebook."""
    del rest
    desk.studio.call(desk.studio.live.close())
    say("left Live; the next push or look connects again")
