"""Follow-ups that vary, develop and edit a clip by words, whoever wrote it."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from conduit.composer.brief import read_brief
from conduit.composer.draft import Draft, brief_of
from conduit.composer.edit_tools import EDIT_CLIP
from conduit.composer.offline import OfflineComposer
from conduit.composer.revise import Revision, revise
from conduit.composer.sketch import sketch
from conduit.messages import (
    AssistantMessage,
    Request,
    TextPart,
    ToolCallPart,
    ToolMessage,
    ToolResultPart,
    UserMessage,
)
from conduit.music import Clip, ControlChange, Note, edit, read_clip, write_clip
from conduit.music.rhythm import offbeat

BRIEF = read_brief("four bars of acid bass in A minor")
OURS = sketch(BRIEF)
FOREIGN = Clip.of(
    [Note(pitch, index / 2, 0.5, 90) for index, pitch in enumerate((60, 64, 67, 72, 71, 67, 65, 62) * 4)],
    key="C major",
    name="Mine",
    instrument="piano",
    bpm=97,
    controls=[ControlChange(64, 0, 127), ControlChange(74, 3, 40)],
    colour=0x00FF00,
)
DRUMS = sketch(read_brief("house drums"))


def revised(clip: Clip, text: str) -> Revision:
    revision = revise(clip, text, BRIEF if clip is OURS else None)
    assert revision is not None
    return revision


EDITS = {
    "half time": edit.half_time,
    "double time": edit.double_time,
    "simplify it": edit.simplify,
    "make it legato": edit.legato,
    "reverse it": edit.reverse,
    "play it backwards": edit.reverse,
    "retrograde": edit.retrograde,
    "turn it upside down": edit.invert,
    "invert it": edit.invert,
    "double it an octave up": edit.add_octave,
    "double it an octave lower": lambda clip: edit.add_octave(clip, -1),
    "harmonise it": edit.harmonise,
    "harmonize it in sixths": lambda clip: edit.harmonise(clip, "sixth"),
    "harmonise it a third below": lambda clip: edit.harmonise(clip, below=True),
    "harmonise it with chord tones": lambda clip: edit.harmonise(clip, "chord"),
    "transpose up 3": lambda clip: edit.transpose(clip, 3),
    "transpose it down by 5": lambda clip: edit.transpose(clip, -5),
    "transpose it -2": lambda clip: edit.transpose(clip, -2),
    "transpose up 3 semitones": lambda clip: edit.transpose(clip, 3),
    "transpose up 3 in scale": lambda clip: edit.transpose(clip, degrees=3),
    "up two steps in the scale": lambda clip: edit.transpose(clip, degrees=2),
    "move it down a third in the key": lambda clip: edit.transpose(clip, degrees=-2),
    "fit it to C minor": lambda clip: edit.fit_to_key(clip, "C minor"),
    "snap it to the key of D dorian": lambda clip: edit.fit_to_key(clip, "D dorian"),
    "quantise to 1/8t": lambda clip: edit.quantise(clip, "1/8t"),
    "quantize it to eighth triplets at 50 %": lambda clip: edit.quantise(clip, "1/8t", strength=0.5),
    "stretch it by 2": lambda clip: edit.stretch(clip, 2),
    "more syncopated": edit.syncopate,
}


@pytest.mark.parametrize("text", EDITS)
def test_words_do_what_the_edit_of_their_name_does(text):
    revision = revised(FOREIGN, text)

    assert revision.clip.with_(name="") == EDITS[text](FOREIGN).with_(name="")
    assert revision.unknown == ()


@pytest.mark.parametrize("clip", [OURS, FOREIGN, DRUMS], ids=["ours", "another hand's", "drums"])
@pytest.mark.parametrize(
    "text",
    [
        "more syncopated", "less syncopated", "half time", "double time", "answer this", "call and response",
        "harmonise it", "continue", "simplify", "another take", "transpose up 3", "up 2 steps in the scale",
        "legato", "reverse it", "fit to C minor", "extract the chords", "humanise it", "ornament it", "swing it",
        "quantise it", "invert it",
    ],
)  # fmt: skip
def test_every_variation_is_understood_of_any_clip(clip, text):
    revision = revised(clip, text)

    assert revision.unknown == ()
    assert len(revision.clip)
    assert revision.sentence.endswith(".")


def test_an_answer_is_a_clip_of_its_own():
    reply = revised(FOREIGN, "answer this").clip

    assert reply.length == FOREIGN.length
    assert reply.notes[-1].pitch % 12 == 0
    assert reply.name == "Answer to Mine"


@pytest.mark.parametrize(
    ("text", "bars"),
    [
        ("continue", 8),
        ("keep going for 8 bars", 12),
        ("extend it to 6 bars", 6),
        ("add 2 more bars", 6),
        ("the next 4 bars", 8),
        ("what comes next", 8),
        ("call and response", 8),
    ],
)
def test_a_clip_goes_on_as_long_as_it_is_asked_to(text, bars):
    clip = revised(FOREIGN, text).clip

    assert clip.bars == bars
    assert clip.part(0, 16).table.tolist() == FOREIGN.table.tolist()


def test_the_chords_of_a_clip_are_named_and_written_down():
    revision = revised(FOREIGN, "extract the chords")

    assert "its chords (" in revision.sentence
    assert revision.brief.role == "chords"
    assert {note.duration for note in revision.clip.notes} == {4}


def test_less_syncopated_lies_less_off_the_beat():
    off = edit.syncopate(FOREIGN)

    assert offbeat(revised(off, "less syncopated").clip) < offbeat(off)


def test_another_take_of_another_hands_clip_is_a_variation_of_it_and_no_new_part():
    take = revised(FOREIGN, "another take").clip
    changes = FOREIGN.diff(take)

    assert take != FOREIGN
    assert changes.facts == ()
    assert len(changes.removed) < len(FOREIGN) / 2
    assert revised(FOREIGN, "another take").clip == take


def test_one_take_after_the_other_is_another_one():
    first = revise(FOREIGN, "another take")
    assert first is not None
    second = revise(FOREIGN, "another take", first.brief)
    assert second is not None

    assert second.clip != first.clip


def test_a_take_of_what_was_sketched_is_sketched_again():
    edited = revise(OURS, "softer, up a fifth and more syncopated", BRIEF)
    assert edited is not None

    assert Draft(OURS, BRIEF).is_sketched
    assert Draft(edited.clip, edited.brief).is_sketched
    assert not Draft(FOREIGN, BRIEF).is_sketched


@pytest.mark.parametrize("text", ["with more energy", "with less energy"])
def test_energy_changes_the_notes_of_another_hand_and_does_not_replace_them(text):
    clip = revised(FOREIGN, text).clip

    assert set(np.unique(clip.table["pitch"])) <= set(np.unique(FOREIGN.table["pitch"]))
    assert np.sign(int(clip.table["velocity"].max()) - 90) == (1 if "more" in text else -1)


@pytest.mark.parametrize("text", ["softer", "another take", "legato", "in bar 2 reverse it", "humanise it"])
def test_a_follow_up_keeps_controls_colour_and_tempo(text):
    clip = revised(FOREIGN, text).clip

    assert list(clip.controls) == list(FOREIGN.controls)
    assert (clip.colour, clip.bpm) == (0x00FF00, 97)


def test_bars_are_counted_in_the_metres_of_the_clip():
    clip = Clip.of([Note(60 + beat, beat, 1) for beat in range(10)], meter_changes=[(4, "3/4")], length=10)

    assert [note.pitch for note in revised(clip, "only the last bar").clip.notes] == [67, 68, 69]
    assert revised(clip, "make it 2 bars").clip.length == 7
    assert [n.pitch for n in revised(clip, "reverse it in bar 2").clip.notes][4:7] == [66, 65, 64]


@pytest.mark.parametrize(
    "text", ["transpose up 3", "harmonise it", "fit to C minor", "invert it", "double it in octaves"]
)
def test_drums_say_that_they_have_no_pitch(text):
    revision = revised(DRUMS, text)

    assert revision.clip == DRUMS
    assert "drums have none" in revision.sentence


def test_the_brief_of_a_clip_from_elsewhere_is_read_off_the_clip():
    brief = brief_of(FOREIGN)

    assert (brief.role, brief.bars, brief.key, brief.bpm) == ("chords", 4, "C major", 97)
    assert brief_of(DRUMS).role == "drums"


def test_the_offline_composer_goes_on_from_a_clip_that_a_model_edited():
    shown = f"ok 3 notes moved.\n```clip\n{write_clip(FOREIGN)}\n```"
    call = ToolCallPart(id="1", name=EDIT_CLIP, arguments='{"edits": ["transpose 2"]}')
    request = Request(
        model="composer",
        messages=(
            UserMessage.of("two bars of piano"),
            AssistantMessage(parts=(call,)),
            ToolMessage(result=ToolResultPart(call_id="1", name=EDIT_CLIP, text=shown)),
            AssistantMessage(parts=(TextPart(text="There."),)),
            UserMessage.of("an octave higher"),
        ),
    )
    response = asyncio.run(OfflineComposer().complete(request))
    text = response.message.text.partition("```clip\n")[2].partition("\n```")[0]

    assert [n.pitch for n in read_clip(text).notes] == [n.pitch + 12 for n in FOREIGN.notes]
