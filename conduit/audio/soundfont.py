"""The General MIDI engine: a SoundFont's samples, played with numpy.

The soundfont is the one that lies inside the installed ``pretty_midi`` package; it is read where it is.
Pitch, loops, volume and filter envelopes, attenuation, pan and exclusive classes follow the file;
modulators, vibrato and effects do not.

Source: SoundFont Technical Specification 2.04; levels as in FluidSynth (attenuation counts 0.4 times,
velocity squared), so that the fonts sound as they were balanced.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from conduit.audio.oscillator import Floats, seconds
from conduit.audio.sf2 import Sf2, Zone
from conduit.audio.voice import SAMPLE_RATE_HZ, Bodies, Stereo, Voice, body_frames, key_hz
from conduit.errors import SetupError
from conduit.music import DRUMS, GM_PROGRAMS

__all__ = ["SoundFont", "installed_soundfont"]

_FILE = "TimGM6mb.sf2"
_DRUM_PRESET = (128, 0)
# What makes this font as loud as the built-in synth, instrument by instrument (measured at velocity 96).
_LEVELS_DB = {DRUMS: 3.0, "bass": 2.5, "keys": 1.0, "pad": 5.0, "lead": 0.0, "pluck": 2.0, "piano": 6.5}
_ATTENUATION_SHARE = 0.4
_SILENT_CB = 800
_OPEN_FILTER_CENTS = 13_000
_SWEEP_CENTS = 500
_LOOPED = (1, 3)
_PAD = 4
_END_FADE = 128


def installed_soundfont() -> Path:
    """Find the soundfont inside the installed ``pretty_midi``, without importing that package.

    Raises:
        SetupError: The package is missing, or has none.
    """
    spec = find_spec("pretty_midi")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / _FILE
        if path.is_file():
            return path
    raise SetupError(f"pretty_midi's soundfont {_FILE} is not installed: pip install pretty-midi")


class SoundFont:
    """Render notes with the sounds of a SoundFont.

    Args:
        path: An ``.sf2`` file with General MIDI presets.

    Raises:
        SetupError: It is missing, or no SoundFont 2 file.
    """

    def __init__(self, path: Path) -> None:
        self._font = Sf2(path)
        self._zones: dict[tuple[int, int], list[Zone]] = {}
        self._bodies = Bodies()

    @classmethod
    def installed(cls) -> SoundFont:
        """Open the soundfont of the installed ``pretty_midi``.

        Raises:
            SetupError: There is none.
        """
        return cls(installed_soundfont())

    @property
    def name(self) -> str:
        """The engine's name."""
        return "gm"

    def voices(self, instrument: str, pitch: int, *, velocity: int, held_s: float) -> tuple[Voice, ...]:
        """Give what sounds for one key, as ``Engine.voices`` says; nothing where the font has no sound."""
        preset = _DRUM_PRESET if instrument == DRUMS else (0, GM_PROGRAMS[instrument])
        if preset not in self._zones:
            self._zones[preset] = self._font.zones(*preset)
        groups: dict[tuple[float, int], list[Zone]] = {}
        for zone in self._zones[preset]:
            if zone.holds(pitch, velocity):
                release_s = max(0.03, _seconds(zone.values["releaseVolEnv"]))
                groups.setdefault((release_s, zone.values["exclusiveClass"]), []).append(zone)
        gain = (velocity / 127) ** 2 * 10 ** (_LEVELS_DB[instrument] / 20)
        voices = []
        for (release_s, choke), zones in groups.items():
            n_frames = body_frames(held_s, release_s=release_s)
            key = (preset, pitch, n_frames, *(zone.number for zone in zones))
            body = self._bodies.get(key, partial(_body, self._font.pool, zones, pitch, n_frames))
            voices.append(Voice(body, gain, release_s, choke))
        return tuple(voices)


def _body(pool: NDArray[np.int16], zones: Iterable[Zone], pitch: int, n_frames: int) -> Stereo:
    """Render zones together for a held key; ends early where all have fallen silent."""
    out = np.zeros((2, n_frames), dtype=np.float32)
    longest = 1
    for zone in zones:
        key = pitch if zone.values["keynum"] < 0 else zone.values["keynum"]
        mono = _filtered(_resampled(pool, zone, key, n_frames), zone)
        mono *= _volume(zone, key, len(mono))
        angle = np.pi / 4 * (1 + np.clip(zone.values["pan"], -500, 500) / 500)
        out[0, : len(mono)] += mono * np.float32(np.cos(angle))
        out[1, : len(mono)] += mono * np.float32(np.sin(angle))
        longest = max(longest, len(mono))
    return np.ascontiguousarray(out[:, :longest])


def _resampled(pool: NDArray[np.int16], zone: Zone, key: int, n_frames: int) -> Floats:
    """Play a sample at a key's pitch, its loop as long as needed; cubic between its frames."""
    data, loop = _recording(pool, zone)
    sample, values = zone.sample, zone.values
    root = sample.root if values["overridingRootKey"] < 0 else values["overridingRootKey"]
    cents = (key - root) * values["scaleTuning"] + 100 * values["coarseTune"] + values["fineTune"]
    ratio = 2 ** ((cents + sample.correction) / 1200) * sample.rate_hz / SAMPLE_RATE_HZ
    end = len(data) - 2 * _PAD
    n_frames = max(1, min(n_frames, _audible_frames(values, key)))
    if not loop:
        n_frames = max(1, min(n_frames, int(end / ratio)))
    place: NDArray[np.float64] = np.arange(n_frames, dtype=np.float64) * ratio
    if loop:
        late = place >= end
        place[late] = end - loop + np.mod(place[late] - end, loop)
    out = _cubic(data, place + _PAD)
    if not loop:
        n_fade = min(n_frames, _END_FADE)
        out[n_frames - n_fade :] *= np.linspace(1, 0, n_fade, dtype=np.float32)
    return out


def _recording(pool: NDArray[np.int16], zone: Zone) -> tuple[Floats, int]:
    """Give a sample with a margin around it, up to its loop's end, and the loop's length in frames or 0."""
    sample, values = zone.sample, zone.values
    start = sample.start + values["startAddrsOffset"] + 32_768 * values["startAddrsCoarseOffset"]
    end = sample.end + values["endAddrsOffset"] + 32_768 * values["endAddrsCoarseOffset"]
    from_ = sample.loop_start + values["startloopAddrsOffset"] + 32_768 * values["startloopAddrsCoarseOffset"]
    to = sample.loop_end + values["endloopAddrsOffset"] + 32_768 * values["endloopAddrsCoarseOffset"]
    start, end = max(0, start), min(end, len(pool))
    loop = to - from_ if values["sampleModes"] in _LOOPED and start <= from_ < to <= end else 0
    sound = pool[start : to if loop else end].astype(np.float32) / np.float32(32_768)
    if loop:
        sound -= sound[from_ - start :].mean()  # some loops are off centre, which a held note would stay
    after = np.resize(sound[from_ - start :], _PAD) if loop else np.zeros(_PAD, dtype=np.float32)
    return np.concatenate([np.zeros(_PAD, dtype=np.float32), sound, after]), loop


def _cubic(data: Floats, place: NDArray[np.float64]) -> Floats:
    """Read between frames with a Catmull-Rom spline."""
    whole = place.astype(np.int64)
    x = (place - whole).astype(np.float32)
    a, b, c, d = (data[whole + i] for i in (-1, 0, 1, 2))
    out: Floats = b + 0.5 * x * (c - a + x * (2 * a - 5 * b + 4 * c - d + x * (3 * (b - c) + d - a)))
    return out


def _stages_s(values: Mapping[str, int], key: int) -> tuple[float, float, float, float]:
    """Give delay, attack, hold and decay of the volume envelope; hold and decay may follow the key."""
    hold = values["holdVolEnv"] + (60 - key) * values["keynumToVolEnvHold"]
    decay = values["decayVolEnv"] + (60 - key) * values["keynumToVolEnvDecay"]
    return _seconds(values["delayVolEnv"]), _seconds(values["attackVolEnv"]), _seconds(hold), _seconds(decay)


def _audible_frames(values: Mapping[str, int], key: int) -> int:
    """Give the frames until a held key falls silent by itself; very many if it never does."""
    if values["sustainVolEnv"] < _SILENT_CB:
        return sys.maxsize
    delay_s, attack_s, hold_s, decay_s = _stages_s(values, key)
    return int((delay_s + attack_s + hold_s + decay_s * _SILENT_CB / 1000) * SAMPLE_RATE_HZ)


def _volume(zone: Zone, key: int, n_frames: int) -> Floats:
    """Give the volume envelope of a held key times the zone's attenuation, shape ``(n_frames,)``."""
    values = zone.values
    delay_s, attack_s, hold_s, decay_s = _stages_s(values, key)
    t = seconds(n_frames) - np.float32(delay_s)
    sustain_cb = min(max(values["sustainVolEnv"], 0), 1000)
    fallen_cb = np.clip((t - np.float32(attack_s + hold_s)) * np.float32(1000 / decay_s), 0, sustain_cb)
    fixed_cb = max(0, values["initialAttenuation"]) * _ATTENUATION_SHARE
    level = np.exp((fallen_cb + np.float32(fixed_cb)) * np.float32(-np.log(10) / 200))
    level *= np.clip(t / np.float32(attack_s), 0, 1)
    out: Floats = level
    return out


def _filtered(sound: Floats, zone: Zone) -> Floats:
    """Low-pass a sound; while the modulation envelope moves the cut-off, fade through a few fixed ones."""
    quality_cb = zone.values["initialFilterQ"]
    cents = _cutoff(zone.values, len(sound))
    lowest, highest, last = float(cents.min()), float(cents.max()), float(cents[-1])
    if lowest >= _OPEN_FILTER_CENTS:
        return sound
    out = _low_passed(sound, np.array([last]), quality_cb)[0]
    n_moving = len(cents) - int(np.argmax(cents[::-1] != last)) if lowest < highest else 0
    n_steps = max(1, round((highest - lowest) / _SWEEP_CENTS))
    if n_moving and highest - lowest > 1:
        row = (cents[:n_moving] - lowest) * np.float32(n_steps / (highest - lowest))
        out[:n_moving] = 0
        steps = np.linspace(lowest, highest, n_steps + 1)
        for i, fixed in enumerate(_low_passed(sound[:n_moving], steps, quality_cb)):
            out[:n_moving] += fixed * np.maximum(1 - np.abs(row - i), 0)
    return out


def _cutoff(values: Mapping[str, int], n_frames: int) -> Floats:
    """Give the filter's cut-off in the format's cents, as the modulation envelope moves it."""
    attack_s, decay_s = _seconds(values["attackModEnv"]), _seconds(values["decayModEnv"])
    t = seconds(n_frames)
    floor = 1 - min(max(values["sustainModEnv"], 0), 1000) / 1000
    fallen = np.maximum(1 - np.maximum(t - np.float32(attack_s), 0) / np.float32(decay_s), floor)
    level = np.minimum(t / np.float32(attack_s), 1) * fallen
    cents: Floats = np.clip(values["initialFilterFc"] + values["modEnvToFilterFc"] * level, 1500, 13_500)
    return cents


def _low_passed(sound: Floats, cents: NDArray[np.float64], quality_cb: int) -> list[Floats]:
    """Put a sound through a two-pole low-pass at each of several cut-offs."""
    size = 1 << max(10, (len(sound) + 2000).bit_length())
    spectrum = np.fft.rfft(sound, n=size)
    hz = np.fft.rfftfreq(size, 1 / SAMPLE_RATE_HZ)
    quality = 10 ** ((quality_cb / 10 - 3.01) / 20)
    passed = []
    for cutoff in cents:
        x = hz / (key_hz(0) * 2 ** (cutoff / 1200))
        response = 1 / (1 - x**2 + 1j * x / quality)
        filtered = np.fft.irfft(spectrum * response, n=size)[: len(sound)]
        passed.append((filtered / np.sqrt(max(quality, 0.71) / 0.71)).astype(np.float32))
    return passed


def _seconds(timecents: int) -> float:
    """Convert the format's logarithmic times: 0 is one second, 1200 two."""
    return float(2 ** (min(max(timecents, -12_000), 8000) / 1200))
