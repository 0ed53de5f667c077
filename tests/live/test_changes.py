from __future__ import annotations

import asyncio

import pytest

from conduit.engine.plan import Change
from conduit.engine.risk import Tier
from conduit.errors import LinkError
from conduit.live import AddTrack, PutClip
from conduit.live.endpoints import ENDPOINTS
from conduit.music import Clip, Note

OLD = Clip.of([Note(36, i, 0.5) for i in range(4)], name="old idea")
NEW = Clip.of([Note(45, i / 2, 0.5) for i in range(8)], name="new idea")


def test_a_plan_for_an_empty_slot_overwrites_nothing(live):
    async def journey(link, _):
        return await PutClip.plan(link, NEW, track=2, slot=3)

    plan: Change = live(journey)

    assert plan.title == "Write 8 notes to track 2 '2-MIDI', slot 3"
    assert (plan.before, plan.after, plan.overwrites, plan.tier) == (None, NEW, False, Tier.CONFIG_CHANGE)
    assert plan.notes == ("Track 2 has no instrument, so the clip is silent until one is loaded.",)


def test_a_plan_for_an_occupied_slot_names_what_it_replaces(live):
    async def journey(link, _):
        await link.write_slot(1, 1, OLD)
        return await PutClip.plan(link, NEW, track=1, slot=1)

    plan = live(journey)

    assert plan.title == "Write 8 notes to track 1 '1-MIDI', slot 1: replaces 'old idea', 4 notes"
    assert (plan.before, plan.place, plan.overwrites) == (OLD, "track 1 '1-MIDI', slot 1", True)
    assert "automation" in plan.notes[0]


def test_planning_changes_nothing(live):
    async def journey(link, _):
        await link.write_slot(1, 1, OLD)
        before = await link.snapshot()
        await PutClip.plan(link, NEW, track=1, slot=1)
        await AddTrack.with_clip(link, NEW, name="Lead", slot=1)
        return before == await link.snapshot(), await link.read_slot(1, 1)

    assert live(journey) == (True, OLD)


@pytest.mark.parametrize("there", [None, OLD], ids=["empty", "occupied"])
def test_an_applied_clip_is_there_and_its_inverse_restores_the_slot_exactly(live, there):
    async def journey(link, _):
        if there is not None:
            await link.write_slot(1, 1, there)
        before = await (await link.slot(1, 1)).read()
        inverse = await (await PutClip.plan(link, NEW, track=1, slot=1)).apply()
        written = await link.read_slot(1, 1)
        again = await inverse.apply()
        restored = await (await link.slot(1, 1)).read()
        await again.apply()
        return before, written, restored, await link.read_slot(1, 1)

    before, written, restored, redone = live(journey)

    assert (written, redone) == (NEW, NEW)
    assert restored == before


def test_a_colour_that_was_changed_after_planning_comes_back_too(live):
    async def journey(link, simulator):
        await link.write_slot(1, 1, OLD)
        plan = await PutClip.plan(link, NEW, track=1, slot=1)
        await link.tell("/live/clip/set/color", 0, 0, 0xFF3636)
        await (await plan.apply()).apply()
        return simulator.live_set.slot(0, 0).clip.get("color")

    assert live(journey) == 0xFF3636


def test_the_fingerprint_follows_the_slot_and_the_tracks_name_and_nothing_else(live):
    async def journey(link, simulator):
        plan = await PutClip.plan(link, NEW, track=1, slot=1)
        marks = [await plan.fingerprint()]
        simulator.live_set.set("tempo", 99.0)
        await link.write_slot(1, 2, OLD)
        marks.append(await plan.fingerprint())
        await link.write_slot(1, 1, OLD)
        marks.append(await plan.fingerprint())
        await link.tell("/live/track/set/name", 0, "Drums")
        marks.append(await plan.fingerprint())
        return marks

    first, other_places, filled, renamed = live(journey)

    assert first == other_places
    assert len({first, filled, renamed}) == 3


def test_a_change_is_refused_when_its_place_is_no_longer_as_it_was(live):
    async def journey(link, _):
        plan = await PutClip.plan(link, NEW, track=1, slot=1)
        await link.write_slot(1, 1, OLD)
        with pytest.raises(LinkError, match="no longer as it was"):
            await plan.apply()
        return await link.read_slot(1, 1)

    assert live(journey) == OLD


def test_what_live_changes_on_the_way_is_not_an_error(live):
    overlapping = Clip.of([Note(60, 0, 4), Note(60, 1, 4), Note(60, 1, 2), Note(60, 1 / 3, 1)], name="x")

    async def journey(link, _):
        plan = await PutClip.plan(link, overlapping, track=1, slot=1)
        await plan.apply()
        return plan.notes, await link.read_slot(1, 1)

    remarks, held = live(journey)

    assert [note.start for note in held.notes] == pytest.approx([0, 1 / 3, 1], abs=1e-3)
    assert remarks[:2] == (
        "1 note starts together with another of the same pitch; Live keeps one.",
        "2 notes are cut where the next of the same pitch starts; Live keeps no overlaps.",
    )


def test_a_write_that_did_not_hold_is_an_error_and_the_old_clip_is_there_again(live, moody):
    async def journey(link, simulator):
        await link.write_slot(1, 1, OLD)
        plan = await PutClip.plan(link, NEW, track=1, slot=1)
        moody(simulator, forgets=True)
        with pytest.raises(LinkError, match=r"it holds 4 notes instead of 8.*What was there before is there"):
            await plan.apply()
        return await link.read_slot(1, 1)

    assert live(journey) == OLD


def test_a_clip_that_did_not_hold_on_a_new_track_leaves_no_track(live, moody):
    async def journey(link, simulator):
        plan = await AddTrack.with_clip(link, NEW, name="", slot=1)
        moody(simulator, forgets=True)
        with pytest.raises(LinkError, match=r"4 notes instead of 8.*The new track was removed"):
            await plan.apply()
        return (await link.song()).n_tracks

    assert live(journey) == 4


def test_what_could_not_be_put_back_is_said(live, moody):
    async def journey(link, simulator):
        await link.write_slot(1, 1, OLD)
        plan = await PutClip.plan(link, NEW, track=1, slot=1)
        moody(simulator, refuses="/live/clip/add/notes")
        with pytest.raises(LinkError, match=r"not in list.*What was there before could not be put back"):
            await plan.apply()

    live(journey)


async def gone(link, name):
    """Wait until the first slot holds no clip of this name."""
    while (await link.ask("/live/track/get/clips/name", 0))[0] == name:
        pass


def test_a_cancelled_change_puts_the_old_clip_back(live):
    async def journey(link, _):
        await link.write_slot(1, 1, OLD)
        plan = await PutClip.plan(link, NEW, track=1, slot=1)
        applying = asyncio.ensure_future(plan.apply())
        await gone(link, "old idea")
        applying.cancel()
        with pytest.raises(asyncio.CancelledError):
            await applying
        return await link.read_slot(1, 1)

    assert live(journey) == OLD


def test_a_clip_on_a_new_track_is_undone_by_removing_the_track(live):
    async def journey(link, _):
        plan: Change = await AddTrack.with_clip(link, NEW, name="Lead", slot=2)
        inverse: Change = await plan.apply()
        made = await link.track(5)
        written = await link.read_slot(5, 2)
        again = await inverse.apply()
        return plan.title, made.name, written, (await link.song()).n_tracks, again == plan

    title, name, written, n_tracks, same = live(journey)

    assert title == "Write 8 notes to a new track 'Lead', slot 2"
    assert (name, written, n_tracks, same) == ("Lead", NEW, 4, True)


@pytest.mark.parametrize(
    ("address", "args"),
    [
        ("/live/clip_slot/create_clip", (4, 5, 4.0)),
        ("/live/track/set/name", (4, "Mine")),
        ("/live/clip/set/name", (4, 0, "mine")),
        ("/live/song/create_midi_track", (0,)),
    ],
    ids=["another clip", "track renamed", "clip renamed", "tracks moved"],
)
def test_a_new_track_that_was_touched_is_not_removed(live, address, args):
    async def journey(link, _):
        inverse = await (await AddTrack.with_clip(link, NEW, name="Lead", slot=1)).apply()
        ENDPOINTS[address].check(args)
        await link.tell(address, *args)
        before = (await link.song()).n_tracks
        with pytest.raises(LinkError, match="was not deleted"):
            await inverse.apply()
        return (await link.song()).n_tracks - before

    assert live(journey) == 0


@pytest.mark.parametrize(
    ("track", "slot", "reason"),
    [(3, 1, "not a MIDI track"), (7, 1, "no track 7"), (1, 99, "no slot 99")],
    ids=["audio track", "no such track", "no such slot"],
)
def test_a_place_that_cannot_take_a_clip_is_refused_when_planning(live, track, slot, reason):
    async def journey(link, _):
        with pytest.raises(LinkError, match=reason):
            await PutClip.plan(link, NEW, track=track, slot=slot)
        with pytest.raises(LinkError, match="no slot 99"):
            await AddTrack.with_clip(link, NEW, name="x", slot=99)

    live(journey)
