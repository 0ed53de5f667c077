from __future__ import annotations

import dataclasses

import pytest

from conduit.live import LiveClip, LiveNote
from conduit.live.live_clip import settled
from conduit.live.remarks import about_clip, about_old
from conduit.music import Clip, Meter, Note


def note(pitch, start, duration, velocity=100.0):
    return LiveNote(pitch, start, duration, velocity, mute=False)


def test_a_note_is_cut_where_the_next_of_its_pitch_starts():
    assert settled([note(60, 1, 1), note(60, 0, 4)]) == (note(60, 0, 1), note(60, 1, 1))


def test_notes_of_other_pitches_do_not_cut_each_other():
    assert settled([note(60, 0, 4), note(61, 1, 1)]) == (note(60, 0, 4), note(61, 1, 1))


def test_of_notes_that_start_together_the_last_stays():
    assert settled([note(60, 0, 4, 1), note(60, 0, 1, 2)]) == (note(60, 0, 1, 2),)


def test_settling_twice_changes_nothing():
    once = settled([note(60, 0, 0.7), note(60, 1 / 3, 1), note(60, 0.5, 9)])

    assert settled(once) == once


def test_what_sounds_is_the_loop_counted_from_its_start():
    clip = LiveClip("a", (note(60, 0, 1), note(62, 4, 1), note(64, 8, 1)), (4.0, 8.0), (0.0, 16.0))

    assert list(clip.clip().notes) == [Note(62, 0, 1, 100)]
    assert (clip.clip().length, clip.n_hidden) == (4.0, 2)


def test_a_digest_follows_name_notes_and_place_but_not_colour():
    clip = LiveClip.of(Clip.of([Note(60, 0, 1)], name="a"))
    changed = [
        {"name": "b"},
        {"notes": ()},
        {"loop": (0.0, 8.0)},
        {"markers": (1.0, 4.0)},
        {"looping": False},
    ]

    assert len({clip.digest, *(dataclasses.replace(clip, **change).digest for change in changed)}) == 6
    assert dataclasses.replace(clip, settings={"color": 1}).digest == clip.digest


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "b"}, "its name is 'b' instead of 'a'"),
        ({"notes": ()}, "it holds 0 notes instead of 1"),
        ({"notes": (note(61, 0, 1),)}, "1 of its 1 notes differ"),
        ({"loop": (0.0, 8.0)}, "spans"),
        ({"looping": False}, "its loop is off"),
    ],
    ids=["name", "count", "note", "loop", "looping"],
)
def test_differences_are_said_in_words(change, said):
    clip = LiveClip.of(Clip.of([Note(60, 0, 1)], name="a"))

    assert any(said in words for words in clip.differences(dataclasses.replace(clip, **change)))
    assert clip.differences(clip) == []


def test_rounding_on_the_wire_is_no_difference():
    clip = LiveClip("a", (note(60, 1000.1, 0.1),), (0.0, 2000.0), (0.0, 2000.0))
    rounded = dataclasses.replace(clip, notes=settled(clip.notes))

    assert rounded.notes != clip.notes
    assert clip.differences(rounded) == []


@pytest.mark.parametrize(
    ("clip", "said"),
    [
        (Clip.of([Note(60, 0, 2), Note(60, 1, 1)]), "1 note is cut"),
        (Clip.of([Note(60, 0, 2), Note(60, 0, 1)]), "1 note starts together"),
        (Clip.of([Note(60, 5, 1), Note(62, 6, 1)], length=4), "2 notes start after the clip's end"),
        (Clip.of([Note(60, 0, 1)], bpm=174), "made at 174 bpm; the set plays it at 120"),
        (Clip.of([Note(60, 0, 1)], meter="7/8"), "in 7/8; Live shows it in the set's 4/4"),
    ],
    ids=["overlap", "same start", "after the end", "tempo", "metre"],
)
def test_what_live_will_not_hold_is_said(clip, said):
    (remark,) = about_clip(clip, LiveClip.of(clip), bpm=120.0, meter=Meter())

    assert said in remark


def test_a_clip_that_fits_needs_no_remark():
    clip = Clip.of([Note(60, 0, 1), Note(60, 1, 1)])

    assert about_clip(clip, LiveClip.of(clip), bpm=120.0, meter=Meter()) == []
    assert about_old(None) == []
