"""What parts, repeats and joined clips do with controls, metres and loops; and where notes meet."""

from __future__ import annotations

import pytest

from conduit.errors import ClipError
from conduit.music import BEND, Clip, ControlChange, Meter, Note

CUTOFF, SUSTAIN = 74, 64
CLIP = Clip.of(
    [Note(60, beat, 1) for beat in range(16)],
    controls=[ControlChange(CUTOFF, 1, 10), ControlChange(CUTOFF, 6, 60), ControlChange(SUSTAIN, 3, 127)],
    meter_changes=[(8, "3/4"), (11, "5/4")],
    loop=(4, 12),
    colour=0xFF0000,
    program=3,
)


def controls(clip: Clip) -> list[tuple[float, int, int]]:
    return [(change.start, change.control, change.value) for change in clip.controls]


def metres(clip: Clip) -> list[tuple[float, str]]:
    return [(0, str(clip.meter)), *((at / clip.ppq, str(meter)) for at, meter in clip.meter_changes)]


def test_a_part_begins_with_what_controls_hold_there():
    assert controls(CLIP.part(4, 8)) == [(0, CUTOFF, 10), (0, SUSTAIN, 127), (2, CUTOFF, 60)]


def test_a_part_has_the_metres_of_its_time():
    assert metres(CLIP.part(9, 16)) == [(0, "3/4"), (2, "5/4")]
    assert metres(CLIP.part(8, 11)) == [(0, "3/4")]


@pytest.mark.parametrize(
    ("start", "end", "loop"), [(0, 8, (4, 8)), (6, 16, (0, 6)), (4, 12, None), (12, 16, None)]
)
def test_a_part_has_what_lies_in_it_of_the_loop(start, end, loop):
    part = CLIP.part(start, end)

    assert (part.loop_ticks and part.loop) == loop


def test_a_part_ends_its_notes_and_a_split_does_not():
    clip = Clip.of([Note(60, 0, 8)])

    assert clip.part(0, 4).notes[0].duration == 4
    assert clip.split(4)[0].notes[0].duration == 8


def test_bars_are_split_where_the_metre_has_them():
    assert [piece.length for piece in CLIP.split(bars=1)] == [4, 4, 3, 5]
    assert [str(piece.meter) for piece in CLIP.split(bars=1)] == ["4/4", "4/4", "3/4", "5/4"]


@pytest.mark.parametrize("beats", [(), (0,), (16,), (17,), (-1,)])
def test_a_clip_is_split_inside_or_not_at_all(beats):
    with pytest.raises(ValueError, match="split at beats"):
        CLIP.split(*beats)


def test_joined_clips_keep_their_metres_each_in_its_time():
    waltz = Clip.of([Note(60, 0, 1)], meter="3/4")

    assert metres(waltz.join(CLIP, waltz)) == [
        (0, "3/4"), (3, "4/4"), (11, "3/4"), (14, "5/4"), (19, "3/4"),
    ]  # fmt: skip
    assert metres(waltz.join(waltz)) == [(0, "3/4")]


def test_what_hangs_at_the_end_of_a_clip_is_let_go_where_the_next_begins():
    held = Clip.of([Note(60, 0, 1)], controls=[ControlChange(SUSTAIN, 0, 127), ControlChange(BEND, 2, 4000)])

    assert controls(held.join(Clip.of([Note(62, 0, 1)])))[2:] == [(4, SUSTAIN, 0), (4, BEND, 0)]
    assert controls(held.tile(2))[2:] == [(4, BEND, 0), (6, BEND, 4000)]


def test_a_repeated_clip_repeats_its_controls_and_metres():
    twice = CLIP.tile(2)

    assert controls(twice)[3:] == [(16, SUSTAIN, 0), (17, CUTOFF, 10), (19, SUSTAIN, 127), (22, CUTOFF, 60)]
    assert metres(twice) == [(0, "4/4"), (8, "3/4"), (11, "5/4"), (16, "4/4"), (24, "3/4"), (27, "5/4")]
    assert twice.loop == (4, 12)


def test_stretching_takes_controls_metres_and_the_loop_along():
    wide = CLIP.stretch(2)

    assert controls(wide) == [(2, CUTOFF, 10), (6, SUSTAIN, 127), (12, CUTOFF, 60)]
    assert metres(wide) == [(0, "4/4"), (16, "3/4"), (22, "5/4")]
    assert wide.loop == (8, 24)
    assert (wide.colour, wide.program) == (0xFF0000, 3)


def test_reversing_turns_controls_metres_and_the_loop_round():
    back = CLIP.reverse()

    assert controls(back) == [(0, SUSTAIN, 127), (0, CUTOFF, 60), (10, CUTOFF, 10), (13, SUSTAIN, 0)]
    assert metres(back) == [(0, "5/4"), (5, "3/4"), (8, "4/4")]
    assert back.loop == (4, 12)


def test_another_metre_bar_by_bar_takes_controls_along():
    short = CLIP.rebar("3/4")

    assert controls(short) == [(1, CUTOFF, 10), (5, CUTOFF, 60)]
    assert metres(short) == [(0, "3/4")]
    assert short.length == 12


def test_a_piece_is_put_in_with_its_controls_and_the_clip_goes_on_as_it_was():
    piece = Clip.of([Note(72, 0, 1)], length=2, controls=[ControlChange(CUTOFF, 0, 99)])
    whole = CLIP.spliced(piece, 4)

    assert [note.pitch for note in whole.notes if 4 <= note.start < 6] == [72]
    assert controls(whole) == [
        (1, CUTOFF, 10), (3, SUSTAIN, 127), (4, SUSTAIN, 0), (4, CUTOFF, 99), (6, SUSTAIN, 127), (6, CUTOFF, 60),
    ]  # fmt: skip
    assert (metres(whole), whole.loop, whole.length) == (metres(CLIP), (4, 12), 16)


def test_clips_of_two_resolutions_are_joined_in_a_common_one():
    whole = Clip.of([Note(60, 0, 1)], ppq=96).join(Clip.of([Note(62, 1 / 3, 1)], ppq=480))

    assert whole.ppq == 480
    assert [note.start for note in whole.notes] == [0, pytest.approx(4 + 1 / 3, abs=0.002)]


@pytest.mark.parametrize("edit", ["join", "merge"])
def test_drums_and_pitched_notes_do_not_go_into_one_clip(edit):
    with pytest.raises(ClipError, match="mean different things"):
        getattr(CLIP, edit)(Clip.of([Note(36, 0, 1)], instrument="drums"))


def test_a_clip_that_gets_too_long_is_refused_before_it_is_made():
    with pytest.raises(ClipError, match="100,000 beats"):
        CLIP.tile(1_000_000_000)


def test_of_two_layers_at_one_start_the_louder_stays():
    soft, loud = Clip.of([Note(60, 0, 2, 50)]), Clip.of([Note(60, 0, 1, 90)])

    assert list(soft.merge(loud).notes) == [Note(60, 0, 1, 90)]


def test_layers_have_the_controls_of_both():
    one = Clip.of([Note(60, 0, 1)], controls=[ControlChange(CUTOFF, 0, 1), ControlChange(CUTOFF, 2, 3)])
    two = Clip.of([Note(64, 0, 1)], controls=[ControlChange(SUSTAIN, 1, 127)])

    assert controls(one.merge(two)) == [(0, CUTOFF, 1), (1, SUSTAIN, 127), (2, CUTOFF, 3)]


def test_a_repeated_clip_ends_its_last_copy_where_it_is_cut():
    clip = Clip.of([Note(60, 1, 2)], length=3, meter=Meter(3, 4))

    assert [(note.start, note.duration) for note in clip.cut(5).notes] == [(1, 2), (4, 1)]


@pytest.mark.parametrize(
    ("grid", "starts"),
    [
        ("1/4", [0, 1, 2]),
        ("1/8t", [1 / 3, 4 / 3, 2]),
        ("1/8", [0, 1, 2]),
        (0.75, [0, 1.5, 2.25]),
        ("1/8d", [0, 1.5, 2.25]),
    ],
)
def test_notes_come_to_the_nearest_line_of_any_grid(grid, starts):
    clip = Clip.of([Note(60, 0.2, 0.1), Note(62, 1.2, 0.1), Note(64, 2.05, 0.1)])

    assert [note.start for note in clip.quantise(grid).notes] == pytest.approx(starts)


def test_a_swung_grid_has_its_second_lines_late():
    clip = Clip.of([Note(42, start, 0.1) for start in (0.02, 0.29, 0.48, 0.83)], instrument="drums")

    assert [note.start for note in clip.quantise("1/16", swing=60).notes] == [0, 0.3, 0.5, 0.8]


def test_no_note_comes_to_the_clips_end():
    clip = Clip.of([Note(60, 3.95, 0.05)], length=4)

    assert [note.start for note in clip.quantise("1/4").notes] == [3]


def test_quantising_leaves_what_overlapped_before():
    both = [Note(60, 0, 2), Note(60, 1, 2)]

    assert list(Clip.of(both).quantise("1/4").notes) == both


@pytest.mark.parametrize("grid", ["1/3", "8", "1/8x", "", 0, -1, "triplet"])
def test_what_is_no_grid_is_refused_with_what_is_one(grid):
    with pytest.raises(ValueError, match="1/1 to 1/128"):
        CLIP.quantise(grid)


@pytest.mark.parametrize(
    "edit",
    [
        lambda: CLIP.quantise(strength=1.5),
        lambda: CLIP.stretch(0),
        lambda: CLIP.gate(-1),
        lambda: CLIP.loudness(-1),
        lambda: CLIP.humanise(timing=-1),
        lambda: CLIP.thin(2),
        CLIP.chop,
        CLIP.transpose,
        lambda: CLIP.transpose(1, degrees=1),
        lambda: CLIP.add_octave(0),
        lambda: CLIP.part(3, 2),
        lambda: CLIP.tile(0),
        lambda: CLIP.tile(1.5),
    ],
)
def test_a_wrong_value_is_a_value_error(edit):
    with pytest.raises(ValueError, match=r".{20}"):
        edit()


def test_legato_fills_to_the_next_onset_with_an_overlap_or_a_gap():
    clip = Clip.of([Note(60, 0, 0.25), Note(64, 0, 0.25), Note(62, 2, 0.25)])

    assert [n.duration for n in clip.legato().notes] == [2, 2, 2]
    assert [n.duration for n in clip.legato(overlap=0.5).notes] == [2.5, 2.5, 2]
    assert [n.duration for n in clip.legato(overlap=-0.5).notes] == [1.5, 1.5, 2]


def test_a_hand_moves_most_by_little_and_none_by_more_than_it_may():
    steady = Clip.of([Note(60 + beat % 2, beat / 2, 0.25) for beat in range(2000)])
    moved = steady.humanise(seed=9)
    by = abs(moved.table["start"] - steady.table["start"])

    assert by.max() <= 24
    assert by.mean() < 12
    assert abs(moved.table["velocity"].astype(int) - 96).max() == 8
    assert [n.pitch for n in moved.notes] == [n.pitch for n in steady.notes]
