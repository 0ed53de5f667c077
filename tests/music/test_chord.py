from __future__ import annotations

import pytest

from conduit.errors import ClipError
from conduit.music import Key
from conduit.music.chord import QUALITIES, Chord, roman
from conduit.music.harmony import Span, step, voice_led


@pytest.mark.parametrize(
    ("symbol", "classes"),
    [
        ("C", (0, 4, 7)),
        ("Am", (9, 0, 4)),
        ("F#m7b5", (6, 9, 0, 4)),
        ("Bbmaj7", (10, 2, 5, 9)),
        ("Fm9", (5, 8, 0, 3, 7)),
        ("G7sus4", (7, 0, 2, 5)),
        ("CM7", (0, 4, 7, 11)),
        ("C6", (0, 4, 7, 9)),
        ("Cadd9", (0, 4, 7, 2)),
        ("F-7", (5, 8, 0, 3)),
        ("Am11", (9, 0, 4, 7, 11, 2)),
        ("Abmaj9", (8, 0, 3, 7, 10)),
        ("Dsus", (2, 7, 9)),
        ("B°7", (11, 2, 5, 8)),
    ],
)
def test_a_chord_has_the_notes_of_its_symbol(symbol, classes):
    assert Chord.parse(symbol).pitch_classes == classes


def test_a_slash_names_the_bass():
    assert Chord.parse("C/E").bass == 4
    assert Chord.parse("C/E").name == "C/E"


def test_an_unknown_quality_is_refused_with_near_ones():
    with pytest.raises(ClipError, match="did you mean") as caught:
        Chord.parse("Cmja7")

    assert "Cmaj7" in caught.value.valid


@pytest.mark.parametrize("symbol", ["", "H", "m7", "7", "hello"])
def test_what_has_no_root_is_no_chord(symbol):
    with pytest.raises(ClipError, match="is not a chord"):
        Chord.parse(symbol)


@pytest.mark.parametrize("quality", QUALITIES)
def test_a_chord_is_named_by_what_it_is(quality):
    chord = Chord(3, quality)

    assert Chord.parse(chord.name) == chord
    assert Chord.of(chord.pitch_classes) is not None


@pytest.mark.parametrize(
    ("numeral", "key", "name"),
    [
        ("ii7", "C major", "Dm7"),
        ("V7", "A minor", "E7"),
        ("VI", "A minor", "F"),
        ("bVII", "C major", "Bb"),
        ("iv", "E minor", "Am"),
        ("bII", "A minor pentatonic", "Bb"),
    ],
)
def test_a_numeral_is_a_chord_of_its_key(numeral, key, name):
    assert roman(numeral, key=Key(key)) == Chord.parse(name)


@pytest.mark.parametrize("text", ["IX", "", "x", "hello"])
def test_what_is_no_numeral_is_refused(text):
    with pytest.raises(ClipError):
        roman(text, key=Key("C major"))


def test_common_tones_stay_where_they_are():
    one, two = voice_led([Span(0, 4, (9, 0, 4)), Span(4, 4, (5, 9, 0))])

    assert len(set(one) & set(two)) == 2


def test_a_step_from_outside_the_scale_starts_below():
    assert step(Key("C major"), 61, 1) == step(Key("C major"), 60, 1)
