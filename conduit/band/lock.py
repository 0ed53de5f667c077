"""Lock: bass notes that come near a kick move to where it is."""

from __future__ import annotations

from conduit.band.phrase import Hit, onsets
from conduit.music.meter import Meter
from conduit.music.pulse import pulse_starts

__all__ = ["Part", "locked"]

Part = tuple[Hit, str]
"""A hit of a line and the tone it plays."""

_NEAR = 2  # sixteenths


def locked(line: list[Part], kick: str, meter: Meter) -> list[Part]:
    """Move the notes of a bar to the kicks they are near; what is on a pulse stays, and so does their order.

    Args:
        line: The bar.
        kick: The kick's row.
        meter: The metre of both.

    >>> line = [(Hit(0, 4, "X"), "root"), (Hit(7, 2, "x"), "fifth"), (Hit(12, 2, "x"), "root")]
    >>> [hit.step for hit, _ in locked(line, "X-----x---x-----", Meter())]
    [0, 6, 12]
    """
    pulses = pulse_starts(meter)
    kicks = [int(step) for step, _ in onsets(kick, meter, lilt=True) if step % 1 == 0]
    steps = [hit.step for hit, _ in line]
    for index in range(1, len(line)):
        if steps[index] in kicks or steps[index] in pulses:
            continue
        above = steps[index + 1] if index + 1 < len(line) else int(meter.steps)
        near = [
            step for step in kicks if steps[index - 1] < step < above and abs(step - steps[index]) <= _NEAR
        ]
        steps[index] = min(near, key=lambda step: abs(step - steps[index]), default=steps[index])
    return [(Hit(step, hit.length, hit.letter), tone) for step, (hit, tone) in zip(steps, line, strict=True)]
