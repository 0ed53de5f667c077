"""Many questions at once: the same prompt for a table of inputs, or a list of texts.

A batch that has a name is kept in the store item by item. Run again under that name, after an interrupt or a crash,
it asks only what is not stored.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from conduit.channel.batch_answer import answer
from conduit.channel.batch_inputs import Jobs, asker, labels_of
from conduit.channel.batch_item import Outcome
from conduit.channel.batch_result import BatchResult
from conduit.channel.batch_run import BatchRun, Pace
from conduit.channel.batch_shelf import StoreShelf
from conduit.channel.home import Home, default_home
from conduit.channel.model import Model
from conduit.channel.parser import Parser
from conduit.channel.progress import Progress, Tally
from conduit.channel.prompt import Prompt
from conduit.channel.spread import POLL_S, CallerExecutor, Cluster, asked_far, executor_of
from conduit.channel.streaming import at_home
from conduit.errors import SetupError
from conduit.messages import Request

if TYPE_CHECKING:
    from conduit.store import Store

__all__ = ["Batch"]

T = TypeVar("T")

Ask = Callable[[Request], Awaitable[Outcome]]


class Batch(Generic[T]):
    """Asks a model about each of many inputs, several at once, and gives the answers in their order.

    Items that fail are kept as data. What every item would fail with (a wrong key, a used up budget, a provider
    that is away for longer than ``patience_s``) ends the run with its error; ``result`` then holds what had come.

    Args:
        model: A model, or its name.
        prompt: A template, whose inputs are given for each item; without one the inputs are texts.
        parser: What the answers have to be; without one they are texts.
        name: What it is called in the store, for going on with it later; without a name nothing is stored. Two
            processes that run it at once each ask, and the store keeps one answer for each item.
        concurrency: How many items are asked at once, at least 1.
        executor: A ``dask.distributed.Client``, or an executor of ``concurrent.futures``, whose workers ask, each
            by its own settings and keys; by default this process does.
        store: Where it is kept; by default the home's.
        home: Where the work is done; by default the model's, else the studio of this process.
        progress: Whether a bar is drawn where somebody can see it.
        patience_s: How long an item waits in all for a provider that is busy or away, in seconds.

    Attributes:
        result: What the last run gave, also one that was stopped.

    >>> from conduit.clients import ScriptedClient
    >>> model = Model(client=ScriptedClient(["F minor", "174 bpm"]))
    >>> result = Batch(model, prompt="{{ what }} of {{ genre }}?", concurrency=1, progress=False).run(
    ...     [{"what": "the usual key", "genre": "dubstep"}, {"what": "the tempo", "genre": "drum and bass"}]
    ... )
    >>> result.values
    ['F minor', '174 bpm']
    >>> result.to_dataframe()["genre"].tolist()
    ['dubstep', 'drum and bass']
    """

    @overload
    def __init__(
        self: Batch[str],
        model: Model | str = "",
        *,
        prompt: Prompt | str | None = None,
        parser: None = None,
        name: str = "",
        concurrency: int = 8,
        executor: Cluster | Executor | None = None,
        store: Store | None = None,
        home: Home | None = None,
        progress: bool = True,
        patience_s: float = 300.0,
    ) -> None: ...
    @overload
    def __init__(
        self: Batch[T],
        model: Model | str = "",
        *,
        prompt: Prompt | str | None = None,
        parser: Parser[T],
        name: str = "",
        concurrency: int = 8,
        executor: Cluster | Executor | None = None,
        store: Store | None = None,
        home: Home | None = None,
        progress: bool = True,
        patience_s: float = 300.0,
    ) -> None: ...
    def __init__(
        self,
        model: Model | str = "",
        *,
        prompt: Prompt | str | None = None,
        parser: Parser[Any] | None = None,
        name: str = "",
        concurrency: int = 8,
        executor: Cluster | Executor | None = None,
        store: Store | None = None,
        home: Home | None = None,
        progress: bool = True,
        patience_s: float = 300.0,
    ) -> None:
        if concurrency < 1 or patience_s < 0:
            raise ValueError(
                f"concurrency is {concurrency} and patience_s {patience_s}; at least 1 and 0 are needed"
            )
        self.model = Model(model, home=home) if isinstance(model, str) else model
        self.prompt = Prompt(prompt) if isinstance(prompt, str) else prompt
        self.parser = parser
        self.name = name
        self.concurrency = concurrency
        self.patience_s = patience_s
        self.result: BatchResult[T] = BatchResult(name=name)
        self._executor = None if executor is None else executor_of(executor)
        self._store = store
        self._given_home = home
        self._progress = progress
        self._check()

    def run(
        self, inputs: Iterable[Any], *, fresh: bool = False, retry_errors: bool = False
    ) -> BatchResult[T]:
        """Ask, and wait for the answers.

        Args:
            inputs: Texts, or mappings of the prompt's inputs, or a pandas ``DataFrame`` that has them as columns,
                or finished requests. They are taken as they are needed, in the caller's thread, so a generator may
                be long.
            fresh: Whether what is stored under the batch's name is forgotten first.
            retry_errors: Whether stored items that failed are asked again.

        Raises:
            SetupError: The inputs are not those that are stored under this name, it runs already in this process,
                or there is no such model.
            PromptError: The prompt refuses the first input that has all its values.
            BudgetExceeded: The session used up what it was allowed.
            ProviderError: A key was refused, or a provider was away too long.
            RuntimeError: It was called on Conduit's own loop; await ``run_async`` there.
        """
        caller = CallerExecutor()
        with self._begun(inputs, caller, fresh=fresh, retry_errors=retry_errors) as (run, bar):
            try:
                task = self._home.call(run.start(caller.wake))
                caller.serve(task, tick=bar.draw)
            finally:
                self._home.call(run.end())
            task.result()
        return self.result

    async def run_async(
        self, inputs: Iterable[Any], *, fresh: bool = False, retry_errors: bool = False
    ) -> BatchResult[T]:
        """Ask on any event loop; takes and raises what ``run`` does. Inputs are taken in a thread of their own."""
        with (
            ThreadPoolExecutor(1, "batch-inputs") as thread,
            self._begun(inputs, thread, fresh=fresh, retry_errors=retry_errors) as (run, bar),
        ):
            over = asyncio.Event()
            here = asyncio.get_running_loop()
            wake = partial(_wake, here, over)
            try:
                task = await at_home(self._home, run.start(wake))
                while not task.done():
                    with suppress(TimeoutError):
                        await asyncio.wait_for(over.wait(), POLL_S)
                    bar.draw()
            finally:
                await asyncio.shield(at_home(self._home, run.end()))
            task.result()
        return self.result

    @property
    def _home(self) -> Home:
        return self._given_home or self.model.home or default_home()

    def _check(self) -> None:
        if self.model.tools:
            raise SetupError(
                "a batch runs no tools; leave them out of its model, or ask by a Channel one by one"
            )
        if self._executor is not None and self.model.client is not None:
            raise SetupError(
                "a client cannot be sent to other processes; name the model (Model('provider/model')), and each "
                "worker finds it by its own settings"
            )

    @contextmanager
    def _begun(
        self, inputs: Iterable[Any], feeder: Executor, *, fresh: bool, retry_errors: bool
    ) -> Iterator[tuple[BatchRun[T], Progress]]:
        """Prepare a run, and keep what came of it however it ends."""
        jobs = Jobs(inputs, ask=asker(self.model.request, self.prompt))
        tally = Tally(total=jobs.total)
        run: BatchRun[T] = BatchRun(
            jobs,
            ask=self._ask(),
            parser=self.parser,
            shelf=self._shelf(fresh=fresh),
            pace=Pace(self.concurrency, self.patience_s, again=retry_errors),
            tally=tally,
            feeder=feeder,
        )
        try:
            with Progress(tally, name=self.name, shown=self._progress) as bar:
                yield run, bar
        except BaseException as error:
            if tally.done:
                error.add_note(self._where(tally))
            raise
        finally:
            items = (item for item in run.items if item is not None)
            self.result = BatchResult(items, labels=labels_of(inputs), name=self.name)

    def _shelf(self, *, fresh: bool) -> StoreShelf | None:
        if not self.name:
            return None
        return StoreShelf(self._store or self._home.store, name=self.name, parser=self.parser, fresh=fresh)

    def _where(self, tally: Tally) -> str:
        """Say where that is which had come."""
        total = "" if tally.total is None else f" of {tally.total:,}"
        if self.name:
            return f"{tally.done:,}{total} items are stored as {self.name!r}; run it again to go on with the others"
        return f"{tally.done:,}{total} items had come; they are in the batch's result"

    def _ask(self) -> Ask:
        if self._executor is None:
            return self._ask_here
        return partial(asked_far, self._executor, parser=self.parser, cache=self.model.cache)

    async def _ask_here(self, request: Request) -> Outcome:
        model = self.model
        # A way to the model for each item: it keeps what went wrong on it.
        client = model.client or self._home.route(request.model, cache=model.cache, budget="batch")
        return await answer(client, await model.named(request, client), parser=self.parser)


def _wake(here: asyncio.AbstractEventLoop, over: asyncio.Event, _: object) -> None:
    if not here.is_closed():
        here.call_soon_threadsafe(over.set)
