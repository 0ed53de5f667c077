"""What the offline composer says when the last thing that happened is a person's decision."""

import asyncio
import json
import re

import pytest

from conduit.composer import Options
from conduit.composer.intake import write_clip_tool
from conduit.composer.offline import OfflineComposer
from conduit.composer.question import ask, decision
from conduit.messages import Request, ToolMessage, ToolResultPart
from conduit.music import read_clip

OFFERED = (write_clip_tool(Options(), accept=None).spec,)
TITLE = "Write 24 notes to track 2 'Mr. Bass', slot 3"


def answer(*messages):
    request = Request(model="composer", messages=messages, tools=OFFERED)
    return asyncio.run(OfflineComposer().complete(request)).message


def asked(text):
    """A conversation in which a clip was written."""
    question = ask(text, options=Options())
    written = answer(question)
    result = ToolResultPart(call_id=written.tool_calls[0].id, name="write_clip", text="ok")
    return question, written, ToolMessage(result=result)


BASS, DRUMS = asked("four bars of acid bass in A minor"), asked("four bars of house drums")


def reply(text, talk=BASS):
    return answer(*talk, decision(text)).text


@pytest.mark.parametrize("word", ["approved", "approved in advance"])
def test_what_was_done_is_said_with_how_it_is_taken_back_and_what_may_follow(word):
    said = reply(f"Plan P1 was {word} and done: {TITLE}.")

    assert said == (
        f"P1 is done: {TITLE}. Undo takes it back. "
        "Go on with what belongs to it, such as: drums to go with it."
    )


def test_to_drums_belongs_a_bass():
    assert "a bass line to go with it" in reply(f"Plan P1 was approved and done: {TITLE}.", DRUMS)


def test_what_was_turned_down_changed_nothing_and_may_be_asked_otherwise():
    assert reply(f"Plan P1 was rejected: {TITLE}.") == (
        "P1 is off, and nothing was changed. Say what should be different, such as: another take, or busier."
    )


@pytest.mark.parametrize(
    "title", [TITLE, "Set name of track 1: \"Don't. Stop\" → 'b'", "Set metre's beats: 4 → 3"]
)
def test_what_was_turned_down_for_a_reason_is_said_with_it(title):
    said = reply(f"Plan P1 was rejected: {title}. The clip was edited after this offer; push again.")

    assert said == ("P1 is off, and nothing was changed. The clip was edited after this offer; push again.")


def test_what_was_undone_is_as_it_was():
    assert reply(f"Plan P2 was undone: {TITLE}.").startswith(
        "P2 is undone: what was there before is there again."
    )


def test_what_nobody_decided_can_be_asked_again():
    assert reply(f"Plan P2 expired: {TITLE}.") == (
        "Nobody decided about P2 in time, so nothing was changed. Ask for it again when it suits you."
    )


def test_without_a_clip_it_says_how_to_ask_for_one():
    assert answer(decision("Plan P1 was rejected: Set tempo: 120 bpm → 90 bpm.")).text == (
        "P1 is off, and nothing was changed. Ask me for a clip, such as: four bars of acid bass in A minor."
    )


def test_a_decision_of_a_form_that_is_not_known_is_answered_too():
    assert reply("something else happened").startswith("Ask me for a clip")


@pytest.mark.parametrize("talk", [pytest.param(BASS, id="bass"), pytest.param(DRUMS, id="drums")])
@pytest.mark.parametrize("what", ["approved and done", "rejected"])
def test_what_it_proposes_it_can_do(what, talk):
    before = decision(f"Plan P1 was {what}: {TITLE}.")
    said = answer(*talk, before)
    (proposed,) = re.findall(r"such as: ([^,.]+)", said.text)

    written = answer(*talk, before, said, ask(proposed, options=Options()))

    clip = read_clip(json.loads(written.tool_calls[0].arguments)["clip"])
    was = read_clip(json.loads(talk[1].tool_calls[0].arguments)["clip"])
    assert clip != was
    assert (clip.instrument == was.instrument) is (what == "rejected")
