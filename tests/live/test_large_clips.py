"""Clips of thousands of notes: nothing stalls the loop, and few looks of Live suffice."""

from __future__ import annotations

import asyncio
import gc
import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduit.live import Faults, LiveLink, LiveSet, PutClip
from conduit.live.osc import Message, encode
from conduit.live.simulator.handlers import Handlers
from conduit.live.simulator.note_rows import LiveSetNote, NoteRows
from conduit.music import Clip, Note

MANY = 20_000
N_AT_ONCE = 300


def sixteenths(count):
    return Clip.of([Note(36 + 7 * at % 48, at / 4, 0.25) for at in range(count)], name="long")


@pytest.fixture
def no_collector():
    """Keep the garbage collector, which walks through all of this process, out of what is timed."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize("pitches", [1, 48], ids=["one pitch", "many pitches"])
def test_adding_notes_looks_only_at_those_around_them(pitches):
    handlers = Handlers(LiveSet())
    handlers.live_set.create_clip(0, 0, MANY / 4)
    worst_s = 0.0
    for first in range(0, MANY, N_AT_ONCE):
        places = range(first, min(first + N_AT_ONCE, MANY))
        notes = itertools.chain.from_iterable((36 + at % pitches, at / 4, 0.25, 100, 0) for at in places)
        message = Message("/live/clip/add/notes", (0, 0, *notes))
        began = time.thread_time()  # its own work, whatever else the machine does
        handlers.handle(message)
        worst_s = max(worst_s, time.thread_time() - began)

    assert len(handlers.live_set.slot(0, 0).clip.notes) == MANY
    assert worst_s < 0.02


def live_rule(notes):
    """Give notes as Live keeps them, in the plainest way."""
    kept = {(note.pitch, note.start): note for note in notes}
    ordered = [kept[key] for key in sorted(kept)]
    return [
        note._replace(duration=min(note.duration, later.start - note.start))
        if later is not None and later.pitch == note.pitch
        else note
        for note, later in itertools.zip_longest(ordered, ordered[1:])
    ]


NOTE = st.builds(
    LiveSetNote,
    pitch=st.integers(60, 62),
    start=st.integers(0, 12).map(float),
    duration=st.integers(1, 8).map(float),
    velocity=st.just(100.0),
    mute=st.booleans(),
)


@settings(max_examples=100)
@given(st.lists(st.lists(NOTE, max_size=8), max_size=6))
def test_notes_added_bit_by_bit_are_kept_as_live_keeps_them(pieces):
    rows, plainly = NoteRows(), []
    for piece in pieces:
        rows.add(piece)
        plainly = live_rule([*plainly, *piece])

    assert rows.all() == plainly
    assert rows.within(61, 2, 3.0, 5.0) == [n for n in plainly if n.pitch >= 61 and 3 <= n.start < 8]


@pytest.mark.parametrize(
    "message",
    [
        ("clip/add/notes", 0, 0, 60, 0.0, 1.0, 100, 0),
        ("clip/set/name", -4, 0, "b"),
        ("clip_slot/delete_clip", 0, 0),
        ("clip_slot/duplicate_clip_to", 0, 0, 1, 0),
        ("track/set/name", 1, "b"),
        ("track/delete_clip", 0, 0),
        ("scene/set/name", -1, "b"),
        ("song/delete_scene", 0),
        ("song/duplicate_track", 0),
        ("track/set/send", 1, 0, 0.5),
    ],
    ids=lambda message: message[0],
)
def test_undo_takes_back_any_change_and_redo_brings_it_again(message):
    handlers = Handlers(LiveSet())
    handlers.live_set.create_clip(0, 0, 4.0)
    handlers.live_set.settle()

    def state():
        found = handlers.live_set
        return repr((found.tracks, found.scenes, found.values))

    before = state()
    handlers.handle(Message(f"/live/{message[0]}", message[1:]))
    after = state()
    handlers.handle(Message("/live/song/undo"))
    undone = state()
    handlers.handle(Message("/live/song/redo"))

    assert before != after
    assert (undone, state()) == (before, after)


@pytest.mark.slow
def test_a_long_clip_is_pushed_within_few_looks_of_live(live):
    async def journey(link, simulator):
        looks = itertools.count()
        counted = simulator.read
        simulator.read = lambda: (next(looks), counted())
        clip = sixteenths(5000)
        await (await PutClip.plan(link, clip, track=1, slot=1)).apply()
        n_looks = next(looks)
        return n_looks, await link.read_slot(1, 1) == clip

    n_looks, same = live(journey, tick_s=0.05)

    assert same
    assert n_looks < 60


def ticks(simulator):
    """Count the looks at the socket at which something was there."""
    counted, looks = simulator.handlers.handle, set()
    began = asyncio.get_running_loop().time()

    def handle(message):
        looks.add(round((asyncio.get_running_loop().time() - began) / simulator.faults.tick_s))
        return counted(message)

    simulator.handlers.handle = handle
    return looks


@pytest.mark.parametrize(("there", "most"), [(False, 4), (True, 5)], ids=["empty", "occupied"])
def test_a_clip_is_written_and_read_back_in_few_looks_of_live(live, there, most):
    async def journey(link, simulator):
        if there:
            await link.write_slot(1, 1, sixteenths(16))
        plan = await PutClip.plan(link, sixteenths(64), track=1, slot=1)
        simulator.faults = Faults(tick_s=0.1)
        looks = ticks(simulator)
        await plan.apply()
        return len(looks)

    assert live(journey) <= most


@pytest.mark.slow
def test_twenty_thousand_notes_survive_lost_answers_and_a_dialog_in_live(live):
    clip = sixteenths(MANY)

    async def journey(link, simulator):
        added = []
        handle = simulator.handlers.handle

        def watched(message):
            if message.address == "/live/clip/add/notes":
                added.append(message.args)
            return handle(message)

        simulator.handlers.handle = watched
        plan = await PutClip.plan(link, clip, track=1, slot=1)
        simulator.faults = Faults(tick_s=0.02, reply_loss=0.05, reply_limit=9216)
        applying = asyncio.ensure_future(plan.apply())
        while len(added) < MANY / N_AT_ONCE / 2:  # noqa: ASYNC110  Live tells nobody what it was told
            await asyncio.sleep(0.001)
        simulator.faults = Faults(paused=True)
        await asyncio.wait([applying], timeout=2)
        simulator.faults = Faults(tick_s=0.02, reply_loss=0.05, reply_limit=9216, seed=1)
        await applying
        simulator.faults = Faults()
        return len(added), len(set(added)), await link.read_slot(1, 1) == clip

    n_sent, n_different, same = live(journey)

    assert same
    assert n_sent == n_different == -(-MANY // N_AT_ONCE)


def test_windows_that_get_lost_are_asked_for_again(live):
    async def journey(link, simulator):
        clip = sixteenths(2000)
        await link.write_slot(1, 1, clip)
        simulator.faults = Faults(reply_limit=5000)
        return await link.read_slot(1, 1) == clip

    assert live(journey)


def test_answers_that_look_alike_are_told_apart(live):
    async def journey(link, simulator):
        await link.write_slot(1, 1, sixteenths(64))
        simulator.faults = Faults(reply_limit=200)
        asked = [(0, 0, 0, 128, start, length) for start, length in ((0.0, 1.0), (0.0, 16.0), (4.0, 1.0))]
        return await link.ask_each("/live/clip/get/notes", *asked)

    first, too_large, last = live(journey)

    assert (len(first), too_large, len(last)) == (20, None, 20)
    assert last[1] == 4.0


def test_what_another_machine_sends_is_not_heard(live):
    async def journey(link, simulator):
        loop = asyncio.get_running_loop()
        simulator.faults = Faults(paused=True)
        asking = asyncio.ensure_future(link.ask("/live/song/get/tempo"))
        await asyncio.sleep(0)
        stranger, _ = await loop.create_datagram_endpoint(
            asyncio.DatagramProtocol, local_addr=("127.0.0.3", 0)
        )
        for message in (encode("/live/song/get/tempo", 66.0), encode("/live/error", "no")):
            stranger.sendto(message, ("127.0.0.1", link.reply_port))
        await asyncio.wait([asking], timeout=0.05)
        simulator.faults = Faults()
        simulator.read()
        stranger.close()
        return await asking

    assert live(journey) == (120.0,)


def test_a_live_is_found_by_its_name(live):
    async def journey(_, simulator):
        async with LiveLink(host="localhost", port=simulator.port, reply_port=0) as link:
            simulator.reply_port = link.reply_port
            return await link.version()

    assert live(journey) == "12.3"


def test_closing_ends_at_once_what_waits_for_a_live_that_is_gone():
    async def journey():
        loop = asyncio.get_running_loop()
        link = await LiveLink(port=9, reply_port=0, timeout_s=30).open()
        work = [link.version(), link.tell("/live/song/start_playing"), link.create_track("a")]
        waiting = [asyncio.ensure_future(one) for one in [*work, link.write_slot(1, 1, sixteenths(4))]]
        await asyncio.wait(waiting, timeout=0.05)
        began = loop.time()
        await link.close()
        failed = await asyncio.gather(*waiting, return_exceptions=True)
        return loop.time() - began, {error.kind for error in failed}

    took_s, kinds = asyncio.run(journey())

    assert took_s < 0.5
    assert kinds == {"protocol"}
