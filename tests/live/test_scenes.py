"""Scenes and tracks that a plan adds, and takes away only as long as they are its own."""

from __future__ import annotations

import asyncio

import pytest

from conduit.engine.plan import Change
from conduit.errors import ClipError, LinkError, PartlyDone
from conduit.live import AddScene, AddTrack
from conduit.live.simulator import to_json
from conduit.live.simulator.arrangement import ArrangementClip
from conduit.live.simulator.clips import LiveSetClip
from conduit.live.simulator.device_library import device
from conduit.music import Clip, Note

NEW = Clip.of([Note(45, i / 2, 0.5) for i in range(8)], name="new idea")
ADDED = {
    "scene": lambda link: AddScene(link, "Drop"),
    "scene without a name": AddScene,
    "track": lambda link: AddTrack.empty(link, name="Lead"),
    "track without a name": lambda link: AddTrack.empty(link, name=""),
    "audio track": lambda link: AddTrack.empty(link, name="Voice", midi=False),
}
BY_KIND = pytest.mark.parametrize("make", ADDED.values(), ids=ADDED)


@BY_KIND
def test_what_is_added_is_there_and_is_taken_away_again(live, make):
    async def journey(link, simulator):
        before = to_json(simulator.live_set)
        plan: Change = make(link)
        base = await plan.fingerprint()
        inverse: Change = await plan.apply()
        counts = len(simulator.live_set.scenes) + len(simulator.live_set.tracks)
        await inverse.fingerprint()
        again = await inverse.apply()
        return plan, base, inverse, counts, again, before == to_json(simulator.live_set)

    plan, base, inverse, counts, again, restored = live(journey)

    assert (counts, restored, again, plan.overwrites) == (13, True, plan, False)
    assert plan.title.startswith("Add a new")
    assert plan.lines == (plan.title,)
    assert base
    assert inverse.title.startswith("Delete")
    assert inverse.lines == (inverse.title,)


def test_a_scene_is_at_the_end_and_bears_its_name(live):
    async def journey(link, simulator):
        await AddScene(link, "Drop").apply()
        return [scene.get("name") for scene in simulator.live_set.scenes][-2:]

    assert live(journey) == ["", "Drop"]


def test_an_audio_track_takes_no_notes(live):
    async def journey(link, simulator):
        await AddTrack.empty(link, name="Voice", midi=False).apply()
        return simulator.live_set.tracks[-1].is_midi

    assert live(journey) is False


@pytest.mark.parametrize("make", [AddScene, lambda link, name: AddTrack.empty(link, name=name)])
def test_a_name_that_cannot_be_sent_is_refused_when_planning(live, make):
    async def journey(link, _):
        with pytest.raises(ClipError, match="cannot be sent"):
            make(link, "Drop\0")

    live(journey)


@pytest.mark.parametrize(
    "touch",
    [
        lambda found: (found.create_clip(0, 8, 4.0), found.settle()),
        lambda found: found.scenes[8].set("name", "Mine"),
        lambda found: found.delete_scene(0),
    ],
    ids=["used", "renamed", "moved"],
)
def test_a_scene_that_was_touched_is_not_taken_away(live, touch):
    async def journey(link, simulator):
        inverse = await AddScene(link, "Drop").apply()
        touch(simulator.live_set)
        n_scenes = len(simulator.live_set.scenes)
        with pytest.raises(LinkError):
            await inverse.apply()
        return len(simulator.live_set.scenes) - n_scenes

    assert live(journey) == 0


def put_arrangement_clip(found):
    found.arrangement_clips = [ArrangementClip(LiveSetClip((0.0, 4.0), (0.0, 4.0)), 0.0, 4.0)]


@pytest.mark.parametrize(
    "touch",
    [lambda found: found.devices.append(device("Operator")), put_arrangement_clip],
    ids=["device", "clip in the arrangement"],
)
def test_a_new_track_that_somebody_has_used_is_not_taken_away(live, touch):
    async def journey(link, simulator):
        inverse = await AddTrack.empty(link, name="Lead").apply()
        touch(simulator.live_set.tracks[4])
        with pytest.raises(LinkError, match="was not deleted"):
            await inverse.apply()
        return len(simulator.live_set.tracks)

    assert live(journey) == 5


def test_a_scene_more_does_not_keep_a_new_track_from_being_taken_away(live):
    async def journey(link, _):
        inverse = await AddTrack.empty(link, name="Lead").apply()
        base = await inverse.fingerprint()
        await AddScene(link, "Drop").apply()
        same = await inverse.fingerprint() == base
        await inverse.apply()
        return same, (await link.song()).n_tracks

    assert live(journey) == (True, 4)


NAMINGS = {"scene": "/live/scene/set/name", "track": "/live/track/set/name"}


@pytest.mark.parametrize("kind", NAMINGS)
def test_what_cannot_be_named_is_not_left_behind(live, moody, kind):
    async def journey(link, simulator):
        before = to_json(simulator.live_set)
        moody(simulator, refuses=NAMINGS[kind])
        with pytest.raises(LinkError, match=r"not in list.*was removed"):
            await ADDED[kind](link).apply()
        return before == to_json(simulator.live_set)

    assert live(journey) is True


class Stubborn:
    """Refuses to name what is made, and to delete it."""

    def __init__(self, simulator):
        self.handlers, self.addresses = simulator.handlers, {*NAMINGS.values()}
        self.addresses |= {"/live/song/delete_scene", "/live/song/delete_track"}
        simulator.handlers = self

    def handle(self, message):
        if message.address in self.addresses:
            message = type(message)("/live/song/delete_track", (99,))
        return self.handlers.handle(message)

    def __getattr__(self, name):
        return getattr(self.handlers, name)


@pytest.mark.parametrize("kind", NAMINGS)
def test_what_is_left_behind_is_named_and_taken_away_later(live, kind):
    async def journey(link, simulator):
        before = to_json(simulator.live_set)
        stubborn = Stubborn(simulator)
        with pytest.raises(PartlyDone, match=rf"A new {kind} [59] may be there") as failed:
            await ADDED[kind](link).apply()
        stubborn.addresses = ()
        await failed.value.left.apply()
        await failed.value.left.apply()
        return before == to_json(simulator.live_set)

    assert live(journey) is True


@pytest.mark.parametrize(
    ("kind", "use"),
    [
        ("scene", lambda found: (found.create_clip(0, 8, 4.0), found.settle())),
        ("scene", lambda found: found.scenes[8].set("name", "Mine")),
        ("track", lambda found: found.create_clip(4, 0, 4.0)),
        ("track", lambda found: found.tracks[4].set("name", "Mine")),
        ("track", lambda found: found.tracks[4].devices.append(device("Operator"))),
    ],
    ids=["scene used", "scene renamed", "track used", "track renamed", "device"],
)
def test_what_is_left_behind_and_used_by_somebody_is_not_taken_away(live, kind, use):
    async def journey(link, simulator):
        stubborn = Stubborn(simulator)
        with pytest.raises(PartlyDone) as failed:
            await ADDED[kind](link).apply()
        stubborn.addresses = ()
        use(simulator.live_set)
        before = to_json(simulator.live_set)
        with pytest.raises(LinkError, match="delete it by hand"):
            await failed.value.left.apply()
        return before == to_json(simulator.live_set)

    assert live(journey) is True


@pytest.mark.parametrize("kind", NAMINGS)
def test_whether_it_was_taken_away_may_be_unknown_and_is_found_out_later(live, kind):
    """The answer that says so is lost; then it is made again, so that undo can take it away once more."""

    async def journey(link, simulator):
        before = to_json(simulator.live_set)
        inverse = await ADDED[kind](link).apply()
        handlers = simulator.handlers

        class Silent:
            gone = False

            def handle(self, message):
                outcome = handlers.handle(message)
                self.gone = self.gone or message.address == f"/live/song/delete_{kind}"
                return type(outcome)(()) if self.gone else outcome

            def __getattr__(self, name):
                return getattr(handlers, name)

        simulator.handlers = Silent()
        with pytest.raises(PartlyDone, match="may be gone") as failed:
            await inverse.apply()
        simulator.handlers = handlers
        await failed.value.left.apply()
        await inverse.apply()
        return before == to_json(simulator.live_set)

    assert live(journey, timeout_s=0.05, busy_s=0.1) is True


def test_a_cancelled_new_scene_is_not_left_behind(live):
    async def journey(link, simulator):
        applying = asyncio.ensure_future(AddScene(link, "Drop").apply())
        while len(simulator.live_set.scenes) == 8:  # noqa: ASYNC110  a simulated set tells nobody
            await asyncio.sleep(0)
        applying.cancel()
        with pytest.raises(asyncio.CancelledError):
            await applying
        return len(simulator.live_set.scenes)

    assert live(journey, tick_s=0.01) == 8
