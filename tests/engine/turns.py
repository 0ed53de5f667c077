"""What the tests of the engine share: a turn with a script, a loop whose clock is moved by hand."""

import asyncio
from decimal import Decimal

from pydantic import BaseModel

from conduit.clients import ScriptedClient
from conduit.engine.engine import Engine
from conduit.engine.plans import Plans
from conduit.engine.risk import Tier
from conduit.engine.tool import Tool, Toolbox
from conduit.messages import AssistantMessage, Conversation, MessageEnd, ToolCallPart, Usage, UserMessage

ASKED = Conversation().add(UserMessage.of("bass"))


class Word(BaseModel):
    word: str = ""


def calls(*names):
    """Make a message that calls these tools, each with its own place as the id and the word."""
    return AssistantMessage(
        parts=tuple(
            ToolCallPart(id=str(place), name=name, arguments=f'{{"word": "{place}"}}')
            for place, name in enumerate(names)
        )
    )


def tool_of(run, *, name="do", tier=Tier.READ_ONLY, timeout_s=None, limited=True):
    return Tool(name, "do it", Word, tier, run, timeout_s, limited)


def box(*tools, **options):
    return Toolbox(tools, plans=options.pop("plans", Plans(clock=lambda: 0.0)), **options)


def engine(client, *tools, **options):
    client = ScriptedClient(client) if isinstance(client, list) else client
    return Engine(client, model="script", toolbox=box(*tools), **options)


async def turn(client, *tools, events=None, talk=ASKED, control=None, on=None, **options):
    """Run one turn; ``on`` is told of each event after it was kept."""
    kept = [] if events is None else events

    def emit(event):
        kept.append(event)
        if on is not None:
            on(event)

    return await engine(client, *tools, **options).run(talk, emit=emit, control=control)


class Stubborn:
    """What a tool runs that swallows its cancellation, and waits on; use it within a turn of ``by_hand``.

    Attributes:
        begun: Set once it runs.
    """

    def __init__(self, answer="too late"):
        self.begun = asyncio.Event()
        self._answer = answer
        self._released = asyncio.Event()
        self._tasks = []

    async def __call__(self, _):
        self._tasks.append(asyncio.current_task())
        self.begun.set()
        while not self._released.is_set():
            try:
                await self._released.wait()
            except asyncio.CancelledError:
                pass_time(2)  # so that no test has to wait until it is given up
        return self._answer

    async def released(self):
        """Let it come to its end."""
        self._released.set()
        await asyncio.wait(self._tasks)


def kinds(events):
    return [type(event).__name__ for event in events]


def results(end):
    return [m.result.text for m in end.conversation.messages if m.role == "tool"]


class Counted:
    """A scripted client whose answers have a price, or none."""

    provider = "counted"
    models = ("script",)
    streams_tool_arguments = True

    def __init__(self, replies, *, usage=None, cost_usd=None, cached=False):
        self._client = ScriptedClient(replies)
        cost = None if cost_usd is None else Decimal(cost_usd)
        self._facts = {"usage": usage, "cost_usd": cost, "cached": cached}

    async def stream(self, request):
        async for event in self._client.stream(request):
            if isinstance(event, MessageEnd):
                metadata = event.response.metadata.model_copy(update=self._facts)
                yield MessageEnd(response=event.response.model_copy(update={"metadata": metadata}))
            else:
                yield event


TEN = Usage(input_tokens=6, output_tokens=4)


class HandLoop(asyncio.SelectorEventLoop):
    """A loop whose clock a test moves on, so that nobody has to wait."""

    ahead_s = 0.0

    def time(self):
        return super().time() + self.ahead_s


def by_hand(main):
    """Run a coroutine on a loop whose clock is moved by hand; nothing may be left on it."""
    with asyncio.Runner(loop_factory=HandLoop) as runner:
        return runner.run(alone(main))


async def alone(main):
    """Wait for a coroutine, and make sure that it leaves no task behind."""
    before = asyncio.all_tasks()
    try:
        return await main
    finally:
        left = asyncio.all_tasks() - before
        assert not left, left


def pass_time(seconds):
    """Move the clock of the running loop on."""
    asyncio.get_running_loop().ahead_s += seconds
