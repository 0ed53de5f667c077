"""What AbletonOSC answers, rule by rule, from messages to the simulator's handlers."""

from __future__ import annotations

import pytest

from conduit.live import LiveSet
from conduit.live.endpoints import ERROR
from conduit.live.osc import Message, decode, encode
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


# Ids and arguments


def test_ids_come_back_first_and_as_whole_numbers(handlers):
    assert sent(handlers, "clip/get/length", 0.0, 0.0) == [("clip/get/length", (0, 0, 4.0))]
    assert [type(value) for value in sent(handlers, "clip/get/length", 0.0, 0.0)[0][1]] == [int, int, float]


def test_updates_come_from_the_address_of_the_getter_with_the_ids_as_they_were_sent(handlers):
    told = sent(handlers, "track/start_listen/mute", 1.0)
    updates = sent(handlers, "track/set/mute", 1, 1)

    assert told == [("track/get/mute", (1.0, False))]
    assert updates == [("track/get/mute", (1.0, True))]
    assert isinstance(updates[0][1][0], float)


@pytest.mark.parametrize(
    ("address", "ids"),
    [("song/get/tempo", ()), ("track/get/mute", (0,)), ("clip/get/length", (0, 0)), ("scene/get/name", (0,))],
)
def test_getters_give_arguments_they_do_not_need_back_behind_the_value(handlers, address, ids):
    ((_, plain),) = sent(handlers, address, *ids)
    ((_, more),) = sent(handlers, address, *ids, 7, "x")

    assert more == (*plain, 7, "x")


@pytest.mark.parametrize(
    ("address", "args", "words"),
    [
        ("view/set/selected_track", (1.0,), "Invalid index type"),
        ("song/get/track_names", (0.0, 2.0), "'float' object cannot be interpreted as an integer"),
        ("clip_slot/duplicate_clip_to", (0, 0, 1.0, 0.0), "did not match C++ signature"),
        ("clip/add/notes", (0, 0, 60.0, 0.0, 1.0, 100, 0), "MidiNoteSpecification"),
    ],
    ids=["selecting", "a range of tracks", "the target of a copy", "a pitch"],
)
def test_numbers_with_a_point_are_no_indices_there(handlers, address, args, words):
    assert words in refused(handlers, address, *args)


@pytest.mark.parametrize("value", [1, True], ids=["1", "true"])
def test_a_flag_is_set_by_a_whole_number_or_a_truth(handlers, value):
    sent(handlers, "track/set/solo", 0, value)

    assert sent(handlers, "track/get/solo", 0) == [("track/get/solo", (0, True))]


@pytest.mark.parametrize("value", [1.0, "1"], ids=["with a point", "text"])
def test_a_flag_is_not_set_by_anything_else(handlers, value):
    assert "did not match C++ signature" in refused(handlers, "track/set/solo", 0, value)
    assert sent(handlers, "track/get/solo", 0) == [("track/get/solo", (0, False))]


def test_a_value_of_another_type_is_refused_with_both_signatures(handlers):
    assert refused(handlers, "song/set/tempo", "x") == (
        "Python argument types in\n    None.None(Song, str)\n"
        "did not match C++ signature:\n    None(class TPyHandle<class ASong>, float)"
    )


def test_an_argument_too_many_is_refused_by_lives_own_methods(handlers):
    assert "Song.start_playing(Song, int)" in refused(handlers, "song/start_playing", 1)


# Values


@pytest.mark.parametrize("name", ["Bässe ♭", "鼓", ""])
def test_names_of_any_script_and_empty_ones_come_back_as_they_were(handlers, name):
    sent(handlers, "clip/set/name", 0, 0, name)

    assert sent(handlers, "clip/get/name", 0, 0) == [("clip/get/name", (0, 0, name))]


@pytest.mark.parametrize(
    ("address", "ids"),
    [
        ("clip/get/gain", (0, 0)),
        ("clip/get/warping", (0, 0)),
        ("track/get/fold_state", (0,)),
        ("track/get/output_meter_left", (0,)),
        ("scene/get/color", (0,)),
    ],
)
def test_what_does_not_apply_is_nil(handlers, address, ids):
    assert sent(handlers, address, *ids) == [(address, (*ids, None))]


def test_a_track_of_notes_has_meters_once_there_is_an_instrument_on_it(handlers):
    handlers.live_set.tracks[0].devices.append(device("Operator"))

    assert sent(handlers, "track/get/output_meter_left", 0) == [("track/get/output_meter_left", (0, 0.0))]


def test_an_empty_slot_is_nil_among_the_clips_of_a_track(handlers):
    assert sent(handlers, "track/get/clips/length", 0) == [("track/get/clips/length", (0, 4.0, *[None] * 7))]


@pytest.mark.parametrize(
    ("address", "args"), [("song/get/cue_points", ()), ("song/get/scenes/name", (0, -1))]
)
def test_a_list_of_nothing_is_answered_without_arguments(handlers, address, args):
    assert sent(handlers, address, *args) == [(address, ())]


# Failures


@pytest.mark.parametrize(
    ("address", "args", "words"),
    [
        ("track/get/name", (99,), "Index out of range"),
        ("track/get/name", (-99,), "Index out of range"),
        ("track/get/name", (), "list index out of range"),
        ("track/set/name", (0,), "tuple index out of range"),
        ("track/set/input_routing_type", (0,), "tuple index out of range"),
        ("scene/set/name", (0,), "list index out of range"),
        ("clip/get/name", (0, 1), "'NoneType' object has no attribute 'name'"),
        (
            "clip/add/notes",
            (0, 1, 60, 0.0, 1.0, 100, 0),
            "'NoneType' object has no attribute 'add_new_notes'",
        ),
        ("clip/duplicate_loop", (0, 1), "'NoneType' object has no attribute 'duplicate_loop'"),
        ("clip/start_listen/file_path", (0, 0), "FilePath is only available for Audio Clips"),
        ("track/set/volume", (0, 1.5), "Invalid value. Check the parameters range with min/max"),
        ("track/set/panning", (0, -1.5), "Invalid value. Check the parameters range with min/max"),
        ("track/set/send", (0, 0, 1.5), "Invalid value. Check the parameters range with min/max"),
        ("track/set/current_monitoring_state", (0, 3), "Invalid monitoring state!"),
        ("clip_slot/create_clip", (0, 0, 4.0), "The slot already has a clip"),
        ("clip_slot/create_clip", (2, 0, 4.0), "Clips can only be created on MIDI tracks"),
        ("api/set/log_level", ("loud",), ""),
    ],
)
def test_a_failure_is_told_in_the_words_of_live_or_python(handlers, address, args, words):
    assert refused(handlers, address, *args) == words


def test_an_unknown_address_is_named(handlers):
    assert sent(handlers, "song/get/nothing") == [("error", ("Unknown OSC address: /live/song/get/nothing",))]


def test_notes_are_never_removed_by_their_ids(handlers):
    words = refused(handlers, "clip/remove_notes_by_id", 0, 0, 1)

    assert words.startswith("Python argument types in\n    Clip.remove_notes_by_id(Clip, int)\n")


@pytest.mark.parametrize("address", ["clip/get/notes", "clip/remove/notes"])
def test_a_range_of_notes_has_four_numbers_or_none(handlers, address):
    assert refused(handlers, address, 0, 0, 0, 128) == (
        f"Invalid number of arguments for /{address}. Either 0 or 4 arguments must be passed."
    )


# The view, and AbletonOSC itself


def test_selecting_goes_by_the_end_too_and_a_clip_is_a_track_and_a_scene(handlers):
    sent(handlers, "view/set/selected_clip", -1, 2)

    assert sent(handlers, "view/get/selected_clip") == [("view/get/selected_clip", (3, 2))]


def test_selecting_a_device_is_the_only_setting_that_is_answered(handlers):
    handlers.live_set.tracks[0].devices += [device("Operator"), device("Reverb")]

    answered = sent(handlers, "view/set/selected_device", 0, 1)

    assert answered == [("view/set/selected_device", (0, 1))]
    assert sent(handlers, "view/get/selected_device") == [("view/get/selected_device", (0, 1))]


def test_a_track_without_devices_has_none_selected(handlers):
    assert refused(handlers, "view/get/selected_device") == "None is not in list"


def test_the_log_level_stays_until_a_reload(handlers):
    sent(handlers, "api/set/log_level", "debug")
    kept = sent(handlers, "api/get/log_level")
    handlers.handle(Message("/live/api/reload"))

    assert kept == [("api/get/log_level", ("debug",))]
    assert sent(handlers, "api/get/log_level") == [("api/get/log_level", ("info",))]


def test_the_log_level_is_forgotten_when_abletonosc_starts_again(handlers):
    sent(handlers, "api/set/log_level", "debug")

    assert sent(Handlers(handlers.live_set), "api/get/log_level") == [("api/get/log_level", ("info",))]


def test_exporting_the_structure_says_one(handlers):
    assert sent(handlers, "song/export/structure") == [("song/export/structure", (1,))]
