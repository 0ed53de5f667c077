"""Keys read from words."""

from __future__ import annotations

import pytest

from conduit.composer.brief import read_brief
from conduit.composer.mode_words import MODES, SHY
from conduit.composer.options import Options, valid_genre, valid_key, valid_role
from conduit.music import SCALES
from conduit.music.near import UnknownNameError


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("bass in C persian", "C persian"),
        ("E persian scale bass", "E persian"),
        ("hirajoshi pad in D", "D hirajoshi"),
        ("a lead in A hirajoshi", "A hirajoshi"),
        ("in E double harmonic", "E double harmonic"),
        ("G lydian #2 pad", "G lydian #2"),
        ("pad in A half whole diminished", "A half whole diminished"),
        ("bass, key of D super locrian", "D altered"),
        ("E bebop dominant lead", "E bebop dominant"),
        ("chords in the key of F# hungarian minor", "F# hungarian minor"),
        ("bass in Bb lydian dominant", "Bb lydian dominant"),
        ("H-Moll Bass", "B minor"),
        ("Bass in B-Dur", "Bb major"),
        ("Cis-Moll Bass", "C# minor"),
    ],
)
def test_a_key_of_any_scale_is_read(text, key):
    assert read_brief(text).key == key


@pytest.mark.parametrize("scale", [scale for scale in SCALES if "#" not in scale])
def test_every_scale_is_read_after_a_note_and_in(scale):
    assert read_brief(f"bass in D {scale}").key == f"D {scale}"


@pytest.mark.parametrize(
    "text",
    [
        "acoustic bass",
        "a japanese pad",
        "an E spanish guitar lead",
        "dominant bass",
        "chromatic lead",
        "bebop lead",
    ],
)
def test_a_word_that_means_something_else_alone_is_no_scale(text):
    assert read_brief(text).key is None


def test_an_elision_before_a_scale_is_no_note():
    assert read_brief("a bass, and it's minor").problem is None


@pytest.mark.parametrize("word", sorted(SHY))
def test_such_a_word_is_a_scale_before_the_word_scale(word):
    key = read_brief(f"a bass in the {word} scale").key

    assert key is not None
    assert f"{word} scale" in MODES[key.scale]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bass in H minor", "B minor"),
        ("a lead in C hirajoshy", "hirajoshi"),
        ("bass in D mixolidian", "mixolydian"),
        ("lead in E superlocrain", "superlocrian"),
    ],
)
def test_what_is_no_key_is_a_problem_that_says_what_comes_near(text, said):
    problem = read_brief(text).problem

    assert problem is not None
    assert said in problem


@pytest.mark.parametrize(
    ("check", "name", "near"),
    [
        (valid_key, "H minor", "B minor"),
        (valid_key, "A mixolidian", "A mixolydian"),
        (valid_genre, "tekno", "techno"),
        (valid_genre, "drum n bas", "drum and bass"),
        (valid_role, "bas", "bass"),
        (valid_role, "melodee", "lead"),
    ],
)
def test_an_option_that_is_not_known_is_refused_with_near_ones(check, name, near):
    with pytest.raises(UnknownNameError, match=r"[Dd]id you mean") as refusal:
        check(name)

    assert near in refusal.value.valid


@pytest.mark.parametrize(
    ("check", "name", "found"),
    [(valid_genre, "dnb", "drum and bass"), (valid_role, "bassline", "bass"), (valid_key, "F#m", "F# minor"),
     (valid_genre, None, None), (valid_role, None, None), (valid_key, None, None)],
)  # fmt: skip
def test_an_option_may_be_written_as_words_have_it(check, name, found):
    assert check(name) == found


@pytest.mark.parametrize(("check", "name"), [(valid_genre, "zzz"), (valid_role, "zzz")])
def test_an_option_that_comes_near_none_lists_all(check, name):
    with pytest.raises(UnknownNameError, match="s are") as refusal:
        check(name)

    assert len(refusal.value.valid) > 5


def test_an_unknown_option_is_the_briefs_problem():
    assert "Did you mean techno?" in str(read_brief("bass", options=Options(genre="teckno")).problem)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("bass in D min", "D minor"),
        ("rock bass in E maj", "E major"),
        ("Eb min bass", "Eb minor"),
        ("bass in F# min", "F# minor"),
        ("bb min", "Bb minor"),
        ("B flat maj pad", "Bb major"),
        ("house bass, D min.", "D minor"),
        ("techno in e min 130 bpm", "E minor"),
        ("C Maj chords", "C major"),
        ("Dmi bass", "D minor"),
        ("bass in D mi", "D minor"),
        ("emin pad", "E minor"),
        ("D min pentatonic lead", "D minor pentatonic"),
        ("E harmonic min bass", "E harmonic minor"),
        ("a bass in a maj key", "C major"),
    ],
)
def test_a_mode_in_short_is_read_in_every_spelling(text, key):
    assert read_brief(text).key == key


@pytest.mark.parametrize("text", ["A minr", "bass in a minr", "bass in G mnior", "a pad in A majr"])
def test_a_mode_with_a_letter_wrong_is_asked_about_and_never_taken_for_the_other(text):
    assert "Did you mean m" in (read_brief(text).problem or "")


@pytest.mark.parametrize(
    "text", ["a 2 min pad", "A blue bass", "in a bluesy style bass", "a pad, a minute long"]
)
def test_words_that_only_begin_like_a_mode_are_no_key(text):
    assert read_brief(text).key is None
