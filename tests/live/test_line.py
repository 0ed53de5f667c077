"""Calls, which change something and answer; the fork, which has them; and links that take turns at one port."""

from __future__ import annotations

import asyncio

import pytest

from conduit.errors import LinkError
from conduit.live import Faults, LiveLink

TEMPO = "/live/song/get/tempo"


class Heard(list):
    """What a listener was told, and a way to wait for more of it."""

    def __init__(self):
        super().__init__()
        self.came = asyncio.Event()

    def __call__(self, *values):
        self.append(values[0] if values else "restarted")
        self.came.set()

    async def until(self, wanted):
        async with asyncio.timeout(5):
            while wanted not in self:
                self.came.clear()
                await self.came.wait()


FORK = Faults(fork=True)


def test_a_call_gives_what_live_answers_behind_the_ids(live):
    async def journey(link, _):
        return await link.call("/live/track/create_arrangement_clip", 0, 0.0, 4.0)

    assert live(journey, faults=FORK) == (0,)


def test_a_call_that_live_takes_without_an_answer_is_none(live):
    async def journey(link, _):
        return await link.call("/live/browser/load_instrument", "no such thing")

    assert live(journey, faults=FORK) is None


def test_a_call_that_live_refuses_is_an_error(live):
    async def journey(link, _):
        with pytest.raises(LinkError, match="Unknown OSC address") as refused:
            await link.call("/live/track/create_arrangement_clip", 0, 0.0, 4.0)
        return refused.value.kind

    assert live(journey) == "refused"


def test_a_call_is_never_sent_twice(live):
    async def journey(link, simulator):
        simulator.faults = Faults(fork=True, reply_loss=1.0)
        with pytest.raises(LinkError, match="not known whether") as unknown:
            await link.call("/live/track/create_arrangement_clip", 0, 0.0, 4.0)
        simulator.faults = FORK
        return unknown.value.kind, await link.ask("/live/track/get/arrangement_clips/name", 0)

    assert live(journey, faults=FORK, timeout_s=0.02) == ("no_reply", ("",))


@pytest.mark.parametrize("fork", [False, True], ids=["upstream", "fork"])
def test_the_fork_is_told_from_the_original_once_for_each_start(live, fork):
    async def journey(link, simulator):
        found = [await link.has_fork()]
        simulator.faults = Faults(fork=not fork)
        told = Heard()
        link.on_restart(told)
        found.append(await link.has_fork())
        await simulator.restart()
        await told.until("restarted")
        return [*found, await link.has_fork()]

    assert live(journey, faults=Faults(fork=fork)) == [fork, fork, not fork]


def free_port():
    """Give the number of a UDP port that nobody holds."""

    async def seek():
        async with LiveLink(port=9, reply_port=0) as link:
            return link.reply_port

    return asyncio.run(seek())


async def released(link):
    """Wait until a link has let go of its port."""
    async with asyncio.timeout(5):
        while link.is_bound:  # noqa: ASYNC110  a link tells nobody that it rests
            await asyncio.sleep(0)


def test_two_links_take_turns_at_one_reply_port(live):
    number = free_port()

    async def journey(_, simulator):
        simulator.reply_port = number
        options = {"port": simulator.port, "reply_port": number, "idle_s": 0.01}
        async with LiveLink(**options) as first:
            told = Heard()
            first.on_restart(told)
            await released(first)
            async with LiveLink(**options) as second:
                with pytest.raises(LinkError) as taken:
                    await first.ask(TEMPO)
                answers = [await second.ask(TEMPO)]
                await released(second)
                answers.append(await first.ask(TEMPO))
                await told.until("restarted")
            return taken.value.kind, answers

    assert live(journey) == ("port_taken", [(120.0,), (120.0,)])


def test_a_link_with_listeners_keeps_its_port(live):
    number = free_port()

    async def journey(_, simulator):
        simulator.reply_port = number
        async with LiveLink(port=simulator.port, reply_port=number, idle_s=0.0) as link:
            heard = Heard()
            listening = await link.listen(TEMPO, heard=heard)
            simulator.live_set.set("tempo", 99.0)
            simulator.read()
            await heard.until((99.0,))
            kept = link.is_bound
            await listening.stop()
            await released(link)
            return kept, link.is_bound

    assert live(journey) == (True, False)
