"""How long a push takes, from the clip in hand to what was read back, by the number of notes.

Run ``python tests/benchmarks/push.py``. Real UDP to the simulated set in this process: once answering at once,
which shows the work, and once looking at its socket every 0.1 s as Live does, which shows the waiting. Notes
stand 16 to a bar, so the longest clip has 313 bars. "plan" reads the set and the slot; "approve" looks again,
writes, reads back and takes the fingerprint for undo; "undo" empties the slot and looks. "ticks" are looks at
the socket that a push waited for, datagrams are those that went to Live. A click in a notebook reads the whole
set before and after it, to choose a slot and to offer the next: the last row.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from statistics import median

from report.table import table

from conduit.engine.plan import Plan
from conduit.engine.plans import Plans
from conduit.live import Faults, LiveLink, PutClip, Simulator, start_simulated
from conduit.live.osc import Message
from conduit.live.simulator.handlers import Handlers, Outcome
from conduit.music import Clip, Note

COUNTS = (10, 100, 1_000, 5_000)
LIVE_TICK_S = 0.1
RUNS = {0.0: 3, LIVE_TICK_S: 1}


@dataclass(frozen=True)
class Push:
    """What one push cost.

    Attributes:
        plan_s: Seconds for the plan.
        approve_s: Seconds for its approval.
        undo_s: Seconds for taking it back.
        cpu_s: CPU seconds of plan and approval, Conduit's and the simulator's.
        sent: Datagrams that went to Live for plan and approval.
    """

    plan_s: float
    approve_s: float
    undo_s: float
    cpu_s: float
    sent: int


class Counted:
    """Stands before a simulator's handlers and counts what comes."""

    def __init__(self, handlers: Handlers) -> None:
        self.count = 0
        self._handlers = handlers

    def handle(self, message: Message) -> Outcome:
        """Count a message and let it be answered."""
        self.count += 1
        return self._handlers.handle(message)


def clip_of(count: int) -> Clip:
    """Give a clip of sixteenths."""
    notes = [Note(36 + 7 * at % 48, at / 4, 0.25, 60 + at % 60) for at in range(count)]
    return Clip.of(notes, name=f"{count} notes", instrument="bass")


async def timed(work: Awaitable[Plan]) -> tuple[float, Plan]:
    """Await a step; give its seconds and its plan."""
    began = time.perf_counter()
    plan = await work
    return time.perf_counter() - began, plan


async def push(link: LiveLink, simulator: Simulator, clip: Clip) -> Push:
    """Push a clip to an empty slot, and take it back."""
    plans = Plans(clock=time.monotonic)
    counted = Counted(simulator.handlers)
    simulator.handlers = counted

    async def planned() -> Plan:
        return await plans.propose(await PutClip.plan(link, clip, track=1, slot=1))

    cpu = time.process_time()
    plan_s, plan = await timed(planned())
    approve_s, _ = await timed(plans.approve(plan.id))
    cpu, sent = time.process_time() - cpu, counted.count
    undo_s, _ = await timed(plans.undo(plan.id))
    simulator.handlers = counted._handlers
    return Push(plan_s, approve_s, undo_s, cpu, sent)


async def pushes(tick_s: float) -> tuple[dict[int, list[Push]], float]:
    """Push a clip of each size, some times; give also the seconds that reading the whole set takes."""
    link, simulator = await start_simulated(faults=Faults(tick_s=tick_s))
    async with link, simulator:
        await push(link, simulator, clip_of(1))
        found = {
            count: [await push(link, simulator, clip_of(count)) for _ in range(RUNS[tick_s])]
            for count in COUNTS
        }
        began = time.perf_counter()
        await link.snapshot()
        return found, time.perf_counter() - began


def row(found: list[Push], tick_s: float) -> tuple[str, ...]:
    """Give the cells of one size, medians of its runs."""
    plan_s, approve_s, undo_s, cpu_s = (
        median(getattr(run, name) for run in found) for name in ("plan_s", "approve_s", "undo_s", "cpu_s")
    )
    seconds = (f"{value:.3f}" for value in (plan_s, approve_s, plan_s + approve_s, undo_s, cpu_s))
    ticks = f"{(plan_s + approve_s) / tick_s:.0f}" if tick_s else "-"
    return (*seconds, str(found[0].sent), ticks)


def main() -> None:
    """Print a table for each kind of set."""
    for tick_s, runs in RUNS.items():
        found, snapshot_s = asyncio.run(pushes(tick_s))
        rows = [(f"{count:,} notes", *row(some, tick_s)) for count, some in found.items()]
        rows.append(("reading the whole set", "-", "-", f"{snapshot_s:.3f}", "-", "-", "-", "-"))
        columns = ("", "plan", "approve", "push in all", "undo", "CPU", "datagrams", "ticks")
        title = (
            f"Push to a set that looks every {tick_s} s" if tick_s else "Push to a set that answers at once"
        )
        table(f"{title}, seconds, {runs} run{'s' if runs > 1 else ''}", columns, rows)


if __name__ == "__main__":
    main()
