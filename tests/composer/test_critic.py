"""The critic: measures each clip, asks for a better one so often and no more, and keeps the best."""

from __future__ import annotations

import struct
from random import Random

import pytest

from conduit.composer.brief import read_brief
from conduit.composer.critic import GOOD, Critic
from conduit.composer.grid_task import GridTask, read_task
from conduit.composer.options import Options
from conduit.composer.picture import roll_png
from conduit.composer.question import ask, critique, read_critique
from conduit.composer.sketch import sketch
from conduit.messages import ImagePart, UserMessage
from conduit.messages.aside import aside, is_aside
from conduit.music import Clip, Note

BRIEF = read_brief("four bars of house bass in A minor")
RANDOM = Random(1)
POOR = Clip.of(
    [Note(int(RANDOM.random() * 90) + 20, RANDOM.random() * 15.9, 0.02, 100) for _ in range(60)],
    length=16,
    instrument="bass",
)
BETTER = sketch(BRIEF)


def test_a_poor_clip_goes_back_with_what_was_measured():
    message = Critic(BRIEF, rounds=1).hear(POOR)

    said = read_critique(message)
    assert said.startswith("score 0.")
    assert "- key " in said
    assert said.endswith("or say in a sentence why it should stay as it is.")


def test_a_model_that_sees_is_shown_the_clip():
    seen, unseen = (Critic(BRIEF, rounds=1, sees=sees).hear(POOR) for sees in (True, False))

    assert [part.type for part in seen.parts] == ["image", "text", "text"]
    assert seen.parts[0] == ImagePart(media_type="image/png", data=roll_png(POOR))
    assert not any(isinstance(part, ImagePart) for part in unseen.parts)


@pytest.mark.parametrize("width", [240, 960])
def test_the_picture_is_a_png_of_the_width_asked_for(width):
    data = roll_png(BETTER, width=width)

    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">I", data[16:20])[0] == width


@pytest.mark.parametrize("rounds", [1, 3])
def test_a_clip_is_asked_for_again_so_often_and_no_more(rounds):
    critic = Critic(BRIEF, rounds=rounds)

    told = [critic.hear(POOR) is not None for _ in range(rounds + 1)]

    assert told == [True] * rounds + [False]


def test_a_good_clip_is_left_alone():
    critic = Critic(BRIEF, rounds=5)
    good = max((sketch(read_brief(f"house bass in A minor, seed {seed}")) for seed in range(30)), key=_total)

    assert critic.hear(good) is None
    assert critic.best.score.total >= GOOD


@pytest.mark.parametrize(("clips", "kept"), [((POOR, BETTER), 1), ((BETTER, POOR), 0), ((BETTER, BETTER), 0)])
def test_the_best_is_kept_and_of_equals_the_first(clips, kept):
    critic = Critic(BRIEF, rounds=1)
    for clip in clips:
        critic.hear(clip)

    assert critic.best is critic.heard[kept]
    assert critic.said.endswith(f"; take {kept + 1} was kept")


@pytest.mark.parametrize(
    ("text", "options", "unsaid"),
    [
        ("four bars of house bass in 4/4", Options(), set()),
        ("make it more syncopated", Options(), {"bars", "meter", "role"}),
        ("drums", Options(bars=2), {"meter"}),
        ("xyzzy", Options(role="lead"), {"bars", "meter"}),
    ],
)
def test_only_what_was_asked_for_is_judged(text, options, unsaid):
    assert Critic.of(text, options, rounds=1)._unsaid == unsaid


def test_a_follow_up_is_not_held_against_a_part_that_nobody_asked_for():
    critic = Critic.of("make it more syncopated", Options(), rounds=1)

    critic.hear(sketch(read_brief("eight bars of house drums in 4/4")))

    parts = {part.name: part.value for part in critic.best.score.parts}
    assert parts["bars"] == parts["metre"] == parts.get("instrument", 1) == 1


def test_a_critique_is_conduits_own_word_and_not_a_persons():
    message = critique("score 0.61", picture=ImagePart(media_type="image/png", data=b"png"))

    assert is_aside(message)
    assert aside(message) == ((), "What the critic heard in the clip: score 0.61")


@pytest.mark.parametrize(
    "text", ["<critique>\nscore\n</critique>", "What the critic heard in the clip:", "bass"]
)
def test_what_a_person_writes_is_no_critique(text):
    assert read_critique(UserMessage.of(text)) is None
    assert read_critique(ask(text, options=Options(bars=2))) is None


def test_a_small_model_is_asked_its_question_again_with_what_was_heard():
    question = ask("house bass", options=Options(bars=2))

    task = read_task((question, critique("score 0.61\n- groove 0.2")))

    assert isinstance(task, GridTask)
    assert task.words == "house bass\nYour last clip can be better: score 0.61\n- groove 0.2"


def _total(clip):
    critic = Critic(BRIEF, rounds=1)
    critic.hear(clip)
    return critic.best.score.total
