from __future__ import annotations

from dataclasses import replace

from corpus.standing import failures, role_table, standing

from conduit.music import Clip, Note
from conduit.music.analysis import measure

WALK = measure(
    Clip.of([Note(36 + step, beat, 1) for beat, step in enumerate((0, 4, 7, 9) * 4)], key="C major")
)


def test_clips_on_the_quartiles_stand_well():
    low, high = role_table()["bass"]["measures"]["density"][1:4:2]

    found = [standing([replace(WALK, density=value)] * 10, "bass")["density"] for value in (low, high)]

    assert [one.good for one in found] == [True, True]


def test_a_median_outside_the_quartiles_fails():
    assert any("density" in one for one in failures([replace(WALK, density=3)] * 10, "bass"))


def test_two_of_ten_clips_outside_the_range_fail():
    clips = [WALK] * 8 + [replace(WALK, density=30)] * 2

    assert standing(clips, "bass")["density"].inside == 0.8
    assert any("density" in one for one in failures(clips, "bass"))


def test_bounds_that_coincide_are_widened():
    assert standing([replace(WALK, voices=1.1)], "bass")["voices"].good


def test_measures_without_a_meaning_are_left_out():
    assert "motif" not in standing([replace(WALK, motif=None)], "bass")
