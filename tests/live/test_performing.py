"""Playing a set: clips, scenes and the transport, by numbers from 1, and nothing written."""

from __future__ import annotations

import pytest

from conduit.errors import LinkError
from conduit.live import performing
from conduit.live.simulator import to_json
from conduit.music import Clip, Note

CLIP = Clip.of([Note(60, 0, 1)], name="bass")


def playing(simulator):
    return [(track, clip.get("name")) for track, clip, _ in simulator.live_set.sounding()]


def test_a_clip_is_launched_and_stopped_and_the_set_holds_what_it_held(live):
    async def journey(link, simulator):
        await link.write_slot(2, 3, CLIP)
        before = to_json(simulator.live_set)
        said = await performing.fire(link, 2, 3)
        heard = playing(simulator)
        stopped = await performing.stop(link, 2), await performing.stop(link)
        await performing.play(link, on=False)
        return said, heard, stopped, playing(simulator), before == to_json(simulator.live_set)

    said, heard, stopped, silent, same = live(journey)

    assert said == "track 2 '2-MIDI', slot 3"
    assert heard == [(2, "bass")]
    assert stopped == ("track 2 '2-MIDI'", "all clips")
    assert (silent, same) == ([], True)


def test_a_scene_launches_its_clips_and_is_named(live):
    async def journey(link, _):
        await link.write_slot(1, 2, CLIP)
        await link.tell("/live/scene/set/name", 1, "Drop")
        return await performing.fire_scene(link, 2), await performing.fire_scene(link, 3)

    assert live(journey) == ("scene 2 'Drop'", "scene 3")


def test_a_scene_sounds_on_all_its_tracks(live):
    async def journey(link, simulator):
        await link.write_slot(1, 2, CLIP)
        await link.write_slot(2, 2, CLIP)
        await performing.fire_scene(link, 2)
        return playing(simulator)

    assert live(journey) == [(1, "bass"), (2, "bass")]


def test_an_empty_slot_is_not_launched_because_that_would_stop_the_track(live):
    async def journey(link, simulator):
        await link.write_slot(1, 1, CLIP)
        await performing.fire(link, 1, 1)
        with pytest.raises(LinkError, match="slot 2 of track 1 '1-MIDI' is empty"):
            await performing.fire(link, 1, 2)
        return playing(simulator)

    assert live(journey) == [(1, "bass")]


@pytest.mark.parametrize(
    ("work", "reason"),
    [
        (lambda link: performing.fire_scene(link, 9), "there is no scene 9: the set has 1 to 8"),
        (lambda link: performing.fire_scene(link, 0), "there is no scene 0"),
        (lambda link: performing.fire(link, 9, 1), "there is no track 9"),
        (lambda link: performing.stop(link, 9), "there is no track 9"),
    ],
)
def test_what_is_not_there_is_refused(live, work, reason):
    async def journey(link, _):
        with pytest.raises(LinkError, match=reason):
            await work(link)

    live(journey)


def test_the_transport_runs_and_stops(live):
    async def journey(link, simulator):
        states = []
        for on, go_on in ((True, False), (False, False), (True, True)):
            await performing.play(link, on=on, go_on=go_on)
            states.append(simulator.live_set.get("is_playing"))
        return states

    assert live(journey) == [True, False, True]
