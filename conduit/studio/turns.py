"""The turns of a studio: those that are under way, what came of those that are over, and who wants to hear of it.

Everything here runs on the studio's loop, but for ``subscribe``.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator

from conduit.errors import ConduitError
from conduit.studio.account import Account
from conduit.studio.question import Question

__all__ = ["Turns"]

_KEPT = 500
"""Accounts of turns that are over; of those before, the conversation itself tells."""


class Turns:
    """Knows what is asked, by whichever face.

    >>> turns = Turns()
    >>> unsubscribe = turns.subscribe(lambda: print("something came"))
    >>> turns.tell()
    something came
    >>> unsubscribe()
    >>> turns.tell()
    """

    def __init__(self) -> None:
        self._accounts: deque[Account] = deque(maxlen=_KEPT)
        self._heard: list[Callable[[], None]] = []

    def __iter__(self) -> Iterator[Account]:
        return iter(tuple(self._accounts))

    @property
    def running(self) -> list[Account]:
        """Those that are under way, the oldest first."""
        return [account for account in self._accounts if account.running]

    def subscribe(self, heard: Callable[[], None]) -> Callable[[], None]:
        """Call a function, on the loop, whenever something has come; give what ends that.

        It must return at once, and look for itself at what there is.
        """
        self._heard = [*self._heard, heard]

        def unsubscribe() -> None:
            self._heard = [one for one in self._heard if one is not heard]

        return unsubscribe

    def tell(self) -> None:
        """Say that something has come."""
        for heard in self._heard:
            heard()

    def begin(self, question: Question, *, face: str) -> Account:
        """Open the account of a question that the task which runs now asks; ``face`` is where it was asked."""
        account = Account(question, face=face)
        asker = asyncio.current_task()
        if asker is not None:
            account.stop = lambda: None if not account.running else _cancel(asker)
        self._accounts.append(account)
        self.tell()
        return account

    def end(self, account: Account, error: BaseException | None) -> None:
        """Close an account."""
        account.over(_words(error))
        self.tell()


def _cancel(task: asyncio.Task[object]) -> None:
    task.cancel()


def _words(error: BaseException | None) -> str:
    if error is None or isinstance(error, asyncio.CancelledError):
        return ""
    return error.message if isinstance(error, ConduitError) else f"{type(error).__name__}: {error}"
