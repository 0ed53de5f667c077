"""What cannot be right is refused before anything is sent."""

from __future__ import annotations

import asyncio

import pytest

from conduit.errors import LinkError
from conduit.live import LiveLink

NAME = "/live/track/get/name"


@pytest.mark.parametrize(
    "wrong",
    [{"timeout_s": 0}, {"timeout_s": -1}, {"busy_s": 0}, {"port": 0}, {"port": 65_536}, {"reply_port": -1}],
    ids=str,
)
def test_a_link_with_impossible_numbers_is_not_made(wrong):
    with pytest.raises(ValueError, match="is a number"):
        LiveLink(**wrong)


def test_a_host_that_cannot_be_written_is_no_host():
    with pytest.raises(LinkError, match="Check the host"):
        asyncio.run(LiveLink(host="x" * 70 + ".local", reply_port=0).open())


@pytest.mark.parametrize(
    ("address", "asks"),
    [(NAME, []), (NAME, [(0,), (1,)])],
    ids=["nothing", "different ids"],
)
def test_what_is_not_alike_is_not_asked_each(live, address, asks):
    async def journey(link, _):
        with pytest.raises(ValueError, match="same ids"):
            await link.ask_each(address, *asks)

    live(journey)


def test_the_links_own_numbers_are_not_asked_by_others(live):
    async def journey(link, _):
        with pytest.raises(ValueError, match="the link's own"):
            await link.ask("/live/song/get/is_playing", 7)

    live(journey)


@pytest.mark.parametrize(
    ("address", "args"),
    [
        ("/live/track/set/mute", (-1, True)),
        ("/live/song/delete_track", (-1,)),
        ("/live/clip_slot/duplicate_clip_to", (0, 0, -3, 0)),
        ("/live/view/set/selected_track", (-1,)),
    ],
)
def test_an_index_below_0_is_not_sent(live, address, args):
    async def journey(link, _):
        with pytest.raises(ValueError, match="is no index"):
            await link.tell(address, *args)

    live(journey)


def test_a_new_track_may_be_asked_for_at_the_end(live):
    async def journey(link, _):
        await link.tell("/live/song/create_midi_track", -1)
        return await link.ask("/live/song/get/num_tracks")

    assert live(journey) == (5,)


def test_a_link_that_is_closed_while_it_binds_again_tells_nobody_of_a_start(live):
    async def journey(link, simulator):
        await link.close()
        other = LiveLink(port=simulator.port, reply_port=link.reply_port, idle_s=0.0)
        told = []
        other.on_restart(lambda: told.append(1))
        await other.open()
        async with asyncio.timeout(5):
            while other.is_bound:  # noqa: ASYNC110
                await asyncio.sleep(0)
        asking = asyncio.ensure_future(other.ask(NAME, 0))
        await asyncio.sleep(0)
        await other.close()
        await asyncio.wait([asking])
        await asyncio.sleep(0)
        return type(asking.exception()), told, other.is_bound

    assert live(journey) == (LinkError, [], False)
