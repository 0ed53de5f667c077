"""Whole turns for another Conduit: it sends a conversation, an engine here moves it on, every event goes back.

The tools are this server's own, asked for by name. Only those that act at once (``ReadOnly``, ``Stateful``) can be
had: any other makes a plan, a person decides a plan where it waits, and from afar nobody can yet (issue 11).
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from dataclasses import replace

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response, StreamingResponse

from conduit.channel.shaped import ShapedClient
from conduit.clients import Client
from conduit.engine.control import Control
from conduit.engine.engine import Engine
from conduit.engine.events import Advanced, TurnEvent
from conduit.engine.limits import Limits, Reason
from conduit.engine.machine import End
from conduit.engine.plans import Plans
from conduit.engine.rates import RateLimits
from conduit.engine.risk import GATES, Gate
from conduit.engine.sending import Begun, Question, Word
from conduit.engine.tool import IsTool, Tool, Toolbox
from conduit.engine.wire import dump_event
from conduit.errors import ConduitError, ConversationError, ErrorKind, ProviderError, SetupError
from conduit.messages import Conversation
from conduit.server.replies import NDJSON, error_line, read

__all__ = ["MOST", "Turns"]

MOST = Limits(steps=100, wall_s=3600.0)
"""How far any turn may go here where nothing else is said."""


class Turns:
    """Runs whole turns for those who ask.

    Args:
        route: Gives the client that answers for a model's name.
        plans: Where a tool's changes would wait.
        tools: Gives what may be asked for by name; tools that would make a plan are left out.
        limits: How far any turn may go, whatever is asked for. Its time runs on in a pause.
        most: Turns under way at once; one more is refused.
        rates: How often tools may run, for all turns together; by default a count of this object's own.
        clean: Takes secrets out of what a tool's foreign exception says.
        alive_s: Seconds of silence after which an empty line says that a turn still runs, or stands in a pause.

    Attributes:
        controls: The hand on each turn that runs, by its id.

    >>> from conduit.clients import ScriptedClient
    >>> turns = Turns(lambda model: ScriptedClient(["hello"]), plans=Plans(clock=lambda: 0.0))
    >>> turns.offered, turns.running
    ({}, 0)
    """

    def __init__(
        self,
        route: Callable[[str], Client],
        *,
        plans: Plans,
        tools: Callable[[], Iterable[IsTool]] = tuple,
        limits: Limits = MOST,
        most: int = 64,
        rates: RateLimits | None = None,
        clean: Callable[[str], str] | None = None,
        alive_s: float = 30.0,
    ) -> None:
        self._route = route
        self._plans = plans
        self._tools = tools
        self._limits = limits
        self._most = most
        self._rates = rates or RateLimits()
        self._clean = clean
        self._alive_s = alive_s
        self.controls: dict[str, Control] = {}
        self._engines: set[asyncio.Task[End]] = set()

    @property
    def offered(self) -> Mapping[str, Tool]:
        """What may be asked for, by name."""
        tools = (given.tool for given in self._tools())
        return {tool.name: tool for tool in tools if GATES[tool.tier] is Gate.ALLOW}

    @property
    def running(self) -> int:
        """How many turns run."""
        return len(self._engines)

    async def begin(self, asked: HttpRequest) -> Response:
        """Answer ``POST /v1/turn``: a line a thing that happens, the last its end or the error it failed with."""
        question = await read(Question, asked, what="turn")
        talk = await asyncio.to_thread(question.conversation)
        toolbox = self._toolbox(question.tools)
        client = ShapedClient(self._route(question.model))
        engine = Engine(
            client,
            model=question.model or _default(client),
            toolbox=toolbox,
            params=question.params,
            limits=question.limits.capped(self._limits),
            response_schema=question.response_schema,
        )
        begun = Begun(id=secrets.token_hex(8), tools=toolbox.specs)
        return StreamingResponse(self._lines(engine, talk, begun), media_type=NDJSON)

    async def say(self, asked: HttpRequest) -> Response:
        """Answer ``POST /v1/turn/{id}``: pause, resume or steer a turn that runs."""
        word = await read(Word, asked, what="word to a turn")
        control = self.controls.get(asked.path_params["id"])
        if control is None:
            raise ConversationError("this turn is over, or there was none; say it with the next question")
        word.to(control)
        return JSONResponse({"status": "ok"})

    def _toolbox(self, names: tuple[str, ...]) -> Toolbox:
        offered = self.offered
        troubles = [self._trouble(name) for name in names if name not in offered]
        if troubles:
            valid = ", ".join(offered) or "none"
            raise SetupError(f"{'; '.join(troubles)}; this server offers: {valid}", valid=list(offered))
        tools = [offered[name] for name in dict.fromkeys(names)]
        return Toolbox(tools, plans=self._plans, rates=self._rates, clean=self._clean)

    def _trouble(self, name: str) -> str:
        tier = next((given.tool.tier for given in self._tools() if given.tool.name == name), None)
        if tier is None:
            return f"there is no tool {name!r}"
        return f"{name} is {tier}, and what it changes has to be approved where it runs"

    def _ended(self, running: asyncio.Task[End]) -> None:
        self._engines.discard(running)
        if not running.cancelled():
            running.exception()  # told already, or nobody is there to be told

    def _start(
        self, engine: Engine, talk: Conversation, control: Control, told: asyncio.Queue[TurnEvent | None]
    ) -> asyncio.Task[End]:
        running = asyncio.create_task(engine.run(talk, emit=told.put_nowait, control=control))
        self._engines.add(running)
        running.add_done_callback(self._ended)
        running.add_done_callback(lambda _: told.put_nowait(None))
        if self._limits.wall_s is not None:  # unlike the engine's, this clock runs on in a pause
            last = asyncio.get_running_loop().call_later(self._limits.wall_s, control.abort)
            running.add_done_callback(lambda _: last.cancel())
        return running

    async def _lines(self, engine: Engine, talk: Conversation, begun: Begun) -> AsyncGenerator[bytes, None]:
        if len(self.controls) >= self._most:  # looked at here, where no other turn can begin in between
            yield error_line(_busy(self._most)) + b"\n"
            return
        told: asyncio.Queue[TurnEvent | None] = asyncio.Queue()
        control = self.controls[begun.id] = Control()
        running = self._start(engine, talk, control, told)
        try:
            yield begun.model_dump_json().encode() + b"\n"
            async for line in _written(told, talk, alive_s=self._alive_s):
                yield line
            await running
        except ConduitError as error:
            yield error_line(error) + b"\n"
        finally:
            del self.controls[begun.id]
            running.cancel()  # who asked has gone, or it has ended


def _default(client: Client) -> str:
    """Name the model that is meant where none is named."""
    if not client.models:
        raise SetupError(f"{client.provider} has no model that is meant where none is named; name one")
    return client.models[0]


def _busy(most: int) -> ProviderError:
    return ProviderError(
        f"as many turns are under way here as may be ({most}); ask again when one of them has ended",
        kind=ErrorKind.OVERLOADED,
        provider="conduit",
    )


async def _written(
    told: asyncio.Queue[TurnEvent | None], talk: Conversation, *, alive_s: float
) -> AsyncGenerator[bytes, None]:
    """Write what is told, each line as what it adds to the conversation so far."""
    while True:
        try:
            async with asyncio.timeout(alive_s):
                event = await told.get()
        except TimeoutError:
            yield b"\n"
            continue
        if event is None:
            return
        if isinstance(event, End) and event.reason is Reason.ABORTED:
            event = replace(event, reason=Reason.TIME_LIMIT)  # on this side only the clock aborts
        # A turn that was stopped here tells no end: the connection breaks off instead, and the other side keeps it.
        if not (isinstance(event, End) and event.reason is Reason.INTERRUPTED):
            yield dump_event(event, shared=talk).encode() + b"\n"
        talk = event.conversation if isinstance(event, Advanced) else talk
        await asyncio.sleep(0)  # lets the loop hear that who asked has gone
