import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.errors import ClipError
from conduit.music import DRUM_PITCHES, Clip, ClipReader, Note, read_clip
from conduit.music.event import chord_pitches
from conduit.music.reader import MAX_NOTES

BASS = """clip Acid bass | 2 bars | 4/4 | 128 bpm | A minor | bass
1 | 1:A1/2v110 4:A1/1 7:C2,E2/2v90
2 = 1
"""
HUGE = "9" * 400


def read_or_refuse(text):
    try:
        return read_clip(text)
    except ClipError as error:
        return error


@given(st.text(max_size=200))
def test_any_text_is_a_clip_or_a_clip_error(text):
    assert isinstance(read_or_refuse(text), Clip | ClipError)


@given(st.text("clip |0123456789:=/+?,-v~xXo.ABCm#\nbardschot", max_size=120))
def test_nearly_right_text_is_a_clip_or_a_clip_error(text):
    assert isinstance(read_or_refuse(f"clip x | 2 bars\n{text}"), Clip | ClipError)


WHOLE = """clip x | 3 bars | 7/8 | 3/4 from bar 3 | 120 bpm | 480 ppq | loop bars 1-2 | program 3 | drums | X127 o9
1-1 | 1:36/2v110 3.5,+77:42+1v90r5d3?0.5~
2-2 = 1-1
3 | 5:38/4 kick/1 X..x
3 | cc20 1:5 +9:7
3 | chords 1:C6/9/4v80
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
    assert (len(read_clip(WHOLE)), len(read_clip(WHOLE).controls)) == (14, 2)


@given(near_texts())
def test_lines_of_the_right_form_with_any_numbers_are_a_clip_or_a_clip_error(text):
    assert isinstance(read_or_refuse(text), Clip | ClipError)


@given(near_texts(), st.integers(30, 200))
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


def test_a_text_that_repeats_bars_over_and_over_comes_to_an_end():
    reader = ClipReader()
    reader.feed("clip x\n1 | 1:A1\n")

    reader.feed("".join(f"{number}-9999 = 1-9998\n" for number in range(2, 40)))

    assert any("repeats more than 100,000 bars" in error.message for error in reader.errors)


@pytest.mark.slow
def test_a_text_has_an_upper_end_of_notes():
    bar = " ".join(f"{step}:{','.join(['A1'] * 50)}" for step in range(1, 17))
    reader = ClipReader()
    reader.feed(f"clip x\n1 | {bar}\n" + "".join(f"{number} = 1\n" for number in range(2, 200)))

    with pytest.raises(ClipError, match=r"more than 100,000 notes is too long.*valid: up to 100,000 notes"):
        reader.finish()

    assert len(reader.clip()) == MAX_NOTES


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
        ("clip x | 1 bars\n1 | 17:A1", 2, "step 17 is outside a bar of 4/4", "1 to 16"),
        ("clip x | 1 bars | 7/8\n1 | 15:A1", 2, "steps 1 to 14", "1 to 14"),
        ("clip x | 1 bars\n1 | 1:H2", 2, "'H2' is not a pitch", ""),
        ("clip x | 1 bars\n1 | 1:G9", 2, "outside 0-127", "STEP:PITCH"),
        ("clip x | 1 bars\n1 | 1:A1v128", 2, "velocity 128", "STEP:PITCH"),
        ("clip x | 1 bars\n1 | A1", 2, "'A1' is not a note", "STEP:PITCH"),
        ("clip x | 1 bars | drums\n1 | 1:bell", 2, "'bell' is not a drum", "ridebell"),
        ("clip x | 1 bars | drums\n1 | kick X..y", 2, "'X..y' is not a drum lane", "X...x..."),
        ("clip x | 1 bars\n1 : 1:A1", 2, "':' follows bar number 1", "|"),
        ("clip x | 2 bars\n2 = 1", 2, "repeats bar 1, which is not written above", ""),
        ("clip x | 1 bars\n1 | +3840:A1", 2, "tick +3840 is outside a bar of 4/4", "+0 to +3839"),
        ("clip x | 1 bars\n1 | 0:A1", 2, "step 0 is outside a bar of 4/4", "1 to 16"),
        ("clip x | 1 bars\n1 | A:A1", 2, "'A' is not a place in a bar", "STEP:PITCH"),
        ("clip x | 1 bars\n1 | 1:C", 2, "'C' has no octave", "C3"),
        ("clip x | 1 bars\n1 | 1:A1v90v80", 2, "v80 comes after v90", "STEP:PITCH"),
        ("clip x | 1 bars\n1 | 1:A1/0", 2, "a note of no length", "more than 0"),
        ("clip x | 1 bars\n1 | 1:A1?2", 2, "a probability of 2.0", "STEP:PITCH"),
        ("clip x | 1 bars\n1 | 1:A1,", 2, "'1:A1,' is not complete", "STEP:PITCH"),
        ("clip x | 1 bars\n1 | chords 1:Hm", 2, "Hm", ""),
        ("clip x | 1 bars\n1 | chords Am", 2, "'Am' is not a chord", "STEP:CHORD"),
        ("clip x | 1 bars\n1 | sustain 1:128", 2, "sustain at 128 is outside 0 to 127", "STEP:VALUE"),
        ("clip x | 1 bars\n1 | sustain 1:on", 2, "'on' is not a value", "STEP:VALUE"),
        ("clip x | 1 bars\n1 | cc128 1:0", 2, "cc128", ""),
        ("clip x | 1 bars | drums\n1 | kick X...x...x...x...X", 2, "step 17 is outside", "1 to 16"),
        ("clip x | 2 bars\n2-1 | 1:A1", 2, "bar 2-1 is outside", "1 to 9999"),
        ("clip x | 2 bars\n1", 2, "nothing follows bar number 1", "|"),
        ("clip x | 2 bars\n1 | \u0663:A1", 2, "'\u0663' is not a place", "STEP:PITCH"),
        ("clip x | 2 bars\n\u0663 | 1:A1", 2, "where a bar's number", "2 = 1"),
        ("clip x | 2 bars\n1 | 1:A\u00b2", 2, "'A\u00b2' is not a pitch", ""),
        ("clip x | 2 bars\n1 | 1:A1v\u0669", 2, "cannot be played", ""),
        ("clip x | \u0662 bars", 1, "is not a key", "clip NAME"),
        ("clip x | 4/4 | 3/4 from bar 1", 1, "a change of metre comes after the start", "clip NAME"),
        ("clip x | loop bars 3-2", 1, "loop bars 3-2 cannot be", "clip NAME"),
        ("clip x | loop ticks 5-5", 1, "a loop from tick 5 to 5", "clip NAME"),
        ("clip x | program 128", 1, "128 is not a General MIDI program", "clip NAME"),
        ("clip x | drums | X200", 1, "velocity 200 of X is outside 1-127", "clip NAME"),
        (
            "clip x\n1 | kick X...x...",
            2,
            "'kick' is a drum, and this is no clip of drums",
            "drums in the header",
        ),
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


PLAY = "clip x | 4 bars | {}\n{}"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("1 | 1:A1 5:B 9:C2 13:A", "1 | 1:A1 5:B1 9:C2 13:A2"),
        ("1 | 1:C3,E,G/4", "1 | 1:C3,E3,G3/4"),
        ("1 | 1:C3/4v100,E/2v80 5:G", "1 | 1:C3/4v100 1:E3/2v80 5:G3/2v80"),
        ("1 | 1:C3,E~,G", "1 | 1:C3~ 1:E3~ 1:G3"),
        ("1 | 1,5,9:A1/2v90", "1 | 1:A1/2v90 5:A1 9:A1"),
        ("1 | +240:A1+120", "1 | 2:A1/0.5"),
        ("1 | 2+60:A1/1+60", "1 | 2.25:A1/1.25"),
        ("1 | 2.33:A1/1.67", "1 | +320:A1+400"),
        ("2-3 | 5:A1", "2 | 5:A1\n3 | 5:A1"),
        ("1 | 1:A1\n2 | 1:C2\n3-4 = 1-2", "1 | 1:A1\n2 | 1:C2\n3 | 1:A1\n4 | 1:C2"),
        ("1 | 1:A1\n2-4 = 1", "1 | 1:A1\n2 = 1\n3 = 1\n4 = 1"),
        ("1 | chords 1:Am7/8v80 9:C/E", "1 | 1:57,60,64,67/8v80 9:52,60,67"),
        ("1 | chords 1:Am 13:C69", "1 | 1:57,60,64/16 13:48,62,64,67,69/4"),
        ("1 | chords 1:C6/9/2", "1 | 1:48,62,64,67,69/2"),
        ("1 | chords 1:C6/9v80 9:C/9", "1 | 1:48,62,64,67,69/16v80 9:48,64,67/9"),
        ("1| 1:A1", "1 | 1:A1"),
        ("bar 1 | 1:A1", "1 | 1:A1"),
        ("1 | 1: A1, C2 5: E2", "1 | 1:A1,C2 5:E2"),
        ("1 | 1:A1v90~?0.5", "1 | 1:A1?0.5v90~"),
    ],
)
def test_what_is_written_short_means_the_same_as_what_is_written_out(said, meant):
    assert read_clip(PLAY.format("bass", said)) == read_clip(PLAY.format("bass", meant))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("1 | kick X...x...|o...x...", "1 | kick X...x...o...x..."),
        ("1 | kick X... snare ..x.", "1 | kick X...\n1 | snare ..x."),
        ("1 | kick/2 X... x...", "1 | 1:kick/2v120 5:kickv96"),
        ("1 | 81+20 ..o.", "1 | 3:81+20v56"),
        ("1 | 5:hat kick X..x", "1 | kick X..x\n1 | 5:hat"),
    ],
)
def test_drums_are_read_however_they_are_drawn(said, meant):
    assert read_clip(PLAY.format("drums", said)) == read_clip(PLAY.format("drums", meant))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Am", "A minor"),
        ("key: A minor", "A minor"),
        ("tempo 90bpm", "90 bpm"),
        ("BASS", "bass"),
        ("3/4 from step 33", "3/4 from bar 3"),
        ("loop steps 17-32", "loop bars 2-2"),
        ("loop ticks 3840-7680", "loop bars 2-2"),
        ("1920 ticks", "8 steps"),
        ("1 bar", "1 bars"),
        ("4/4 | 3/4 from bar 2 | 4/4 from bar 4", "4/4 | 3/4 from tick 3840 | 4/4 from tick 9600"),
    ],
)
def test_a_field_of_the_header_can_be_said_in_other_words(said, meant):
    assert read_clip(f"clip x | {said}") == read_clip(f"clip x | {meant}")


def test_the_marks_of_a_lane_are_those_of_the_header():
    clip = read_clip("clip x | drums | X127 o20\n1 | kick Xxo.")

    assert [note.velocity for note in clip.notes] == [127, 96, 20]


def test_notes_after_a_change_of_metre_lie_in_its_bars():
    clip = read_clip("clip x | 4/4 | 7/8 from bar 2\n1-3 | 1:A1")

    assert [note.start for note in clip.notes] == [0, 4, 7.5]


def test_a_bar_repeats_in_another_metre_if_it_fits():
    text = "clip x | 4/4 | 3/4 from bar 2\n1 | 1:A1 {}:A1\n2 = 1"

    assert [note.start for note in read_clip(text.format(12)).notes] == [0, 2.75, 4, 6.75]
    with pytest.raises(ClipError, match="step 13 is outside a bar of 3/4"):
        read_clip(text.format(13))


def test_what_a_lane_has_too_much_is_told_and_the_rest_is_kept():
    reader = ClipReader()

    found = reader.feed("clip x | 1 bars | drums\n1 | kick X...x...x...x...x \n")

    assert len(found) == 4
    assert len(reader.errors) == 1


@pytest.mark.parametrize(
    ("symbol", "pitches"),
    [
        ("C", [48, 64, 67]),
        ("Am7", [57, 60, 64, 67]),
        ("C/E", [52, 60, 67]),
        ("Cmaj9", [48, 62, 64, 67, 71]),
        ("C/Bb", [58, 60, 64, 67]),
    ],
)
def test_a_chord_is_voiced_with_its_bass_below_and_the_rest_in_one_octave(symbol, pitches):
    assert chord_pitches(symbol) == pitches
