"""Control changes, pitch bend and pressure: what moves while notes sound, and the table in which a clip keeps it.

A control is a number: 0-127 a MIDI controller, ``BEND`` pitch bend, ``PRESSURE`` the pressure on the whole channel.
Names of controllers are those of the General MIDI and MIDI 1.0 lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from conduit.errors import ClipError
from conduit.music.note import MAX_BEATS

__all__ = [
    "BEND",
    "CONTROLS",
    "CONTROL_COLUMNS",
    "PRESSURE",
    "ControlChange",
    "Controls",
    "control_name",
    "control_table",
    "parse_control",
]

CONTROL_COLUMNS = np.dtype([("start", "<i8"), ("control", "<i2"), ("value", "<i2")])
"""The columns of a clip's controls; start in ticks."""

BEND, PRESSURE = 128, 129
"""The numbers under which pitch bend and channel pressure stand."""

CONTROLS: dict[str, int] = {
    "mod": 1,
    "breath": 2,
    "portamentotime": 5,
    "volume": 7,
    "pan": 10,
    "expression": 11,
    "sustain": 64,
    "portamento": 65,
    "sostenuto": 66,
    "soft": 67,
    "resonance": 71,
    "release": 72,
    "attack": 73,
    "cutoff": 74,
    "decay": 75,
    "reverb": 91,
    "chorus": 93,
    "bend": BEND,
    "pressure": PRESSURE,
}
"""Controls that have a name."""

_NAMES = {number: name for name, number in CONTROLS.items()}
_MOST = 127
_BEND_LOW, _BEND_HIGH = -8192, 8191


def control_name(control: int) -> str:
    """Name a control: ``cutoff``, or ``cc20`` for one without a name."""
    return _NAMES.get(control, f"cc{control}")


def parse_control(name: str) -> int:
    """Give the number of a control's name.

    Raises:
        ValueError: There is none of that name.

    >>> parse_control("cutoff"), parse_control("cc20")
    (74, 20)
    """
    text = name.strip().lower()
    number = text.removeprefix("cc")
    if text in CONTROLS:
        return CONTROLS[text]
    if number.isascii() and number.isdecimal() and len(number) <= 3 and int(number) <= _MOST:
        return int(number)
    raise ValueError(f"{name!r} is not a control: write cc0 to cc127 or one of {', '.join(CONTROLS)}")


@dataclass(frozen=True, slots=True)
class ControlChange:
    """One move of a control.

    Args:
        control: 0-127 a MIDI controller, ``BEND`` or ``PRESSURE``.
        start: Beats from the start of the clip, 0 to ``MAX_BEATS``.
        value: 0-127; for pitch bend -8192 to 8191.

    Raises:
        ClipError: A value is outside its range.
    """

    control: int
    start: float
    value: int

    def __post_init__(self) -> None:
        if not 0 <= self.control <= PRESSURE:
            raise ClipError(f"control {self.control} is outside 0-{PRESSURE}")
        low, high = (_BEND_LOW, _BEND_HIGH) if self.control == BEND else (0, _MOST)
        if not low <= self.value <= high:
            raise ClipError(f"{self.name} at {self.value} is outside {low} to {high}")
        if not 0 <= self.start <= MAX_BEATS:
            raise ClipError(f"{self.name} at beat {self.start} is outside 0-{MAX_BEATS:,}")

    @property
    def name(self) -> str:
        """The control's name, such as ``cutoff`` or ``cc20``."""
        return control_name(self.control)


def control_table(rows: Iterable[tuple[int, int, int]]) -> NDArray[np.void]:
    """Make a table of rows of start (ticks), control and value, sorted by start; equal ones keep their order."""
    table = np.array(list(rows), dtype=CONTROL_COLUMNS)
    return table[np.argsort(table["start"], kind="stable")]


class Controls(Sequence[ControlChange]):
    """A clip's control changes, made one by one as they are asked for."""

    def __init__(self, table: NDArray[np.void], *, ppq: int) -> None:
        self._table = table
        self._ppq = ppq

    def __len__(self) -> int:
        return len(self._table)

    @overload
    def __getitem__(self, index: int) -> ControlChange: ...
    @overload
    def __getitem__(self, index: slice) -> Controls: ...
    def __getitem__(self, index: int | slice) -> ControlChange | Controls:
        if isinstance(index, slice):
            return Controls(self._table[index], ppq=self._ppq)
        start, control, value = self._table[index].item()
        return ControlChange(control, start / self._ppq, value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # a view compares with lists, so it cannot be a key

    def __repr__(self) -> str:
        return f"Controls({list(self)!r})"
