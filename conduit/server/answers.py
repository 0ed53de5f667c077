"""The answers that are under way, and how they end when the server does: each says itself that it broke off.

To be cancelled from outside is a fault to a web server, which logs its trace; so they are ended here, before it
has to.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from conduit.errors import ErrorKind, ProviderError
from conduit.server.replies import error_line, refusal

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Answers"]

FAREWELL_S = 0.5
"""How long somebody may take to hear that the answer broke off."""


class Answers:
    """An application whose answers can be broken off.

    Args:
        app: Gives the answers. One that comes in pieces comes in lines of JSON.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._under_way: set[asyncio.Task[Any]] = set()
        self._broken_off = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does."""
        answering = asyncio.current_task()
        if scope["type"] != "http" or answering is None:
            await self._app(scope, receive, send)
            return
        last: Message | None = None

        async def sent(message: Message) -> None:
            nonlocal last
            last = message
            await send(message)

        self._under_way.add(answering)
        try:
            await self._app(scope, receive, sent)
        except asyncio.CancelledError:
            if not self._broken_off:
                raise
            answering.uncancel()
            with suppress(TimeoutError):
                async with asyncio.timeout(FAREWELL_S):
                    await _farewell(last, scope, receive, send)
        finally:
            self._under_way.discard(answering)

    async def end(self, *, grace_s: float) -> None:
        """Give the answers under way some time, and break off those that need more."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=grace_s)
        self._broken_off = True
        for answering in self._under_way:
            answering.cancel()


async def _farewell(last: Message | None, scope: Scope, receive: Receive, send: Send) -> None:
    """Say that an answer broke off, after what was sent last of it."""
    error = ProviderError(
        "this Conduit was stopped in the middle of its answer; ask again when it is back",
        kind=ErrorKind.STREAM_INCOMPLETE,
        provider="conduit",
        status=503,
    )
    if last is None:
        await refusal(error)(scope, receive, send)
    elif last["type"] == "http.response.start" or last.get("more_body"):
        await send({"type": "http.response.body", "body": error_line(error) + b"\n"})
