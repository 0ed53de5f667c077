"""What a cell's output shows of an answer, event by event, without a kernel."""

import asyncio
from dataclasses import replace

import pytest
from conduit_magics.output import Output

from conduit.composer import ClipStream
from conduit.composer.repair import Repair
from conduit.messages import (
    AssistantMessage,
    MessageEnd,
    Request,
    Response,
    ResponseMetadata,
    Restart,
    TextDelta,
    TextPart,
    UserMessage,
)
from conduit.music import Clip, Note, write_clip
from conduit.studio import ClipGrew, ClipWritten
from conduit.studio.turn import Turn

BASS = Clip.of([Note(45 + beat, beat, 0.5) for beat in range(4)], name="Line", key="A minor")
RESTART = Restart(provider="offline", reason="openai/gpt stopped in the middle of its answer")
REMARK = "openai broke off; offline answers now"


def growing(clip):
    stream = ClipStream()
    stream.feed('{"clip": ' + repr(write_clip(clip)).replace("'", '"'))
    return ClipGrew(stream.reader)


def end(text="words"):
    request = Request(model="m", messages=(UserMessage.of("hello"),))
    message = AssistantMessage(parts=(TextPart(text=text),))
    metadata = ResponseMetadata(provider="p", model="m")
    return MessageEnd(response=Response(request=request, message=message, metadata=metadata))


@pytest.fixture
def output(studio):
    return Output(studio, live=True)


@pytest.fixture
def heard(output):
    """Collect what the view is told beside its state."""
    found = []
    output.view.send = lambda content, buffers=None: found.append((content, buffers))
    return found


def flushed(output):
    """Draw what has come, as the loop does every 50 ms."""

    async def once():
        following = asyncio.ensure_future(output.follow())
        await asyncio.sleep(0)
        following.cancel()

    asyncio.run(once())
    return output.view


def test_a_restart_takes_the_notes_and_the_words_away(output):
    output.on(growing(BASS))
    output.on(TextDelta(index=0, text="half a sen"))
    view = flushed(output)
    shown = (len(view.clip) > 0, view.state["text"])
    output.on(RESTART)

    assert shown == (True, "half a sen")
    assert view.parts == ()
    assert view.state == {"phase": "streaming", "text": "", "error": "", "footer": REMARK}


def test_a_restart_says_so(output, heard):
    output.on(RESTART)

    assert heard == [({"type": "toast", "text": REMARK}, None)]
    assert list(output.remarks) == [REMARK]


def test_notes_that_come_after_a_restart_are_the_new_ones(output):
    output.on(growing(BASS))
    output.on(RESTART)
    output.on(growing(BASS.with_(name="Second")))

    assert flushed(output).clip.name == "Second"


def test_what_was_whole_before_a_restart_stays(output):
    output.on(TextDelta(index=0, text="First. "))
    output.on(end())
    output.on(ClipWritten(BASS))
    output.on(TextDelta(index=0, text="half a sen"))
    output.on(RESTART)

    view = flushed(output)
    assert view.state["text"] == "First."
    assert view.clip.name == "Line"
    assert output.text == "First."


def test_without_a_view_a_restart_is_only_remarked(studio):
    output = Output(studio, live=False)

    output.on(TextDelta(index=0, text="half"))
    output.on(RESTART)

    assert (output.text, list(output.remarks)) == ("", [REMARK])


def test_repairs_stand_in_the_record_and_in_the_view(studio, output):
    repairs = (Repair("late", "2 notes start after the end of its 2 bars and were left out.", 2),)
    turn = Turn(lambda _: None, clock=lambda: 0.0, plans=studio.plans)
    output.on(replace(turn.answer(studio.route("offline")), clip=BASS, repairs=repairs))

    output.settle()

    assert output.view.state["remarks"] == [repairs[0].sentence]
    assert output.tile.remarks == [repairs[0].sentence]


def test_a_clip_that_was_made_of_another_is_compared_with_it(studio, output):
    turn = Turn(lambda _: None, clock=lambda: 0.0, plans=studio.plans)
    answer = turn.answer(studio.route("offline"))
    output.on(replace(answer, clip=BASS.with_table(BASS.table[1:]), before=BASS))

    output.settle()

    assert (output.view.other["name"], output.view.other["label"]) == ("Line", "before")
