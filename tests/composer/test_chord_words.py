"""Progressions read from words: symbols, Roman numerals and numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.composer.brief import read_brief
from conduit.composer.chord_words import key_of_chords
from conduit.composer.forms import blues, sevenths
from conduit.music import Key
from conduit.music.chord import QUALITIES, Chord
from conduit.music.numerals import numeral_of

symbols = st.builds(
    lambda root, quality: Chord(root, quality).name, st.integers(0, 11), st.sampled_from([*QUALITIES])
)


@pytest.mark.parametrize(
    ("text", "chords"),
    [
        ("Cmaj9 | Am7 | Dm9 | G13sus4", "Cmaj9 Am7 Dm9 G13sus4"),
        ("chords Am F C G", "Am F C G"),
        ("a pad on Am-F-C-G", "Am F C G"),
        ("F-7 Bb7 EbΔ", "Fm7 Bb7 Ebmaj7"),
        ("Dm9, G13, Cmaj9, A7(b9,#5) for lofi keys", "Dm9 G13 Cmaj9 A7#5b9"),
        ("chords: Dm7 \u2013 G7 \u2013 Cmaj7", "Dm7 G7 Cmaj7"),
        ("Fmaj7(#11) → Em7 → A7alt → Dm", "Fmaj7#11 Em7 A7alt Dm"),
        ("C/E F G7sus4", "C/E F G7sus4"),
        ("bass under Am7 D7 for 8 bars", "Am7 D7"),
        ("A Dm7 G7 loop", "Dm7 G7"),
        ("bossa in G: Gmaj7 G6 Am7 D7b9", "Gmaj7 G6 Am7 D7b9"),
        ("E7#9 stabs", "E7#9"),
        ("an Em7 vamp", "Em7"),
        ("pad on Gm7b5", "Gm7b5"),
    ],
)
def test_a_progression_of_symbols_is_read(text, chords):
    assert [chord.name for chord in read_brief(text).chords] == chords.split()


@pytest.mark.parametrize(
    ("text", "chords"),
    [
        ("ii-V-I in F", "Gm C F"),
        ("i bVI bIII bVII", "Cm Ab Eb Bb"),
        ("i VI III VII", "Cm Ab Eb Bb"),
        ("I V vi IV in G", "G D Em C"),
        ("house chords ii7 V7 Imaj7 in Bb", "Cm7 F7 Bbmaj7"),
        ("V7/V V7 I in C", "D7 G7 C"),
        ("i iv V7 i in C harmonic minor", "Cm Fm G7 Cm"),
        ("N6 V7 i in A minor", "Bb/D E7 Am"),
        ("pop chords I-V-vi-IV", "C G Am F"),
        ("jazz chords ii V I in F", "Gm7 C7 Fmaj7"),
        ("2-5-1 in F", "Gm C F"),
        ("two five one in A minor", "Bdim E Am"),
        ("a 1-5-6-4 progression in D", "D A Bm G"),
    ],
)
def test_a_progression_of_degrees_is_read_in_its_key(text, chords):
    assert [chord.name for chord in read_brief(text).chords] == chords.split()


@pytest.mark.parametrize(
    "text",
    ["A dark pad in C", "a groove with an A B A form", "bass, go F crazy", "drums in a 3-3-2 rhythm",
     "I want bass, I need it", "bass C2 G2 A1", "a pad on E", "bass in Am", "lead, C major to A minor",
     "I play a lead, vi is my editor"],
)  # fmt: skip
def test_words_that_only_look_so_are_no_chords(text):
    assert read_brief(text).chords == ()


@pytest.mark.parametrize(
    ("text", "near"),
    [("Cmaj7 Cmja7", "Cmaj7"), ("ii7 V7zz I", "V7"), ("Dm7 G77 C", "G7"), ("chords Am7 Dsuss4 G7", "Dsus4")],
)
def test_a_word_in_a_progression_that_is_no_chord_is_refused_with_near_ones(text, near):
    problem = read_brief(text).problem

    assert problem is not None
    assert near in problem


@given(names=st.lists(symbols, min_size=3, max_size=8))
def test_any_progression_of_usual_symbols_between_bar_lines_is_read_as_written(names):
    brief = read_brief("chords " + " | ".join(names))

    assert [chord.name for chord in brief.chords] == names


@given(numerals=st.lists(
    st.builds(lambda root, quality: numeral_of(Chord(root, quality), key=Key("C")), st.integers(0, 11),
              st.sampled_from(["", "m", "7", "m7", "maj7", "m7b5", "dim7", "9", "sus4", "aug"])),
    min_size=2, max_size=8,
))  # fmt: skip
def test_any_progression_of_numerals_is_read_as_written(numerals):
    brief = read_brief("chords " + " ".join(numerals) + " in C major")

    written = [numeral_of(chord, key=Key("C")) for chord in brief.chords]
    assert written == numerals or {numeral.upper() for numeral in numerals} == {"I"}


@pytest.mark.parametrize(
    ("chords", "key"),
    [
        ("Am F C G", "A minor"),
        ("C G Am F", "C major"),
        ("Dm7 G7 Cmaj7", "C major"),
        ("Fm7 Bb7 Ebmaj7", "Eb major"),
        ("Bb Eb7 Bb7", "Bb major"),
        ("E7#9", "E major"),
        ("Em7", "E minor"),
        ("Bm7b5 E7 Am", "A minor"),
        ("F#m D A E", "F# minor"),
        ("Dm7 G13 Cmaj9 A7", "C major"),
        ("Cm Ab Eb Bb", "C minor"),
    ],
)
def test_a_progression_is_in_the_key_that_it_goes_round(chords, key):
    assert key_of_chords(tuple(map(Chord.parse, chords.split()))) == key


@pytest.mark.parametrize(
    ("key", "triads", "with_sevenths"),
    [
        ("C major", "C Dm Em F G Am Bdim", "Cmaj7 Dm7 Em7 Fmaj7 G7 Am7 Bm7b5"),
        ("A minor", "Am Bdim C Dm Em F G", "Am7 Bm7b5 Cmaj7 Dm7 Em7 Fmaj7 G7"),
        ("G mixolydian", "G F C", "G7 Fmaj7 Cmaj7"),
        ("C major", "Bb", "Bb7"),
        ("A minor", "E", "E7"),
    ],
)
def test_triads_get_the_seventh_of_their_key(key, triads, with_sevenths):
    chords = sevenths(tuple(map(Chord.parse, triads.split())), key=Key(key))

    assert [chord.name for chord in chords] == with_sevenths.split()


@pytest.mark.parametrize(
    ("key", "first", "fourth", "fifth"),
    [("E blues", "E7", "A7", "B7"), ("C minor", "Cm7", "Fm7", "G7"), ("F major", "F7", "Bb7", "C7"),
     ("D dorian", "Dm7", "Gm7", "A7")],
)  # fmt: skip
def test_a_blues_has_twelve_bars_on_one_four_and_five(key, first, fourth, fifth):
    names = [chord.name for chord in blues(Key(key))]

    assert len(names) == 12
    assert (names[0], names[4], names[8]) == (first, fourth, fifth)
