"""The sounds of General MIDI as data: what a sampler in a browser needs to play one program or one kit.

The recordings are cut out of the soundfont of the installed ``pretty_midi``, and what the file says of them
is put into plain units. What a sampler gets is what the ``gm`` engine plays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conduit.audio.levels import level_db
from conduit.audio.oscillator import Floats
from conduit.audio.sf2 import Sf2, Zone
from conduit.audio.soundfont import MIN_RELEASE_S, installed_font, pan_of, preset_of, zones_of
from conduit.audio.voice import key_hz
from conduit.audio.zone_sound import (
    HIGHEST_CENTS,
    LOWEST_CENTS,
    OPEN_CENTS,
    WINDOW_S,
    Recording,
    attenuation,
    cents_of_key,
    cutoff_cents,
    quality_of,
    recording_of,
    seconds_of,
    stages_s,
)
from conduit.errors import SetupError
from conduit.music import DRUMS

__all__ = ["Sampled", "sampled"]

_PROGRAMS = 128
_LISTENED_S = 30.0  # no filter of a font goes on moving so long
_RELEASED = 0.8  # the format's releases fall by 100 dB, those of a browser's sampler by 80
_LOCK = Lock()


@dataclass(frozen=True, slots=True)
class Sampled:
    """The sound of one program or kit.

    Attributes:
        name: ``0`` to ``127``, ``drums`` or ``drums:8``.
        zones: Dicts of plain values: ``keys`` and ``velocities`` (lowest and highest), ``start``, ``end`` and
            ``loop`` (frames of ``samples``; two or None), ``root`` (the pitch, with cents, that the recording
            sounds), ``rate`` (Hz), ``gain`` (a factor), ``pan`` (-1 to 1), ``attack``, ``hold``, ``decay``
            and ``release`` (seconds; a decay falls by 100 dB, a release by 80, both straight in decibels),
            ``sustain`` (0-1), ``cutoff`` (Hz of the low-pass, or None where there is none), ``quality`` (of its
            resonance), ``sweep`` (how the cut-off moves, or None), ``choke`` (notes of one class other than 0
            cut each other off). Several zones may sound for one key. A sweep is ``cents`` above the cut-off,
            reached in ``attack`` seconds in a line; in ``decay`` seconds it would fall to none, also in a line,
            and stays at the share ``sustain``.
        samples: Signed 16-bit integers, little-endian, one channel.
    """

    name: str
    zones: list[dict[str, Any]]
    samples: bytes


def sampled(name: str) -> Sampled:
    """Give the sound of a program or a kit; it is made once.

    Args:
        name: A General MIDI program, ``"0"`` to ``"127"``; ``"drums"``, or a kit such as ``"drums:8"``; a kit
            that the soundfont lacks is the one it is a kind of, or the first.

    Raises:
        SetupError: The soundfont is missing.
        ValueError: There is no such name.

    >>> sound = sampled("33")
    >>> sound.zones[0]["keys"]
    [0, 34]
    """
    instrument, program = _parsed(name)
    with _LOCK:
        return _sampled(instrument, program, name)


def _parsed(name: str) -> tuple[str, int]:
    kind, _, number = name.partition(":") if name.startswith(DRUMS) else ("", "", name)
    program = int(number) if number.isascii() and number.isdecimal() and len(number) <= 3 else -1
    if name == DRUMS:
        return DRUMS, 0
    if kind not in ("", DRUMS) or not 0 <= program < _PROGRAMS:
        raise ValueError(f"{name!r} is not a General MIDI sound: give '0' to '127', 'drums' or 'drums:8'")
    return kind, program


@lru_cache(maxsize=2 * _PROGRAMS)
def _sampled(instrument: str, program: int, name: str) -> Sampled:
    font = installed_font()
    preset = preset_of(font, instrument, program)
    try:
        zones = zones_of(font, preset)
    except SetupError as error:
        raise SetupError(f"{name!r} cannot be played: {error.message}") from error
    slices = _Slices(font)
    gain = 10 ** (level_db(preset) / 20)
    rows = [row for zone in zones for row in _rows(zone, slices, gain)]
    return Sampled(name, rows, slices.blob())


class _Slices:
    """The recordings that are used, one after another, each once."""

    def __init__(self, font: Sf2) -> None:
        self._pool = font.pool
        self._places: dict[Recording, int] = {}
        self._parts: list[NDArray[np.int16]] = []
        self._n_frames = 0

    def place(self, zone: Zone) -> tuple[int, int, list[int] | None]:
        """Give where a zone's recording starts and ends, and its loop."""
        recording = recording_of(self._pool, zone)
        start, end, loop = recording
        if recording not in self._places:
            self._places[recording] = self._n_frames
            part = self._pool[start:end]
            if loop:  # some loops are off centre, which a held note would stay
                centre = round(float(self._pool[loop[0] : loop[1]].mean()))
                part = np.clip(part.astype(np.int32) - centre, -32_768, 32_767).astype(np.int16)
            self._parts.append(part)
            self._n_frames += len(part)
        first = self._places[recording]
        frames = [edge - start + first for edge in loop] if loop else None
        return first, first + end - start, frames

    def blob(self) -> bytes:
        """Give them as bytes."""
        return b"".join(part.astype("<i2").tobytes() for part in self._parts)


def _rows(zone: Zone, slices: _Slices, gain: float) -> Iterable[dict[str, Any]]:
    """Give a zone as dicts; one that does not follow the keys as pitches do is one dict a key."""
    low, high = zone.keys
    straight = zone.values["scaleTuning"] == 100 and zone.values["keynum"] < 0
    for keys in [(low, high)] if straight else [(key, key) for key in range(low, high + 1)]:
        key = (keys[0] + keys[1]) // 2
        played = key if zone.values["keynum"] < 0 else zone.values["keynum"]
        start, end, loop = slices.place(zone)
        delay_s, attack_s, hold_s, decay_s = stages_s(zone.values, played)
        yield {
            "keys": list(keys),
            "velocities": list(zone.velocities),
            "start": start,
            "end": end,
            "loop": loop,
            "root": round(key - cents_of_key(zone, played) / 100, 4),
            "rate": zone.sample.rate_hz,
            "gain": round(gain * attenuation(zone.values), 5),
            "pan": round(pan_of(zone), 3),
            "attack": round(delay_s + attack_s, 4),
            "hold": round(hold_s, 4),
            "decay": round(decay_s, 4),
            "sustain": round(float(10 ** (-min(max(zone.values["sustainVolEnv"], 0), 1000) / 200)), 5),
            "release": round(_RELEASED * max(MIN_RELEASE_S, seconds_of(zone.values["releaseVolEnv"])), 4),
            **_filter(zone.values),
            "choke": zone.values["exclusiveClass"],
        }


def _filter(values: Mapping[str, int]) -> dict[str, Any]:
    """Give a zone's low-pass and how it moves; none where it is open all the time."""
    at: Floats = np.arange(WINDOW_S / 2, _LISTENED_S, WINDOW_S, dtype=np.float32)
    if float(cutoff_cents(values, at).min()) >= OPEN_CENTS:
        return {"cutoff": None, "quality": None, "sweep": None}
    sweep = {
        "cents": values["modEnvToFilterFc"],
        "attack": round(seconds_of(values["attackModEnv"]), 4),
        "decay": round(seconds_of(values["decayModEnv"]), 4),
        "sustain": 1 - min(max(values["sustainModEnv"], 0), 1000) / 1000,
    }
    resting = np.clip(values["initialFilterFc"], LOWEST_CENTS, HIGHEST_CENTS)
    return {
        "cutoff": round(key_hz(0) * 2 ** (float(resting) / 1200), 1),
        "quality": round(quality_of(values), 4),
        "sweep": sweep if sweep["cents"] else None,
    }
