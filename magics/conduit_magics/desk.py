"""Runs cells and verbs in a shell: it waits without blocking clicks and keeps what came."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, wait
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

from IPython.display import display

from conduit.composer.aim import Aim
from conduit.errors import ConduitError, Interrupted
from conduit.studio import Question, Studio, current
from conduit_magics.asking import question, variations
from conduit_magics.board import Board
from conduit_magics.by_hand import Names
from conduit_magics.dry_run import show_dry_run
from conduit_magics.from_live import from_live
from conduit_magics.job import Job
from conduit_magics.leaving import left, said
from conduit_magics.options import PROMPT_HELP, help_text, parse, prompt_name
from conduit_magics.outputs import Outputs
from conduit_magics.prompting import kept
from conduit_magics.saying import say
from conduit_magics.talk_verbs import again
from conduit_magics.verbs import VERBS

__all__ = ["Desk"]

T = TypeVar("T")

TICK_S = 0.1
"""How often a waiting cell wakes its loop: an interrupt is only seen by a loop that wakes."""

PACE_S = 0.02
"""Seconds between two bars of the offline composer, so that one can watch it write."""

_CLEANUP_S = 2.0


class Desk:
    """What the magics of one shell do.

    Args:
        shell: The IPython shell.

    Attributes:
        studio: The process's studio.
        last_error: What failed last, for ``%conduit debug``.
        names: The variables in which an edit in a view is followed.
        outputs: What the notebook shows.
        aim: Where in the Live set a person pointed to; cells that name no track of their own aim there.
    """

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.studio: Studio = current()
        self.studio.tools.variables = lambda: shell.user_ns
        self.last_error: ConduitError | None = None
        self.names = Names(shell.user_ns)
        self.outputs = Outputs(self.studio, names=self.names, live=hasattr(shell, "kernel"))
        self.aim = Aim()
        self.studio.offline.pace_s = PACE_S if self.in_notebook else 0.0

    @property
    def in_notebook(self) -> bool:
        """Whether the front end shows widgets."""
        return self.outputs.live

    def run(self, line: str, cell: str) -> None:
        """Answer a cell and block until it is done."""
        job = self._job(line, cell)
        if job is not None:
            self.wait(job)

    async def run_async(self, line: str, cell: str) -> None:
        """Answer a cell while the shell's loop goes on."""
        job = self._job(line, cell)
        if job is not None:
            await self._follow(job)

    async def verb_async(self, line: str) -> None:
        """Do what ``%conduit regenerate`` asks while the shell's loop goes on."""
        with self.remembering():
            job = again(self, line.strip().partition(" ")[2])
        await self._follow(job)

    async def _follow(self, job: Job) -> None:
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
            self._fail(job, error)
            raise
        self._leave(job)

    def wait(self, job: Job) -> None:
        """Block until a job is done, and leave what came of it."""
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
        except CancelledError:
            job.finished.wait(_CLEANUP_S)
        except ConduitError as error:
            self._fail(job, error)
            raise
        self._leave(job)

    def start(
        self,
        questions: Sequence[Question],
        *,
        out: str | None = None,
        streams: bool = True,
        board: Board | None = None,
    ) -> Job:
        """Put questions, and show their answers as they come.

        Args:
            questions: Asked all at once.
            out: The variable that is asked for.
            streams: Whether the answers may be shown while they come.
            board: Where several answers stand.
        """
        job = Job(
            self.studio,
            questions,
            show=self.outputs.make,
            streams=streams and self.studio.settings.stream,
            out=out,
            board=board,
        )
        if self.in_notebook and job.streams:
            job.open()
        job.start()
        return job

    def make_prompt(self, line: str, cell: str) -> None:
        """Keep a template in a variable."""
        with self.remembering():
            name = prompt_name(line)
            if name is None:
                say(PROMPT_HELP)
                return
            self.shell.user_ns[name], told = kept(name, cell)
        say(told)

    def verb(self, line: str) -> None:
        """Do what ``%conduit`` asks."""
        name, _, rest = line.strip().partition(" ")
        name = {"-h": "help", "--help": "help"}.get(name, name)
        with self.remembering():
            if name and name not in VERBS:
                raise VERBS.unknown(name)
            VERBS[name or "help"](self, rest)

    @contextmanager
    def remembering(self) -> Iterator[None]:
        """Keep the error that comes out, for ``%conduit debug``."""
        try:
            yield
        except ConduitError as error:
            self._remember(error)
            raise

    def on_loop(self, read: Callable[[], T]) -> T:
        """Read or change, on the studio's loop, what lives there; quick things only."""

        async def run() -> T:
            return read()

        return self.studio.call(run())

    def close(self) -> None:
        """End every live view; the studio stays, it is the process's."""
        self.outputs.seal()

    def quit(self) -> None:
        """Leave the studio as if there were no notebook."""
        self.close()
        self.studio.tools.variables = None

    def _job(self, line: str, cell: str) -> Job | None:
        """Start what a cell asks for; None where it asks nobody."""
        with self.remembering():
            given = parse(line)
            if given.help:
                sys.stdout.write(help_text())
                return None
            variables = self.shell.user_ns
            found = from_live(self.studio, given.context, variables)
            asked = question(given, cell, {**variables, **found} if found else variables, aim=self.aim)
            if given.dry_run:
                show_dry_run(self, asked, takes=given.takes)
                return None
        return self.start(
            self._variations(asked, given.takes) if given.takes else [asked],
            out=given.out,
            streams=not given.no_stream,
            board=Board(title=_title(given.takes)) if given.takes else None,
        )

    def _variations(self, asked: Question, count: int) -> list[Question]:
        if asked.new:
            # Once for all of them: the first may fail, and the others are in the new conversation all the same.
            self.on_loop(self.studio.forget)
        tree = self.on_loop(lambda: self.studio.session.tree)
        return variations(replace(asked, new=False), count, tree=tree)

    def _interrupted(self, job: Job) -> Interrupted:
        job.finished.wait(_CLEANUP_S)
        self._leave(job)
        count = sum(len(clip) for clip in job.clips)
        where = "_clips" if job.is_many else "_clip"
        self.last_error = Interrupted(
            f"stopped; {count} notes that had come are in {where}" if count else "stopped"
        )
        return self.last_error

    def _fail(self, job: Job, error: ConduitError) -> None:
        job.finished.wait(_CLEANUP_S)
        self._leave(job)
        self._remember(error)

    def _remember(self, error: ConduitError) -> None:
        """Keep an error for ``%conduit debug``, and make its message one line without a key."""
        error.message = " ".join(self.studio.providers.scrub(error.message).split())
        error.args = (error.message,)
        self.last_error = error

    def _say_remarks(self, job: Job) -> None:
        for output in job.outputs:
            while output.remarks and not self.in_notebook:
                say(output.remarks.popleft())

    def _leave(self, job: Job) -> None:
        """Leave what came in its variables, and show what was not shown while it came."""
        found = left(job)
        self.shell.user_ns.update(found)
        self.names.bound(*found)
        if not self.in_notebook:
            self._say_remarks(job)
            for part in said(job):
                say(part)
        elif not job.streams:
            job.open()
        if job.reads:
            display(job.value)


def _title(count: int) -> str:
    return f"{count} variation{'s'[: count != 1]}, in _clips"
