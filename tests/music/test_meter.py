"""Metres: a beat is a quarter note everywhere."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.music import Meter

meters = st.builds(Meter, st.integers(1, 99), st.sampled_from([1, 2, 4, 8, 16]))


def test_a_metre_is_four_four_unless_told_otherwise():
    assert str(Meter()) == "4/4"


@pytest.mark.parametrize(
    ("text", "bar", "steps"),
    [("4/4", 4, 16), ("3/4", 3, 12), ("7/8", 3.5, 14), ("6/8", 3, 12), ("5/16", 1.25, 5), ("1/1", 4, 16),
     ("3/2", 6, 24), ("99/4", 99, 396)],
)  # fmt: skip
def test_a_bar_has_its_length_in_beats_and_in_sixteenths(text, bar, steps):
    meter = Meter.parse(text)

    assert (meter.bar, meter.steps) == (bar, steps)


@given(meter=meters)
def test_a_metre_reads_back_from_its_text(meter):
    assert Meter.parse(str(meter)) == meter


@given(meter=meters)
def test_a_bar_is_a_whole_number_of_sixteenths_four_to_a_beat(meter):
    assert meter.steps == meter.bar * 4 == int(meter.steps)


def test_spaces_around_the_numbers_do_not_matter():
    assert Meter.parse(" 7 / 8 ") == Meter(7, 8)


@pytest.mark.parametrize(
    "text", ["", "4", "4/", "/4", "0/4", "4/3", "4/0", "4/32", "100/4", "-4/4", "4/4/4", "x"]
)
def test_what_is_no_metre_is_refused_with_what_one_is(text):
    with pytest.raises(ValueError, match="is not a metre; write 1-99 over 1, 2, 4, 8 or 16, such as 7/8"):
        Meter.parse(text)


@pytest.mark.parametrize(("numerator", "denominator"), [(0, 4), (100, 4), (4, 3), (4, 32)])
def test_a_metre_that_live_does_not_know_cannot_be_made(numerator, denominator):
    with pytest.raises(ValueError, match=f"{numerator}/{denominator} is not a metre"):
        Meter(numerator, denominator)


def test_a_metre_is_a_value():
    with pytest.raises(FrozenInstanceError):
        Meter().numerator = 3

    assert len({Meter(3, 4), Meter(3, 4), Meter(6, 8)}) == 2
