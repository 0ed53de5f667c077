import asyncio
import json
import re

import pytest

from conduit.composer.aim import Aim
from conduit.composer.brief import Options
from conduit.composer.intake import write_clip_tool
from conduit.composer.offline import OfflineComposer
from conduit.composer.question import aim_of, ask, decision, is_decision, read_question
from conduit.messages import (
    AssistantMessage,
    Conversation,
    GenerationParams,
    MessageEnd,
    Request,
    TextPart,
    ToolCallPart,
    ToolMessage,
    ToolResultPart,
    UserMessage,
)
from conduit.music import Clip, Key, Meter, Note, read_clip, write_clip

OFFERED = (write_clip_tool(Options(), accept=None).spec,)


def answer(*messages, seed=None, tools=OFFERED):
    """Let the composer answer; give its message and events."""
    params = GenerationParams(seed=seed)
    request = Request(model="composer", messages=messages, params=params, tools=tools)

    async def collect():
        return [event async for event in OfflineComposer().stream(request)]

    events = asyncio.run(collect())
    assert sum(isinstance(event, MessageEnd) for event in events) == 1
    return events[-1].response.message, events


def clip_of(message):
    return read_clip(json.loads(message.tool_calls[0].arguments)["clip"])


def done(message):
    call = message.tool_calls[0]
    return ToolMessage(result=ToolResultPart(call_id=call.id, name=call.name, text="ok"))


ASKED = ask("acid bass", options=Options(bars=2, key="A minor", meter=Meter(7, 8)))


def test_options_go_with_the_question_and_come_back():
    text, options = read_question(ASKED, seed=3)

    assert text == "acid bass"
    assert options == Options(bars=2, key=Key("A minor"), meter=Meter(7, 8), seed=3)
    assert read_question(UserMessage.of("plain"))[1] == Options()


def asked_at(*aims):
    """Give a conversation in which each question names a place, and what was decided about the first plan."""
    talk = Conversation()
    for aim in aims:
        talk = talk.add(ask("acid bass", options=Options(), aim=aim)).add(AssistantMessage())
    return talk.add(decision("Plan P1 was approved"))


@pytest.mark.parametrize(
    ("aims", "held"),
    [
        ([Aim(), Aim()], Aim()),
        ([Aim(track=2), Aim()], Aim(track=2)),
        ([Aim(track=2, slot=3), Aim(), Aim()], Aim(track=2, slot=3)),
        ([Aim(track=2, slot=3), Aim(slot=4)], Aim(track=2, slot=4)),
        ([Aim(track=2, slot=3), Aim(track=1)], Aim(track=1)),
    ],
    ids=str,
)
def test_where_clips_go_holds_until_a_question_says_otherwise(aims, held):
    assert aim_of(asked_at(*aims)) == held


def test_where_a_clip_goes_is_no_option_of_its_music():
    words, options = read_question(ask("acid bass", options=Options(bars=2), aim=Aim(track=2, slot=3)))

    assert (words, options) == ("acid bass", Options(bars=2))


def test_without_the_tool_a_clip_stands_in_the_words_and_can_be_gone_on_with():
    first, _ = answer(ASKED, tools=())
    then, _ = answer(ASKED, first, UserMessage.of("an octave higher"))

    written = read_clip(re.search(r"```clip\n(.*?)```", first.text, re.DOTALL)[1])
    assert not first.tool_calls
    assert written == clip_of(answer(ASKED)[0])
    assert [note.pitch - 12 for note in clip_of(then).notes] == [note.pitch for note in written.notes]


def test_it_answers_as_a_model_does_with_a_call_and_then_a_sentence():
    first, events = answer(ASKED)
    then, _ = answer(ASKED, first, done(first))

    clip = clip_of(first)
    assert (clip.bars, clip.key, str(clip.meter)) == (2, "A minor", "7/8")
    assert len(events) > 4
    assert "Acid bass in A minor" in then.text
    assert not then.tool_calls


def test_the_same_words_and_seed_give_the_same_clip_and_another_seed_another():
    clips = [clip_of(answer(UserMessage.of("techno bass"), seed=seed)[0]) for seed in (1, 1, 2)]

    assert clips[0] == clips[1]
    assert clips[0] != clips[2]


def test_it_changes_a_clip_that_another_model_wrote():
    other = Clip.of([Note(60, 0, 1), Note(64, 1, 1)], name="Other", key="C major", length=4)
    call = ToolCallPart(id="x", name="write_clip", arguments=json.dumps({"clip": write_clip(other)}))
    wrote = AssistantMessage(parts=(call,))

    message, _ = answer(
        UserMessage.of("a lead in C major, one bar"), wrote, done(wrote), UserMessage.of("an octave lower")
    )

    assert [note.pitch for note in clip_of(message).notes] == [48, 52]


def test_what_it_does_not_understand_it_says():
    first, _ = answer(UserMessage.of("acid bass with wobbly cheese"))
    then, _ = answer(UserMessage.of("acid bass with wobbly cheese"), first, done(first))

    assert "wobbly" in then.text
    assert "cheese" in then.text


@pytest.mark.parametrize("text", ["", "asdf qwer", "tell me a joke", "500 bars of bass"])
def test_where_no_clip_can_be_made_it_says_why(text):
    message, _ = answer(UserMessage.of(text))

    assert not message.tool_calls
    assert len(message.text) > 20


def test_a_refusal_is_told():
    first, _ = answer(ASKED)
    call = first.tool_calls[0]
    result = ToolResultPart(call_id=call.id, name=call.name, text="too long", is_error=True)

    then, _ = answer(ASKED, first, ToolMessage(result=result))

    assert then.text == "That did not work: too long"


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("push it to track 2 slot 3", {"track": 2, "slot": 3}),
        ("Now send this to Track 1, please", {"track": 1}),
    ],
)
def test_it_asks_to_push_the_last_clip(text, arguments):
    first, _ = answer(ASKED)

    message, _ = answer(
        ASKED, first, done(first), AssistantMessage(parts=(TextPart(text="x"),)), UserMessage.of(text)
    )

    assert message.tool_calls[0].name == "push_clip"
    assert json.loads(message.tool_calls[0].arguments) == arguments


def test_a_wish_and_a_push_in_one_breath_are_done_one_after_the_other():
    first, _ = answer(ASKED)
    wish = UserMessage.of("an octave higher, and push it to track 1 slot 2")
    said = AssistantMessage(parts=(TextPart(text="x"),))

    changed, _ = answer(ASKED, first, done(first), said, wish)
    pushed, _ = answer(ASKED, first, done(first), said, wish, changed, done(changed))

    assert clip_of(changed).notes[0].pitch == clip_of(first).notes[0].pitch + 12
    assert json.loads(pushed.tool_calls[0].arguments) == {"track": 1, "slot": 2}


def test_a_decision_is_no_question():
    said = decision("Plan P1 was approved and done: Write 24 notes of bass.")

    assert is_decision(said)
    assert not is_decision(ASKED)
    assert not answer(said)[0].tool_calls


def test_a_calls_id_is_its_own_for_each_question_and_seed_and_the_same_again():
    asked = [(ASKED, 1), (ASKED, 1), (ASKED, 2), (UserMessage.of("acid bass"), 1)]

    first, again, *others = [answer(one, seed=seed)[0].tool_calls[0].id for one, seed in asked]

    assert first == again
    assert len({first, *others}) == 3
