"""The simulator on the wire: its faults, who hears what, and what it does by itself. On real UDP."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from conduit.live import Faults, LiveSet, Simulator
from conduit.live.osc import Message, decode, encode
from conduit.live.simulator.handlers import GREETING, Handlers
from conduit.live.simulator.wire import unbundled

PATIENCE_S = 10


class Client(asyncio.DatagramProtocol):
    """A client that hears on a port of its own."""

    def __init__(self):
        self.inbox = asyncio.Queue()

    def connection_made(self, transport):
        self.transport = transport
        self.port = transport.get_extra_info("sockname")[1]

    def datagram_received(self, data, _addr):
        message = decode(data)
        self.inbox.put_nowait((message.address.removeprefix("/live/"), *message.args))

    async def next(self):
        return await asyncio.wait_for(self.inbox.get(), PATIENCE_S)

    async def until(self, path):
        """Give what comes until a message from an address, which is the last one."""
        heard = [await self.next()]
        while heard[-1][0] != path:
            heard.append(await self.next())
        return heard


def journey(work, **options):
    """Run ``work(client, simulator, send)``, where ``send`` sends messages from the client."""

    async def there_and_back():
        loop = asyncio.get_running_loop()
        _, client = await loop.create_datagram_endpoint(Client, local_addr=("127.0.0.1", 0))
        async with Simulator(port=0, reply_port=client.port, **options) as simulator:
            await client.until(GREETING[-1].address.removeprefix("/live/"))

            def send(path, *args):
                client.transport.sendto(encode(f"/live/{path}", *args), ("127.0.0.1", simulator.port))

            try:
                return await work(client, simulator, send)
            finally:
                client.transport.close()
                await asyncio.sleep(0)

    return asyncio.run(there_and_back())


@pytest.mark.parametrize(
    "fault",
    [
        {"tick_s": -1.0},
        {"tick_s": float("nan")},
        {"reply_loss": 1.5},
        {"message_loss": -0.1},
        {"reply_limit": 0},
        {"receive_buffer": -1},
        {"version": 10},
        {"undo": "never"},
    ],
    ids=lambda fault: next(iter(fault)),
)
def test_a_fault_outside_its_range_is_refused(fault):
    with pytest.raises(ValueError, match=next(iter(fault))):
        Faults(**fault)


def test_a_port_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="0-65535"):
        asyncio.run(Simulator(port=70_000).open())


def test_what_waits_while_a_dialog_is_open_is_answered_in_a_burst_afterwards():
    async def work(client, simulator, send):
        simulator.faults = Faults(paused=True)
        for index in range(20):
            send("track/get/name", index % 4)
        simulator.read()
        quiet = client.inbox.empty()
        simulator.faults = Faults()
        return quiet, [await client.next() for _ in range(20)]

    quiet, heard = journey(work)

    assert quiet
    assert [name for *_, name in heard] == ["1-MIDI", "2-MIDI", "3-Audio", "4-Audio"] * 5


@pytest.mark.parametrize("n_bytes", [8192, 200_000], ids=["small", "large"])
def test_a_burst_that_overflows_the_receive_buffer_is_lost_without_a_word(n_bytes):
    async def work(client, simulator, send):
        simulator.live_set.create_clip(0, 0, 4.0)
        simulator.faults = Faults(paused=True, receive_buffer=n_bytes)
        for chunk in range(50):
            notes = [value for i in range(20) for value in (chunk, i / 4, 0.25, 100, 0)]
            send("clip/add/notes", 0, 0, *notes)
        simulator.faults = Faults()
        for _ in range(50):
            simulator.read()
        send("test")
        return await client.until("test"), len(simulator.live_set.slot(0, 0).clip.notes)

    heard, n_notes = journey(work)

    assert heard == [("test", "ok")]
    assert n_notes % 20 == 0
    assert (n_notes < 1000) == (n_bytes == 8192)


@pytest.mark.parametrize("fault", ["reply_loss", "message_loss"])
def test_the_same_seed_loses_the_same_ones(fault):
    async def work(client, simulator, send):
        simulator.faults = Faults(**{fault: 0.5}, seed=3)
        for index in range(40):
            send("track/get/volume", index % 4)
        for _ in range(40):
            simulator.read()
        simulator.faults = Faults()
        send("test")
        return len(await client.until("test")) - 1

    first, second = journey(work), journey(work)

    assert first == second
    assert 8 < first < 32


def test_an_answer_too_large_for_the_limit_is_a_socket_error():
    async def work(client, _, send):
        send("song/get/track_data", 0, -1, "track.name", "clip.name")
        return await client.next()

    address, said = journey(work, faults=Faults(reply_limit=60))

    assert address == "error"
    assert "Message too long" in said


@pytest.mark.parametrize("version", [11, 12])
def test_live_has_the_version_that_is_wanted(version):
    async def work(client, _, send):
        send("application/get/version")
        return (await client.next())[1]

    assert journey(work, faults=Faults(version=version)) == version


@pytest.mark.parametrize("fork", [False, True], ids=["upstream", "fork"])
def test_only_the_fork_answers_to_the_port_a_message_came_from(fork):
    async def work(client, simulator, _):
        loop = asyncio.get_running_loop()
        transport, other = await loop.create_datagram_endpoint(Client, local_addr=("127.0.0.1", 0))
        transport.sendto(encode("/live/test"), ("127.0.0.1", simulator.port))
        answer = await (other if fork else client).next()
        transport.close()
        return answer, (client if fork else other).inbox.empty()

    assert journey(work, faults=Faults(fork=fork)) == (("test", "ok"), True)


def test_what_listeners_hear_goes_to_whoever_sent_last():
    async def work(client, simulator, send):
        loop = asyncio.get_running_loop()
        transport, thief = await loop.create_datagram_endpoint(
            Client, local_addr=("127.0.0.2", simulator.reply_port)
        )
        send("song/start_listen/tempo")
        first = await client.next()
        transport.sendto(encode("/live/test"), ("127.0.0.1", simulator.port))
        await thief.next()
        simulator.live_set.set("tempo", 90.0)
        stolen = await thief.next()
        transport.close()
        return first, stolen, client.inbox.empty()

    assert journey(work) == (("song/get/tempo", 120.0), ("song/get/tempo", 90.0), True)


def test_a_failure_in_a_bundle_drops_the_rest_of_it():
    def bundle(*messages):
        parts = [len(message).to_bytes(4, "big") + message for message in messages]
        return b"#bundle\0" + bytes(8) + b"".join(parts)

    async def work(client, simulator, send):
        inner = bundle(encode("/live/track/get/name", 0), encode("/live/track/get/name", 99))
        data = bundle(encode("/live/test"), inner, encode("/live/test"))
        client.transport.sendto(data, ("127.0.0.1", simulator.port))
        client.transport.sendto(data[:30], ("127.0.0.1", simulator.port))
        send("test")
        await client.next()
        return await client.until("test")

    name, failure, cut_off, _ = journey(work)

    assert name == ("track/get/name", 0, "1-MIDI")
    assert failure == ("error", "Error handling OSC message: Index out of range")
    assert cut_off[1].startswith("Error parsing OSC bundle: ")


def test_bundles_in_bundles_without_end_are_an_error_and_no_more():
    async def work(client, simulator, send):
        data = b""
        for _ in range(2500):
            data = b"#bundle\0" + bytes(8) + len(data).to_bytes(4, "big") + data
        client.transport.sendto(data, ("127.0.0.1", simulator.port))
        send("test")
        return await client.until("test")

    assert [address for address, *_ in journey(work, faults=Faults(tick_s=0.01))] == ["error", "test"]


def test_a_datagram_that_is_no_bundle_is_one_message():
    assert list(unbundled(b"/a\0\0")) == [b"/a\0\0"]


def test_after_a_restart_it_says_so_and_nobody_listens_any_more():
    async def work(client, simulator, send):
        for path in ("song/start_listen/tempo", "song/start_listen/beat"):
            send(path)
        await client.next()
        await simulator.restart(LiveSet(n_midi=1, n_audio=0))
        greeting = await client.until("application/get/average_process_usage")
        send("song/set/tempo", 99.0)
        send("song/get/num_tracks")
        return greeting, await client.next()

    greeting, after = journey(work)

    assert greeting == [("startup",), ("application/get/average_process_usage",)]
    assert after == ("song/get/num_tracks", 1)


def test_a_restart_is_told_to_its_own_machine_whoever_sent_last():
    async def work(client, simulator, _):
        loop = asyncio.get_running_loop()
        transport, other = await loop.create_datagram_endpoint(
            Client, local_addr=("127.0.0.2", simulator.reply_port)
        )
        transport.sendto(encode("/live/test"), ("127.0.0.1", simulator.port))
        await other.next()
        await simulator.restart()
        transport.close()
        return await client.next()

    assert journey(work) == ("startup",)


@pytest.mark.parametrize("fork", [False, True], ids=["upstream", "fork"])
def test_only_the_fork_knows_its_addresses(fork):
    handlers = Handlers(LiveSet())
    handlers.live_set.faults = Faults(fork=fork)

    said = send_to(handlers, "browser/list_sounds")[0]

    assert (said == ("error", "Unknown OSC address: /live/browser/list_sounds")) != fork


def test_without_ticks_it_wakes_by_itself_for_beats_and_launches():
    async def work(client, _, send):
        for message in (
            ("song/set/tempo", 999.0),
            ("song/set/clip_trigger_quantization", 7),
            ("clip_slot/create_clip", 0, 0, 4.0),
            ("clip_slot/create_clip", 0, 1, 4.0),
            ("song/start_listen/beat",),
            ("clip_slot/fire", 0, 0),
            ("track/start_listen/playing_slot_index", 0),
        ):
            send(*message)
        await client.until("song/get/beat")
        send("clip_slot/fire", 0, 1)
        heard = [await client.next() for _ in range(3)]
        return [rest for address, *rest in heard if address == "track/get/playing_slot_index"]

    assert [0, 1] in journey(work)


def test_a_clock_of_ones_own_moves_the_music():
    now_s = [0.0]

    async def work(client, simulator, send):
        send("song/start_listen/beat")
        send("song/start_playing")
        send("test")
        await client.until("test")
        heard = []
        for now_s[0] in (0.25, 0.5, 5.0):
            simulator.read()
            heard.append(await client.next())
        return heard

    assert journey(work, clock=lambda: now_s[0]) == [("song/get/beat", beat) for beat in (0, 1, 10)]


def send_to(handlers, path, *args):
    return [
        (m.address.removeprefix("/live/"), *m.args)
        for m in handlers.handle(Message(f"/live/{path}", args)).replies
    ]


@pytest.mark.parametrize(
    ("undo", "left"), [("per message", ("a", 90.0)), ("merged", ("", 120.0))], ids=["per message", "merged"]
)
def test_live_may_undo_one_message_or_all_of_them(undo, left):
    handlers = Handlers(LiveSet())
    handlers.live_set.faults = Faults(undo=undo)
    for message in (("song/set/tempo", 90.0), ("scene/set/name", 0, "a"), ("track/set/mute", 0, 1)):
        send_to(handlers, *message)
    send_to(handlers, "song/undo")
    undone = tuple(
        send_to(handlers, path, *ids)[0][-1]
        for path, ids in (("scene/get/name", [0]), ("song/get/tempo", []))
    )
    send_to(handlers, "song/redo")

    assert undone == left
    assert send_to(handlers, "track/get/mute", 0) == [("track/get/mute", 0, True)]


def test_merged_steps_end_where_something_was_undone():
    handlers = Handlers(LiveSet())
    handlers.live_set.faults = Faults(undo="merged")
    for message in (
        ("song/set/tempo", 90.0),
        ("song/undo",),
        ("song/set/tempo", 80.0),
        ("song/set/tempo", 70.0),
    ):
        send_to(handlers, *message)
    send_to(handlers, "song/undo")

    assert send_to(handlers, "song/get/tempo") == [("song/get/tempo", 120.0)]
    assert send_to(handlers, "song/get/can_undo") == [("song/get/can_undo", False)]


def test_a_message_that_fails_is_no_step_and_keeps_what_can_be_done_again():
    handlers = Handlers(LiveSet())
    for message in (("song/set/tempo", 90.0), ("song/undo",), ("clip_slot/delete_clip", 0, 0)):
        send_to(handlers, *message)

    assert send_to(handlers, "song/get/can_undo") == [("song/get/can_undo", False)]
    assert send_to(handlers, "song/get/can_redo") == [("song/get/can_redo", True)]


@pytest.mark.parametrize("path", ["track/start_listen/volume", "track/start_listen/panning"])
def test_a_reload_under_certain_listeners_leaves_it_knowing_nothing(path):
    handlers = Handlers(LiveSet())
    send_to(handlers, path, 0)
    failed = send_to(handlers, "api/reload")

    assert failed[0][0] == "error"
    assert send_to(handlers, "test") == [("error", "Unknown OSC address: /live/test")]


def test_a_reload_otherwise_starts_anew_without_listeners():
    handlers = Handlers(LiveSet())
    send_to(handlers, "song/start_listen/tempo")
    greeting = handlers.handle(Message("/live/api/reload")).replies

    assert greeting == GREETING
    assert send_to(handlers, "song/set/tempo", 99.0) == []


def test_a_listener_stays_with_its_track_when_another_is_put_before_it():
    handlers = Handlers(LiveSet())
    send_to(handlers, "track/start_listen/mute", 1)
    send_to(handlers, "song/create_midi_track", 0)
    other = send_to(handlers, "track/set/mute", 1, 1)

    assert other == []
    assert send_to(handlers, "track/set/mute", 2, 1) == [("track/get/mute", 1, True)]


def test_faults_are_changed_one_at_a_time_while_it_runs():
    async def work(client, simulator, send):
        simulator.faults = replace(simulator.faults, version=11)
        send("application/get/version")
        return await client.next(), simulator.faults.tick_s

    assert journey(work, faults=Faults(tick_s=0.01)) == (("application/get/version", 11, 3), 0.01)
