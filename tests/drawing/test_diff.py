"""Two versions of a clip as a line of words and as a picture."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduit.drawing import diff_svg, diff_text
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


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (None, clip(A), "+1 note"),
        (clip(A, B), None, "-2 notes"),
        (clip(A), clip(A), "no change, 1 kept"),
        (None, None, "no notes"),
        (clip(A), clip(A, C), "+1 note, 1 kept"),
        (clip(A), clip(Note(45, 0.25, 0.5)), "1 note moved"),
        (clip(A), clip(Note(45, 0, 2)), "1 note changed"),
        (clip(A, B, C), clip(Note(60, 3, 1), A, Note(48, 1.25, 0.5)), "+1 note, -1, 1 moved, 1 kept"),
    ],
    ids=["new", "gone", "same", "nothing", "more", "moved", "changed", "everything"],
)
def test_the_sentence_counts_what_changed(before, after, said):
    assert diff_text(before, after) == said


def test_each_kind_of_change_has_its_own_shape_and_a_legend_with_its_count():
    old, new = clip(A, B, C), clip(Note(60, 3, 1), A, Note(48, 1.25, 0.5))
    svg = diff_svg(old, new)

    assert [len(boxes(svg, kind)) for kind in ("kept", "added", "removed", "moved-from", "moved-to")] == [
        1
    ] * 5
    assert {"1 added", "1 removed", "1 moved", "1 kept"} <= set(words(svg))


def test_a_changed_note_is_drawn_from_old_to_new_and_named_in_the_legend():
    svg = diff_svg(clip(A), clip(Note(45, 0, 2)))

    assert [len(boxes(svg, kind)) for kind in ("moved-from", "moved-to")] == [1, 1]
    assert "1 changed" in words(svg)


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
