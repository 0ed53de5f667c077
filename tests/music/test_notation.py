import random
import re

import numpy as np
import pytest
from corpus.tokens import clip_json
from hypothesis import given
from hypothesis import strategies as st
from music.drawn_clips import any_clips, grid_clips

from conduit.music import BEND, Clip, ClipReader, ControlChange, Meter, Note, read_clip, write_clip

PIECE = st.integers(1, 9)


def in_pieces(text, size):
    """Read a text in pieces; give the notes in the order in which they came, and the clip."""
    reader = ClipReader()
    found = [note for at in range(0, len(text), size) for note in reader.feed(text[at : at + size])]
    return found, reader.finish()


@given(st.one_of(any_clips(), grid_clips()))
def test_a_clip_reads_back_as_it_was_written(clip):
    assert read_clip(write_clip(clip)) == clip


@given(st.one_of(any_clips(), grid_clips()), PIECE)
def test_the_reader_gives_the_same_notes_however_the_text_is_cut(clip, size):
    text = write_clip(clip) + "\n"

    found, read = in_pieces(text, size)

    assert found == in_pieces(text, len(text))[0]
    assert read == clip
    assert sorted(found, key=repr) == sorted(clip.notes, key=repr)


@given(st.one_of(any_clips(), grid_clips()))
def test_what_was_read_is_written_as_before(clip):
    text = write_clip(clip)

    assert write_clip(read_clip(text)) == text


def line(*notes, instrument="bass", **facts):
    """Write a clip and give the lines of its bars."""
    return write_clip(Clip.of(notes, instrument=instrument, **facts)).split("\n")[1:]


def test_length_velocity_and_octave_are_written_where_they_change():
    notes = [Note(45, 0, 0.5, 110), Note(48, 0.5, 0.5, 110), Note(47, 1, 0.25, 110), Note(57, 2, 0.25, 60)]

    assert line(*notes) == ["1 | 1:A1/2v110 3:C2 5:B1/1 9:A2v60"]


def test_what_starts_together_is_joined_each_with_its_own_length_and_velocity():
    notes = [Note(60, 0, 1), Note(64, 0, 1), Note(67, 0, 0.5, 80)]

    assert line(*notes) == ["1 | 1:C3,E/4,G/2v80"]


def test_a_pitch_that_inherits_says_so_where_one_after_it_does_not():
    notes = [Note(60, 0, 0.25), Note(64, 0, 0.25, 80)]

    assert line(*notes) == ["1 | 1:C3v96,Ev80"]


def test_the_same_struck_again_is_written_once():
    assert line(*[Note(45, beat, 0.25) for beat in range(4)]) == ["1 | 1,5,9,13:A1"]


def test_what_is_off_the_grid_is_written_in_ticks():
    assert line(Note(45, 1 / 3, 0.5), Note(45, 616 / 960, 171 / 960)) == ["1 | 2.33:A1/2 +616:A+171"]


def test_all_that_a_note_holds_is_written():
    note = Note(45, 0, 0.25, 90, mute=True, probability=0.1, velocity_deviation=-20, release_velocity=0)

    assert line(note) == ["1 | 1:A1v90d-20r0?0.1~"]


def test_bars_that_are_as_others_above_are_written_by_their_numbers():
    bars = "ABAAABABAB"
    notes = [Note(45 if bar == "A" else 48, 4 * index, 1) for index, bar in enumerate(bars)]

    assert line(*notes) == ["1 | 1:A1/4", "2 | 1:C2/4", "3-5 = 1", "6-7 = 2-3", "8-9 = 2-3", "10 = 2"]


def test_a_phrase_of_many_bars_is_repeated_as_one():
    notes = [Note(45 + bar % 4, 4 * bar, 1) for bar in range(12)]

    assert line(*notes)[4:] == ["5-12 = 1-4"]


def test_drums_are_drawn_where_marks_say_all_of_them():
    kicks = [Note(36, beat, 0.25, 120) for beat in range(4)]
    hats = [Note(42, beat + 0.5, 0.125, 96) for beat in range(4)]
    snare = [Note(38, 1, 0.25, 111)]

    assert line(*kicks, *hats, *snare, instrument="drums") == [
        "1 | kick X...X...X...X...",
        "1 | hat/0.5 ..x...x...x...x.",
        "1 | 5:snarev111",
    ]


def test_marks_of_other_velocities_stand_in_the_header():
    clip = Clip.of([Note(36, beat, 0.25, 100 if beat else 127) for beat in range(4)], instrument="drums")

    assert write_clip(clip).split("\n") == [
        "clip  | 1 bars | 4/4 | 120 bpm | drums | X127 x100",
        "1 | kick X...x...x...x...",
    ]


def test_marks_that_no_lane_has_do_not_stand_in_the_header():
    clip = Clip.of([Note(36, 0, 0.25, 50), Note(38, 1, 0.25, 60)], instrument="drums")

    assert write_clip(clip).split("\n")[0] == "clip  | 1 bars | 4/4 | 120 bpm | drums"


def test_controls_have_a_line_each():
    moves = [ControlChange(64, 0, 127), ControlChange(BEND, 0, -8192), ControlChange(64, 3.5, 0)]

    assert line(controls=moves) == ["1 | sustain 1:127 15:0", "1 | bend 1:-8192"]


def test_controls_keep_their_order_at_one_time():
    moves = [ControlChange(1, 0, 5), ControlChange(7, 0, 3), ControlChange(1, 0, 9)]

    assert line(controls=moves) == ["1 | mod 1:5", "1 | volume 1:3", "1 | mod 1:9"]


def test_all_that_holds_for_the_whole_clip_stands_in_the_header():
    clip = Clip.of(
        [],
        length=14.5,
        name="All",
        bpm=99.5,
        key="Bb dorian",
        ppq=480,
        instrument="piano",
        program=33,
        loop=(4, 8),
        colour=0xFF8800,
        meter_changes=[(8, "3/4"), (12.5, "7/8")],
    )

    assert write_clip(clip) == (
        "clip All | 58 steps | 4/4 | 3/4 from bar 3 | 7/8 from tick 6000 | 99.5 bpm | Bb dorian | 480 ppq | piano"
        " | program 33 | loop bars 2-2 | #ff8800"
    )


def test_bars_are_counted_along_changes_of_metre():
    clip = Clip.of([Note(45, beat, 1) for beat in (0, 4, 7, 10)], meter_changes=[(4, "3/4")])

    assert write_clip(clip).split("\n")[1:] == ["1 | 1:A1/4", "2-4 = 1"]


@pytest.mark.parametrize(
    "name", ["a|b", "a\\", "\\", "a\\|b", "|", "\\|", "a\\\\", " a \n b\t", "a\0b", "clip"]
)
def test_a_clip_of_any_name_reads_back(name):
    clip = Clip.of([], name=name)

    assert read_clip(write_clip(clip)) == clip


def test_a_tempo_of_another_kind_of_number_is_written_as_a_number():
    clip = Clip.of([]).with_(bpm=np.float64(128.5))

    assert "| 128.5 bpm |" in write_clip(clip)


def test_a_chord_of_every_pitch_and_a_bar_of_very_many_steps_read_back():
    many = Clip.of(
        (Note(pitch, 0, (pitch % 5 + 1) / 960, pitch + 1 - pitch % 2) for pitch in range(127)), length=4
    )
    wide = Clip.of(
        (Note(36, step / 4, 0.25, 120) for step in range(0, 1584, 3)), meter=Meter(99, 1), instrument="drums"
    )

    assert read_clip(write_clip(many)) == many
    assert read_clip(write_clip(wide)) == wide


# How GPT's encodings cut a text before they make tokens: no token spans two of these, so their number is a lower
# bound, close for texts of names, digits and marks; ``_beat`` is two. Real tokens of real clips are counted in
# tests/corpus/test_tokens.py.
PARTS = re.compile(r"_(?=beat)|[^\s\w]?[A-Za-z]+|[0-9]{1,3}| ?[^\s\w]+|\s+")


def performance(rng):
    """Give notes that follow no grid, as somebody plays them."""
    starts = sorted(rng.randrange(4 * 1536) for _ in range(60))
    return Clip.of(
        (
            Note(rng.randint(40, 80), start / 384, rng.randint(20, 500) / 384, rng.randint(30, 100))
            for start in starts
        ),
        ppq=384,
        length=16,
    )


def sequence(rng):
    """Give notes on the grid whose velocities differ."""
    return Clip.of(
        (
            Note(rng.randint(36, 48), step / 4, rng.choice([0.25, 0.5]), rng.randint(80, 110))
            for step in range(64)
        ),
        length=16,
    )


@pytest.mark.parametrize("made", [performance, sequence])
def test_notes_take_a_third_of_what_they_take_as_json(made):
    clip = made(random.Random(7))
    ours = len(PARTS.findall(write_clip(clip).split("\n", 1)[1]))

    assert ours <= len(PARTS.findall(clip_json(clip))) / 3
