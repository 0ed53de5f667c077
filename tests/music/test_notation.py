import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.errors import ClipError
from conduit.music import DRUM_PITCHES, GM_PROGRAMS, Clip, ClipReader, Meter, Note, read_clip, write_clip
from conduit.music.reader import MAX_NOTES

BASS = """clip Acid bass | 2 bars | 4/4 | 128 bpm | A minor | bass
1 | 1:A1/2v110 4:A1/1 7:C2,E2/2v90
2 = 1
"""

METERS = [Meter(4, 4), Meter(3, 4), Meter(7, 8), Meter(6, 8), Meter(5, 4), Meter(7, 16)]
HUGE = "9" * 400


NAMES = st.one_of(st.text(max_size=130), st.text("ab |\\\0\n", max_size=8))


@st.composite
def clips(draw):
    ppq = draw(st.sampled_from([960, 480, 96, 24, 99, 1, 32767]))
    meter = draw(st.sampled_from(METERS))
    bars = draw(st.integers(1, 4))
    length = max(1, round(bars * meter.bar * ppq))
    note = st.builds(
        lambda start, duration, pitch, velocity, mute: Note(
            pitch, start / ppq, duration / ppq, velocity, mute
        ),
        st.integers(0, length - 1),
        st.integers(1, length),
        st.integers(0, 127),
        st.integers(1, 127),
        st.booleans(),
    )
    return Clip.of(
        draw(st.lists(note, max_size=12)),
        length=length / ppq,
        ppq=ppq,
        name=draw(NAMES),
        bpm=draw(st.sampled_from([20, 99.5, 128, 174.123, 999])),
        meter=meter,
        key=draw(st.sampled_from([None, "A minor", "Bb dorian", "F# phrygian dominant"])),
        instrument=draw(st.sampled_from(["drums", *GM_PROGRAMS])),
    )


@given(clips())
def test_a_clip_reads_back_as_it_was_written(clip):
    assert read_clip(write_clip(clip)) == clip


@given(clips(), st.integers(1, 9))
def test_the_reader_gives_the_same_notes_however_the_text_is_cut(clip, size):
    text = write_clip(clip) + "\n"
    reader = ClipReader()

    found = [note for at in range(0, len(text), size) for note in reader.feed(text[at : at + size])]

    assert len(found) == len(clip)
    assert reader.finish() == clip


def read_or_refuse(text):
    try:
        return read_clip(text)
    except ClipError as error:
        return error


@given(st.text(max_size=200))
def test_any_text_is_a_clip_or_a_clip_error(text):
    assert isinstance(read_or_refuse(text), Clip | ClipError)


@given(st.text("clip |0123456789:=/v~xXo.ABC#\nbars", max_size=120))
def test_nearly_right_text_is_a_clip_or_a_clip_error(text):
    assert isinstance(read_or_refuse(f"clip x | 2 bars\n{text}"), Clip | ClipError)


WHOLE = """clip x | 3 bars | 7/8 | 120 bpm | 480 ppq | drums
1 | 1:36/2v110 3.5:42/1v90~
2 = 1
3 | 5:38/4 kick X..x
"""


@st.composite
def near_texts(draw):
    """A right text with one or two of its numbers changed to any."""
    numbers = list(re.finditer(r"\d+", WHOLE))
    places = st.sampled_from([number.span() for number in numbers])
    changed = draw(st.dictionaries(places, st.integers(0, 10**30), min_size=1, max_size=2))
    text = WHOLE
    for (start, end), number in sorted(changed.items(), reverse=True):
        text = f"{text[:start]}{number}{text[end:]}"
    return text


def test_the_text_whose_numbers_are_changed_was_right():
    assert len(read_clip(WHOLE)) == 7


@given(near_texts())
def test_lines_of_the_right_form_with_any_numbers_are_a_clip_or_a_clip_error(text):
    assert isinstance(read_or_refuse(text), Clip | ClipError)


@given(near_texts(), st.integers(1, 40))
def test_a_clip_can_be_had_at_any_time_whatever_was_read(text, size):
    reader = ClipReader()

    for at in range(0, len(text), size):
        found = reader.feed(text[at : at + size])

        assert len(reader.clip()) >= len(found)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("clip x\n99999999999999999999 | 1:A1", 2, "outside 1-9999"),
        ("clip x\n10000 | 1:A1", 2, "bar 10000 is outside 1-9999"),
        ("clip x\n0 | 1:A1", 2, "bar 0 is outside 1-9999"),
        ("clip x | 99/1\n253 | 1:A1", 2, "bar 253 is outside 1-252"),
        (f"clip x\n{'1' * 5000} | 1:A1", 2, "more than 256 characters"),
        ("clip x\n1 | 1:A1/99999999999999999999", 2, "neither over 100,000 beats"),
        ("clip x\n1 | 99999999999999999999:A1", 2, "(steps 1 to 16)"),
        ("clip x\n1 | 1:A1v99999999999999999999", 2, "outside 1-127"),
        (f"clip x\n1 | 1:A1/{HUGE}", 2, "more than 256 characters"),
        (f"clip x | {HUGE} bars", 1, "more than 256 characters"),
        (f"clip x | {HUGE[:250]} bars", 1, "up to 9999 bars"),
        ("clip x | 10000 bars", 1, "up to 9999 bars of them"),
        ("clip x | 0 bars", 1, "more than 0"),
        ("clip x | 160000 steps", 1, "up to 9999 bars of them"),
        ("clip x | 253 bars | 99/1", 1, "up to 252 bars of them"),
        (f"clip x | {HUGE[:250]} ppq", 1, "it is 1-32767"),
        ("clip x | 32768 ppq", 1, "it is 1-32767"),
        ("clip x | 0 ppq", 1, "it is 1-32767"),
        (f"clip x | {HUGE[:250]} bpm", 1, "outside 20-999"),
    ],
    ids=lambda value: value[:30].replace("\n", "/") if isinstance(value, str) else None,
)
def test_a_number_out_of_its_range_is_named_with_its_place_and_the_range(text, line, said):
    with pytest.raises(ClipError, match="the clip cannot be read") as caught:
        read_clip(text)

    assert said in caught.value.message
    assert caught.value.line == line


def test_the_last_bar_can_be_written():
    clip = read_clip("clip x\n9999 | 1:A1")

    assert (clip.bars, clip.notes[0].start) == (9999, 9998 * 4)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("1 = 1", "bar 1 has notes already"),
        ("2 | 1:A1\n2 = 1", "bar 2 has notes already"),
        ("2 = 1\n2 = 1", "bar 2 has notes already"),
        ("2 = 2", "bar 2 repeats bar 2, which is not written above"),
    ],
    ids=["itself", "written", "twice", "empty"],
)
def test_only_an_empty_bar_repeats_another(lines, said):
    reader = ClipReader()
    reader.feed(f"clip x\n1 | 1:A1\n{lines}\n")

    with pytest.raises(ClipError, match=said):
        reader.finish()

    assert len(reader.clip()) <= 2


def test_a_text_has_an_upper_end_of_notes():
    bar = " ".join(f"{step}:{','.join(['A1'] * 50)}" for step in range(1, 17))
    reader = ClipReader()
    reader.feed(f"clip x\n1 | {bar}\n" + "".join(f"{number} = 1\n" for number in range(2, 200)))

    with pytest.raises(ClipError, match=r"more than 100,000 notes is too long.*valid: up to 100,000 notes"):
        reader.finish()

    assert len(reader.clip()) == MAX_NOTES


@pytest.mark.parametrize(
    "name", ["a|b", "a\\", "\\", "a\\|b", "|", "\\|", "a\\\\", " a \n b\t", "a\0b", "clip"]
)
def test_a_clip_of_any_name_reads_back(name):
    clip = Clip.of([], name=name)

    assert read_clip(write_clip(clip)) == clip


def test_a_tempo_of_another_kind_of_number_is_written_as_a_number():
    clip = Clip.of([]).with_(bpm=np.float64(128.5))

    assert "| 128.5 bpm |" in write_clip(clip)


def test_the_documented_example_means_what_it_says():
    clip = read_clip(BASS)

    assert (clip.name, clip.bars, clip.bpm, clip.key, clip.instrument) == (
        "Acid bass",
        2,
        128,
        "A minor",
        "bass",
    )
    assert list(clip.notes[:4]) == [
        Note(45, 0, 0.5, 110),
        Note(45, 0.75, 0.25, 110),
        Note(48, 1.5, 0.5, 90),
        Note(52, 1.5, 0.5, 90),
    ]
    assert [note.start for note in clip.notes[4:]] == [4, 4.75, 5.5, 5.5]


def test_a_note_is_there_as_soon_as_its_last_character_has_come():
    reader = ClipReader()
    reader.feed("clip x | 1 bars\n1 | 1:A1/2")

    assert reader.feed(" ") == [Note(45, 0, 0.5)]


def test_a_drum_lane_is_drawn():
    clip = read_clip("clip Beat | 1 bars | drums\n1 | kick X...x...o...x...\n1 | hat ..x.\n")

    kicks = [note for note in clip.notes if note.pitch == DRUM_PITCHES["kick"]]
    assert [(note.start, note.velocity) for note in kicks] == [(0, 120), (1, 96), (2, 56), (3, 96)]
    assert [note.start for note in clip.notes if note.pitch == DRUM_PITCHES["hat"]] == [0.5]


def test_a_fence_around_the_text_is_no_matter():
    assert read_clip(f"```\n{BASS}```\n") == read_clip(BASS)


@pytest.mark.parametrize(
    ("text", "line", "said", "valid"),
    [
        ("", 1, "no header line", "clip NAME"),
        ("here you go", 1, "'here' stands where the header line", "clip NAME"),
        ("clip x | 1 bars\n1 | 17:A1", 2, "step 17 is outside a bar of 4/4", "STEP:PITCH"),
        ("clip x | 1 bars | 7/8\n1 | 15:A1", 2, "steps 1 to 14", "STEP:PITCH"),
        ("clip x | 1 bars\n1 | 1:H2", 2, "'H2' is not a pitch", "STEP:PITCH"),
        ("clip x | 1 bars\n1 | 1:G9", 2, "outside 0-127", "STEP:PITCH"),
        ("clip x | 1 bars\n1 | 1:A1v128", 2, "velocity 128", "STEP:PITCH"),
        ("clip x | 1 bars\n1 | A1", 2, "'A1' is not a note", "STEP:PITCH"),
        ("clip x | 1 bars | drums\n1 | 1:bell", 2, "'bell' is not a drum", "STEP:PITCH"),
        ("clip x | 1 bars | drums\n1 | kick X..y", 2, "'X..y' is not a drum lane", "X...x..."),
        ("clip x | 1 bars\n1 : 1:A1", 2, "':' follows bar number 1", "|"),
        ("clip x | 2 bars\n2 = 1", 2, "repeats bar 1, which is not written above", ""),
        ("clip x | 2 hours", 1, "'2 hours' is not a key", "clip NAME"),
        ("clip x | 1 bars\nand so on", 2, "'and' stands where a bar's number", "1 | 1:A1"),
    ],
    ids=lambda value: value[:20].replace("\n", "/") if isinstance(value, str) else None,
)
def test_what_cannot_be_read_is_named_with_its_place_and_what_would_be_valid(text, line, said, valid):
    with pytest.raises(ClipError, match="the clip cannot be read") as caught:
        read_clip(text)

    assert said in caught.value.message
    assert caught.value.line == line
    assert valid in "".join(caught.value.valid)


def test_every_error_is_told_and_the_good_notes_are_kept():
    reader = ClipReader()
    found = reader.feed("clip x | 1 bars\n1 | 1:A1 2:Z9 3:A1v999 4:C2\n")

    with pytest.raises(ClipError, match=r"Z9.*velocity 999"):
        reader.finish()

    assert [note.pitch for note in found] == [45, 48]
    assert len(reader.clip()) == 2


def test_a_word_without_end_is_an_error_and_the_next_line_is_read():
    reader = ClipReader()
    reader.feed("clip x | 2 bars\n1 | ")

    for _ in range(100):
        reader.feed("1:A1" * 10)
    found = reader.feed("\n2 | 1:A1\n")

    assert [note.start for note in found] == [4]
    assert ["more than 256 characters" in error.message for error in reader.errors] == [True]
