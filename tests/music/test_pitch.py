"""Pitch names: 60 is C3, as in Live's window."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.music import parse_pitch, pitch_class, pitch_name
from conduit.music.near import UnknownNameError


@pytest.mark.parametrize(
    ("pitch", "name"),
    [(0, "C-2"), (12, "C-1"), (24, "C0"), (45, "A1"), (60, "C3"), (61, "C#3"), (69, "A3"), (127, "G8")],
)
def test_a_pitch_is_named_as_in_live(pitch, name):
    assert pitch_name(pitch) == name


@pytest.mark.parametrize(
    ("pitch", "name"), [(61, "Db3"), (63, "Eb3"), (66, "Gb3"), (68, "Ab3"), (70, "Bb3"), (64, "E3")]
)
def test_a_pitch_is_named_with_flats_where_they_are_asked_for(pitch, name):
    assert pitch_name(pitch, flats=True) == name


@given(pitch=st.integers(0, 127), flats=st.booleans())
def test_a_name_reads_back_as_its_pitch(pitch, flats):
    assert parse_pitch(pitch_name(pitch, flats=flats)) == pitch


@given(pitch=st.integers(0, 127))
def test_a_number_in_digits_is_its_pitch(pitch):
    assert parse_pitch(str(pitch)) == pitch


@pytest.mark.parametrize(
    ("name", "pitch"),
    [
        ("c3", 60),
        (" A1 ", 45),
        ("B#3", 72),
        ("Cb4", 71),
        ("F##3", 67),
        ("Ebb2", 50),
        ("C♯3", 61),
        ("B♭3", 70),
        ("Fx3", 67),
        ("F𝄪3", 67),
        ("F♯♯3", 67),
        ("B𝄫3", 69),
        ("B♭♭3", 69),
        ("B♮3", 71),
    ],
)
def test_a_name_is_read_as_people_write_it(name, pitch):
    assert parse_pitch(name) == pitch


@pytest.mark.parametrize("name", ["", "H1", "C", "C10", "do", "-1", "C#b3", "3C", "4.5"])
def test_what_is_no_pitch_is_refused_with_how_to_write_one(name):
    with pytest.raises(ValueError, match="is not a pitch; write a name such as A1 or F#2, or a number 0-127"):
        parse_pitch(name)


@pytest.mark.parametrize(
    ("name", "english"),
    [("H1", "B1"), ("h2", "B2"), ("Fis2", "F#2"), ("Es3", "Eb3"), ("As-1", "Ab-1"), ("Ces4", "Cb4"),
     ("sol#1", "G#1"), ("do3", "C3"), ("His2", "B#2")],
)  # fmt: skip
def test_a_german_or_sung_name_is_refused_with_the_english_one(name, english):
    with pytest.raises(UnknownNameError, match=rf"\({english} in English\)") as refusal:
        parse_pitch(name)

    assert refusal.value.valid == [english]


@pytest.mark.parametrize("name", ["128", "G#8", "C9", "Cb-2", "C-3"])
def test_a_pitch_outside_midi_is_refused_with_the_range(name):
    with pytest.raises(ValueError, match=r"outside 0-127 \(C-2 to G8\)"):
        parse_pitch(name)


@pytest.mark.parametrize(
    ("name", "number"),
    [("C", 0), ("c#", 1), ("Db", 1), ("E", 4), ("Fb", 4), ("E#", 5), ("F♯", 6), ("Bb", 10), ("B", 11),
     ("Cb", 11), ("B#", 0), ("Abb", 7)],
)  # fmt: skip
def test_a_pitch_class_counts_semitones_from_c(name, number):
    assert pitch_class(name) == number


@pytest.mark.parametrize("name", ["", "H", "C3", "C###", "#"])
def test_what_is_no_note_is_refused_with_what_one_is(name):
    with pytest.raises(ValueError, match="a note is A to G with an optional # or b, such as F#"):
        pitch_class(name)
