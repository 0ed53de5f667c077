"""Runs cells and verbs in a shell: it waits without blocking clicks and keeps what came."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, wait
from typing import Any, TypeVar

from conduit.drawing import roll_text
from conduit.engine.machine import Reason
from conduit.engine.plan import Plan
from conduit.errors import ConduitError, Interrupted
from conduit.music import Clip
from conduit.studio import Question, Studio, current, options
from conduit_magics.attach import attached
from conduit_magics.insert import insert
from conduit_magics.options import CellOptions, help_text, parse
from conduit_magics.output import Output
from conduit_magics.saying import say
from conduit_magics.verbs import VERBS

__all__ = ["Desk"]

T = TypeVar("T")

TICK_S = 0.1
"""How often a waiting cell wakes its loop: an interrupt is only seen by a loop that wakes."""

PACE_S = 0.02
"""Seconds between two bars of the offline composer, so that one can watch it write."""

KEPT_OUTPUTS = 64
"""How many outputs, from the newest, are told when a verb changes what they show."""

_CLEANUP_S = 2.0


class Desk:
    """What the magics of one shell do.

    Args:
        shell: The IPython shell.

    Attributes:
        studio: The process's studio.
        last_error: What failed last, for ``%conduit debug``.
    """

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.studio: Studio = current()
        self.last_error: ConduitError | None = None
        self.outputs: deque[Output] = deque(maxlen=KEPT_OUTPUTS)
        self.in_notebook = hasattr(shell, "kernel")
        self.studio.offline.pace_s = PACE_S if self.in_notebook else 0.0

    def run(self, line: str, cell: str) -> None:
        """Answer a cell and block until it is done."""
        given = self._read(line)
        if given is None:
            return
        job = self._start(given, cell)
        try:
            while not job.future.done():
                # A wait without an end cannot be interrupted on every system.
                wait([job.future], timeout=TICK_S)
                self._say_remarks(job)
            job.future.result()
        except KeyboardInterrupt:
            if not job.complete:
                job.cancel()
                raise self._interrupted(job) from None
        except (ConduitError, CancelledError) as error:
            self._end(job, error)
        self._leave(job)

    async def run_async(self, line: str, cell: str) -> None:
        """Answer a cell while the shell's loop goes on."""
        given = self._read(line)
        if given is None:
            return
        job = self._start(given, cell)
        waiting = asyncio.wrap_future(job.future)
        try:
            while not waiting.done():
                await asyncio.wait([waiting], timeout=TICK_S)
            waiting.result()
        except (asyncio.CancelledError, KeyboardInterrupt):
            if not (job.stopped or job.complete):
                job.cancel()
                raise self._interrupted(job) from None
            job.finished.wait(_CLEANUP_S)
        except ConduitError as error:
            self._end(job, error)
        self._leave(job)

    def verb(self, line: str) -> None:
        """Do what ``%conduit`` asks."""
        name, _, rest = line.strip().partition(" ")
        name = {"-h": "help", "--help": "help"}.get(name, name)
        try:
            if name and name not in VERBS:
                raise VERBS.unknown(name)
            VERBS[name or "help"](self, rest)
        except ConduitError as error:
            self._remember(error)
            raise

    def on_loop(self, read: Callable[[], T]) -> T:
        """Read or change, on the studio's loop, what lives there; quick things only."""

        async def run() -> T:
            return read()

        return self.studio.call(run())

    def show(self, clip: Clip | None, *, plan: Plan | None = None) -> None:
        """Show a clip as a roll that plays and can be pushed, with the card of a plan that waits."""
        output = self.output()
        output.clip = clip
        if plan is not None:
            output.add_plan(plan.id)
        output.settle()
        self.studio.call(output.record())
        output.open()
        self.studio.submit(output.offer())

    def output(self, *, live: bool = True, **facts: Any) -> Output:
        """Make an output, live where the front end and the settings allow it."""
        output = Output(self.studio, live=live and self.in_notebook and self.studio.settings.stream, **facts)
        self.outputs.append(output)
        return output

    def close(self) -> None:
        """End every live view; the studio stays, it is the process's."""
        for output in self.outputs:
            self.studio.call(output.seal())
        self.outputs.clear()

    def _read(self, line: str) -> CellOptions | None:
        try:
            given = parse(line)
        except ConduitError as error:
            self._remember(error)
            raise
        if given.help:
            sys.stdout.write(help_text())
            return None
        return given

    def _start(self, given: CellOptions, cell: str) -> _Job:
        try:
            text = cell.strip() if given.raw else insert(cell.strip(), self.shell.user_ns)
            wanted = options(
                bars=given.bars,
                key=given.key,
                bpm=given.bpm,
                meter=given.meter,
                genre=given.genre,
                seed=given.seed,
            )
            media = attached(given.attach, self.shell.user_ns)
        except ConduitError as error:
            self._remember(error)
            raise
        mode = "generate" if given.out else given.mode  # a variable that is asked for has to be there
        question = Question(
            text,
            options=wanted,
            model=given.model or "",
            mode=mode,
            new=given.new,
            cache=given.cache or "",
            media=media,
        )
        job = _Job(self, given)
        if self.in_notebook and job.streams:
            job.output.open()
        job.future = self.studio.submit(job.work(question))
        return job

    def _interrupted(self, job: _Job) -> Interrupted:
        job.finished.wait(_CLEANUP_S)
        self._leave(job)
        count = len(job.output.clip) if job.output.clip else 0
        self.last_error = Interrupted(
            f"stopped; {count} notes that had come are in _clip" if count else "stopped"
        )
        return self.last_error

    def _end(self, job: _Job, error: BaseException) -> None:
        job.finished.wait(_CLEANUP_S)
        self._leave(job)
        if isinstance(error, ConduitError):
            self._remember(error)
            raise error

    def _remember(self, error: ConduitError) -> None:
        """Keep an error for ``%conduit debug``, and make its message one line without a key."""
        error.message = " ".join(self.studio.providers.scrub(error.message).split())
        error.args = (error.message,)
        self.last_error = error

    def _say_remarks(self, job: _Job) -> None:
        while job.output.remarks and not self.in_notebook:
            say(job.output.remarks.popleft())

    def _leave(self, job: _Job) -> None:
        """Leave the clip in its variables, and show what was not shown while it came."""
        clip = job.output.clip
        if clip is not None:
            self.shell.user_ns["_clip"] = clip
            if job.given.out:
                self.shell.user_ns[job.given.out] = clip
        if not self.in_notebook:
            self._say_remarks(job)
            shown = [part for part in (roll_text(clip) if clip is not None else "", job.output.text) if part]
            # An answer that is nothing but an error is told by the error's one line.
            for part in (*shown, job.output.footer) if shown else ():
                say(part)
        elif not job.streams:
            job.output.open()


class _Job:
    """A cell that is being answered."""

    def __init__(self, desk: Desk, given: CellOptions) -> None:
        self.given = given
        self.finished = threading.Event()
        self.stopped = False
        self.streams = desk.studio.settings.stream and not given.no_stream
        self.output = desk.output(target=(given.track, given.slot), stop=self.stop)
        self.future: Future[None] = Future()
        self._studio = desk.studio
        self._after: tuple[asyncio.Future[None], ...] = ()

    @property
    def complete(self) -> bool:
        """Whether the answer is there and only its record is still being drawn."""
        answer = self.output.answer
        return self.finished.is_set() and answer is not None and answer.reason is not Reason.INTERRUPTED

    def stop(self) -> None:
        """End the answer at a person's click; the cell goes on as if it were complete."""
        self.stopped = True
        self.cancel()

    def cancel(self) -> None:
        """Cancel the work on the studio's loop."""
        self.future.cancel()

    async def work(self, question: Question) -> None:
        """Put the question and keep the output up to date; on the studio's loop."""
        drawing = asyncio.ensure_future(self.output.follow())
        error: ConduitError | None = None
        try:
            await self._studio.ask(question, emit=self.output.on)
        except ConduitError as caught:
            error = caught
            error.message = self._studio.providers.scrub(error.message)
            raise
        finally:
            drawing.cancel()
            self.output.settle(error)
            recording = asyncio.ensure_future(self.output.record())
            self._after = (recording, asyncio.ensure_future(self.output.offer()))
            self.finished.set()
        await asyncio.shield(recording)
