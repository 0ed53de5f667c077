"""Several clips together: a set, an arrangement, and its stems."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from conduit.audio import each_stem, peak, render, render_stems
from conduit.audio.mixer import mixed
from conduit.audio.soundfont import SoundFont
from conduit.errors import ClipError
from conduit.music import DRUMS, Arrangement, Clip, Note

BEAT = Clip.of([Note(p, b, 0.25) for b in range(8) for p in (36, 42)], instrument=DRUMS)
BASS = Clip.of([Note(33 + b % 5, b, 0.8) for b in range(8)], instrument="bass", name="Low end")
PAD = Clip.of([Note(p, 0, 8, 70) for p in (57, 60, 64)], instrument="pad")
PARTS = (BEAT, BASS, PAD, PAD.transpose(12))


def summed(stems):
    return np.sum([stem.samples for stem in stems.values()], axis=0)


@pytest.mark.parametrize("engine", ["synth", "gm"])
def test_stems_add_up_to_the_mix(engine: str):
    stems = render_stems(PARTS, engine=engine, loudness=-26)

    mix = render(PARTS, engine=engine, loudness=-26)
    assert peak(mix) < 0.9  # the limiter has nothing to do
    assert np.abs(summed(stems) - mix.samples).max() < 1e-5


def test_stems_add_up_to_what_is_there_before_the_limiter():
    stems = render_stems(PARTS, engine="gm", loudness=None)

    before = mixed(PARTS, SoundFont.installed(), tail_frames=round(1.5 * 44_100))
    assert np.abs(before).max() > 1  # what the limiter would take back
    assert np.abs(summed(stems) - before.T).max() < 1e-5


def test_stems_are_named_by_their_clips_and_as_long_as_the_longest():
    stems = render_stems((*PARTS, BASS.with_(length_ticks=32 * 960)))

    assert list(stems) == ["drums", "Low end", "pad", "pad 2", "Low end 2"]
    assert {stem.duration_s for stem in stems.values()} == {17.5}


def test_an_arrangement_has_stems_too():
    song = Arrangement.of([BEAT, BASS], tempos=[(0, 120), (4, 60)])

    stems = render_stems(song, loudness=-30)

    assert np.abs(summed(stems) - render(song, loudness=-30).samples).max() < 1e-5


def test_no_stem_clips_even_where_the_mix_would():
    loud = Clip.of([Note(p, 0, 4, 127) for p in range(40, 72)], instrument="lead")

    stems = render_stems((loud, loud), loudness=0)

    assert 0.9 < max(peak(stem) for stem in stems.values()) <= 0.951


def test_clips_that_play_together_keep_their_balance():
    quiet = Clip.of([Note(72, 0, 8, 30)], instrument="lead")

    stems = render_stems((BASS, quiet), engine="synth")

    alone = render_stems((BASS, quiet), engine="synth", loudness=None)
    ratios = [peak(stems[name]) / peak(alone[name]) for name in stems]
    assert ratios[0] == pytest.approx(ratios[1], rel=1e-4)


def test_clips_of_several_tempos_begin_together():
    both = render([BASS.with_(bpm=60.0), BEAT], engine="synth", loudness=None)

    assert both.duration_s == pytest.approx(8 + 1.5)


def test_nothing_to_render_is_told():
    with pytest.raises(ClipError, match="nothing to hear"):
        render_stems([])


def test_stems_that_would_fill_the_memory_are_refused_with_how_long_they_may_be():
    long = PAD.with_(length_ticks=960 * 2 * 1700)

    with pytest.raises(ClipError, match=r"4 may last 1350 s; take a part, or fewer clips"):
        render_stems([long] * 4, engine="synth")


@pytest.mark.parametrize("loudness", [-26, None])
def test_stems_that_come_one_by_one_are_the_same(loudness):
    parts = (*PARTS, BASS.with_(length_ticks=32 * 960))

    assert dict(each_stem(parts, loudness=loudness)) == render_stems(parts, loudness=loudness)


@pytest.mark.slow
def test_memory_for_stems_that_come_one_by_one_is_that_of_one():
    parts = [PAD.with_(length_ticks=64 * 960, name=f"Pad {number}") for number in range(16)]
    [*each_stem(parts[:1], engine="synth", loudness=None)]
    one = 2 * 4 * 44_100 * 33.5

    tracemalloc.start()
    for _ in each_stem(parts, engine="synth", loudness=None):
        pass
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 6 * one


def test_what_cannot_be_rendered_is_told_before_the_first_stem():
    with pytest.raises(ClipError, match="holds no clips"):
        each_stem([])
