"""Variations, values and transcripts in a real kernel."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from kernels import kernel

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.flaky(reruns=2, only_rerun=["KernelDeafError"]),
]

SETUP = """
from conduit import ScriptedClient
from conduit.messages import AssistantMessage, ToolCallPart
from conduit.studio import current
from pydantic import BaseModel
import json
text = "clip Slow | 4 bars | bass\\n1 | 1:A1/2 5:C2/2 9:E2/2\\n" + "2 = 1\\n" + "3 | 1:A1/4 "
call = ToolCallPart(id="a", name="write_clip", arguments=json.dumps({"clip": text}))
slow = ScriptedClient([AssistantMessage(parts=(call,))] * 9, provider="slow", piece=8, stall_after=12)
class Song(BaseModel):
    title: str
    bars: int
words = ScriptedClient(['{"title": "Acid", "bars": 4}'], provider="words", piece=6, pace_s=0.06)
for client in (slow, words):
    current().add_client(client)
"""
VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module")
def running():
    with kernel("newest") as started:
        started.run("%load_ext conduit")
        started.run(SETUP)
        started.run("%conduit use offline")
        yield started


def shown(messages, kind):
    return [content["data"] for found, content in messages if found == kind]


def test_variations_are_one_grid_of_views_and_one_record(running):
    messages = running.run("%%conduit -n -x 3 --bars 2 --seed 1 -o takes\nacid bass")

    records = shown(messages, "update_display_data")
    models = [
        content["data"]["state"].get("_anywidget_id") or content["data"]["state"]["_model_name"]
        for kind, content in messages
        if kind == "comm_open" and "_model_name" in content["data"]["state"]
    ]
    assert not [kind for kind, _ in messages if kind == "error"]
    assert len([data for data in shown(messages, "display_data") if VIEW in data]) == 1
    assert models.count("GridBoxModel") == 1
    assert models.count("conduit.widgets.clip_view.ClipView") == 3
    assert records[-1]["text/html"].count("data:image/svg+xml") == 3
    assert "1 · seed 1 · main<" in records[-1]["text/html"]
    assert running.text("print(len({str(list(c.notes)) for c in takes}))") == "3\n"


def test_an_interrupt_ends_every_variation_and_keeps_their_notes(running):
    msg_id = running.start("%%conduit -n -m slow -x 2\nbass")
    came = set()
    for kind, content in running.messages(msg_id):
        if kind == "comm_msg" and ["clips", 0, "notes"] in content["data"].get("buffer_paths", []):
            came.add(content["comm_id"])
        if len(came) == 2:
            break
    running.interrupt()
    rest = list(running.messages(msg_id))

    errors = [content for kind, content in rest if kind == "error"]
    assert [error["ename"] for error in errors] == ["Interrupted"]
    assert "_clips" in errors[0]["evalue"]
    assert running.text("print([len(c) >= 3 for c in _clips], slow.closed)") == "[True, True] 2\n"


def test_a_value_is_seen_while_it_comes_and_shown_at_the_end(running):
    messages = running.run("%%conduit -n -m words --parse Song -o song\na song")

    texts = [
        content["data"]["state"]["state"]["text"]
        for kind, content in messages
        if kind == "comm_msg" and "state" in content["data"].get("state", {})
    ]
    assert any('"title": "Acid"' in text and '"bars"' not in text for text in texts)
    assert shown(messages, "display_data")[-1]["text/plain"] == "Song(title='Acid', bars=4)"
    assert running.text("print(song.bars, song is _value)") == "4 True\n"


def test_a_transcript_and_a_tree_are_drawn(running):
    running.run("%%conduit -n\nacid bass")
    running.run("%conduit regenerate")

    history = shown(running.run("%conduit history"), "display_data")[-1]
    tree = shown(running.run("%conduit tree"), "display_data")[-1]

    assert "acid bass" in history["text/html"]
    assert "<details" in history["text/html"]
    assert "● main-2" in tree["text/plain"]
    assert tree["text/html"].startswith("<pre")


def test_a_dry_run_folds_the_request(running):
    (drawn,) = shown(running.run("%%conduit --dry-run\nacid bass"), "display_data")

    assert "offline/composer would be asked" in drawn["text/html"]
    assert "<details" in drawn["text/html"]


def test_a_stop_ends_what_is_answered_anew(running):
    running.run("%%conduit -n\nacid bass")
    msg_id = running.start("%conduit regenerate -m slow")
    view = None
    for kind, content in running.messages(msg_id):
        if kind == "comm_open" and "conduit" in str(content["data"]["state"].get("_anywidget_id")):
            view = content["comm_id"]
        if kind == "comm_msg" and ["clips", 0, "notes"] in content["data"].get("buffer_paths", []):
            break
    stop = {"comm_id": view, "data": {"method": "custom", "content": {"type": "stop"}}}
    running.client.shell_channel.send(running.client.session.msg("comm_msg", stop))
    rest = list(running.messages(msg_id))

    assert not [kind for kind, _ in rest if kind == "error"]
    assert running.text("print(len(_clip) >= 3)") == "True\n"
