"""Five hundred beats and as many bass lines over all genres stand where real ones do."""

from __future__ import annotations

import pytest
from corpus.standing import failures

from conduit.band.genre import GENRES
from conduit.composer import Options
from conduit.composer.brief import read_brief
from conduit.composer.sketch import sketch
from conduit.music import Clip
from conduit.music.analysis import measure

TONICS = ("A", "C", "D", "E", "F", "G", "Bb", "F#")


def clip_of(role: str, seed: int) -> Clip:
    genre = list(GENRES)[seed % len(GENRES)]
    key = None if role == "drums" else f"{TONICS[seed % len(TONICS)]} {GENRES[genre].scale}"
    return sketch(read_brief(role, options=Options(seed=seed, genre=genre, key=key, bars=4)))


@pytest.mark.slow
@pytest.mark.parametrize("role", ["drums", "bass"])
@pytest.mark.parametrize("first", [0, 10_000])
def test_five_hundred_clips_of_a_role_measure_like_real_ones(role, first):
    clips = [clip_of(role, seed) for seed in range(first, first + 500)]

    assert {clip.length for clip in clips} == {16.0}
    assert failures([measure(clip) for clip in clips], role) == []


@pytest.mark.slow
@pytest.mark.parametrize("role", ["drums", "bass"])
def test_five_hundred_seeds_of_one_request_give_as_many_clips(role):
    for genre in ("house", "ambient", "trap", "jazz", "funk"):
        clips = {
            sketch(read_brief(role, options=Options(seed=seed, genre=genre))).digest for seed in range(500)
        }

        assert len(clips) == 500, genre
