from __future__ import annotations

import asyncio
import signal
import subprocess
import sys

import pytest

from conduit.errors import LinkError
from conduit.live import Faults, LiveLink, LiveSet, Simulator, find_live, start_simulated
from conduit.live.osc import Message
from conduit.live.simulator import load
from conduit.live.simulator.__main__ import main
from conduit.live.simulator.clips import LiveSetClip
from conduit.live.simulator.handlers import Handlers
from conduit.live.simulator.note_rows import LiveSetNote


def answers(handlers, address, *args):
    return [
        (reply.address.removeprefix("/live/"), reply.args)
        for reply in handlers.handle(Message(address, args)).replies
    ]


def test_negative_indices_count_from_the_end():
    assert answers(Handlers(LiveSet()), "/live/track/get/name", -1) == [("track/get/name", (-1, "4-Audio"))]


def test_notes_without_a_range_miss_the_highest_pitch():
    handlers = Handlers(LiveSet())
    handlers.live_set.create_clip(0, 0, 4.0)
    answers(handlers, "/live/clip/add/notes", 0, 0, 127, 0.0, 1.0, 100, 0)

    assert answers(handlers, "/live/clip/get/notes", 0, 0) == [("clip/get/notes", (0, 0))]
    assert len(answers(handlers, "/live/clip/get/notes", 0, 0, 0, 128, -8192.0, 16384.0)[0][1]) == 7


@pytest.mark.parametrize(
    ("address", "args"),
    [("song/set/tempo", (99.0,)), ("song/start_playing", ()), ("clip_slot/create_clip", (0, 0, 4.0))],
    ids=["tempo", "is_playing", "has_clip"],
)
def test_listeners_hear_the_value_at_once_and_then_each_change(address, args):
    handlers = Handlers(LiveSet())
    heard = []
    for path, ids in (("song/{}/tempo", ()), ("song/{}/is_playing", ()), ("clip_slot/{}/has_clip", (0.0, 0))):
        heard += answers(handlers, f"/live/{path.format('start_listen')}", *ids)

    changed = answers(handlers, f"/live/{address}", *args)

    assert heard == [
        ("song/get/tempo", (120.0,)),
        ("song/get/is_playing", (False,)),
        ("clip_slot/get/has_clip", (0.0, 0, False)),
    ]
    assert len(changed) == 1
    assert changed[0] not in heard


def test_who_stops_listening_hears_nothing():
    handlers = Handlers(LiveSet())
    answers(handlers, "/live/song/start_listen/tempo")
    answers(handlers, "/live/song/stop_listen/tempo")

    assert answers(handlers, "/live/song/set/tempo", 99.0) == []


def test_undo_takes_back_one_message_and_redo_does_it_again():
    handlers = Handlers(LiveSet())
    for message in (
        ("song/set/tempo", 99.0),
        ("clip_slot/create_clip", 0, 0, 4.0),
        ("clip/set/name", 0, 0, "a"),
    ):
        answers(handlers, f"/live/{message[0]}", *message[1:])

    answers(handlers, "/live/song/undo")
    unnamed = answers(handlers, "/live/clip/get/name", 0, 0)
    answers(handlers, "/live/song/undo")
    gone = answers(handlers, "/live/clip_slot/get/has_clip", 0, 0)
    answers(handlers, "/live/song/redo")

    assert (unnamed[0][1][2], gone[0][1][2]) == ("", False)
    assert answers(handlers, "/live/clip_slot/get/has_clip", 0, 0)[0][1][2] is True
    assert answers(handlers, "/live/song/get/tempo") == [("song/get/tempo", (99.0,))]


def test_newer_notes_cut_older_ones_of_their_pitch():
    clip = LiveSetClip((0.0, 4.0), (0.0, 4.0))
    clip.add_new_notes(
        [LiveSetNote(60, 0.0, 4.0, 100.0, mute=False), LiveSetNote(62, 0.0, 4.0, 100.0, mute=False)]
    )
    clip.add_new_notes([LiveSetNote(60, 1.0, 1.0, 100.0, mute=False)])

    assert [(n.pitch, n.start, n.duration) for n in clip.notes] == [
        (60, 0.0, 1.0),
        (60, 1.0, 1.0),
        (62, 0.0, 4.0),
    ]


def test_track_data_gives_flat_values_by_track_and_property():
    handlers = Handlers(LiveSet(n_scenes=2))
    handlers.live_set.create_clip(0, 0, 4.0)

    assert answers(
        handlers, "/live/song/get/track_data", 0, 1, "track.name", "clip.length", "clip_slot.has_clip"
    ) == [("song/get/track_data", ("1-MIDI", 4.0, None, True, False))]


def test_duplicating_a_clip_replaces_what_is_there_without_a_word():
    handlers = Handlers(LiveSet())
    handlers.live_set.create_clip(0, 0, 4.0)
    handlers.live_set.create_clip(1, 0, 8.0)

    assert answers(handlers, "/live/clip_slot/duplicate_clip_to", 0, 0, 1, 0) == []
    assert answers(handlers, "/live/clip/get/length", 1, 0)[0][1][2] == 4.0


def test_firing_plays_one_clip_a_track():
    live_set = LiveSet()
    live_set.create_clip(0, 0, 4.0)
    live_set.create_clip(0, 1, 4.0)
    live_set.fire(0, 0)
    live_set.fire(0, 1)

    assert [slot.get("is_playing") for slot in live_set.tracks[0].clip_slots[:2]] == [False, True]
    assert live_set.tracks[0].get("playing_slot_index") == 1


@pytest.mark.parametrize("name", ["track", "scene"])
def test_tracks_and_scenes_are_copied_inserted_and_deleted(name):
    live_set = LiveSet()
    live_set.create_clip(0, 0, 4.0)
    getattr(live_set, f"duplicate_{name}")(0)
    getattr(live_set, f"delete_{name}")(0)

    assert (len(live_set.tracks), len(live_set.scenes)) == (4, 8)
    assert live_set.slot(0, 0).clip is not None
    assert all(len(track.clip_slots) == 8 for track in live_set.tracks)


def test_an_answer_too_large_for_a_datagram_is_a_socket_error(live):
    async def journey(link, simulator):
        simulator.faults = Faults(reply_limit=60)
        with pytest.raises(LinkError, match="Message too long"):
            await link.ask("/live/song/get/track_data", 0, -1, "track.name", "clip.name")

    live(journey)


def test_an_error_makes_what_waits_wait_for_the_next_tick(live):
    async def journey(link, _):
        loop = asyncio.get_running_loop()
        started = loop.time()
        asked = [link.ask("/live/track/get/name", index) for index in (99, 98, 97, 0)]
        await asyncio.gather(*asked, return_exceptions=True)
        return loop.time() - started

    assert live(journey, tick_s=0.05) >= 0.15


def test_a_live_that_is_there_is_found(live):
    async def journey(link, simulator):
        port, reply_port = simulator.port, link.reply_port
        await link.close()
        found = await find_live(port=port, reply_port=reply_port)
        async with found:
            return await found.version()

    assert live(journey) == "12.3"


def test_where_no_live_is_none_is_found():
    assert asyncio.run(find_live(port=9, reply_port=0, timeout_s=0.02)) is None


def test_a_taken_port_is_not_taken_for_a_missing_live(live):
    async def journey(link, _):
        with pytest.raises(LinkError) as taken:
            await find_live(port=9, reply_port=link.reply_port, timeout_s=0.02)
        return taken.value.kind

    assert live(journey) == "port_taken"


def test_two_simulators_cannot_share_a_port(live):
    async def journey(_, simulator):
        with pytest.raises(LinkError, match="choose another --port"):
            await Simulator(port=simulator.port).open()

    live(journey)


async def ask_version(port, reply_port):
    async with LiveLink(port=port, reply_port=reply_port) as link:
        return await link.version()


def free_ports():
    async def find():
        first, second = LiveLink(reply_port=0), LiveLink(reply_port=0)
        async with first, second:
            return first.reply_port, second.reply_port

    return asyncio.run(find())


@pytest.mark.slow
def test_the_simulator_runs_as_a_program_until_it_is_interrupted():
    port, reply_port = free_ports()
    command = [
        sys.executable,
        "-m",
        "conduit.live.simulator",
        "--port",
        str(port),
        "--reply-port",
        str(reply_port),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        line = program.stdout.readline()
        version = asyncio.run(ask_version(port, reply_port))
        program.send_signal(signal.SIGINT)
        _, complaints = program.communicate(timeout=10)

    assert f"127.0.0.1:{port}" in line
    assert f"port {reply_port}" in line
    assert (version, program.returncode, complaints) == ("12.3", 0, "")


@pytest.mark.slow
def test_the_program_keeps_its_set_in_a_file(tmp_path):
    port, reply_port = free_ports()
    path = tmp_path / "set.json"
    command = [sys.executable, "-m", "conduit.live.simulator", "--port", str(port), "--tick", "0.01"]
    options = ["--reply-port", str(reply_port), "--set", str(path), "--save"]

    async def rename():
        async with LiveLink(port=port, reply_port=reply_port) as link:
            await link.tell("/live/track/set/name", 1, "Kept")

    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True) as program:
        program.stdout.readline()
        asyncio.run(rename())
        program.send_signal(signal.SIGINT)
        program.wait(timeout=10)

    assert load(path).tracks[1].get("name") == "Kept"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--set", "{path}/none.json"], "No such file"),
        (["--set", "{path}/bad.json"], "not a saved Live set"),
        (["--save"], "--set FILE"),
        (["--reply-loss", "2"], "reply_loss is 2.0"),
        (["--port", "70000"], "0-65535"),
        (["--host", "no host"], "[Errno"),
    ],
    ids=["no file", "no set", "saves nowhere", "loss", "port", "host"],
)
def test_a_program_that_cannot_run_says_why(options, said, tmp_path, capsys):
    (tmp_path / "bad.json").write_text("{}")

    status = main([option.format(path=tmp_path) for option in ["--port", "0", "--reply-port", "0", *options]])

    assert status == 1
    assert said in capsys.readouterr().err


def test_a_loop_that_watches_no_sockets_is_answered_on_too():
    class Unwatched(asyncio.SelectorEventLoop):
        def add_reader(self, *_):
            raise NotImplementedError

    async def journey():
        link, simulator = await start_simulated()
        async with link, simulator:
            return await link.version()

    with asyncio.Runner(loop_factory=Unwatched) as runner:
        assert runner.run(journey()) == "12.3"
