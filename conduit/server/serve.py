"""Lets the application listen: a socket on this machine, on the studio's loop."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

from conduit.errors import SetupError
from conduit.server.answers import Answers
from conduit.server.http import make_app
from conduit.server.turns import Turns

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from uvicorn import Server

    from conduit.studio import Studio

__all__ = ["Serving", "listen", "start"]

GRACE_S = 1.0
"""How long answers under way may go on when the server is to end."""


class Serving:
    """A server that listens.

    Attributes:
        url: Where, such as ``http://127.0.0.1:9321``.

    >>> from conduit.clients import ScriptedClient
    >>> async def served(client: ScriptedClient) -> str:
    ...     server = await listen(make_app(lambda model: client, client.list_models, token="…"))
    ...     await server.close()
    ...     return server.url
    >>> asyncio.run(served(ScriptedClient(["hello"])))
    'http://127.0.0.1:...'
    """

    def __init__(self, server: Server, answers: Answers, task: asyncio.Task[None], url: str) -> None:
        self.url = url
        self._answers = answers
        self._server = server
        self._task = task

    async def closed(self) -> None:
        """Wait until it has ended."""
        await asyncio.shield(self._task)

    async def close(self) -> None:
        """End it; answers under way are broken off after a second."""
        self._server.should_exit = True
        await self._answers.end(grace_s=GRACE_S)
        await self._task


async def start(studio: Studio, *, port: int, token: str) -> Serving:
    """Begin to answer for a studio's models, and to run turns with the tools that are chosen in it.

    Args:
        studio: Whose models and tools.
        port: The TCP port on 127.0.0.1; 0 takes a free one.
        token: What a caller has to know.

    Raises:
        SetupError: The port is taken.
    """

    async def models() -> list[str]:
        await studio.providers.registry.look()
        return studio.models

    route = studio.providers.route
    turns = Turns(
        route,
        plans=studio.plans,
        tools=studio.tools.tools,
        rates=studio.rates,
        clean=studio.providers.scrub,
    )
    return await listen(make_app(route, models, token=token, turns=turns), port=port)


async def listen(app: Starlette, *, port: int = 0) -> Serving:
    """Let an application listen on 127.0.0.1; raises as ``start`` does."""
    import uvicorn  # noqa: PLC0415  only for those who serve

    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
        listening.listen()  # who connects before the server runs waits for it
    except OSError as error:
        listening.close()
        raise SetupError(
            f"port {port} cannot be had ({error.strerror}); choose another with --port"
        ) from None
    answers = Answers(app)
    # It only waits in case somebody does not take what was said last.
    config = uvicorn.Config(answers, log_level="warning", access_log=False, timeout_graceful_shutdown=3)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    return Serving(server, answers, task, f"http://127.0.0.1:{listening.getsockname()[1]}")
