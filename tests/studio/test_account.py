"""The account of a turn: whatever face asks, what came is told in order, while it comes and afterwards."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import CancelledError
from itertools import pairwise

import pytest

from conduit.clients import ScriptedClient
from conduit.engine.events import Steered
from conduit.errors import ErrorKind, ProviderError, SetupError
from conduit.messages import (
    AssistantMessage,
    PartStart,
    ReasoningPart,
    Restart,
    TextDelta,
    TextPart,
    ToolCallPart,
    UserMessage,
)
from conduit.music import Clip, Note, write_clip
from conduit.studio import Question, Studio
from conduit.studio.account import Account
from conduit.studio.account_parts import Called, Planned, Said, Steer, Written
from conduit.studio.answering import steer

BASS = Clip.of([Note(45 + beat, beat, 0.5) for beat in range(8)], length=8, name="Bass", instrument="bass")


def wrote(clip, *before):
    call = ToolCallPart(id="c1", name="write_clip", arguments=json.dumps({"clip": write_clip(clip)}))
    return AssistantMessage(parts=(*before, call))


@pytest.fixture
def make():
    made = []

    def studio(*replies, **facts):
        made.append(Studio(clients=[ScriptedClient(replies, piece=8, **facts)]))
        return made[-1]

    yield studio
    for one in made:
        one.close()


def ask(studio, question, emit=lambda _: None):
    return studio.call(studio.ask(question, emit=emit))


def test_what_came_stands_in_order(make):
    studio = make(wrote(BASS, ReasoningPart(text="low and slow"), TextPart(text="Here.")), "Enjoy.")

    ask(studio, Question("a bass line", model="scripted"))

    [account] = studio.turns
    kinds = [type(part) for part in account.parts]
    assert kinds == [Said, Said, Called, Written, Said]
    assert [part.text for part in account.parts if isinstance(part, Said)] == [
        "low and slow",
        "Here.",
        "Enjoy.",
    ]
    assert account.parts[0].is_thought
    assert account.parts[2].state == "done"
    assert list(account.clips) == studio.clips


def test_an_account_can_be_read_while_it_is_written(make):
    studio = make("one two three four")
    seen = []

    ask(studio, Question("say it", model="scripted"), lambda _: seen.append(_texts(studio)))

    texts = list(dict.fromkeys(filter(None, seen)))
    assert len(texts) > 2
    assert all(later.startswith(earlier) for earlier, later in pairwise(texts))
    assert texts[-1] == "one two three four"


def _texts(studio):
    [account] = studio.turns
    return "".join(part.text for part in account.parts if isinstance(part, Said))


def test_its_nodes_are_those_of_the_conversation_that_it_tells_of(make):
    studio = make("Fine.")

    ask(studio, Question("how are you?", model="scripted"))

    [account] = studio.turns
    assert account.nodes == {studio.conversation.id}
    assert account.asked.tail.text == "how are you?"
    assert not account.running


def test_a_question_that_fails_says_why(make):
    studio = make(ProviderError("scripted is away", kind=ErrorKind.BAD_REQUEST, provider="scripted"))

    with pytest.raises(ProviderError):
        ask(studio, Question("a bass line", model="scripted"))

    [account] = studio.turns
    assert "away" in account.error
    assert not account.running


def test_a_question_that_cannot_be_asked_has_an_account_too(make):
    studio = make()

    with pytest.raises(SetupError):
        ask(studio, Question("a bass line", model="nobody/nothing"))

    assert "nobody" in next(iter(studio.turns)).error


def test_a_plan_stands_where_it_was_made(make):
    push = AssistantMessage(parts=(ToolCallPart(id="p1", name="push_clip", arguments='{"track": 1}'),))
    studio = make(wrote(BASS), push)

    ask(studio, Question("a bass line on track 1", model="scripted"))

    [account] = studio.turns
    [plan] = [part for part in account.parts if isinstance(part, Planned)]
    call = account.parts[account.parts.index(plan) - 1]
    assert (call.name, call.state) == ("push_clip", "waiting")
    assert account.plans == {plan.plan_id}
    assert studio.plans.get(plan.plan_id).call == "p1"


def test_who_stops_it_keeps_what_came(make):
    studio = make("one two three four five six")

    def stop(_):
        account = next(iter(studio.turns))
        if len(_texts(studio)) > 8:
            account.stop()

    with pytest.raises(CancelledError):
        studio.call(cancelled(studio, stop))

    [account] = studio.turns
    assert not account.running
    assert "one two three four five six".startswith(_texts(studio))
    assert account.answer.reason.value == "interrupted"


async def cancelled(studio, emit):
    """Ask in a task of its own, so that it is the question alone that is stopped."""
    return await asyncio.ensure_future(studio.ask(Question("count", model="scripted"), emit=emit))


def test_a_word_that_is_added_stands_where_the_model_saw_it(make):
    studio = make("I begin.", "Darker, then.")

    def add(_):
        account = next(iter(studio.turns))
        if _texts(studio) == "I begin." and not any(isinstance(part, Steer) for part in account.parts):
            steer(account, Question("darker"))

    ask(studio, Question("a bass line", model="scripted"), add)

    [account] = studio.turns
    told = [part.text for part in account.parts]
    assert told == ["I begin.", "darker", "Darker, then."]
    assert account.parts[1].taken


def test_whoever_subscribes_is_told_of_each_event_until_the_end(make):
    studio = make("Fine.", "Fine.")
    heard = []
    unsubscribe = studio.turns.subscribe(lambda: heard.append(len(studio.turns.running)))

    ask(studio, Question("how are you?", model="scripted"))
    unsubscribe()
    before = len(heard)
    ask(studio, Question("and now?", model="scripted"))

    assert heard[0] == 1
    assert heard[-1] == 0
    assert len(heard) == before


def test_what_stands_there_is_answered_without_another_question(make):
    push = AssistantMessage(parts=(ToolCallPart(id="p1", name="push_clip", arguments='{"track": 1}'),))
    studio = make(wrote(BASS), push, "It is in.")
    ask(studio, Question("a bass line on track 1", model="scripted"))
    studio.call(studio.approve(studio.plans.pending[0].id))

    ask(studio, Question("", model="scripted", goes_on=True))

    assert studio.conversation.text == "It is in."
    assert len(studio.conversation.turns) == 1


def test_a_word_that_waits_outlives_an_answer_that_breaks_off():
    account, darker = begun_to_answer(), UserMessage.of("darker")
    account.steered(darker, "darker")

    account.on(Restart(provider="other", reason="timeout"))

    assert [part.text for part in account.parts] == ["The answer broke off, and other begins anew.", "darker"]
    account.on(Steered(darker))
    assert account.parts[-1].taken


def test_a_part_keeps_its_number_wherever_it_moves_to():
    account, darker = begun_to_answer(), UserMessage.of("darker")
    account.steered(darker, "darker")
    account.on(PartStart(index=1, kind="text"))
    before = {id(part): part.number for part in account.parts}

    account.on(Steered(darker))

    assert account.parts[-1].text == "darker"
    assert {id(part): part.number for part in account.parts} == before
    assert len(set(before.values())) == 3


def begun_to_answer():
    account = Account(Question("a bass line"))
    account.on(PartStart(index=0, kind="text"))
    account.on(TextDelta(index=0, text="Low"))
    return account


def test_an_account_says_when_its_question_is_on_its_way(make):
    studio, seen = make("Fine."), []

    async def watch():
        asking = asyncio.ensure_future(
            studio.ask(Question("how are you?", model="scripted"), emit=lambda _: None)
        )
        await asyncio.sleep(0)
        [account] = studio.turns
        await account.begun.wait()
        seen.append((account.running, account.asked.tail.text))
        await asking

    studio.call(watch())

    assert seen == [(True, "how are you?")]
