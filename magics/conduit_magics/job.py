"""A cell that is being answered: one question, or several at once that are stopped and shown together."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any

from conduit.engine.machine import Reason
from conduit.errors import ConduitError
from conduit.music import Clip
from conduit.studio import Question, Studio
from conduit_magics.board import Board
from conduit_magics.output import Output
from conduit_magics.words import Value

__all__ = ["Job"]


class Job:
    """Puts questions and keeps their outputs up to date.

    Args:
        studio: Where they are put.
        questions: What is asked, all at once.
        show: Makes an output.
        streams: Whether the answer is shown while it comes.
        out: The variable that is asked for, if any.
        board: Where several answers stand side by side.

    Attributes:
        outputs: One for each question.
        streams: As above.
        out: As above.
        future: Done when everything is.
        finished: Set when every answer is there, before its record is drawn.
        stopped: Whether a person clicked Stop.
    """

    def __init__(
        self,
        studio: Studio,
        questions: Sequence[Question],
        *,
        show: Callable[..., Output],
        streams: bool,
        out: str | None = None,
        board: Board | None = None,
    ) -> None:
        self.streams = streams
        self.out = out
        self.future: Future[None] = Future()
        self.finished = threading.Event()
        self.stopped = False
        self._studio = studio
        self._questions = questions
        self._board = board
        self._errors: list[Exception] = []
        self._after: list[asyncio.Future[None]] = []
        self.outputs = [self._output(show, number) for number in range(len(questions))]

    @property
    def complete(self) -> bool:
        """Whether every answer is there and only records are still being drawn."""
        answers = [output.answer for output in self.outputs]
        return self.finished.is_set() and all(
            answer is not None and answer.reason is not Reason.INTERRUPTED for answer in answers
        )

    @property
    def clips(self) -> list[Clip]:
        """The clips that came, in the order of the questions."""
        return [output.clip for output in self.outputs if output.clip is not None]

    @property
    def is_many(self) -> bool:
        """Whether there are several answers, even if it is one that was asked for."""
        return self._board is not None

    @property
    def reads(self) -> bool:
        """Whether the answer is read as a value, and was one."""
        answer = self.outputs[0].answer
        return self._questions[0].parser is not None and answer is not None and not self._errors

    @property
    def value(self) -> Any:
        """What the answer was read as; None where it was not."""
        answer = self.outputs[0].answer
        return answer.value if answer is not None else None

    def open(self) -> None:
        """Show the outputs; in the cell's thread."""
        for output in self.outputs:
            output.open()

    def start(self) -> None:
        """Put the questions."""
        self.future = self._studio.submit(self._work())

    def stop(self) -> None:
        """End the answer at a person's click; the cell goes on as if it were complete."""
        self.stopped = True
        self.cancel()

    def cancel(self) -> None:
        """Cancel the work on the studio's loop."""
        self.future.cancel()

    def _output(self, show: Callable[..., Output], number: int) -> Output:
        question = self._questions[number]
        words = Value(question.parser) if question.parser else None
        if self._board is None:
            return show(stop=self.stop, words=words)
        seed = question.options.seed
        label = f"{number + 1}" if seed is None else f"{number + 1} · seed {seed}"
        output = show(stop=self.stop, words=words, place=self._board, label=label)
        self._board.outputs.append(output)
        return output

    async def _work(self) -> None:
        """Put all questions; it fails where every one of them does."""
        try:
            async with asyncio.TaskGroup() as group:
                for question, output in zip(self._questions, self.outputs, strict=True):
                    group.create_task(self._ask(question, output))
        finally:
            self._after += [asyncio.ensure_future(output.offer()) for output in self.outputs]
            if self._board is not None:
                self._go_on_with_the_first()
                self._after.append(asyncio.ensure_future(self._board.complete()))
            self.finished.set()
        if len(self._errors) == len(self._questions):
            raise self._errors[0]
        await asyncio.shield(self._after[-1 if self._board is not None else 0])

    def _go_on_with_the_first(self) -> None:
        """Make the branch of the first variation that came the current one."""
        came = (output.answer.branch for output in self.outputs if output.answer and output.answer.calls)
        branch = next((name for name in came if name in self._studio.session.tree.branches), "")
        if branch:
            self._studio.session.switch(branch)

    async def _ask(self, question: Question, output: Output) -> None:
        drawing = asyncio.ensure_future(output.follow())
        error: ConduitError | None = None
        try:
            await self._studio.ask(question, emit=output.on)
        except Exception as caught:  # noqa: BLE001  the magic's boundary: a fault of one answer leaves the others
            error = caught if isinstance(caught, ConduitError) else ConduitError(_fault(caught))
            error.message = self._studio.providers.scrub(error.message)
            self._errors.append(caught)
        finally:
            drawing.cancel()
            if self._board is not None and output.answer is not None:
                output.label = f"{output.label} · {output.answer.branch}"
            output.settle(error)
            self._after.append(asyncio.ensure_future(output.record()))


def _fault(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
