"""The critic in a turn: it speaks up while the model is at work, and the best clip is the answer."""

from __future__ import annotations

import json
import re
from random import Random

import pytest

from conduit.clients import Capabilities, ScriptedClient
from conduit.composer import Options
from conduit.composer.brief import read_brief
from conduit.composer.critic import GOOD, MOST_ROUNDS, Critic
from conduit.composer.question import read_critique
from conduit.composer.sketch import sketch
from conduit.engine.limits import Reason
from conduit.errors import ErrorKind, ProviderError, SetupError
from conduit.messages import AssistantMessage, TextPart, ToolCallPart, UserMessage
from conduit.music import Clip, Note, write_clip
from conduit.studio import ClipWritten, Question, Studio

WORDS = "four bars of house bass in A minor"
CHANCE = Random(3)
POOR = Clip.of(
    [Note(20 + int(CHANCE.random() * 90), n / 4, 0.05, 100) for n in range(64)], length=16, instrument="bass"
)
BETTER = sketch(read_brief(WORDS))
MANY = [
    f"{genre} {role}"
    for genre in ("techno", "jazz", "idm", "dub", "acid")
    for role in ("lead", "drums", "bass")
]


def hand_in(clip, number):
    arguments = json.dumps({"clip": write_clip(clip)})
    return AssistantMessage(parts=(ToolCallPart(id=f"c{number}", name="write_clip", arguments=arguments),))


def say(text):
    return AssistantMessage(parts=(TextPart(text=text),))


class Blind(ScriptedClient):
    """A model that takes no pictures."""

    async def capabilities(self, model):  # noqa: ARG002  the same for every model
        return Capabilities(images=False)


@pytest.fixture
def studio():
    made = Studio()
    yield made
    made.close()


def ask(studio, *replies, rounds=1, client=ScriptedClient):
    """Put the question to a scripted model; give the answer, the events and the model."""
    model = client(list(replies))
    studio.add_client(model)
    question = Question(WORDS, model="scripted", critic=rounds, options=Options(bars=4))
    events = []
    answer = studio.call(studio.ask(question, emit=events.append))
    return answer, events, model


def critiques(model):
    last = model.requests[-1].messages
    return [said for m in last if isinstance(m, UserMessage) and (said := read_critique(m))]


def test_a_poor_clip_is_asked_for_again_and_the_better_one_is_the_answer(studio):
    answer, _, model = ask(studio, hand_in(POOR, 1), hand_in(BETTER, 2), say("Tighter now."))

    assert answer.clip.notes == BETTER.notes
    assert answer.before.notes == POOR.notes
    assert answer.heard.endswith("; take 2 was kept")
    assert answer.text == "Tighter now."
    assert len(critiques(model)) == 1


def test_a_clip_that_got_worse_is_not_kept(studio):
    answer, events, _ = ask(studio, hand_in(BETTER, 1), hand_in(POOR, 2), say("Wilder."), rounds=2)

    assert answer.clip.notes == BETTER.notes
    assert answer.before is None
    assert [e.clip.notes for e in events if isinstance(e, ClipWritten)][-1] == BETTER.notes


def test_a_model_may_let_its_clip_stand(studio):
    answer, _, model = ask(studio, hand_in(POOR, 1), say("It is meant to be wild."), rounds=3)

    assert answer.clip.notes == POOR.notes
    assert len(model.requests) == 2


def test_it_is_asked_so_often_and_no_more(studio):
    answer, _, model = ask(studio, *(hand_in(POOR, n) for n in range(3)), say("That is all."), rounds=2)

    assert len(critiques(model)) == 2
    assert answer.heard.count("→") == 2


@pytest.mark.parametrize(("client", "sees"), [(ScriptedClient, True), (Blind, False)])
def test_only_a_model_that_sees_is_shown_the_picture(studio, client, sees):
    _, _, model = ask(studio, hand_in(POOR, 1), say("Fine."), client=client)

    heard = next(m for m in model.requests[-1].messages if isinstance(m, UserMessage) and read_critique(m))
    assert (heard.parts[0].type == "image") is sees


def test_without_a_critic_nobody_is_told_anything(studio):
    answer, _, model = ask(studio, hand_in(POOR, 1), say("Done."), rounds=0)

    assert answer.heard == ""
    assert critiques(model) == []


def test_the_offline_composer_makes_other_takes_and_its_best_is_kept(studio):
    words = next(words for words in MANY if _score(words) < GOOD)

    plain, best = (
        studio.call(
            studio.ask(Question(words, model="offline", critic=rounds, new=True), emit=lambda _: None)
        )
        for rounds in (0, MOST_ROUNDS)
    )

    heard = [float(number) for number in re.findall(r"\d\.\d\d", best.heard)]
    assert len(heard) > 1
    assert plain.clip.notes == (best.before or best.clip).notes
    assert len(best.clips) == len(heard)


def test_what_goes_to_live_is_the_take_that_counts_so_far(studio):
    push = AssistantMessage(parts=(ToolCallPart(id="p", name="push_clip", arguments='{"track": 1}'),))
    answer, _, _ = ask(studio, hand_in(BETTER, 1), hand_in(POOR, 2), push, rounds=2)

    (plan,) = answer.plans
    assert studio.plans.change(plan).after.notes == BETTER.notes
    assert studio.latest.notes == BETTER.notes


def test_a_rewrite_that_cannot_be_read_costs_no_clip(studio):
    broken = AssistantMessage(parts=(ToolCallPart(id="b", name="write_clip", arguments='{"clip": "?"}'),))
    answer, _, _ = ask(studio, hand_in(POOR, 1), broken, broken, broken, rounds=1)

    assert (answer.clip.notes, answer.reason, answer.problem) == (POOR.notes, Reason.DONE, "")
    assert any("cannot be read" in trouble or "no" in trouble for trouble in answer.troubles)


def test_a_provider_that_fails_in_a_round_costs_no_clip(studio):
    broken = ProviderError("it went away", kind=ErrorKind.BAD_REQUEST, provider="scripted")
    answer, _, _ = ask(studio, hand_in(POOR, 1), broken, rounds=1)

    assert (answer.clip.notes, answer.reason) == (POOR.notes, Reason.DONE)
    assert "it went away" in answer.troubles


def test_the_repairs_are_those_of_the_take_that_was_kept(studio):
    late = write_clip(POOR).replace("4 bars", "3 bars", 1)
    answer, _, _ = ask(studio, hand_in(BETTER, 1), hand_in(POOR, 2), say("Done."), rounds=1)
    arguments = json.dumps({"clip": late})
    call = AssistantMessage(parts=(ToolCallPart(id="l", name="write_clip", arguments=arguments),))
    other, _, _ = ask(studio, hand_in(BETTER, 1), call, say("Done."), rounds=1)

    assert answer.repairs == other.repairs == ()


def test_a_clip_in_words_is_measured_and_not_asked_for_again(studio):
    answer, _, model = ask(studio, say(f"Here:\n```clip\n{write_clip(POOR)}\n```"), rounds=2)

    assert answer.clip.notes == POOR.notes
    assert answer.heard.startswith("the critic gave it 0.")
    assert len(model.requests) == 1


def test_another_part_is_no_other_take(studio):
    beat = sketch(read_brief("four bars of house drums"))
    answer, _, _ = ask(studio, hand_in(POOR, 1), hand_in(beat, 2), say("And a beat."), rounds=1)

    assert answer.clip.notes == beat.notes
    assert answer.heard.startswith("the critic gave it 0.")


@pytest.mark.parametrize("rounds", [-1, MOST_ROUNDS + 1])
def test_more_rounds_than_may_be_are_refused(rounds):
    with pytest.raises(SetupError, match="the critic hears a clip 0 to 5 times"):
        Question(WORDS, critic=rounds).checked()


def _score(words):
    brief = read_brief(words)
    critic = Critic(brief, rounds=1)
    critic.hear(sketch(brief))
    return critic.best.score.total
