"""Pulses: the beats that one feels in a bar, and where they fall."""

from __future__ import annotations

from functools import cache

from conduit.music.meter import Meter

__all__ = ["pulse_starts", "pulses"]

_QUARTER = 4  # sixteenths


@cache
def pulses(meter: Meter) -> tuple[int, ...]:
    """Give the lengths of a bar's pulses in sixteenths.

    Metres over 1, 2 and 4 go in quarters. Metres over 8 and 16 go in threes where these fit, else in twos with
    a three at the end (five: three and two).

    >>> pulses(Meter.parse("7/8")), pulses(Meter.parse("6/8")), pulses(Meter.parse("3/4"))
    ((4, 4, 6), (6, 6), (4, 4, 4))
    """
    if meter.denominator <= 4:
        return (_QUARTER,) * int(meter.bar)
    unit = 16 // meter.denominator
    counts = _counts(meter.numerator)
    return tuple(count * unit for count in counts)


def _counts(numerator: int) -> tuple[int, ...]:
    if numerator % 3 == 0:
        return (3,) * (numerator // 3)
    if numerator == 5:
        return (3, 2)
    if numerator % 3 == 2 and numerator > 8:
        return (3,) * (numerator // 3) + (2,)
    if numerator % 2 == 0:
        return (2,) * (numerator // 2)
    return (2,) * (numerator // 2 - 1) + (3,) if numerator > 1 else (1,)


@cache
def pulse_starts(meter: Meter) -> tuple[int, ...]:
    """Give the sixteenths on which a bar's pulses begin.

    >>> pulse_starts(Meter.parse("7/8"))
    (0, 4, 8)
    """
    lengths = pulses(meter)
    return tuple(sum(lengths[:index]) for index in range(len(lengths)))
