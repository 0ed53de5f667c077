"""What became of each note, and of what else a clip holds, between two versions of it."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.music import Clip, ControlChange, Note
from conduit.music.changes import Row, diff

A, B, C = Note(45, 0, 0.5), Note(48, 1, 0.5), Note(52, 2, 0.5)

notes = st.builds(
    Note,
    pitch=st.integers(40, 64),
    start=st.integers(0, 31).map(lambda n: n / 4),
    duration=st.sampled_from([0.25, 0.5, 1]),
    velocity=st.sampled_from([40, 96]),
    mute=st.booleans(),
)
clips = st.builds(Clip.of, st.lists(notes, max_size=25), ppq=st.sampled_from([96, 480, 960]))


def clip(*content, **facts):
    return Clip.of(content, length=4, **facts)


def test_equal_notes_are_kept():
    found = diff(clip(A, B), clip(A, B))

    assert [len(rows) for rows in (found.kept, found.added, found.removed, found.moved)] == [2, 0, 0, 0]


def test_a_note_that_only_the_new_version_has_is_added_in_exact_ticks():
    assert diff(clip(A), clip(A, C)).added == (Row(1920, 480, 52, 96, mute=False),)


def test_a_note_that_only_the_old_version_has_is_removed():
    assert diff(clip(A, C), clip(A)).removed == (Row(1920, 480, 52, 96, mute=False),)


@pytest.mark.parametrize(
    "new",
    [Note(45, 0.25, 0.5), Note(45, 1, 0.5), Note(52, 0, 0.5)],
    ids=["sixteenth later", "beat later", "other pitch"],
)
def test_a_note_that_is_near_its_old_place_has_moved(new):
    found = diff(clip(A), clip(new))

    assert [len(rows) for rows in (found.added, found.removed, found.moved)] == [0, 0, 1]


@pytest.mark.parametrize(
    "new",
    [Note(45, 0, 2), Note(45, 0, 0.5, 30), Note(45, 0, 0.5, mute=True), Note(45, 0, 0.5, probability=0.5)],
    ids=["longer", "softer", "muted", "less likely"],
)
def test_a_note_that_is_another_at_its_old_place_has_changed(new):
    found = diff(clip(A), clip(new))

    assert found.counts == {"kept": 0, "added": 0, "removed": 0, "moved": 0, "changed": 1}


@pytest.mark.parametrize(
    "new", [Note(45, 2, 0.5), Note(60, 0, 0.5)], ids=["two beats later", "over an octave"]
)
def test_a_note_far_from_any_old_one_is_new(new):
    found = diff(clip(A), clip(new))

    assert (len(found.added), len(found.removed), len(found.moved)) == (1, 1, 0)


def test_the_nearer_of_two_partners_is_the_one_that_moved():
    found = diff(clip(Note(45, 0, 0.5), Note(45, 1, 0.5)), clip(Note(45, 0.75, 0.5)))

    assert [(old.start, new.start) for old, new in found.moved] == [(960, 720)]


def test_two_equal_notes_of_which_one_goes_are_one_kept_and_one_removed():
    found = diff(clip(A, A), clip(A))

    assert (len(found.kept), len(found.removed)) == (1, 1)


def test_versions_of_different_resolution_compare_in_a_common_one():
    found = diff(clip(A, ppq=96), clip(A, ppq=480))

    assert found.ppq == 480
    assert len(found.kept) == 1


@given(before=clips, after=clips)
def test_swapping_the_versions_swaps_added_and_removed_and_turns_moves_round(before, after):
    there, back = diff(before, after), diff(after, before)

    assert there.kept == back.kept
    assert (there.added, there.removed) == (back.removed, back.added)
    assert sorted((new, old) for old, new in there.moved) == list(back.moved)
    assert sorted((new, old) for old, new in there.changed) == list(back.changed)


@given(before=clips, after=clips)
def test_every_note_of_both_versions_is_accounted_for_once(before, after):
    found = diff(before, after)

    assert len(found.kept) + len(found.removed) + len(found.moved) + len(found.changed) == len(before)
    assert len(found.kept) + len(found.added) + len(found.moved) + len(found.changed) == len(after)


@given(before=clips, after=clips)
def test_the_old_version_with_the_changes_made_is_the_new_one(before, after):
    found, back = diff(before, after), diff(None, after)
    scale = found.ppq // back.ppq
    made = Counter([*found.kept, *found.added, *(new for _, new in (*found.moved, *found.changed))])

    assert made == Counter(r._replace(start=r.start * scale, duration=r.duration * scale) for r in back.added)


@given(before=clips)
def test_a_clip_compared_with_itself_has_no_changes(before):
    found = diff(before, before)

    assert not found
    assert found.counts["kept"] == len(before)
    assert found.sentence == "Nothing changed."


@pytest.mark.parametrize(
    ("after", "sentence"),
    [
        (clip(A, B, C), "Nothing changed."),
        (clip(A, B), "1 note removed, 2 kept."),
        (clip(*(Note(n.pitch + 12, n.start, 0.5) for n in (A, B, C))), "3 notes moved (up 12 semitones)."),
        (clip(*(Note(n.pitch, n.start + 0.25, 0.5) for n in (A, B, C))), "3 notes moved (0.25 beats later)."),
        (clip(*(Note(n.pitch, n.start, 0.5, 50) for n in (A, B, C))), "3 notes changed (velocity)."),
        (clip(A, B, Note(52, 2, 1, 50)), "1 note changed (duration, velocity), 2 kept."),
    ],
    ids=["same", "fewer", "an octave up", "later", "softer", "one note"],
)
def test_the_sentence_says_how_notes_moved_and_changed(after, sentence):
    assert diff(clip(A, B, C), after).sentence == sentence


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"bpm": 128}, "tempo 120 to 128 bpm"),
        ({"key": "A minor"}, "key none to A minor"),
        ({"meter": "3/4"}, "metre 4/4 to 3/4"),
        ({"name": "B"}, "name '' to 'B'"),
        ({"loop": (0, 2)}, "loop none to 0-2 beats"),
        ({"instrument": "bass"}, "instrument keys to bass"),
        ({"controls": [ControlChange(74, 0, 3)]}, "control changes +1 -0"),
        ({"meter_changes": [(2, "3/4")]}, "changes of metre +1 -0"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_every_other_fact_of_a_clip_is_compared(facts, said):
    found = diff(clip(A), clip(A, **facts))

    assert found.facts == (said,)
    assert found
