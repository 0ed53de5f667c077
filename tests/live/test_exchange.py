from __future__ import annotations

import asyncio
import math
import socket

import pytest

from conduit.errors import LinkError
from conduit.live import Faults, LiveLink
from conduit.live.osc import encode
from conduit.music import Clip, Note

BASS = Clip.of([Note(45, 0, 0.5), Note(48, 1.25, 0.25, 127, mute=True)], name="Bass")


def test_different_queries_may_be_in_flight_at_once(live):
    async def journey(link, _):
        names = [link.ask("/live/track/get/name", index) for index in range(4)]
        same = [link.ask("/live/song/get/tempo") for _ in range(4)]
        return await asyncio.gather(*names, *same)

    answers = live(journey, tick_s=0.02)

    assert answers == [("1-MIDI",), ("2-MIDI",), ("3-Audio",), ("4-Audio",), *[(120.0,)] * 4]


def test_a_late_answer_is_not_taken_for_the_next_one(live):
    async def journey(link, simulator):
        simulator.faults = Faults(paused=True)
        with pytest.raises(LinkError) as silent:
            await link.ask("/live/song/get/tempo")
        simulator.faults = Faults()
        loop = asyncio.get_running_loop()
        loop.call_soon(simulator.read)  # the burst of late answers, of the tempo as it was
        loop.call_soon(simulator.live_set.set, "tempo", 90.0)
        return silent.value.kind, await link.ask("/live/song/get/tempo")

    assert live(journey, timeout_s=0.05) == ("no_reply", (90.0,))


def test_a_lost_answer_is_asked_for_again(live):
    async def journey(link, simulator):
        simulator.faults = Faults(reply_loss=0.5, seed=1)  # the first, not the second
        return await link.ask("/live/song/get/tempo")

    assert live(journey, timeout_s=0.05) == (120.0,)


def test_a_write_that_live_refuses_is_an_error_with_lives_words(live):
    async def journey(link, _):
        await link.tell("/live/clip_slot/create_clip", 0, 0, 4.0)
        with pytest.raises(LinkError, match="The slot already has a clip") as refused:
            await link.tell("/live/clip_slot/create_clip", 0, 0, 4.0)
        return refused.value.kind, refused.value.address

    assert live(journey, tick_s=0.01) == ("refused", "/live/clip_slot/create_clip")


def test_one_query_of_many_that_fails_is_told_from_the_others(live):
    async def journey(link, _):
        asked = [link.ask("/live/track/get/name", index) for index in (0, 99, 1)]
        return await asyncio.gather(*asked, return_exceptions=True)

    first, failed, last = live(journey)

    assert (first, last) == (("1-MIDI",), ("2-MIDI",))
    assert (failed.kind, "Index out of range" in failed.message) == ("refused", True)


def test_writes_that_overlap_are_done_one_after_the_other(live):
    async def journey(link, _):
        await asyncio.gather(*(link.write_slot(1, slot, BASS) for slot in (1, 2, 3)))
        return (await link.track(1)).clips[:4]

    assert live(journey) == ("Bass", "Bass", "Bass", None)


def test_noise_on_the_reply_port_harms_nothing(live):
    async def journey(link, _):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            noise = [
                b"",
                b"\xff" * 50,
                b"#bundle\0",
                encode("/live/error"),
                encode("/live/song/get/tempo", "x", 1),
            ]
            for data in noise:
                stranger.sendto(data, ("127.0.0.1", link.reply_port))
        await asyncio.sleep(0)
        return await link.ask("/live/song/get/num_tracks")

    assert live(journey) == (4,)


def test_without_live_the_error_says_what_to_check():
    async def journey():
        async with LiveLink(port=9, reply_port=0, timeout_s=0.02) as link:
            with pytest.raises(LinkError, match="Is Live running with AbletonOSC") as silent:
                await link.version()
            return silent.value.kind

    assert asyncio.run(journey()) == "no_reply"


def test_a_write_that_nobody_confirms_may_or_may_not_have_been_done():
    async def journey():
        async with LiveLink(port=9, reply_port=0, timeout_s=0.02) as link:
            with pytest.raises(
                LinkError, match="not known whether /live/song/start_playing was done"
            ) as silent:
                await link.tell("/live/song/start_playing")
            return silent.value.kind

    assert asyncio.run(journey()) == "no_reply"


def test_a_taken_reply_port_is_said(live):
    async def journey(link, _):
        with pytest.raises(
            LinkError, match=f"UDP port {link.reply_port}.*taken by another link of this process"
        ) as taken:
            await LiveLink(reply_port=link.reply_port).open()
        return taken.value.kind

    assert live(journey) == "port_taken"


def test_a_closed_link_says_so(live):
    async def journey(link, _):
        await link.close()
        with pytest.raises(LinkError, match="not open"):
            await link.version()

    live(journey)


@pytest.mark.parametrize(
    ("address", "args"),
    [("/live/api/reload", ()), ("/live/song/set/tempo", (math.nan,)), ("/live/song/get/tempo", ())],
    ids=["reload", "not a number", "a query"],
)
def test_what_the_table_does_not_know_as_a_write_is_not_sent(live, address, args):
    async def journey(link, _):
        with pytest.raises(ValueError, match=r"address|finite"):
            await link.tell(address, *args)

    live(journey)


def test_answers_get_lost_and_live_is_busy_and_still_everything_is_read(live):
    async def journey(link, simulator):
        simulator.faults = Faults(reply_loss=0.3, seed=3)
        names = [link.ask("/live/track/get/name", index) for index in range(4)]
        notes = link.ask_each("/live/song/get/track_data", *((n, n + 1, "track.name") for n in range(4)))
        asking = asyncio.gather(*names, notes)
        await asyncio.wait([asking], timeout=0.02)
        simulator.faults = Faults(paused=True)
        await asyncio.wait([asking], timeout=0.05)
        simulator.faults = Faults(reply_loss=0.3, seed=4)
        return await asking

    *names, rows = live(journey, timeout_s=0.02, busy_s=1.0)

    assert names == [("1-MIDI",), ("2-MIDI",), ("3-Audio",), ("4-Audio",)]
    assert all(row in {None, name} for row, name in zip(rows, names, strict=True))


def test_an_answer_that_may_be_of_another_query_is_not_believed(live):
    async def journey(link, simulator):
        wanted = [(n, n + 1, "track.name") for n in range(4)]
        found = []
        for seed in range(40):
            simulator.faults = Faults(reply_loss=0.5, seed=seed)
            found.append(await link.ask_each("/live/song/get/track_data", *wanted))
        return found

    rows = live(journey, timeout_s=0.01, busy_s=2.0)

    names = [("1-MIDI",), ("2-MIDI",), ("3-Audio",), ("4-Audio",)]
    assert all(got in {None, name} for row in rows for got, name in zip(row, names, strict=True))
    assert any(got is not None for row in rows for got in row)


def test_a_live_that_is_busy_is_waited_for_and_then_it_is_said_how_long(live):
    async def journey(link, simulator):
        simulator.faults = Faults(paused=True)
        with pytest.raises(LinkError, match=r"within 0\.2 s.*dialog") as silent:
            await link.ask("/live/song/get/tempo")
        return silent.value.kind

    assert live(journey, timeout_s=0.05, busy_s=0.2) == "no_reply"


def test_all_that_are_refused_at_once_are_told_at_once(live):
    async def journey(link, _):
        asked = [link.ask("/live/track/get/name", index) for index in (97, 98, 99)]
        return await asyncio.gather(*asked, return_exceptions=True)

    assert [error.kind for error in live(journey, timeout_s=30)] == ["refused"] * 3


def test_an_error_of_a_write_that_was_given_up_is_not_the_next_ones(live):
    async def journey(link, simulator):
        simulator.faults = Faults(paused=True)
        telling = asyncio.ensure_future(link.tell("/live/clip_slot/create_clip", 99, 0, 4.0))
        await asyncio.wait([telling], timeout=0.02)
        telling.cancel()
        await asyncio.wait([telling])
        simulator.faults = Faults()
        await link.tell("/live/song/set/tempo", 90.0)
        return await link.ask("/live/song/get/tempo")

    assert live(journey) == (90.0,)


def test_more_questions_at_once_than_a_socket_holds_are_all_answered(live):
    async def journey(link, simulator):
        for _ in range(196):
            simulator.live_set.create_midi_track(-1)

        asks = [
            link.ask("/live/clip_slot/get/has_clip", track, scene)
            for track in range(200)
            for scene in range(8)
        ]

        return await asyncio.gather(*asks)

    assert live(journey, tick_s=0.02, timeout_s=3.0, busy_s=3.0) == [(False,)] * 1600
