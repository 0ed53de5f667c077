"""Who leaves while something else is under way leaves no subscription in Live, and makes nobody deaf."""

from __future__ import annotations

import asyncio

from conduit.live.listening import Listeners

TEMPO = "/live/song/get/tempo"


class Wire:
    """Keeps what is sent, in order; starts and stops wait until they are let go."""

    def __init__(self):
        self.sent = []
        self.starts, self.stops = asyncio.Event(), asyncio.Event()
        self.starts.set()
        self.stops.set()
        self.listeners = Listeners(self.start, self.stop)

    async def start(self, address, _):
        await self.starts.wait()
        self.sent.append(address)

    async def stop(self, *told):
        await self.stops.wait()
        self.sent += [address for address, *_ in told]


def test_who_leaves_while_subscriptions_are_sent_again_leaves_none_behind():
    async def journey():
        wire = Wire()
        listening = await wire.listeners.listen(TEMPO, (), print)
        wire.starts.clear()
        again = asyncio.ensure_future(wire.listeners.again())
        await asyncio.sleep(0)
        await listening.stop()
        wire.starts.set()
        await again
        return wire.sent[-1]

    assert asyncio.run(journey()) == "/live/song/stop_listen/tempo"


def test_who_listens_while_another_leaves_is_subscribed_after_it():
    async def journey():
        wire = Wire()
        listening = await wire.listeners.listen(TEMPO, (), print)
        wire.stops.clear()
        leaving = asyncio.ensure_future(listening.stop())
        await asyncio.sleep(0)
        coming = asyncio.ensure_future(wire.listeners.listen(TEMPO, (), print))
        await asyncio.sleep(0)
        wire.stops.set()
        await asyncio.gather(leaving, coming)
        return wire.sent

    assert asyncio.run(journey())[-1] == "/live/song/start_listen/tempo"
