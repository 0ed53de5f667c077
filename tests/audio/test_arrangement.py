"""Arrangements as sound: the clips together, at the tempos of the arrangement."""

from __future__ import annotations

import numpy as np
import pytest

from conduit.audio import render
from conduit.audio.measure import rms
from conduit.errors import ClipError
from conduit.music import Arrangement, Clip, Note

LOW = Clip.of([Note(45, 0, 1)], name="Low", length=4)
HIGH = Clip.of([Note(69, 2, 1)], name="High", length=4)


def sounding(sound, start_s, end_s):
    rate = sound.sample_rate_hz
    return rms(sound.samples[int(start_s * rate) : int(end_s * rate)].T)


def test_the_clips_sound_together():
    both = render(Arrangement.of([LOW, HIGH]), engine="synth", tail_s=0, loudness=None)

    alone = [render(clip, engine="synth", tail_s=0, loudness=None).samples for clip in (LOW, HIGH)]
    assert np.allclose(both.samples, alone[0] + alone[1], atol=1e-6)


def test_notes_sound_at_the_seconds_that_the_tempos_give():
    song = Arrangement.of([HIGH], tempos=[(0, 120), (1, 30)])  # beat 2 is at 0.5 + 2 s

    sound = render(song, engine="synth", tail_s=0)

    assert sound.duration_s == pytest.approx(0.5 + 3 * 2, abs=1e-3)
    assert sounding(sound, 0, 2.49) == 0
    assert sounding(sound, 2.51, 4) > 0.01


def test_the_longest_clip_gives_the_length():
    song = Arrangement.of([LOW, HIGH.with_(length_ticks=8 * 960)])

    assert render(song, engine="synth", tail_s=0).duration_s == pytest.approx(4)


def test_an_arrangement_without_clips_cannot_be_heard():
    with pytest.raises(ClipError, match="holds no clips: there is nothing to hear"):
        render(Arrangement(), engine="synth")


def test_an_endless_arrangement_is_refused():
    with pytest.raises(ClipError, match="the music lasts 2400 s"):
        render(Arrangement.of([LOW.with_(length_ticks=4800 * 960)]), engine="synth")
