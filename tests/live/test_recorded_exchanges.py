"""The simulator's answers, compared with exchanges recorded from AbletonOSC's own handlers."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from conduit.live import Simulator
from conduit.live.osc import decode, encode
from conduit.live.simulator.handlers import GREETING

EXCHANGES = Path(__file__).parents[1] / "data" / "abletonosc-exchanges.jsonl"

LEFT_OUT: tuple[str, ...] = ()
"""Patterns of addresses whose recorded replies the simulator does not give."""


class Ear(asyncio.DatagramProtocol):
    def __init__(self):
        self.heard = asyncio.Queue()

    def datagram_received(self, data, _addr):
        self.heard.put_nowait(decode(data))


async def play(exchanges):
    """Send each message over UDP, with a test message behind it that tells when all its replies are there."""
    loop = asyncio.get_running_loop()
    transport, ear = await loop.create_datagram_endpoint(Ear, local_addr=("127.0.0.1", 0))
    answers = []
    async with Simulator(port=0, reply_port=transport.get_extra_info("sockname")[1]) as simulator:
        while (await ear.heard.get()).address != GREETING[-1].address:
            pass
        for exchange in exchanges:
            for message in (encode(exchange["send"], *exchange["args"]), encode("/live/test")):
                transport.sendto(message, (simulator.host, simulator.port))
            got = []
            while (message := await ear.heard.get()).address != "/live/test":
                got.append(message)
            if exchange["send"] == "/live/test":
                got = [message]
                await ear.heard.get()
            answers.append(got)
    transport.close()
    await asyncio.sleep(0)
    return answers


def recorded(reply):
    address, tags, values = reply
    floats = [float(v) if tag == "f" else v for tag, v in zip(tags[1:], values, strict=True)]
    return address, tags, floats


def test_every_recorded_exchange_is_answered_alike():
    exchanges = [json.loads(line) for line in EXCHANGES.read_text(encoding="utf-8").splitlines()]
    exchanges = [e for e in exchanges if not any(e["send"].startswith(left) for left in LEFT_OUT)]

    answers = asyncio.run(play(exchanges))

    assert len(exchanges) == 459
    for exchange, got in zip(exchanges, answers, strict=True):
        wanted = [recorded(reply) for reply in exchange["recv"]]
        assert [(m.address, m.tags, list(m.args)) for m in got] == wanted, exchange
