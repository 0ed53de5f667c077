from __future__ import annotations

import numpy as np
import pytest

from conduit.audio import dominant_hz, loudness_db, onsets, peak, rms, spectral_centroid_hz

T = np.arange(44_100) / 44_100


def tone(hz: float) -> np.ndarray:
    return np.sin(2 * np.pi * hz * T)


def test_a_full_sine_has_the_level_of_the_textbook():
    assert rms(tone(100)) == pytest.approx(np.sqrt(0.5))
    assert peak(tone(100)) == pytest.approx(1, abs=1e-3)
    assert loudness_db(tone(100)) == pytest.approx(-3.01, abs=0.01)


def test_silence_and_nothing_have_a_floor():
    assert (rms([]), peak([]), loudness_db([]), loudness_db(np.zeros(9))) == (0, 0, -120, -120)
    assert (dominant_hz(np.zeros(99)), spectral_centroid_hz([]), len(onsets([]))) == (0, 0, 0)


@pytest.mark.parametrize("hz", [27.5, 110, 440.7, 4186, 15_000])
def test_the_dominant_frequency_of_a_sine_is_its_own(hz: float):
    assert dominant_hz(tone(hz)) == pytest.approx(hz, rel=0.001)


def test_the_stronger_of_two_tones_dominates():
    assert dominant_hz(0.4 * tone(300) + 0.6 * tone(700)) == pytest.approx(700, rel=0.001)


def test_the_centroid_lies_between_two_equal_tones():
    assert spectral_centroid_hz(tone(1000) + tone(3000)) == pytest.approx(2000, rel=0.001)


def test_stereo_is_measured_as_its_middle():
    stereo = np.stack([tone(500), tone(500)], axis=1)

    assert dominant_hz(stereo) == pytest.approx(500, rel=0.001)


def test_onsets_are_where_bursts_begin():
    at = np.array([0.1, 0.25, 0.5, 0.9])
    sound = sum(0.5 * tone(800) * np.exp(-(T - s) * 40) * (s <= T) for s in at)

    assert onsets(sound) == pytest.approx(at, abs=0.003)


def test_a_steady_tone_has_one_onset():
    assert onsets(tone(440)) == pytest.approx([0], abs=0.003)
