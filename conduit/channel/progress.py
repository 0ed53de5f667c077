"""A bar of characters that says how far a batch is: in a notebook's output, or in a terminal's error stream."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from decimal import Decimal
from time import monotonic
from types import TracebackType
from typing import Any, Self, TextIO

__all__ = ["Progress", "Tally"]

_INTERVAL_S = 0.1


@dataclass(slots=True)
class Tally:
    """How far a batch is. One thread counts and another may read.

    Attributes:
        total: How many items there are; None where that is not known before the end.
        kept: Items that were stored before and are not asked again.
        done: Items that are over, those kept among them.
        failed: Those of them that have an error.
        cost_usd: The known costs of this run.
    """

    total: int | None = None
    kept: int = 0
    done: int = 0
    failed: int = 0
    cost_usd: Decimal = Decimal(0)

    def note(self, *, kept: bool, failed: bool, cost_usd: Decimal | None) -> None:
        """Count an item that is over."""
        self.kept += kept
        self.failed += failed
        if cost_usd is not None and not kept:
            self.cost_usd += cost_usd
        self.done += 1

    def told(self) -> str:
        """Say in a few words what a bar does not show.

        >>> Tally(done=12, kept=10, failed=1, cost_usd=Decimal("0.0123")).told()
        '10 kept, 1 failed, $0.0123'
        """
        words = [f"{count} {name}" for name, count in (("kept", self.kept), ("failed", self.failed)) if count]
        if self.cost_usd:
            words.append(f"${self.cost_usd:.4f}" if self.cost_usd < 1 else f"${self.cost_usd:.2f}")
        return ", ".join(words)


class Progress:
    """Draws a tally; a context manager, which leaves the last state standing.

    Nothing is drawn where nobody would see it move: into a file or a pipe.

    Args:
        tally: What is drawn.
        name: What stands before the bar.
        shown: Whether it is drawn at all.
        file: Where to; by default the cell's output in a notebook, else the error stream where it is a terminal.
    """

    def __init__(
        self, tally: Tally, *, name: str = "", shown: bool = True, file: TextIO | None = None
    ) -> None:
        self._tally = tally
        self._name = name
        self._file = (file or _stream()) if shown else None
        self._bar: Any = None
        self._drawn = monotonic()

    def __enter__(self) -> Self:
        if self._file is not None:
            from tqdm.std import tqdm  # noqa: PLC0415  only a batch needs it

            # tqdm's own thread would only repeat what `draw` is called for.
            quiet = type("_Bar", (tqdm,), {"monitor_interval": 0})
            self._bar = quiet(
                total=self._tally.total,
                desc=self._name or "batch",
                unit="item",
                file=self._file,
                mininterval=0.0,
                dynamic_ncols=True,
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._take()
            self._bar.close()  # draws it a last time

    def draw(self) -> None:
        """Show how far it is; call it as often as you like."""
        if self._bar is None or monotonic() - self._drawn < _INTERVAL_S:
            return
        self._drawn = monotonic()
        self._take()
        self._bar.refresh()

    def _take(self) -> None:
        self._bar.total = self._tally.total
        self._bar.initial = self._tally.kept  # those took no time, so they do not make it look fast
        self._bar.n = self._tally.done
        self._bar.set_postfix_str(self._tally.told(), refresh=False)


def _stream() -> TextIO | None:
    """Find where a bar can be seen to move. A kernel's error stream is red, its output is not."""
    if type(sys.stdout).__module__.startswith("ipykernel"):
        return sys.stdout
    return sys.stderr if sys.stderr is not None and sys.stderr.isatty() else None
