"""Spelling: the letter that a pitch has in a key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.music import SCALES, Key, parse_pitch, pitch_class, pitch_name
from conduit.music.pitch import degree_above
from conduit.music.spelling import names_in, spell, spell_line, with_octave

TONICS = [letter + sign for letter in "CDEFGAB" for sign in ("", "#", "b", "##", "bb")]
keys = st.builds(
    lambda tonic, scale: Key(f"{tonic} {scale}"), st.sampled_from(TONICS), st.sampled_from([*SCALES])
)

SHARPS = ("C", "G", "D", "A", "E", "B", "F#", "C#")
FLATS = ("C", "F", "Bb", "Eb", "Ab", "Db", "Gb", "Cb")
RELATIVE_MINORS = dict(zip((*SHARPS, *FLATS[1:]), (
    "A", "E", "B", "F#", "C#", "G#", "D#", "A#", "D", "G", "C", "F", "Bb", "Eb", "Ab",
), strict=True))  # fmt: skip


@pytest.mark.parametrize("tonic", SHARPS)
def test_going_round_the_circle_every_sharp_key_has_one_sharp_more(tonic):
    notes = Key(tonic).notes

    order = ("F#", "C#", "G#", "D#", "A#", "E#", "B#")
    assert {name for name in notes if "#" in name} == set(order[: SHARPS.index(tonic)])


@pytest.mark.parametrize("tonic", FLATS)
def test_going_round_the_circle_every_flat_key_has_one_flat_more(tonic):
    notes = Key(tonic).notes

    order = ("Bb", "Eb", "Ab", "Db", "Gb", "Cb", "Fb")
    assert {name for name in notes if "b" in name} == set(order[: FLATS.index(tonic)])


@pytest.mark.parametrize(("major", "minor"), RELATIVE_MINORS.items())
def test_a_minor_key_has_the_notes_of_its_relative_major(major, minor):
    assert set(Key(f"{minor} minor").notes) == set(Key(f"{major} major").notes)


@pytest.mark.parametrize(
    ("key", "pitch", "name"),
    [
        ("C major", 66, "F#3"),
        ("C major", 70, "Bb3"),
        ("C major", 63, "Eb3"),
        ("C major", 68, "Ab3"),
        ("A minor", 68, "G#3"),
        ("A minor", 66, "F#3"),
        ("A minor", 70, "Bb3"),
        ("D minor", 61, "C#3"),
        ("F minor", 64, "E3"),
        ("G# minor", 67, "F##3"),
        ("Eb major", 69, "A3"),
        ("Db major", 62, "Ebb3"),
        ("B major", 65, "E#3"),
        ("F# major", 65, "E#3"),
        ("Gb major", 71, "Cb4"),
        ("C# major", 60, "B#2"),
        ("Cb major", 71, "Cb4"),
        ("A blues", 63, "Eb3"),
        ("E phrygian", 65, "F3"),
        ("C lydian", 66, "F#3"),
        ("C altered", 64, "Fb3"),
    ],
)
def test_a_pitch_has_the_letter_of_its_degree_or_of_the_harmonic_chromatic_scale(key, pitch, name):
    assert spell(pitch, Key(key)) == name


@given(key=keys, pitch=st.integers(0, 127))
def test_every_spelling_reads_back_as_its_pitch(key, pitch):
    assert parse_pitch(spell(pitch, key)) == pitch


@given(key=keys)
def test_no_note_needs_more_than_a_double_accidental(key):
    assert all(len(name) <= 3 for name in names_in(key))
    assert [pitch_class(name) for name in names_in(key)] == list(range(12))


@given(pitch=st.integers(-24, 200))
def test_without_a_key_a_pitch_is_named_with_sharps(pitch):
    assert spell(pitch, None) == pitch_name(pitch)


@pytest.mark.parametrize(
    ("key", "pitches", "names"),
    [
        ("C major", (60, 61, 62, 63, 64), "C3 C#3 D3 D#3 E3"),
        ("C major", (64, 63, 62, 61, 60), "E3 Eb3 D3 Db3 C3"),
        ("C major", (67, 66, 67), "G3 F#3 G3"),
        ("A minor", (69, 68, 69), "A3 G#3 A3"),
        ("F major", (65, 71, 72), "F3 B3 C4"),
        ("C major", (60, 70, 65), "C3 Bb3 F3"),
        ("Eb major", (67, 66, 65), "G3 Gb3 F3"),
        ("Cb major", (60, 59), "Dbb3 Cb3"),
        ("B## major", (61, 62), "B##2 C##3"),
    ],
)
def test_a_chromatic_note_of_a_melody_is_spelled_by_where_it_goes(key, pitches, names):
    assert spell_line(pitches, Key(key)) == names.split()


@given(key=keys, pitches=st.lists(st.integers(0, 127), max_size=20))
def test_a_melodys_spelling_reads_back(key, pitches):
    assert [parse_pitch(name) for name in spell_line(pitches, key)] == pitches


@pytest.mark.parametrize(
    ("root", "degree", "name"),
    [("C", "b3", "Eb"), ("A", "3", "C#"), ("Eb", "b7", "Db"), ("B", "#11", "E#"), ("C", "bb7", "Bbb"),
     ("F", "#9", "G#"), ("Gb", "b3", "Bbb"), ("D#", "7", "C##")],
)  # fmt: skip
def test_a_degree_has_its_own_letter(root, degree, name):
    assert degree_above(root, degree) == name


@pytest.mark.parametrize("degree", ["", "0", "x3", "b", "3b", "100"])
def test_what_is_no_degree_is_refused(degree):
    with pytest.raises(ValueError, match="is not a degree"):
        degree_above("C", degree)


def test_the_octave_goes_by_the_letter():
    assert (with_octave("B#", 60), with_octave("Cb", 59), with_octave("C", 60)) == ("B#2", "Cb3", "C3")
