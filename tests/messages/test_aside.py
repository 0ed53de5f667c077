"""What Conduit adds to a person's words, in words."""

from __future__ import annotations

import pytest

from conduit.composer.options import Options
from conduit.composer.question import ask, decision
from conduit.messages import Conversation, ImagePart, UserMessage
from conduit.messages.aside import aside, in_words
from conduit.music import Meter

PICTURE = ImagePart(media_type="image/png", data=b"x")


def said(message):
    parts, added = aside(message)
    return [getattr(part, "text", "") for part in parts], added


@pytest.mark.parametrize(
    ("options", "added"),
    [
        (Options(), ""),
        (Options(bars=1, key="A minor"), "1 bar · A minor"),
        (Options(bars=2.5, bpm=128.0), "2.5 bars · 128 bpm"),
        (Options(bars=4.0, meter=Meter(7, 8), genre="techno", role="bass"), "4 bars · techno · bass · 7/8"),
    ],
)
def test_what_was_asked_for_by_options_is_said_in_words(options, added):
    message = ask("a bass line", options=options, clip_wanted=True, media=(PICTURE,))

    assert said(message) == (["", "a bass line"], added)


def test_of_a_decision_everything_is_added():
    message = decision("plan p1 was <applied>")

    assert said(message) == ([], "What was decided about a plan: plan p1 was <applied>")


@pytest.mark.parametrize(
    "texts",
    [
        ["a bass line"],
        ['<brief>{"bars": 2}</brief>'],
        ["a", "b"],
        ["a", "<brief>{no}</brief>"],
        ["a", "<brief>[2]</brief>"],
        ["a", '<brief>{"bars": 2}</brief> more'],
    ],
)
def test_what_a_person_wrote_stays(texts):
    message = UserMessage.of(*texts)

    assert said(message) == (texts, "")
    assert in_words("\n".join(texts)) == "\n".join(texts)


def test_an_option_of_another_time_stands_with_its_name():
    assert said(UserMessage.of("a", '<brief>{"mood{}": "dark"}</brief>'))[1] == "mood{} dark"


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (ask("a\nb", options=Options(bars=2), clip_wanted=True), "a\nb\n2 bars"),
        (ask("a", options=Options(), clip_wanted=True), "a"),
        (decision("p1 was applied"), "What was decided about a plan:\np1 was applied"),
    ],
)
def test_the_texts_of_a_message_are_said_in_words(message, text):
    assert in_words(message.text) == text


def test_an_export_has_it_in_small_print():
    text = Conversation().add(ask("a bass line", options=Options(bars=2))).to_markdown()

    assert text.endswith("> a bass line\n\n> *2 bars*\n")
