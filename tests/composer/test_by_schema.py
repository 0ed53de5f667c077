import asyncio
import json
from contextlib import aclosing

import pytest

from conduit.clients import Capabilities, Cut, Place, ScriptedClient
from conduit.composer import SchemaComposer, write_clip_tool
from conduit.composer.brief import Options
from conduit.composer.intake import check
from conduit.composer.question import ask, decision
from conduit.engine.machine import Reason
from conduit.errors import ErrorKind, ProviderError
from conduit.messages import (
    AssistantMessage,
    GenerationParams,
    MessageEnd,
    PartEnd,
    PartialMessage,
    PartStart,
    ReasoningPart,
    Request,
    Restart,
    StopReason,
    SystemMessage,
    TextPart,
    ToolCallDelta,
    ToolCallPart,
    ToolMessage,
    ToolResultPart,
    Usage,
    UserMessage,
)
from conduit.music import Clip, Key, Note, read_clip, write_clip
from conduit.studio import ClipGrew, ClipWritten, Question, Studio, options


async def _taken(clip):
    return f"ok: {len(clip)} notes"


TOOL = write_clip_tool(Options(), accept=_taken).spec
OTHER = TOOL.model_copy(update={"name": "push_clip"})
SYSTEM = SystemMessage(content="a long notation")
ASKED = ask("acid bass", options=Options(bars=2, key=Key("A minor")))


def note(step, pitch=45, length=1, velocity=100):
    return {"step": step, "pitch": pitch, "length": length, "velocity": velocity}


def reply(*notes):
    return json.dumps({"notes": notes}, separators=(",", ":"))


BARE = "clip Acid | 1 bars | bass\n1 | 1:A1/4v90"
LINE = reply(note(0), note(6, 48, 2, 90), note(16, 52))


class Ending(ScriptedClient):
    """Says why its answers ended and what they used."""

    def __init__(self, replies, *, reason, **facts):
        super().__init__(replies, **facts)
        self.reason = reason

    async def stream(self, request):
        async with aclosing(super().stream(request)) as events:
            async for event in events:
                if isinstance(event, MessageEnd):
                    facts = {"stop_reason": self.reason, "usage": Usage(input_tokens=7, output_tokens=5)}
                    metadata = event.response.metadata.model_copy(update=facts)
                    yield MessageEnd(response=event.response.model_copy(update={"metadata": metadata}))
                else:
                    yield event


class Restarting(ScriptedClient):
    """Begins with its first reply, and answers anew with its second."""

    async def stream(self, request):
        for again in (False, True):
            async with aclosing(super().stream(request)) as events:
                async for event in events:
                    if again or not isinstance(event, MessageEnd):
                        yield event
            if not again:
                yield Restart(provider="scripted", reason="it broke off")


def request(*messages, tools=(OTHER, TOOL), **params):
    return Request(
        model="script", messages=(SYSTEM, *messages), tools=tools, params=GenerationParams(**params)
    )


def events_of(client, asked):
    """Put a request; give every event."""

    async def collect():
        return [event async for event in SchemaComposer(client).stream(asked)]

    return asyncio.run(collect())


def answer(client, *messages, **params):
    """Ask for a clip; give the response."""
    return asyncio.run(SchemaComposer(client).complete(request(*messages, **params)))


def clip_of(message):
    return read_clip(json.loads(message.tool_calls[0].arguments)["clip"])


def wrote(clip, call_id="c1"):
    arguments = json.dumps({"clip": write_clip(clip)})
    return AssistantMessage(parts=(ToolCallPart(id=call_id, name="write_clip", arguments=arguments),))


def result(message, text="ok", *, is_error=False):
    call = message.tool_calls[0]
    return ToolMessage(result=ToolResultPart(call_id=call.id, name=call.name, text=text, is_error=is_error))


BASS = Clip.of(
    [Note(45, beat, 0.5) for beat in range(8)], length=8, bpm=130, key="D minor", instrument="bass"
)
BEFORE = (ask("dub bass", options=Options()), wrote(BASS), result(wrote(BASS)), AssistantMessage())


@pytest.mark.parametrize("piece", [1, 2, 16, 1000])
def test_the_answer_is_a_call_with_the_clip_however_it_is_cut(piece):
    response = answer(ScriptedClient([LINE], piece=piece), ASKED)

    clip = clip_of(response.message)
    assert [part.type for part in response.message.parts] == ["tool_call"]
    assert (clip.bars, clip.key, clip.instrument) == (2, "A minor", "bass")
    assert clip.notes == [Note(45, 0, 0.25, 100), Note(48, 1.5, 0.5, 90), Note(52, 4, 0.25, 100)]
    assert response.metadata.stop_reason is StopReason.TOOL_CALLS


@pytest.mark.parametrize("piece", [1, 16])
def test_the_events_are_those_of_a_call_and_their_pieces_are_its_arguments(piece):
    events = events_of(ScriptedClient([LINE], piece=piece), request(ASKED))

    first, *deltas, last, end = events
    assert first == PartStart(index=0, kind="tool_call", id="call_2", name="write_clip")
    assert all(isinstance(event, ToolCallDelta) for event in deltas)
    assert "".join(event.arguments for event in deltas) == last.part.arguments
    assert end.response.message == AssistantMessage(parts=(last.part,))
    assert end.response.request == request(ASKED)


def test_a_note_is_there_as_soon_as_its_object_has_come():
    half = LINE[: LINE.index("}") + 1]
    broken = ProviderError("gone", kind=ErrorKind.NETWORK, provider="scripted")
    client = ScriptedClient([Cut(AssistantMessage(parts=(TextPart(text=half),)), after=99, error=broken)])
    seen = []

    async def watch():
        async for event in SchemaComposer(client).stream(request(ASKED)):
            seen.append(event)  # noqa: PERF401  what came before the error is what counts

    with pytest.raises(ProviderError) as caught:
        asyncio.run(watch())

    assert seen[-1].arguments == "1 | 1:A1v100\\n"
    assert caught.value.partial is None


def test_the_model_is_asked_with_a_schema_and_without_tools():
    client = ScriptedClient([LINE])

    answer(client, ASKED, seed=3, tool_choice="required")

    (asked,) = client.requests
    assert asked.tools == ()
    assert asked.params == GenerationParams(seed=3, temperature=0.7, max_tokens=8 * 30 + 60)
    assert asked.response_schema["properties"]["notes"]["maxItems"] == 8
    assert [message.role for message in asked.messages] == ["system", "user"]
    assert asked.messages[1] == UserMessage.of("acid bass")
    assert "step" in asked.messages[0].content


def test_what_a_request_sets_is_kept():
    client = ScriptedClient([LINE])

    answer(client, ASKED, temperature=0.0, max_tokens=50, top_p=0.5)

    assert client.requests[0].params == GenerationParams(temperature=0, max_tokens=50, top_p=0.5)


def test_a_clip_that_was_taken_is_answered_without_asking():
    client = ScriptedClient([])

    response = answer(client, ASKED, wrote(BASS), result(wrote(BASS)))

    assert response.message.text == "8 notes in 2 bars."
    assert (response.metadata.provider, response.metadata.model) == ("scripted", "script")
    assert response.metadata.stop_reason is StopReason.STOP
    assert client.requests == []


def test_another_tools_result_and_a_decision_are_answered_without_asking():
    call = AssistantMessage(parts=(ToolCallPart(id="p", name="push_clip"),))
    client = ScriptedClient([])

    assert answer(client, ASKED, call, result(call, "pushed")).message.text == "pushed"
    assert "no Live" in answer(client, ASKED, call, result(call, "no Live", is_error=True)).message.text
    assert "Ask for a clip" in answer(client, *BEFORE, decision("approved")).message.text


def test_what_cannot_be_made_is_said_without_asking():
    client = ScriptedClient([])

    assert "128 bars" in answer(client, UserMessage.of("500 bars of bass")).message.text
    assert "no words" in answer(client, UserMessage.of(" ")).message.text


@pytest.mark.parametrize(
    "facts",
    [{"tools": ()}, {"tools": (OTHER,)}, {"tool_choice": "none"}],
    ids=["none", "others", "not to call"],
)
def test_a_request_that_wants_no_clip_passes_without_its_tools(facts):
    client = ScriptedClient(["hello there"], piece=4)
    asked = request(ASKED, temperature=0.2, **facts)

    events = events_of(client, asked)

    assert client.requests == [request(ASKED, temperature=0.2, tools=())]
    assert events[-1].response.message.text == "hello there"
    assert events[-1].response.request == asked


def test_an_answer_that_was_cut_is_a_clip_if_two_notes_are_whole_and_says_so():
    response = answer(Ending([LINE[:-12]], reason=StopReason.LENGTH), ASKED)

    assert len(clip_of(response.message)) == 2
    assert response.message.text == "The answer was cut off after 2 notes."
    assert response.metadata.stop_reason is StopReason.TOOL_CALLS
    assert response.metadata.usage == Usage(input_tokens=7, output_tokens=5)


def test_an_answer_that_was_cut_before_two_notes_is_an_error():
    with pytest.raises(ProviderError, match="cut off before it had two notes; allow more tokens") as caught:
        answer(Ending([LINE[:70]], reason=StopReason.LENGTH), ASKED)

    assert caught.value.kind is ErrorKind.LENGTH
    assert caught.value.partial is None


@pytest.mark.parametrize("text", ["Here is a song for you! " * 20, '{"notes":[]}', "", "{", reply(note(99))])
def test_an_answer_without_notes_is_a_protocol_error_that_shows_its_beginning(text):
    with pytest.raises(ProviderError, match="no note that fits the schema") as caught:
        answer(ScriptedClient([text], piece=7), ASKED)

    assert (caught.value.kind, caught.value.provider) == (ErrorKind.PROTOCOL, "scripted")
    assert repr(text[:200]) in caught.value.message
    assert len(caught.value.message) < 400


@pytest.mark.parametrize(
    "text",
    [
        '```json\n{"midi_notes": [{"pitch": 45, "start_beat": 0, "duration_beats": 1, "velocity": 90}]}\n```',
        BARE,
    ],
    ids=["the bridge", "notation"],
)
def test_a_clip_in_another_form_is_handed_in_as_it_came(turns, text):
    answer, _, client = turns([text], question("acid bass", bars=1), piece=7)

    assert answer.clip.notes == [Note(45, 0, 1, 90)]
    assert len(client.requests) == 1


def test_notes_that_fit_nowhere_are_left_out_and_told():
    response = answer(ScriptedClient([reply(note(0), note(99), note(4))]), ASKED)

    assert len(clip_of(response.message)) == 2
    assert response.message.text.startswith('1 note does not fit and had to be left out, such as {"step":99')


def test_notes_that_strike_a_key_twice_are_left_out_and_told():
    response = answer(ScriptedClient([reply(note(0), note(0), note(4))]), ASKED)

    assert len(clip_of(response.message)) == 2
    assert response.message.text == "1 note strikes a key that sounds already and had to be left out."


def test_a_model_that_strikes_one_key_over_and_over_is_asked_again():
    client = Ending([reply(note(0), note(0)), LINE], reason=StopReason.STOP)

    events = events_of(client, request(ASKED))

    assert [type(event) for event in events].count(Restart) == 1
    assert len(clip_of(events[-1].response.message)) == 3
    assert events[-1].response.metadata.usage == Usage(input_tokens=14, output_tokens=10)


def test_it_is_asked_again_twice_at_most_and_then_its_note_is_taken():
    client = ScriptedClient([reply(note(0), note(0))] * 4)

    response = answer(client, ASKED)

    assert (len(client.requests), len(clip_of(response.message))) == (3, 1)


def test_thoughts_are_passed_on_before_the_call():
    parts = (ReasoningPart(text="hm, minor"), TextPart(text=LINE))

    events = events_of(ScriptedClient([AssistantMessage(parts=parts)], piece=3), request(ASKED))

    partial = PartialMessage()
    for event in events[:-1]:
        partial.feed(event)
    assert partial.message() == events[-1].response.message
    assert [part.type for part in partial.message().parts] == ["reasoning", "tool_call"]


def test_a_restart_is_passed_on_and_begins_the_clip_anew():
    client = Restarting([reply(note(0), note(9)), LINE], piece=5)

    events = events_of(client, request(ASKED))

    at = next(place for place, event in enumerate(events) if isinstance(event, Restart))
    assert isinstance(events[at + 1], PartStart)
    assert sum(isinstance(event, PartEnd) for event in events) == 1
    assert len(clip_of(events[-1].response.message)) == 3


def test_a_stream_that_is_closed_closes_the_one_inside():
    client = ScriptedClient([LINE], piece=4)

    async def leave():
        async with aclosing(SchemaComposer(client).stream(request(ASKED))) as events:
            async for _ in events:
                break

    asyncio.run(leave())

    assert client.closed == 1


def test_it_is_the_client_inside_but_can_write_clips():
    composer = SchemaComposer(ScriptedClient([], provider="tiny", place=Place.LOCAL))

    assert (composer.provider, composer.place, composer.models) == ("tiny", Place.LOCAL, ("script",))
    assert asyncio.run(composer.list_models()) == ("script",)
    assert asyncio.run(composer.capabilities("script")) == Capabilities(tools=True, audio=True)
    assert composer.streams_tool_arguments


@pytest.fixture
def turns():
    """Put questions to a studio whose model writes grid JSON; give the last answer, all events and the client."""
    made = []

    def put(replies, *questions, piece=5):
        client = ScriptedClient(replies, piece=piece)
        studio = Studio(clients=[SchemaComposer(client)])
        made.append(studio)
        events = []
        answers = [studio.call(studio.ask(question, emit=events.append)) for question in questions]
        return answers[-1], events, client

    yield put
    for studio in made:
        studio.close()


def question(text, **facts):
    return Question(text, options=options(**facts), model="scripted", mode="generate")


@pytest.mark.parametrize("piece", [1, 16])
def test_a_whole_turn_gives_the_clip_that_was_asked_for(turns, piece):
    asked = question("acid bass", bars=2, key="A minor", bpm=131, meter="7/8")

    answer, events, client = turns([LINE], asked, piece=piece)

    kinds = [type(event) for event in events]
    assert kinds.count(ClipGrew) == 3
    assert kinds.index(ClipGrew) < kinds.index(ClipWritten)
    assert check(answer.clip, asked.options).bars == 2
    assert {one.pitch % 12 for one in answer.clip.notes} <= set(Key("A minor").pitch_classes)
    assert (answer.text, answer.reason) == ("3 notes in 2 bars.", Reason.DONE)
    assert len(client.requests) == 1


def test_drums_with_a_key_pass_the_check_too(turns):
    asked = question("techno drums", bars=1, key="A minor")

    answer, _, _ = turns([reply(note(0, 36), note(4, 38))], asked)

    assert answer.clip.is_drums
    assert answer.clip.bars == 1


def test_a_second_turn_builds_on_the_clip_of_the_first(turns):
    asked = question("acid bass", bars=1, key="D minor")

    answer, _, client = turns(
        [reply(note(0, 38), note(4, 38)), reply(note(3, 38), note(9, 41))], asked, question("more syncopated")
    )

    assert json.loads(client.requests[1].messages[2].text)["notes"][0] == note(0, 38)
    assert (answer.clip.bars, answer.clip.key, len(answer.clip)) == (1, "D minor", 2)


def test_an_unreadable_answer_fails_the_turn(turns):
    with pytest.raises(ProviderError, match="no note that fits"):
        turns(["I like music"], question("acid bass"))
