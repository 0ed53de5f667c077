"""The General MIDI engine: a SoundFont's samples, played with numpy.

The soundfont is the one that lies inside the installed ``pretty_midi`` package; it is read where it is.
Pitch, loops, volume and filter envelopes, attenuation, pan and exclusive classes follow the file;
modulators, vibrato and effects do not.

Source: SoundFont Technical Specification 2.04; levels as in FluidSynth (attenuation counts 0.4 times,
velocity squared), so that the fonts sound as they were balanced.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from conduit.audio.levels import level_db
from conduit.audio.sf2 import Sf2, Zone
from conduit.audio.voice import Bodies, Body, Voice, body_frames
from conduit.audio.zone_sound import seconds_of, zone_sound
from conduit.errors import SetupError
from conduit.music import DRUMS, GM_PROGRAMS

__all__ = [
    "MIN_RELEASE_S",
    "SoundFont",
    "installed_font",
    "installed_soundfont",
    "pan_of",
    "preset_of",
    "zones_of",
]

_FILE = "TimGM6mb.sf2"
_DRUM_BANK = 128
_KITS = 8

MIN_RELEASE_S = 0.03
"""What is released faster than in this time, in which it falls by 100 dB, would click."""

Preset = tuple[int, int]
_Group = tuple[float, int, float]


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


@cache
def installed_font() -> Sf2:
    """Open the soundfont of the installed ``pretty_midi``, once.

    Raises:
        SetupError: There is none, or it cannot be read.
    """
    return Sf2(installed_soundfont())


class SoundFont:
    """Render notes with the sounds of a SoundFont.

    Args:
        font: An opened file with General MIDI presets, or the path of one.

    Raises:
        SetupError: It is missing, or no SoundFont 2 file.
    """

    def __init__(self, font: Sf2 | Path) -> None:
        self._font = Sf2(font) if isinstance(font, Path) else font
        self._bodies = Bodies()
        self._zones: dict[Preset, list[Zone]] = {}
        self._groups: dict[tuple[Preset, int, int], dict[_Group, list[Zone]]] = {}

    @classmethod
    def installed(cls) -> SoundFont:
        """Open the soundfont of the installed ``pretty_midi``.

        Raises:
            SetupError: There is none.
        """
        return cls(installed_font())

    @property
    def name(self) -> str:
        """The engine's name."""
        return "gm"

    def voices(
        self, instrument: str, pitch: int, *, velocity: int, held_frames: int, program: int | None = None
    ) -> tuple[Voice, ...]:
        """Give what sounds for one key, as ``Engine.voices`` says; nothing where the font has no sound."""
        preset = preset_of(self._font, instrument, program)
        gain = (velocity / 127) ** 2 * 10 ** (level_db(preset) / 20)
        voices = []
        for group, zones in self._sounding(preset, pitch, velocity).items():
            n_frames = body_frames(held_frames, release_s=group[0])
            key = (preset, pitch, n_frames, *(zone.number for zone in zones))
            make = partial(_body, self._font.pool, zones, group=group, pitch=pitch, n_frames=n_frames)
            voices.append(Voice(self._bodies.get(key, make), gain))
        return tuple(voices)

    def _sounding(self, preset: Preset, pitch: int, velocity: int) -> dict[_Group, list[Zone]]:
        """Give the zones of a key by how they end and where they stand."""
        key = (preset, pitch, velocity)
        if key not in self._groups:
            if preset not in self._zones:
                self._zones[preset] = zones_of(self._font, preset)
            groups: dict[_Group, list[Zone]] = {}
            for zone in self._zones[preset]:
                if zone.holds(pitch, velocity):
                    release_s = max(MIN_RELEASE_S, seconds_of(zone.values["releaseVolEnv"]))
                    group = (release_s, zone.values["exclusiveClass"], pan_of(zone))
                    groups.setdefault(group, []).append(zone)
            self._groups[key] = groups
        return self._groups[key]


def preset_of(font: Sf2, instrument: str, program: int | None) -> Preset:
    """Give the bank and program that play an instrument; for a kit that the font lacks, the one it is a kind of.

    >>> preset_of(installed_font(), "bass", None), preset_of(installed_font(), "drums", 9)
    ((0, 38), (128, 8))
    """
    if instrument != DRUMS:
        return 0, GM_PROGRAMS[instrument] if program is None else program
    kits = [program or 0, (program or 0) // _KITS * _KITS, 0]
    return next(((_DRUM_BANK, kit) for kit in kits if (_DRUM_BANK, kit) in font.presets), (_DRUM_BANK, 0))


def zones_of(font: Sf2, preset: Preset) -> list[Zone]:
    """Give the zones of a preset; of an instrument, those next to keys that the file leaves out reach over them.

    Raises:
        SetupError: The file has no such preset.
    """
    zones = font.zones(*preset)
    held = {key for zone in zones for key in range(zone.keys[0], zone.keys[1] + 1)}
    if preset[0] == _DRUM_BANK or not held:
        return zones
    return [replace(zone, keys=_reaching(zone.keys, held)) for zone in zones]


def _reaching(keys: tuple[int, int], held: set[int]) -> tuple[int, int]:
    """Give a range of keys up to the next one that is held, and down to 0 where none is below."""
    low, high = keys
    above = min((key for key in held if key > high), default=128)
    return 0 if low == min(held) else low, above - 1 if high + 1 not in held else high


def pan_of(zone: Zone) -> float:
    """Give where a zone stands, -1 (left) to 1; what is a hair off the middle stands there."""
    pan = float(np.clip(zone.values["pan"], -500, 500)) / 500
    return pan if abs(pan) > 0.02 else 0.0


def _body(pool: NDArray[np.int16], zones: list[Zone], *, group: _Group, pitch: int, n_frames: int) -> Body:
    """Render zones of a group together for a held key; ends early where all have fallen silent."""
    release_s, choke, pan = group
    sounds = [zone_sound(pool, zone, pitch, n_frames) for zone in zones]
    samples = max(sounds, key=len)
    for sound in sounds:
        if sound is not samples:
            samples[: len(sound)] += sound
    angle = np.pi / 4 * (1 + pan)
    sides = (float(np.cos(angle)), float(np.sin(angle)))
    return Body.of(samples[None], sides=sides, release_s=release_s, choke=choke)
