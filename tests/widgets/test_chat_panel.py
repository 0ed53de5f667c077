"""What the kernel's side of the chat panel sends and takes."""

from __future__ import annotations

import numpy as np
import pytest

from conduit.music import Clip, Note
from conduit.widgets import ChatPanel, PanelClip, clip_item
from conduit.widgets.packing import NOTE_RECORD

BASS = Clip.of([Note(45 + beat, beat, 0.5) for beat in range(4)], name="Bass", instrument="bass")


@pytest.fixture
def intents():
    return []


@pytest.fixture
def panel(intents):
    made = ChatPanel({"panel": {"kind": "panel", "order": []}}, on_intent=intents.append)
    made.sent = []
    made.send = lambda content, buffers=None: made.sent.append((content, buffers))
    return made


def raised(clip):
    """The first note of a clip a semitone higher, as a front end sends it."""
    pair = np.zeros(2, dtype=NOTE_RECORD)
    for name in ("start", "duration", "pitch", "velocity"):
        pair[name] = clip.table[name][0]
    pair["chance"] = 100
    pair["pitch"][1] += 1
    return pair.tobytes()


def test_a_front_end_that_begins_gets_the_document_as_it_is_then(panel):
    panel.show({"panel": {"kind": "panel", "order": ["e1"]}})

    assert panel.get_state()["begin"] == {"n": 2, "items": {"panel": {"kind": "panel", "order": ["e1"]}}}


def test_a_front_end_that_missed_something_gets_the_whole(panel, intents):
    panel._handle_custom_msg({"type": "sync"}, [])

    [(content, _)] = panel.sent
    assert content["type"] == "whole"
    assert content["items"] == {"panel": {"kind": "panel", "order": []}}
    assert intents == []


def test_a_document_that_did_not_change_sends_nothing(panel):
    panel.show({"panel": {"kind": "panel", "order": []}})

    assert panel.sent == []


@pytest.mark.parametrize(
    "content",
    [
        {"type": "evaluate", "code": "1"},
        {"type": "send", "text": 3, "media": []},
        {"type": "approve"},
        {"type": ["send"]},
        "send",
        {"type": "clip", "clip": "c1", "message": "edit"},
    ],
    ids=["not listed", "another type", "a field missing", "no word", "no message", "a clip's, of no dict"],
)
def test_what_is_not_listed_is_not_handed_on(panel, intents, content):
    panel._handle_custom_msg(content, [])

    assert intents == []


def test_a_switch_is_a_text(panel, intents):
    for value in (True, False, "generate", {"a": 1}):
        panel._handle_custom_msg({"type": "set", "name": "mode", "value": value}, [])

    assert [intent["value"] for intent in intents] == ["on", "", "generate", ""]


def test_a_file_arrives_with_its_bytes(panel, intents):
    panel._handle_custom_msg({"type": "attach", "n": 1, "name": "a.mid", "mime": ""}, [memoryview(b"MThd")])

    assert intents[0]["data"] == b"MThd"


def test_a_clip_in_a_panel_begins_as_the_item_of_one_that_nobody_touched():
    view = PanelClip(BASS, tell=lambda *_: None, on_intent=lambda _: None)

    assert view.item == clip_item(BASS)
    assert view.comm is None


def test_an_edit_of_a_clip_in_a_panel_is_answered_by_the_panel():
    told, intents = [], []
    view = PanelClip(BASS, tell=lambda message, _: told.append(message), on_intent=intents.append)

    edit = {"type": "edit", "epoch": 1, "n": 1, "part": 0, "facts": {}}
    view.take(edit, [raised(BASS), b""])

    assert view.clip.notes[0].pitch == 46
    assert [message["type"] for message in told] == ["edited"]
    assert intents == [{"type": "edited", "part": 0}]
    assert view.item["edits"] == 1


def test_the_item_of_a_clip_is_the_same_object_until_something_changes():
    view = PanelClip(BASS, tell=lambda *_: None, on_intent=lambda _: None)
    before = view.item

    view.compare(BASS.transpose(12), label="take 2")

    assert view.item is not before
    assert view.item is view.item
    assert view.item["other"]["label"] == "take 2"
