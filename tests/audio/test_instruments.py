"""How the instruments of the engines sound: their pitches, their onsets, their drums, their levels."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from conduit.audio import (
    Sound,
    dominant_hz,
    loudness_db,
    onsets,
    peak,
    render,
    rms,
    spectral_centroid_hz,
)
from conduit.music import DRUM_PITCHES, DRUMS, GM_PROGRAMS, Clip, Note

BOTH = pytest.mark.parametrize("engine", ["synth", "gm"])


@cache
def one(pitch: int, instrument: str = "keys", engine: str = "synth", beats: float = 1.0) -> Sound:
    return render(Clip.of([Note(pitch, 0, beats)], instrument=instrument), engine=engine, loudness=None)


def hit(drum: str, engine: str = "synth") -> Sound:
    return one(DRUM_PITCHES[drum], DRUMS, engine)


@pytest.mark.parametrize("pitch", [33, 45, 57, 69, 76])
@pytest.mark.parametrize("instrument", GM_PROGRAMS)
def test_the_synth_sounds_the_pitch_that_is_written(instrument: str, pitch: int):
    heard = dominant_hz(one(pitch, instrument, beats=2))

    assert heard == pytest.approx(440 * 2 ** ((pitch - 69) / 12), rel=0.01)


@pytest.mark.parametrize("instrument", GM_PROGRAMS)
def test_general_midi_sounds_the_pitch_that_is_written_or_one_of_its_overtones(instrument: str):
    overtone = dominant_hz(one(57, instrument, "gm", beats=2)) / 220

    assert round(overtone) in (1, 2)
    assert overtone == pytest.approx(round(overtone), rel=0.01)


@BOTH
def test_notes_begin_on_their_beats(engine: str):
    beats = np.array([0, 1, 1.5, 2.75, 3, 5, 6.25])
    clip = Clip.of([Note(60, b, 0.2) for b in beats], bpm=126, instrument="pluck")

    heard = onsets(render(clip, engine=engine))

    assert heard == pytest.approx(beats * 60 / 126, abs=0.010)


@BOTH
def test_drums_begin_on_their_beats(engine: str):
    clip = Clip.of([Note(p, b, 0.25) for b, p in enumerate((36, 38, 36, 39, 37, 42))], instrument=DRUMS)

    heard = onsets(render(clip, engine=engine))

    assert heard == pytest.approx(np.arange(6) * 0.5, abs=0.010)


@BOTH
@pytest.mark.parametrize("instrument", GM_PROGRAMS)
def test_every_instrument_sounds(instrument: str, engine: str):
    assert loudness_db(one(60, instrument, engine).samples[:22050]) > -40


@BOTH
@pytest.mark.parametrize("drum", DRUM_PITCHES)
def test_every_drum_sounds(drum: str, engine: str):
    assert peak(hit(drum, engine)) > 0.05


def test_every_pitch_of_a_drum_clip_sounds_in_the_synth():
    assert all(peak(one(pitch, DRUMS)) > 0.05 for pitch in (0, 27, 82, 127))


@pytest.mark.parametrize("instrument", GM_PROGRAMS)
@pytest.mark.parametrize("pitch", [0, 21, 108, 127])
def test_the_ends_of_the_keyboard_are_finite_and_sound(pitch: int, instrument: str):
    assert 0 < rms(one(pitch, instrument)) < 0.5


def test_instruments_of_the_synth_are_about_equally_loud():
    levels = {name: loudness_db(one(57, name, beats=2).samples[: 2 * 22050]) for name in GM_PROGRAMS}

    assert max(levels.values()) - min(levels.values()) < 6


@BOTH
def test_a_kick_is_darker_than_a_snare_and_a_snare_than_a_hat(engine: str):
    kick, snare, hat = (spectral_centroid_hz(hit(name, engine)) for name in ("kick", "snare", "hat"))

    assert kick < 0.6 * snare
    assert snare < 0.6 * hat


def test_no_two_drums_sound_the_same():
    assert len({hit(drum).digest for drum in DRUM_PITCHES}) == len(DRUM_PITCHES)
