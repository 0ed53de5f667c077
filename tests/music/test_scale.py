"""Scales and keys: a key is its own name."""

from __future__ import annotations

import copy
import json
import pickle
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.music import SCALES, Key, parse_pitch, pitch_name
from conduit.music.near import UnknownNameError

TONICS = ["C", "C#", "Db", "D", "D#", "Eb", "E", "F", "F#", "Gb", "G", "G#", "Ab", "A", "A#", "Bb", "B", "Cb"]
keys = st.builds(
    lambda tonic, scale: Key(f"{tonic} {scale}"), st.sampled_from(TONICS), st.sampled_from([*SCALES])
)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("A minor", "A minor"),
        ("a minor", "A minor"),
        ("Am", "A minor"),
        ("Amin", "A minor"),
        ("AMINOR", "A minor"),
        ("A-minor", "A minor"),
        ("A_minor", "A minor"),
        ("A aeolian", "A minor"),
        ("A natural minor", "A minor"),
        (" A  minor ", "A minor"),
        ("f#m", "F# minor"),
        ("F♯ minor", "F# minor"),
        ("F sharp minor", "F# minor"),
        ("F-sharp minor", "F# minor"),
        ("C", "C major"),
        ("c", "C major"),
        ("CM", "C major"),
        ("Cm", "C minor"),
        ("Cmaj", "C major"),
        ("C ionian", "C major"),
        ("bb", "Bb major"),
        ("bbm", "Bb minor"),
        ("B♭", "Bb major"),
        ("B flat", "Bb major"),
        ("E-flat major", "Eb major"),
        ("b", "B major"),
        ("bm", "B minor"),
        ("b blues", "B blues"),
        ("D dorian", "D dorian"),
        ("D Phrygian Dominant", "D phrygian dominant"),
        ("G pentatonic", "G minor pentatonic"),
    ],
)
def test_a_key_is_read_as_people_write_it(written, key):
    assert Key(written) == key


@given(key=keys)
def test_a_key_reads_back_from_its_name(key):
    again = Key(str(key))

    assert (again, again.tonic, again.scale) == (key, key.tonic, key.scale)


@given(key=keys)
def test_a_key_survives_json_pickle_and_copy(key):
    assert json.loads(json.dumps(key)) == key
    assert pickle.loads(pickle.dumps(key)).scale == key.scale  # noqa: S301  our own bytes
    assert copy.deepcopy(key).tonic == key.tonic


@pytest.mark.parametrize("text", ["", "  ", "H minor", "minor", "5", "#"])
def test_a_key_without_a_note_is_refused_with_how_to_write_one(text):
    with pytest.raises(ValueError, match="write a note and a scale, such as A minor or F# dorian"):
        Key(text)


@pytest.mark.parametrize("text", ["A foo", "C 5", "Exyz"])
def test_an_unknown_scale_that_comes_near_none_is_refused_with_all_scales(text):
    with pytest.raises(UnknownNameError, match="has no known scale") as refusal:
        Key(text)

    assert refusal.value.valid == [f"{text[0]} {scale}" for scale in SCALES]


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("C hirajoshy", "C hirajoshi"),
        ("D dorain", "D dorian"),
        ("Am7", "A minor"),
        ("F# phrigian", "F# phrygian"),
        ("A penta", "A minor pentatonic"),
        ("G mixolidian", "G mixolydian"),
        ("C super-locrain", "C altered"),
    ],
)
def test_an_unknown_scale_is_refused_with_the_keys_that_come_near(text, near):
    with pytest.raises(UnknownNameError, match="did you mean") as refusal:
        Key(text)

    assert near in refusal.value.valid
    assert all(Key(valid) for valid in refusal.value.valid)


@pytest.mark.parametrize(
    ("german", "english"),
    [("H minor", "B minor"), ("h-moll", "B minor"), ("B moll", "Bb minor"), ("Fis dur", "F# major"), ("Es", "Eb"),
     ("As minor", "Ab minor"), ("do minor", "C minor")],
)  # fmt: skip
def test_a_key_in_another_language_is_never_taken_for_an_english_one(german, english):
    with pytest.raises(UnknownNameError, match=f"did you mean {english}") as refusal:
        Key(german)

    assert refusal.value.valid == [english]


def test_a_refusal_survives_pickling_with_its_facts():
    refusal = pickle.loads(pickle.dumps(UnknownNameError("no", ["A", "B"])))  # noqa: S301  our own bytes

    assert (str(refusal), refusal.valid) == ("no", ["A", "B"])


@pytest.mark.parametrize("steps", SCALES.values(), ids=SCALES.keys())
def test_a_scale_ascends_from_its_tonic_within_an_octave(steps):
    assert steps[0] == 0
    assert all(low < high < 12 for low, high in pairwise(steps))


@pytest.mark.parametrize(
    ("mode", "relative"),
    [("A minor", "C major"), ("D dorian", "C major"), ("E phrygian", "C major"), ("F lydian", "C major"),
     ("G mixolydian", "C major"), ("B locrian", "C major"), ("E phrygian dominant", "A harmonic minor"),
     ("A minor pentatonic", "C major pentatonic")],
)  # fmt: skip
def test_a_mode_has_the_pitches_of_its_relative(mode, relative):
    assert sorted(Key(mode).pitch_classes) == sorted(Key(relative).pitch_classes)


@pytest.mark.parametrize(
    ("root", "scale", "key"),
    [(1, "major", "Db major"), (1, "minor", "C# minor"), (3, "minor", "Eb minor"), (6, "major", "F# major"),
     (8, "minor", "G# minor"), (8, "major", "Ab major"), (10, "dorian", "Bb dorian"),
     (9, "Minor Blues", "A blues")],
)  # fmt: skip
def test_a_key_on_a_pitch_class_has_the_tonic_with_fewest_accidentals(root, scale, key):
    assert Key.on(root, scale) == key


def test_pitch_classes_go_up_from_the_tonic():
    assert Key("D dorian").pitch_classes == (2, 4, 5, 7, 9, 11, 0)


@given(key=keys, degree=st.integers(-14, 14), octave=st.integers(0, 5))
def test_a_degree_an_octave_up_is_twelve_semitones_up(key, degree, octave):
    size = len(key.pitch_classes)

    assert key.pitch(degree + size, octave=octave) == key.pitch(degree, octave=octave) + 12


@given(key=keys, degree=st.integers(-14, 14))
def test_a_degree_is_in_the_scale_and_higher_than_the_one_below(key, degree):
    pitch = key.pitch(degree, octave=3)

    assert pitch % 12 in key.pitch_classes
    assert key.pitch(degree - 1, octave=3) < pitch


@given(key=keys, octave=st.integers(-2, 7))
def test_degree_0_is_the_tonic_in_lives_octave(key, octave):
    # A tonic's spelling may lie an octave off its pitch (Cb3 is B2), its pitch class not.
    sounding = pitch_name(key.root).removesuffix("-2")

    assert key.pitch(0, octave=octave) == parse_pitch(f"{sounding}{octave}")


@pytest.mark.parametrize(
    "key",
    ["F major", "Bb major", "D minor", "G minor", "C minor", "F minor", "Eb dorian", "Gb major", "Ab minor"],
)
def test_a_flat_key_is_written_with_flats(key):
    assert Key(key).flats


@pytest.mark.parametrize(
    "key",
    ["C major", "G major", "A minor", "E minor", "B minor", "F# minor", "C# major", "E dorian", "B blues"],
)
def test_a_sharp_key_and_one_without_accidentals_are_not(key):
    assert not Key(key).flats


@pytest.mark.parametrize("key", ["C mixolydian", "A phrygian", "E locrian", "A phrygian dominant"])
def test_a_mode_that_has_b_flat_is_written_with_flats(key):
    assert Key(key).flats
