"""The page that describes the notation: what people read and what models are told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from corpus.tokens import count_tokens

from conduit.composer import write_clip_tool
from conduit.composer.options import Options
from conduit.music import CONTROLS, DRUM_PITCHES, DRUMS, GM_PROGRAMS, read_clip, write_clip
from conduit.music.notation import page

DOCUMENT = Path(__file__).parents[2] / "docs" / "notation.md"
EXAMPLES = re.findall(r"```\n(clip .*?)```", page(), re.DOTALL)
FRAGMENTS = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", page(), flags=re.DOTALL))
NOTES = [one for one in FRAGMENTS if re.match(r"[+0-9][0-9,.]*:[A-Z][0-9]", one)]
FIELDS = ["37 steps", "3/4 from bar 5", "program 33", "loop bars 2-3", "#ff8800", "480 ppq"]
REPEATS = ["2-3 = 1", "5-8 = 1-4"]
MARKS = ["d20", "r40", "?0.5", "~"]
NAMED = re.compile(r"[a-z]+[0-9]?")


async def taken(_clip):
    return "kept"


def test_the_document_is_the_page_that_models_are_told():
    assert DOCUMENT.read_text(encoding="utf-8") == page()
    assert page() in write_clip_tool(Options(), accept=taken).spec.description


def test_the_page_has_examples_of_everything():
    assert (len(EXAMPLES), len(NOTES)) == (3, 4)
    assert set(FIELDS + REPEATS + MARKS) <= set(FRAGMENTS)


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: text.split(" |")[0])
def test_an_example_of_the_page_reads_and_reads_back(text):
    clip = read_clip(text)

    assert len(clip)
    assert read_clip(write_clip(clip)) == clip


@pytest.mark.parametrize("text", NOTES)
def test_a_note_of_the_page_reads(text):
    assert len(read_clip(f"clip x\n1 | {text}"))


@pytest.mark.parametrize("text", FIELDS)
def test_a_field_of_the_page_reads(text):
    assert read_clip(f"clip x | {text}") != read_clip("clip x")


@pytest.mark.parametrize("text", REPEATS)
def test_a_repeat_of_the_page_reads(text):
    assert len(read_clip(f"clip x\n1 | 1:A1\n{text}")) > 1


@pytest.mark.parametrize("text", MARKS)
def test_a_mark_of_the_page_reads(text):
    assert read_clip(f"clip x\n1 | 1:A1v90{text}") != read_clip("clip x\n1 | 1:A1v90")


def test_the_drums_controls_and_instruments_of_the_page_are_known():
    words = " ".join(page().split())
    drums = re.search(r"Drums: ([^.]*)\.", words)[1].replace("tom1-tom6", "tom1 tom6").split()
    controls = re.search(r"A control \(([^)]*), cc0-cc127", words)[1].split(", ")
    instruments = re.search(r"Instruments: ([^.]*)\.", words)[1].split()

    assert set(drums) <= set(DRUM_PITCHES)
    assert set(controls) <= set(CONTROLS)
    assert set(instruments) == {DRUMS, *GM_PROGRAMS}


@pytest.mark.slow
def test_the_page_is_short():
    assert max(counts[0] for counts in count_tokens([page()]).values()) <= 720
