"""Devices through the browser of the fork: loaded onto the track that was meant, and taken off again."""

from __future__ import annotations

import pytest

from conduit.engine.plan import Change
from conduit.errors import LinkError, PartlyDone
from conduit.live import Faults, LoadDevice, Several
from conduit.live.endpoints import ENDPOINTS
from conduit.live.loading import LOADS, search
from conduit.live.simulator import to_json
from conduit.live.simulator.device_library import device

FORK = Faults(fork=True)


def named(simulator, track=0):
    return [found.name for found in simulator.live_set.tracks[track].devices]


@pytest.mark.parametrize("kind", LOADS)
def test_every_kind_has_its_address(kind):
    assert ENDPOINTS[f"/live/browser/load_{kind}"].fork


@pytest.mark.parametrize(
    ("kind", "name"), [("instrument", "Operator"), ("audio_effect", "Reverb"), ("midi_effect", "Arpeggiator")]
)
def test_a_device_is_loaded_and_taken_off_again_and_the_selection_stays(live, kind, name):
    async def journey(link, simulator):
        simulator.live_set.selected_track = 2
        before = to_json(simulator.live_set)
        plan: Change = await LoadDevice.plan(link, track=1, kind=kind, name=name)
        inverse: Change = await plan.apply()
        there = named(simulator), simulator.live_set.selected_track
        again = await inverse.apply()
        return plan, there, inverse.title, again.title, before == to_json(simulator.live_set)

    plan, there, off, again, restored = live(journey, faults=FORK)

    assert plan.title == f"Load {name!r} onto track 1 '1-MIDI'"
    assert plan.lines == (plan.title,)
    assert there == ([name], 2)
    assert (off, again, restored) == (f"Take {name!r} off track 1 '1-MIDI'", plan.title, True)


def test_several_devices_are_loaded_onto_one_track_in_one_plan(live):
    async def journey(link, simulator):
        before = to_json(simulator.live_set)
        wanted = (("midi_effect", "Arpeggiator"), ("instrument", "Operator"), ("audio_effect", "Reverb"))
        plans = [await LoadDevice.plan(link, track=1, kind=kind, name=name) for kind, name in wanted]
        inverse = await Several(tuple(plans)).apply()
        there = named(simulator)
        await inverse.apply()
        return there, before == to_json(simulator.live_set)

    assert live(journey, faults=FORK) == (["Arpeggiator", "Operator", "Reverb"], True)


def test_an_instrument_that_is_there_is_never_replaced(live):
    async def journey(link, simulator):
        plan = await LoadDevice.plan(link, track=1, kind="instrument", name="Operator")
        simulator.live_set.tracks[0].devices = [device("Wavetable")]
        for attempt in (plan.apply(), LoadDevice.plan(link, track=1, kind="sound", name="Sub Bass")):
            with pytest.raises(LinkError, match="would replace it for good: use a new track"):
                await attempt
        return named(simulator)

    assert live(journey, faults=FORK) == ["Wavetable"]


def test_upstream_says_that_it_cannot(live):
    async def journey(link, _):
        with pytest.raises(LinkError, match="cannot reach Live's browser: load 'Operator' by hand"):
            await LoadDevice.plan(link, track=1, kind="instrument", name="Operator")
        with pytest.raises(LinkError, match="cannot reach Live's browser"):
            await search(link, "oper")

    live(journey)


@pytest.mark.parametrize(
    ("track", "kind", "reason"),
    [(3, "instrument", "audio track"), (3, "midi_effect", "audio track"), (9, "instrument", "no track 9"),
     (1, "sample", "there is no loading of 'sample'")],
)  # fmt: skip
def test_what_cannot_be_loaded_there_is_refused_when_planning(live, track, kind, reason):
    async def journey(link, _):
        with pytest.raises(LinkError, match=reason):
            await LoadDevice.plan(link, track=track, kind=kind, name="Operator")

    live(journey, faults=FORK)


def test_what_the_browser_does_not_have_is_named_and_nothing_changes(live):
    async def journey(link, simulator):
        before = to_json(simulator.live_set)
        plan = await LoadDevice.plan(link, track=1, kind="instrument", name="Nonesuch")
        with pytest.raises(LinkError, match=r"no instrument called 'Nonesuch'\. The track is as it was"):
            await plan.apply()
        return before == to_json(simulator.live_set)

    assert live(journey, faults=FORK) is True


def test_search_gives_names(live):
    async def journey(link, _):
        return await search(link, "operator"), await search(link, "nonesuch")

    assert live(journey, faults=FORK) == (("Operator",), ())


@pytest.mark.parametrize(
    "touch",
    [
        lambda found: found.devices.insert(0, device("Arpeggiator")),
        lambda found: found.devices.clear(),
        lambda found: found.set("name", "Mine"),
        lambda found: found.devices.__setitem__(0, turned_off(found.devices[0])),
    ],
    ids=["another before it", "taken off", "another track", "turned"],
)
def test_a_device_that_was_touched_is_not_taken_off(live, touch):
    async def journey(link, simulator):
        inverse = await (await LoadDevice.plan(link, track=1, kind="audio_effect", name="Reverb")).apply()
        touch(simulator.live_set.tracks[0])
        before = to_json(simulator.live_set)
        with pytest.raises(LinkError):
            await inverse.apply()
        return before == to_json(simulator.live_set)

    assert live(journey, faults=FORK) is True


def turned_off(found):
    made = found.copy()
    made.parameters[0] = made.parameters[0].at(0.0)
    return made


def test_live_naming_the_track_after_the_device_does_not_keep_it_there(live):
    async def journey(link, simulator):
        inverse = await (await LoadDevice.plan(link, track=1, kind="instrument", name="Operator")).apply()
        simulator.live_set.tracks[0].set("name", "1-Operator")
        await inverse.apply()
        return named(simulator)

    assert live(journey, faults=FORK) == []


def test_the_fingerprint_follows_the_tracks_devices_and_nothing_else(live):
    async def journey(link, simulator):
        plan = await LoadDevice.plan(link, track=1, kind="audio_effect", name="Reverb")
        marks = [await plan.fingerprint()]
        simulator.live_set.create_clip(0, 0, 4.0)
        simulator.live_set.tracks[0].set("volume", 0.5)
        marks.append(await plan.fingerprint())
        simulator.live_set.tracks[0].devices = [device("Operator")]
        return [*marks, await plan.fingerprint()]

    first, other, loaded = live(journey, faults=FORK)

    assert first == other != loaded


class Mute:
    """Loads and says nothing, and does not take anything off while it is stubborn."""

    def __init__(self, simulator, *, stubborn):
        self.handlers, self.stubborn = simulator.handlers, stubborn
        simulator.handlers = self

    def handle(self, message):
        if self.stubborn and message.address == "/live/track/delete_device":
            message = type(message)("/live/song/delete_track", (99,))
        outcome = self.handlers.handle(message)
        return type(outcome)(()) if message.address.startswith("/live/browser/load") else outcome

    def __getattr__(self, name):
        return getattr(self.handlers, name)


def test_what_was_loaded_without_a_word_is_taken_off_again(live):
    async def journey(link, simulator):
        plan = await LoadDevice.plan(link, track=1, kind="audio_effect", name="Reverb")
        Mute(simulator, stubborn=False)
        with pytest.raises(LinkError, match="What was loaded was taken off again"):
            await plan.apply()
        return named(simulator)

    assert live(journey, faults=FORK) == []


def test_what_could_not_be_taken_off_goes_with_the_error(live):
    async def journey(link, simulator):
        plan = await LoadDevice.plan(link, track=1, kind="audio_effect", name="Reverb")
        mute = Mute(simulator, stubborn=True)
        with pytest.raises(PartlyDone, match="may not be as it was") as failed:
            await plan.apply()
        half = named(simulator)
        mute.stubborn = False
        await failed.value.left.apply()
        return half, named(simulator)

    assert live(journey, faults=FORK) == (["Reverb"], [])
