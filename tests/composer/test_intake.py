import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.composer.brief import Options
from conduit.composer.intake import ClipStream, check, write_clip_tool
from conduit.engine.plans import Plans
from conduit.engine.tool import Toolbox
from conduit.errors import ClipError
from conduit.messages import ToolCallPart
from conduit.music import Clip, Note, read_clip

TEXT = 'clip "Bäss" \\| one 🎹 | 2 bars | bass\n1 | 1:A1/2 5:C2\n2 = 1\n'


@given(st.integers(1, 30), st.booleans())
def test_notes_are_read_out_of_the_raw_json_however_it_is_cut(size, ascii_only):
    arguments = json.dumps({"clip": TEXT}, ensure_ascii=ascii_only)
    stream = ClipStream()

    notes = [n for at in range(0, len(arguments), size) for n in stream.feed(arguments[at : at + size])]

    assert len(notes) == 4
    assert stream.reader.finish() == read_clip(TEXT)


def test_a_note_is_there_before_the_call_is_complete():
    stream = ClipStream()

    assert stream.feed('{ "clip" : "clip x | 1 bars\\n1 | 1:A1/2 5:C') == [Note(45, 0, 0.5)]


BASS = Clip.of([Note(45, 0, 1)], length=8)


@pytest.mark.parametrize(
    ("clip", "options", "said"),
    [
        (Clip.of([], length=8), Options(), "has no notes"),
        (BASS, Options(bars=4), "has 2 bars, not the 4 bars asked for"),
        (Clip.of([Note(45, 9, 1)], length=8), Options(), "no note starts in the 2 bars"),
        (
            Clip.of([*BASS.notes, Note(45, 9, 1)], length=8),
            Options(),
            "1 note starts after the end of its 2 bars",
        ),
        (BASS, Options(bpm=99), "99 bpm, as asked for, was set"),
    ],
    ids=["empty", "length", "late", "one late", "tempo"],
)
def test_a_clip_that_was_not_asked_for_is_refused_with_what_to_mend(clip, options, said):
    with pytest.raises(ClipError, match=said):
        check(clip, options)


def run(tool, arguments):
    """Call the tool with raw arguments as an engine does; give the result."""
    toolbox = Toolbox([tool], plans=Plans(clock=lambda: 0.0))
    call = ToolCallPart(id="c", name=tool.name, arguments=arguments)
    return asyncio.run(toolbox.execute(call)).result


def test_a_good_clip_is_handed_on_as_it_is():
    taken = []

    async def accept(intake):
        taken.append(intake)
        return "ok"

    tool = write_clip_tool(Options(bars=2), accept=accept)

    assert run(tool, json.dumps({"clip": TEXT})).text == "ok"
    assert [(one.clips, one.repairs) for one in taken] == [((read_clip(TEXT),), ())]
    assert "STEP:PITCH/LENGTHvVELOCITY" in tool.description


@pytest.mark.parametrize("arguments", ["", "{}", "null", "[", "words", '{"clip": 1}'])
def test_arguments_without_a_clip_are_an_intake_with_a_problem(arguments):
    async def accept(intake):
        raise ClipError(intake.problem)

    result = run(write_clip_tool(Options(), accept=accept), arguments)

    assert result.is_error
    assert "there is no clip in it" in result.text


def test_the_last_attempt_is_taken_in_more_leniently():
    async def accept(intake):
        return f"{intake.n_kept} notes"

    one = json.dumps({"clip": "clip x | 1 bars\n1 | 1:C3\n"})

    assert run(write_clip_tool(Options(bars=2), accept=accept, final=lambda: True), one).text == "2 notes"
    assert run(write_clip_tool(Options(bars=2), accept=accept), one).text == "0 notes"
