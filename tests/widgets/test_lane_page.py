"""The mouse in the lane: velocities by their stems, and the values of controllers."""

from __future__ import annotations

import pytest
from widgets.hand import CLIP, NOTES, Hand, taken_back

from conduit.music import Clip, ControlChange

pytestmark = pytest.mark.browser


@pytest.fixture
def hand(bare, ready):
    return Hand(bare, ready, CLIP)


def test_a_grabbed_stem_takes_the_selection_along(hand):
    hand.drag(hand.at(5, 69), hand.at(-0.2, 59))
    hand.drag(hand.level(2, 80), hand.level(2, 100))

    assert [row[3] for row in hand.notes] == [80, 100, 120, 120]
    assert taken_back(hand)


def test_a_drag_across_the_lane_sets_each_stem_it_passes(hand):
    hand.drag(hand.level(0.02, 30), hand.level(3, 30), hand.level(5, 90), steps=12)

    velocities = [row[3] for row in hand.notes]
    assert velocities[:2] == [30, 30]
    assert 55 <= velocities[2] <= 65
    assert velocities[3] == 120
    assert taken_back(hand)


def test_with_shift_the_lane_gets_a_straight_ramp(hand):
    hand.drag(hand.level(0, 20), hand.level(3, 125), hand.level(8, 100), held=("Shift",))

    assert [row[3] for row in hand.notes] == [20, 40, 60, 100]
    assert taken_back(hand)


def test_a_ramp_over_a_selection_leaves_the_others(hand):
    hand.click(hand.at(0.5, 60))
    hand.click(hand.at(8.5, 69), "Shift")
    hand.drag(hand.level(0, 20), hand.level(8, 100), held=("Shift",))

    assert [row[3] for row in hand.notes] == [20, 80, 100, 100]


@pytest.fixture
def modulation(hand):
    """Give a roll whose lane shows modulation."""
    hand.page.locator(".cd-side .cd-menu button").first.click()
    hand.page.locator(".cd-pop:popover-open [role^=menuitem]", has_text="Modulation").click()
    return hand


def controls(hand):
    return [(change.control, change.start, change.value) for change in hand.clip.controls]


def test_values_of_a_control_are_drawn_one_for_each_step(modulation):
    modulation.drag(modulation.level(1.05, 100), modulation.level(1.95, 100))

    assert controls(modulation) == [(1, start, 100) for start in (1, 1.25, 1.5, 1.75)]
    assert list(modulation.undo().controls) == []


def test_a_control_is_ramped_with_shift_and_cleared_with_alt(modulation):
    hand = modulation
    hand.drag(hand.level(0.01, 10), hand.level(1.01, 50), held=("Shift",))
    ramp = controls(hand)
    hand.drag(hand.level(0.3, 64), hand.level(0.9, 64), held=("Alt",))

    assert [value for _, _, value in ramp] == [10, 20, 30, 40, 50]
    assert controls(hand) == [(1, 0, 10), (1, 1, 50)]
    assert [change.value for change in hand.undo().controls] == [10, 20, 30, 40, 50]


def test_drawn_values_replace_those_of_their_steps(bare, ready):
    moves = [ControlChange(1, 1.1, 9), ControlChange(7, 1.2, 9), ControlChange(1, 3, 9)]
    clip = Clip.of(NOTES, name="Line", length=16, controls=moves)
    hand = Hand(bare, ready, clip)
    hand.page.locator(".cd-side .cd-menu button").first.click()
    hand.page.locator(".cd-pop:popover-open [role^=menuitem]", has_text="Modulation").click()

    hand.drag(hand.level(1.01, 60), hand.level(1.3, 60))

    assert controls(hand) == [(1, 1, 60), (7, 1.2, 9), (1, 1.25, 60), (1, 3, 9)]
    assert hand.undo().controls == clip.controls
