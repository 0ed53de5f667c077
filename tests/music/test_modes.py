"""The table of scales, against what the books say of each."""

from __future__ import annotations

from itertools import combinations

import pytest

from conduit.music import SCALES, Key
from conduit.music.modes import SCALE_NAMES, degrees_of, parent_of, scale_name
from conduit.music.near import UnknownNameError

# The scale list of Ableton Live 12, in its own names.
LIVE = {
    "Major": (0, 2, 4, 5, 7, 9, 11),
    "Minor": (0, 2, 3, 5, 7, 8, 10),
    "Dorian": (0, 2, 3, 5, 7, 9, 10),
    "Mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "Lydian": (0, 2, 4, 6, 7, 9, 11),
    "Phrygian": (0, 1, 3, 5, 7, 8, 10),
    "Locrian": (0, 1, 3, 5, 6, 8, 10),
    "Whole Tone": (0, 2, 4, 6, 8, 10),
    "Half-whole Dim.": (0, 1, 3, 4, 6, 7, 9, 10),
    "Whole-half Dim.": (0, 2, 3, 5, 6, 8, 9, 11),
    "Minor Blues": (0, 3, 5, 6, 7, 10),
    "Minor Pentatonic": (0, 3, 5, 7, 10),
    "Major Pentatonic": (0, 2, 4, 7, 9),
    "Harmonic Minor": (0, 2, 3, 5, 7, 8, 11),
    "Harmonic Major": (0, 2, 4, 5, 7, 8, 11),
    "Dorian #4": (0, 2, 3, 6, 7, 9, 10),
    "Phrygian Dominant": (0, 1, 4, 5, 7, 8, 10),
    "Melodic Minor": (0, 2, 3, 5, 7, 9, 11),
    "Lydian Augmented": (0, 2, 4, 6, 8, 9, 11),
    "Lydian Dominant": (0, 2, 4, 6, 7, 9, 10),
    "Super Locrian": (0, 1, 3, 4, 6, 8, 10),
    "8-Tone Spanish": (0, 1, 3, 4, 5, 6, 8, 10),
    "Bhairav": (0, 1, 4, 5, 7, 8, 11),
    "Hungarian Minor": (0, 2, 3, 6, 7, 8, 11),
    "Hirajoshi": (0, 2, 3, 7, 8),
    "In-Sen": (0, 1, 5, 7, 10),
    "Iwato": (0, 1, 5, 6, 10),
    "Kumoi": (0, 2, 3, 7, 9),
    "Pelog Selisir": (0, 1, 3, 7, 8),
    "Pelog Tembung": (0, 1, 5, 7, 8),
    "Messiaen 3": (0, 2, 3, 4, 6, 7, 8, 10, 11),
    "Messiaen 4": (0, 1, 2, 5, 6, 7, 8, 11),
    "Messiaen 5": (0, 1, 5, 6, 7, 11),
    "Messiaen 6": (0, 2, 4, 5, 6, 8, 10, 11),
    "Messiaen 7": (0, 1, 2, 3, 5, 6, 7, 8, 9, 11),
}
FAMILIES = {
    "major": ("dorian", "phrygian", "lydian", "mixolydian", "minor", "locrian"),
    "melodic minor": (
        "dorian b2", "lydian augmented", "lydian dominant", "mixolydian b6", "locrian #2", "altered",
    ),
    "harmonic minor": (
        "locrian 6", "ionian augmented", "romanian minor", "phrygian dominant", "lydian #2", "ultralocrian",
    ),
    "harmonic major": ("dorian b5", "phrygian b4", "lydian b3", "mixolydian b2"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "steps"), LIVE.items(), ids=LIVE)
def test_lives_scales_are_known_by_their_names_in_live(name, steps):
    assert SCALES[Key(f"C {name}").scale] == steps


@pytest.mark.parametrize(("parent", "modes"), FAMILIES.items(), ids=FAMILIES)
def test_the_modes_of_a_scale_are_its_rotations_in_order(parent, modes):
    steps = SCALES[parent]

    for degree, mode in enumerate(modes, start=1):
        turned = [(step - steps[degree]) % 12 for step in (*steps[degree:], *steps[:degree])]
        assert SCALES[mode] == tuple(turned)


def test_hungarian_minor_is_the_fourth_mode_of_double_harmonic():
    assert set(Key("F hungarian minor").pitch_classes) == set(Key("C double harmonic").pitch_classes)


@pytest.mark.parametrize(
    ("scale", "keys"),
    [("whole tone", 2), ("half whole diminished", 3), ("messiaen 3", 4), ("messiaen 4", 6), ("messiaen 5", 6),
     ("messiaen 6", 6), ("messiaen 7", 6), ("augmented", 4), ("chromatic", 1), ("major", 12)],
)  # fmt: skip
def test_modes_of_limited_transposition_have_so_many_transpositions(scale, keys):
    different = {frozenset((step + by) % 12 for step in SCALES[scale]) for by in range(12)}

    assert len(different) == keys


@pytest.mark.parametrize(
    ("key", "notes"),
    [
        ("A harmonic minor", "A B C D E F G#"),
        ("D melodic minor", "D E F G A B C#"),
        ("C altered", "C Db Eb Fb Gb Ab Bb"),
        ("F lydian dominant", "F G A B C D Eb"),
        ("E phrygian dominant", "E F G# A B C D"),
        ("C hungarian minor", "C D Eb F# G Ab B"),
        ("A romanian minor", "A B C D# E F# G"),
        ("C double harmonic", "C Db E F G Ab B"),
        ("C neapolitan minor", "C Db Eb F G Ab B"),
        ("C neapolitan major", "C Db Eb F G A B"),
        ("A hirajoshi", "A B C E F"),
        ("D in-sen", "D Eb G A C"),
        ("B iwato", "B C E F A"),
        ("C kumoi", "C D Eb G A"),
        ("A blues", "A C D Eb E G"),
        ("C major blues", "C D Eb E G A"),
        ("G bebop dominant", "G A B C D E F F#"),
        ("C bebop major", "C D E F G G# A B"),
        ("C whole half diminished", "C D Eb F Gb Ab A B"),
        ("G half whole diminished", "G Ab Bb B C# D E F"),
        ("C persian", "C Db E F Gb Ab B"),
        ("C enigmatic", "C Db E F# G# A# B"),
        ("G# harmonic minor", "G# A# B C# D# E F##"),
        ("Gb major", "Gb Ab Bb Cb Db Eb F"),
        ("Fb major", "Fb Gb Ab Bbb Cb Db Eb"),
    ],
)
def test_a_scale_has_the_notes_of_the_books_in_their_letters(key, notes):
    assert Key(key).notes == tuple(notes.split())


@pytest.mark.parametrize("scale", SCALES)
def test_every_letter_stands_once_in_a_scale_of_seven(scale):
    letters = [name[0] for name in Key(f"D {scale}").notes]

    assert len(letters) != 7 or len(set(letters)) == 7


def test_no_two_scales_are_the_same():
    assert all(SCALES[one] != SCALES[other] for one, other in combinations(SCALES, 2))


def test_every_spelling_names_one_scale_and_every_scale_its_own():
    assert set(SCALE_NAMES.values()) == set(SCALES)
    assert all(scale_name(name) == name for name in SCALES)


@pytest.mark.parametrize(
    ("scale", "parent"),
    [("blues", "minor"), ("hirajoshi", "minor"), ("major pentatonic", "major"), ("whole tone", "major"),
     ("harmonic minor", "minor"), ("dorian", "dorian"), ("half whole diminished", "major")],
)  # fmt: skip
def test_a_scale_is_written_in_the_signature_of_its_parent(scale, parent):
    assert parent_of(scale) == parent


def test_a_scale_that_is_none_is_refused_with_near_ones():
    with pytest.raises(UnknownNameError) as refusal:
        scale_name("lydain")

    assert refusal.value.valid[0] == "lydian"


def test_degrees_are_as_they_are_written():
    assert degrees_of("altered") == ("1", "b2", "b3", "b4", "b5", "b6", "b7")
