"""What a person does to the notes of a view: at once in the notebook's variables, then in studio and record.

An edit is taken where it arrives, in whichever thread that is. What it leads to happens on the studio's loop, once
for all edits that came meanwhile, and the record is drawn when no more have come for a while.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from conduit.engine.plan import Plan
from conduit.music import Clip
from conduit_magics.place import is_quick

if TYPE_CHECKING:
    from conduit_magics.output import Output

__all__ = ["ByHand", "Names"]

QUIET_S, LONG_QUIET_S = 0.5, 5.0
"""Seconds without an edit after which a record is drawn: it takes longer than a note takes to be moved, and that of
very many notes some seconds."""


class Names:
    """The variables that Conduit bound, or by which a clip was shown; an edit is followed in them.

    Args:
        variables: The notebook's.

    >>> variables = {"bass": (old := object()), "mine": old, "takes": [old, 1]}
    >>> names = Names(variables)
    >>> names.bound("bass", "takes")
    >>> names.follow(old, 2)
    >>> variables["bass"], variables["mine"] is old, variables["takes"]
    (2, True, [2, 1])
    """

    def __init__(self, variables: dict[str, Any]) -> None:
        self._variables = variables
        self._names: set[str] = set()

    def bound(self, *names: str) -> None:
        """Note that these variables hold what a view shows."""
        self._names.update(names)

    def follow(self, before: object, after: object) -> None:
        """Put a new value where one of them still holds the very old one, alone or in a list."""
        for name in tuple(self._names):  # a cell may bind another meanwhile
            held = self._variables.get(name)
            if held is before:
                self._variables[name] = after
            elif isinstance(held, list):
                held[:] = [after if one is before else one for one in held]


class ByHand:
    """Follows the edits of one output.

    Args:
        output: Whose.
        names: The variables that follow.
        rejected: Told, on the studio's loop, of each plan that an edit has made out of date.
    """

    def __init__(self, output: Output, *, names: Names, rejected: Callable[[Plan], Any]) -> None:
        self._output = output
        self._names = names
        self._rejected = rejected
        self._waiting: list[tuple[Clip, Clip]] = []  # as the studio knows it, and as it is
        self._lock = threading.Lock()
        self._drawing: asyncio.Task[None] | None = None

    def took(self, part: int) -> None:
        """Follow an edit of a part; any thread, and it returns at once."""
        output, view = self._output, self._output.view  # it may be sealed from here on
        if view is None:
            return
        with self._lock:
            parts = view.parts
            if part >= min(len(output.parts), len(parts)) or output.parts[part] is parts[part]:
                return
            before, after = output.parts[part], parts[part]
            for old, new in output.put_part(part, after):
                self._names.follow(old, new)
            self._wait(before, after)
        output.studio.submit(self._tell())

    def _wait(self, before: Clip, after: Clip) -> None:
        """Let an edit wait, as one with those of its clip that wait already."""
        for place, (known, now) in enumerate(self._waiting):
            if now is before:
                self._waiting[place] = (known, after)
                return
        self._waiting.append((before, after))

    def set_anew(self, _: object) -> None:
        """Follow what Python has put into the view, which tells of it; any thread."""
        output, view = self._output, self._output.view
        if view is None:
            return
        with self._lock:
            parts = view.parts
            if parts == output.parts:
                return
            output.show(*parts)
        output.studio.submit(self._later())

    async def _tell(self) -> None:
        """Tell the studio of what waits, one at a time: what still waits may be edited on meanwhile."""
        told = False
        while (edit := self._next()) is not None:
            told = True
            for plan in await self._output.studio.edited(*edit):
                await self._rejected(plan)
        if told:
            await self._later()

    def _next(self) -> tuple[Clip, Clip] | None:
        with self._lock:
            return self._waiting.pop(0) if self._waiting else None

    async def _later(self) -> None:
        if self._drawing is not None:
            self._drawing.cancel()
        self._drawing = asyncio.ensure_future(self._draw())

    async def _draw(self) -> None:
        await asyncio.sleep(QUIET_S if is_quick(self._output) else LONG_QUIET_S)
        self._drawing = None  # from here on it is finished, whatever comes
        for clip in self._output.parts:
            self._output.studio.shelf.keep(clip)
        self._output.edited()
        await self._output.record()
