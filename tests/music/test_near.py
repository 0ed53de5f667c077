"""Near misses."""

from __future__ import annotations

import pytest

from conduit.music.near import near_misses

NAMES = ("minor", "major", "minor pentatonic", "drum and bass", "deep house")


@pytest.mark.parametrize(
    ("written", "near"),
    [("MINOR", "minor"), ("minro", "minor"), ("drum-and-bass", "drum and bass"), ("deephouse", "deep house")],
)
def test_case_spaces_and_letters_in_the_wrong_order_come_near(written, near):
    assert near_misses(written, NAMES)[0] == near


def test_a_name_with_a_word_that_begins_so_is_near():
    assert near_misses("penta", NAMES) == ["minor pentatonic"]


def test_what_is_like_nothing_comes_near_nothing():
    assert near_misses("xyzzy", NAMES) == []


def test_no_more_are_given_than_wanted():
    assert len(near_misses("m", ["m1", "m2", "m3"], most=2)) == 2
