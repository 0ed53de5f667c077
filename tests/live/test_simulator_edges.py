"""What the simulated Live does at its edges: sockets that refuse, a reload, group slots, files of others."""

from __future__ import annotations

import asyncio
import socket
import tempfile

import pytest

from conduit.live import LiveSet, Simulator
from conduit.live.osc import Message, decode, encode
from conduit.live.simulator.__main__ import _parser, _simulator
from conduit.live.simulator.clips import LiveSetClip
from conduit.live.simulator.handlers import Handlers
from conduit.live.simulator.structure import write_structure


def test_a_socket_that_refuses_an_answer_is_told_as_an_error():
    async def journey():
        async with Simulator(port=0, reply_port=5) as simulator:
            sent = []

            def send(data, _):
                if not sent:
                    sent.append(None)
                    raise OSError(90, "Message too long")
                sent.append(decode(data))

            simulator._wire.send = send
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
                ear.sendto(encode("/live/test"), ("127.0.0.1", simulator.port))
                simulator.read()
            return sent[1]

    error = asyncio.run(journey())

    assert error.address == "/live/error"
    assert error.args[0].startswith("Socket error: ")


def test_a_reloaded_script_greets_this_machine_and_not_who_asked():
    async def journey():
        async with Simulator(port=0, reply_port=5) as simulator:
            sent = []
            simulator._wire.send = lambda data, address: sent.append((decode(data).address, address[0]))
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
                other.bind(("127.0.0.2", 0))
                other.sendto(encode("/live/api/reload"), ("127.0.0.1", simulator.port))
                simulator.read()
            return sent

    sent = asyncio.run(journey())

    assert ("/live/startup", "127.0.0.1") in sent


def test_no_clip_is_duplicated_onto_the_slot_of_a_group():
    held = LiveSet(n_midi=0, n_audio=2)
    clip = LiveSetClip((0.0, 4.0), (0.0, 4.0))
    held.tracks[0].clip_slots[0].clip = clip
    held.tracks[1].values["is_foldable"] = True

    outcome = Handlers(held).handle(Message("/live/clip_slot/duplicate_clip_to", (0, 0, 1, 0)))

    assert outcome.failed
    assert held.tracks[1].clip_slots[0].clip is None


def test_the_structure_replaces_a_link_that_somebody_left_and_follows_it_not(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    path = write_structure(LiveSet())
    theirs = tmp_path / "theirs"
    theirs.write_text("precious")
    path.unlink()
    path.symlink_to(theirs)

    write_structure(LiveSet())

    assert theirs.read_text() == "precious"
    assert not path.is_symlink()
    assert sorted(tmp_path.iterdir()) == sorted([path, theirs])


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        (["--message-loss", "0.5"], "message_loss", 0.5),
        (["--receive-buffer", "4096"], "receive_buffer", 4096),
        (["--undo", "merged"], "undo", "merged"),
        (["--seed", "7"], "seed", 7),
    ],
)
def test_each_fault_can_be_chosen_in_a_shell(words, name, value):
    simulator = _simulator(_parser().parse_args(words))

    assert getattr(simulator.faults, name) == value
