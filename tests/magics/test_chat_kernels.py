"""The chat panel in real kernels: what a person does reaches it, beside a cell that runs where the kernel can."""

import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from kernels import VERSIONS, kernel

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.flaky(reruns=2, only_rerun=["KernelDeafError"]),
]

MODELS = """
from conduit import ScriptedClient
from conduit.studio import current
answers = ScriptedClient(["Four bars of it."] * 9, provider="answers", piece=4)
slow = ScriptedClient(["word " * 4000] * 9, provider="slow", piece=5, pace_s=0.02)
for one in (answers, slow):
    current().add_client(one)
"""
WAITS_S = 20


@pytest.fixture(scope="module")
def kernels():
    """Give ``kernels(version)``: a kernel that all tests share, and a new one where it went deaf."""
    with ExitStack() as stack:
        started = {}

        def give(version):
            if version not in started or started[version].is_deaf:
                started[version] = stack.enter_context(kernel(version))
                started[version].version = version
                started[version].run("%load_ext conduit")
                started[version].run(MODELS)
            return started[version]

        yield give


@pytest.fixture(params=VERSIONS)
def running(request, kernels):
    return kernels(request.param)


@pytest.fixture
def panel(running):
    """Give a panel in a new conversation: its kernel, and the id of its comm."""
    running.run("%conduit reset")
    shown = running.run("%conduit panel")
    opened = [c["comm_id"] for k, c in shown if k == "comm_open" and "ChatPanel" in str(c["data"]["state"])]
    assert len(opened) == 1
    return running, opened[0]


def act(panel, kind, **facts):
    """Do what a person does in the panel."""
    running, comm = panel
    content = {"comm_id": comm, "data": {"method": "custom", "content": {"type": kind, **facts}}}
    running.client.shell_channel.send(running.client.session.msg("comm_msg", content))


def patches(panel):
    """Give each patch that the panel is told, with the time when it came."""
    running, comm = panel
    until = time.monotonic() + WAITS_S
    while time.monotonic() < until:
        message = running.client.get_iopub_msg(timeout=WAITS_S)
        content = message["content"]
        if message["msg_type"] == "comm_msg" and content["comm_id"] == comm:
            told = content["data"].get("content", {})
            if told.get("type") == "patch":
                yield told
    raise AssertionError("the panel did not say it")


def until(panel, shown):
    """Follow the panel until a field of an item is told for which ``shown(name, value)`` holds."""
    items = {}
    for patch in patches(panel):
        for name, fields in patch["set"].items():
            items.setdefault(name, {}).update(fields)
        for name, fields in patch["more"].items():
            for field, more in fields.items():
                items.setdefault(name, {})[field] = items.get(name, {}).get(field, "") + more
        if any(shown(field, value) for fields in items.values() for field, value in fields.items()):
            return


def test_a_message_is_answered_and_every_patch_is_counted(panel):
    running, _ = panel
    running.run("%conduit use answers")

    act(panel, "send", text="a bass", media=[])
    counted, asked = [], []
    for patch in patches(panel):
        counted.append(patch["n"])
        asked += [fields["asked"] for fields in patch["set"].values() if "asked" in fields]
        if any(fields.get("state") == "done" for fields in patch["set"].values()):
            break

    assert counted == list(range(counted[0], counted[0] + len(counted)))
    assert "a bass" in asked
    assert running.text("print(current().conversation.messages[-1].text)") == "Four bars of it.\n"


def test_stop_ends_an_answer_with_what_has_come(panel):
    running, _ = panel
    running.run("%conduit use slow")
    act(panel, "send", text="slowly", media=[])
    until(panel, lambda field, value: field == "text" and "word" in value)

    act(panel, "stop")
    until(panel, lambda field, value: (field, value) == ("state", "stopped"))

    assert 0 < int(running.text("print(len(current().conversation.messages[-1].text))")) < 20_000


def test_text_keeps_flowing_while_a_cell_runs(panel):
    running, _ = panel
    running.run("%conduit use slow")
    act(panel, "send", text="slowly", media=[])
    until(panel, lambda field, value: field == "text" and "word" in value)

    running.start("import time; time.sleep(2); print('slept')")
    grown = 0
    slept = False
    while not slept:
        message = running.client.get_iopub_msg(timeout=WAITS_S)
        slept = message["msg_type"] == "stream" and "slept" in message["content"]["text"]
        grown += message["msg_type"] == "comm_msg"
    act(panel, "stop")
    until(panel, lambda field, value: (field, value) == ("state", "stopped"))

    assert grown >= 10
