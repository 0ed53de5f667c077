"""Settings of devices in an answer, as the bridge has them. They are told to the user, and not done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from conduit.composer.aliases import PARAM_FIELDS, plain
from conduit.composer.loose import Object
from conduit.composer.named import number
from conduit.composer.repair import Ledger

__all__ = ["Setting", "settings"]

_MOST = 200  # settings of one answer
_LONGEST = 80  # characters of a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A parameter of a device that an answer sets.

    Attributes:
        track: The track's number from 1 or its name, as it was written; empty where none is said.
        device: The device's name.
        param: The parameter's name.
        value: As it was written: a share of its range where it is 0-1, as the bridge has it.

    >>> str(Setting(track="2", device="Wavetable", param="Filter Freq", value=0.4))
    'Filter Freq of Wavetable on track 2 to 0.4'
    """

    track: str = ""
    device: str = ""
    param: str
    value: float

    def __str__(self) -> str:
        of = f" of {self.device}" if self.device else ""
        on = f" on track {self.track}" if self.track else ""
        return f"{self.param}{of}{on} to {self.value:g}"


def settings(given: list[Any], ledger: Ledger) -> Iterator[Setting]:
    """Read the settings of a block; one that cannot be read is told."""
    for one in given[:_MOST]:
        fields = _fields(one)
        value = number(fields.get("value"))
        param = _name(fields.get("param"))
        if value is None or not param:
            ledger.add("param", what=f"{param or 'no name'} to {fields.get('value')!r}")
            continue
        track, device = _name(fields.get("track")), _name(fields.get("device"))
        made = Setting(track=track, device=device, param=param, value=value)
        ledger.add("params", what=made)
        yield made
    ledger.add("param", len(given) - _MOST, what=f"more than {_MOST}")


def _fields(given: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if isinstance(given, Object):
        for key, value in given.pairs:
            if (name := PARAM_FIELDS.get(plain(key or ""))) is not None:
                fields.setdefault(name, value)
    return fields


def _name(written: Any) -> str:
    if isinstance(written, bool) or not isinstance(written, str | int | float):
        return ""
    return " ".join(str(written).split())[:_LONGEST]
