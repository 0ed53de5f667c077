"""The piano roll in characters."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduit.drawing import roll_text
from conduit.drawing.caption import columns
from conduit.music import Clip, Note
from conduit.music.note import note_table

BEAT = Clip.of(
    [
        *(Note(36, beat, 0.25, 120) for beat in range(8)),
        *(Note(39, beat, 0.5, 80) for beat in (1, 3, 5, 7)),
        *(Note(42, step / 2, 0.25, 60 if step % 2 else 20) for step in range(16)),
        Note(46, 7.5, 0.5, 90, mute=True),
    ],
    name="Warehouse",
    bpm=130,
    instrument="drums",
)

notes = st.builds(
    Note,
    pitch=st.integers(0, 127),
    start=st.floats(0, 2000),
    duration=st.floats(0.01, 64),
    velocity=st.integers(1, 127),
    mute=st.booleans(),
)
anything = st.builds(
    Clip.of,
    st.lists(notes, max_size=40),
    meter=st.sampled_from(["4/4", "7/8", "3/4", "1/16", "99/4", "5/2"]),
    name=st.text(max_size=200),
)


def test_a_drum_clip_in_characters():
    assert roll_text(BEAT) == (
        "Warehouse · 2 bars · 4/4 · 130 bpm · 29 notes\n"
        "        1                2\n"
        "openhat │    ·   ·   ·   │    ·   ·   · x─│\n"
        "    hat │░ ▒ ░ ▒ ░ ▒ ░ ▒ │░ ▒ ░ ▒ ░ ▒ ░ ▒ │\n"
        "   clap │    ▓─  ·   ▓─  │    ▓─  ·   ▓─  │\n"
        "   kick │█   █   █   █   │█   █   █   █   │"
    )


def test_an_odd_metre_has_its_own_bars_and_beats():
    clip = Clip.of([Note(60, 0, 1), Note(63, 3.5, 0.5)], meter="7/8", key="C minor")

    assert roll_text(clip).splitlines()[1:] == [
        "    1              2",
        "Eb3 │  · · · · · · │█─· · · · · · │",
        " C3 │█───· · · · · │  · · · · · · │",
    ]


def test_an_empty_clip_shows_its_bars():
    assert roll_text(Clip.of([], name="New")).splitlines() == [
        "New · 1 bar · 4/4 · 120 bpm · 0 notes",
        "    1",
        "    │    ·   ·   ·   │",
    ]


def test_a_long_clip_goes_on_in_further_rows_of_bars():
    numbers = [
        line for line in roll_text(Clip.of([Note(60, 0, 1)], length=32)).splitlines() if "│" not in line
    ]

    assert [line.split() for line in numbers[1:]] == [["1", "2", "3", "4"], ["5", "6", "7", "8"]]


def test_a_very_long_clip_is_compressed_and_says_so():
    text = roll_text(Clip.of([Note(60, 0, 1), Note(62, 1023, 1)], length=1024))

    assert "a character is 1/4 note" in text.splitlines()[1]
    assert len(text.splitlines()) < 70


def test_of_notes_that_share_a_character_the_loudest_shows():
    clip = Clip.of([Note(60, 0, 0.1, 20), Note(60, 0.1, 0.1, 120)])

    assert "C3 │█" in roll_text(clip)


def test_a_note_past_the_end_is_counted_and_has_no_line():
    text = roll_text(Clip.of([Note(60, 0, 1), Note(90, 8, 1)], length=4))

    assert "1 note past the end" in text
    assert "F#5" not in text


@pytest.mark.parametrize("width", [15, 81])
def test_a_width_outside_the_range_is_refused_with_the_range(width):
    with pytest.raises(ValueError, match="16 to 80"):
        roll_text(BEAT, width=width)


def test_a_name_cannot_steer_a_terminal_or_break_the_line():
    first, *_ = roll_text(Clip.of([], name="\x1b[31mred\nsecond")).splitlines()

    assert first.startswith("[31mred second · ")


@given(clip=anything)
@settings(max_examples=60, deadline=None)
def test_any_clip_fits_a_page(clip):
    lines = roll_text(clip).splitlines()

    assert max(map(columns, lines)) <= 100
    assert len(lines) <= 130


@pytest.mark.slow
def test_a_hundred_thousand_notes_take_a_moment():
    rows = [(tick * 7, 400, 36 + tick % 60, 1 + tick % 127, tick % 5 == 0) for tick in range(100_000)]
    clip = Clip(note_table(rows), 700_000)
    began = time.process_time()
    roll_text(clip)

    assert time.process_time() - began < 0.3
