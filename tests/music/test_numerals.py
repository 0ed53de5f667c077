"""Roman numerals, against the chords that harmony books give."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.errors import ClipError
from conduit.music import SCALES, Key
from conduit.music.chord import QUALITIES, Chord
from conduit.music.numerals import is_numeral, numeral_of, roman

keys = st.builds(
    lambda tonic, scale: Key(f"{tonic} {scale}"),
    st.sampled_from(["C", "F#", "Bb", "Eb", "G#"]),
    st.sampled_from([*SCALES]),
)
chords = st.builds(
    Chord, st.integers(0, 11), st.sampled_from([*QUALITIES]), st.one_of(st.none(), st.integers(0, 11))
)

READ = {
    "C major": {
        "I": "C", "ii": "Dm", "iii": "Em", "IV": "F", "V": "G", "vi": "Am", "vii°": "Bdim",
        "ii7": "Dm7", "V7": "G7", "Imaj7": "Cmaj7", "IVmaj9": "Fmaj9", "viiø7": "Bm7b5", "vii°7": "Bdim7",
        "bVII": "Bb", "bVI": "Ab", "bIII": "Eb", "bII": "Db", "#iv°": "F#dim", "iv": "Fm", "i": "Cm",
        "I6": "C/E", "I64": "C/G", "V65": "G7/B", "V43": "G7/D", "V42": "G7/F", "V2": "G7/F", "V6/5": "G7/B",
        "ii65": "Dm7/F", "IV65": "Fmaj7/A", "vii°6": "Bdim/D", "viiø65": "Bm7b5/D", "vii°43": "Bdim7/F",
        "V7/V": "D7", "V7/ii": "A7", "V7/vi": "E7", "V/vi": "E", "vii°7/V": "F#dim7", "V65/V": "D7/F#",
        "IV/IV": "Bb",
        "V7/V/V": "A7", "V+": "Gaug", "III+": "Eaug", "N6": "Db/F", "Ger65": "Ab7", "Cad64": "C/G",
        "I/E": "C/E", "V9/D": "G9/D", "I6/9": "C6/9", "Iadd6": "C6", "V7sus4": "G7sus4", "V13b9": "G13b9",
        "imaj7": "Cmmaj7", "IIm7": "Dm7", "iim7": "Dm7", "I5": "C5", "♭VII7": "Bb7", "bIImaj7": "Dbmaj7",
    },
    "A minor": {
        "i": "Am", "ii°": "Bdim", "III": "C", "iv": "Dm", "v": "Em", "VI": "F", "VII": "G", "V": "E", "V7": "E7",
        "vii°": "G#dim", "vii°7": "G#dim7", "iiø7": "Bm7b5", "iiø65": "Bm7b5/D", "i6": "Am/C", "V65": "E7/G#",
        "bVI": "F", "bIII": "C", "bVII": "G", "bII": "Bb", "#vi°": "F#dim", "vi°": "F#dim", "#vii°7": "G#dim7",
        "V7/iv": "A7",
        "V7/III": "G7", "N6": "Bb/D", "i42": "Am7/G", "Cad64": "Am/E", "VImaj7": "Fmaj7",
    },
    "D dorian": {"i": "Dm", "IV": "G", "ii": "Em", "VII": "C", "bVII": "C"},
    "G mixolydian": {"I7": "G7", "VII": "F", "bVII": "F", "IV": "C", "v": "Dm"},
    "F lydian": {"II": "G", "#iv°": "Bdim", "I": "F"},
    "E phrygian": {"II": "F", "bII": "F", "i": "Em"},
    "A blues": {"I7": "A7", "IV7": "D7", "V7": "E7", "VI": "F"},
    "A minor pentatonic": {"bII": "Bb", "i": "Am", "VII": "G"},
}  # fmt: skip
WRITTEN = {
    "C major": {
        "C": "I", "Dm7": "ii7", "G7/B": "V65", "G7/F": "V42", "C/E": "I6", "C/G": "I64", "Ab": "bVI", "Bb": "bVII",
        "Fm": "iv", "D7": "V7/V", "E7": "V7/vi", "F#dim7": "vii°7/V", "Bdim7": "vii°7", "Bm7b5": "viiø7",
        "Fmaj7": "IVmaj7", "Fm6": "ivadd6", "C6": "Iadd6", "G13b9": "V13b9", "C/D": "I/D", "Caug": "I+",
    },
    "A minor": {"Am": "i", "E7": "V7", "E7/G#": "V65", "G#dim7": "vii°7", "G": "VII", "F": "VI", "Bb/D": "bII6",
                "A7": "V7/iv", "B7": "V7/V", "Bm7b5": "iiø7"},
    "D dorian": {"G7": "IV7", "Am7": "v7", "Cmaj7": "VIImaj7"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("key", "numeral", "name"),
    [(key, numeral, name) for key, table in READ.items() for numeral, name in table.items()],
)
def test_a_numeral_is_the_chord_of_the_books(key, numeral, name):
    assert roman(numeral, key=Key(key)) == Chord.parse(name)


@pytest.mark.parametrize(
    ("key", "numeral", "name"),
    [
        ("F# major", "V", "C#"),
        ("F# major", "V65", "C#7/E#"),
        ("F# major", "V/V", "G#"),
        ("A harmonic minor", "VII", "G#"),
        ("Eb minor", "vi", "Cbm"),
        ("C minor", "N6", "Db/F"),
        ("Db major", "#iv°7", "Gdim7"),
        ("C major", "I/Gb", "C/Gb"),
    ],
)
def test_a_numerals_chord_has_the_letter_of_its_degree(key, numeral, name):
    assert roman(numeral, key=Key(key)).name == name


def test_a_key_may_be_given_by_its_name():
    assert roman("V", key="a minor") == Chord.parse("E")
    with pytest.raises(ValueError, match="not a key"):
        roman("V", key="xyz")


@pytest.mark.parametrize(
    ("key", "name", "numeral"),
    [
        (key, name, numeral)
        for key, table in WRITTEN.items()
        for name, numeral in table.items()
        if name != "Caug"
    ],
)
def test_a_chord_is_written_as_its_numeral(key, name, numeral):
    assert numeral_of(Chord.parse(name), key=Key(key)) == numeral


@given(chord=chords, key=keys, applied=st.booleans())
def test_every_chord_reads_back_from_its_numeral_in_every_key(chord, key, applied):
    assert roman(numeral_of(chord, key=key, applied=applied), key=key) == chord


def test_an_applied_dominant_may_be_written_by_its_degree():
    assert numeral_of(Chord.parse("D7"), key=Key("C"), applied=False) == "II7"


@pytest.mark.parametrize("tonic", ["C", "G", "Db", "F#", "B"])
def test_a_numeral_moves_with_its_key(tonic):
    key = Key(tonic)

    for numeral in ("ii7", "V7/V", "bVI", "viiø65"):
        home, there = roman(numeral, key=Key("C")), roman(numeral, key=key)
        assert there.quality == home.quality
        assert there.root == (home.root + key.root) % 12


@pytest.mark.parametrize("text", ["IX", "", "x", "hello", "iV", "bVIII", "VV", "8", "V7/"])
def test_what_is_no_numeral_is_refused_with_how_to_write_one(text):
    with pytest.raises(ClipError) as refusal:
        roman(text, key=Key("C major"))

    assert refusal.value.valid


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("ii7x", "ii7"),
        ("Vmja7", "Vmaj7"),
        ("iimja7", "iimaj7"),
        ("bVIIsuss4", "bVIIsus4"),
        ("iV", "IV"),
        ("IX", "I"),
    ],
)
def test_what_is_no_numeral_is_refused_with_near_ones(text, near):
    with pytest.raises(ClipError, match="did you mean") as refusal:
        roman(text, key=Key("C major"))

    assert near in refusal.value.valid


@given(text=st.text(alphabet="IViv#b°ø+67543/maj9sus", max_size=10))
def test_any_text_is_a_numeral_or_is_refused(text):
    try:
        roman(text, key=Key("A minor"))
    except ClipError:
        assert not is_numeral(text)
    else:
        assert is_numeral(text)
