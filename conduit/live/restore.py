"""Work on a Live set that is finished or taken back, never left half done, whatever interrupts it.

Where taking back fails, as when Live has gone meanwhile, the error carries what is left as a change that can be
tried again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from conduit.engine.plan import Change
from conduit.engine.risk import Tier
from conduit.errors import ConduitError, LinkError, PartlyDone

__all__ = ["TakeBack", "failure", "finished", "is_silent", "or_restored", "still"]

_LOG = logging.getLogger(__name__)

_Done = TypeVar("_Done")


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Take back what a change did before it failed. Doing it again does no harm: it looks before it acts.

    Attributes:
        title: What it does, and where.
        failing: What is so as long as it could not be done.
        work: Does it, and says in a sentence how it is then. It leaves alone what is not the change's.
        overwrites: Always: something may be there.
        tier: How much it can change.
        notes: What to know before doing it; nothing.
    """

    looks: ClassVar[bool] = True
    title: str
    failing: str
    work: Callable[[], Coroutine[Any, Any, str]]
    overwrites: bool = True
    tier: Tier = Tier.CONFIG_CHANGE
    notes: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """What changes, a line each."""
        return (self.title,)

    async def fingerprint(self) -> str:
        """Give its title: what is there was not known when it was made, so the work itself looks."""
        return self.title

    async def apply(self) -> TakeBack:
        """Do it; its inverse is itself, because it goes one way only.

        Raises:
            LinkError: It could not be done.
        """
        await self.work()
        return self


async def finished(work: Coroutine[Any, Any, _Done]) -> _Done:
    """Wait until work is done, also when the one who waits is cancelled; then the cancellation goes on."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


async def or_restored(work: Coroutine[Any, Any, _Done], back: TakeBack) -> _Done:
    """Do work; when it fails or is cancelled, take back what it did.

    Raises:
        LinkError: The work's own, and how taking back went.
        PartlyDone: It could not be taken back; it carries ``back``. Everything else is raised as it came.
    """
    try:
        return await work
    except GeneratorExit:  # the loop is gone, so there is nothing left to wait with
        raise
    except BaseException as error:
        said, is_left = await finished(_taken(back))
        told = failure(error, said, left=back if is_left else None)
        if told is error:
            raise
        raise told from error


def failure(error: BaseException, said: str, *, left: Change | None) -> BaseException:
    """Give the error to raise after something was taken back.

    Args:
        error: Why it had to be.
        said: A sentence about how it went.
        left: What could not be taken back.

    Returns:
        A ``PartlyDone`` where something is left; the same error, with the sentence, if it was Live's; else the
        error as it came. A cancellation is always itself.
    """
    if not isinstance(error, Exception):
        return error
    kind, address = (error.kind, error.address) if isinstance(error, LinkError) else ("protocol", None)
    text = f"{message(error).removesuffix('.')}. {said}"
    if left is not None:
        return PartlyDone(text, left=left, kind=kind, address=address)
    return LinkError(text, kind=kind, address=address) if isinstance(error, LinkError) else error


async def _taken(back: TakeBack) -> tuple[str, bool]:
    """Take back; say how that went, and whether something is left."""
    try:
        return await back.work(), False
    except Exception as error:  # noqa: BLE001  whatever it is, what the change did is still there
        said = f"{back.failing}: {still(error)}"
        _LOG.warning("%s", said)
        return said, True


def still(error: Exception) -> str:
    """Say why taking back failed, behind the reason why it had to be taken back; a silence is explained there."""
    return "Live does not answer" if is_silent(error) else message(error)


def is_silent(error: Exception) -> bool:
    """Whether Live did not answer."""
    return isinstance(error, LinkError) and error.kind == "no_reply"


def message(error: Exception) -> str:
    """Give an error's message, and of a foreign one also its kind."""
    return error.message if isinstance(error, ConduitError) else f"{type(error).__name__}: {error}"
