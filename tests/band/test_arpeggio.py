from __future__ import annotations

from random import Random
from statistics import mean

import pytest

from conduit.band.arpeggio import ARPS, _ordered, render_arp
from conduit.band.genre import GENRES
from conduit.band.harmony import at, changes
from conduit.band.phrase import Setting
from conduit.music import Key, Note

KEY = Key("A minor")
RISING = [57, 60, 64, 69]


def played(genre: str, seed: int, **more: object) -> list[Note]:
    return render_arp(Setting(KEY, genre=GENRES[genre], **more), Random(seed))


@pytest.mark.parametrize(
    ("way", "order"),
    [
        ("up", [57, 60, 64, 69]),
        ("down", [69, 64, 60, 57]),
        ("updown", [57, 60, 64, 69, 64, 60]),
        ("rolling", [57, 60, 57, 64, 57, 69, 57]),
        ("thumb", [57, 60, 57, 64, 57, 69]),
        ("pinky", [57, 69, 60, 69, 64, 69]),
        ("pairs", [57, 64, 60, 69]),
        ("alberti", [57, 64, 60, 64]),
        ("converge", [57, 69, 60, 64]),
        ("diverge", [64, 60, 69, 57]),
    ],
)
def test_an_order_is_what_its_name_says(way, order):
    assert _ordered(RISING, way, [0.5]) == order


@pytest.mark.parametrize("name", ARPS)
def test_every_way_of_a_style_is_an_order_there_is(name):
    for way in ARPS[name].ways:
        assert set(_ordered(RISING, way, [0.3, 0.1, 0.9])) <= set(RISING)


@pytest.mark.parametrize("genre", GENRES)
def test_notes_are_of_the_chord_its_seventh_or_its_ninth(genre):
    spans = changes(Setting(KEY, genre=GENRES[genre]), voices=4)
    for seed in range(6):
        for note in played(genre, seed):
            span = at(spans, note.start)

            assert note.pitch % 12 in {*span.tones, (span.root + 2) % 12}


def test_the_last_bar_turns_round():
    setting = Setting(KEY)
    first, last = [], []
    for seed in range(40):
        notes = render_arp(setting, Random(seed))
        bars = [[n.pitch for n in notes if n.start // 4 == bar] for bar in (0, 3)]
        first.append(bars[0][1] > bars[0][0])
        last.append(bars[1][1] > bars[1][0])

    assert first != last


@pytest.mark.parametrize(("energy", "most"), [(0.1, 1.5), (0.3, 2.2)])
def test_little_energy_is_slow(energy, most):
    assert mean(len(played("trance", seed, energy=energy)) / 16 for seed in range(10)) <= most


def test_some_bars_that_answer_end_in_a_note_struck_twice():
    shortest = [min(note.duration for note in played("techno", seed)) for seed in range(30)]

    assert 0.125 in shortest
