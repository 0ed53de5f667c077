"""Devices on a track: their parameters, what Live shows for them, and the chains of racks.

Values stay in Live's own scale, which for many parameters is 0-1; what is shown maps it onto Hz, dB and the
like. The mappings are likely ones and were not compared with Live.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

from conduit.live.simulator.refusals import checked_value

__all__ = ["AUDIO_EFFECT", "INSTRUMENT", "MIDI_EFFECT", "Chain", "Device", "Parameter"]

INSTRUMENT, AUDIO_EFFECT, MIDI_EFFECT = 1, 2, 4
"""Live's types of devices."""

OUT_OF_RANGE = "Invalid value. Check the parameters range with min/max"
_LOGARITHMIC = {"Hz", "ms"}
_THOUSANDS = {"Hz": "kHz", "ms": "s"}
_DECIMALS = {"%": 0, "st": 0, "dB": 1}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a device.

    Attributes:
        name: Its name.
        value: Between ``minimum`` and ``maximum``.
        minimum: The least value.
        maximum: The greatest.
        labels: What a choice shows for each whole number from ``minimum``; empty where it is none.
        unit: The unit shown, such as ``Hz``; empty for a plain number.
        shown: The numbers shown for the least and the greatest value; -inf dB for the least is written as such.
    """

    name: str
    value: float
    minimum: float = 0.0
    maximum: float = 1.0
    labels: tuple[str, ...] = ()
    unit: str = ""
    shown: tuple[float, float] = (0.0, 1.0)

    @property
    def is_quantized(self) -> bool:
        """Whether it takes whole numbers only."""
        return bool(self.labels)

    @property
    def display(self) -> str:
        """The value as Live shows it.

        >>> Parameter("Filter Freq", 0.5, unit="Hz", shown=(20, 20000)).display
        '632 Hz'
        """
        if self.labels:
            return self.labels[int(self.value - self.minimum)]
        share = (self.value - self.minimum) / (self.maximum - self.minimum)
        least, most = self.shown
        if math.isinf(least):
            return "-inf dB" if share == 0 else f"{most + 20 * math.log10(share):.1f} {self.unit}"
        amount = least + (most - least) * share
        if self.unit in _LOGARITHMIC and least > 0:
            amount = least * (most / least) ** share
        return _with_unit(amount, self.unit)

    def at(self, value: Any) -> Parameter:
        """Give it at another value; a choice takes the nearest whole number, which was not seen on Live.

        Raises:
            RuntimeError: The value is outside the range; Live does not clamp.
            TypeError: It is no number.
        """
        found = checked_value(value, letter="f", owner="DeviceParameter", base="TimeableValue")
        if not self.minimum <= found <= self.maximum:
            raise RuntimeError(OUT_OF_RANGE)
        return replace(self, value=float(round(found)) if self.is_quantized else float(found))


def _with_unit(amount: float, unit: str) -> str:
    if unit in _THOUSANDS and amount >= 1000:
        return f"{amount / 1000:.2f} {_THOUSANDS[unit]}"
    if not unit:
        return f"{amount:.2f}"
    decimals = _DECIMALS.get(unit, 0 if amount >= 100 else 1)
    return f"{amount:.{decimals}f} {unit}"


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain of a rack.

    Attributes:
        name: Its name.
        mute: Whether it is muted.
        volume: 0-1, as a track's.
    """

    name: str
    mute: bool = False
    volume: float = 0.85

    def having(self, name: str, value: Any) -> Chain:
        """Give it with another name, mute or volume.

        Raises:
            RuntimeError: The volume is outside its range.
            TypeError: The value is of another type.
        """
        if name == "volume":
            found = checked_value(value, letter="f", owner="DeviceParameter", base="TimeableValue")
            if not 0 <= found <= 1:
                raise RuntimeError(OUT_OF_RANGE)
            return replace(self, volume=float(found))
        if name == "mute":
            return replace(self, mute=checked_value(value, letter="b", owner="Chain"))
        return replace(self, name=checked_value(value, letter="s", owner="Chain"))


@dataclass(slots=True)
class Device:
    """A device on a track.

    Attributes:
        name: What it is called there.
        class_name: What it is, in Live's words for classes.
        kind: 1 instrument, 2 audio effect, 4 MIDI effect.
        parameters: In order; the first one switches the device on and off.
        chains: Those of a rack, or None where it is none.
    """

    name: str
    class_name: str
    kind: int
    parameters: list[Parameter] = field(default_factory=list)
    chains: list[Chain] | None = None
    key: object = field(default_factory=object, compare=False)

    def get(self, name: str) -> Any:
        """Read a property.

        Raises:
            AttributeError: There is none of this name.
        """
        shown = {
            "name": self.name, "class_name": self.class_name, "type": self.kind,
            "can_have_chains": self.chains is not None,
        }  # fmt: skip
        if name not in shown:
            raise AttributeError(f"'Device' object has no attribute '{name}'")
        return shown[name]

    def copy(self) -> Device:
        """Give the same device as it is now, so that one of the two can be kept while the other changes."""
        chains = None if self.chains is None else list(self.chains)
        return Device(self.name, self.class_name, self.kind, list(self.parameters), chains, self.key)
