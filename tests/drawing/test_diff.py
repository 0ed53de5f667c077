"""What became of each note between two versions of a clip."""

from __future__ import annotations

import re
from collections import Counter
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduit.drawing import Row, clip_diff, diff_svg, diff_text
from conduit.music import Clip, Note

SVG = "{http://www.w3.org/2000/svg}"
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


def boxes(svg, name):
    root = ET.fromstring(svg)  # noqa: S314  our own output
    return root.findall(f".//{SVG}g[@data-part='{name}']//{SVG}rect")


def words(svg):
    return [t.text for t in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314  our own output


def test_equal_notes_are_kept():
    diff = clip_diff(clip(A, B), clip(A, B))

    assert [len(rows) for rows in (diff.kept, diff.added, diff.removed, diff.moved)] == [2, 0, 0, 0]


def test_a_note_that_only_the_new_version_has_is_added_in_exact_ticks():
    assert clip_diff(clip(A), clip(A, C)).added == (Row(1920, 480, 52, 96, mute=False),)


def test_a_note_that_only_the_old_version_has_is_removed():
    assert clip_diff(clip(A, C), clip(A)).removed == (Row(1920, 480, 52, 96, mute=False),)


@pytest.mark.parametrize(
    "new",
    [Note(45, 0.25, 0.5), Note(45, 1, 0.5), Note(52, 0, 0.5), Note(45, 0, 2), Note(45, 0, 0.5, 30)],
    ids=["sixteenth later", "beat later", "other pitch", "longer", "softer"],
)
def test_a_note_that_is_near_its_old_place_has_moved(new):
    diff = clip_diff(clip(A), clip(new))

    assert [len(rows) for rows in (diff.added, diff.removed, diff.moved)] == [0, 0, 1]


@pytest.mark.parametrize(
    "new", [Note(45, 2, 0.5), Note(60, 0, 0.5)], ids=["two beats later", "over an octave"]
)
def test_a_note_far_from_any_old_one_is_new(new):
    diff = clip_diff(clip(A), clip(new))

    assert (len(diff.added), len(diff.removed), len(diff.moved)) == (1, 1, 0)


def test_the_nearer_of_two_partners_is_the_one_that_moved():
    diff = clip_diff(clip(Note(45, 0, 0.5), Note(45, 1, 0.5)), clip(Note(45, 0.75, 0.5)))

    assert [(old.start, new.start) for old, new in diff.moved] == [(960, 720)]


def test_two_equal_notes_of_which_one_goes_are_one_kept_and_one_removed():
    diff = clip_diff(clip(A, A), clip(A))

    assert (len(diff.kept), len(diff.removed)) == (1, 1)


def test_versions_of_different_resolution_compare_in_a_common_one():
    diff = clip_diff(clip(A, ppq=96), clip(A, ppq=480))

    assert diff.ppq == 480
    assert len(diff.kept) == 1


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (None, clip(A), "+1 note"),
        (clip(A, B), None, "-2 notes"),
        (clip(A), clip(A), "no change, 1 kept"),
        (None, None, "no notes"),
        (clip(A), clip(A, C), "+1 note, 1 kept"),
        (clip(A), clip(Note(45, 0.25, 0.5)), "1 note moved"),
        (clip(A, B, C), clip(Note(60, 3, 1), A, Note(48, 1.25, 0.5)), "+1 note, -1, 1 moved, 1 kept"),
    ],
    ids=["new", "gone", "same", "nothing", "more", "moved", "everything"],
)
def test_the_sentence_counts_what_changed(before, after, said):
    assert diff_text(before, after) == said


@given(before=clips, after=clips)
def test_swapping_the_versions_swaps_added_and_removed_and_turns_moves_round(before, after):
    there, back = clip_diff(before, after), clip_diff(after, before)

    assert there.kept == back.kept
    assert (there.added, there.removed) == (back.removed, back.added)
    assert sorted((new, old) for old, new in there.moved) == list(back.moved)


@given(before=clips, after=clips)
def test_every_note_of_both_versions_is_accounted_for_once(before, after):
    diff = clip_diff(before, after)

    assert len(diff.kept) + len(diff.removed) + len(diff.moved) == len(before)
    assert len(diff.kept) + len(diff.added) + len(diff.moved) == len(after)


@given(before=clips, after=clips)
def test_the_old_version_with_the_changes_made_is_the_new_one(before, after):
    diff, back = clip_diff(before, after), clip_diff(None, after)
    scale = diff.ppq // back.ppq
    made = Counter([*diff.kept, *diff.added, *(new for _, new in diff.moved)])

    assert made == Counter(r._replace(start=r.start * scale, duration=r.duration * scale) for r in back.added)


def test_each_kind_of_change_has_its_own_shape_and_a_legend_with_its_count():
    old, new = clip(A, B, C), clip(Note(60, 3, 1), A, Note(48, 1.25, 0.5))
    svg = diff_svg(old, new)

    assert [len(boxes(svg, kind)) for kind in ("kept", "added", "removed", "moved-from", "moved-to")] == [
        1
    ] * 5
    assert {"1 added", "1 removed", "1 moved", "1 kept"} <= set(words(svg))


def test_the_legend_explains_only_what_occurs():
    assert not {"0 removed", "0 moved", "0 kept"} & set(words(diff_svg(None, clip(A))))


def test_both_versions_stand_on_one_grid():
    old, new = clip(A), Clip.of([A, C], length=16)
    kept = boxes(diff_svg(old, new), "kept")[0]

    assert float(kept.get("width")) == pytest.approx(700 / 16 * 0.5 - 1, abs=0.01)


def test_the_header_says_what_else_changed():
    svg = diff_svg(clip(A, name="old", bpm=120), clip(A, name="new", bpm=128))

    assert "was old · 1 bar · 4/4 · 120 bpm → 128 bpm" in words(svg)


def test_a_comparison_of_nothing_with_nothing_is_refused():
    with pytest.raises(ValueError, match="nothing to compare"):
        diff_svg(None, None)


def test_a_comparison_of_many_notes_is_small():
    old = Clip.of([Note(n % 128, n / 40, 0.5) for n in range(6000)])
    new = Clip.of([Note(n % 127, n / 39, 0.5) for n in range(6000)])

    assert len(diff_svg(old, new)) < 200_000


@given(name=st.text(st.characters(exclude_categories=()), max_size=40), before=clips, after=clips)
@settings(max_examples=40, deadline=None)
def test_any_comparison_parses_and_can_do_nothing(name, before, after):
    svg = diff_svg(before, after.with_(name=name))
    tags = {e.tag.removeprefix(SVG) for e in ET.fromstring(svg.encode()).iter()}  # noqa: S314  our own output

    assert tags <= {"svg", "g", "rect", "path", "text"}
    assert not re.search(r"<[^>]*\son\w+=", svg)
