"""Note: one value with its ranges."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from conduit.errors import ClipError
from conduit.music import Note


@pytest.mark.parametrize("pitch", [0, 127])
@pytest.mark.parametrize("velocity", [1, 127])
def test_a_note_may_have_the_ends_of_each_range(pitch, velocity):
    assert Note(pitch, 0, 0.001, velocity).pitch == pitch


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ((-1, 0, 1), "pitch -1 is outside 0-127"),
        ((128, 0, 1), "pitch 128 is outside 0-127"),
        ((60, 0, 1, 0), "velocity 0 is outside 1-127"),
        ((60, 0, 1, 128), "velocity 128 is outside 1-127"),
        ((60.5, 0, 1), "pitch 60.5 and velocity 96 cannot be: both are whole numbers"),
        ((60, 0, 1, 90.7), "pitch 60 and velocity 90.7 cannot be: both are whole numbers"),
        ((60, -0.5, 1), "start >= 0, duration > 0"),
        ((60, 0, 0), "start >= 0, duration > 0"),
        ((60, 0, -1), "start >= 0, duration > 0"),
        ((60, float("nan"), 1), "start >= 0, duration > 0"),
        ((60, 0, float("nan")), "start >= 0, duration > 0"),
        ((60, 100_001, 1), "neither over 100,000 beats"),
        ((60, 0, 100_001), "neither over 100,000 beats"),
    ],
)
def test_a_note_outside_a_range_is_refused_with_the_value_and_the_range(facts, said):
    with pytest.raises(ClipError, match=said):
        Note(*facts)


@pytest.mark.parametrize("facts", [(60, float("inf"), 1), (60, 0, float("inf"))], ids=["start", "duration"])
def test_a_note_that_never_ends_or_starts_is_refused(facts):
    with pytest.raises(ClipError):
        Note(*facts)


def test_a_note_ends_where_its_duration_does():
    assert Note(60, 1.5, 0.25).end == 1.75


def test_a_note_is_a_value():
    with pytest.raises(FrozenInstanceError):
        Note(60, 0, 1).pitch = 61

    assert len({Note(60, 0, 1), Note(60, 0, 1)}) == 1
