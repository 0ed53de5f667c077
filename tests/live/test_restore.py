"""A change that fails, wherever it fails, leaves the set as it was."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest

from conduit.errors import ClipError, LinkError
from conduit.live import AddTrack, LiveClip, LiveLink, LiveNote, PutClip
from conduit.music import Clip, Note

OLD = Clip.of([Note(36, i, 0.5) for i in range(4)], name="old idea")
NEW = Clip.of([Note(45, i / 2, 0.5) for i in range(8)], name="new idea")
UNSENDABLE = pytest.mark.parametrize(
    "name", ["Bass\0", "Bass\ud800", "x" * 1001], ids=["null", "half a surrogate pair", "too long"]
)


@UNSENDABLE
def test_a_name_that_cannot_be_sent_is_refused_before_anything_is_done(live, name):
    unsendable = dataclasses.replace(LiveClip.of(NEW), name=name)

    async def journey(link, _):
        with pytest.raises(ClipError, match="name of the clip cannot be sent to Live"):
            await link.write_slot(1, 1, unsendable)
        with pytest.raises(ClipError, match="name of the new track"):
            await AddTrack.with_clip(link, NEW, name=name, slot=1)
        return await link.read_slot(1, 1), (await link.song()).n_tracks

    assert live(journey) == (None, 4)


@UNSENDABLE
def test_what_cannot_be_sent_does_not_cost_the_old_clip(live, name):
    async def journey(link, _):
        await link.write_slot(1, 1, OLD)
        plan = await PutClip.plan(link, NEW, track=1, slot=1)
        bad = dataclasses.replace(plan, new=dataclasses.replace(plan.new, name=name))
        with pytest.raises(ClipError):
            await bad.apply()
        return await link.read_slot(1, 1)

    assert live(journey) == OLD


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e39], ids=["nan", "infinite", "too large"])
def test_a_note_that_cannot_be_sent_is_refused_before_anything_is_done(live, value):
    clip = LiveClip("x", (LiveNote(60, value, 1.0, 100.0, mute=False),), (0.0, 4.0), (0.0, 4.0))

    async def journey(link, _):
        with pytest.raises(ClipError, match="cannot be sent to Live"):
            await link.write_slot(1, 1, clip)
        return await link.read_slot(1, 1)

    assert live(journey) is None


class BrokenOnce(LiveLink):
    """A link on which something unforeseen happens when notes are written, once."""

    broken = False

    async def tell_all(self, *told, **options):
        if not self.broken and any(name == "/live/clip/add/notes" for name, *_ in told):
            self.broken = True
            raise RuntimeError("unforeseen")
        await super().tell_all(*told, **options)


@pytest.mark.parametrize("new_track", [False, True], ids=["old clip", "new track"])
def test_whatever_fails_the_set_is_as_it_was(live, new_track):
    async def journey(link, simulator):
        await link.write_slot(1, 1, OLD)
        async with BrokenOnce(port=simulator.port, reply_port=0) as broken:
            simulator.reply_port = broken.reply_port
            planned = (
                AddTrack.with_clip(broken, NEW, name="Lead", slot=1)
                if new_track
                else PutClip.plan(broken, NEW, track=1, slot=1)
            )
            plan = await planned
            with pytest.raises(RuntimeError, match="unforeseen"):
                await plan.apply()
            broken.broken = True
            return await broken.read_slot(1, 1), (await broken.song()).n_tracks

    assert live(journey) == (OLD, 4)


async def until(simulator, condition):
    """Let the loop run until something holds of the simulated set."""
    while not condition(simulator.live_set):  # noqa: ASYNC110  a simulated set tells nobody
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    "condition",
    [
        lambda found: len(found.tracks) == 5,
        lambda found: len(found.tracks) == 5 and found.tracks[4].own_name == "Lead",
        lambda found: len(found.tracks) == 5 and found.tracks[4].clip_slots[0].clip is not None,
    ],
    ids=["made", "named", "clip made"],
)
def test_a_cancelled_new_track_is_not_left_behind(live, condition):
    async def journey(link, simulator):
        plan = await AddTrack.with_clip(link, NEW, name="Lead", slot=1)
        applying = asyncio.ensure_future(plan.apply())
        await until(simulator, condition)
        applying.cancel()
        with pytest.raises(asyncio.CancelledError):
            await applying
        return (await link.song()).n_tracks, len(simulator.live_set.tracks)

    assert live(journey, tick_s=0.01) == (4, 4)


def test_a_change_cancelled_twice_still_puts_the_old_clip_back(live):
    async def journey(link, simulator):
        await link.write_slot(1, 1, OLD)
        plan = await PutClip.plan(link, NEW, track=1, slot=1)
        applying = asyncio.ensure_future(plan.apply())
        await until(simulator, lambda found: found.slot(0, 0).clip is None)
        for _ in range(2):
            applying.cancel()
            await asyncio.sleep(0)
        with pytest.raises(asyncio.CancelledError):
            await applying
        await until(simulator, lambda found: found.slot(0, 0).clip is not None)
        await until(simulator, lambda found: len(found.slot(0, 0).clip.notes) == 4)
        return await link.read_slot(1, 1)

    assert live(journey, tick_s=0.01) == OLD


def test_making_a_track_without_live_is_no_reply():
    async def journey():
        async with LiveLink(port=9, reply_port=0, timeout_s=0.02) as link:
            with pytest.raises(LinkError) as silent:
                await link.create_track("Lead")
            return silent.value.kind

    assert asyncio.run(journey()) == "no_reply"
