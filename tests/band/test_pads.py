from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

from conduit.band.genre import GENRES
from conduit.band.pads import render_pad, swells
from conduit.band.phrase import Setting
from conduit.music import Key, Meter, Note

METERS = ["4/4", "3/4", "7/8", "5/4"]


@pytest.mark.parametrize("genre", GENRES)
@pytest.mark.parametrize("meter", METERS)
def test_a_pad_has_no_gap(genre, meter):
    setting = Setting(Key("C minor"), Meter.parse(meter), 6, GENRES[genre])
    for seed in range(4):
        reached = 0.0
        for note in sorted(render_pad(setting, Random(seed)), key=lambda note: note.start):
            assert note.start <= reached
            reached = max(reached, note.end)

        assert reached == setting.length


def test_a_voice_moves_inside_some_chords():
    lengths = {
        note.duration for seed in range(20) for note in render_pad(Setting(Key("A minor")), Random(seed))
    }

    assert {1.0, 2.0, 4.0} <= lengths


def test_a_still_pad_does_not_move_inside_its_chords():
    setting = Setting(Key("A minor"), energy=0.15)
    notes = [note for seed in range(10) for note in render_pad(setting, Random(seed))]

    assert all(note.start % 4 == 0 for note in notes)


def test_voices_keep_a_second_apart():
    for seed in range(40):
        notes = render_pad(
            Setting(Key("C major"), genre=GENRES["trance"], bars=8, styles=("triads",)), Random(seed)
        )
        for beat in range(32):
            sounding = sorted(note.pitch for note in notes if note.start <= beat < note.end)

            assert all(b - a >= 2 for a, b in pairwise(sounding))


def test_each_chord_swells_and_sinks_back_and_the_last_swells_on():
    setting = Setting(Key("A minor"))
    moves = swells("pad", [], setting)
    values = [move.value for move in moves]

    assert len(values) == 32
    assert values[0] == values[8] == min(values)
    assert max(values[:8]) > values[7]
    assert values[24:] == sorted(values[24:])
    assert all(move.start < setting.length for move in moves)


def test_long_notes_of_a_texture_swell_and_short_ones_do_not():
    setting = Setting(Key("A minor"))
    moves = swells("texture", [Note(60, 0, 4), Note(67, 0, 4), Note(60, 8, 1)], setting)

    assert [move.start for move in moves] == [part / 2 for part in range(8)]
    assert swells("lead", [Note(60, 0, 4)], setting) == []
