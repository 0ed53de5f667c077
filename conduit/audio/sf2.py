"""Read a SoundFont 2 file: its samples, and which of them sound for a preset, a key and a velocity.

Preset zones refer to instruments, instrument zones to samples. An instrument's generators are values, a
preset's are added to them; the first zone of either may hold defaults for the rest. Modulators and effect
sends are not read.

Source: SoundFont Technical Specification 2.04, chapters 7 (chunks), 8 (generators) and 9.4 (inheritance).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from conduit.errors import SetupError

__all__ = ["DEFAULTS", "Sample", "Sf2", "Zone"]

DEFAULTS: dict[str, int] = {
    "startAddrsOffset": 0,
    "endAddrsOffset": 0,
    "startloopAddrsOffset": 0,
    "endloopAddrsOffset": 0,
    "startAddrsCoarseOffset": 0,
    "modEnvToFilterFc": 0,
    "endAddrsCoarseOffset": 0,
    "initialFilterFc": 13_500,
    "initialFilterQ": 0,
    "pan": 0,
    "attackModEnv": -12_000,
    "decayModEnv": -12_000,
    "sustainModEnv": 0,
    "delayVolEnv": -12_000,
    "attackVolEnv": -12_000,
    "holdVolEnv": -12_000,
    "decayVolEnv": -12_000,
    "sustainVolEnv": 0,
    "releaseVolEnv": -12_000,
    "keynumToVolEnvHold": 0,
    "keynumToVolEnvDecay": 0,
    "startloopAddrsCoarseOffset": 0,
    "keynum": -1,
    "velocity": -1,
    "initialAttenuation": 0,
    "endloopAddrsCoarseOffset": 0,
    "coarseTune": 0,
    "fineTune": 0,
    "sampleModes": 0,
    "scaleTuning": 100,
    "exclusiveClass": 0,
    "overridingRootKey": -1,
}
"""The generators that are read, by the specification's names, and their values where a file is silent."""

_NUMBERS: dict[int, str] = {
    0: "startAddrsOffset", 1: "endAddrsOffset", 2: "startloopAddrsOffset", 3: "endloopAddrsOffset",
    4: "startAddrsCoarseOffset", 8: "initialFilterFc", 9: "initialFilterQ", 11: "modEnvToFilterFc",
    12: "endAddrsCoarseOffset", 17: "pan", 26: "attackModEnv", 28: "decayModEnv", 29: "sustainModEnv",
    33: "delayVolEnv", 34: "attackVolEnv", 35: "holdVolEnv", 36: "decayVolEnv", 37: "sustainVolEnv",
    38: "releaseVolEnv", 39: "keynumToVolEnvHold", 40: "keynumToVolEnvDecay",
    45: "startloopAddrsCoarseOffset", 46: "keynum", 47: "velocity", 48: "initialAttenuation",
    50: "endloopAddrsCoarseOffset", 51: "coarseTune", 52: "fineTune", 54: "sampleModes", 56: "scaleTuning",
    57: "exclusiveClass", 58: "overridingRootKey",
}  # fmt: skip
_INSTRUMENT, _KEY_RANGE, _VELOCITY_RANGE, _SAMPLE_ID = 41, 43, 44, 53

# These may only stand in instruments; in a preset they are ignored (8.5: offsets, and what is not a sum).
_INSTRUMENT_ONLY = frozenset(name for name in DEFAULTS if "Addrs" in name) | {
    "keynum",
    "velocity",
    "sampleModes",
    "exclusiveClass",
    "overridingRootKey",
}

_RECORDS: dict[bytes, np.dtype[np.void]] = {
    b"phdr": np.dtype(
        [("name", "S20"), ("program", "<u2"), ("bank", "<u2"), ("bag", "<u2"), ("rest", "<u4", 3)]
    ),
    b"inst": np.dtype([("name", "S20"), ("bag", "<u2")]),
    b"pbag": np.dtype([("gen", "<u2"), ("mod", "<u2")]),
    b"ibag": np.dtype([("gen", "<u2"), ("mod", "<u2")]),
    b"pgen": np.dtype([("oper", "<u2"), ("amount", "<i2")]),
    b"igen": np.dtype([("oper", "<u2"), ("amount", "<i2")]),
    b"shdr": np.dtype(
        [("name", "S20"), ("start", "<u4"), ("end", "<u4"), ("loop_start", "<u4"), ("loop_end", "<u4"),
         ("rate", "<u4"), ("root", "u1"), ("correction", "i1"), ("link", "<u2"), ("type", "<u2")]
    ),
}  # fmt: skip
_Generators = dict[int, int]


@dataclass(frozen=True, slots=True)
class Sample:
    """A recording within the file.

    Attributes:
        start: First frame in the file's pool of samples; ``end``, ``loop_start`` and ``loop_end`` likewise.
        rate_hz: Frames in a second.
        root: The MIDI pitch that was recorded.
        correction: Cents to add to its pitch.
    """

    start: int
    end: int
    loop_start: int
    loop_end: int
    rate_hz: int
    root: int
    correction: int


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """A sample with everything that says how it sounds, for a range of keys and velocities.

    Attributes:
        number: Its number within the preset.
        keys: Lowest and highest pitch.
        velocities: Lowest and highest velocity.
        sample: What sounds.
        values: Every generator of ``DEFAULTS``.
    """

    number: int
    keys: tuple[int, int]
    velocities: tuple[int, int]
    sample: Sample
    values: Mapping[str, int]

    def holds(self, pitch: int, velocity: int) -> bool:
        """Say whether the zone sounds for a key and a velocity."""
        low, high = self.keys
        softest, loudest = self.velocities
        return low <= pitch <= high and softest <= velocity <= loudest


class Sf2:
    """A SoundFont file, read as far as it is asked for.

    Args:
        path: The file.

    Raises:
        SetupError: It is missing, or no SoundFont 2 file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            data = path.read_bytes()
        except OSError as error:
            raise SetupError(f"cannot read the soundfont {path.name}: {error.strerror}") from error
        if data[:4] != b"RIFF" or data[8:12] != b"sfbk":
            raise SetupError(f"{path.name} is not a SoundFont 2 file; give one that ends in .sf2")
        chunks = _chunks(data)
        missing = [name.decode() for name in (b"smpl", *_RECORDS) if name not in chunks]
        if missing:
            raise SetupError(f"the soundfont {path.name} is cut short: it has no {', '.join(missing)}")
        self.pool: NDArray[np.int16] = np.frombuffer(
            chunks[b"smpl"][: len(chunks[b"smpl"]) // 2 * 2], dtype="<i2"
        )
        self._tables = {name: _table(chunks[name], dtype) for name, dtype in _RECORDS.items()}

    @cached_property
    def presets(self) -> dict[tuple[int, int], int]:
        """Number of the preset of each ``(bank, program)``."""
        headers = self._tables[b"phdr"][:-1]
        return {(int(h["bank"]), int(h["program"])): i for i, h in reversed(list(enumerate(headers)))}

    def zones(self, bank: int, program: int) -> list[Zone]:
        """Give every zone of a preset, instruments resolved.

        Raises:
            SetupError: The file has no such preset.
        """
        number = self.presets.get((bank, program))
        if number is None:
            raise SetupError(f"the soundfont {self._path.name} has no preset {program} in bank {bank}")
        zones: list[Zone] = []
        for outer in self._generators(b"phdr", b"pbag", b"pgen", number, last=_INSTRUMENT):
            for inner in self._generators(b"inst", b"ibag", b"igen", outer[_INSTRUMENT], last=_SAMPLE_ID):
                zone = self._zone(len(zones), outer, inner)
                if zone:
                    zones.append(zone)
        return zones

    def _zone(self, number: int, outer: _Generators, inner: _Generators) -> Zone | None:
        keys = _both(_range(outer, _KEY_RANGE), _range(inner, _KEY_RANGE))
        velocities = _both(_range(outer, _VELOCITY_RANGE), _range(inner, _VELOCITY_RANGE))
        if keys[0] > keys[1] or velocities[0] > velocities[1]:
            return None
        values = dict(DEFAULTS)
        values.update({_NUMBERS[oper]: amount for oper, amount in inner.items() if oper in _NUMBERS})
        for oper, amount in outer.items():
            name = _NUMBERS.get(oper)
            if name and name not in _INSTRUMENT_ONLY:
                values[name] += amount
        sample = self._sample(inner[_SAMPLE_ID])
        return Zone(number, keys, velocities, sample, MappingProxyType(values))

    def _sample(self, number: int) -> Sample:
        header = self._tables[b"shdr"][number]
        names = ("start", "end", "loop_start", "loop_end", "rate", "root", "correction")
        return Sample(*(int(header[name]) for name in names))

    def _generators(
        self, headers: bytes, bags: bytes, gens: bytes, number: int, *, last: int
    ) -> list[_Generators]:
        """Give the generators of each zone that ends in ``last``, the global zone's under its own."""
        first, end = (int(self._tables[headers][i]["bag"]) for i in (number, number + 1))
        default: _Generators = {}
        zones: list[_Generators] = []
        for bag in range(first, end):
            start, stop = (int(self._tables[bags][i]["gen"]) for i in (bag, bag + 1))
            own = {int(oper): int(amount) for oper, amount in self._tables[gens][start:stop]}
            if last in own:
                zones.append(default | own)
            elif bag == first:
                default = own
        return zones


def _chunks(data: bytes) -> dict[bytes, memoryview]:
    """Give the chunks of a RIFF file by name, those inside its lists too."""
    view = memoryview(data)
    found: dict[bytes, memoryview] = {}
    todo = [(12, len(data))]
    while todo:
        at, end = todo.pop()
        while at + 8 <= end:
            name, size = bytes(view[at : at + 4]), int.from_bytes(view[at + 4 : at + 8], "little")
            if name == b"LIST":
                todo.append((at + 12, min(at + 8 + size, end)))
            else:
                found[name] = view[at + 8 : min(at + 8 + size, end)]
            at += 8 + size + size % 2
    return found


def _table(chunk: memoryview, dtype: np.dtype[np.void]) -> NDArray[np.void]:
    return np.frombuffer(chunk[: len(chunk) // dtype.itemsize * dtype.itemsize], dtype=dtype)


def _range(generators: _Generators, oper: int) -> tuple[int, int]:
    amount = generators.get(oper, 0x7F00) & 0xFFFF
    return amount & 0xFF, amount >> 8


def _both(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    return max(a[0], b[0]), min(a[1], b[1])
