"""The offline composer reads what goes with a question as music to fit, and never as words."""

from __future__ import annotations

import asyncio
import json

import pytest

from conduit.composer.brief import Options
from conduit.composer.data import fitting, without_data
from conduit.composer.intake import write_clip_tool
from conduit.composer.offline import OfflineComposer
from conduit.composer.question import ask
from conduit.messages import Request
from conduit.music import Clip, Note, read_clip, write_clip

JAZZ = read_clip(
    "clip Jazz in C | 3 bars | 3/4 | 126 bpm | Eb minor | keys\n"
    "1 | chords 1:Fm7b5\n2 | chords 1:Bb7\n3 | chords 1:Ebm7"
)
BASS = Clip.of(
    [Note(33, bar * 4, 4) for bar in range(8)], length=32, bpm=140, key="A minor", instrument="bass"
)
BEAT = Clip.of([Note(36, beat, 0.5) for beat in range(8)], length=8, bpm=174, instrument="drums")


def asked(*clips, words="a part that fits"):
    blocks = [f'<data name="c{number}">\n{write_clip(clip)}\n</data>' for number, clip in enumerate(clips)]
    return "\n".join([*blocks, "", words])


def test_the_words_are_what_is_left_without_the_data():
    words, clips = without_data(asked(JAZZ, BASS))

    assert words == "a part that fits"
    assert [clip.key for clip in clips] == ["Eb minor", "A minor"]


def test_data_that_is_no_clip_says_nothing():
    assert without_data('<data name="live">\n120 bpm, jazz drums\n</data>\n\na bass') == ("a bass", [])


def test_a_part_has_time_key_and_chords_of_the_clip_it_goes_with():
    brief = fitting([JAZZ], None)

    assert (brief.bars, str(brief.meter), brief.bpm, brief.key) == (3, "3/4", 126, "Eb minor")
    assert [chord.name for chord in brief.chords] == ["Fm7b5", "Bb7", "Ebm7"]


def test_a_clip_without_a_key_gives_the_one_it_sounds_in():
    scale = [Note(pitch, beat, 1) for beat, pitch in enumerate((62, 64, 66, 67, 69, 71, 73, 74))]

    assert fitting([Clip.of(scale, length=8)], None).key == "D major"


def test_drums_give_time_only_and_the_next_clip_the_key():
    alone, both = fitting([BEAT], None), fitting([BEAT, BASS], None)

    assert (alone.bars, alone.bpm, alone.key, alone.chords) == (2, 174, None, ())
    assert (both.bars, both.bpm, both.key) == (2, 174, "A minor")


@pytest.mark.parametrize(
    ("clip", "role"), [(BASS, "chords"), (JAZZ, "bass")], ids=["beside a bass", "beside chords"]
)
def test_where_no_part_is_named_it_is_one_that_is_missing(clip, role):
    assert fitting([clip], None).role == role


def test_without_a_clip_all_holds_that_held_before():
    before = fitting([JAZZ], None)

    assert fitting([], before) is before


def test_the_offline_composer_writes_a_part_that_fits_what_goes_with_the_question():
    question = ask(asked(JAZZ, words="a bass that fits"), options=Options())
    request = Request(
        model="composer", messages=(question,), tools=(write_clip_tool(Options(), accept=None).spec,)
    )

    (call,) = asyncio.run(OfflineComposer().complete(request)).message.tool_calls

    clip = read_clip(json.loads(call.arguments)["clip"])
    assert (clip.instrument, clip.bars, str(clip.meter), clip.bpm, clip.key) == (
        "bass",
        3,
        "3/4",
        126,
        "Eb minor",
    )
    assert [min(n.pitch % 12 for n in clip.notes if n.start == bar * 3) for bar in range(3)] == [5, 10, 3]
