"""Control changes: named, bounded, kept with the clip in order of time."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.errors import ClipError
from conduit.music import BEND, PPQ, PRESSURE, Clip, ControlChange, Note
from conduit.music.control import CONTROLS, control_name, parse_control

changes = st.one_of(
    st.builds(
        ControlChange, st.integers(0, 127) | st.just(PRESSURE), st.integers(0, 64), st.integers(0, 127)
    ),
    st.builds(ControlChange, st.just(BEND), st.integers(0, 64), st.integers(-8192, 8191)),
)
MOVING = Clip.of([Note(45, 0, 4)], controls=[ControlChange(74, 2, 90), ControlChange(74, 0, 20)])


@given(control=st.integers(0, PRESSURE))
def test_every_control_has_a_name_that_is_read_back(control):
    assert parse_control(control_name(control)) == control


def test_controls_bear_the_numbers_of_the_midi_lists():
    assert {name: CONTROLS[name] for name in ("mod", "volume", "pan", "sustain", "cutoff")} == {
        "mod": 1, "volume": 7, "pan": 10, "sustain": 64, "cutoff": 74,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["wobble", "cc128", "cc", "cc-1", "cc\u0663", ""])
def test_a_name_of_no_control_is_refused_with_those_there_are(name):
    with pytest.raises(ValueError, match=r"cc0 to cc127 or one of mod, "):
        parse_control(name)


@pytest.mark.parametrize(
    ("control", "start", "value", "said"),
    [
        (130, 0, 0, "control 130 is outside 0-129"),
        (-1, 0, 0, "control -1 is outside 0-129"),
        (74, 0, 128, "cutoff at 128 is outside 0 to 127"),
        (20, 0, -1, "cc20 at -1 is outside 0 to 127"),
        (BEND, 0, 8192, "bend at 8192 is outside -8192 to 8191"),
        (74, -0.5, 3, "cutoff at beat -0.5 is outside"),
        (74, float("nan"), 3, "cutoff at beat nan is outside"),
    ],
)
def test_a_value_outside_its_range_is_refused(control, start, value, said):
    with pytest.raises(ClipError, match=said):
        ControlChange(control, start, value)


@given(content=st.lists(changes, max_size=20))
def test_a_clip_gives_back_its_control_changes_in_order_of_time(content):
    assert list(Clip.of([], controls=content).controls) == sorted(content, key=lambda one: one.start)


def test_changes_at_one_time_keep_their_order():
    bank, program = ControlChange(0, 1, 3), ControlChange(32, 1, 7)

    assert list(Clip.of([], controls=[program, bank]).controls) == [program, bank]


def test_times_are_whole_ticks():
    assert MOVING.control_table["start"].tolist() == [0, 2 * PPQ]


def test_clips_with_other_control_changes_are_not_equal():
    still = Clip.of([Note(45, 0, 4)])
    moving = Clip.of([Note(45, 0, 4)], controls=reversed(MOVING.controls))

    assert still != moving
    assert moving.digest == MOVING.digest


def test_the_table_of_controls_stays_read_only_through_a_pickle():
    again = pickle.loads(pickle.dumps(MOVING))  # noqa: S301  our own bytes

    assert again == MOVING
    assert not again.control_table.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        MOVING.control_table["value"] = 1


def test_a_slice_of_controls_is_a_view():
    assert MOVING.controls[1:] == [ControlChange(74, 2, 90)]
    assert repr(MOVING.controls[:1]) == "Controls([ControlChange(control=74, start=0.0, value=20)])"


def _held(clip: Clip, control: int) -> list[int]:
    """What a control that rests at 0 holds in each beat."""
    moves = [(move.start, move.value) for move in clip.controls if move.control == control]
    return [
        ([0] + [value for start, value in moves if start <= beat])[-1] for beat in range(int(clip.length))
    ]


@pytest.mark.parametrize("control", [1, 64, 66, 67, BEND, PRESSURE])
def test_a_pedal_that_is_pressed_in_the_middle_is_let_go_when_time_runs_backwards(control):
    clip = Clip.of([Note(60, 0, 4)], length=8, controls=[ControlChange(control, 6, 100)])
    back = clip.reverse()

    assert _held(back, control) == [100, 100, 0, 0, 0, 0, 0, 0]
    assert _held(back.reverse(), control) == _held(clip, control)
    assert back.reverse().reverse() == back


def test_a_controller_without_rest_is_taken_to_have_held_its_first_value():
    clip = Clip.of([Note(60, 0, 4)], length=8, controls=[ControlChange(74, 6, 100)])

    assert list(clip.reverse().controls) == [ControlChange(74, 0, 100)]


def test_what_begins_in_the_middle_and_moves_on_runs_backwards_in_its_own_times():
    moves = [ControlChange(64, 2, 127), ControlChange(64, 5, 0), ControlChange(64, 6, 90)]
    clip = Clip.of([Note(60, 0, 4)], length=8, controls=moves)

    assert _held(clip.reverse(), 64) == _held(clip, 64)[::-1] == [90, 90, 0, 127, 127, 127, 0, 0]
