"""Routing, sends, loops and filtering, as the simulator does them."""

from __future__ import annotations

import pytest

from conduit.live import LiveSet
from conduit.live.osc import Message
from conduit.live.simulator.handlers import Handlers
from conduit.live.simulator.note_rows import LiveSetNote


@pytest.fixture
def handlers():
    live = LiveSet()
    live.create_clip(0, 0, 4.0)
    return Handlers(live)


def sent(handlers, address, *args):
    return [reply.args for reply in handlers.handle(Message(f"/live/{address}", args)).replies]


@pytest.mark.parametrize("way", ["input", "output"])
@pytest.mark.parametrize("what", ["type", "channel"])
@pytest.mark.parametrize("track", [0, 2], ids=["MIDI", "audio"])
def test_a_track_is_routed_to_whatever_is_available(handlers, way, what, track):
    ((_, *names),) = sent(handlers, f"track/get/available_{way}_routing_{what}s", track)
    for name in names:
        assert sent(handlers, f"track/set/{way}_routing_{what}", track, name) == []

        assert sent(handlers, f"track/get/{way}_routing_{what}", track) == [(track, name)]


def test_a_routing_that_is_not_there_changes_nothing_and_is_not_told(handlers):
    assert sent(handlers, "track/set/output_routing_type", 0, "Moon") == []
    assert sent(handlers, "track/get/output_routing_type", 0) == [(0, "Main")]


def test_undo_takes_a_routing_back(handlers):
    sent(handlers, "track/set/output_routing_type", 0, "Sends Only")
    sent(handlers, "song/undo")

    assert sent(handlers, "track/get/output_routing_type", 0) == [(0, "Main")]


def test_there_is_a_send_to_each_return_track(handlers):
    sent(handlers, "song/create_return_track")
    sent(handlers, "track/set/send", 0, 2, 0.5)
    sent(handlers, "song/delete_return_track", 0)

    assert sent(handlers, "track/get/send", 0, 1) == [(0, 1, 0.5)]
    assert "Index out of range" in sent(handlers, "track/get/send", 0, 2)[0][0]


def test_a_doubled_loop_repeats_its_notes_and_replaces_what_came_after(handlers):
    notes = (LiveSetNote(60, start, 0.5, 100.0, mute=False) for start in (0.0, 3.0, 5.0))
    handlers.live_set.slot(0, 0).clip.add_new_notes(notes)

    sent(handlers, "clip/duplicate_loop", 0, 0)

    clip = handlers.live_set.slot(0, 0).clip
    assert [note.start for note in clip.notes] == [0.0, 3.0, 4.0, 7.0]
    assert (clip.loop, clip.markers) == ((0.0, 8.0), (0.0, 8.0))


def named(*names):
    live = LiveSet()
    for scene, name in enumerate(names):
        live.create_clip(0, scene, 4.0)
        live.slot(0, scene).clip.set("name", name)
    return Handlers(live)


def muted(handlers):
    clips = [slot.clip for slot in handlers.live_set.tracks[0].clip_slots if slot.clip]
    return [clip.get("muted") for clip in clips]


def test_filtering_mutes_the_clips_that_are_named_after_other_notes():
    handlers = named("bass_C-E", "lead-Eb3", "drums")

    assert sent(handlers, "clips/filter", "C", "E") == []

    assert muted(handlers) == [False, True, False]


def test_sharps_and_flats_are_one_note_to_the_filter():
    handlers = named("lead_Eb2", "pad_D#4")

    sent(handlers, "clips/filter", "D#")

    assert muted(handlers) == [False, False]


def test_the_filter_knows_the_names_it_met_first_until_abletonosc_starts_again():
    handlers = named("bass_C")
    sent(handlers, "clips/filter", "C")
    handlers.live_set.slot(0, 0).clip.set("name", "bass_D")

    sent(handlers, "clips/filter", "C")
    first = muted(handlers)
    sent(handlers, "api/reload")
    sent(handlers, "clips/filter", "C")

    assert (first, muted(handlers)) == ([False], [True])


@pytest.mark.parametrize(("tracks", "left"), [((), False), ((0, 1), False), ((1, 2), True)])
def test_unfiltering_unmutes_the_clips_of_some_tracks_or_all(tracks, left):
    handlers = named("bass_C")
    sent(handlers, "clips/filter", "D")

    assert sent(handlers, "clips/unfilter", *tracks) == []

    assert muted(handlers) == [left]


@pytest.mark.parametrize(("owner", "ids"), [("track", (0,)), ("clip", (0, 0)), ("scene", (0,))])
def test_a_colour_becomes_the_nearest_of_lives_palette(handlers, owner, ids):
    sent(handlers, f"{owner}/set/color", *ids, 0xFF0000)
    nearest = sent(handlers, f"{owner}/get/color", *ids)
    sent(handlers, f"{owner}/set/color_index", *ids, 0)

    assert nearest == [(*ids, 0xFF3636)]
    assert sent(handlers, f"{owner}/get/color", *ids) == [(*ids, 0xFF94A6)]


def test_a_track_without_others_in_it_cannot_be_folded(handlers):
    ((text,),) = sent(handlers, "track/set/fold_state", 0, 1)

    assert "fold_state" in text
    assert sent(handlers, "track/get/fold_state", 0) == [(0, None)]


def loop_of(handlers):
    names = ("loop_start", "loop_end", "start_marker", "end_marker", "length", "position")
    return [sent(handlers, f"clip/get/{name}", 0, 0)[0][2] for name in names]


def test_a_position_slides_the_whole_loop_and_the_length_is_the_loops(handlers):
    sent(handlers, "clip/set/loop_end", 0, 0, 3.0)
    sent(handlers, "clip/set/position", 0, 0, 5.0)

    assert loop_of(handlers) == [5.0, 8.0, 0.0, 4.0, 3.0, 5.0]


def test_without_looping_the_loop_is_the_markers_and_the_start_marker_cannot_be_set(handlers):
    sent(handlers, "clip/set/looping", 0, 0, 0)
    sent(handlers, "clip/set/loop_end", 0, 0, 6.0)
    sent(handlers, "clip/set/start_marker", 0, 0, 1.0)

    assert loop_of(handlers) == [0.0, 6.0, 0.0, 6.0, 6.0, 0.0]


@pytest.mark.parametrize(
    ("name", "value"), [("loop_start", 4.0), ("loop_end", 0.0), ("start_marker", 4.0), ("end_marker", 0.0)]
)
def test_a_start_stays_before_its_end(handlers, name, value):
    ((text,),) = sent(handlers, f"clip/set/{name}", 0, 0, value)

    assert "must be before" in text
    assert loop_of(handlers) == [0.0, 4.0, 0.0, 4.0, 4.0, 0.0]


def test_a_colour_outside_the_palette_is_refused(handlers):
    assert "Invalid color index" in sent(handlers, "track/set/color_index", 0, 70)[0][0]


def test_the_filter_stumbles_over_a_clip_that_is_gone_since():
    handlers = named("bass_C")
    sent(handlers, "clips/filter", "C")
    sent(handlers, "clip_slot/delete_clip", 0, 0)

    assert sent(handlers, "clips/filter", "C") == [
        ("Error handling OSC message: 'NoneType' object has no attribute 'muted'",)
    ]
