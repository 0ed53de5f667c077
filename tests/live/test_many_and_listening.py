"""What AbletonOSC answers to questions about many things, to patterns, and to those who listen."""

from __future__ import annotations

import pytest

from conduit.live import LiveSet
from conduit.live.endpoints import ERROR
from conduit.live.osc import decode, encode
from conduit.live.simulator.device_library import device
from conduit.live.simulator.handlers import Handlers


@pytest.fixture
def handlers():
    live = LiveSet()
    live.create_clip(0, 0, 4.0)
    return Handlers(live)


def sent(handlers, address, *args):
    replies = handlers.handle(decode(encode(f"/live/{address}", *args))).replies
    return [(reply.address.removeprefix("/live/"), reply.args) for reply in replies]


def refused(handlers, address, *args):
    ((where, (text,)),) = sent(handlers, address, *args)
    assert f"/live/{where}" == ERROR
    return text.removeprefix("Error handling OSC message: ")


def test_an_unknown_object_in_track_data_is_an_error_of_its_name_only_beside_the_answer(handlers):
    assert sent(handlers, "song/get/track_data", 0, 1, "foo.name", "track.name") == [
        ("error", ("foo",)),
        ("song/get/track_data", ("1-MIDI",)),
    ]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("track.volume", "'Track' object has no attribute 'volume'"),
        ("track.foo", "'Track' object has no attribute 'foo'"),
        ("clip.foo", "'Clip' object has no attribute 'foo'"),
        ("device.foo", "'Device' object has no attribute 'foo'"),
        ("clip.gain", "Gain is only available for Audio Clips"),
        ("track", "not enough values to unpack (expected 2, got 1)"),
    ],
)
def test_what_is_not_there_fails_all_of_track_data(handlers, name, words):
    handlers.live_set.tracks[0].devices.append(device("Reverb"))

    assert refused(handlers, "song/get/track_data", 0, -1, "track.name", name) == words


def test_track_data_has_one_value_for_each_device_of_each_track(handlers):
    handlers.live_set.tracks[1].devices += [device("Operator"), device("Reverb")]

    assert sent(handlers, "song/get/track_data", 0, 2, "track.num_devices", "device.type") == [
        ("song/get/track_data", (0, 2, 1, 2))
    ]


def test_a_pattern_reaches_what_begins_like_it_and_each_answers_by_its_own_address(handlers):
    heard = [address for address, _ in sent(handlers, "song/get/num_*")]

    assert sorted(heard) == ["song/get/num_scenes", "song/get/num_tracks"]
    assert "song/get/scenes/name" in [address for address, _ in sent(handlers, "song/get/*")]


def test_a_pattern_passes_over_what_is_not_there_and_stops_at_what_does_not_apply(handlers):
    heard = sent(handlers, "track/start_listen/*", 0)

    assert ("track/get/has_midi_output", (0, False)) in heard
    assert heard[-1] == (
        "error",
        ("Error handling OSC message: Tracks with MIDI output have no 'output_meter_level' property!",),
    )


def test_a_star_for_the_track_sets_all_and_asks_the_first(handlers):
    silent = sent(handlers, "track/set/mute", "*", 1)

    assert silent == []
    assert [track.get("mute") for track in handlers.live_set.tracks] == [True] * 4
    assert sent(handlers, "track/get/mute", "*") == [("track/get/mute", (0, True))]


def test_a_star_for_the_track_listens_to_all(handlers):
    told = sent(handlers, "track/start_listen/arm", "*")

    assert [address for address, _ in told] == ["track/get/arm"] * 4


def test_setting_the_same_value_again_is_not_told(handlers):
    sent(handlers, "song/start_listen/tempo")

    assert sent(handlers, "song/set/tempo", 120.0) == []


def test_listening_twice_tells_the_value_again_and_changes_once(handlers):
    sent(handlers, "song/start_listen/tempo")
    again = sent(handlers, "song/start_listen/tempo")

    assert again == [("song/get/tempo", (120.0,))]
    assert sent(handlers, "song/set/tempo", 99.0) == [("song/get/tempo", (99.0,))]


@pytest.mark.parametrize(
    ("address", "ids", "kind"),
    [
        ("song/start_listen/can_undo", (), "Song"),
        ("clip/start_listen/length", (0, 0), "Clip"),
        ("clip_slot/start_listen/is_playing", (0, 0), "ClipSlot"),
        ("scene/start_listen/is_empty", (0,), "Scene"),
    ],
)
def test_what_live_has_no_listener_for_is_refused(handlers, address, ids, kind):
    name = address.rpartition("/")[2]

    assert refused(handlers, address, *ids) == f"'{kind}' object has no attribute 'add_{name}_listener'"
