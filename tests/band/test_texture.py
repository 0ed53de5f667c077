from __future__ import annotations

from itertools import pairwise
from random import Random
from statistics import mean

import pytest

from conduit.band.genre import GENRES
from conduit.band.phrase import Setting
from conduit.band.texture import _KINDS, TEXTURES, render_texture
from conduit.music import Key, Meter

KEY = Key("D dorian")


@pytest.mark.parametrize("name", TEXTURES)
def test_every_kind_that_a_genre_has_is_there(name):
    assert {kind for kind, _ in TEXTURES[name]} <= set(_KINDS)


@pytest.mark.parametrize("genre", GENRES)
def test_a_texture_is_sparse_and_in_key(genre):
    densities = []
    for seed in range(20):
        notes = render_texture(Setting(KEY, genre=GENRES[genre], bars=8), Random(seed))
        densities.append(len({note.start for note in notes}) / 32)

        assert notes
        assert mean(note.pitch % 12 in KEY.pitch_classes for note in notes) > 0.7

    assert mean(densities) < 0.6


@pytest.mark.parametrize("meter", ["4/4", "3/4", "7/8", "1/4"])
@pytest.mark.parametrize("bars", [1, 2, 7])
def test_a_texture_keeps_to_its_length_and_strikes_no_key_that_sounds(meter, bars):
    setting = Setting(KEY, Meter.parse(meter), bars, GENRES["trance"])
    for seed in range(30):
        notes = sorted(render_texture(setting, Random(seed)), key=lambda note: (note.pitch, note.start))

        assert notes
        assert all(note.end <= setting.length for note in notes)
        assert all(a.pitch != b.pitch or a.end <= b.start for a, b in pairwise(notes))


def test_a_riser_grows_through_the_last_bar():
    for seed in range(60):
        notes = render_texture(Setting(KEY, genre=GENRES["trance"]), Random(seed))
        last = [note for note in notes if note.start >= 12]
        if len(last) >= 4 and len({note.pitch for note in last}) == 1:
            assert last[-1].velocity > last[0].velocity + 15
            return
    raise AssertionError("no riser in sixty seeds")


def test_grains_come_only_now_and_then():
    chances = {
        note.probability
        for seed in range(60)
        for note in render_texture(Setting(KEY, genre=GENRES["idm"]), Random(seed))
    }

    assert {0.5, 0.75, 1.0} <= chances
