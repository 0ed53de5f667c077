"""What is in the way between Conduit and Live is told apart, and who holds a port is named."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys

import pytest

from conduit.__main__ import main
from conduit.errors import LinkError
from conduit.live import Faults, LiveLink, find_live, start_simulated
from conduit.live.diagnosis import Facts, Finding, _refusal, diagnose, diagnose_link, judged
from conduit.live.endpoints import SIMULATED
from conduit.live.holder import Holder, holder_of
from conduit.live.simulator.handlers import Outcome

LIVE = Holder(7, "Ableton Live 12 Suite.exe")
OTHER = Holder(8, "TouchOSC", ("/opt/TouchOSC/TouchOSC", "--port", "11000"))
NOTEBOOK = Holder(9, "python3", ("python3", "-m", "ipykernel_launcher", "-f", "k.json"), "sets/beats.ipynb")
TAKEN = LinkError("taken", kind="port_taken")
NO_ADDRESS = LinkError("no address", kind="protocol")


@pytest.mark.parametrize(
    ("seen", "kind", "words"),
    [
        ({"version": "12.3"}, "connected", "Live 12.3 answers at studio:11000, through AbletonOSC"),
        ({"version": "12.3", "fork": True}, "connected", "the fork of AbletonOSC"),
        ({"version": "12.3", "simulated": True}, "simulated", "A simulated Live 12.3"),
        ({"refused": True}, "no_live", "does not run"),
        ({"refused": True, "live": LIVE}, "script_missing", "Choose AbletonOSC as a control surface"),
        ({"holder": LIVE, "live": LIVE}, "busy", "Close every menu and dialog"),
        ({"live": LIVE}, "busy", "answers nothing"),
        ({"holder": OTHER}, "port_taken", "UDP port 11000, where AbletonOSC listens, is taken by 'TouchOSC'"),
        ({"holder": OTHER, "live": LIVE}, "port_taken", "Quit it, then start Live again"),
        ({"trouble": TAKEN}, "port_taken", "UDP port 11001.*is taken by another program"),
        ({"trouble": TAKEN, "holder": NOTEBOOK}, "port_taken", "notebook's kernel.*pid 9, 'beats.ipynb'"),
        ({"trouble": NO_ADDRESS}, "wrong_host", "'studio' is no address"),
        ({"is_here": False, "refused": True}, "no_live", "is there, but nobody listens"),
        ({"is_here": False}, "wrong_host", "Nothing at all comes back from studio"),
    ],
    ids=[
        "answers", "fork", "simulated", "nothing runs", "script not chosen", "dialog", "dialog, holder not told",
        "other program at 11000", "the same beside Live", "11001 taken", "11001 taken by a notebook",
        "no such host", "machine without Live", "silent machine",
    ],
)  # fmt: skip
def test_what_was_seen_tells_what_is_the_matter(seen, kind, words):
    found = judged(Facts(host="studio", port=11000, reply_port=11001, **seen))

    assert found.kind == kind
    assert found.ok == (kind in {"connected", "simulated"})
    assert re.search(words, str(found))


def test_every_kind_of_trouble_says_what_to_do():
    troubles = [
        {"refused": True},
        {"refused": True, "live": LIVE},
        {"live": LIVE},
        {"holder": OTHER},
        {"trouble": TAKEN},
    ]
    found = [judged(Facts(host="127.0.0.1", port=11000, reply_port=11001, **seen)) for seen in troubles]

    assert all(one.remedy.endswith(".") for one in found)


async def looked(faults, *, closed=False):
    link, simulator = await start_simulated(faults=faults)
    reply_port = link.reply_port
    await link.close()
    if closed:
        await simulator.close()
    try:
        return await diagnose(port=simulator.port, reply_port=reply_port, timeout_s=0.05)
    finally:
        await simulator.close()


def test_a_simulated_live_is_found():
    assert asyncio.run(looked(Faults())).kind is Finding.SIMULATED


def test_one_that_listens_and_answers_nothing_is_busy():
    assert asyncio.run(looked(Faults(paused=True))).kind is Finding.BUSY


def test_where_nobody_listens_there_is_no_live():
    assert asyncio.run(looked(Faults(), closed=True)).kind is Finding.NO_LIVE


def test_a_host_without_an_address_is_a_wrong_one():
    found = asyncio.run(diagnose(host="no.such.host.invalid", reply_port=0, timeout_s=0.02))

    assert found.kind is Finding.WRONG_HOST


HOLD = """
import socket, sys
bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
bound.bind(("127.0.0.1", 0))
print(bound.getsockname()[1], flush=True)
sys.stdin.read()
"""


@pytest.fixture
def held():
    """Let another process hold a UDP port; give its number and the process."""
    environment = {**os.environ, "JPY_SESSION_NAME": "/sets/beats.ipynb"}
    words = [sys.executable, "-c", HOLD, "ipykernel_launcher"]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        yield int(process.stdout.readline()), process
        process.stdin.close()


def test_a_notebook_that_holds_the_reply_port_is_named(held):
    number, process = held

    async def journey():
        with pytest.raises(LinkError) as taken:
            await LiveLink(reply_port=number).open()
        return taken.value, await diagnose(reply_port=number)

    error, found = asyncio.run(journey())

    who = f"another notebook's kernel (pid {process.pid}, 'beats.ipynb')"
    assert (error.kind, found.kind) == ("port_taken", Finding.PORT_TAKEN)
    assert who in error.message
    assert who in found.said


def test_another_program_at_lives_port_is_named(held):
    number, process = held

    found = asyncio.run(diagnose(port=number, reply_port=0, timeout_s=0.02))

    assert found.kind is Finding.PORT_TAKEN
    assert f"pid {process.pid}" in found.said


def test_a_port_that_nobody_holds_has_no_holder():
    async def free():
        async with LiveLink(port=9, reply_port=0) as link:
            return link.reply_port, holder_of(link.reply_port)

    number, mine = asyncio.run(free())

    assert mine.is_me
    assert holder_of(number) is None


def test_the_check_of_a_shell_says_what_is_the_matter_and_fails(held, capsys):
    number, process = held

    status = main(["check", "--reply-port", str(number)])

    printed = capsys.readouterr().out
    assert status == 1
    assert f"Live: UDP port {number}" in printed
    assert f"pid {process.pid}" in printed


def test_the_check_of_a_shell_is_content_where_a_live_answers(capsys):
    async def there():
        link, simulator = await start_simulated()
        await link.close()
        words = ["check", "--port", str(simulator.port), "--reply-port", str(link.reply_port)]
        async with simulator:
            return await asyncio.to_thread(main, words)

    status = asyncio.run(there())

    assert status == 0
    assert "Live: A simulated Live 12" in capsys.readouterr().out


def mute(simulator, address, times=99):
    """Lose the answers to an address."""
    handle = simulator.handlers.handle
    left = [None] * times

    def handled(message):
        if message.address == address and left:
            left.pop()
            return Outcome(())
        return handle(message)

    simulator.handlers.handle = handled


@pytest.mark.parametrize(
    "lost", [SIMULATED, "/live/application/get/version", "/live/browser/list_user_presets"]
)
def test_one_lost_answer_misjudges_nothing_and_none_at_all_is_no_error(live, lost):
    async def journey(link, simulator):
        mute(simulator, lost, times=1)
        once = await diagnose_link(link)
        mute(simulator, SIMULATED)
        return once.kind, (await diagnose_link(link)).kind

    assert live(journey, timeout_s=0.05, busy_s=0.2) == (Finding.SIMULATED, Finding.BUSY)


def test_a_closed_link_is_diagnosed_without_an_error(live):
    async def journey(link, _):
        await link.close()
        return (await diagnose_link(link)).ok

    assert live(journey, timeout_s=0.05) is False


def sought(*, paused_s, busy_s):
    """Look for a Live with a dialog open, which is closed after some time."""

    async def journey():
        link, simulator = await start_simulated(faults=Faults(paused=True))
        reply_port = link.reply_port
        await link.close()

        def resume():
            simulator.faults = Faults()

        async with simulator:
            asyncio.get_running_loop().call_later(paused_s, resume)
            found = await find_live(port=simulator.port, reply_port=reply_port, timeout_s=0.02, busy_s=busy_s)
            async with found:
                return await found.is_simulated()

    return asyncio.run(journey())


def test_a_live_with_a_dialog_open_is_waited_for():
    assert sought(paused_s=0.8, busy_s=5.0)


def test_a_live_that_stays_silent_is_said_to_be_there_instead_of_replaced():
    with pytest.raises(LinkError, match="Close every menu and dialog") as error:
        sought(paused_s=60.0, busy_s=0.1)

    assert error.value.kind == "no_reply"


def test_a_machine_that_refuses_a_port_is_heard():
    async def free():
        async with LiveLink(port=9, reply_port=0) as link:
            return link.reply_port

    port = asyncio.run(free())

    assert asyncio.run(_refusal("localhost", port)) == ("127.0.0.1", True)
