"""Musical time and the transport, with a clock in the test's hand: nothing waits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from live.stage import Stage

from conduit.live.simulator.clock import Clock, clip_position, quantum_beats


@pytest.mark.parametrize(
    ("quantization", "beats"),
    list(enumerate([0, 32, 16, 8, 4, 2, 4 / 3, 1, 2 / 3, 1 / 2, 1 / 3, 1 / 4, 1 / 6, 1 / 8])),
)
def test_each_quantization_has_its_grid(quantization, beats):
    assert quantum_beats(quantization, 4.0) == pytest.approx(beats)


def test_bars_are_as_long_as_the_signature_says():
    assert quantum_beats(4, 3.0) == 3.0


@given(st.floats(0, 1e5), st.floats(1e-3, 64))
def test_a_boundary_is_the_next_place_on_the_grid(position, quantum):
    boundary = Clock(position=position).boundary(quantum)

    assert position - 1e-6 <= boundary < position + quantum + 1e-6
    assert boundary / quantum == pytest.approx(round(boundary / quantum), abs=1e-6)


@pytest.mark.parametrize(
    ("beats", "position"), [(0, 1), (2.5, 3.5), (5, 2), (9.25, 2.25)], ids=["start", "in", "wrap", "again"]
)
def test_a_clip_plays_from_its_start_marker_and_then_around_its_loop(beats, position):
    assert clip_position((2.0, 6.0), (1.0, 8.0), looping=True, beats=beats) == position


def test_a_clip_without_a_loop_ends_at_its_end_marker():
    places = [clip_position((0.0, 9.0), (1.0, 3.0), looping=False, beats=beats) for beats in (0, 1.5, 2)]

    assert places == [1.0, 2.5, None]


def test_a_clip_that_starts_behind_its_loop_never_comes_into_it():
    assert clip_position((0.0, 2.0), (3.0, 4.0), looping=True, beats=5) == 8.0


def test_the_song_stands_until_it_is_started():
    stage = Stage()
    stage.play(3)
    before = stage.get("song current_song_time")
    stage.send("song/start_playing")
    stage.play(2.5)

    assert (before, stage.get("song current_song_time")) == (0.0, pytest.approx(2.5))


def test_a_change_of_tempo_keeps_the_beat():
    stage = Stage()
    stage.send("song/start_playing")
    stage.play(2)
    stage.send("song/set/tempo", 60.0)
    kept = stage.get("song current_song_time")
    stage.now_s += 3
    stage.live.advance(stage.now_s)

    assert (kept, stage.get("song current_song_time")) == (pytest.approx(2), pytest.approx(5))


def test_a_song_that_stopped_starts_from_its_marker_or_goes_on_from_where_it_is():
    stage = Stage()
    stage.send("song/set/current_song_time", 8.0)
    for method in ("start_playing", "stop_playing", "continue_playing"):
        stage.send(f"song/{method}")
        stage.play(1)
    went_on = stage.get("song current_song_time")
    stage.send("song/start_playing")

    assert (went_on, stage.get("song current_song_time")) == (pytest.approx(10), 8.0)


def test_the_song_goes_round_its_loop():
    stage = Stage()
    for name, value in (("loop_start", 4.0), ("loop_length", 2.0), ("loop", True)):
        stage.send(f"song/set/{name}", value)
    stage.send("song/start_playing")
    places = []
    for _ in range(5):
        stage.play(1.5)
        places.append(stage.get("song current_song_time"))

    assert places == pytest.approx([1.5, 3, 4.5, 4, 5.5])


@pytest.mark.parametrize(("beats", "place"), [(3.0, 5.0), (-9.0, 0.0)], ids=["on", "before the start"])
def test_a_jump_moves_the_song_by_beats(beats, place):
    stage = Stage()
    stage.send("song/start_playing")
    stage.play(2)
    stage.send("song/jump_by", beats)

    assert stage.get("song current_song_time") == pytest.approx(place)


def test_beats_are_told_when_they_come_and_when_the_song_jumps_back():
    stage = Stage()
    started = stage.send("song/start_listen/beat")
    stage.send("song/start_playing")
    heard = [stage.play(beats) for beats in (0.5, 0.5, 0.25, 0.75)]
    back = stage.send("song/jump_by", -1.0)
    stage.send("song/stop_listen/beat")

    assert started == []
    assert heard == [[("song/get/beat", 0)], [("song/get/beat", 1)], [], [("song/get/beat", 2)]]
    assert back == [("song/get/beat", 1)]
    assert stage.play(5) == []


@pytest.mark.parametrize(("bpm", "due_s"), [(120.0, 0.1), (600.0, 0.05)], ids=["slow", "fast"])
def test_who_listens_to_beats_is_worth_a_look_at_each_and_at_least_as_often_as_live_looks(bpm, due_s):
    stage = Stage()
    nobody = stage.handlers.listeners.due_s()
    stage.send("song/set/tempo", bpm)
    stage.send("song/start_listen/beat")
    stage.send("song/start_playing")
    stage.play(0.5)

    assert (nobody, stage.handlers.listeners.due_s()) == (None, pytest.approx(due_s))


def test_a_loop_too_short_to_hear_does_not_hang_the_song():
    stage = Stage()
    for name, value in (("loop_start", 0.0), ("loop_length", 1e-12), ("loop", 1)):
        stage.send(f"song/set/{name}", value)
    stage.send("song/start_playing")
    stage.play(100.1)

    assert stage.get("song current_song_time") == pytest.approx(0.1)


def test_a_number_that_is_none_is_refused():
    stage = Stage()

    assert stage.send("song/set/current_song_time", float("nan"))[0][0] == "error"
    assert stage.get("song current_song_time") == 0.0


def test_cue_points_are_set_named_and_jumped_to_on_the_bar():
    stage = Stage()
    for place in (8.0, 2.0):
        stage.send("song/set/current_song_time", place)
        stage.send("song/set_or_delete_cue")
    stage.send("song/cue_point/set/name", 1, "Chorus")
    stage.send("song/start_playing")
    stage.play(1)
    stage.send("song/cue_point/jump", "Chorus")
    waits = stage.get("song current_song_time")
    stage.play(1.5)

    assert stage.send("song/get/cue_points") == [("song/get/cue_points", "2", 2.0, "Chorus", 8.0)]
    assert (waits, stage.get("song current_song_time")) == (pytest.approx(3), pytest.approx(8.5))


def test_taps_set_the_tempo():
    stage = Stage()
    for _ in range(4):
        stage.send("song/tap_tempo")
        stage.now_s += 0.4
        stage.live.advance(stage.now_s)

    assert stage.get("song tempo") == pytest.approx(150)
