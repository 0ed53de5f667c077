"""A person's hand on a turn that runs: pause, resume, steer, abort."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from conduit.engine.limits import Reason
from conduit.errors import ConversationError, SetupError
from conduit.messages import UserMessage

__all__ = ["Control"]


class Control:
    """Holds on to one turn: hand it to ``Engine.run``, and call its methods on the loop of that turn.

    Attributes:
        paused: Whether the turn stands still, or will before its next step.
        aborted: Whether it was told to end.
        over: Whether it has ended.

    >>> control = Control()
    >>> control.pause()
    >>> control.steer("in A minor, please")
    >>> control.paused, [message.text for message in control.waiting]
    (True, ['in A minor, please'])
    """

    def __init__(self) -> None:
        self.aborted = False
        self.over = False
        self._begun = False
        self._said: list[UserMessage] = []
        self._going = asyncio.Event()
        self._going.set()
        self._changes = asyncio.Event()
        self._scope: asyncio.Timeout | None = None

    @property
    def paused(self) -> bool:
        """Whether the turn stands still, or will before its next step."""
        return not self._going.is_set()

    @property
    def waiting(self) -> tuple[UserMessage, ...]:
        """What has been added and not yet been seen by the model, in order."""
        return tuple(self._said)

    def pause(self) -> None:
        """Let the step that runs come to its end, and begin no other."""
        self._going.clear()
        self._changes.set()

    def resume(self) -> None:
        """Go on after a pause."""
        self._going.set()
        self._changes.set()

    def steer(self, message: UserMessage | str) -> None:
        """Add a message of the user; the model sees it at its next step, and has one even if it was done.

        Raises:
            ConversationError: The turn is over; ask it as the next question.
        """
        if self.over:
            raise ConversationError(
                "the turn is over, so nothing can be added to it; ask it as the next question"
            )
        self._said.append(UserMessage.of(message) if isinstance(message, str) else message)
        self._changes.set()

    def abort(self) -> None:
        """End the turn at once, with what has come; nothing happens if it is over."""
        if not self.over:
            self.aborted = True
            self._leave()

    def claimed(self) -> Control:
        """Give itself to the engine that begins its turn, before anything else happens.

        Raises:
            SetupError: It was given to another turn before, which may still run.
        """
        if self._begun:
            raise SetupError("a Control belongs to one turn, and this one has had it; make another")
        self._begun = True
        return self

    def take(self) -> tuple[UserMessage, ...]:
        """Give what was added, and forget it; for the engine, at a point where a user may speak."""
        said, self._said = tuple(self._said), []
        return said

    async def changed(self) -> None:
        """Wait for the next pause, resume or steer; for an engine that has to pass them on."""
        await self._changes.wait()
        self._changes.clear()

    async def held(self, *, tell: Callable[[], None]) -> None:
        """Wait until a pause is over; the time of the turn stands still meanwhile.

        Args:
            tell: Called once the time stands still.
        """
        loop, scope = asyncio.get_running_loop(), self._scope
        due = None if scope is None or scope.expired() or self.aborted else scope.when()
        if scope is None or due is None:
            tell()
            await self._going.wait()
            return
        left_s = due - loop.time()
        scope.reschedule(None)
        tell()
        await self._going.wait()
        if not self.aborted:
            scope.reschedule(loop.time() + left_s)

    @asynccontextmanager
    async def within(self, wall_s: float | None) -> AsyncIterator[_Outcome]:
        """Bound the body of a turn, for an engine: an abort, or the end of its time, leaves the body at once.

        Args:
            wall_s: Seconds the body may take; None for any number.

        Yields:
            What ``reason`` is to be read from afterwards: ABORTED, TIME_LIMIT, or None for a body that came
            to its end.
        """
        outcome = _Outcome()
        try:
            async with asyncio.timeout(wall_s) as self._scope:
                if self.aborted:
                    self._leave()
                yield outcome
        except Exception:  # closing what was left may fail in its own way, and no longer matters
            if self._scope is None or not self._scope.expired():
                raise
            outcome.reason = Reason.TIME_LIMIT
        finally:
            self._scope = None
        if self.aborted:
            outcome.reason = Reason.ABORTED

    def _leave(self) -> None:
        if self._scope is not None and not self._scope.expired():
            self._scope.reschedule(asyncio.get_running_loop().time())


class _Outcome:
    """How the body of a turn was left."""

    reason: Reason | None = None
