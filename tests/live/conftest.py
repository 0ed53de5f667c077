from __future__ import annotations

import asyncio

import pytest

from conduit.live import Faults, start_simulated
from conduit.live.endpoints import ERROR
from conduit.live.osc import Message
from conduit.live.simulator.handlers import Outcome


@pytest.fixture
def live():
    """Run a journey, an async function of a link and its simulated Live, on real UDP and free ports."""

    def run(journey, *, tick_s=0.0, faults=None, **options):
        options["faults"] = faults or Faults(tick_s=tick_s)

        async def there_and_back():
            link, simulator = await start_simulated(**options)
            async with link, simulator:
                return await journey(link, simulator)

        return asyncio.run(there_and_back())

    return run


class Moody:
    """Stands before a simulator's handlers: it may refuse an address, or drop half of the notes, once."""

    def __init__(self, handlers, *, refuses="", forgets=False):
        self.handlers = handlers
        self.refuses = refuses
        self.forgets = forgets

    def handle(self, message):
        if message.address == self.refuses:
            return Outcome((Message(ERROR, ("Error handling OSC message: not in list",)),), failed=True)
        if self.forgets and message.address.endswith("add/notes"):
            self.forgets = False
            message = Message(message.address, message.args[: 2 + 5 * 4])
        return self.handlers.handle(message)


@pytest.fixture
def moody():
    """Make a simulator's handlers moody."""

    def make(simulator, **moods):
        simulator.handlers = Moody(simulator.handlers, **moods)

    return make
