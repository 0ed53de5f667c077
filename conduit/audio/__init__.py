"""Clips to sound: a built-in synth, General MIDI by soundfont, WAV files and what can be measured of them."""

from conduit.audio.measure import (
    dominant_hz,
    loudness_db,
    onsets,
    peak,
    rms,
    spectral_centroid_hz,
)
from conduit.audio.render import each_stem, mix, render, render_loop, render_stems, working_engines
from conduit.audio.sampled import Sampled, sampled
from conduit.audio.sound import Sound
from conduit.audio.wav import decode_wav, encode_wav

__all__ = [
    "Sampled",
    "Sound",
    "decode_wav",
    "dominant_hz",
    "each_stem",
    "encode_wav",
    "loudness_db",
    "mix",
    "onsets",
    "peak",
    "render",
    "render_loop",
    "render_stems",
    "rms",
    "sampled",
    "spectral_centroid_hz",
    "working_engines",
]
