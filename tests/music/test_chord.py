"""Chords, against the notes that chord dictionaries give."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.errors import ClipError
from conduit.music import Key, pitch_class
from conduit.music.chord import QUALITIES, Chord

DICTIONARY = {
    "C": "C E G",
    "Cm": "C Eb G",
    "Cdim": "C Eb Gb",
    "Caug": "C E G#",
    "Csus2": "C D G",
    "Csus4": "C F G",
    "C5": "C G",
    "C6": "C E G A",
    "Cm6": "C Eb G A",
    "C6/9": "C E G A D",
    "Cm6/9": "C Eb G A D",
    "C7": "C E G Bb",
    "Cmaj7": "C E G B",
    "Cm7": "C Eb G Bb",
    "Cmmaj7": "C Eb G B",
    "Cdim7": "C Eb Gb Bbb",
    "Cm7b5": "C Eb Gb Bb",
    "Cdimmaj7": "C Eb Gb B",
    "C7#5": "C E G# Bb",
    "C7b5": "C E Gb Bb",
    "Cmaj7#5": "C E G# B",
    "C7sus4": "C F G Bb",
    "C9sus4": "C F G Bb D",
    "C13sus4": "C F G Bb D A",
    "Cadd9": "C E G D",
    "Cmadd9": "C Eb G D",
    "Cadd11": "C E G F",
    "C9": "C E G Bb D",
    "Cmaj9": "C E G B D",
    "Cm9": "C Eb G Bb D",
    "Cmmaj9": "C Eb G B D",
    "Cm9b5": "C Eb Gb Bb D",
    "C11": "C E G Bb D F",
    "Cm11": "C Eb G Bb D F",
    "Cmaj11": "C E G B D F",
    "C13": "C E G Bb D A",
    "Cmaj13": "C E G B D A",
    "Cm13": "C Eb G Bb D F A",
    "C7b9": "C E G Bb Db",
    "C7#9": "C E G Bb D#",
    "C7#11": "C E G Bb F#",
    "C7b13": "C E G Bb Ab",
    "C7b5b9": "C E Gb Bb Db",
    "C7#5#9": "C E G# Bb D#",
    "C7b9#9": "C E G Bb Db D#",
    "C9#11": "C E G Bb D F#",
    "C13b9": "C E G Bb Db A",
    "C13#11": "C E G Bb D F# A",
    "Cmaj7#11": "C E G B F#",
    "Cmaj9#11": "C E G B D F#",
    "Cmaj13#11": "C E G B D F# A",
    "C7alt": "C E Gb G# Bb Db D#",
    "C7sus4b9": "C F G Bb Db",
    "C7no5": "C E Bb",
    "C7no3": "C G Bb",
    "Ebm7b5": "Eb Gb Bbb Db",
    "F#m7": "F# A C# E",
    "Bbmaj7": "Bb D F A",
    "Abm6": "Ab Cb Eb F",
    "B7": "B D# F# A",
    "G#dim7": "G# B D F",
}


@pytest.mark.parametrize(("symbol", "notes"), DICTIONARY.items(), ids=DICTIONARY)
def test_a_chord_has_the_notes_of_the_dictionaries(symbol, notes):
    chord = Chord.parse(symbol)

    assert sorted(chord.pitch_classes) == sorted(map(pitch_class, notes.split()))
    assert chord.pitch_classes[0] == pitch_class(notes.split()[0])


@pytest.mark.parametrize(("symbol", "notes"), DICTIONARY.items(), ids=DICTIONARY)
def test_a_chords_notes_have_the_letters_of_their_degrees(symbol, notes):
    flats = "b" in symbol[:2]

    assert set(Chord.parse(symbol).tones(flats=flats)) == set(notes.split())


@pytest.mark.parametrize("symbol", [symbol for symbol in DICTIONARY if symbol.startswith("C")])
def test_the_dictionarys_symbols_are_the_names(symbol):
    assert Chord.parse(symbol).name == symbol


@pytest.mark.parametrize(
    ("one", "other"),
    [("C6", "Am7"), ("Cm6", "Am7b5"), ("Csus2", "Gsus4"), ("C6/9", "Am7add11"), ("Cdim7", "Ebdim7"),
     ("Caug", "Eaug"), ("C7b5", "F#7b5"), ("Cm7", "Eb6")],
)  # fmt: skip
def test_chords_that_share_all_notes_are_known_to(one, other):
    assert set(Chord.parse(one).pitch_classes) == set(Chord.parse(other).pitch_classes)


def test_the_tritone_substitute_shares_third_and_seventh():
    g7, db7 = Chord.parse("G7"), Chord.parse("Db7")

    assert set(g7.pitch_classes) & set(db7.pitch_classes) == {pitch_class("B"), pitch_class("F")}


def test_intervals_keep_the_octave_of_a_tension():
    assert Chord.parse("C13b9").intervals == (0, 4, 7, 10, 13, 21)
    assert Chord.parse("Cadd9").intervals == (0, 4, 7, 14)
    assert Chord.parse("Csus2").intervals == (0, 2, 7)


def test_a_tone_that_two_degrees_share_is_one_pitch_class():
    assert Chord.parse("Cm7#9").pitch_classes == (0, 3, 7, 10)


def test_a_slash_names_the_bass():
    assert Chord.parse("C/E").bass == 4
    assert Chord.parse("C6/9/E").bass == 4
    assert Chord.parse("C/E").name == "C/E"


def test_the_root_is_no_other_bass():
    assert Chord.parse("C/C") == Chord.parse("C")


@pytest.mark.parametrize(
    ("symbol", "options", "name"),
    [
        ("A#maj7", {}, "A#maj7"),
        ("A#maj7", {"flats": True}, "Bbmaj7"),
        ("C/Gb", {}, "C/Gb"),
        ("F#7/A#", {}, "F#7/A#"),
        ("Gb7/Bb", {"flats": True}, "Gb7/Bb"),
        ("Ab/C", {"key": Key("Eb")}, "Ab/C"),
        ("C#m7", {"key": Key("Db minor")}, "Dbm7"),
        ("Gbmaj7", {"key": Key("Bb minor")}, "Gbmaj7"),
        ("E7/G#", {"key": Key("Am")}, "E7/G#"),
        ("C/Gb", {"key": Key("C")}, "C/F#"),
    ],
)
def test_a_symbol_is_spelled_as_asked_as_the_key_has_it_or_as_it_was_written(symbol, options, name):
    assert Chord.parse(symbol).spelled(**options) == name


@pytest.mark.parametrize(
    ("symbol", "notes"),
    [
        ("Ebm7b5", "Eb Gb Bbb Db"),
        ("Db7", "Db F Ab Cb"),
        ("Gb", "Gb Bb Db"),
        ("C#maj7", "C# E# G# B#"),
        ("Cbm", "Cb Ebb Gb"),
    ],
)
def test_a_chord_that_was_read_keeps_how_its_root_was_written(symbol, notes):
    chord = Chord.parse(symbol)

    assert (chord.name, chord.tones()) == (symbol, tuple(notes.split()))


@pytest.mark.parametrize(
    ("written", "name"), [("B♭m7", "Bbm7"), ("F𝄪", "F##"), ("A/D♯", "A/D#"), ("B♮", "B")]
)
def test_a_chords_name_has_plain_accidentals(written, name):
    assert Chord.parse(written).name == name


def test_a_chord_of_pitch_classes_alone_is_spelled_with_fewest_accidentals():
    assert [Chord(10, "maj7").name, Chord(6, "7").name, Chord(0, "", 6).name] == ["Bbmaj7", "F#7", "C/Gb"]


def test_chords_that_sound_alike_are_equal_however_they_are_written():
    sharp, flat = Chord.parse("F#7/A#"), Chord.parse("Gb7/Bb")

    assert sharp == flat
    assert hash(sharp) == hash(flat)
    assert repr(sharp) == repr(flat)


def test_a_pickled_chord_keeps_how_it_was_written():
    chord = pickle.loads(pickle.dumps(Chord.parse("Gb7/Fb")))  # noqa: S301  its own bytes

    assert (chord, chord.name) == (Chord(6, "7", 4), "Gb7/Fb")


def test_a_root_is_not_written_as_another_note():
    with pytest.raises(ValueError, match="is not written 'Eb'"):
        Chord(2, written="Eb")


@pytest.mark.parametrize(
    ("chord", "key", "name"),
    [
        (Chord(8, "m"), "Eb major", "Abm"),
        (Chord(1, "dim7"), "C major", "C#dim7"),
        (Chord(1), "C major", "Db"),
        (Chord(5, "dim"), "F# major", "E#dim"),
        (Chord(8, "dim"), "A minor", "G#dim"),
        (Chord.parse("G#m/B"), "Eb major", "Abm/Cb"),
    ],
)
def test_a_chord_is_written_as_a_key_has_its_notes(chord, key, name):
    assert chord.written_in(Key(key)) == chord
    assert chord.written_in(Key(key)).name == name


def test_a_chord_of_no_quality_cannot_be_made():
    with pytest.raises(ClipError, match="no known quality"):
        Chord(0, "zzz")


@pytest.mark.parametrize(("root", "bass"), [(12, None), (-1, None), (0, 12)])
def test_root_and_bass_are_pitch_classes(root, bass):
    with pytest.raises(ValueError, match="are pitch classes"):
        Chord(root, "", bass)


@pytest.mark.parametrize("quality", QUALITIES)
def test_a_usual_quality_is_its_own_name(quality):
    chord = Chord(3, quality)

    assert chord.quality == quality
    assert chord.intervals == QUALITIES[quality]
    assert Chord.parse(chord.name) == chord


@pytest.mark.parametrize("quality", QUALITIES)
def test_a_chord_is_named_by_its_pitch_classes(quality):
    named = Chord.of(Chord(3, quality).pitch_classes)

    assert named is not None
    assert set(named.pitch_classes) == set(Chord(3, quality).pitch_classes)


@pytest.mark.parametrize("classes", [(0,), (0, 1), (0, 1, 2), (0, 1, 6), (0, 10, 11), (0, 1, 2, 3, 4, 5)])
def test_pitch_classes_that_are_no_chord_have_no_name(classes):
    assert Chord.of(classes) is None


@given(root=st.integers(0, 11), steps=st.sets(st.integers(1, 11), max_size=6))
def test_what_has_a_name_has_the_notes_of_its_name(root, steps):
    classes = (root, *((root + step) % 12 for step in steps))
    named = Chord.of(classes)

    assert named is None or (set(named.pitch_classes) == set(classes) and named.root == root)
