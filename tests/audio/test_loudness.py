"""Loudness by ITU-R BS.1770, and what render makes of it."""

from __future__ import annotations

import numpy as np
import pytest

from conduit.audio import Sound, peak, render, render_loop
from conduit.audio.limiter import CEILING, limited
from conduit.music import DRUMS, Clip, Note

BOTH = pytest.mark.parametrize("engine", ["synth", "gm"])
CHORDS = [Note(p, bar * 4, 3.8) for bar in range(4) for p in (48, 55, 60, 64)]
BEAT = Clip.of(
    [Note(p, b, 0.25) for b in range(16) for p in ((36, 42) if b % 2 else (38, 42))], instrument=DRUMS
)


def tone(*levels_dbfs: float, hz: float = 1000.0, rate: int = 48_000, seconds: float = 20) -> Sound:
    """Give a stereo sine whose level steps through equal parts."""
    t = np.arange(int(seconds * rate)) / rate
    level = np.repeat(10 ** (np.array(levels_dbfs) / 20), -(-len(t) // len(levels_dbfs)))[: len(t)]
    wave = (level * np.sin(2 * np.pi * hz * t)).astype(np.float32)
    return Sound(np.stack([wave, wave], axis=1), rate)


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize("level_dbfs", [-23.0, -33.0])
def test_a_tone_of_the_ebu_has_the_loudness_of_its_level(level_dbfs: float, rate: int):
    # EBU Tech 3341, minimum requirements, cases 1 and 2: within 0.1 LU.
    assert tone(level_dbfs, rate=rate).loudness_lufs == pytest.approx(level_dbfs, abs=0.1)


def test_quiet_parts_are_gated_as_the_ebu_asks():
    # EBU Tech 3341, case 3: 10 s at -36, 60 s at -23, 10 s at -36 dBFS is -23.0 LUFS.
    assert tone(-36, *[-23] * 6, -36, seconds=80).loudness_lufs == pytest.approx(-23, abs=0.1)


def test_one_channel_alone_is_3_lu_softer():
    both = tone(-20)
    one = Sound(both.samples * np.array([1, 0], dtype=np.float32), both.sample_rate_hz)

    assert both.loudness_lufs - one.loudness_lufs == pytest.approx(3.01, abs=0.01)


@pytest.mark.parametrize(
    ("hz", "expected_db"), [(100, -1.14), (1000, 0.69), (10_000, 4.04)], ids=["low", "middle", "high"]
)
def test_the_weighting_is_the_curve_of_the_recommendation(hz: float, expected_db: float):
    # A sine of peak 0.1 on both sides has -20 dB; the recommendation takes 0.691 from its weighted level.
    assert tone(-20, hz=hz).loudness_lufs + 20 + 0.691 == pytest.approx(expected_db, abs=0.1)


@pytest.mark.parametrize("n_frames", [0, 1, 100, 30_000])
def test_silence_and_the_shortest_sounds_have_the_floor(n_frames: int):
    assert Sound(np.zeros((n_frames, 2), dtype=np.float32), 44_100).loudness_lufs == -70


@BOTH
@pytest.mark.parametrize("velocity", [60, 80, 110])
def test_what_is_rendered_has_the_loudness_of_all_that_is(velocity: int, engine: str):
    notes = [Note(n.pitch, n.start, n.duration, velocity) for n in CHORDS]

    assert render(Clip.of(notes), engine=engine).loudness_lufs == pytest.approx(-16, abs=0.5)


@BOTH
@pytest.mark.parametrize("loudness", [-30.0, -20.0])
def test_another_loudness_can_be_asked_for(loudness: float, engine: str):
    clip = Clip.of(CHORDS)

    assert render(clip, engine=engine, loudness=loudness).loudness_lufs == pytest.approx(loudness, abs=0.2)
    assert render_loop(clip, engine=engine, loudness=loudness).loudness_lufs == pytest.approx(
        loudness, abs=0.2
    )


@BOTH
@pytest.mark.parametrize("loudness", [-16.0, -6.0, 0.0, None])
def test_no_loudness_clips(loudness: float | None, engine: str):
    assert peak(render(BEAT, engine=engine, loudness=loudness)) <= CEILING + 1e-6
    assert peak(render_loop(BEAT, engine=engine, loudness=loudness)) <= CEILING + 1e-6


def test_silence_stays_silent():
    assert peak(render(Clip.of([]))) == 0
    assert peak(render(Clip.of([Note(60, 0, 1, mute=True)]))) == 0


@BOTH
def test_a_single_soft_note_is_raised_by_12_db_at_most(engine: str):
    clip = Clip.of([Note(60, 0, 1, 10)])

    raised, plain = (peak(render(clip, engine=engine, loudness=loudness)) for loudness in (-16.0, None))
    assert raised / plain == pytest.approx(10 ** (12 / 20), rel=1e-3)


@pytest.mark.parametrize("loudness", [0.1, -61, float("nan")])
def test_a_loudness_that_cannot_be_is_refused(loudness: float):
    with pytest.raises(ValueError, match="-60 to 0, or None"):
        render(BEAT, loudness=loudness)


@pytest.mark.parametrize("n_frames", [1, 63, 64, 65, 1000, 44_100])
@pytest.mark.parametrize("loop", [False, True])
def test_the_limiter_keeps_what_is_too_loud_under_its_ceiling(n_frames: int, loop: bool):  # noqa: FBT001
    loud = np.random.default_rng(n_frames).normal(0, 1.2, (2, n_frames)).astype(np.float32)

    assert np.abs(limited(loud.copy(), loop=loop)).max() <= CEILING + 1e-6


def test_the_limiter_leaves_alone_what_is_far_from_a_peak():
    sound = np.full((2, 88_200), 0.5, dtype=np.float32)
    sound[:, 80_000] = 1.5

    after = limited(sound.copy())

    assert np.array_equal(after[:, :79_000], sound[:, :79_000])
    assert after[0, 80_000] == pytest.approx(CEILING, abs=1e-4)
