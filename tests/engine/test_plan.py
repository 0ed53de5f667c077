import asyncio
from dataclasses import dataclass, field
from itertools import product

import pytest

from conduit.engine.plan import TRANSITIONS, Event, Status
from conduit.engine.plans import KEPT, LIFE_S, UNDOABLE, Plans
from conduit.engine.risk import GATES, Gate, Tier
from conduit.errors import (
    ApplyFailed,
    LinkError,
    PartlyDone,
    PlanExpired,
    PlanNotFound,
    PlanUsed,
    StateChanged,
)


@dataclass
class Shelf:
    """A world of one thing."""

    thing: str = "old"
    broken: bool = False


@dataclass
class Put:
    """Puts a thing on the shelf."""

    shelf: Shelf
    thing: str
    tier: Tier = Tier.CONFIG_CHANGE
    overwrites: bool = True
    title: str = field(default="put it there")
    notes: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()

    async def fingerprint(self):
        return self.shelf.thing

    async def apply(self):
        if self.shelf.broken:
            raise LinkError("the shelf is broken", kind="refused")
        before, self.shelf.thing = self.shelf.thing, self.thing
        return Put(self.shelf, before)


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def world():
    clock = Clock()
    return Shelf(), clock, Plans(clock=clock)


def propose(plans, shelf, thing="new"):
    return asyncio.run(plans.propose(Put(shelf, thing)))


def test_the_table_has_every_move_but_those_of_plans_that_are_over():
    over = set(product((Status.REJECTED, Status.EXPIRED, Status.UNDONE), Event))
    impossible = {(Status.PENDING, Event.UNDO)} | set(
        product((Status.APPLIED, Status.PARTIAL), (Event.APPLY, Event.REJECT, Event.EXPIRE))
    )

    assert set(TRANSITIONS) == set(product(Status, Event)) - over - impossible
    assert set(GATES) == set(Tier)


def test_what_is_privileged_is_refused():
    assert GATES[Tier.PRIVILEGED] is Gate.REFUSE


def test_nothing_changes_before_the_approval(world):
    shelf, _, plans = world

    propose(plans, shelf)

    assert shelf.thing == "old"


def test_an_approved_plan_is_done_and_undone(world):
    shelf, _, plans = world
    plan = propose(plans, shelf)

    done = asyncio.run(plans.approve(plan.id))
    then = shelf.thing
    undone = asyncio.run(plans.undo())

    assert (done.status, then) == (Status.APPLIED, "new")
    assert (undone.status, shelf.thing) == (Status.UNDONE, "old")


def test_a_plan_for_another_state_is_refused_and_changes_nothing(world):
    shelf, _, plans = world
    plan = propose(plans, shelf)
    shelf.thing = "somebody's"

    with pytest.raises(StateChanged):
        asyncio.run(plans.approve(plan.id))

    assert shelf.thing == "somebody's"


def test_undo_is_refused_when_the_thing_has_changed_since(world):
    shelf, _, plans = world
    asyncio.run(plans.approve(propose(plans, shelf).id))
    shelf.thing = "edited"

    with pytest.raises(StateChanged):
        asyncio.run(plans.undo())

    assert shelf.thing == "edited"


@pytest.mark.parametrize(("age_s", "in_time"), [(LIFE_S - 0.1, True), (LIFE_S, False)])
def test_a_plan_lives_five_minutes(world, age_s, in_time):
    shelf, clock, plans = world
    plan = propose(plans, shelf)
    clock.now = age_s

    if in_time:
        asyncio.run(plans.approve(plan.id))
    else:
        with pytest.raises(PlanExpired):
            asyncio.run(plans.approve(plan.id))

    assert (shelf.thing == "new") is in_time


def test_an_expired_plan_is_not_listed_as_waiting(world):
    shelf, clock, plans = world
    propose(plans, shelf)
    clock.now = LIFE_S

    assert plans.pending == []


def test_a_failed_apply_keeps_the_plan(world):
    shelf, _, plans = world
    plan = propose(plans, shelf)
    shelf.broken = True
    with pytest.raises(ApplyFailed, match="is kept"):
        asyncio.run(plans.approve(plan.id))
    shelf.broken = False

    assert asyncio.run(plans.approve(plan.id)).status is Status.APPLIED


@dataclass
class Clumsy(Put):
    """Fails in its own way."""

    fails: frozenset[str] = frozenset()
    inverse: Put | None = None

    async def fingerprint(self):
        if "fingerprint" in self.fails:
            raise KeyError("shelf")
        return await super().fingerprint()

    async def apply(self):
        if "apply" in self.fails:
            raise KeyError("shelf")
        self.inverse = Clumsy(self.shelf, self.shelf.thing)
        self.shelf.thing = self.thing
        return self.inverse


@pytest.mark.parametrize("step", ["fingerprint", "apply"])
def test_whatever_a_change_raises_is_an_apply_that_failed_and_the_plan_is_kept(world, step):
    shelf, _, plans = world
    change = Clumsy(shelf, "new")
    plan = asyncio.run(plans.propose(change))
    change.fails = frozenset({step})
    with pytest.raises(ApplyFailed, match=r"plan P1 did not hold and is kept: KeyError: 'shelf'"):
        asyncio.run(plans.approve(plan.id))
    change.fails = frozenset()

    assert asyncio.run(plans.approve(plan.id)).status is Status.APPLIED


@pytest.mark.parametrize("step", ["fingerprint", "apply"])
def test_whatever_an_undo_raises_is_an_apply_that_failed_and_the_plan_is_kept(world, step):
    shelf, _, plans = world
    change = Clumsy(shelf, "new")
    asyncio.run(plans.approve(asyncio.run(plans.propose(change)).id))
    change.inverse.fails = frozenset({step})
    with pytest.raises(ApplyFailed, match=r"plan P1 did not hold and is kept: KeyError: 'shelf'"):
        asyncio.run(plans.undo())
    change.inverse.fails = frozenset()

    assert asyncio.run(plans.undo()).status is Status.UNDONE


def test_a_change_that_cannot_be_read_after_it_was_made_is_made_and_not_undone_blindly(world):
    shelf, _, plans = world

    class Vanishing(Put):
        async def apply(self):
            self.shelf.thing = self.thing
            return Clumsy(self.shelf, "old", fails=frozenset({"fingerprint"}))

    plan = asyncio.run(plans.propose(Vanishing(shelf, "new")))

    assert asyncio.run(plans.approve(plan.id)).status is Status.APPLIED
    with pytest.raises(ApplyFailed):
        asyncio.run(plans.undo())


@pytest.mark.parametrize("decide", ["reject", "expire", "undo"])
def test_of_the_plans_that_are_over_the_newest_are_kept(world, decide):
    shelf, clock, plans = world
    ids = [propose(plans, shelf).id]
    for _ in range(KEPT + 1):
        if decide == "reject":
            asyncio.run(plans.reject(ids[-1]))
        elif decide == "undo":
            asyncio.run(plans.approve(ids[-1]))
            asyncio.run(plans.undo())
        else:
            clock.now += LIFE_S
        ids.append(propose(plans, shelf).id)

    with pytest.raises(PlanNotFound):
        plans.get(ids[0])
    assert plans.get(ids[1]).status in {Status.REJECTED, Status.EXPIRED, Status.UNDONE}
    assert [plan.id for plan in plans.pending] == [ids[-1]]


def test_of_the_plans_that_were_applied_the_newest_can_be_undone(world):
    shelf, _, plans = world
    for number in range(UNDOABLE + 1):
        asyncio.run(plans.approve(propose(plans, shelf, str(number)).id))
    for _ in range(UNDOABLE):
        asyncio.run(plans.undo())

    assert shelf.thing == "0"
    with pytest.raises(PlanNotFound, match="nothing to undo"):
        asyncio.run(plans.undo())


def test_a_plan_that_waits_is_never_dropped(world):
    shelf, _, plans = world
    waiting = [propose(plans, shelf).id for _ in range(KEPT + UNDOABLE + 1)]

    assert [plan.id for plan in plans.pending] == waiting


@pytest.mark.parametrize("decide", ["approve", "reject"])
def test_a_plan_is_decided_once(world, decide):
    shelf, _, plans = world
    plan = propose(plans, shelf)
    if decide == "approve":
        asyncio.run(plans.approve(plan.id))
    else:
        asyncio.run(plans.reject(plan.id))

    with pytest.raises(PlanUsed):
        asyncio.run(plans.approve(plan.id))
    with pytest.raises(PlanUsed):
        asyncio.run(plans.reject(plan.id))


def test_two_approvals_at_once_do_it_once(world):
    shelf, _, plans = world
    plan = propose(plans, shelf)

    async def both():
        return await asyncio.gather(plans.approve(plan.id), plans.approve(plan.id), return_exceptions=True)

    outcomes = asyncio.run(both())

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Plan", "PlanUsed"]


def test_plans_made_at_once_have_ids_of_their_own(world):
    shelf, _, plans = world

    async def both():
        return await asyncio.gather(plans.propose(Put(shelf, "one")), plans.propose(Put(shelf, "two")))

    made = asyncio.run(both())
    asyncio.run(plans.approve(made[0].id))

    assert len({plan.id for plan in made}) == 2
    assert shelf.thing == "one"


@dataclass
class SlowPut(Put):
    """Puts a thing on the shelf, and takes its time."""

    async def apply(self):
        await asyncio.sleep(0.01)
        return await super().apply()


def test_a_rejection_during_an_approval_comes_too_late_and_says_so(world):
    shelf, _, plans = world
    plan = asyncio.run(plans.propose(SlowPut(shelf, "new")))

    async def both():
        approving = asyncio.ensure_future(plans.approve(plan.id))
        await asyncio.sleep(0)
        return await asyncio.gather(approving, plans.reject(plan.id), return_exceptions=True)

    approved, rejected = asyncio.run(both())

    assert approved.status is Status.APPLIED
    assert isinstance(rejected, PlanUsed)


def test_an_approval_that_is_cancelled_is_finished_and_can_be_undone(world):
    shelf, _, plans = world
    plan = asyncio.run(plans.propose(SlowPut(shelf, "new")))

    async def cancelled():
        approving = asyncio.ensure_future(plans.approve(plan.id))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        approving.cancel()
        await asyncio.wait([approving])
        return (await plans.undo()).status

    assert asyncio.run(cancelled()) is Status.UNDONE
    assert shelf.thing == "old"


def test_plans_are_undone_from_the_last_to_the_first(world):
    shelf, _, plans = world
    for thing in ("one", "two"):
        asyncio.run(plans.approve(propose(plans, shelf, thing).id))

    asyncio.run(plans.undo())
    between = shelf.thing
    asyncio.run(plans.undo())

    assert (between, shelf.thing) == ("one", "old")


def test_an_unknown_plan_is_named_with_those_that_wait(world):
    shelf, _, plans = world
    propose(plans, shelf)

    with pytest.raises(PlanNotFound, match="'P9', or no longer; waiting: P1"):
        plans.get("P9")


def test_there_is_nothing_to_undo_at_first(world):
    with pytest.raises(PlanNotFound, match="nothing to undo"):
        asyncio.run(world[2].undo())


@dataclass
class Spilling(Put):
    """Drops the thing half way, and cannot pick it up while its hands are full."""

    full: bool = True

    async def apply(self):
        if not self.full:
            return await super().apply()
        before, self.shelf.thing = self.shelf.thing, "pieces"
        raise PartlyDone("it fell.", left=Put(self.shelf, before), kind="refused")


def test_what_a_failure_left_is_said_and_can_be_taken_back(world):
    shelf, _, plans = world
    plan = asyncio.run(plans.propose(Spilling(shelf, "new")))

    with pytest.raises(ApplyFailed, match=r"a part of it is left: it fell\. Undo P1 to try to take it back"):
        asyncio.run(plans.approve(plan.id))
    partial = plans.get(plan.id).status, shelf.thing
    undone = asyncio.run(plans.undo())

    assert partial == (Status.PARTIAL, "pieces")
    assert (undone.status, shelf.thing) == (Status.UNDONE, "old")


def test_a_plan_that_left_something_can_only_be_undone(world):
    shelf, clock, plans = world
    plan = asyncio.run(plans.propose(Spilling(shelf, "new")))
    with pytest.raises(ApplyFailed):
        asyncio.run(plans.approve(plan.id))
    clock.now = LIFE_S

    for refused in (plans.approve(plan.id), plans.reject(plan.id)):
        with pytest.raises(PlanUsed, match="a part of it is left; undo it first"):
            asyncio.run(refused)

    assert plans.get(plan.id).status is Status.PARTIAL
    assert plans.pending == []


def test_taking_back_what_is_left_can_be_tried_until_it_works(world):
    shelf, _, plans = world
    plan = asyncio.run(plans.propose(Spilling(shelf, "new")))
    with pytest.raises(ApplyFailed):
        asyncio.run(plans.approve(plan.id))
    shelf.broken = True
    for _ in range(2):
        with pytest.raises(ApplyFailed, match="the shelf is broken"):
            asyncio.run(plans.undo())
    shelf.broken = False

    asyncio.run(plans.undo())

    assert shelf.thing == "old"


def test_what_taking_back_leaves_is_taken_back_before_it_is_tried_again(world):
    shelf, _, plans = world
    left = Spilling(shelf, "old")

    class Falling(Put):
        async def apply(self):
            self.shelf.thing = "pieces"
            raise PartlyDone("it fell", left=left, kind="refused")

    asyncio.run(plans.propose(Falling(shelf, "new")))
    for work in (lambda: plans.approve("P1"), plans.undo):
        with pytest.raises(ApplyFailed, match="a part of it is left"):
            asyncio.run(work())
    left.full = False

    asyncio.run(plans.undo())

    assert shelf.thing == "old"


def test_an_undo_that_left_something_first_takes_that_back_and_then_undoes(world):
    shelf, _, plans = world
    undoing = Spilling(shelf, "old")

    class Careless(Put):
        async def apply(self):
            await super().apply()
            return undoing

    asyncio.run(plans.approve(asyncio.run(plans.propose(Careless(shelf, "new"))).id))
    with pytest.raises(ApplyFailed, match="a part of it is left"):
        asyncio.run(plans.undo())
    half = plans.get("P1").status, shelf.thing
    undoing.full = False

    asyncio.run(plans.undo())

    assert half == (Status.PARTIAL, "pieces")
    assert (plans.get("P1").status, shelf.thing) == (Status.UNDONE, "old")


def test_an_inverse_that_looks_itself_is_done_also_where_nothing_could_be_read_before(world):
    shelf, _, plans = world
    inverse = Clumsy(shelf, "old", fails=frozenset({"fingerprint"}))

    class Vanishing(Put):
        async def apply(self):
            self.shelf.thing = self.thing
            return inverse

    asyncio.run(plans.approve(asyncio.run(plans.propose(Vanishing(shelf, "new"))).id))
    inverse.looks = True

    assert asyncio.run(plans.undo()).status is Status.UNDONE
    assert shelf.thing == "old"


def test_the_plan_that_undo_is_about_is_the_last_that_was_done(world):
    shelf, _, plans = world
    known = [plans.last_undoable]
    for thing in ("one", "two"):
        asyncio.run(plans.approve(propose(plans, shelf, thing).id))
        known.append(plans.last_undoable)
    asyncio.run(plans.undo())

    assert [*known, plans.last_undoable] == [None, "P1", "P2", "P1"]


def test_every_step_is_told_with_who_asked_and_why():
    told = []
    clock = Clock()
    plans = Plans(clock=clock, heard=told.append)
    shelf = Shelf()
    asyncio.run(plans.propose(Put(shelf, "new"), by="model"))
    shelf.broken = True
    with pytest.raises(ApplyFailed):
        asyncio.run(plans.approve("P1"))
    shelf.broken = False
    asyncio.run(plans.approve("P1"))
    asyncio.run(plans.undo())
    propose(plans, shelf)
    asyncio.run(plans.reject("P2", why="a newer one came"))
    propose(plans, shelf)
    clock.now = LIFE_S

    assert plans.pending == []
    assert [(step.plan.id, step.plan.status, step.plan.by, step.failed) for step in told] == [
        ("P1", Status.PENDING, "model", False),
        ("P1", Status.PENDING, "model", True),
        ("P1", Status.APPLIED, "model", False),
        ("P1", Status.UNDONE, "model", False),
        ("P2", Status.PENDING, "person", False),
        ("P2", Status.REJECTED, "person", False),
        ("P3", Status.PENDING, "person", False),
        ("P3", Status.EXPIRED, "person", False),
    ]
    assert [step.said for step in told if step.said] == [
        "plan P1 did not hold and is kept: the shelf is broken",
        "a newer one came",
    ]


def test_a_plan_knows_the_call_that_asked_for_it_through_its_whole_life(world):
    shelf, _, plans = world
    plan = asyncio.run(plans.propose(Put(shelf, "new"), by="model", call="call_7"))

    applied = asyncio.run(plans.approve(plan.id))

    assert (plan.call, applied.call) == ("call_7", "call_7")
    assert propose(plans, shelf, "newer").call == ""


def test_a_plan_stands_in_the_place_of_all_that_were_there_before_it():
    plans = Plans(clock=Clock())

    async def renew():
        found = [await plans.propose(Put(Shelf(), "one"))]
        for thing in ("two", "three"):
            found.append(await plans.propose(Put(Shelf(), thing), replaces=found[-1].id))
            plans.put_in_place(found[-1])
        return [plan.id for plan in found]

    ids = asyncio.run(renew())

    assert [plans.current(plan_id) for plan_id in ids] == [ids[-1]] * 3
    assert plans.get(ids[-1]).replaces == ids[1]
    assert plans.current("P99") == "P99"
