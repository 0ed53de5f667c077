"""The piano roll picture: exact, self-contained, bounded."""

from __future__ import annotations

import random
import re
import time
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduit.drawing import LIGHT, roll_svg
from conduit.drawing.grid import Grid
from conduit.music import Clip, Note
from conduit.music.note import note_table

SVG = "{http://www.w3.org/2000/svg}"
EVIL = '"/><script>alert(1)</script><img src=x onerror=alert(1)>'
BASS = Clip.of(
    [Note(45, 0, 1, 127), Note(48, 1.5, 0.5, 40), Note(57, 3, 1, 90)], name="Acid", key="A minor", bpm=132
)
DRUM = Clip.of([Note(36, b, 0.25) for b in range(4)] + [Note(42, 0.5, 0.25)], instrument="drums")


def part(svg, name):
    return ET.fromstring(svg).findall(f".//{SVG}g[@data-part='{name}']")  # noqa: S314  our own output


def rects(svg, name="notes"):
    found = [r for group in part(svg, name) for r in group.iter(f"{SVG}rect")]
    return [tuple(float(r.get(a)) for a in ("x", "y", "width", "height")) for r in found]


def strokes(svg, name):
    return [p.get("stroke") for group in part(svg, name) for p in group.iter(f"{SVG}path")]


def words(svg, name=None):
    groups = part(svg, name) if name else [ET.fromstring(svg)]  # noqa: S314  our own output
    return [t.text for group in groups for t in group.iter(f"{SVG}text")]


def size(svg):
    root = ET.fromstring(svg)  # noqa: S314  our own output
    return float(root.get("width")), float(root.get("height"))


def swarm(count, *, beats=256, seed=1):
    chance = random.Random(seed)
    rows = [
        (chance.randrange(beats * 960), chance.choice([96, 240, 480]), chance.randint(0, 127),
         chance.randint(1, 127), False)
        for _ in range(count)
    ]  # fmt: skip
    return Clip(note_table(sorted(rows)), beats * 960, name="Swarm")


def test_each_note_is_one_rectangle_at_its_exact_place():
    boxes = sorted(rects(roll_svg(BASS)))
    left, width, top, row = 48, 760 - 48 - 12, 34 + 20, 13

    # Rows go from 57 + 3 down to 45 - 3; an edge of 1 px lies inside the note's box.
    assert boxes == [
        (left + 0.5, top + 15 * row + 0.5, width / 4 - 1, row - 1),
        (left + width * 1.5 / 4 + 0.5, top + 12 * row + 0.5, width / 8 - 1, row - 1),
        (left + width * 3 / 4 + 0.5, top + 3 * row + 0.5, width / 4 - 1, row - 1),
    ]


def test_rows_fit_the_used_pitches_with_three_to_spare():
    rows = Grid.of(BASS, width=760, top=0).rows

    assert rows == tuple(range(60, 41, -1))


@pytest.mark.parametrize(
    ("low", "high", "rows"), [(0, 1, (4, 0)), (126, 127, (127, 123))], ids=["low", "high"]
)
def test_rows_end_where_pitches_do(low, high, rows):
    grid = Grid.of(Clip.of([Note(low, 0, 1), Note(high, 0, 1)]), width=760, top=0)

    assert (grid.rows[0], grid.rows[-1]) == rows


@pytest.mark.parametrize("pitches", [[60], [40, 60], [0, 127]], ids=["one", "two octaves", "all"])
def test_a_row_is_ten_to_sixteen_px_high(pitches):
    grid = Grid.of(Clip.of([Note(p, 0, 1) for p in pitches]), width=760, top=0)

    assert 10 <= grid.row <= 16


def test_a_drum_clip_shows_the_drums_it_uses_by_name():
    assert words(roll_svg(DRUM), "keys") == ["openhat", "hat", "clap", "snare", "kick"]


def test_a_drum_without_a_name_shows_its_pitch():
    clip = Clip.of([Note(100, 0, 1)], instrument="drums")

    assert "E6" in words(roll_svg(clip), "keys")


def test_middle_c_is_named_c3():
    assert "C3" in words(roll_svg(Clip.of([Note(60, 0, 1)])), "keys")


def test_keys_are_named_with_flats_in_a_flat_key():
    clip = Clip.of([Note(63, 0, 1)], key="Eb major")

    assert "Eb3" in words(roll_svg(clip), "keys")


def test_only_c_is_named_where_rows_are_narrow():
    clip = Clip.of([Note(36, 0, 1), Note(84, 0, 1)])

    assert words(roll_svg(clip), "keys") == ["C5", "C4", "C3", "C2", "C1"]


def test_the_header_says_name_bars_metre_tempo_and_key():
    assert words(roll_svg(BASS), "header") == ["1 bar · 4/4 · 132 bpm · A minor", "Acid"]


def test_without_a_title_there_is_no_header_and_the_picture_is_lower():
    plain = roll_svg(BASS, title=False)

    assert part(plain, "header") == []
    assert size(plain)[1] < size(roll_svg(BASS))[1]


def test_the_ruler_counts_bars_and_their_beats_where_there_is_room():
    assert words(roll_svg(BASS), "ruler") == ["1", "1.2", "1.3", "1.4"]


def test_the_ruler_counts_the_metres_own_beats():
    clip = Clip.of([], meter="7/8", length=3.5)

    assert words(roll_svg(clip), "ruler") == ["1", *(f"1.{n}" for n in range(2, 8))]


@pytest.mark.parametrize("bars", [16, 64, 500, 4096])
def test_bar_numbers_do_not_touch_in_a_long_clip(bars):
    ruler = part(roll_svg(Clip.of([], length=bars * 4)), "ruler")[0]
    at = [float(t.get("x")) for t in ruler.iter(f"{SVG}text")]

    assert min(b - a for a, b in pairwise(at)) >= 34


@pytest.mark.parametrize(("bars", "drawn"), [(4, True), (16, False)], ids=["11 px", "3 px"])
def test_sixteenths_are_drawn_only_where_they_are_wider_than_8_px(bars, drawn):
    assert (LIGHT["hair"] in strokes(roll_svg(Clip.of([], length=bars * 4)), "grid")) is drawn


def test_a_louder_note_has_a_stronger_fill():
    loud, soft = (
        part(roll_svg(Clip.of([Note(60, 0, 1, velocity)])), "notes")[0][0].get("fill")
        for velocity in (127, 10)
    )

    assert int(loud[1:3], 16) < int(soft[1:3], 16)


def test_a_muted_note_is_hollow_and_stands_apart():
    svg = roll_svg(Clip.of([Note(60, 0, 1, mute=True)]))

    assert rects(svg) == []
    assert len(rects(svg, "muted")) == 1


def test_the_velocity_lane_has_a_stem_as_high_as_the_velocity():
    lane = part(roll_svg(Clip.of([Note(60, 0, 1, 127)])), "velocities")[0]
    floor, tip = map(float, re.fullmatch(r"M\S+ (\S+)V(\S+)", lane[0].get("d")).groups())

    assert floor - tip == 40


def test_a_note_past_the_end_is_counted_and_not_drawn():
    svg = roll_svg(Clip.of([Note(60, 0, 1), Note(90, 8, 1)], length=4))

    assert len(rects(svg)) == 1
    assert words(svg, "header")[0].endswith("1 note past the end")


def test_a_note_that_rings_over_the_end_is_cut_there():
    x, _, width, _ = rects(roll_svg(Clip.of([Note(60, 3, 9)], length=4)))[0]

    assert x + width == 760 - 12 - 0.5


def test_an_empty_clip_says_so():
    assert "empty clip" in words(roll_svg(Clip.of([])))


def test_a_clip_that_is_being_written_shows_how_far():
    svg = roll_svg(BASS, written=2.0)

    assert "writing" in words(svg, "header")
    assert f'd="M{48 + 700 / 2:g} ' in svg


def test_a_clip_that_waits_for_its_first_note_says_so():
    assert "waiting for the first note" in words(roll_svg(Clip.of([]), written=0.0))


def test_the_same_clip_gives_the_same_picture():
    assert roll_svg(BASS) == roll_svg(Clip.of(BASS.notes, name="Acid", key="A minor", bpm=132))


@pytest.mark.parametrize("width", [240, 400, 760, 1400])
def test_the_picture_is_as_wide_as_asked_and_its_notes_stay_inside(width):
    svg = roll_svg(BASS, width=width)

    assert size(svg)[0] == width
    assert max(x + w for x, _, w, _ in rects(svg)) <= width - 12


def test_a_picture_too_narrow_for_a_roll_is_refused_with_what_would_do():
    with pytest.raises(ValueError, match="240 px or more"):
        roll_svg(BASS, width=100)


@pytest.mark.parametrize("count", [2000, 2001, 5000, 50_000])
def test_a_picture_of_many_notes_is_small(count):
    svg = roll_svg(swarm(count))

    assert len(svg) < 200_000
    assert svg.count("<rect") <= 2000 + 200


@pytest.mark.slow
def test_fifty_thousand_notes_are_drawn_in_a_second_of_work():
    clip = swarm(50_000)
    began = time.process_time()
    roll_svg(clip)

    assert time.process_time() - began < 1


def test_of_many_notes_those_that_share_pixels_are_one_stroke_and_a_gap_stays_a_gap():
    rows = [(tick, 10, 60, 100, False) for tick in range(0, 30_000, 10)]
    svg = roll_svg(Clip(note_table(rows), 60_000))

    assert [p.get("d") for p in part(svg, "notes")[0].iter(f"{SVG}path")] == ["M48 110h350"]


def test_the_picture_needs_nothing_else_and_can_do_nothing():
    svg = roll_svg(BASS)

    assert not re.search(r"<script|<style|<image|<use|href|url\(|class=|\bid=|\son\w+=", svg)
    assert re.findall(r"https?://[^\"]+", svg) == ["http://www.w3.org/2000/svg"]


def test_a_name_that_looks_like_markup_stays_text():
    svg = roll_svg(Clip.of([], name=EVIL))

    assert "<script" not in svg
    assert words(svg, "header")[1] == EVIL


@given(name=st.text(st.characters(exclude_categories=()), max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_name_gives_a_picture_that_parses_and_whose_tags_are_ours(name):
    root = ET.fromstring(roll_svg(Clip.of([Note(60, 0, 1)], name=name)).encode())  # noqa: S314  our own output

    assert {e.tag.removeprefix(SVG) for e in root.iter()} <= {"svg", "g", "rect", "path", "text"}


notes = st.builds(
    Note,
    pitch=st.integers(0, 127),
    start=st.floats(0, 40),
    duration=st.floats(0.01, 8),
    velocity=st.integers(1, 127),
    mute=st.booleans(),
)


@given(
    clip=st.builds(
        Clip.of, st.lists(notes, max_size=30), meter=st.sampled_from(["4/4", "7/8", "1/16", "99/4"])
    )
)
@settings(max_examples=60, deadline=None)
def test_any_clip_has_as_many_rectangles_as_notes_inside_the_grid(clip):
    svg = roll_svg(clip)
    boxes = rects(svg) + rects(svg, "muted")
    grid = Grid.of(clip, width=760, top=54)

    assert len(boxes) == len(clip)
    assert all(grid.top < y and y + h < grid.bottom for _, y, _, h in boxes)
