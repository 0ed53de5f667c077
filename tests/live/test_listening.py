"""Updates and restarts: what comes unasked, and who is told of it."""

from __future__ import annotations

import asyncio

import pytest

from conduit.errors import LinkError
from conduit.live import Faults, LiveSet
from conduit.live.endpoints import BEAT
from conduit.live.osc import Message
from conduit.live.simulator.handlers import Outcome

TEMPO = "/live/song/get/tempo"
VOLUME = "/live/track/get/volume"


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


def answered(simulator, address, change):
    """Change what a simulator answers at an address."""
    handle = simulator.handlers.handle

    def changed(message):
        outcome = handle(message)
        return Outcome(change(outcome.replies)) if message.address == address else outcome

    simulator.handlers.handle = changed


def test_a_listener_is_told_the_value_as_it_is_and_then_every_change(live):
    async def journey(link, _):
        heard = Heard()
        await link.listen(TEMPO, heard=heard)
        for tempo in (90.0, 90.0, 91.5):
            await link.tell("/live/song/set/tempo", tempo)
        await heard.until((91.5,))
        return heard

    assert live(journey) == [(120.0,), (90.0,), (91.5,)]


def test_what_is_listened_to_is_known_by_its_ids(live):
    async def journey(link, _):
        first, second = Heard(), Heard()
        await asyncio.gather(link.listen(VOLUME, 0, heard=first), link.listen(VOLUME, 1, heard=second))
        await link.tell("/live/track/set/volume", 1, 0.5)
        await second.until((0.5,))
        return len(first), len(second)

    assert live(journey) == (1, 2)


def test_beats_are_told_while_the_song_plays(live):
    async def journey(link, _):
        heard = Heard()
        await link.tell("/live/song/set/tempo", 300.0)
        await link.listen(BEAT, heard=heard)
        await link.tell("/live/song/start_playing")
        await heard.until((3,))
        return heard

    beats = live(journey)

    assert beats == sorted(set(beats))
    assert beats[0] < beats[-1] == (3,)


def test_who_comes_later_is_told_what_is_known_without_asking_live(live):
    async def journey(link, simulator):
        await link.listen(TEMPO, heard=Heard())
        simulator.faults = Faults(paused=True)
        late = Heard()
        await link.listen(TEMPO, heard=late)
        await late.until((120.0,))
        return late

    assert live(journey) == [(120.0,)]


def test_a_subscription_lasts_until_its_last_listener_has_left(live):
    async def journey(link, simulator):
        first, second = Heard(), Heard()
        one = await link.listen(TEMPO, heard=first)
        two = await link.listen(TEMPO, heard=second)
        await one.stop()
        await link.tell("/live/song/set/tempo", 90.0)
        await second.until((90.0,))
        await two.stop()
        simulator.live_set.set("tempo", 60.0)
        await link.ask(TEMPO)
        return first, second

    assert live(journey) == ([(120.0,)], [(120.0,), (90.0,)])


def test_what_is_asked_beside_listening_is_told_to_listeners_only_if_it_is_news(live):
    async def journey(link, _):
        heard = Heard()
        await link.listen(TEMPO, heard=heard)
        return await link.ask(TEMPO), await link.ask(TEMPO), heard

    assert live(journey) == ((120.0,), (120.0,), [(120.0,)])


def test_an_old_update_that_comes_late_is_not_taken_for_the_answer(live):
    async def journey(link, simulator):
        await link.listen(TEMPO, heard=Heard())
        answered(simulator, TEMPO, lambda replies: (Message(TEMPO, (66.0,)), *replies))
        return await link.ask(TEMPO)

    assert live(journey) == (120.0,)


@pytest.mark.parametrize("tick_s", [0.0, 0.02], ids=["at once", "by ticks"])
def test_an_update_is_not_taken_for_the_answer_to_a_later_question(live, tick_s):
    async def journey(link, _):
        await link.listen(TEMPO, heard=Heard())
        got = []
        for tempo in (90.0, 95.0, 99.0):
            await link.tell("/live/song/set/tempo", tempo)
            got.append((await link.ask(TEMPO))[0])
        return got

    assert live(journey, tick_s=tick_s) == [90.0, 95.0, 99.0]


@pytest.mark.parametrize(
    ("address", "ids"),
    [("/live/song/get/can_undo", ()), ("/live/device/get/name", (0, 0)), (VOLUME, ()), ("/live/test", ())],
    ids=["not listenable", "updates without ids", "an id is missing", "no subscription"],
)
def test_what_cannot_be_listened_to_is_refused_here(live, address, ids):
    async def journey(link, _):
        with pytest.raises(ValueError, match=r"cannot be listened to|takes"):
            await link.listen(address, *ids, heard=Heard())

    live(journey)


def test_what_live_refuses_is_not_listened_to(live):
    async def journey(link, _):
        kinds = []
        for _ in range(2):  # were it kept, the second would share it without asking
            with pytest.raises(LinkError, match="Index out of range") as refused:
                await link.listen(VOLUME, 99, heard=Heard())
            kinds.append(refused.value.kind)
        return kinds

    assert live(journey) == ["refused", "refused"]


def test_after_a_restart_subscriptions_are_sent_again_and_those_who_ask_are_told(live):
    async def journey(link, simulator):
        heard, told, ended = Heard(), Heard(), Heard()
        await link.listen(TEMPO, heard=heard)
        link.on_restart(told)
        link.on_restart(ended)()
        another = LiveSet()
        another.set("tempo", 77.0)
        await simulator.restart(another)
        await told.until("restarted")
        await link.tell("/live/song/set/tempo", 78.0)
        await heard.until((78.0,))
        return heard, told, ended

    assert live(journey) == ([(120.0,), (77.0,), (78.0,)], ["restarted"], [])


def test_a_live_that_is_heard_again_after_a_silence_is_taken_for_a_restarted_one(live):
    async def journey(link, simulator):
        told = Heard()
        link.on_restart(told)
        simulator.faults = Faults(paused=True)
        with pytest.raises(LinkError):
            await link.ask(TEMPO)
        simulator.faults = Faults()
        answer = await link.ask(TEMPO)
        await told.until("restarted")
        return answer

    assert live(journey, timeout_s=0.02) == (120.0,)


def test_one_question_without_an_answer_is_no_silence(live):
    async def journey(link, simulator):
        told = Heard()
        link.on_restart(told)
        answered(simulator, "/live/track/get/name", lambda _: ())
        asking = asyncio.ensure_future(link.ask("/live/track/get/name", 0))
        while not asking.done():
            await link.ask(TEMPO)
        await link.ask(TEMPO)
        return asking.exception().kind, told

    assert live(journey, timeout_s=0.02) == ("no_reply", [])


def test_live_may_go_and_come_back_without_a_new_link(live):
    async def journey(link, simulator):
        heard = Heard()
        await link.listen(TEMPO, heard=heard)
        await simulator.close()
        with pytest.raises(LinkError) as gone:
            await link.ask(TEMPO)
        await simulator.restart()
        simulator.live_set.set("tempo", 66.0)
        await simulator.open()
        await heard.until((66.0,))
        return gone.value.kind, await link.ask(TEMPO)

    assert live(journey, timeout_s=0.02) == ("no_reply", (66.0,))


def test_what_is_asked_by_many_at_once_is_sent_once(live):
    async def journey(link, simulator):
        handled = []
        handle = simulator.handlers.handle
        simulator.handlers.handle = lambda message: (handled.append(message.address), handle(message))[1]
        asking = [asyncio.ensure_future(link.ask(TEMPO)) for _ in range(5)]
        await asyncio.sleep(0)
        asking[0].cancel()  # who asked first gives up; the others still want to know
        answers = await asyncio.gather(*asking, return_exceptions=True)
        return answers[1:], handled.count(TEMPO)

    answers, n_sent = live(journey, tick_s=0.02)

    assert answers == [(120.0,)] * 4
    assert n_sent == 2
