"""What goes out fits, and is known to have been done or not."""

from __future__ import annotations

import asyncio
import errno
import socket

import pytest

from conduit.errors import LinkError
from conduit.live import Faults, LiveLink, LiveSet
from conduit.live.osc import encode
from conduit.live.pacing import Room, batches
from conduit.live.turns import Turns

TEMPO = "/live/song/get/tempo"
SET_TEMPO = "/live/song/set/tempo"
VOLUME = "/live/track/get/volume"
NAME = "/live/track/get/name"


def watched(simulator):
    """Give a list that takes each message that the simulator handles."""
    seen, handle = [], simulator.handlers.handle

    def handled(message):
        seen.append(message)
        return handle(message)

    simulator.handlers.handle = handled
    return seen


class Way:
    """The inside of a link: when something went out, and what arrives unasked."""

    def __init__(self, link):
        self.line = link._line
        self.exchange = self.line._exchange
        self.sent = asyncio.Event()
        send = self.line.port.send

        def sending(data):
            send(data)
            self.sent.set()

        self.line.port.send = sending

    async def begun(self, asked):
        """Begin something; give it once it has sent all it sends at first."""
        task = asyncio.ensure_future(asked)
        await self.sent.wait()
        return task

    def arrives(self, address, *args):
        self.exchange.datagram_received(encode(address, *args), ("127.0.0.1", 11000))


def test_of_writes_one_of_which_is_too_large_none_is_sent(live):
    async def journey(link, _):
        with pytest.raises(LinkError, match="too large, nothing was sent"):
            await link.tell_all((SET_TEMPO, 90.0), ("/live/track/set/name", 0, "x" * 70_000))
        return await link.ask(TEMPO)

    assert live(journey) == (120.0,)


def test_a_write_that_the_system_refused_is_not_reported_as_done(live):
    async def journey(link, _):
        way = Way(link)
        telling = await way.begun(link.tell(SET_TEMPO, 90.0))
        way.exchange.error_received(OSError(errno.EMSGSIZE, "Message too long"))
        with pytest.raises(LinkError, match=r"not known whether .* Message too long"):
            await telling

    live(journey, tick_s=0.02)


def test_an_error_of_the_system_fails_no_query(live):
    async def journey(link, _):
        way = Way(link)
        asking = await way.begun(link.ask(TEMPO))
        way.exchange.error_received(OSError(errno.EMSGSIZE, "Message too long"))
        return await asking

    assert live(journey, tick_s=0.02) == (120.0,)


def test_a_write_during_which_live_started_again_may_not_have_been_done(live):
    async def journey(link, _):
        way = Way(link)
        telling = await way.begun(link.tell(SET_TEMPO, 90.0))
        way.arrives("/live/startup")
        with pytest.raises(LinkError, match="not known whether") as unknown:
            await telling
        return unknown.value.kind

    assert live(journey, tick_s=0.02) == "no_reply"


def test_more_writes_than_a_socket_holds_are_all_done_and_an_error_stops_the_rest(live):
    async def journey(link, simulator):
        seen = watched(simulator)
        await link.tell_all(*(("/live/track/set/name", 0, str(n)) for n in range(1000)))
        n_done = sum(message.address.endswith("set/name") for message in seen)
        with pytest.raises(LinkError, match="Of 1000 messages 128 were sent"):
            await link.tell_all(*(("/live/track/set/name", 99 if n == 5 else 0, "x") for n in range(1000)))
        return n_done

    assert live(journey, tick_s=0.01) == 1000


def test_as_many_as_a_large_set_has_are_listened_to_at_once_and_left(live):
    async def journey(link, simulator):
        asked = [link.listen(VOLUME, track, heard=lambda _: None) for track in range(600)]
        listenings = await asyncio.gather(*asked)
        n_heard = len(simulator.handlers.listeners)
        await asyncio.gather(*(listening.stop() for listening in listenings))
        return n_heard, len(simulator.handlers.listeners)

    found = live(journey, live_set=LiveSet(n_midi=600), tick_s=0.02, timeout_s=3.0)

    assert found == (600, 0)


def test_more_alike_questions_than_a_socket_holds_are_each_answered_once(live):
    async def journey(link, simulator):
        seen = watched(simulator)
        rows = await link.ask_each("/live/song/get/track_data", *[(0, 1, "track.name")] * 500)
        return set(rows), sum(message.address.endswith("track_data") for message in seen)

    assert live(journey, tick_s=0.02, timeout_s=3.0) == ({("1-MIDI",)}, 500)


def test_a_listen_that_was_cancelled_leaves_no_subscription(live):
    async def journey(link, simulator):
        way = Way(link)
        listening = await way.begun(link.listen(TEMPO, heard=lambda _: None))
        listening.cancel()
        await asyncio.wait([listening])
        await link.tell(SET_TEMPO, 90.0)
        return await link.ask(TEMPO), len(simulator.handlers.listeners)

    assert live(journey, tick_s=0.02) == ((90.0,), 0)


def test_who_listens_after_a_stop_that_was_cancelled_is_not_deaf(live):
    async def journey(link, _):
        first = await link.listen(TEMPO, heard=lambda _: None)
        stopping = asyncio.ensure_future(first.stop())
        await asyncio.sleep(0)
        stopping.cancel()
        await asyncio.wait([stopping])
        came, heard = asyncio.Event(), []
        await link.listen(TEMPO, heard=lambda values: (heard.append(values), came.set()))
        while (99.0,) not in heard:
            came.clear()
            await link.tell(SET_TEMPO, 99.0)
            await asyncio.wait_for(came.wait(), 2)
        return heard[-1]

    assert live(journey, tick_s=0.01) == (99.0,)


def test_a_query_is_not_called_refused_for_the_error_of_another(live):
    async def journey(link, simulator):
        simulator.live_set.tracks[0].set("name", "here")
        way = Way(link)
        asking = await way.begun(link.ask(NAME, 0))
        way.arrives("/live/error", "Error handling OSC message: another's")
        return await asking

    assert live(journey, tick_s=0.02) == ("here",)


def test_a_start_is_told_to_nobody_after_the_link_was_closed(live):
    async def journey(link, _):
        told = []
        link.on_restart(lambda: told.append(1))
        Way(link).line.restarts.happened()
        await asyncio.sleep(0)
        await link.close()
        await asyncio.sleep(0)
        return told

    assert live(journey) == []


def test_datagrams_are_cut_by_their_number_and_by_their_bytes():
    assert list(batches([10] * 300)) == [range(128), range(128, 256), range(256, 300)]
    assert list(batches([10] * 100, beside=1)) == [range(64), range(64, 100)]
    assert list(batches([50_000, 50_000, 65_000, 1])) == [range(1), range(1, 2), range(2, 3), range(3, 4)]
    assert list(batches([])) == []


def test_room_is_given_back_by_who_was_cancelled_while_waiting():
    async def journey():
        room, order = Room(), []

        async def use(name):
            async with room.taken(128, 10):
                order.append(name)
                await asyncio.sleep(0)

        tasks = [asyncio.ensure_future(use(name)) for name in "abc"]
        await asyncio.sleep(0)
        tasks[1].cancel()
        await asyncio.wait(tasks)
        return order

    assert asyncio.run(journey()) == ["a", "c"]


def test_two_links_do_not_number_their_barriers_alike():
    firsts = {Way(LiveLink()).exchange._number for _ in range(4)}

    assert len(firsts) == 4


def test_a_reader_waits_for_a_writer_that_came_before():
    async def journey():
        turns, order = Turns(lambda: None), []

        async def read(name):
            async with turns.reading():
                order.append(name)
                await asyncio.sleep(0)

        async def write():
            async with turns.writing():
                order.append("write")

        await asyncio.gather(read("first"), write(), read("second"))
        return order

    assert asyncio.run(journey()) == ["first", "write", "second"]


def test_an_answer_that_could_not_be_read_is_forgotten_once_another_could(live):
    async def journey(link, simulator):
        Way(link).exchange.datagram_received(b"noise", ("127.0.0.1", 11000))
        await link.ask(TEMPO)
        simulator.faults = Faults(paused=True)
        with pytest.raises(LinkError) as silent:
            await link.ask(TEMPO)
        return silent.value.kind

    assert live(journey, timeout_s=0.02) == "no_reply"


def test_what_was_passed_over_by_an_answer_does_not_wait_for_its_time_to_be_over(live):
    async def journey(link, _):
        asked = [link.ask(NAME, track) for track in (99, 0)]
        async with asyncio.timeout(5):
            return await asyncio.gather(*asked, return_exceptions=True)

    refused, name = live(journey, timeout_s=30)

    assert (refused.kind, name) == ("refused", ("1-MIDI",))


def test_the_reply_port_holds_more_than_the_system_gives_unasked(live):
    async def journey(link, _):
        bound = Way(link).line.port._transport.get_extra_info("socket")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plain:
            size = socket.SOL_SOCKET, socket.SO_RCVBUF
            return bound.getsockopt(*size) > plain.getsockopt(*size)

    assert live(journey)


def test_what_comes_from_another_host_is_not_heard(live):
    async def journey(link, _):
        way = Way(link)
        asking = await way.begun(link.ask(TEMPO))
        way.exchange.datagram_received(encode(TEMPO, 666.0), ("192.0.2.1", 11000))
        return await asking

    assert live(journey, tick_s=0.02) == (120.0,)
