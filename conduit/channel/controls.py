"""A person's hand on whatever turns of a channel run, from any thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from conduit.channel.asking import Question
from conduit.channel.home import Home
from conduit.errors import ConversationError

__all__ = ["Controls"]


class Controls:
    """The questions of a channel that are under way.

    Args:
        home: Gives the home on whose loop they run.
    """

    def __init__(self, home: Callable[[], Home]) -> None:
        self._home = home
        self._running: list[Question[Any]] = []

    @contextmanager
    def running(self, question: Question[Any]) -> Iterator[None]:
        """Hold on to a question while it is under way."""
        self._running.append(question)
        try:
            yield
        finally:
            self._running.remove(question)

    def each(self, act: Callable[[Question[Any]], None]) -> None:
        """Do something with every question that is under way; nothing where there is none."""
        for question in tuple(self._running):
            self._act(question, act)

    def last(self, act: Callable[[Question[Any]], None]) -> None:
        """Do something with the question that began last.

        Raises:
            ConversationError: None is under way.
        """
        running = tuple(self._running)
        if not running:
            raise ConversationError("no turn runs that could be steered; ask it as a question")
        self._act(running[-1], act)

    def _act(self, question: Question[Any], act: Callable[[Question[Any]], None]) -> None:
        async def acted() -> None:
            act(question)

        try:
            here = asyncio.get_running_loop()
        except RuntimeError:
            here = None
        if here is question.loop:
            act(question)
        else:
            self._home().call(acted())
