"""What a model, a channel and a batch need around them: a way to models, a loop, a store, and where changes wait.

The ``Studio`` of the process is the home of all that do not name another.
"""

from __future__ import annotations

import time
from collections.abc import Coroutine
from concurrent.futures import Future
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar

from conduit.clients import Client
from conduit.engine.plans import Plans
from conduit.engine.rates import RateLimits
from conduit.keys import Keys
from conduit.loop import LoopThread
from conduit.routing import CacheMode, Policy, Router

if TYPE_CHECKING:
    from conduit.store import Store

__all__ = ["Home", "LocalHome", "Routed", "default_home"]

T = TypeVar("T")


class Routed(Client, Protocol):
    """A client that was found by a name."""

    @property
    def model(self) -> str:
        """What a request to it calls the model."""


class Home(Protocol):
    """Where work is done and what lasts between two questions."""

    @property
    def store(self) -> Store:
        """Where conversations last."""

    @property
    def plans(self) -> Plans:
        """Where changes wait for a person."""

    @property
    def rates(self) -> RateLimits:
        """How often tools may run."""

    def route(self, model: str = "", *, cache: str = "", budget: str = "cell") -> Routed:
        """Give the client that answers one question.

        Args:
            model: ``provider/model``, a provider, a short name, or empty for the default.
            cache: ``off``, ``on`` or ``refresh``; empty as it is set.
            budget: ``cell`` has a cell's limits; ``batch`` has only the session's tokens and cost.
        """

    def scrub(self, text: str) -> str:
        """Take every known key out of a text."""

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Start a coroutine on the home's loop, from any thread; cancelling the future cancels it there."""

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the home's loop and wait for it.

        Raises:
            RuntimeError: The caller is on that loop.
        """


class LocalHome:
    """A home without a studio: these clients, a loop of its own, and a store in memory.

    For programs that use the framework alone, and for tests. Close it when it is no longer needed.

    Args:
        clients: Who can answer; the first is the default.
        store: Where conversations last; by default in memory.

    >>> from conduit.channel import Model
    >>> from conduit.clients import ScriptedClient
    >>> with LocalHome(ScriptedClient(["Four on the floor."])) as home:
    ...     print(Model(home=home).ask("a drum pattern"))
    Four on the floor.
    """

    def __init__(self, *clients: Client, store: Store | None = None) -> None:
        self.plans = Plans(clock=time.monotonic)
        self.rates = RateLimits()
        self._loop = LoopThread()
        self._router = Router(clients)
        self._default = clients[0].provider if clients else ""
        self._given = store

    @cached_property
    def store(self) -> Store:
        """Where conversations last; opened when it is first asked for."""
        from conduit.store import Store  # noqa: PLC0415  a database is loaded only where one is used

        return self._given or Store()

    def route(
        self,
        model: str = "",
        *,
        cache: str = "",
        budget: str = "cell",  # noqa: ARG002  a home without a studio has no limits
    ) -> Routed:
        """Give the client that answers one question."""
        policy = Policy(cache=CacheMode(cache or CacheMode.OFF))
        return self._router.route(model or self._default, policy=policy)

    def scrub(self, text: str) -> str:
        """Take whatever is shaped like a key out of a text."""
        return Keys({}).scrub(text)

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Start a coroutine on the home's loop, from any thread."""
        return self._loop.submit(work)

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the home's loop and wait for it."""
        return self._loop.call(work)

    def close(self) -> None:
        """Close every connection, stop what runs, and end the loop; a store that was handed in stays open."""
        if self._loop.is_running:
            self._loop.call(self._router.close())
            self._loop.close()
            if self._given is None and "store" in vars(self):
                self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def default_home() -> Home:
    """Give the studio of this process."""
    import conduit  # noqa: PLC0415  its home is above this room

    home: Home = conduit.current()
    return home
