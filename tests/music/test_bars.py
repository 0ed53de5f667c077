"""Where bars lie: exactly, under every metre and every change of metre."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.errors import ClipError
from conduit.music import Bars, Clip, Meter, Note

meters = st.builds(Meter, st.integers(1, 17), st.sampled_from([1, 2, 4, 8, 16]))


@st.composite
def several(draw):
    """Bars with up to five changes of metre, each somewhere, on a bar line or not."""
    ticks = sorted(draw(st.sets(st.integers(1, 50_000), max_size=5)))
    ppq = draw(st.sampled_from([1, 24, 96, 480, 960]))
    return Bars(draw(meters), [(tick, draw(meters)) for tick in ticks], ppq=ppq)


@given(bars=several(), tick=st.integers(0, 100_000))
def test_every_tick_lies_in_the_bar_that_is_given_for_it(bars, tick):
    bar = bars.at(tick)

    assert bar.start <= tick < bar.start + bar.length


@given(bars=several(), index=st.integers(0, 200))
def test_bars_follow_each_other_without_a_gap(bars, index):
    bar = bars.number(index)

    assert bar.index == index
    assert bars.number(index + 1).start == bar.start + bar.length


@given(bars=several(), tick=st.integers(0, 100_000))
def test_a_bar_is_the_same_by_number_and_by_time(bars, tick):
    bar = bars.at(tick)

    assert bars.number(bar.index) == bar


@given(bars=several(), first=st.integers(0, 100_000), more=st.integers(1, 50_000))
def test_the_count_of_bars_rises_with_time(bars, first, more):
    assert bars.count(first) < bars.count(first + more)


def test_a_bar_need_not_begin_on_a_tick():
    assert Bars(Meter(7, 16), ppq=1).number(1).start == Fraction(7, 4)


def test_nothing_drifts_in_a_thousand_bars():
    clip = Clip.of([Note(45, 1_000 * 1.75, 0.25)], meter="7/16")

    assert clip.bar_lines.number(1_000).start == clip.table["start"][0]
    assert clip.bars == 1_001


def test_a_change_cuts_off_the_bar_before_it():
    bars = Bars(Meter(4, 4), [(960 * 5, Meter(3, 4))], ppq=960)

    assert [float(bars.number(index).length) / 960 for index in range(3)] == [4, 1, 3]


def test_a_clip_ends_with_a_bar_of_its_last_metre():
    clip = Clip.of([Note(45, 8.5, 0.25)], meter_changes=[(4, "3/4")])

    assert (clip.length, clip.bars) == (10, 3)


@pytest.mark.parametrize(
    "changes", [[(0, "3/4")], [(-1, "3/4")], [(4, "3/4"), (4, "5/4")], [(8, "3/4"), (4, "5/4")]]
)
def test_changes_of_metre_that_do_not_rise_are_refused(changes):
    with pytest.raises(ClipError, match="more than 0 and rise"):
        Clip.of([], meter_changes=changes)
