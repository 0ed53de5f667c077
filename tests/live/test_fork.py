"""What only the fork of smithclay has: clips in the arrangement, chains of racks, the browser."""

from __future__ import annotations

import pytest

from conduit.live import LiveSet
from conduit.live.osc import Message
from conduit.live.simulator.device_library import device
from conduit.live.simulator.faults import Faults
from conduit.live.simulator.handlers import Handlers


@pytest.fixture
def handlers():
    live = LiveSet()
    live.faults = Faults(fork=True)
    live.create_clip(0, 0, 4.0)
    live.slot(0, 0).clip.set("name", "Riff")
    return Handlers(live)


def sent(handlers, address, *args):
    return [reply.args for reply in handlers.handle(Message(f"/live/{address}", args)).replies]


def error(handlers, address, *args):
    ((text,),) = sent(handlers, address, *args)
    return text.removeprefix("Error handling OSC message: ")


def arranged(handlers):
    """Give starts and ends of what is in the arrangement of the first track."""
    return [(clip.start_time, clip.end_time) for clip in handlers.live_set.tracks[0].arrangement_clips]


# Clips in the arrangement


def test_a_clip_is_made_in_the_arrangement_and_the_session_is_left_as_it_was(handlers):
    assert sent(handlers, "track/create_arrangement_clip", 0, 8.0, 4.0) == [(0, 0)]

    assert arranged(handlers) == [(8.0, 12.0)]
    assert sent(handlers, "track/get/clips/name", 0) == [(0, "Riff", *[None] * 7)]


def test_where_no_slot_is_free_no_clip_can_be_made_in_the_arrangement(handlers):
    for scene in range(1, 8):
        handlers.live_set.create_clip(0, scene, 4.0)

    words = error(handlers, "track/create_arrangement_clip", 0, 8.0, 4.0)

    assert words == "No empty clip slot available for arrangement clip creation"


def test_a_clip_of_the_session_is_copied_into_the_arrangement_with_its_notes(handlers):
    sent(handlers, "clip/add/notes", 0, 0, 60, 0.0, 1.0, 100, 0)

    answered = sent(handlers, "track/duplicate_to_arrangement", 0, 0, 16.0)

    assert answered == [(0, 0)]
    assert sent(handlers, "arrangement_clip/get/notes", 0, 0) == [(0, 0, 60, 0.0, 1.0, 100.0, False)]
    assert sent(handlers, "arrangement_clip/get/name", 0, 0) == [(0, 0, "Riff")]
    assert sent(handlers, "track/get/arrangement_clips/start_time", 0) == [(0, 16.0)]
    assert error(handlers, "track/duplicate_to_arrangement", 0, 3, 16.0) == "No clip in slot 3"


def test_notes_of_the_arrangement_are_not_those_of_the_session(handlers):
    sent(handlers, "track/duplicate_to_arrangement", 0, 0, 0.0)

    sent(handlers, "arrangement_clip/add/notes", 0, 0, 62, 0.0, 1.0, 100, 0)
    found = sent(handlers, "arrangement_clip/get/notes", 0, 0)
    sent(handlers, "arrangement_clip/remove/notes", 0, 0)

    assert found == [(0, 0, 62, 0.0, 1.0, 100.0, False)]
    assert sent(handlers, "arrangement_clip/get/notes", 0, 0) == [(0, 0)]
    assert sent(handlers, "clip/get/notes", 0, 0) == [(0, 0)]


def test_what_is_put_onto_occupied_time_cuts_what_was_there(handlers):
    sent(handlers, "track/create_arrangement_clip", 0, 0.0, 16.0)
    sent(handlers, "track/duplicate_to_arrangement", 0, 0, 4.0)

    assert arranged(handlers) == [(0.0, 4.0), (4.0, 8.0), (8.0, 16.0)]


def test_a_clip_is_split_in_two_that_meet(handlers):
    sent(handlers, "track/create_arrangement_clip", 0, 8.0, 4.0)

    assert sent(handlers, "track/split_arrangement_clip", 0, 0, 9.0) == [(0, 0, 1)]
    assert arranged(handlers) == [(8.0, 9.0), (9.0, 12.0)]
    assert sent(handlers, "arrangement_clip/get/loop_start", 0, 1) == [(0, 1, 1.0)]
    assert "within clip bounds (8.000000, 9.000000)" in error(
        handlers, "track/split_arrangement_clip", 0, 0, 20.0
    )


def test_a_clip_is_moved_copied_and_deleted(handlers):
    sent(handlers, "track/create_arrangement_clip", 0, 0.0, 4.0)

    moved = sent(handlers, "track/move_arrangement_clip", 0, 0, 8.0)
    copied = sent(handlers, "track/duplicate_arrangement_clip", 0, 0, 16.0)
    both = arranged(handlers)
    sent(handlers, "track/delete_arrangement_clip", 0, 0)

    assert (moved, copied) == ([(0, 0)], [(0, 1)])
    assert (both, arranged(handlers)) == ([(8.0, 12.0), (16.0, 20.0)], [(16.0, 20.0)])


def test_undo_takes_a_clip_out_of_the_arrangement_again(handlers):
    sent(handlers, "track/create_arrangement_clip", 0, 0.0, 4.0)
    sent(handlers, "song/undo")

    assert arranged(handlers) == []


def test_who_listens_to_a_clip_of_the_arrangement_hears_what_is_set(handlers):
    sent(handlers, "track/create_arrangement_clip", 0, 0.0, 4.0)
    sent(handlers, "arrangement_clip/start_listen/name", 0, 0)

    assert sent(handlers, "arrangement_clip/set/name", 0, 0, "Verse") == [(0, 0, "Verse")]


# Chains


def test_chains_of_a_rack_are_named_muted_and_mixed(handlers):
    handlers.live_set.tracks[0].devices.append(device("Drum Rack", name="Kit"))

    for name, value in (("name", "Boom"), ("mute", 1), ("volume", 0.5)):
        assert sent(handlers, f"device/set/chain/{name}", 0, 0, 0, value) == []

    assert sent(handlers, "device/get/num_chains", 0, 0) == [(0, 0, 8)]
    firsts = [sent(handlers, f"device/get/chains/{name}", 0, 0)[0][2] for name in ("name", "mute", "volume")]
    assert firsts == ["Boom", True, 0.5]
    words = error(handlers, "device/set/chain/volume", 0, 0, 0, 2.0)
    assert words == "Invalid value. Check the parameters range with min/max"


def test_what_is_no_rack_has_no_chains(handlers):
    handlers.live_set.tracks[0].devices.append(device("Operator"))

    assert error(handlers, "device/get/num_chains", 0, 0) == "Device 'Operator' cannot have chains"


# The browser


def names(handlers, track=0):
    return [device.name for device in handlers.live_set.tracks[track].devices]


def test_what_is_loaded_comes_onto_the_selected_track_and_is_named(handlers):
    sent(handlers, "view/set/selected_track", 1)

    assert sent(handlers, "browser/load_instrument", "operator") == [("Operator",)]
    assert (names(handlers, 0), names(handlers, 1)) == ([], ["Operator"])


@pytest.mark.parametrize(
    "address",
    ["load_instrument", "load_drum_kit", "load_audio_effect", "load_midi_effect", "load_sound", "load_sample",
     "load_clip", "load_plugin", "load_max_device", "load_user_preset", "preview_sample", "hotswap_load"],
)  # fmt: skip
def test_what_is_not_found_is_not_answered(handlers, address):
    assert sent(handlers, f"browser/{address}", "no such thing") == []
    assert names(handlers) == []


def test_devices_stand_in_lives_order_and_an_instrument_takes_the_place_of_another(handlers):
    for address, name in (
        ("load_audio_effect", "Reverb"),
        ("load_instrument", "Operator"),
        ("load_midi_effect", "Chord"),
        ("load_audio_effect", "Utility"),
        ("load_instrument", "Drift"),
    ):
        sent(handlers, f"browser/{address}", name)

    assert names(handlers) == ["Chord", "Drift", "Reverb", "Utility"]


@pytest.mark.parametrize(
    ("address", "said", "name", "class_name"),
    [
        ("load_drum_kit", "808 core kit.adg", "808 Core Kit", "DrumGroupDevice"),
        ("load_sound", "Bass", "Basic Bass", "Operator"),
        ("load_sample", "Kick 808.wav", "Kick 808", "OriginalSimpler"),
        ("load_user_preset", "My Lead.adv", "My Lead", "Operator"),
        ("load_plugin", "Simulated Synth", "Simulated Synth", "UltraAnalog"),
    ],
)
def test_presets_load_the_device_they_are_made_of_under_their_own_name(
    handlers, address, said, name, class_name
):
    sent(handlers, f"browser/{address}", said)

    found = handlers.live_set.tracks[0].devices[0]
    assert (found.name, found.class_name) == (name, class_name)


@pytest.mark.parametrize(
    ("kind", "name"), [("instrument", "Drift"), ("audio_effect", "Reverb"), ("midi_effect", "Arpeggiator")]
)
def test_without_a_name_the_default_is_loaded(handlers, kind, name):
    assert sent(handlers, f"browser/load_default_{kind}") == [(name,)]
    assert names(handlers) == [name]


def test_an_instrument_for_an_audio_track_comes_onto_a_midi_track_behind_it(handlers):
    sent(handlers, "view/set/selected_track", 2)
    sent(handlers, "browser/load_instrument", "Operator")

    assert (names(handlers, 2), names(handlers, 3)) == ([], ["Operator"])
    assert handlers.live_set.tracks[3].is_midi


def test_a_clip_comes_into_the_first_free_slot(handlers):
    assert sent(handlers, "browser/load_clip", "Four on the Floor.alc") == [("Four on the Floor.alc",)]
    assert handlers.live_set.slot(0, 1).clip.get("name") == "Four on the Floor"


def test_undo_takes_off_what_was_loaded(handlers):
    sent(handlers, "browser/load_instrument", "Operator")
    sent(handlers, "song/undo")

    assert names(handlers) == []


def test_searching_gives_pairs_of_category_and_name(handlers):
    (found,) = sent(handlers, "browser/search", "bass")

    assert found == ("sounds", "Bass", "sounds", "Basic Bass.adv", "sounds", "Sub Bass.adv")


def test_the_browser_is_walked_by_category_and_folder(handlers):
    assert sent(handlers, "browser/browse", "Sounds") == [("Bass", "Pad", "Piano & Keys")]
    assert sent(handlers, "browser/browse_path", "sounds", "Pad") == [("Warm Pad.adv",)]
    assert sent(handlers, "browser/browse", "moon") == [()]
    assert sent(handlers, "browser/get_item_info", "sounds", "Bass") == [("Bass", False, False, True, 2)]
    assert sent(handlers, "browser/get_item_info", "instruments", "drift") == [
        ("Drift", True, True, False, 0)
    ]
    assert sent(handlers, "browser/get_item_info", "instruments", "Moon") == [()]


def test_a_device_is_swapped_for_another_in_its_place(handlers):
    sent(handlers, "browser/load_instrument", "Operator")
    sent(handlers, "browser/load_audio_effect", "Reverb")
    sent(handlers, "view/set/selected_track", 1)

    started = sent(handlers, "browser/hotswap_start", 0, 0)
    loaded = sent(handlers, "browser/hotswap_load", "Drift")

    assert (started, loaded) == ([("Operator",)], [("Drift",)])
    assert (names(handlers, 0), names(handlers, 1)) == (["Drift", "Reverb"], [])
    assert sent(handlers, "view/get/selected_track") == [(1,)]


def test_what_fails_inside_the_browser_is_told_by_its_reason_alone(handlers):
    assert sent(handlers, "browser/hotswap_start", 0, 5) == [("Index out of range",)]
