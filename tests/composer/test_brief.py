from __future__ import annotations

import pytest

from conduit.band.genre import GENRES
from conduit.band.parts import RENDERERS
from conduit.composer.brief import Brief, Options, read_brief
from conduit.composer.page import Page, fold
from conduit.composer.vocabulary import read_words
from conduit.composer.words import MODES, ROLES, genre_words, lookup
from conduit.music import Key, Meter
from conduit.music.scale import SCALES

BEFORE = read_brief("8 bars of house chords in D minor at 122 bpm in 3/4")


def test_what_held_before_holds_where_the_words_are_silent():
    brief = read_brief("now a bassline", previous=BEFORE)

    assert (brief.role, brief.key, brief.bpm, brief.bars, brief.genre, str(brief.meter)) == (
        "bass", "D minor", 122, 8, "house", "3/4",
    )  # fmt: skip


def test_words_win_over_what_held_before():
    brief = read_brief("four bars of techno bass in A minor in 4/4", previous=BEFORE)

    assert (brief.bars, brief.genre, brief.key, brief.meter) == (4, "techno", "A minor", Meter())


def test_a_progression_holds_until_another_key_is_asked_for():
    before = read_brief("chords Am F C G")

    assert read_brief("a bassline", previous=before).chords == before.chords
    assert read_brief("a bassline in E minor", previous=before).chords == ()


def test_a_mood_does_not_leave_the_key_of_before():
    assert read_brief("a happy lead", previous=BEFORE).key == "D minor"


def test_a_mode_keeps_the_tonic_of_before():
    assert read_brief("a dorian lead", previous=BEFORE).key == "D dorian"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("bass in Am", "A minor"),
        ("bass in am", "A minor"),
        ("bass in a minor", "A minor"),
        ("bass, A MINOR", "A minor"),
        ("bass in the key of E", "E major"),
        ("bass in F# major", "F# major"),
        ("bass in F♯ minor", "F# minor"),
        ("bass in B♭ minor", "Bb minor"),
        ("bass in Bbm", "Bb minor"),
        ("bass in b flat minor", "Bb minor"),
        ("bass in A harmonic minor", "A harmonic minor"),
        ("bass in G-minor", "G minor"),
        ("bass, key: C#m", "C# minor"),
        ("bass in E phrygian dominant", "E phrygian dominant"),
        ("bass in C minor pentatonic", "C minor pentatonic"),
        ("bass in As-Dur", "Ab major"),
        ("basse en si bémol majeur", "Bb major"),
        ("a bass that I am fond of", None),
        ("a bass, in a groovy way", None),
        ("a bass with a big sound", None),
    ],
)
def test_keys_are_read_in_their_spellings(text, key):
    assert read_brief(text).key == key


@pytest.mark.parametrize(
    ("text", "bars"),
    [
        ("bass, 4 bars", 4),
        ("bass, four bars", 4),
        ("a 16-bar bass", 16),
        ("a sixteen-bar bass", 16),
        ("one bar of bass", 1),
        ("a bar of bass", 1),
        ("twenty four bars of bass", 24),
        ("sixty-four bars of bass", 64),
        ("128 bars of bass", 128),
        ("bass with a fill every two bars", 4),
        ("bass, bars: 6", 6),
        ("bass for 12 measures", 12),
        ("bass, zwölf Takte", 12),
    ],
)
def test_lengths_are_read_in_digits_and_words(text, bars):
    assert read_brief(text).bars == bars


@pytest.mark.parametrize(
    ("text", "bpm"),
    [("at 128 bpm", 128), ("128bpm", 128), ("tempo 90", 90), ("tempo of 90", 90), ("@ 133", 133), ("at 174", 174),
     ("92.5 bpm", 92.5), ("8 bars at bar 3", None)],
)  # fmt: skip
def test_tempi_are_read(text, bpm):
    assert read_brief(f"bass {text}").bpm == bpm


@pytest.mark.parametrize(
    "options",
    [Options(key="H minor"), Options(role="tuba"), Options(genre="polka"), Options(bpm=5), Options(bars=0.5)],
)
def test_an_option_that_cannot_be_is_a_problem(options):
    assert read_brief("bass", options=options).problem


def test_an_option_is_enough_to_make_something_of_strange_words():
    brief = read_brief("wobble the frobnicator", options=Options(role="bass"))

    assert brief.problem is None
    assert brief.unknown == ("wobble", "frobnicator")


def test_the_seed_is_of_the_words_not_of_their_spelling():
    assert read_brief("Acid Bass").seed == read_brief("  acid   bass ").seed
    assert read_brief("acid bass").seed != read_brief("acid bass!").seed


def test_a_brief_is_a_value():
    assert read_brief("acid bass") == read_brief("acid bass")
    assert hash(Brief()) == hash(Brief())


def test_folding_keeps_every_letter_in_its_place():
    text = "Fläche in É-Dur ﬁ ǅ İ"

    assert len(fold(text)) == len(text)


def test_every_role_and_genre_has_words_and_every_scale_its_mode():
    assert set(ROLES) == set(RENDERERS)
    assert set(genre_words()) == set(GENRES)
    assert set(MODES) == set(SCALES)


@pytest.mark.parametrize("genre", GENRES)
def test_a_genre_is_read_by_its_name(genre):
    assert read_words(Page(f"{genre} drums")).genre == genre


def test_every_word_of_the_vocabulary_is_folded():
    assert all(word == fold(word) for word in lookup())


def test_a_scale_is_a_key_of_the_music_room():
    assert all(Key(f"C {scale}") for scale in MODES)
