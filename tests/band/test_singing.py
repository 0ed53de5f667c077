from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from conduit.band.singing import Slot, sung
from conduit.music import Key

TRIAD = (9, 0, 4)
KEY = Key("A minor")

slots = st.lists(
    st.builds(
        Slot,
        st.integers(50, 90),
        st.sampled_from([TRIAD, (5, 9, 0), (7, 11, 2)]),
        st.booleans(),
        st.booleans(),
    ),
    min_size=1,
    max_size=24,
)


@given(line=slots)
def test_every_note_is_of_key_or_chord_and_in_range(line):
    pitches = sung(line, KEY, low=60, high=79)

    assert len(pitches) == len(line)
    assert all(60 <= pitch <= 79 for pitch in pitches)
    assert all(
        pitch % 12 in {*KEY.pitch_classes, *slot.tones} for pitch, slot in zip(pitches, line, strict=True)
    )


@given(line=slots)
def test_strong_and_held_notes_are_of_the_chord(line):
    for pitch, slot in zip(sung(line, KEY, low=60, high=79), line, strict=True):
        assert pitch % 12 in slot.tones or not (slot.strong or slot.long)


def test_between_tones_of_the_chord_it_passes_by_step():
    line = [Slot(69, TRIAD, strong=True), Slot(71, TRIAD), Slot(72, TRIAD, strong=True)]

    assert sung(line, KEY, low=60, high=84) == [69, 71, 72]


def test_a_wish_for_leaps_is_smoothed():
    line = [Slot(wish, TRIAD) for wish in (60, 69, 61, 70, 62)]

    assert max(abs(a - b) for a, b in pairwise(sung(line, KEY, low=57, high=81))) < 10


def test_nothing_wished_for_is_nothing_sung():
    assert sung([], KEY, low=60, high=79) == []
