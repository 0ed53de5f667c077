"""Values that a plan sets: in an order that Live takes, read back, and put back exactly."""

from __future__ import annotations

import asyncio

import pytest

from conduit.engine.plan import Change
from conduit.errors import ClipError, LinkError, PartlyDone, SetupError
from conduit.live import Setting, SetValues
from conduit.live.endpoints import ENDPOINTS, NEVER
from conduit.live.setting import SETTABLE
from conduit.live.simulator import to_json
from conduit.live.simulator.device_library import device

LOOP = ("loop_start", "loop_end")
MARKERS = ("start_marker", "end_marker")


def clip_of(simulator):
    return simulator.live_set.slot(0, 0).clip


def ends(names, start, end):
    return [Setting("clip", (1, 1), name, value) for name, value in zip(names, (start, end), strict=True)]


def test_a_plan_says_what_will_change_where_and_from_what_to_what(live):
    settings = [
        Setting("song", (), "tempo", 128.0),
        Setting("song", (), "root_note", 9),
        Setting("song", (), "clip_trigger_quantization", 0),
        Setting("track", (1,), "volume", 0.5),
        Setting("track", (2,), "mute", 1),
        Setting("track", (2,), "color", 0xFF3636),
        Setting("track", (2,), "name", "Bass"),
        Setting("send", (1, 2), "level", 0.25),
        Setting("parameter", (1, 1, 1), "value", 0.0),
    ]

    async def journey(link, simulator):
        simulator.live_set.tracks[0].devices = [device("Operator")]
        return await SetValues.plan(link, settings)

    plan: Change = live(journey)

    assert plan.lines == (
        "tempo: 120 bpm → 128 bpm",
        "root note: C → A",
        "launch quantization: 1 bar → none",
        "volume of track 1 '1-MIDI': 0.85 → 0.5",
        "mute of track 2 '2-MIDI': off → on",
        "colour of track 2 '2-MIDI': #1aff2f → #ff3636",
        "name of track 2 '2-MIDI': '2-MIDI' → 'Bass'",
        "send 2 of track 1 '1-MIDI': 0 → 0.25",
        "'Device On' of 'Operator' on track 1 '1-MIDI': 1 → 0",
    )
    assert (plan.title, plan.overwrites) == ("Change tempo and 8 more values", True)


def test_a_plan_of_one_value_is_its_own_title(live):
    async def journey(link, _):
        return await SetValues.plan(link, [Setting("song", (), "tempo", 128.0)])

    assert live(journey).title == "Set tempo: 120 bpm → 128 bpm"


@pytest.mark.parametrize("names", [LOOP, MARKERS], ids=["loop", "markers"])
@pytest.mark.parametrize(("start", "end"), [(8, 12), (0, 2), (1, 3), (4, 8), (6, 20)], ids=str)
def test_a_start_and_an_end_are_set_wherever_both_may_lie_and_come_back(live, names, start, end):
    async def journey(link, simulator):
        simulator.live_set.create_clip(0, 0, 8.0)
        clip_of(simulator).set(names[1], 4.0)
        before = to_json(simulator.live_set)
        inverse = await (await SetValues.plan(link, ends(names, float(start), float(end)))).apply()
        held = [clip_of(simulator).get(name) for name in names]
        await inverse.apply()
        return held, before == to_json(simulator.live_set)

    assert live(journey) == ([start, end], True)


@pytest.mark.parametrize("reverse", [False, True], ids=["start first", "end first"])
def test_the_order_in_which_they_are_given_does_not_matter(live, reverse):
    async def journey(link, simulator):
        simulator.live_set.create_clip(0, 0, 4.0)
        given = ends(LOOP, 8.0, 12.0)[:: -1 if reverse else 1]
        await (await SetValues.plan(link, given)).apply()
        return clip_of(simulator).loop

    assert live(journey) == (8.0, 12.0)


@pytest.mark.parametrize("looping", [True, False], ids=["switched off", "switched on"])
def test_a_loop_that_is_switched_is_set_as_it_is_meant_then_and_comes_back_as_it_was(live, looping):
    async def journey(link, simulator):
        simulator.live_set.create_clip(0, 0, 8.0)
        clip = clip_of(simulator)
        clip.set("loop_start", 1.0)
        clip.set("end_marker", 6.0)
        clip.set("looping", looping)
        before = to_json(simulator.live_set)
        given = [*ends(LOOP, 16.0, 20.0), Setting("clip", (1, 1), "looping", int(not looping))]
        inverse = await (await SetValues.plan(link, given)).apply()
        held = [clip_of(simulator).get(name) for name in (*LOOP, "looping")]
        await inverse.apply()
        return held, before == to_json(simulator.live_set)

    assert live(journey) == ([16.0, 20.0, not looping], True)


def test_a_scenes_tempo_is_switched_on_with_it_and_off_again(live):
    async def journey(link, simulator):
        before = to_json(simulator.live_set)
        given = [Setting("scene", (1,), "tempo", 90.0), Setting("scene", (1,), "tempo_enabled", 1)]
        inverse = await (await SetValues.plan(link, given)).apply()
        scene = simulator.live_set.scenes[0]
        held = scene.get("tempo"), scene.get("tempo_enabled")
        await inverse.apply()
        return held, before == to_json(simulator.live_set)

    assert live(journey) == ((90.0, True), True)


class Routed:
    """Stands before a simulator's handlers: setting a type of routing makes Live choose a channel of it."""

    def __init__(self, simulator):
        self.simulator, self.handlers = simulator, simulator.handlers

    def handle(self, message):
        outcome = self.handlers.handle(message)
        if message.address == "/live/track/set/input_routing_type":
            self.simulator.live_set.tracks[message.args[0]].routing.pop("input_routing_channel", None)
        return outcome

    def __getattr__(self, name):
        return getattr(self.handlers, name)


def test_a_routes_channel_comes_back_with_its_type(live):
    async def journey(link, simulator):
        simulator.live_set.tracks[2].routing["input_routing_channel"] = "2"
        simulator.handlers = Routed(simulator)
        given = [Setting("track", (3,), "input_routing_type", "Resampling")]
        inverse = await (await SetValues.plan(link, given)).apply()
        held = dict(simulator.live_set.tracks[2].routing)
        await inverse.apply()
        return held, simulator.live_set.tracks[2].routing

    held, restored = live(journey)

    assert held == {"input_routing_type": "Resampling"}
    assert restored == {"input_routing_type": "Ext. In", "input_routing_channel": "2"}


def test_a_name_that_live_gave_is_left_to_live_again(live):
    async def journey(link, simulator):
        inverse = await (await SetValues.plan(link, [Setting("track", (2,), "name", "Bass")])).apply()
        held = simulator.live_set.tracks[1].own_name
        await inverse.apply()
        return held, simulator.live_set.tracks[1].own_name

    assert live(journey) == ("Bass", "")


def test_a_name_that_only_looks_as_if_live_gave_it_is_written(live):
    async def journey(link, simulator):
        await (await SetValues.plan(link, [Setting("track", (2,), "name", "2-Bass")])).apply()
        return simulator.live_set.tracks[1].own_name

    assert live(journey) == "2-Bass"


def test_live_naming_a_track_otherwise_does_not_void_a_plan(live):
    async def journey(link, simulator):
        plan = await SetValues.plan(link, [Setting("track", (2,), "volume", 0.5)])
        base = await plan.fingerprint()
        simulator.live_set.tracks[1].set("name", "2-Operator")  # as after loading one
        await plan.apply()
        return base == await SetValues(link, plan.settings, plan.old, plan.names).fingerprint()

    assert live(journey) is False  # the volume is another now, and the plan was done


def test_the_fingerprint_follows_the_values_and_the_names_and_nothing_else(live):
    async def journey(link, simulator):
        plan = await SetValues.plan(link, [Setting("track", (2,), "volume", 0.5)])
        marks = [await plan.fingerprint()]
        simulator.live_set.set("tempo", 99.0)
        simulator.live_set.tracks[1].set("panning", 0.5)
        simulator.live_set.tracks[0].set("volume", 0.1)
        marks.append(await plan.fingerprint())
        simulator.live_set.tracks[1].set("volume", 0.6)
        marks.append(await plan.fingerprint())
        simulator.live_set.tracks[1].set("name", "Bass")
        marks.append(await plan.fingerprint())
        return marks

    first, other_things, louder, renamed = live(journey)

    assert first == other_things
    assert len({first, louder, renamed}) == 3


@pytest.mark.parametrize("name", ["volume", "name"])
def test_values_are_not_set_where_somebody_was_faster(live, name):
    async def journey(link, simulator):
        plan = await SetValues.plan(link, [Setting("track", (2,), "volume", 0.5)])
        simulator.live_set.tracks[1].set(name, {"volume": 0.2, "name": "Mine"}[name])
        with pytest.raises(LinkError, match=r"nothing was done.*no longer as it was"):
            await plan.apply()
        return simulator.live_set.tracks[1].get("volume")

    assert live(journey) == (0.2 if name == "volume" else 0.85)


def test_a_value_that_live_refuses_leaves_all_as_it_was(live):
    settings = [
        Setting("track", (1,), "name", "Lead"),
        Setting("track", (1,), "color", 0xFF3636),
        Setting("track", (2,), "volume", 7.0),
    ]

    async def journey(link, simulator):
        simulator.live_set.tracks[1].set("volume", 0.5)
        before = to_json(simulator.live_set)
        with pytest.raises(LinkError, match=r"set/volume.*What was there before is there"):
            await (await SetValues.plan(link, settings)).apply()
        state = to_json(simulator.live_set)
        for values in (state["tracks"][0]["values"], before["tracks"][0]["values"]):
            values.pop("color_index", None)  # it follows from the colour
        return state == before

    assert live(journey) is True


class Deaf:
    """Stands before a simulator's handlers: one address is taken, and nothing comes of it."""

    def __init__(self, handlers, address):
        self.handlers, self.address = handlers, address

    def handle(self, message):
        if message.address == self.address:
            message = type(message)("/live/api/show_message", ("taken",))
        return self.handlers.handle(message)

    def __getattr__(self, name):
        return getattr(self.handlers, name)


def test_a_value_that_live_takes_and_does_not_hold_is_told(live):
    async def journey(link, simulator):
        plan = await SetValues.plan(link, [Setting("track", (2,), "volume", 0.5)])
        simulator.handlers = Deaf(simulator.handlers, "/live/track/set/volume")
        with pytest.raises(LinkError, match=r"volume of track 2 '2-MIDI' is 0\.85 instead of 0\.5"):
            await plan.apply()

    live(journey)


class Stuck:
    """Takes the first panning there is, and refuses every other and all volumes, as long as it is stuck."""

    def __init__(self, simulator):
        self.handlers, self.stuck, self.taken = simulator.handlers, True, False
        simulator.handlers = self

    def handle(self, message):
        is_panning = message.address == "/live/track/set/panning"
        if self.stuck and (message.address == "/live/track/set/volume" or (is_panning and self.taken)):
            message = type(message)("/live/song/delete_track", (99,))
        self.taken = self.taken or is_panning
        return self.handlers.handle(message)

    def __getattr__(self, name):
        return getattr(self.handlers, name)


async def stuck_half_way(link, simulator):
    """Leave the panning of the first track where it was put; give what takes it back."""
    settings = [Setting("track", (1,), "panning", 0.5), Setting("track", (2,), "volume", 0.5)]
    plan = await SetValues.plan(link, settings)
    stuck = Stuck(simulator)
    with pytest.raises(PartlyDone, match="could not be put back") as failed:
        await plan.apply()
    stuck.stuck = False
    return failed.value.left


def test_what_could_not_be_put_back_goes_with_the_error_and_can_be_tried_again(live):
    async def journey(link, simulator):
        left = await stuck_half_way(link, simulator)
        half = simulator.live_set.tracks[0].get("panning")
        await left.apply()
        return left.lines, half, simulator.live_set.tracks[0].get("panning")

    assert live(journey) == (("Put back panning of track 1 '1-MIDI' and 1 more value",), 0.5, 0.0)


def test_what_is_left_is_not_put_back_onto_another_track(live):
    async def journey(link, simulator):
        left = await stuck_half_way(link, simulator)
        simulator.live_set.tracks[0].set("name", "Mine")
        with pytest.raises(LinkError, match="look again"):
            await left.apply()
        return simulator.live_set.tracks[0].get("panning")

    assert live(journey) == 0.5


def test_a_cancelled_change_puts_all_values_back(live):
    async def journey(link, simulator):
        before = to_json(simulator.live_set)
        given = [Setting("scene", (1,), "tempo_enabled", 1), Setting("scene", (1,), "tempo", 90.0)]
        applying = asyncio.ensure_future((await SetValues.plan(link, given)).apply())
        while not simulator.live_set.scenes[0].get("tempo_enabled"):  # noqa: ASYNC110  a set tells nobody
            await asyncio.sleep(0)
        applying.cancel()
        with pytest.raises(asyncio.CancelledError):
            await applying
        return before == to_json(simulator.live_set)

    assert live(journey, tick_s=0.01) is True


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        (Setting("track", (9,), "volume", 0.5), "volume of track 9 cannot be set: .*out of range"),
        (Setting("clip", (1, 1), "name", "x"), "name of track 1 slot 1 cannot be set"),
        (Setting("parameter", (1, 2, 3), "value", 0.5), "track 1 device 2 parameter 3 cannot be set"),
        (Setting("scene", (1,), "color", 5), "could not be given back none"),
    ],
    ids=["no track", "no clip", "no device", "no colour"],
)
def test_what_is_not_there_cannot_be_planned(live, setting, reason):
    async def journey(link, _):
        with pytest.raises(LinkError, match=reason):
            await SetValues.plan(link, [Setting("song", (), "tempo", 90.0), setting])

    live(journey)


def test_a_name_that_cannot_be_sent_cannot_be_planned(live):
    async def journey(link, _):
        with pytest.raises(ClipError, match="name of track 1 cannot be sent"):
            await SetValues.plan(link, [Setting("track", (1,), "name", "Bass\0")])

    live(journey)


def test_of_two_settings_of_one_value_the_later_counts(live):
    async def journey(link, simulator):
        given = [Setting("song", (), "tempo", bpm) for bpm in (90.0, 100.0)]
        await (await SetValues.plan(link, given)).apply()
        return simulator.live_set.get("tempo")

    assert live(journey) == 100.0


@pytest.mark.parametrize(
    ("thing", "name"), [(thing, name) for thing in SETTABLE for name in SETTABLE[thing].split()]
)
def test_everything_settable_has_its_addresses_and_none_is_on_the_list_of_what_is_never_sent(thing, name):
    n_numbers = {"song": 0, "clip": 2, "clip_slot": 2, "send": 2, "parameter": 3}.get(thing, 1)
    setting = Setting(thing, (1,) * n_numbers, name, 1)

    assert {setting.getter, setting.setter} <= set(ENDPOINTS) - set(NEVER)


@pytest.mark.parametrize(
    ("thing", "name"),
    [
        ("song", "record_mode"),
        ("song", "session_record"),
        ("song", "arrangement_overdub"),
        ("song", "is_ableton_link_enabled"),
        ("song", "current_song_time"),
        ("song", "undo"),
        ("view", "selected_track"),
        ("device", "name"),
        ("api", "reload"),
    ],
)
def test_recording_link_and_what_one_plays_are_left_to_the_person(thing, name):
    with pytest.raises(SetupError, match="no plan can set"):
        Setting(thing, (), name, 1)


@pytest.mark.parametrize("numbers", [(), (0,), (-1,), (1, 1)], ids=str)
def test_a_setting_needs_its_numbers_from_1(numbers):
    with pytest.raises(SetupError, match="needs its numbers, from 1: track"):
        Setting("track", numbers, "volume", 0.5)
