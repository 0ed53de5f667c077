import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.composer.brief import Options
from conduit.composer.intake import ClipStream, WriteClip, check, write_clip_tool
from conduit.errors import ClipError
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
        (BASS, Options(bars=4), "has 2 bars, not the 4 asked for"),
        (Clip.of([Note(45, 9, 1)], length=8), Options(), "1 notes start after the end at bar 2"),
    ],
    ids=["empty", "length", "late"],
)
def test_a_clip_that_was_not_asked_for_is_refused_with_what_to_mend(clip, options, said):
    with pytest.raises(ClipError, match=said):
        check(clip, options)


def test_a_good_clip_is_handed_on_as_it_is():
    taken = []

    async def accept(clip):
        taken.append(clip)
        return "ok"

    tool = write_clip_tool(Options(bars=2), accept=accept)

    assert asyncio.run(tool.run(WriteClip(clip=TEXT))) == "ok"
    assert taken == [read_clip(TEXT)]
    assert "STEP:PITCH/LENGTHvVELOCITY" in tool.description
