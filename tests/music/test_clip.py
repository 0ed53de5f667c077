"""Clip: columns inside, beats outside, values throughout."""

from __future__ import annotations

import pickle
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.errors import ClipError
from conduit.music import DRUMS, GM_PROGRAMS, PPQ, Clip, Key, Meter, Note

notes = st.builds(
    Note,
    pitch=st.integers(0, 127),
    start=st.integers(0, 64 * PPQ).map(lambda ticks: ticks / PPQ),
    duration=st.integers(1, 8 * PPQ).map(lambda ticks: ticks / PPQ),
    velocity=st.integers(1, 127),
    mute=st.booleans(),
)
many = st.lists(notes, max_size=30)
distinct = st.lists(notes, max_size=30, unique_by=lambda note: (note.start, note.pitch))
meters = st.builds(Meter, st.integers(1, 13), st.sampled_from([2, 4, 8, 16]))

ACID = Clip.of(
    [Note(45, 0, 0.5), Note(48, 1, 0.25, 40)], name="Acid", bpm=132, key="A minor", instrument="bass"
)


@given(content=distinct)
def test_a_clip_gives_back_the_notes_it_was_made_of_in_order_of_time_then_pitch(content):
    assert list(Clip.of(content).notes) == sorted(content, key=lambda note: (note.start, note.pitch))


@given(content=distinct, chance=st.randoms(use_true_random=False))
def test_the_order_in_which_notes_are_given_does_not_matter(content, chance):
    shuffled = chance.sample(content, len(content))

    assert Clip.of(shuffled) == Clip.of(content)


def test_the_order_of_notes_of_one_start_and_pitch_does_not_matter():
    short, long = Note(60, 0, 1), Note(60, 0, 2)

    assert Clip.of([short, long]) == Clip.of([long, short])


@given(content=many, meter=meters)
def test_a_clip_is_by_default_the_fewest_whole_bars_that_hold_every_note(content, meter):
    clip = Clip.of(content, meter=meter)
    end = max((note.end for note in content), default=0)

    assert clip.bars == int(clip.bars) >= 1
    assert clip.length >= end
    assert clip.bars == 1 or clip.length - meter.bar < end


def test_a_given_length_stands_though_notes_lie_behind_it():
    assert Clip.of([Note(60, 6, 1)], length=4).length == 4


def test_times_are_rounded_to_whole_ticks_and_a_note_has_at_least_one():
    clip = Clip.of([Note(60, 1 / 3, 0.0001)], ppq=96)

    assert clip.table[0].item()[:2] == (32, 1)


def test_bars_beats_and_seconds_agree():
    clip = Clip.of([], meter="7/8", length=7, bpm=84)

    assert (clip.length, clip.bars, clip.duration_s, clip.length_ticks) == (7, 2, 5, 7 * PPQ)


def test_an_empty_clip_is_a_bar_long():
    assert Clip.of([], meter="3/4").length == 3


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"length": 0}, "its length is more than 0"),
        ({"length": -4}, "its length is more than 0"),
        ({"bpm": 19.9}, "19.9 bpm is outside 20-999"),
        ({"bpm": 1000}, "1000 bpm is outside 20-999"),
        ({"bpm": float("nan")}, "nan bpm is outside 20-999"),
        ({"length": float("nan")}, "its length is more than 0"),
        ({"length": float("inf")}, "up to 100,000 beats"),
        ({"length": 100_001}, "up to 100,000 beats"),
        ({"bpm": "fast"}, "'fast' is not a tempo: write 20-999"),
        ({"ppq": 0}, "0 ticks a beat cannot be: it is 1-32767"),
        ({"ppq": 10**30}, "ticks a beat cannot be: it is 1-32767"),
        ({"instrument": "tuba"}, "'tuba' is not an instrument: drums, bass"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_a_clip_outside_a_range_is_refused_with_the_value_and_the_range(facts, said):
    with pytest.raises(ClipError, match=said):
        Clip.of([Note(60, 1, 1)], **facts)


@pytest.mark.parametrize("bpm", [20, 999])
def test_a_tempo_may_be_at_either_end_of_its_range(bpm):
    assert Clip.of([], bpm=bpm).bpm == bpm


@pytest.mark.parametrize("instrument", [DRUMS, *GM_PROGRAMS])
def test_every_instrument_of_the_table_can_play_a_clip(instrument):
    assert Clip.of([], instrument=instrument).is_drums is (instrument == DRUMS)


def test_a_wrong_instrument_comes_with_the_valid_ones():
    with pytest.raises(ClipError) as refusal:
        Clip.of([], instrument="tuba")

    assert refusal.value.valid == [DRUMS, *GM_PROGRAMS]


def test_a_key_and_a_metre_are_read_from_text():
    assert (ACID.key, Clip.of([], meter="7/8").meter) == (Key("Am"), Meter(7, 8))


@pytest.mark.parametrize("fact", [{"key": "H minor"}, {"meter": "4/5"}], ids=["key", "metre"])
def test_a_key_or_a_metre_that_cannot_be_read_is_refused(fact):
    with pytest.raises(ValueError, match="is not a"):
        Clip.of([], **fact)


@given(content=many)
def test_equal_clips_have_equal_digests_and_hashes(content):
    one, other = Clip.of(content), Clip.of(content)

    assert one == other
    assert (one.digest, hash(one)) == (other.digest, hash(other))


def test_a_digest_is_sixteen_hexadecimal_digits():
    assert len(ACID.digest) == 16
    assert int(ACID.digest, 16)


@pytest.mark.parametrize(
    "change",
    [{"name": "b"}, {"bpm": 133.0}, {"meter": Meter(3, 4)}, {"key": None}, {"key": Key("C major")},
     {"instrument": "lead"}, {"length_ticks": 1}, {"ppq": 480}, {"table": ACID.table[:1]}],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_a_clip_that_differs_in_anything_is_another_clip(change):
    other = ACID.with_(**change)

    assert other != ACID
    assert other.digest != ACID.digest


def test_a_tempo_in_whole_numbers_is_the_same_tempo():
    assert Clip.of([], bpm=120) == Clip.of([], bpm=120.0)


def test_a_clip_equals_nothing_but_a_clip():
    assert ACID != "Acid"


def test_the_table_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        ACID.table["pitch"] = 1


def test_a_clip_survives_pickling():
    again = pickle.loads(pickle.dumps(ACID))  # noqa: S301  our own bytes

    assert again == ACID
    assert again.notes == ACID.notes


def test_the_table_of_an_unpickled_clip_cannot_be_written_either():
    again = pickle.loads(pickle.dumps(ACID))  # noqa: S301  our own bytes

    assert not again.table.flags.writeable


def test_with_gives_another_clip_and_leaves_this_one():
    renamed = ACID.with_(name="Bass")

    assert (renamed.name, ACID.name) == ("Bass", "Acid")
    assert renamed.notes == ACID.notes


def test_with_reads_a_key_and_a_metre_from_text():
    clip = ACID.with_(key="f#m", meter="7/8")

    assert (clip.key, clip.key.root, clip.meter) == ("F# minor", 6, Meter(7, 8))
    assert ACID.with_(key="").key is None


@pytest.mark.parametrize("fact", [{"key": "H blah"}, {"meter": "4/5"}], ids=["key", "metre"])
def test_with_refuses_a_key_or_a_metre_that_cannot_be_read(fact):
    with pytest.raises(ValueError, match="is not a"):
        ACID.with_(**fact)


def test_with_takes_any_kind_of_number_and_keeps_its_own():
    clip = ACID.with_(bpm=np.float64(128.5), ppq=np.int64(960), length_ticks=np.int64(3840))

    assert [type(fact) for fact in (clip.bpm, clip.ppq, clip.length_ticks)] == [float, int, int]
    assert clip == ACID.with_(bpm=128.5)


@pytest.mark.parametrize(
    ("given", "kept"),
    [(" Acid\n\tbass ", "Acid bass"), ("Aci\0d\x1b[2J", "Acid[2J"), ("\ud800x", "x"), ("a" * 200, "a" * 120)],
    ids=["lines", "control", "surrogate", "long"],
)
def test_a_name_is_kept_as_one_short_line(given, kept):
    assert Clip.of([], name=given).name == kept


@given(name=st.text(max_size=300))
def test_a_name_that_a_clip_has_is_kept_as_it_is(name):
    clip = Clip.of([], name=name)

    assert clip.with_(name=clip.name) == clip


def test_with_table_sorts_and_keeps_everything_else():
    turned = ACID.with_table(ACID.table[::-1])

    assert turned == ACID


def test_with_table_takes_a_new_length():
    assert ACID.with_table(ACID.table, length_ticks=PPQ * 8).length == 8


def test_notes_are_a_view_of_the_table_and_not_a_copy():
    tail = ACID.notes[1:]

    assert np.shares_memory(tail._table, ACID.table)
    assert isinstance(tail, Sequence)


def test_notes_behave_like_the_list_of_them():
    listed = [Note(45, 0, 0.5), Note(48, 1, 0.25, 40)]

    assert ACID.notes == listed
    assert ACID.notes[-1] == listed[-1]
    assert ACID.notes[::-1] == listed[::-1]
    assert listed[1] in ACID.notes
    assert ACID.notes.index(listed[1]) == 1
    assert repr(ACID.notes) == f"Notes({list(ACID.notes)!r})"


def test_notes_differ_from_a_list_of_other_notes_or_of_another_length():
    assert ACID.notes != [Note(45, 0, 0.5)]
    assert ACID.notes != [Note(45, 0, 0.5), Note(49, 1, 0.25, 40)]


def test_notes_past_the_last_are_an_index_error():
    with pytest.raises(IndexError):
        ACID.notes[2]


def test_notes_are_no_key_of_a_dict():
    with pytest.raises(TypeError):
        hash(ACID.notes)


def test_the_length_of_a_clip_object_is_its_number_of_notes():
    assert (len(ACID), len(Clip.of([]))) == (2, 0)


@pytest.mark.parametrize(
    ("clip", "said"),
    [
        (ACID, "<Clip 'Acid' 1 bar, 2 notes, 4/4, 132 bpm, A minor, bass>"),
        (
            Clip.of([Note(36, 0, 1)], length=10, instrument="drums"),
            "<Clip '' 2.5 bars, 1 note, 4/4, 120 bpm, drums>",
        ),
    ],
    ids=["key", "drums"],
)
def test_a_clip_says_what_it_is_in_one_line(clip, said):
    assert repr(clip) == said
