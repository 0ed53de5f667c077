import json

import pytest

from conduit.composer.brief import Options
from conduit.composer.grid_task import read_task
from conduit.composer.question import ask, decision
from conduit.messages import (
    AssistantMessage,
    ImagePart,
    Request,
    TextPart,
    ToolCallPart,
    ToolMessage,
    ToolResultPart,
    UserMessage,
)
from conduit.music import Clip, Key, Note, write_clip


def wrote(clip, call_id="c1"):
    arguments = json.dumps({"clip": write_clip(clip)})
    return AssistantMessage(parts=(ToolCallPart(id=call_id, name="write_clip", arguments=arguments),))


def result(message, text="ok", *, is_error=False):
    call = message.tool_calls[0]
    return ToolMessage(result=ToolResultPart(call_id=call.id, name=call.name, text=text, is_error=is_error))


def asked_of_the_model(*messages):
    """Give the messages that the model gets."""
    return read_task(messages).request(Request(model="m", messages=messages)).messages


def empty_clip(*messages):
    """Give the clip that is asked for, without its notes."""
    return read_task(messages).grid.empty


BASS = Clip.of(
    [Note(45, beat, 0.5) for beat in range(8)], length=8, bpm=130, key="D minor", instrument="bass"
)
ASKED = ask("acid bass", options=Options(bars=2, key=Key("A minor")))
BEFORE = (ask("dub bass", options=Options()), wrote(BASS), result(wrote(BASS)), AssistantMessage())


@pytest.mark.parametrize(
    ("text", "bars"),
    [
        ("acid bass", 2),
        ("make something nice", 2),
        ("drums", 2),
        ("four bars of bass", 4),
        ("bass on a blues progression in A", 12),
        ("1 bar of bass", 1),
    ],
)
def test_the_bars_asked_for_are_written_and_two_where_none_are(text, bars):
    assert empty_clip(UserMessage.of(text)).bars == bars


def test_options_win_over_the_words():
    options = Options(bars=3, key=Key("F# minor"), bpm=99, role="lead")

    clip = empty_clip(ask("two bars of bass in C at 120 bpm", options=options))

    assert (clip.bars, clip.key, clip.bpm, clip.instrument) == (3, "F# minor", 99, "lead")


def test_a_question_without_music_in_it_is_asked_with_its_options_all_the_same():
    clip = empty_clip(ask("like rain on glass", options=Options(bars=1, key=Key("E minor"))))

    assert (clip.bars, clip.key) == (1, "E minor")


def test_the_model_is_told_the_part_its_grid_and_the_pitches():
    system, question = asked_of_the_model(ASKED)

    assert system.content.startswith("You write music as JSON: bass in A minor, 2 bars of 4/4 of 16 steps, ")
    assert "from 0 to 31. pitch: one of 28 (E0), 29 (F0)," in system.content
    assert question == UserMessage.of("acid bass")


def test_drums_are_told_by_name():
    system, _ = asked_of_the_model(UserMessage.of("techno drums"))

    assert "36 (kick)" in system.content


def test_a_follow_up_shows_the_last_clip_as_an_answer_and_keeps_its_facts():
    messages = (*BEFORE, UserMessage.of("more syncopated"))

    system, first, shown, last = asked_of_the_model(*messages)

    assert (first.text, last.text) == ("dub bass", "more syncopated")
    assert json.loads(shown.text)["notes"][1] == {"step": 4, "pitch": 45, "length": 2, "velocity": 96}
    assert "bass in D minor" in system.content
    clip = empty_clip(*messages)
    assert (clip.bars, clip.bpm, clip.key, clip.instrument) == (2, 130, "D minor", "bass")


def test_a_clip_of_another_part_is_not_shown():
    assert len(asked_of_the_model(*BEFORE, UserMessage.of("now a lead"))) == 2


@pytest.mark.parametrize("text", ["bass in A minor", "a pad in Bb lydian", "drums", "drums, only the ride"])
def test_the_example_in_the_prompt_fits_the_grid(text):
    task = read_task((UserMessage.of(text),))
    system, _ = asked_of_the_model(UserMessage.of(text))
    example = json.loads(system.content.split("such as ")[1].split("\n")[0])

    assert {note["pitch"] for note in example["notes"]} <= set(task.grid.pitches)
    assert example["notes"][0]["step"] == 0


def test_a_follow_up_changes_what_it_names():
    clip = empty_clip(*BEFORE, ask("the same in E minor", options=Options(bars=1)))

    assert (clip.bars, clip.bpm, clip.key, clip.instrument) == (1, 130, "E minor", "bass")


def test_a_follow_up_after_drums_is_in_the_key_before_them():
    drums = wrote(Clip.of([Note(36, 0, 1)], instrument="drums"), "c2")

    clip = empty_clip(
        *BEFORE,
        UserMessage.of("and drums"),
        drums,
        result(drums),
        AssistantMessage(),
        UserMessage.of("a lead"),
    )

    assert clip.key == "D minor"


def test_a_clip_that_was_refused_is_not_shown_and_the_reason_is_told():
    refused = wrote(BASS)

    _, question = asked_of_the_model(ASKED, refused, result(refused, "bar 3 is missing", is_error=True))

    assert question.text == "acid bass\nThe last attempt was refused: bar 3 is missing"


def test_ids_that_come_again_are_told_apart():
    refused = wrote(BASS.with_(bpm=77))

    clip = empty_clip(*BEFORE, ASKED, refused, result(refused, "no", is_error=True))

    assert clip.bpm == 130


def test_a_decision_is_no_question():
    *_, question = asked_of_the_model(*BEFORE, decision("approved"), UserMessage.of("faster"))

    assert question.text == "faster"


def test_pictures_go_with_the_question():
    picture = ImagePart(media_type="image/png", data=b"png")

    *_, question = asked_of_the_model(ask("bass like this", options=Options(), media=(picture,)))

    assert question.parts == (picture, TextPart(text="bass like this"))


def test_a_prompt_stays_short():
    many = wrote(Clip.of([Note(36, beat / 4, 0.25) for beat in range(2000)], instrument="drums"))
    wordy = UserMessage.of("a long story about drums " * 400)

    messages = asked_of_the_model(wordy, many, result(many), AssistantMessage(), wordy)

    assert sum(len(str(message)) for message in messages) < 5000


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        ((ASKED, wrote(BASS), result(wrote(BASS), "ok")), "8 notes in 2 bars."),
        (
            (ASKED, wrote(BASS), ToolMessage(result=ToolResultPart(call_id="c1", name="x", text="done"))),
            "done",
        ),
        ((*BEFORE, decision("approved")), "Ask for a clip, such as: two bars of acid bass in A minor."),
        ((AssistantMessage(),), "Ask for a clip, such as: two bars of acid bass in A minor."),
    ],
    ids=["taken", "another tool", "decision", "no question"],
)
def test_what_needs_no_model_is_a_sentence(messages, said):
    assert read_task(messages) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [("500 bars of bass", "128 bars"), (" ", "no words")],
)
def test_what_cannot_be_made_is_said(text, said):
    assert said in read_task((UserMessage.of(text),))
