"""In which order values are set so that Live takes all that is possible. Values only.

Some values decide what others mean, as whether a clip loops decides what its loop is; such *modes* are set in a
step of their own, before the others, and after them when it is taken back. Of a start and an end, the one that
leaves room for the other is set first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from conduit.live.osc import Value
from conduit.live.setting import Setting

__all__ = ["in_order", "in_order_of_undo", "resets", "steps", "within_step"]

_ROUTES = {
    f"{way}_routing_type": f"{way}_routing_channel" for way in ("input", "output")
}  # setting the type, Live chooses a channel of it
_MODES = {"looping", "warping", "tempo_enabled", "time_signature_enabled"}
_ENDS = {"loop_start": "loop_end", "start_marker": "end_marker"}


def _mode(setting: Setting) -> int:
    """Number what is set together: 0 routes, 1 modes, 2 all other."""
    return 0 if setting.name in _ROUTES else 1 if setting.name in _MODES else 2


def in_order(settings: Iterable[Setting]) -> list[Setting]:
    """Give settings with what decides about others first; of two of one value the later counts."""
    wanted = {(setting.setter, setting.numbers): setting for setting in settings}
    return sorted(wanted.values(), key=_mode)


def in_order_of_undo(seen: Sequence[Setting]) -> list[Setting]:
    """Give the settings that put back what was seen one after the other, the last first, but routes before all."""
    back = seen[::-1]
    routes = [setting for setting in back if setting.name in _ROUTES]
    return [*routes, *(setting for setting in back if setting.name not in _ROUTES)]


def steps(settings: Iterable[Setting]) -> list[list[Setting]]:
    """Cut settings into those that are set, and looked at, together."""
    return [list(some) for _, some in groupby(settings, key=_mode)]


def resets(settings: Sequence[Setting]) -> list[Setting]:
    """Give what Live sets anew beside these settings, without values."""
    there = {(setting.name, setting.numbers) for setting in settings}
    along = [replace(s, name=_ROUTES[s.name], value=None) for s in settings if s.name in _ROUTES]
    return [setting for setting in along if (setting.name, setting.numbers) not in there]


def within_step(settings: Sequence[Setting], before: Sequence[Value]) -> list[Setting]:
    """Order the settings of one step.

    Args:
        settings: What shall be.
        before: What is, in the same order.

    >>> loop = [Setting("clip", (1, 1), "loop_start", 8.0), Setting("clip", (1, 1), "loop_end", 12.0)]
    >>> [setting.name for setting in within_step(loop, [0.0, 4.0])]
    ['loop_end', 'loop_start']
    """
    now = {(s.numbers, s.name): value for s, value in zip(settings, before, strict=True)}

    def waits(setting: Setting) -> bool:
        """Whether a start would lie behind the end that is there, which must go on before."""
        end = now.get((setting.numbers, _ENDS.get(setting.name, "")))
        numbers = isinstance(end, int | float) and isinstance(setting.value, int | float)
        return numbers and float(setting.value or 0) >= float(end or 0)

    # Starts before ends, but for those that wait: an end may lie before the start that is there, too.
    ends = set(_ENDS.values())
    return sorted(settings, key=lambda setting: 2 * waits(setting) + (setting.name in ends))
