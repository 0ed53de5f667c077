"""What a clip holds beside its notes' times and pitches."""

from __future__ import annotations

import pickle

import pytest

from conduit.errors import ClipError
from conduit.music import Clip, Note, Provenance

OF_MODEL = Provenance(provider="anthropic", model="claude", request="ab12", seed=7)
WHOLE = {
    "program": 33,
    "loop": (1, 3),
    "colour": 0xFF8800,
    "meter_changes": [(4, "3/4")],
}
NOTE = Note(45, 0, 1, probability=0.5, velocity_deviation=-20, release_velocity=10)


def test_notes_keep_chance_deviation_and_release():
    assert list(Clip.of([NOTE]).notes) == [NOTE]


def test_a_note_shows_only_what_is_not_usual():
    assert repr(Note(45, 0.0, 1.0)) == "Note(pitch=45, start=0.0, duration=1.0, velocity=96, mute=False)"
    assert repr(NOTE).endswith("mute=False, probability=0.5, velocity_deviation=-20, release_velocity=10)")


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"probability": 1.01}, "a probability of 1.01 is outside 0-1"),
        ({"probability": float("nan")}, "a probability of nan is outside 0-1"),
        ({"velocity_deviation": 128}, "a velocity deviation of 128 is outside -127 to 127"),
        ({"release_velocity": 128}, "a release velocity of 128 is outside 0-127"),
    ],
)
def test_a_note_outside_its_ranges_is_refused(facts, said):
    with pytest.raises(ClipError, match=said):
        Note(45, 0, 1, **facts)


@pytest.mark.parametrize("name", WHOLE)
def test_clips_that_differ_in_one_fact_are_not_equal(name):
    clip = Clip.of([NOTE], length=8, **{name: WHOLE[name]})

    assert clip != Clip.of([NOTE], length=8)
    assert pickle.loads(pickle.dumps(clip)) == clip  # noqa: S301  our own bytes


@pytest.mark.parametrize("note", [Note(45, 0, 1), Note(45, 0, 1, probability=0.5)])
def test_clips_whose_notes_differ_in_one_fact_are_not_equal(note):
    assert Clip.of([note]) != Clip.of([NOTE])


def test_where_a_clip_comes_from_makes_no_other_clip():
    clip = Clip.of([NOTE], provenance=OF_MODEL)

    assert clip == Clip.of([NOTE])
    assert pickle.loads(pickle.dumps(clip)).provenance == OF_MODEL  # noqa: S301  our own bytes


def test_the_loop_is_the_whole_clip_unless_it_is_set():
    assert Clip.of([NOTE], length=8).loop == (0, 8)
    assert Clip.of([NOTE], length=8, loop=(1, 3)).loop == (1, 3)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"program": 128}, "128 is not a General MIDI program: it is 0-127"),
        ({"colour": 0x1000000}, "16777216 is not a colour"),
        ({"loop": (3, 1)}, "a loop from tick 2880 to 960 cannot be"),
        ({"loop": (-1, 1)}, "a loop from tick -960 to 960 cannot be"),
    ],
)
def test_a_fact_outside_its_range_is_refused(facts, said):
    with pytest.raises(ClipError, match=said):
        Clip.of([], **facts)
