"""What AbletonOSC does with datagrams, rule by rule, on real UDP."""

from __future__ import annotations

import asyncio
import struct
import sys

import pytest

from conduit.live import LiveSet, Simulator
from conduit.live.osc import decode, encode

STARTUP = ["/live/startup", "/live/application/get/average_process_usage"]


class Ear(asyncio.DatagramProtocol):
    def __init__(self):
        self.heard = asyncio.Queue()

    def datagram_received(self, data, _addr):
        self.heard.put_nowait(decode(data))


async def opened(host="127.0.0.1", port=0):
    transport, ear = await asyncio.get_running_loop().create_datagram_endpoint(Ear, local_addr=(host, port))
    return transport, ear.heard


async def heard_until(heard, address="/live/test"):
    """Collect what is heard up to an answer to a test message, which is left out."""
    found = []
    while (message := await heard.get()).address != address:
        found.append(message)
    return found


def exchange(*datagrams, live_set=None):
    """Send datagrams one after another, and give all that is heard for each."""

    async def journey():
        transport, heard = await opened()
        async with Simulator(
            live_set, port=0, reply_port=transport.get_extra_info("sockname")[1]
        ) as simulator:
            answers = []
            for data in datagrams:
                for sent in (data, encode("/live/test")):
                    transport.sendto(sent, (simulator.host, simulator.port))
                answers.append(await heard_until(heard))
        transport.close()
        await asyncio.sleep(0)
        assert [message.address for message in answers[0][:2]] == STARTUP
        return [[(m.address, m.args) for m in some] for some in (answers[0][2:], *answers[1:])]

    return asyncio.run(journey())


def bundle(*elements, timetag=1):
    sized = b"".join(struct.pack(">i", len(element)) + element for element in elements)
    return b"#bundle\0" + struct.pack(">Q", timetag) + sized


def test_the_elements_of_a_bundle_are_answered_in_order_each_for_itself_whatever_its_time():
    (answers,) = exchange(
        bundle(
            encode("/live/song/set/tempo", 99.0),
            bundle(encode("/live/song/get/tempo")),
            encode("/live/song/get/num_tracks"),
            timetag=2**63,
        )
    )

    assert answers == [("/live/song/get/tempo", (99.0,)), ("/live/song/get/num_tracks", (4,))]


def test_a_failure_in_a_bundle_drops_the_rest_of_it_only():
    first, second = exchange(
        bundle(
            encode("/live/song/get/num_tracks"),
            encode("/live/track/get/name", 99),
            encode("/live/song/get/num_scenes"),
        ),
        encode("/live/song/get/num_scenes"),
    )

    assert [address for address, _ in first] == ["/live/song/get/num_tracks", "/live/error"]
    assert second == [("/live/song/get/num_scenes", (8,))]


def test_an_unknown_address_in_a_bundle_drops_nothing():
    (answers,) = exchange(bundle(encode("/live/no/such"), encode("/live/song/get/num_tracks")))

    assert answers == [
        ("/live/error", ("Unknown OSC address: /live/no/such",)),
        ("/live/song/get/num_tracks", (4,)),
    ]


@pytest.mark.parametrize(("data", "kind"), [(b"/live/te", "message"), (b"#bundle\0\0\0", "bundle")])
def test_what_cannot_be_read_is_an_error_of_its_kind(data, kind):
    ((address, (text,)),) = exchange(data)[0]

    assert address == "/live/error"
    assert text.startswith(f"Error parsing OSC {kind}: ")


def test_numbers_of_double_width_are_taken_and_given_back_in_single():
    double = b"/live/song/set/tempo\0\0\0\0,d\0\0" + struct.pack(">d", 100.1)

    _, ((_, (tempo,)),) = exchange(double, encode("/live/song/get/tempo"))

    assert tempo == struct.unpack(">f", struct.pack(">f", 100.1))[0] != 100.1


@pytest.mark.parametrize("number", [2**31, 2**32 - 1, -(2**31) - 1])
def test_a_whole_number_of_just_32_bits_cannot_be_answered(number):
    ((address, (text,)),) = exchange(encode("/live/song/get/tempo", number))[0]

    assert address == "/live/error"
    assert text.startswith("OSC build error: ")


@pytest.mark.parametrize("number", [2**31 - 1, -(2**31), 2**32, 2**40])
def test_smaller_and_larger_whole_numbers_can(number):
    assert exchange(encode("/live/song/get/tempo", number)) == [[("/live/song/get/tempo", (120.0, number))]]


def test_an_answer_of_nothing_has_the_type_tags_of_nothing():
    async def journey():
        transport, ear = await asyncio.get_running_loop().create_datagram_endpoint(
            Raw, local_addr=("127.0.0.1", 0)
        )
        async with Simulator(port=0, reply_port=transport.get_extra_info("sockname")[1]) as simulator:
            transport.sendto(encode("/live/song/get/cue_points"), (simulator.host, simulator.port))
            for _ in STARTUP:
                await ear.heard.get()
            answer = await ear.heard.get()
        transport.close()
        await asyncio.sleep(0)
        return answer

    class Raw(Ear):
        def datagram_received(self, data, _addr):
            self.heard.put_nowait(data)

    assert asyncio.run(journey()) == b"/live/song/get/cue_points\0\0\0,\0\0\0"


def test_answers_go_to_the_fixed_port_whichever_one_a_message_came_from():
    async def journey():
        answered, heard = await opened()
        other, overheard = await opened()
        async with Simulator(port=0, reply_port=answered.get_extra_info("sockname")[1]) as simulator:
            other.sendto(encode("/live/test"), (simulator.host, simulator.port))
            await heard_until(heard)
        for transport in (answered, other):
            transport.close()
        await asyncio.sleep(0)
        return overheard.empty()

    assert asyncio.run(journey())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a second loopback address as it comes")
def test_what_nobody_asked_for_goes_to_whoever_sent_last():
    async def journey():
        first, heard_first = await opened("127.0.0.1")
        port = first.get_extra_info("sockname")[1]
        second, heard_second = await opened("127.0.0.2", port)
        live_set = LiveSet()
        async with Simulator(live_set, host="0.0.0.0", port=0, reply_port=port) as simulator:  # noqa: S104
            for transport, path in ((first, "song/start_listen/tempo"), (first, "test")):
                transport.sendto(encode(f"/live/{path}"), ("127.0.0.1", simulator.port))
            await heard_until(heard_first)
            second.sendto(encode("/live/song/set/tempo", 99.0), ("127.0.0.1", simulator.port))
            update = await heard_second.get()
        for transport in (first, second):
            transport.close()
        await asyncio.sleep(0)
        return update.address, update.args, heard_first.empty()

    assert asyncio.run(journey()) == ("/live/song/get/tempo", (99.0,), True)
