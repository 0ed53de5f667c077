"""How much memory this process has had at most."""

from __future__ import annotations

import sys

__all__ = ["peak_mib"]


def peak_mib() -> float:
    """Give the greatest resident size of this process so far.

    Linux's ``ru_maxrss`` will not do: a child begins with the peak of the process that started it.
    """
    if sys.platform == "linux":
        with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123  pathlib would count as ours
            found = next(line for line in status if line.startswith("VmHWM:"))
        return int(found.split()[1]) / 1024
    import resource  # noqa: PLC0415  not on every system

    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
