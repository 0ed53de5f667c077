"""What an edit and its inverse give: the clip again, with all that it holds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduit.music import BEND, Clip, ControlChange, Note
from conduit.music.note import in_order

FEW = settings(max_examples=25, deadline=None)
TONES = (57, 59, 60, 62, 64, 65, 67, 69)  # of A minor

notes = st.builds(
    Note,
    pitch=st.sampled_from(TONES),
    start=st.integers(0, 63).map(lambda n: n / 4),
    duration=st.integers(1, 16).map(lambda n: n / 8),
    velocity=st.integers(1, 127),
    mute=st.booleans(),
    probability=st.sampled_from([1.0, 0.5]),
    velocity_deviation=st.integers(-20, 20),
    release_velocity=st.integers(0, 127),
)
controls = st.lists(
    st.builds(
        ControlChange,
        control=st.sampled_from([1, 74, BEND]),
        start=st.integers(0, 63).map(lambda n: n / 4),
        value=st.integers(0, 127),
    ),
    max_size=12,
    unique_by=lambda change: (change.control, change.start),
)
metres = st.sampled_from([(), ((4.0, "3/4"),), ((8.0, "7/8"), (15.0, "4/4")), ((4.0, "3/4"), (10.0, "5/4"))])


def made(content, changes, meters, loop):
    return Clip.of(
        content,
        length=16,
        name="all of it",
        bpm=133,
        key="A minor",
        instrument="lead",
        controls=_told_once(changes),
        program=80,
        meter_changes=meters,
        loop=loop,
        colour=0x123456,
    )


def _told_once(changes):
    """Leave out changes to the value that holds already, so that what is said is what is heard."""
    holding, told = {}, []
    for change in sorted(changes, key=lambda one: one.start):
        if holding.get(change.control) != change.value:
            told.append(change)
        holding[change.control] = change.value
    return told


clips = st.builds(
    made, st.lists(notes, max_size=30), controls, metres, st.sampled_from([None, (0.0, 8.0), (2.0, 6.5)])
)


def inside(clip):
    """End notes with the clip: what hangs over its end has nowhere to go when time runs backwards."""
    table = clip.table.copy()
    table["duration"] = np.minimum(table["duration"], clip.length_ticks - table["start"])
    return clip.with_table(table)


def held_from_the_start(clip):
    """Say at 0 what each control holds first."""
    first = {}
    for change in clip.controls:
        first.setdefault(change.control, ControlChange(change.control, 0, change.value))
    late = [change for change in clip.controls if change != first[change.control] and change.start > 0]
    return Clip.of([], controls=_told_once([*first.values(), *late])).control_table


@given(clip=clips, semitones=st.integers(-36, 36))
@FEW
def test_transposing_there_and_back_gives_the_clip_back(clip, semitones):
    back = clip.transpose(semitones).transpose(-semitones)

    assert back == clip


@given(clip=clips, degrees=st.integers(-14, 14))
@FEW
def test_so_does_transposing_in_the_scale(clip, degrees):
    there = clip.transpose(degrees=degrees)

    assert there.transpose(degrees=-degrees) == clip
    assert there.fit_to_key() == there


@given(clip=clips)
@FEW
def test_mirroring_pitches_twice_gives_the_clip_back(clip):
    assert clip.invert(axis=64).invert(axis=64) == clip


@given(clip=clips)
@FEW
def test_reversing_twice_gives_the_clip_back(clip):
    clip = inside(clip).with_(control_table=held_from_the_start(clip))
    back = clip.reverse().reverse()

    assert back.table.tolist() == clip.table.tolist()
    assert sorted(back.control_table.tolist()) == sorted(clip.control_table.tolist())
    assert (back.meter, back.meter_changes, back.loop_ticks) == (
        clip.meter,
        clip.meter_changes,
        clip.loop_ticks,
    )


@given(line=st.lists(st.sampled_from(TONES), min_size=1, max_size=16))
@FEW
def test_a_line_backwards_twice_is_the_line(line):
    clip = Clip.of([Note(pitch, index, 0.5 + index % 3 / 4) for index, pitch in enumerate(line)])

    assert clip.retrograde().retrograde() == clip


@given(clip=clips, factor=st.sampled_from([2, 3, 4, 8]))
@FEW
def test_stretching_and_shrinking_gives_the_clip_back(clip, factor):
    assert clip.stretch(factor).stretch(1 / factor) == clip


@given(clip=clips, beats=st.lists(st.integers(1, 31).map(lambda n: n / 2), min_size=1, max_size=4))
@FEW
def test_the_parts_of_a_split_clip_join_to_the_clip(clip, beats):
    first, *rest = clip.split(*beats)
    whole = first.join(*rest)

    assert whole.table.tolist() == clip.table.tolist()
    assert whole.control_table.tolist() == clip.control_table.tolist()
    assert whole.with_(loop_ticks=clip.loop_ticks) == clip


@given(clip=clips, bars=st.sampled_from([0.5, 1, 2, 3]))
@FEW
def test_so_do_its_bars(clip, bars):
    first, *rest = clip.split(bars=bars)

    assert first.join(*rest).with_(loop_ticks=clip.loop_ticks) == clip


@given(clip=clips)
@FEW
def test_a_part_that_is_all_of_it_is_the_clip(clip):
    clip = inside(clip)

    assert clip.part(0, clip.length).with_(loop_ticks=clip.loop_ticks) == clip


@given(clip=clips, times=st.integers(1, 4))
@FEW
def test_the_beginning_of_a_repeated_clip_is_the_clip(clip, times):
    clip = inside(clip)

    assert clip.tile(times).cut(clip.length) == clip
    assert len(clip.tile(times)) == times * len(clip)


@given(clip=clips, beats=st.lists(st.integers(1, 70).map(lambda n: n / 4), min_size=1, max_size=5))
@FEW
def test_chopped_notes_glue_to_the_notes_they_were(clip, beats):
    clip = _one_at_a_time(clip)

    assert clip.chop(*beats).glue() == clip
    assert clip.chop(grid="1/8t").glue() == clip


def _one_at_a_time(clip):
    """Leave notes of one pitch a gap between them, for touching ones would be glued."""
    free, until = [], {}
    for note in clip.notes:
        if note.start > until.get(note.pitch, -1):
            free.append(note)
            until[note.pitch] = note.end
    return clip.with_table(np.array([note.row(clip.ppq) for note in free], dtype=clip.table.dtype))


@given(
    step=st.sampled_from([0.25, 0.5]),
    places=st.lists(st.integers(0, 31), min_size=1, max_size=12, unique=True),
    quarters=st.integers(1, 8),
    percents=st.tuples(st.integers(50, 75), st.integers(50, 75)),
)
@FEW
def test_swing_in_the_clips_own_grid_goes_back(step, places, quarters, percents):
    clip = Clip.of([Note(60 + place, place * step, quarters / 4) for place in places], length=16)
    one, other = percents

    assert clip.swing(one).swing(50, was=one) == clip
    assert [note.start for note in clip.swing(one).swing(other, was=one).notes] == [
        note.start for note in clip.swing(other).notes
    ]


@given(clip=clips, percent=st.integers(50, 75))
@FEW
def test_swing_goes_back_to_straight(clip, percent):
    table = clip.table.copy()
    table["duration"] = np.maximum(1, table["duration"] // 240) * 240
    clip = clip.with_table(table)

    assert clip.swing(percent).swing(50, was=percent) == clip


@given(
    clip=clips,
    grid=st.sampled_from(["1/4", "1/8", "1/16", "1/8t", "1/16t", "1/8d", 0.3]),
    swing=st.integers(50, 70),
)
@FEW
def test_quantising_twice_is_quantising_once(clip, grid, swing):
    loose = clip.humanise(seed=1, timing=0.1)
    once = loose.quantise(grid, swing=swing)

    assert once.quantise(grid, swing=swing) == once


@given(clip=clips)
@FEW
def test_quantising_brings_a_hands_touch_back_to_the_grid(clip):
    starts = clip.humanise(seed=5, velocity=0).quantise("1/16").table["start"]

    assert sorted(set(starts.tolist())) == sorted(set(clip.table["start"].tolist()))


@given(clip=clips)
@FEW
def test_legato_twice_is_legato_once(clip):
    assert clip.legato().legato() == clip.legato()


@given(clip=clips)
@FEW
def test_snapping_twice_is_snapping_once(clip):
    once = clip.fit_to_key("Eb major")

    assert once.fit_to_key("Eb major") == once
    assert {note.pitch % 12 for note in once.notes} <= set(once.key.pitch_classes)


@given(clip=clips, other=clips)
@FEW
def test_joined_clips_are_found_again(clip, other):
    whole = inside(clip).join(inside(other))

    assert whole.part(0, 16).table.tolist() == inside(clip).table.tolist()
    assert whole.part(16, 32).table.tolist() == inside(other).table.tolist()


def test_layers_are_the_notes_of_both():
    low, high = Clip.of([Note(40, 0, 1)], length=4), Clip.of([Note(60, 1, 1)], length=8, ppq=480)
    both = low.merge(high)

    assert list(both.notes) == [*low.notes, *high.notes]
    assert both.length == 8
    assert both.table.tolist() == in_order(both.table).tolist()


@pytest.mark.parametrize(
    "edit", ["reverse", "straighten", "legato", "glue", "invert", "retrograde", "humanise"]
)
def test_an_edit_of_nothing_is_nothing(edit):
    clip = Clip.of([], length=4, key="C major")

    assert len(getattr(clip, edit)()) == 0
