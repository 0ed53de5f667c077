import json

import pytest

from conduit.clients import ScriptedClient
from conduit.engine.machine import Reason
from conduit.errors import ClipError
from conduit.messages import AssistantMessage, ToolCallPart, ToolMessage
from conduit.music import Clip, Note, Provenance, write_clip
from conduit.settings import Settings
from conduit.studio import ClipWritten, Question, Studio, options

BASS = Clip.of([Note(45 + beat, beat, 0.5) for beat in range(8)], length=8, name="Bass", instrument="bass")
TEXT = write_clip(BASS)
NOTES = {"midi_notes": [{"pitch": "C4", "start_beat": 0, "duration_beats": 1, "velocity": 100}]}
FENCED = f"Here you are:\n\n```json\n{json.dumps(NOTES)}\n```\n\nEnjoy."
BROKEN = "Here:\n```clip\nclip Bass | 2 bars | bass\n1 | 1;A1\n```"


def called(arguments, call_id="c1"):
    """Give an answer that hands in a clip, with these raw arguments."""
    return AssistantMessage(parts=(ToolCallPart(id=call_id, name="write_clip", arguments=arguments),))


def wrote(text, call_id="c1"):
    return called(json.dumps({"clip": text}), call_id)


@pytest.fixture
def make():
    """Make a studio with a scripted model; it is closed after the test."""
    made = []

    def studio(*replies):
        made.append(Studio(clients=[ScriptedClient(replies, piece=8)], settings=Settings(store="memory")))
        return made[-1]

    yield studio
    for one in made:
        one.close()


def put(studio, text="bass", *, events=None, mode="chat", **asked):
    """Ask; give the answer."""
    question = Question(text, model="scripted", mode=mode, options=options(**asked))
    return studio.call(studio.ask(question, emit=(events if events is not None else []).append))


def results(studio):
    messages = studio.conversation.messages
    return [message.result for message in messages if isinstance(message, ToolMessage)]


@pytest.mark.parametrize(
    "arguments",
    [
        json.dumps(NOTES),
        json.dumps({"clip": json.dumps(NOTES)}),
        json.dumps({"notes": NOTES["midi_notes"]}),
        json.dumps({"text": f"```json\n{json.dumps(NOTES)}\n```"}),
        "{'midi_notes': [{'pitch': 'C4', 'start_beat': 0, 'duration_beats': 1, 'velocity': 100},]}",
        json.dumps(NOTES)[:-1],
        json.dumps(NOTES["midi_notes"]),
        json.dumps(json.dumps(NOTES)),
        f"Here: {json.dumps(NOTES)}",
    ],
    ids=["object", "text", "other name", "fence", "broken", "cut", "list", "packed twice", "words"],
)
def test_a_call_is_taken_however_its_arguments_are_written(make, arguments):
    answer = put(make(called(arguments), "done"))

    assert answer.clip.notes == [Note(60, 0, 1, 100)]
    assert answer.reason is Reason.DONE


def test_repairs_are_told_to_the_user_and_to_the_model(make):
    studio, events = make(called(json.dumps(NOTES)), "done"), []

    answer = put(studio, events=events)

    said = "1 pitch is written as a name; C4 was taken for middle C (60, which Live calls C3)."
    assert [repair.sentence for repair in answer.repairs] == [said]
    assert results(studio)[0].text == f"ok: 1 notes in 1 bars {said}"
    assert [event.repairs for event in events if isinstance(event, ClipWritten)] == [answer.repairs]


def test_another_metre_goes_back_twice_and_is_then_set_and_told(make):
    studio = make(*[wrote(TEXT)] * 3, "done")

    answer = put(studio, meter="7/8")

    assert [result.is_error for result in results(studio)] == [True, True, False]
    assert answer.repairs[0].sentence == "The answer is in 4/4; 7/8, as asked for, was set."


def test_what_is_put_right_at_the_last_attempt_is_told(make):
    answer = put(make(*[wrote(TEXT)] * 3, "done"), bars=4)

    assert answer.clip.bars == 4
    assert answer.repairs[0].sentence.startswith(
        "The answer has 2 bars of the 4 bars asked for; it was repeated"
    )


def test_a_clip_that_cannot_be_read_goes_back_twice_and_then_to_the_user(make):
    studio = make(*[wrote("clip Bass | 2 bars | bass\n")] * 4, "never asked")

    with pytest.raises(ClipError, match="came in 3 attempts; the last one: the clip has no"):
        put(studio)

    assert [result.is_error for result in results(studio)] == [True, True, True]


def test_calls_of_one_answer_go_back_together(make):
    two = AssistantMessage(parts=tuple(part for n in "ab" for part in wrote("clip x | 1 bars\n", n).parts))

    answer = put(make(two, two, wrote(TEXT), "done"))

    assert answer.clip == BASS


def test_a_clip_in_words_is_taken_and_left_out_of_them(make):
    answer = put(make(FENCED))

    assert answer.clip.notes == [Note(60, 0, 1, 100)]
    assert answer.text == "Here you are:\n\n\n\nEnjoy."
    assert answer.repairs[0].kind == "named"


def test_notation_in_words_is_taken(make):
    assert put(make(f"```clip\n{TEXT}\n```")).clip == BASS


def test_a_clip_that_is_said_again_after_a_call_is_not_taken_twice(make):
    studio = make(wrote(TEXT), f"I wrote:\n```clip\n{TEXT}\n```")

    answer = put(studio)

    assert answer.clips == (BASS,)
    assert "```clip" in answer.text


def test_words_that_cannot_be_taken_go_back_with_the_reason(make):
    studio = make(BROKEN, FENCED)

    answer = put(studio)

    assert len(answer.clip) == 1
    asked_again = studio.conversation.messages[-2].text
    assert "Your answer cannot be used" in asked_again
    assert "line 2" in asked_again
    assert "1;A1" not in answer.text


def test_words_go_back_twice_at_most_and_then_to_the_user(make):
    studio = make(*[BROKEN] * 4)

    with pytest.raises(ClipError, match="3 attempts"):
        put(studio)

    assert sum(message.role == "assistant" for message in studio.conversation.messages) == 3


def test_calls_and_words_are_counted_together(make):
    studio = make(wrote("clip x | 1 bars\n"), BROKEN, BROKEN, FENCED)

    with pytest.raises(ClipError, match="3 attempts"):
        put(studio)


def test_words_without_a_clip_stay_words(make):
    answer = put(make("Try [Am, F] with {swing}, or ```python\nx = [1]\n```."))

    assert (answer.clip, answer.problem, answer.text[:8]) == (None, "", "Try [Am,")


def test_a_clip_in_words_is_taken_where_only_a_clip_is_wanted(make):
    studio = make(FENCED)

    clip = studio.call(studio.compose(Question("bass", model="scripted")))

    assert clip.notes == [Note(60, 0, 1, 100)]


def test_a_clip_knows_where_it_comes_from_and_the_store_keeps_it(make):
    studio = make(wrote(TEXT), "done")

    answer = put(studio, seed=7)

    origin = answer.clip.provenance
    assert (origin.provider, origin.model, origin.seed) == ("scripted", "script", 7)
    assert origin.request.startswith("b2:")
    studio.call(studio.keeper.settle())
    (stored,) = studio.store.clips()
    assert stored.clip.provenance == origin
    assert isinstance(stored.clip.provenance, Provenance)


def test_every_clip_of_an_answer_is_kept(make):
    drums = {"drum_notes": [{"pitch": 36, "start_beat": 0, "duration_beats": 0.25, "velocity": 100}]}
    studio = make(called(json.dumps(NOTES | drums)), "done")

    answer = put(studio)

    assert [clip.instrument for clip in studio.clips] == ["drums", "keys"]
    assert answer.clip is studio.clips[-1]


def test_a_problem_that_the_model_leaves_as_it_is_is_among_the_troubles(make):
    answer = put(make(wrote(TEXT), "I give up"), meter="7/8")

    assert answer.clip is None
    assert "the metre is 4/4, 7/8 was asked for" in answer.troubles[0]
