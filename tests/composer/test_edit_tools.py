"""The tools with which a model changes and inspects clips, and the words in which it writes edits."""

from __future__ import annotations

import asyncio
import json
import re

import pytest

from conduit.composer import Options
from conduit.composer.edit_tools import edit_tools, facts_of, shown
from conduit.composer.edits import MOST_NOTES, NAMES, edited, usage
from conduit.engine.plans import Plans
from conduit.engine.risk import Tier
from conduit.engine.tool import Toolbox
from conduit.errors import ClipError
from conduit.messages import ToolCallPart
from conduit.music import Clip, ControlChange, Note, edit

TUNE = Clip.of(
    [Note(60 + step % 5, step / 2, 0.5, 80) for step in range(16)],
    key="C major",
    name="Tune",
    instrument="lead",
    controls=[ControlChange(74, 0, 30)],
)
BASS = Clip.of([Note(36, 0, 4)], name="Low", key="C major", instrument="bass")


class Studio:
    """Takes what is handed in, as a turn does."""

    def __init__(self, *clips: Clip, options: Options | None = None) -> None:
        self.clips = list(clips)
        self.taken: list[Clip] = []
        self.tools = edit_tools(lambda: [*self.clips, *self.taken], options or Options(), accept=self._accept)
        self.toolbox = Toolbox(self.tools, plans=Plans(clock=lambda: 0.0))

    async def _accept(self, intake):
        self.taken += intake.clips
        return "ok"

    def call(self, name, **arguments):
        part = ToolCallPart(id="1", name=name, arguments=json.dumps(arguments))
        return asyncio.run(self.toolbox.execute(part)).result


def no_clip(name: str) -> Clip:
    raise ClipError(f"there is no clip {name}")


def test_a_model_hands_in_a_clip_by_changing_the_latest_one():
    studio = Studio(BASS, TUNE)
    result = studio.call("edit_clip", edits=["transpose 5", "quantise 1/8 strength=0.5"])

    assert not result.is_error
    assert studio.taken == [TUNE.transpose(5).quantise("1/8", strength=0.5)]


def test_the_model_reads_what_changed_and_what_the_clip_is_now():
    result = Studio(TUNE).call("edit_clip", edits=["transpose 12"])

    assert result.text.startswith("ok 16 notes moved (up 12 semitones).")
    assert list(shown(result).notes) == list(TUNE.transpose(12).notes)


def test_a_long_clip_is_not_written_out_again():
    result = Studio(TUNE.tile(20)).call("edit_clip", edits=["loudness 0.9"])

    assert "Tune: 40 bars" in result.text
    assert shown(result) is None


def test_a_split_clip_is_handed_in_in_parts_and_edited_on_in_each():
    studio = Studio(TUNE)
    result = studio.call("edit_clip", edits=["split bars=1", "transpose 2"])

    assert [clip.name for clip in studio.taken] == ["Tune 1", "Tune 2"]
    assert list(studio.taken[1].notes) == list(TUNE.part(4, 8).transpose(2).notes)
    assert list(shown(result).notes) == list(studio.taken[1].notes)


def test_a_take_is_named_and_edits_follow_each_other():
    studio = Studio(BASS, TUNE)
    studio.call("edit_clip", take="low", edits=["tile 2", "transpose -12"])
    studio.call("edit_clip", edits=["reverse"])

    assert [len(clip) for clip in studio.taken] == [2, 2]
    assert studio.taken[1] == BASS.tile(2).transpose(-12).reverse()


def test_only_some_bars_change():
    studio = Studio(TUNE)
    studio.call("edit_clip", bars="2", edits=["transpose 12"])

    assert studio.taken[0].part(0, 4) == TUNE.part(0, 4)
    assert [n.pitch - 12 for n in studio.taken[0].part(4, 8).notes] == [
        n.pitch for n in TUNE.part(4, 8).notes
    ]


def test_clips_are_joined_by_name():
    studio = Studio(BASS, TUNE)
    studio.call("edit_clip", edits=["join Low", "join Tune"])

    assert studio.taken[0] == TUNE.join(BASS).join(TUNE)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"edits": ["transmute 5"]}, "transpose"),
        ({"edits": ["transpose five"]}, "a whole number"),
        ({"edits": ["transpose"]}, "say how far"),
        ({"edits": ["swing"]}, "swing PERCENT was=50 grid=auto"),
        ({"edits": ["swing 90"]}, "50 (straight) to 75"),
        ({"edits": ["quantise 1/16 force=1"]}, "takes no 'force'"),
        ({"edits": ["reverse 1 2 3"]}, "too many values"),
        ({"edits": ["join Nobody"]}, "'Tune'"),
        ({"edits": [""]}, "an edit is empty"),
        ({"edits": ['join "Low']}, "quote"),
        ({"edits": ["tile 5000"]}, f"{MOST_NOTES:,} notes"),
        ({"edits": ["cut 90000"]}, f"{MOST_NOTES:,} notes"),
        ({"edits": ["continuation bars=100000"]}, f"{MOST_NOTES:,} notes"),
        ({"edits": ["part 7.6 7.9"]}, "no note would be left"),
        ({"edits": ["tile 2"], "bars": "1"}, "some bars only"),
        ({"edits": ["split 2"], "bars": "1"}, "some bars only"),
        ({"edits": ["split"]}, "split at beats"),
        ({"edits": ["tile 9", "split bars=1"]}, "more than 16 clips"),
        ({"edits": ["reverse"], "bars": "3"}, "are not in a clip of 2 bars"),
        ({"edits": ["reverse"], "bars": "all"}, "2-4"),
        ({"edits": ["reverse"], "take": "Nobody"}, "'Tune'"),
        ({"edits": []}, "at least 1"),
    ],
)
def test_what_cannot_be_done_is_an_error_that_says_what_can(arguments, words):
    studio = Studio(TUNE)
    result = studio.call("edit_clip", **arguments)

    assert result.is_error
    assert words in result.text
    assert studio.taken == []


def test_what_was_asked_for_explicitly_holds_for_an_edited_clip_too():
    studio = Studio(TUNE, options=Options(bars=2))

    assert studio.call("edit_clip", edits=["part 0 4"]).is_error
    assert not studio.call("edit_clip", edits=["reverse"]).is_error


def test_there_are_no_such_tools_while_there_is_no_clip():
    assert Studio().tools == []


def test_editing_is_stateful_and_inspecting_reads_only():
    assert [(tool.name, tool.tier) for tool in Studio(TUNE).tools] == [
        ("edit_clip", Tier.STATEFUL),
        ("inspect_clip", Tier.READ_ONLY),
    ]


def test_both_tools_take_few_tokens():
    words = "".join(f"{tool.description}{json.dumps(tool.spec.parameters)}" for tool in Studio(TUNE).tools)

    assert len(words) / 3.5 < 800


@pytest.mark.parametrize("name", NAMES)
def test_an_edits_usage_names_what_the_function_takes(name):
    assert usage(name).split()[0] == name
    assert callable(getattr(edit, name))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("transpose 5", TUNE.transpose(5)),
        ("Transpose semitones=-3", TUNE.transpose(-3)),
        ("transpose degrees=2", TUNE.transpose(degrees=2)),
        ("transpose(7)", TUNE.transpose(7)),
        ("quantize('1/8t', strength=0.5)", TUNE.quantise("1/8t", strength=0.5)),
        ("harmonize sixth below=true", TUNE.harmonise("sixth", below=True)),
        ('to_key "D dorian"', TUNE.to_key("D dorian")),
        ('fit_to_key key="C minor"', TUNE.fit_to_key("C minor")),
        ("add-octave -1", TUNE.add_octave(-1)),
        ("rebar 3/4", TUNE.rebar("3/4")),
        ("chop 0.25, 0.75", TUNE.chop(0.25, 0.75)),
        ("chop grid=1/16", TUNE.chop(grid="1/16")),
        ("humanise 4", TUNE.humanise(seed=4)),
        ("humanise seed=4", TUNE.humanise(seed=4)),
        ("half_time", TUNE.half_time()),
        ("continuation 2 seed=1", TUNE.continuation(bars=2, seed=1)),
    ],
)
def test_an_edit_is_read_in_the_forms_that_models_write(line, expected):
    assert edited(TUNE, line, named=no_clip) == [expected]


def test_the_facts_of_a_clip_are_a_few_lines():
    lines = facts_of(TUNE).splitlines()

    assert lines[0] == "Tune: 2 bars of 4/4 at 120 bpm, 16 notes, lead, C major, 1 control change"
    assert lines[1].startswith("range C3 to E3; sounds like ")
    assert lines[2].startswith("chords by bar: 1 ")
    assert "density 2" in lines[3]


def test_two_clips_are_compared():
    result = Studio(TUNE, TUNE.transpose(2).with_(name="Up")).call("inspect_clip", against="Tune")

    assert "against 'Tune': 16 notes moved (up 2 semitones); name 'Tune' to 'Up'" in result.text


@pytest.mark.parametrize(
    ("clip", "said"),
    [
        (Clip.of([], name="Empty"), "nothing sounds"),
        (
            Clip.of([Note(36, 0, 1)], instrument="drums"),
            "untitled: 1 bar of 4/4 at 120 bpm, 1 note, drums, no key",
        ),
    ],
    ids=["empty", "drums"],
)
def test_facts_are_told_of_any_clip(clip, said):
    assert said in facts_of(clip)
    assert "chords by bar" not in facts_of(clip)


def test_notes_that_double_again_and_again_are_refused_before_they_are_too_many():
    studio = Studio(TUNE)
    result = studio.call("edit_clip", edits=["double_time"] * 16)

    assert result.is_error
    assert "'double_time' would make a clip of more than 50,000 notes; ask for less" in result.text
    assert not studio.taken


@pytest.mark.parametrize(
    "line",
    [
        "legato inf", "stretch 1e308", "cut -inf", "cut -1e308", "chop inf", "chop 1e308", "quantise 1e308",
        "quantise nan", "gate 1e308", "gate nan", "loudness 1e308", "invert 99999999999999999999", "stretch 1e300",
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("error")
def test_a_number_past_all_measure_is_refused_by_its_value(line):
    with pytest.raises(ClipError, match=re.escape(line.split()[1])):
        edited(TUNE, line, named=no_clip)


@pytest.mark.parametrize("line", ["gate 99999", "glue"])
def test_no_edit_gives_notes_that_cannot_be_read_back(line):
    long = Clip.of([Note(60, 0, 90_000), Note(60, 90_000, 90_000)], length=4)

    with pytest.raises(ClipError, match=f"'{line}' would make a note or a change past 100,000 beats"):
        edited(long, line, named=no_clip)


def test_chopping_a_very_long_note_very_finely_is_refused_before_it_is_done():
    with pytest.raises(ClipError, match=r"'chop grid=0\.001' would make a clip of more than 50,000 notes"):
        edited(Clip.of([Note(60, 0, 90_000)], length=4), "chop grid=0.001", named=no_clip)


def test_joining_more_notes_than_a_clip_may_get_is_refused():
    many = Clip.of([Note(60, 0, 1)], length=1).tile(30_000)

    with pytest.raises(ClipError, match="more than 50,000 notes"):
        edited(many, "join A A", named=lambda _: many)


def test_a_clip_of_very_many_notes_can_still_be_edited_where_it_does_not_grow():
    many = Clip.of([Note(60, 0, 0.25)], length=0.25).tile(MOST_NOTES + 1)

    assert len(edited(many, "transpose 1", named=no_clip)[0]) == MOST_NOTES + 1


def test_a_value_of_thousands_of_letters_is_not_said_back():
    with pytest.raises(ClipError) as caught:
        edited(TUNE, f"gate {'9' * 5000}", named=no_clip)

    assert len(str(caught.value)) < 200


def test_of_a_clip_all_of_whose_notes_are_muted_it_is_said_that_nothing_sounds():
    facts = facts_of(Clip.of([Note(60, 0, 4, mute=True)], name="Hush", key="A minor"))

    assert "sounds like" not in facts
    assert facts.endswith(": nothing sounds; its notes are all muted")
