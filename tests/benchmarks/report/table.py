"""What every benchmark prints: a title, then rows of numbers in columns. Nothing is asserted."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from statistics import median
from time import perf_counter

__all__ = ["best_s", "spread", "table"]


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table; the first column is a name and stands left, the others right.

    Args:
        title: What was measured, in which unit, and what is aimed at.
        columns: Their heads.
        rows: Cells as text, as many as there are columns.
    """
    lines = [tuple(columns), *map(tuple, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    sys.stdout.write(f"\n{title}\n")
    for name, *cells in lines:
        numbers = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
        sys.stdout.write("  ".join(["", name.ljust(widths[0]), *numbers]).rstrip() + "\n")
    sys.stdout.flush()


def spread(values: Iterable[float], *, digits: int = 3) -> tuple[str, str]:
    """Give the least and the median of several runs, as text; dashes where there are none."""
    found = list(values)
    if not found:
        return "-", "-"
    return f"{min(found):.{digits}f}", f"{median(found):.{digits}f}"


def best_s(run: Callable[[], object], *, times: int) -> float:
    """Give the least wall time of several runs, in seconds."""
    best = float("inf")
    for _ in range(times):
        began = perf_counter()
        run()
        best = min(best, perf_counter() - began)
    return best
