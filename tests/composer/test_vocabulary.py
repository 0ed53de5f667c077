"""Words with a letter wrong: what they are taken for is said, what they may mean is hinted at."""

from __future__ import annotations

import pytest

from conduit.composer.brief import read_brief
from conduit.composer.page import Page
from conduit.composer.sketch import describe, sketch
from conduit.composer.vocabulary import near_word, read_words


@pytest.mark.parametrize(
    ("text", "guessed"),
    [("a tehcno bass", ("tehcno", "techno")), ("a basslin in house", ("basslin", "bassline"))],
)
def test_a_word_with_a_letter_wrong_is_told_with_what_it_was_taken_for(text, guessed):
    brief = read_brief(text)

    assert brief.guessed == (guessed,)
    assert f'I took "{guessed[0]}" for {guessed[1]}.' in describe(sketch(brief), brief)


def test_a_word_that_was_left_out_is_told_with_what_comes_near():
    brief = read_brief("an energetik bass with cheese")

    assert brief.unknown == ("energetik", "cheese")
    assert '"energetik" (energetic?), "cheese".' in describe(sketch(brief), brief)


def test_words_that_are_known_are_no_guess():
    assert read_words(Page("deep techno bass")).guessed == ()


@pytest.mark.parametrize("word", ["no octaves", "zzzzzzz", "bas"])
def test_short_words_and_wishes_have_no_hint(word):
    assert near_word(word) is None
