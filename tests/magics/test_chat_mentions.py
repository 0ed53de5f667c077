"""Mentions in the chat panel's input: what is sent along with the words, and what is left as it is."""

from __future__ import annotations

import dataclasses
import functools
import math
from types import SimpleNamespace

import pytest
from conduit_magics.chat.mentions import mention

from conduit.composer.data import without_data
from conduit.errors import SetupError
from conduit.music import Clip, Note, read_clip, write_clip
from conduit.studio import Question
from conduit.studio.takes import Take

BASS = Clip.of([Note(45, 0, 1)], name="Acid", instrument="bass", bpm=140, key="A minor")
DRUMS = Clip.of([Note(36, 0, 1)], name="Drums", instrument="drums")
TAKE = Take("k1", BASS, BASS, called="acid bass", at=1.0)
FACTS = {
    "n": 4,
    "mood": "dark",
    "bass": BASS,
    "words": ["x" * 300],
    "app": SimpleNamespace(route=1, name="x"),
}
CODE = {"math": math, "dataclasses": dataclasses, "cached": functools.cache, "Clip": Clip, "len2": len}


def block(name, clip):
    return f'<data name="{name}">\n{write_clip(clip)}\n</data>'


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("@n bars, @mood", "4 bars, dark"),
        ("(@n)", "(4)"),
        ("{n} bars and {{n}}", "4 bars and {n}"),
        ("@app.name", "x"),
        ("a @bass.instrument line", "a bass line"),
    ],
)
def test_what_is_short_stands_in_the_sentence(text, sent):
    assert mention(text, FACTS, []) == sent


def test_what_is_long_goes_after_the_words_by_the_name_it_was_reached_by():
    assert (
        mention("see @words[0]", FACTS, [])
        == f'see @words[0]\n\n<data name="words[0]">\n{"x" * 300}\n</data>'
    )


@pytest.mark.parametrize(
    "text",
    [
        "me@n.org",
        "write to first.last@mood.com",
        "@unknown and @nn",
        "@@n",
        "@nx",
        "x/@n",
        "mail -@n",
        "@app.route('/')",
        "@n(4)",
        "@math and @Clip and @cached and @len2",
        "@dataclasses.dataclass",
        "`@n` in code",
        "```python\n@n\n```",
        "```\n@n",
        "@n\ndef f(x):\n    return x",
        "@app.name\n@n\nclass X:\n    pass",
        "@n\nasync def f(): ...",
        '@"unknown take"',
        '@"n"',
        "@ n",
        "@",
        "@4",
    ],
)
def test_what_is_no_mention_stays_as_it_is(text):
    assert mention(text, {**FACTS, **CODE}, []) == text


def test_a_clip_goes_as_data_after_words_that_stay():
    sent = mention("drums that fit @bass.", FACTS, [])

    assert sent == f"drums that fit @bass.\n\n{block('bass', BASS)}"


def test_what_is_mentioned_twice_is_sent_once():
    sent = mention('@bass and @bass under @"acid bass"', FACTS, [TAKE])

    assert sent.count("<data") == 2
    assert sent.endswith(f"\n\n{block('bass', BASS)}\n{block('acid bass', BASS)}")


def test_braces_put_data_where_they_stand_as_in_a_cell():
    assert mention("vary {bass} a bit", FACTS, []) == f"vary \n{block('bass', BASS)}\n a bit"


def test_braces_in_code_are_filled_as_in_a_cell():
    assert mention("```\n{n} @n\n```", FACTS, []) == "```\n4 @n\n```"


def test_what_is_inserted_is_not_looked_at_again():
    assert mention("{a} @b", {"a": "@n", "b": "{n}", "n": 4}, []) == "@n {n}"


def test_a_take_is_mentioned_by_its_name_and_a_variable_goes_before_it():
    take = dataclasses.replace(TAKE, called="bass", clip=DRUMS)

    assert mention("@bass", {}, [take]).endswith(block("bass", DRUMS))
    assert mention("@bass", FACTS, [take]).endswith(block("bass", BASS))
    assert mention('@"bass"', FACTS, [take]).endswith(block("bass", DRUMS))


def test_of_takes_of_one_name_the_newest_is_meant():
    newer = dataclasses.replace(TAKE, id="k2", clip=DRUMS, at=2.0)

    assert block("acid bass", DRUMS) in mention('@"acid bass"', {}, [newer, TAKE])


@pytest.mark.parametrize("name", ["token", "OPENAI_API_KEY", "my_secret"])
def test_what_sounds_like_a_secret_is_never_sent(name):
    with pytest.raises(
        SetupError, match=f"@{name} sounds like a secret and was not sent; rename it$"
    ) as caught:
        mention(f"see @{name}", {name: "s3cret"}, [])

    assert "s3cret" not in caught.value.message


def test_a_take_may_be_called_a_secret():
    take = dataclasses.replace(TAKE, called="the secret bass")

    assert block("the secret bass", BASS) in mention('@"the secret bass"', {}, [take])


def test_a_value_that_looks_like_a_key_is_never_sent():
    with pytest.raises(SetupError, match="@settings holds what looks like a key") as caught:
        mention("@settings", {"settings": {"x": "sk-" + "a1B2" * 8}}, [])

    assert "a1B2" not in caught.value.message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("@bass.nothing", "@bass.nothing does not exist"),
        ("@words[9]", "nothing was sent"),
        ("@app.__class__", "__class__ is private"),
        ("{bass.nothing}", "{bass.nothing} does not exist"),
    ],
)
def test_what_does_not_exist_stops_the_message(text, told):
    with pytest.raises(SetupError) as caught:
        mention(text, FACTS, [])

    assert told in caught.value.message


def test_a_long_value_is_cut_and_says_so():
    assert "1000 characters left out" in mention("@x", {"x": "y" * 5000}, [])


@pytest.mark.parametrize("name", ["acid bass", "bass", "techno_drums"])
def test_the_offline_composer_reads_the_clip_and_not_its_name(name):
    sent = mention(f'a melody for @"{name}"', {}, [dataclasses.replace(TAKE, called=name)])

    words, clips = without_data(sent)

    assert words == "a melody for"
    assert clips == [read_clip(write_clip(BASS))]


def test_a_part_for_a_mentioned_clip_has_its_time_and_its_key(studio):
    sent = mention('chords over @"acid bass"', {}, [TAKE])

    answer = studio.call(studio.ask(Question(sent, new=True, model="offline"), emit=lambda _: None))

    assert (answer.clip.bpm, str(answer.clip.key)) == (140, "A minor")
    assert answer.clip.instrument == "keys"
