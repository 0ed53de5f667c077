from __future__ import annotations

import re
from pathlib import Path

import pytest

from conduit.band.genre import GENRES
from conduit.composer import Options
from conduit.composer.brief import read_brief
from conduit.composer.genre_facts import facts_of, genre_asked
from conduit.composer.options import valid_genre
from conduit.composer.own_genres import read_own_genres
from conduit.composer.question import ask, read_question
from conduit.composer.sketch import sketch
from conduit.messages.aside import aside
from conduit.music.drums import DRUM_PITCHES

BELLS = """
aliases: [clang]
bpm: 101
about: Cowbells and nothing else.
drums:
  core:
    - {cowbell: x---x---x---x---}
"""


@pytest.fixture
def folder(tmp_path: Path):
    (tmp_path / "cow_bells.yaml").write_text(BELLS)
    yield tmp_path
    GENRES.clear()


def test_a_file_in_the_folder_is_a_genre_by_option_and_by_word(folder):
    assert read_own_genres(folder) == ["cow bells"]

    clips = [
        sketch(read_brief("drums", options=Options(genre="cow bells", seed=1))),
        sketch(read_brief("cow bells drums", options=Options(seed=1))),
        sketch(read_brief("a clang beat", options=Options(seed=1))),
    ]
    assert {clip.digest for clip in clips} == {clips[0].digest}
    assert {note.pitch for note in clips[0].notes} == {DRUM_PITCHES["cowbell"]}
    assert clips[0].bpm == 101


def test_a_broken_file_breaks_no_other_and_is_told(folder):
    (folder / "broken.yaml").write_text("bpm: [")
    (folder / "bytes.yml").write_bytes(b"\xff\xfe")
    (folder / "notes.txt").write_text("not a genre")
    added = read_own_genres(folder)

    assert added == ["cow bells"]
    assert set(GENRES.faults) == {"broken", "bytes"}
    with pytest.raises(ValueError, match=r"broken\.yaml, line 2: this is not YAML"):
        valid_genre("broken")


def test_a_file_may_be_like_one_that_comes_after_it(folder):
    (folder / "a_copy.yaml").write_text("like: cow bells\nbpm: 90")

    assert read_own_genres(folder) == ["cow bells", "a copy"]
    assert GENRES["a copy"].drums == GENRES["cow bells"].drums


def test_a_mended_file_is_read_anew_and_a_removed_one_is_gone(folder):
    (folder / "broken.yaml").write_text("bpm: [")
    read_own_genres(folder)
    (folder / "broken.yaml").write_text("bpm: 90")
    (folder / "cow_bells.yaml").unlink()

    assert read_own_genres(folder) == ["broken"]
    assert not GENRES.faults
    assert "cow bells" not in GENRES


def test_without_a_folder_there_are_the_genres_that_ship(tmp_path):
    assert read_own_genres(tmp_path / "none") == []


@pytest.mark.parametrize(
    ("text", "genre", "name"),
    [
        ("a dusty lofi beat", None, "lofi"),
        ("a bass line", "dub", "dub"),
        ("a house bass", "techno", "techno"),
        ("dnb drums", None, "drum and bass"),
        ("a bass", "drum-and-bass", "drum and bass"),
    ],
)
def test_a_model_is_told_about_the_genre_that_is_asked_for(text, genre, name):
    options = Options(genre=genre, bars=2)
    found = genre_asked(text, options)
    message = ask(text, options=options)

    assert found is GENRES[name]
    assert facts_of(GENRES[name])[:40] in message.parts[-1].text
    assert read_question(message) == (text, options)


def test_without_a_genre_nothing_is_told():
    assert len(ask("something nice", options=Options()).parts) == 1


def test_a_person_is_not_shown_what_the_model_is_told_about_a_genre():
    _, words = aside(ask("a techno bass", options=Options(bars=2)))

    assert words == "2 bars"


@pytest.mark.parametrize("name", GENRES)
def test_the_facts_of_a_genre_are_few_words(name):
    assert len(facts_of(GENRES[name])) < 400


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param(
            "bpm: 0x" + "f" * 4_000, r"bpm: a number of thousands of digits cannot be", id="huge number"
        ),
        pytest.param("bpm: 0x" + "f" * 100_000, r"line 1: a value is up to 5,000 letters", id="huge value"),
        pytest.param(
            f"name: 0x{'f' * 4_000}\nbpm: 120", "cannot be read: ValueError", id="huge number as name"
        ),
        pytest.param(f"? 0x{'f' * 4_000}\n: 120", "there is no field a number of thousands", id="huge field"),
        pytest.param("bpm: " + "[" * 5_000 + "]" * 5_000, "line 1: it is nested too deep", id="deep"),
        pytest.param("bpm: " + "[" * 30_000 + "]" * 30_000, "line 1: it is nested too deep", id="deeper"),
        pytest.param("bpm: &a [1]\ntempo: *a", r"line 2: an alias such as \*a cannot be", id="alias"),
        pytest.param("bpm: 120\nabout: a\n" * 20_000, "too long for a genre; write up to 200,000", id="long"),
        pytest.param('bpm: !!int ""', "this is not YAML: string index", id="no number"),
        pytest.param("bpm: !!bool maybe", "this is not YAML: 'maybe'", id="no yes or no"),
        pytest.param("bpm: !!timestamp soon", "this is not YAML", id="no time"),
    ],
)
def test_a_hostile_file_is_refused_in_one_line_that_names_it_and_breaks_no_other(folder, text, fault):
    (folder / "bomb.yaml").write_text(text)

    assert read_own_genres(folder) == ["cow bells"]
    assert re.search(rf"^\S+bomb\.yaml.*{fault}", GENRES.faults["bomb"])
    assert len(GENRES.faults["bomb"].removeprefix(str(folder))) < 1000
