"""A model that changes clips by edits instead of writing them again, in a studio."""

from __future__ import annotations

import json

import pytest

from conduit.clients import ScriptedClient
from conduit.messages import AssistantMessage, ToolCallPart
from conduit.music import Clip, Note, write_clip
from conduit.studio import ClipWritten, Question, Studio

BASS = Clip.of([Note(45 + beat, beat, 0.5) for beat in range(8)], length=8, name="Bass", instrument="bass")


def called(name, **arguments):
    part = ToolCallPart(id="c1", name=name, arguments=json.dumps(arguments))
    return AssistantMessage(parts=(part,))


@pytest.fixture
def studio():
    """Give a studio whose model writes a clip, edits it when asked again, and then inspects it."""
    replies = (
        called("write_clip", clip=write_clip(BASS)), "There.",
        called("edit_clip", edits=["transpose 12", "legato"]), "Higher now.",
        called("inspect_clip"), "It has eight notes.",
    )  # fmt: skip
    client = ScriptedClient(replies)
    one = Studio(clients=[client])
    yield one, client
    one.close()


def put(studio, text):
    events = []
    answer = studio.call(studio.ask(Question(text, model="scripted"), emit=events.append))
    return answer, events


def test_an_edited_clip_is_taken_like_one_that_was_written(studio):
    one, _ = studio
    put(one, "a bass")
    answer, events = put(one, "an octave higher, and bound")

    assert list(answer.clip.notes) == list(BASS.transpose(12).legato().notes)
    assert any(isinstance(event, ClipWritten) for event in events)
    assert one.latest == answer.clip
    assert [len(clip) for clip in one.clips] == [8, 8]
    assert answer.clip.provenance is not None


def test_the_tools_are_offered_from_the_first_clip_on(studio):
    one, client = studio
    put(one, "a bass")
    put(one, "an octave higher, and bound")
    offered = [[tool.name for tool in request.tools] for request in client.requests]

    assert "edit_clip" not in offered[0]
    assert {"edit_clip", "inspect_clip"} <= set(offered[2])


def test_the_model_reads_the_facts_of_the_latest_clip(studio):
    one, client = studio
    for text in ("a bass", "an octave higher", "what is it like?"):
        answer, _ = put(one, text)

    result = client.requests[-1].messages[-1].result.text
    assert answer.clip is None
    assert result.startswith("Bass: 2 bars of 4/4 at 120 bpm, 8 notes")
