"""A watch goes on whatever happens, listens to what is there, and leaves nothing behind."""

from __future__ import annotations

import asyncio

import pytest

from conduit.errors import LinkError
from conduit.live.simulator.handlers import Outcome
from conduit.live.watch import SetWatch

FAR_S = 60.0


def heard_next(watch):
    """Give what waits for the next change that is told."""
    told = asyncio.Event()
    watch.subscribe(told.set)
    return asyncio.wait_for(told.wait(), 2)


def test_one_who_looks_and_fails_neither_blinds_the_others_nor_ends_the_watch(live):
    async def journey(link, simulator):
        failures = []
        asyncio.get_running_loop().set_exception_handler(lambda _, what: failures.append(what["exception"]))
        async with SetWatch(link, every_s=0.01) as watch:
            watch.subscribe(lambda: 1 / 0)
            for name in ("A", "B"):
                told = heard_next(watch)
                simulator.live_set.tracks[0].set("name", name)
                await told
            return watch.snapshot.tracks[0].name, failures

    name, failures = live(journey)

    assert name == "B"
    assert all(isinstance(failure, ZeroDivisionError) for failure in failures)
    assert len(failures) >= 2


def test_two_refreshes_at_once_listen_once(live):
    async def journey(link, simulator):
        async with SetWatch(link, every_s=FAR_S) as watch:
            before = len(watch._listenings)
            simulator.live_set.create_midi_track(0)
            await asyncio.gather(watch.refresh(), watch.refresh())
            return before, len(watch._listenings), len(watch.snapshot.tracks)

    before, after, n_tracks = live(journey)

    assert (after - before, n_tracks) == (5, 5)


def test_a_track_in_the_place_of_one_of_its_name_is_listened_to(live):
    async def journey(link, simulator):
        held = simulator.live_set
        held.tracks[0].set("name", "Bass")
        async with SetWatch(link, every_s=FAR_S) as watch:
            held.delete_track(0)
            held.create_midi_track(0)
            held.tracks[0].set("name", "Bass")
            held.tracks[0].set("mute", value=True)
            await watch.refresh()
            told = heard_next(watch)
            held.tracks[0].set("mute", value=False)
            simulator.read()
            await told
            return watch.snapshot.tracks[0].mute

    assert live(journey) is False


def test_tracks_that_come_are_listened_to(live):
    async def journey(link, simulator):
        async with SetWatch(link, every_s=FAR_S) as watch:
            simulator.live_set.create_midi_track(-1)
            await watch.refresh()
            told = heard_next(watch)
            simulator.live_set.tracks[-1].set("mute", value=True)
            simulator.read()
            await told
            return watch.snapshot.tracks[-1].mute

    assert live(journey) is True


def test_what_is_heard_while_the_set_is_read_is_newer_than_the_reading(live):
    async def journey(link, simulator):
        async with SetWatch(link, every_s=FAR_S) as watch:
            handle, asked = simulator.handlers.handle, []

            def handled(message):
                asked.append(message.address)
                outcome = handle(message)
                if message.address.endswith("track_data"):
                    simulator.live_set.tracks[0].set("mute", value=True)
                return outcome

            simulator.handlers.handle = handled
            await watch.refresh()
            return watch.snapshot.tracks[0].mute, any("start_listen" in address for address in asked)

    assert live(journey) == (True, False)


def test_closing_before_opening_is_harmless_and_says_why(live):
    async def journey(link, _):
        watch = SetWatch(link)
        await watch.close(why="left")

    assert live(journey) is None


@pytest.mark.parametrize(
    "refused", ["/live/track/start_listen/fired_slot_index", "/live/song/get/track_data"]
)
def test_a_watch_that_cannot_open_leaves_no_listener(live, refused):
    async def journey(link, simulator):
        handle = simulator.handlers.handle
        seen = []

        def handled(message):
            seen.append(message.address)
            late = (
                refused.endswith("track_data") and seen.count("/live/view/start_listen/selected_track") == 0
            )
            if message.address == refused and not late:
                return Outcome((), failed=False)
            return handle(message)

        simulator.handlers.handle = handled
        with pytest.raises(LinkError):
            await SetWatch(link).open()
        return len(simulator.handlers.listeners)

    assert live(journey, timeout_s=0.05, busy_s=0.1) == 0


def test_a_closed_watch_leaves_no_listener(live):
    async def journey(link, simulator):
        async with SetWatch(link):
            during = len(simulator.handlers.listeners)
        return during, len(simulator.handlers.listeners)

    during, after = live(journey)

    assert during > 0
    assert after == 0
