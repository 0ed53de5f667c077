"""Several changes as one: all hold, or none does, or it is said what is left and can be tried again."""

from __future__ import annotations

import asyncio

import pytest

from conduit.engine.plan import Change, Status
from conduit.engine.plans import Plans
from conduit.engine.risk import Tier
from conduit.errors import ApplyFailed, LinkError, PartlyDone, PlanUsed
from conduit.live import AddScene, AddTrack, PutClip, RestoreSlot, Setting, SetValues, Several
from conduit.live.simulator import to_json
from conduit.music import Clip, Note

OLD = Clip.of([Note(36, i, 0.5) for i in range(4)], name="old idea")
NEW = Clip.of([Note(45, i / 2, 0.5) for i in range(8)], name="new idea")


async def some(link):
    """Give a plan of four changes, the clip in the first slot among them."""
    return Several(
        (
            AddScene(link, "Drop"),
            await PutClip.plan(link, NEW, track=1, slot=1),
            await SetValues.plan(link, [Setting("song", (), "tempo", 90.0)]),
            AddTrack.empty(link, name="Lead"),
        )
    )


def test_it_says_all_that_its_changes_say(live):
    async def journey(link, _):
        await link.write_slot(1, 1, OLD)
        return await some(link)

    plan: Change = live(journey)

    assert plan.title == "4 changes: Add a new scene 'Drop' at the end, and more"
    assert plan.lines == (
        "Add a new scene 'Drop' at the end",
        "Write 8 notes to track 1 '1-MIDI', slot 1: replaces 'old idea', 4 notes",
        "4 notes added, 4 moved (up 9 semitones); name 'old idea' to 'new idea'.",
        "tempo: 120 bpm → 90 bpm",
        "Add a new track 'Lead' at the end",
    )
    assert plan.place == "a new scene 'Drop', track 1 '1-MIDI', slot 1, tempo, a new track 'Lead'"
    assert (plan.overwrites, plan.tier) == (True, Tier.CONFIG_CHANGE)
    assert len(plan.notes) == len(set(plan.notes)) == 2


def test_all_are_done_and_all_are_taken_back(live):
    async def journey(link, simulator):
        await link.write_slot(1, 1, OLD)
        before = to_json(simulator.live_set)
        inverse = await (await some(link)).apply()
        done = await link.read_slot(1, 1), simulator.live_set.get("tempo"), len(simulator.live_set.tracks)
        await inverse.apply()
        return done, before == to_json(simulator.live_set)

    assert live(journey) == ((NEW.with_(bpm=90), 90.0, 5), True)


@pytest.mark.parametrize(
    "address",
    [
        "/live/song/create_scene",
        "/live/clip_slot/create_clip",
        "/live/clip/add/notes",
        "/live/song/set/tempo",
        "/live/song/create_midi_track",
        "/live/track/set/name",
    ],
)
def test_where_one_is_refused_those_before_it_are_taken_back(live, moody, address):
    async def journey(link, simulator):
        before = to_json(simulator.live_set)
        plan = await some(link)
        moody(simulator, refuses=address)
        with pytest.raises(LinkError, match=r"not in list.*Change [1-4] of 4 did not hold") as failed:
            await plan.apply()
        return type(failed.value), before == to_json(simulator.live_set)

    assert live(journey) == (LinkError, True)


class Moody:
    """Refuses some addresses, for as long as it is asked to."""

    def __init__(self, simulator, *addresses):
        self.handlers, self.addresses = simulator.handlers, addresses
        simulator.handlers = self

    def handle(self, message):
        if message.address in self.addresses:
            message = type(message)("/live/song/delete_track", (99,))
        return self.handlers.handle(message)

    def __getattr__(self, name):
        return getattr(self.handlers, name)


def test_what_cannot_be_taken_back_is_named_and_goes_with_the_error(live):
    async def journey(link, simulator):
        before = to_json(simulator.live_set)
        plan = await some(link)
        moody = Moody(simulator, "/live/song/create_midi_track", "/live/song/delete_scene")
        with pytest.raises(PartlyDone, match=r"could not be taken back: Delete scene 9 'Drop'") as failed:
            await plan.apply()
        half = len(simulator.live_set.scenes), simulator.live_set.get("tempo")
        moody.addresses = ()
        await failed.value.left.apply()
        return half, before == to_json(simulator.live_set)

    assert live(journey) == ((9, 120.0), True)


def test_a_plan_that_is_half_done_is_undone_when_live_is_well_again(live):
    async def journey(link, simulator):
        await link.write_slot(1, 1, OLD)
        before = to_json(simulator.live_set)
        plans = Plans(clock=lambda: 0.0)
        plan = await plans.propose(await some(link))
        moody = Moody(simulator, "/live/song/set/tempo", "/live/song/delete_scene")
        with pytest.raises(ApplyFailed, match=r"a part of it is left.*Undo P1"):
            await plans.approve(plan.id)
        partial = plans.get(plan.id).status, await link.read_slot(1, 1) == OLD
        with pytest.raises(PlanUsed, match="undo it first"):
            await plans.approve(plan.id)
        with pytest.raises(ApplyFailed, match="is kept"):
            await plans.undo()
        moody.addresses = ()
        undone = await plans.undo()
        return partial, undone.status, before == to_json(simulator.live_set)

    assert live(journey) == ((Status.PARTIAL, True), Status.UNDONE, True)


def test_a_clip_that_live_lost_half_way_is_kept_and_put_back_later(live):
    async def journey(link, simulator):
        await link.write_slot(1, 1, OLD)
        plans = Plans(clock=lambda: 0.0)
        plan = await plans.propose(await PutClip.plan(link, NEW, track=1, slot=1))
        moody = Moody(simulator, "/live/clip_slot/create_clip")
        with pytest.raises(ApplyFailed, match="a part of it is left"):
            await plans.approve(plan.id)
        lost = await link.read_slot(1, 1)
        moody.addresses = ()
        await plans.undo()
        return lost, await link.read_slot(1, 1)

    assert live(journey) == (None, OLD)


def test_what_a_user_put_into_the_slot_meanwhile_is_not_replaced(live):
    mine = Clip.of([Note(72, 0, 1)], name="mine")

    async def journey(link, simulator):
        await link.write_slot(1, 1, OLD)
        plans = Plans(clock=lambda: 0.0)
        plan = await plans.propose(await PutClip.plan(link, NEW, track=1, slot=1))
        moody = Moody(simulator, "/live/clip_slot/create_clip")
        with pytest.raises(ApplyFailed):
            await plans.approve(plan.id)
        moody.addresses = ()
        await link.write_slot(1, 1, mine)
        with pytest.raises(ApplyFailed, match="somebody has put 'mine' there; move it to another slot"):
            await plans.undo()
        there = await link.read_slot(1, 1)
        await link.clear_slot(1, 1)
        await plans.undo()
        return there, await link.read_slot(1, 1)

    assert live(journey) == (mine, OLD)


def test_an_undo_that_fails_half_way_is_gone_on_with_later(live):
    async def journey(link, simulator):
        await link.write_slot(1, 1, OLD)
        before = to_json(simulator.live_set)
        plans = Plans(clock=lambda: 0.0)
        await plans.approve((await plans.propose(await PutClip.plan(link, NEW, track=1, slot=1))).id)
        moody = Moody(simulator, "/live/clip_slot/create_clip")
        with pytest.raises(ApplyFailed, match="a part of it is left"):
            await plans.undo()
        partial = plans.get("P1").status
        moody.addresses = ()
        await plans.undo()
        return partial, plans.get("P1").status, before == to_json(simulator.live_set)

    assert live(journey) == (Status.PARTIAL, Status.UNDONE, True)


class Silenced:
    """A change that is done as long as Live answers, and counts how often it is tried."""

    tier, title, overwrites, notes, lines = Tier.CONFIG_CHANGE, "do it", False, (), ("do it",)

    def __init__(self, world, *, goes=False):
        self.world, self.goes = world, goes

    async def fingerprint(self):
        return ""

    async def apply(self):
        self.world["tries"] += 1
        self.world["gone"] = self.world["gone"] or self.goes
        if self.world["gone"]:
            raise LinkError("nobody answers", kind="no_reply")
        return Silenced(self.world)


def test_a_live_that_is_gone_is_not_waited_for_at_each_change_that_is_to_be_taken_back():
    world = {"tries": 0, "gone": False}
    plan = Several((*[Silenced(world)] * 5, Silenced(world, goes=True)))

    with pytest.raises(PartlyDone) as failed:
        asyncio.run(plan.apply())

    assert world["tries"] == 5 + 1 + 1
    assert failed.value.message.count("do it: Live does not answer") == 5
    assert len(failed.value.left.changes) == 5


def test_a_cancelled_plan_takes_back_what_was_done(live):
    async def journey(link, simulator):
        before = to_json(simulator.live_set)
        applying = asyncio.ensure_future((await some(link)).apply())
        while simulator.live_set.get("tempo") == 120.0:  # noqa: ASYNC110  a simulated set tells nobody
            await asyncio.sleep(0)
        applying.cancel()
        with pytest.raises(asyncio.CancelledError):
            await applying
        return before == to_json(simulator.live_set)

    assert live(journey, tick_s=0.01) is True


def test_two_changes_of_one_slot_are_not_both_done(live):
    async def journey(link, _):
        await link.write_slot(1, 1, OLD)
        both = Several(
            (
                await RestoreSlot.emptying(link, track=1, slot=1),
                await PutClip.plan(link, NEW, track=1, slot=1),
            )
        )
        with pytest.raises(LinkError, match=r"no longer as it was.*Change 2 of 2 did not hold"):
            await both.apply()
        return await link.read_slot(1, 1)

    assert live(journey) == OLD
