import json
import socket
import subprocess
import sys

import pytest

from conduit.clients import ScriptedClient
from conduit.engine.machine import Reason
from conduit.engine.plan import Status
from conduit.errors import ClipError, ConduitError, ErrorKind, ProviderError, SetupError
from conduit.messages import AssistantMessage, TextPart, ToolCallPart
from conduit.music import Clip, Note, write_clip
from conduit.settings import Settings
from conduit.studio import Answer, ClipGrew, ClipWritten, PlanProposed, Question, Studio, options

# No two bars alike: those that are would come at once, as repeats.
BASS = Clip.of([Note(45 + beat, beat, 0.5) for beat in range(8)], length=8, name="Bass", instrument="bass")


def wrote(clip, call_id="c1"):
    arguments = json.dumps({"clip": write_clip(clip)})
    return AssistantMessage(parts=(ToolCallPart(id=call_id, name="write_clip", arguments=arguments),))


def asked_to_push(**arguments):
    call = ToolCallPart(id="p1", name="push_clip", arguments=json.dumps(arguments))
    return AssistantMessage(parts=(call,))


@pytest.fixture
def make():
    """Make a studio with a scripted model; it is closed after the test."""
    made = []

    def studio(*replies, **facts):
        made.append(Studio(clients=[ScriptedClient(replies, piece=8, **facts)]))
        return made[-1]

    yield studio
    for one in made:
        one.close()


@pytest.fixture
def free_simulator():
    """Start a simulator as a person would, on ports that are free; give them."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as two,
    ):
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        ports = (one.getsockname()[1], two.getsockname()[1])
    command = [
        sys.executable,
        "-m",
        "conduit.live.simulator",
        "--port",
        str(ports[0]),
        "--reply-port",
        str(ports[1]),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as simulator:
        simulator.stdout.readline()
        yield ports
        simulator.terminate()


def put(studio, text="bass", *, model="scripted", **facts):
    """Ask; give the answer and the events."""
    events = []
    question = Question(text, model=model, **facts)
    return studio.call(studio.ask(question, emit=events.append)), events


def test_notes_come_before_the_clip_and_the_answer_is_last(make):
    answer, events = put(make(wrote(BASS), "here you are"))

    kinds = [type(event) for event in events]
    assert kinds.index(ClipGrew) < kinds.index(ClipWritten)
    assert events[-1] == answer
    assert (answer.clip, answer.text, answer.reason) == (BASS, "here you are", Reason.DONE)


def test_growing_clips_only_grow(make):
    _, events = put(make(wrote(BASS), "done"))

    last = [event for event in events if isinstance(event, ClipGrew)][-1].clip()
    assert last.notes[:7] == BASS.notes[:7]


def test_a_wrong_clip_goes_back_and_the_mended_one_is_taken(make):
    answer, _ = put(
        make(wrote(BASS), wrote(BASS.with_(length_ticks=16 * 960), "c2"), "done"), options=options(bars=4)
    )

    assert answer.clip.bars == 4


def test_words_are_an_answer_in_chat_and_an_error_where_a_clip_was_wanted(make):
    studio = make("just words", "just words")

    assert put(studio, mode="chat")[0].clip is None
    with pytest.raises(ClipError, match="just words"):
        put(studio, mode="generate")


def test_a_failed_question_leaves_the_conversation_as_it_was(make):
    studio = make("hello", ProviderError("gone", kind=ErrorKind.NETWORK, provider="scripted"))
    put(studio)
    before = studio.conversation
    events = []

    with pytest.raises(ProviderError):
        studio.call(studio.ask(Question("more", model="scripted"), emit=events.append))

    assert studio.conversation == before
    assert isinstance(events[-1], Answer)
    assert events[-1].reason is Reason.FAILED


def test_a_misspelt_model_loses_nothing_even_in_a_new_conversation(make):
    studio = make("hello")
    put(studio)
    before = studio.conversation

    with pytest.raises(SetupError):
        put(studio, model="nobody", new=True)

    assert studio.conversation == before


def test_a_stopped_answer_keeps_its_notes_and_its_words(make):
    both = AssistantMessage(parts=(TextPart(text="let me see"), *wrote(BASS).parts))
    studio = make(both, stall_after=16)
    events = []

    def until(condition):
        while not condition():
            studio.call(_pause())
        studio.call(_pause())

    future = studio.submit(studio.ask(Question("bass", model="scripted"), emit=events.append))
    until(lambda: any(isinstance(event, ClipGrew) and len(event.clip()) >= 3 for event in list(events)))
    future.cancel()
    until(lambda: isinstance(events[-1], Answer))

    assert events[-1].reason is Reason.INTERRUPTED
    assert len(events[-1].clip) >= 3
    assert studio.conversation.text == "let me see"


async def _pause():
    """Let the loop go round once."""


def test_the_next_question_knows_what_was_said_and_a_new_conversation_does_not(make):
    studio = make("one", "two", "three")
    put(studio, "first")
    put(studio, "second")
    depth = len(studio.conversation)
    put(studio, "third", new=True)

    assert depth == 5
    assert len(studio.conversation) == 3


def test_an_empty_slot_is_filled_at_once_and_read_back(make):
    studio = make()

    plan = studio.call(studio.push(BASS, track=1, slot=2))

    link = studio.call(studio.live.link())
    assert plan.status is Status.APPLIED
    assert list(studio.call(link.read_slot(1, 2)).notes) == list(BASS.notes)


def test_a_taken_slot_waits_and_undo_restores_it(make):
    studio = make()
    studio.call(studio.push(BASS, track=1, slot=1))
    other = Clip.of([Note(60, 0, 4)], name="Other")

    plan = studio.call(studio.push(other, track=1, slot=1))
    link = studio.call(studio.live.link())
    waiting = studio.call(link.read_slot(1, 1))
    studio.call(studio.approve(plan.id))
    approved = studio.call(link.read_slot(1, 1))
    studio.call(studio.undo())
    undone = studio.call(link.read_slot(1, 1))

    assert plan.status is Status.PENDING
    assert [clip.name for clip in (waiting, approved, undone)] == ["Bass", "Other", "Bass"]
    assert undone.notes == waiting.notes


def test_a_new_track_is_made_and_taken_away_again(make):
    studio = make()

    studio.call(studio.push(BASS, new_track=True))
    made = studio.call(studio.live.state()).snapshot.tracks[-1]
    studio.call(studio.undo())

    assert (made.name, made.clips[0]) == ("Bass", "Bass")
    assert len(studio.call(studio.live.state()).snapshot.tracks) == 4


def test_what_a_model_asks_for_waits_even_for_an_empty_slot(make):
    studio = make(wrote(BASS), asked_to_push(track=2, slot=3))

    answer, events = put(studio)

    assert answer.reason is Reason.PENDING
    assert [e.plan.title for e in events if isinstance(e, PlanProposed)] == [
        "Write 8 notes to track 2 '2-MIDI', slot 3"
    ]
    assert studio.call(studio.live.state()).snapshot.tracks[1].free_slot == 1


def test_the_model_hears_what_was_decided(make):
    studio = make(wrote(BASS), asked_to_push(track=2), "good")
    answer, _ = put(studio)
    studio.call(studio.approve(answer.plans[0]))
    put(studio, "and now?")

    decisions = [m.text for m in studio.conversation.messages if m.role == "user" and "<decision>" in m.text]
    assert len(decisions) == 1
    assert "Plan P1 was approved and done" in decisions[0]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"track": 9}, "no track 9; the set has tracks 1 to 4"),
        ({"track": 3}, "not a MIDI track"),
        ({"track": 0}, "no track 0"),
        ({"track": 1, "slot": 99}, "no slot 99; the set has slots 1 to 8"),
        ({"track": 1, "slot": -1}, "no slot -1"),
        ({"new_track": True, "slot": 9}, "no slot 9"),
    ],
    ids=["track", "audio", "nought", "slot", "negative", "new"],
)
def test_a_place_that_is_not_there_is_named(make, facts, said):
    studio = make()

    with pytest.raises(ConduitError, match=said):
        studio.call(studio.push(BASS, **facts))


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"model": "nobody"}, "no model is called 'nobody'; there is scripted/script, offline/composer"),
        ({"model": "offline/nobody"}, "offline has no model 'nobody'; it has composer"),
        ({"model": "offline", "mode": "sing"}, "'sing' is not a mode: chat or generate"),
    ],
    ids=["provider", "model", "mode"],
)
def test_a_model_or_mode_that_is_not_there_is_named(make, facts, said):
    with pytest.raises(SetupError, match=said):
        put(make(), **facts)


@pytest.mark.parametrize(
    "facts",
    [{"bars": 0}, {"bars": 500}, {"bars": 1.5}, {"bpm": 5}, {"key": "H minor"}, {"meter": "4"}],
    ids=str,
)
def test_an_option_that_cannot_be_is_a_setup_error(facts):
    with pytest.raises(SetupError):
        options(**facts)


@pytest.mark.parametrize("facts", [{"bars": "4"}, {"seed": "x"}, {"key": 5}], ids=str)
def test_an_option_of_another_type_is_a_type_error(facts):
    with pytest.raises(TypeError, match=next(iter(facts))):
        options(**facts)


def test_a_set_started_by_hand_is_known_as_simulated(free_simulator):
    where = Settings(live="auto", live_port=free_simulator[0], live_reply_port=free_simulator[1])
    studio = Studio(settings=where)

    state = studio.call(studio.live.state())
    studio.close()

    assert (state.label, state.simulated) == ("simulated Live set", True)


def test_two_wishes_in_one_answer_are_two_plans(make):
    both = AssistantMessage(
        parts=tuple(
            ToolCallPart(id=f"p{track}", name="push_clip", arguments=json.dumps({"track": track}))
            for track in (1, 2)
        )
    )
    studio = make(wrote(BASS), both)

    answer, _ = put(studio)
    studio.call(studio.approve(answer.plans[0]))

    tracks = studio.call(studio.live.state()).snapshot.tracks
    assert answer.plans == ("P1", "P2")
    assert [track.clips[0] for track in tracks[:2]] == ["Bass", None]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"key": "A minor"}, "the clip has no key, A minor was asked for"),
        ({"meter": "7/8"}, "metre"),
    ],
    ids=["key", "metre"],
)
def test_a_clip_in_another_key_or_metre_goes_back(make, asked, said):
    studio = make(wrote(BASS), "I give up")

    put(studio, options=options(**asked), mode="chat")

    results = [m.result.text for m in studio.conversation.messages if m.role == "tool"]
    assert said in results[0]


def test_a_clip_written_while_another_is_composed_is_kept(make):
    studio = make(wrote(BASS), "done")

    beside = studio.submit(studio.compose(Question("acid bass", model="offline")))
    put(studio)
    beside.result(timeout=5)

    assert studio.clips == [BASS]
    assert studio.conversation.text == "done"


def test_closing_twice_is_closing_once():
    studio = Studio()

    studio.close()
    studio.close()


def test_composing_beside_a_conversation_does_not_touch_it(make):
    studio = make("hello")
    put(studio)
    before = studio.conversation

    clip = studio.call(studio.compose(Question("acid bass, two bars", model="offline")))

    assert clip.bars == 2
    assert studio.conversation == before
    assert studio.clips == []
