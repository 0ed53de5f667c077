"""A device on a track and its parameters, as one reads them. Numbers count from 1, as users count."""

from __future__ import annotations

from dataclasses import dataclass

from conduit.errors import LinkError
from conduit.live.slots import Asker, batched, one, together

__all__ = ["DeviceSnapshot", "ParameterSnapshot", "read_device"]

_GET = "/live/device/get/"
_COLUMNS = ("name", "value", "min", "max", "is_quantized")
_SHOWN_AT_ONCE = 64
_NAMED = 12


@dataclass(frozen=True, slots=True)
class ParameterSnapshot:
    """A parameter of a device.

    Attributes:
        number: Its place in the device, from 1; the first is always the device's switch.
        name: Its name.
        value: Between ``minimum`` and ``maximum``, in Live's own scale.
        minimum: The least value.
        maximum: The greatest.
        is_quantized: Whether it takes whole numbers only, such as a choice.
        display: The value as Live shows it, such as ``440 Hz``.
    """

    number: int
    name: str
    value: float
    minimum: float
    maximum: float
    is_quantized: bool
    display: str


@dataclass(frozen=True, slots=True)
class DeviceSnapshot:
    """A device.

    Attributes:
        track: Of its track, from 1.
        number: Its place on the track, from 1.
        name: What it is called there.
        class_name: What it is, such as ``Operator``.
        parameters: In order.
    """

    track: int
    number: int
    name: str
    class_name: str
    parameters: tuple[ParameterSnapshot, ...]

    def parameter(self, wanted: str | int) -> ParameterSnapshot:
        """Find a parameter by its number from 1, or by its name, or a part of it, in capitals or not.

        Raises:
            LinkError: ``refused``: there is none, or there are several; the message lists what is there.
        """
        if isinstance(wanted, int):
            found = [parameter for parameter in self.parameters if parameter.number == wanted]
        else:
            folded = wanted.casefold()
            found = [parameter for parameter in self.parameters if folded in parameter.name.casefold()]
            found = [p for p in found if p.name.casefold() == folded] or found
        if len(found) == 1:
            return found[0]
        some = ", ".join(f"{p.number} {p.name!r}" for p in (found or self.parameters)[:_NAMED])
        what = f"{len(found)} parameters" if found else "no parameter"
        raise LinkError(f"{self.name!r} has {what} called {wanted!r}: choose of {some}", kind="refused")


async def read_device(live: Asker, track: int, device: int) -> DeviceSnapshot:
    """Read a device with all its parameters and what Live shows for them.

    Args:
        live: The way to Live.
        track: Index from 0.
        device: Index from 0.

    Raises:
        LinkError: ``refused``: there is no such device.
    """
    name, class_name = await together(
        *(one(live, _GET + what, track, device) for what in ("name", "class_name"))
    )
    columns = await together(*(live.ask(f"{_GET}parameters/{column}", track, device) for column in _COLUMNS))
    if len(set(map(len, columns))) != 1:
        raise LinkError(f"{name!r} changed while it was read: read it again", kind="protocol")
    shown: list[str] = []
    for some in batched(range(len(columns[0])), _SHOWN_AT_ONCE):
        shown += await together(
            *(one(live, f"{_GET}parameter/value_string", track, device, number) for number in some)
        )
    rows = zip(range(1, len(shown) + 1), *columns, shown, strict=True)
    return DeviceSnapshot(
        track + 1, device + 1, str(name), str(class_name), tuple(ParameterSnapshot(*row) for row in rows)
    )
