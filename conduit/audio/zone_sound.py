"""How a zone of a SoundFont sounds for a held key: resampled, looped, filtered, under its volume envelope.

Source: SoundFont Technical Specification 2.04, chapters 8.1 (generators) and 9.1 (the synthesis model).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from conduit.audio.oscillator import Floats, seconds
from conduit.audio.sf2 import Zone
from conduit.audio.voice import SAMPLE_RATE_HZ, key_hz

__all__ = [
    "HIGHEST_CENTS",
    "LOWEST_CENTS",
    "OPEN_CENTS",
    "WINDOW_S",
    "Recording",
    "attenuation",
    "cents_of_key",
    "cutoff_cents",
    "quality_of",
    "recording_of",
    "seconds_of",
    "stages_s",
    "zone_sound",
]

OPEN_CENTS = 13_000
_ATTENUATION_SHARE = 0.4
_SILENT_CB = 800
_NONE = -12_000  # a millisecond to the letter; as a delay it is none
_LOOPED = (1, 3)
_PAD = 4
_END_FADE = 128
_WINDOW, _HOP = 1024, 768
_LAP = _WINDOW - _HOP
_AT_ONCE = 8192
LOWEST_CENTS, HIGHEST_CENTS, _STEP_CENTS = 1500, 13_500, 50
WINDOW_S = _HOP / SAMPLE_RATE_HZ
"""Seconds for which a filter stands still."""

Recording = tuple[int, int, tuple[int, int] | None]
"""First frame and the frame after the last in the file's pool, and the loop's two, if there is one."""


def zone_sound(pool: NDArray[np.int16], zone: Zone, pitch: int, n_frames: int) -> Floats:
    """Render a zone for a held key; ends early where it has fallen silent.

    Args:
        pool: The samples of the file.
        zone: What sounds.
        pitch: The key, 0-127.
        n_frames: How long it is held.

    Returns:
        Shape ``(up to n_frames,)``.
    """
    key = pitch if zone.values["keynum"] < 0 else zone.values["keynum"]
    sound = _resampled(pool, zone, key, max(1, min(n_frames, _audible_frames(zone.values, key))))
    sound = _filtered(sound, zone.values)
    sound *= _volume(zone.values, key, len(sound))
    return sound


def recording_of(pool: NDArray[np.int16], zone: Zone) -> Recording:
    """Give which frames of the pool a zone plays."""
    sample, values = zone.sample, zone.values
    start = sample.start + values["startAddrsOffset"] + 32_768 * values["startAddrsCoarseOffset"]
    end = sample.end + values["endAddrsOffset"] + 32_768 * values["endAddrsCoarseOffset"]
    from_ = sample.loop_start + values["startloopAddrsOffset"] + 32_768 * values["startloopAddrsCoarseOffset"]
    to = sample.loop_end + values["endloopAddrsOffset"] + 32_768 * values["endloopAddrsCoarseOffset"]
    start, end = max(0, start), min(end, len(pool))
    if values["sampleModes"] in _LOOPED and start <= from_ < to <= end:
        return start, to, (from_, to)
    return start, max(start, end), None


def cents_of_key(zone: Zone, key: int) -> float:
    """Give how far above its recording a zone sounds at a key, in cents."""
    sample, values = zone.sample, zone.values
    root = sample.root if values["overridingRootKey"] < 0 else values["overridingRootKey"]
    tuning = 100 * values["coarseTune"] + values["fineTune"] + sample.correction
    return float((key - root) * values["scaleTuning"] + tuning)


def stages_s(values: Mapping[str, int], key: int) -> tuple[float, float, float, float]:
    """Give delay, attack, hold and decay of the volume envelope; hold and decay may follow the key."""
    hold = values["holdVolEnv"] + (60 - key) * values["keynumToVolEnvHold"]
    decay = values["decayVolEnv"] + (60 - key) * values["keynumToVolEnvDecay"]
    delay = values["delayVolEnv"]
    return (
        seconds_of(delay) if delay > _NONE else 0.0,
        seconds_of(values["attackVolEnv"]),
        seconds_of(hold),
        seconds_of(decay),
    )


def attenuation(values: Mapping[str, int]) -> float:
    """Give a zone's fixed factor."""
    return float(10 ** (-max(0, values["initialAttenuation"]) * _ATTENUATION_SHARE / 200))


def cutoff_cents(values: Mapping[str, int], at_s: Floats) -> Floats:
    """Give the filter's cut-off in the format's cents at moments, as the modulation envelope moves it."""
    attack_s, decay_s = seconds_of(values["attackModEnv"]), seconds_of(values["decayModEnv"])
    floor = 1 - min(max(values["sustainModEnv"], 0), 1000) / 1000
    fallen = np.maximum(1 - np.maximum(at_s - np.float32(attack_s), 0) / np.float32(decay_s), floor)
    level = np.minimum(at_s / np.float32(attack_s), 1) * fallen
    cents = values["initialFilterFc"] + values["modEnvToFilterFc"] * level
    clipped: Floats = np.clip(cents, LOWEST_CENTS, HIGHEST_CENTS)
    return clipped


def quality_of(values: Mapping[str, int]) -> float:
    """Give the quality of the filter's resonance; 0.71 is flat."""
    return float(10 ** ((values["initialFilterQ"] / 10 - 3.01) / 20))


def seconds_of(timecents: int) -> float:
    """Convert the format's logarithmic times: 0 is one second, 1200 two."""
    return float(2 ** (min(max(timecents, -12_000), 8000) / 1200))


def _resampled(pool: NDArray[np.int16], zone: Zone, key: int, n_frames: int) -> Floats:
    """Play a recording at a key's pitch, its loop as long as needed; cubic between its frames."""
    ratio = 2 ** (cents_of_key(zone, key) / 1200) * zone.sample.rate_hz / SAMPLE_RATE_HZ
    start, end, loop = recording_of(pool, zone)
    if loop is None:
        n_frames = max(1, min(n_frames, int((end - start) / ratio)))
    needed = int(n_frames * ratio) + _PAD
    recorded = pool[start : min(end, start + needed)].astype(np.float32)
    recorded *= np.float32(1 / 32_768)
    data = np.zeros(needed + 2 * _PAD, dtype=np.float32)
    data[_PAD : _PAD + len(recorded)] = recorded
    if loop is not None:
        round_ = pool[loop[0] : loop[1]].astype(np.float32) * np.float32(1 / 32_768)
        centre = round_.mean()  # some loops are off centre, which a held note would stay
        data[_PAD : _PAD + len(recorded)] -= centre
        rest = len(data) - _PAD - len(recorded)
        if rest > 0 and len(recorded) == end - start:
            data[_PAD + len(recorded) :] = np.resize(round_ - centre, rest)
    out = _cubic(data, ratio, n_frames)
    if loop is None:
        n_fade = min(n_frames, _END_FADE)
        out[n_frames - n_fade :] *= np.linspace(1, 0, n_fade, dtype=np.float32)
    return out


def _cubic(data: Floats, ratio: float, n_frames: int) -> Floats:
    """Read at steps of ``ratio`` frames, from the margin's end on, with a Catmull-Rom spline.

    Goes piece by piece and in place: what fits into a processor's cache takes a third of the time.
    """
    out = np.empty(n_frames, dtype=np.float32)
    steps = np.arange(min(n_frames, _AT_ONCE), dtype=np.float64) * ratio
    half = np.float32(0.5)
    for first in range(0, n_frames, _AT_ONCE):
        place = steps[: n_frames - first] + first * ratio
        whole = place.astype(np.int32)
        x = np.subtract(place, whole).astype(np.float32)
        before, at, rise, after = (data[_PAD + i :].take(whole, mode="clip") for i in (-1, 0, 1, 2))
        after -= at
        after *= half  # the slope at the next frame
        before -= rise
        before *= -half  # the slope at this one
        rise -= at
        after += before
        after -= rise
        after -= rise  # the cubic's first coefficient
        rise -= before
        rise -= after  # and its second
        piece = out[first : first + _AT_ONCE]
        np.multiply(after, x, out=piece)
        piece += rise
        piece *= x
        piece += before
        piece *= x
        piece += at
    return out


def _audible_frames(values: Mapping[str, int], key: int) -> int:
    """Give the frames until a held key falls silent by itself; very many if it never does."""
    if values["sustainVolEnv"] < _SILENT_CB:
        return sys.maxsize
    delay_s, attack_s, hold_s, decay_s = stages_s(values, key)
    return int((delay_s + attack_s + hold_s + decay_s * _SILENT_CB / 1000) * SAMPLE_RATE_HZ)


def _volume(values: Mapping[str, int], key: int, n_frames: int) -> Floats:
    """Give the volume envelope of a held key times the zone's attenuation, shape ``(n_frames,)``."""
    delay_s, attack_s, hold_s, decay_s = stages_s(values, key)
    sustain_cb = min(max(values["sustainVolEnv"], 0), 1000)
    fixed = attenuation(values)
    level = np.full(n_frames, fixed * 10 ** (-sustain_cb / 200), dtype=np.float32)
    n_decay = min(n_frames, int((delay_s + attack_s + hold_s + decay_s * sustain_cb / 1000) * SAMPLE_RATE_HZ))
    if sustain_cb:
        fallen_s = np.maximum(seconds(n_decay) - np.float32(delay_s + attack_s + hold_s), 0)
        level[:n_decay] = np.exp(fallen_s * np.float32(-5 * np.log(10) / decay_s)) * np.float32(fixed)
    n_rise = min(n_frames, int((delay_s + attack_s) * SAMPLE_RATE_HZ) + 2)
    level[:n_rise] *= np.clip((seconds(n_rise) - np.float32(delay_s)) / np.float32(attack_s), 0, 1)
    return level


def _filtered(sound: Floats, values: Mapping[str, int]) -> Floats:
    """Low-pass a sound window by window, each at the cut-off that the modulation envelope has reached."""
    n_windows = -(-(len(sound) + _LAP) // _HOP)
    centres = (np.arange(n_windows, dtype=np.float32) * _HOP + (_WINDOW / 2 - _LAP)) / np.float32(
        SAMPLE_RATE_HZ
    )
    cents = cutoff_cents(values, np.maximum(centres, 0))
    if float(cents.min()) >= OPEN_CENTS:
        return sound
    padded = np.zeros(n_windows * _HOP + _LAP, dtype=np.float32)
    padded[_LAP : _LAP + len(sound)] = sound
    windows = np.ndarray((n_windows, _WINDOW), np.float32, padded, strides=(4 * _HOP, 4))
    rows = np.rint((cents - LOWEST_CENTS) / _STEP_CENTS).astype(np.int64).tolist()
    quality = quality_of(values)
    spectrum = np.fft.rfft(windows * _window())
    spectrum *= np.stack([_response(quality, row) for row in rows])
    passed = np.fft.irfft(spectrum, n=_WINDOW)
    passed *= _window()
    passed[1:, :_LAP] += passed[:-1, _HOP:]
    return passed[:, :_HOP].reshape(-1)[_LAP : _LAP + len(sound)].astype(np.float32)


@lru_cache(maxsize=1)
def _window() -> Floats:
    """Give a window whose square, laid over the ends of its neighbours, adds up to 1."""
    rise = np.sin(np.pi / 2 * (np.arange(_LAP) + 0.5) / _LAP)
    return np.concatenate([rise, np.ones(_WINDOW - 2 * _LAP), rise[::-1]]).astype(np.float32)


@lru_cache(maxsize=2048)
def _response(quality: float, row: int) -> NDArray[np.complex64]:
    """Give the response of the two-pole low-pass at one of the cut-offs, shape ``(n_bins,)``."""
    hz = np.fft.rfftfreq(_WINDOW, 1 / SAMPLE_RATE_HZ)
    x = hz / (key_hz(0) * 2 ** ((LOWEST_CENTS + row * _STEP_CENTS) / 1200))
    response: NDArray[np.complex128] = 1 / (1 - x**2 + 1j * x / quality) / np.sqrt(max(quality, 0.71) / 0.71)
    return response.astype(np.complex64)
