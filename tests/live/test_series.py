"""What is lost on the way, answers and barriers: what is believed is right."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from conduit.live import LiveNote
from conduit.live.note_windows import NOTES_A_DATAGRAM, windows_like
from conduit.live.series import Series

LOSSES = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=8)


def heard(losses, *, newest=False):
    """Play a series of which answers and barriers come or do not; the last barrier always comes in the end."""
    series = Series(len(losses), newest=newest)
    for index, (answer_comes, barrier_comes) in enumerate(losses):
        if answer_comes:
            series.answered((index,))
        if barrier_comes:
            series.closed(index)
    series.closed(len(losses) - 1)
    return series


@given(LOSSES)
def test_whatever_is_lost_what_is_believed_is_right(losses):
    series = heard(losses)

    assert series.done
    assert all(got in {None, (index,)} for index, got in enumerate(series.answers))


@given(LOSSES)
def test_with_all_barriers_every_answer_that_came_is_believed(losses):
    series = heard([(answer_comes, True) for answer_comes, _ in losses])

    assert [got is not None for got in series.answers] == [answer_comes for answer_comes, _ in losses]


def test_of_an_answer_and_an_update_the_last_counts():
    series = Series(1, newest=True)
    series.answered((90.0,))
    series.answered((95.0,))
    series.closed(0)

    assert series.answers == [(95.0,)]


STARTS = st.one_of(st.floats(-100, 2000, width=32), st.integers(0, 40).map(float))


@given(st.lists(STARTS, max_size=40), st.integers(1, 40))
def test_windows_hold_every_note_once_and_start_at_whole_beats(starts, times):
    notes = [LiveNote(60, start, 1.0, 100.0, mute=False) for start in starts for _ in range(times)]
    windows = windows_like(notes)
    counts = [sum(at <= note.start < at + length for note in notes) for at, length in windows]
    beats = [
        len({math.floor(n.start) for n in notes if at <= n.start < at + length}) for at, length in windows
    ]

    assert sum(counts) == len(notes)
    assert all(at == math.floor(at) for at, _ in windows)
    assert all(
        count <= NOTES_A_DATAGRAM or n_beats == 1 for count, n_beats in zip(counts, beats, strict=True)
    )
