"""Launching clips and scenes, with a clock in the test's hand: nothing waits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from live.stage import Stage


def test_a_clip_fired_while_the_song_stands_starts_at_once_and_the_song_with_it():
    stage = Stage((0, 2))
    stage.send("clip_slot/fire", 0, 2)

    assert stage.track() == (2, -1)
    assert stage.get("song is_playing") is True


def test_a_clip_fired_while_the_song_runs_waits_for_the_next_bar():
    stage = Stage((0, 0), (0, 1))
    stage.send("clip_slot/fire", 0, 0)
    stage.play(1)
    stage.send("clip/fire", 0, 1)
    waits = (*stage.track(), stage.get("clip is_triggered", 0, 1), stage.get("clip is_playing", 0, 1))
    stage.play(2.75)
    still = stage.track()
    stage.play(0.5)
    plays = (*stage.track(), stage.get("clip is_triggered", 0, 1), stage.get("clip is_playing", 0, 1))

    assert waits == (0, 1, True, False)
    assert still == (0, 1)
    assert plays == (1, -1, True, True)  # Live counts a clip that plays as triggered
    assert stage.get("clip playing_position", 0, 1) == pytest.approx(0.25)
    assert stage.get("clip_slot is_triggered", 0, 1) is False


@pytest.mark.parametrize(
    ("song", "own", "due"), [(7, 0, 2), (4, 8, 2), (0, 0, 1.25), (2, 0, 16), (4, 1, 1.25)],
    ids=["song's quarter", "clip's quarter", "none", "4 bars", "clip's none"],
)  # fmt: skip
def test_a_launch_waits_for_its_quantization(song, own, due):
    stage = Stage((0, 0), (1, 0))
    stage.send("song/set/clip_trigger_quantization", song)
    stage.send("clip/set/launch_quantization", 1, 0, own)
    stage.send("clip_slot/fire", 0, 0)
    stage.play(1.25)
    stage.send("clip_slot/fire", 1, 0)
    stage.play(due - 1.25 - 0.01 if due > 1.25 else 0)
    before = stage.track(1)
    stage.play(0.02)

    assert before == ((-1, 0) if due > 1.25 else (0, -1))
    assert stage.track(1) == (0, -1)


@pytest.mark.parametrize("beats", [4.5, -1.5], ids=["on", "back"])
def test_what_waits_waits_for_the_next_bar_from_where_the_song_jumped_to(beats):
    stage = Stage((0, 0), (1, 1))
    stage.send("clip_slot/fire", 0, 0)
    stage.play(5)
    stage.send("scene/fire", 1)
    stage.send("song/jump_by", beats)
    to_bar = -(5 + beats) % 4
    stage.play(to_bar - 0.1)
    before = (*stage.track(1), stage.get("scene is_triggered", 1))
    stage.play(0.2)

    assert before == (-1, 1, True)
    assert (*stage.track(1), stage.get("scene is_triggered", 1)) == (1, -1, False)


def test_stopping_the_song_calls_off_what_waits():
    stage = Stage((0, 0), (1, 0))
    stage.send("clip_slot/fire", 0, 0)
    stage.play(1)
    stage.send("clip_slot/fire", 1, 0)
    stage.send("song/stop_playing")

    assert stage.track(1) == (-1, -1)


@pytest.mark.parametrize("path", ["track/set/color", "track/set/c*"], ids=["one step", "two in a message"])
def test_undo_does_not_bring_back_what_played_then(path):
    stage = Stage((0, 0), (0, 1))
    stage.send("song/set/clip_trigger_quantization", 0)
    stage.send("clip_slot/fire", 0, 0)
    stage.send(path, 0, 1)
    stage.send("clip_slot/fire", 0, 1)
    stage.send("song/undo")

    assert [stage.get("clip is_playing", 0, scene) for scene in (0, 1)] == [False, True]


def test_stopping_waits_for_the_bar_too():
    stage = Stage((0, 0))
    stage.send("clip_slot/fire", 0, 0)
    stage.play(1)
    stage.send("clip_slot/stop", 0, 0)
    waits = stage.track()
    stage.play(3.5)

    assert (waits, stage.track()) == ((0, -2), (-1, -1))
    assert stage.get("clip is_playing", 0, 0) is False


def test_a_stop_calls_off_what_waits():
    stage = Stage((0, 0), (1, 0))
    stage.send("clip_slot/fire", 0, 0)
    stage.play(1)
    stage.send("clip_slot/fire", 1, 0)
    stage.send("track/stop_all_clips", 1)
    stage.play(8)

    assert stage.track(1) == (-1, -1)


def test_an_empty_slot_stops_its_track_unless_it_has_no_stop_button():
    stage = Stage((0, 0), (1, 0))
    stage.send("clip_slot/set/has_stop_button", 1, 3, 0)
    stage.send("scene/fire", 0)
    stage.send("clip_slot/fire", 0, 3)
    stage.send("clip_slot/fire", 1, 3)

    assert (stage.track(0)[0], stage.track(1)[0]) == (-1, 0)


def test_a_scene_starts_its_clips_together_and_takes_its_tempo_and_signature():
    stage = Stage((0, 0), (0, 1), (1, 1))
    for name, value in (("tempo", 90.0), ("tempo_enabled", True), ("time_signature_numerator", 3),
                        ("time_signature_denominator", 4), ("time_signature_enabled", True)):  # fmt: skip
        stage.send(f"scene/set/{name}", 1, value)
    stage.send("clip_slot/fire", 0, 0)
    stage.play(1)
    stage.send("scene/fire", 1)
    waits = (stage.track(0), stage.track(1), stage.get("scene is_triggered", 1), stage.get("song tempo"))
    stage.play(3.5)

    assert waits == ((0, 1), (-1, 1), True, 120.0)
    assert (stage.track(0), stage.track(1), stage.get("scene is_triggered", 1)) == ((1, -1), (1, -1), False)
    assert (stage.get("song tempo"), stage.get("song signature_numerator")) == (90.0, 3)


def test_a_scene_that_is_fired_is_selected():
    stage = Stage((0, 3))
    stage.send("scene/fire", 3)

    assert stage.get("view selected_scene") == 3


def test_a_slot_that_only_waits_is_stopped_by_its_track():
    stage = Stage((0, 0), (1, 0))
    stage.send("clip_slot/fire", 0, 0)
    stage.play(1)
    stage.send("clip_slot/fire", 1, 0)
    stage.send("clip_slot/stop", 1, 0)
    waits = stage.track(1)
    stage.send("track/stop_all_clips", 1)

    assert (waits, stage.track(1)) == ((-1, 0), (-1, -1))


def test_fire_as_selected_fires_the_selected_scene_whichever_is_named_and_goes_on():
    stage = Stage((0, 1))
    stage.send("view/set/selected_scene", 1)
    stage.send("scene/fire_as_selected", 0)

    assert (stage.track()[0], stage.get("view selected_scene")) == (1, 2)


def test_a_clip_without_a_loop_stops_by_itself():
    stage = Stage((0, 0))
    stage.send("clip/set/looping", 0, 0, 0)
    stage.send("clip_slot/fire", 0, 0)
    stage.play(3.9)
    before = stage.track()
    stage.play(0.2)

    assert (before, stage.track()) == ((0, -1), (-1, -1))


def test_a_clip_in_toggle_mode_is_stopped_by_firing_it_again():
    stage = Stage((0, 0))
    stage.send("clip/set/launch_mode", 0, 0, 2)
    stage.send("clip_slot/fire", 0, 0)
    stage.play(1)
    stage.send("clip_slot/fire", 0, 0)

    assert stage.track() == (0, -2)


def test_a_legato_clip_takes_over_where_the_one_before_stands():
    stage = Stage((0, 0), (0, 1))
    stage.send("song/set/clip_trigger_quantization", 0)
    stage.send("clip/set/legato", 0, 1, 1)
    stage.send("clip_slot/fire", 0, 0)
    stage.play(1.5)
    stage.send("clip_slot/fire", 0, 1)

    assert stage.get("clip playing_position", 0, 1) == pytest.approx(1.5)


def test_what_was_launched_stays_so_when_the_song_stops_and_starts_from_its_beginning():
    stage = Stage((0, 0))
    stage.send("clip_slot/fire", 0, 0)
    stage.play(1.5)
    stage.send("song/stop_playing")
    stopped = stage.track()
    stage.send("song/start_playing")
    stage.play(0.5)

    assert stopped == (0, -1)
    assert stage.get("clip playing_position", 0, 0) == pytest.approx(0.5)


def test_a_clip_that_is_deleted_plays_no_more():
    stage = Stage((0, 0))
    stage.send("clip_slot/fire", 0, 0)
    stage.send("clip_slot/delete_clip", 0, 0)

    assert stage.track() == (-1, -1)
    assert stage.live.sounding() == []


def test_undo_goes_back_without_touching_what_plays():
    stage = Stage((0, 0))
    stage.send("clip/set/name", 0, 0, "a")
    stage.send("clip_slot/fire", 0, 0)
    stage.play(1)
    stage.send("song/undo")

    assert (stage.get("clip name", 0, 0), stage.get("clip is_playing", 0, 0)) == ("", True)
    assert stage.track() == (0, -1)


def test_what_plays_goes_with_its_track_and_scene_when_others_are_inserted():
    stage = Stage((0, 1))
    stage.send("clip_slot/fire", 0, 1)
    stage.send("song/create_midi_track", 0)
    stage.send("song/create_scene", 0)

    assert (stage.track(0), stage.track(1)) == ((-1, -1), (2, -1))


@pytest.mark.parametrize("method", ["track", "scene"])
def test_a_copy_of_what_plays_does_not_play(method):
    stage = Stage((0, 0))
    stage.send("clip_slot/fire", 0, 0)
    stage.send(f"song/duplicate_{method}", 0)
    stage.send("clip_slot/duplicate_clip_to", 0, 0, 0, 5)

    playing = [
        (track.place, number)
        for track in stage.live.tracks
        for number, slot in enumerate(track.clip_slots)
        if slot.get("is_playing")
    ]
    assert playing == [(0, 0)]


def test_muted_tracks_and_clips_and_those_beside_a_soloed_one_are_not_heard():
    stage = Stage((0, 0), (1, 0))
    stage.send("scene/fire", 0)
    stage.play(1)
    heard = [[(number, at) for number, _, at in stage.live.sounding()]]
    for name, args in (("track/set/mute", (0, True)), ("track/set/solo", (0, True)), ("track/set/mute", (0, False)),
                       ("clip/set/muted", (0, 0, True))):  # fmt: skip
        stage.send(name, *args)
        heard.append([number for number, _, _ in stage.live.sounding()])

    assert heard == [[(1, pytest.approx(1)), (2, pytest.approx(1))], [2], [], [1], []]


def test_capturing_makes_a_scene_of_what_plays():
    stage = Stage((0, 0), (1, 2))
    for track, scene in ((0, 0), (1, 2)):
        stage.send("clip_slot/fire", track, scene)
    stage.send("song/capture_and_insert_scene")

    assert stage.get("view selected_scene") == 1
    assert [stage.get("clip_slot has_clip", track, 1) for track in range(3)] == [True, True, False]


def test_listeners_hear_a_launch_when_it_happens():
    stage = Stage((0, 0), (0, 1))
    stage.send("clip_slot/fire", 0, 0)
    stage.play(1)
    for name in ("playing_slot_index", "fired_slot_index"):
        stage.send(f"track/start_listen/{name}", 0)
    fired = stage.send("clip_slot/fire", 0, 1)
    before = stage.play(2)
    launched = stage.play(2)

    assert (fired, before) == ([("track/get/fired_slot_index", 0, 1)], [])
    assert launched == [("track/get/playing_slot_index", 0, 1), ("track/get/fired_slot_index", 0, -1)]


@given(st.lists(st.floats(0.001, 7), min_size=1, max_size=12))
def test_it_does_not_matter_how_often_one_looks(steps):
    often, once = Stage((0, 0), (0, 1)), Stage((0, 0), (0, 1))
    for stage in (often, once):
        stage.send("song/set/loop_length", 3.0)
        stage.send("song/set/loop", 1)
        stage.send("song/set/current_song_time", 9.0)
        stage.send("clip_slot/fire", 0, 0)
        stage.play(0.5)
        stage.send("clip_slot/fire", 0, 1)
    for step in steps:
        often.play(step)
    once.play(sum(steps))

    assert often.track() == once.track()
    assert often.live.get("current_song_time") == pytest.approx(once.live.get("current_song_time"), abs=1e-6)
