"""What is sent in a chat panel: nothing of it is lost, whatever happens to it, and all of it comes in order."""

from __future__ import annotations

import json
import struct
import sys
import zlib
from pathlib import Path

import pytest

from conduit.errors import ErrorKind, ProviderError
from conduit.messages import AssistantMessage, ToolCallPart
from conduit.music import Clip, Note, write_clip

sys.path.insert(0, str(Path(__file__).parent))
from chat_page import Page

BASS = Clip.of([Note(45 + beat, beat, 0.5) for beat in range(8)], length=8, name="Bass", instrument="bass")
LEAD = Clip.of([Note(60 + beat, beat, 0.5) for beat in range(8)], length=8, name="Lead", instrument="lead")


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\0\0\0\0"))
    + _chunk(b"IEND", b"")
)
AWAY = ProviderError("scripted is away", kind=ErrorKind.BAD_REQUEST, provider="scripted")


def wrote(notation, call_id):
    call = ToolCallPart(id=call_id, name="write_clip", arguments=json.dumps({"clip": notation}))
    return AssistantMessage(parts=(call,))


@pytest.fixture
def desk(ip, studio):
    studio.forget()
    desk = ip.magics_manager.registry["ConduitMagics"].desk
    desk.outputs.live = True
    return desk


@pytest.fixture
def page(desk):
    made = Page(desk)
    yield made
    made.close()
    desk.outputs.live = False


@pytest.fixture
def says(page, script):
    """Give a function that makes the page's model say something, and gives it."""

    def made(*replies, **facts):
        client = script(*replies, **facts)
        page.act("set", name="model", value="scripted")
        return client

    return made


def attached(page, name, mime, data):
    """Attach a file, and give its id."""
    before = len(page.told)
    page.act("attach", n=1, name=name, mime=mime, data=data)
    page.until(lambda: any(told["type"] == "attached" for told in page.told[before:]))
    return [told["id"] for told in page.told[before:] if told["type"] == "attached"][-1]


@pytest.fixture
def lead(tmp_path):
    path = tmp_path / "x.mid"
    LEAD.save(path)
    return path


def texts_of(client):
    """Give the texts of the question that a model was asked last."""
    questions = [message for message in client.requests[-1].messages if message.role == "user"]
    return questions[-1].text


def test_a_clip_that_is_shown_stays_in_its_place_among_the_clips(page, studio, lead):
    page.send(f"/open {lead}")
    page.send("four bars of acid bass in A minor")

    page.panel.studio.call(looked_at(page))

    assert studio.latest is studio.shelf.takes.get(page.part("clip")["take"]).clip


async def looked_at(page):
    page.panel.document()


def test_an_edited_clip_is_the_newest_and_not_what_it_was_made_of(page, studio, lead):
    page.send(f"/open {lead}")
    clip = page.items[page.part("clip")["clip"]]
    edit = {"type": "edit", "epoch": clip["epoch"], "n": 1, "part": 0, "facts": {"length": 4.0}}

    page.panel.view._handle_custom_msg(
        {"type": "clip", "clip": page.part("clip")["clip"], "message": edit}, [b"", b""]
    )
    page.until(lambda: page.items[page.part("clip")["take"]]["words"].startswith("1 bar"))
    page.send("/genres")

    assert [(clip.name, clip.length) for clip in studio.clips if clip.name == "Lead"][-1] == ("Lead", 4)
    assert studio.latest.length == 4


def test_a_question_that_is_stopped_before_anything_came_stays(page, says):
    says("never", "ok", stall_after=0)
    picture = attached(page, "a.png", "image/png", PNG)
    page.act("send", text="a long thought", media=[picture])
    page.until(lambda: page.states == ["running"])

    page.act("stop")
    page.until(lambda: page.states == ["stopped"])

    [entry] = page.entries
    assert (entry["asked"], entry["error"]) == ("a long thought", "")
    assert [page.items[name]["data"] for name in entry["media"]] == [PNG]


def test_an_answer_anew_that_is_stopped_before_anything_came_leaves_the_turn_as_it_was(page, says, script):
    says("One.")
    page.send("hello")
    script("never", provider="slow", stall_after=0)
    page.act("set", name="model", value="slow")

    page.act("again", entry=page.order[0])
    page.until(lambda: page.states == ["running"])
    page.act("stop")
    page.settled()

    assert page.states == ["done"]
    assert page.part("text")["text"] == "One."


def test_a_failed_question_is_edited_with_its_pictures(page, says):
    client = says(AWAY, "ok")
    page.send("like this", attached(page, "a.png", "image/png", PNG))
    [entry] = page.entries
    assert [page.items[name]["data"] for name in entry["media"]] == [PNG]

    page.act("edit", entry=page.order[0], text="like that")
    page.until(lambda: page.states == ["done"])

    assert [page.items[name]["data"] for name in page.entries[0]["media"]] == [PNG]
    assert texts_of(client) == "like that"


def test_an_edited_turn_keeps_its_midi_file(page, says, lead):
    client = says("ok", "ok")
    page.send("drums for it", attached(page, "x.mid", "audio/midi", lead.read_bytes()))

    page.act("edit", entry=page.order[0], text="chords for it")
    page.until(lambda: [entry["asked"] for entry in page.entries] == ["chords for it"])
    page.settled()

    assert texts_of(client).count('<data name="x.mid') == 1


def test_what_is_mentioned_goes_with_its_mention_when_a_turn_is_edited(page, says, ip):
    ip.user_ns |= {"bass": BASS, "lead": LEAD}
    client = says("ok", "ok")
    page.send("like @bass and @lead")

    page.act("edit", entry=page.order[0], text="like @bass")
    page.until(lambda: [entry["asked"] for entry in page.entries] == ["like @bass"])
    page.settled()

    assert [name in texts_of(client) for name in ('<data name="bass">', '<data name="lead">')] == [
        True,
        False,
    ]


def test_words_that_follow_at_once_steer_the_answer_and_begin_no_other(page, says, studio):
    says("I begin slowly.", "Darker, then.", pace_s=0.01, piece=2)

    page.act("send", text="a bass line", media=[])
    page.act("send", text="darker", media=[])
    page.until(lambda: page.states == ["done"])

    assert [entry["asked"] for entry in page.entries] == ["a bass line"]
    assert (page.part("steer")["text"], page.part("steer")["taken"]) == ("darker", True)
    assert list(studio.session.tree.branches) == ["main"]


def test_what_is_sent_first_goes_first_however_long_it_takes_to_read(page, says, ip):
    ip.user_ns["slow"] = Slow()
    client = says("I begin slowly.", "Then.", pace_s=0.01, piece=2)

    page.act("send", text="one @slow", media=[])
    page.act("send", text="two", media=[])
    page.until(lambda: page.states == ["done"])

    assert client.requests[0].messages[-1].text.startswith("one")
    assert page.part("steer")["text"] == "two"


class Slow:
    """Takes its time to say what it is."""

    def __repr__(self):
        return str(sum(range(3_000_000)))


def test_any_fault_keeps_words_and_files(page, ip, lead):
    ip.user_ns["broken"] = Broken()
    name = attached(page, "x.mid", "audio/midi", lead.read_bytes())

    page.send("like @broken", name)

    [entry] = page.entries
    assert (entry["asked"], entry["state"]) == ("like @broken", "failed")
    assert "it is broken" in entry["error"]
    assert [page.items[one]["name"] for one in entry["media"]] == ["x.mid"]


class Broken:
    """Cannot be read."""

    def __repr__(self):
        raise RuntimeError("it is broken")


def test_what_could_not_be_sent_is_sent_again_with_its_files(page, says, ip, lead):
    client = says("ok")
    ip.user_ns["api_key"] = "x"
    page.send("like @api_key", attached(page, "x.mid", "audio/midi", lead.read_bytes()))
    assert page.states == ["failed"]
    del ip.user_ns["api_key"]

    page.act("again", entry=page.order[0])
    page.until(lambda: page.states == ["done"])

    assert page.entries[0]["asked"] == "like @api_key"
    assert '<data name="x.mid' in texts_of(client)


def test_a_turn_that_is_only_kept_shows_the_clip_that_was_taken(page, says, studio):
    says(wrote(write_clip(BASS) + "\n!!no line of any clip", "c1"), wrote(write_clip(LEAD), "c1"), "Done.")
    page.send("a lead")
    take = page.part("clip")["take"]

    studio.turns._accounts.clear()
    page.panel.changed()
    page.until(lambda: page.part("clip")["clip"].startswith("cb2:"))

    assert page.kinds().count("clip") == 1
    assert page.part("clip")["take"] == take
    assert page.items[page.part("clip")["clip"]]["facts"]["name"] == "Lead"


def test_two_clips_of_a_kept_turn_are_their_own_takes(page, says, studio):
    both = AssistantMessage(
        parts=(*wrote(write_clip(BASS), "c1").parts, *wrote(write_clip(LEAD), "c2").parts)
    )
    says(both, "Done.")
    page.send("both")
    before = [
        (part["take"], page.items[part["clip"]]["facts"]["name"]) for part in page.parts() if "take" in part
    ]

    studio.turns._accounts.clear()
    page.panel.changed()
    page.until(lambda: page.part("clip")["clip"].startswith("cb2:"))

    shown = [
        (part["take"], page.items[part["clip"]]["facts"]["name"]) for part in page.parts() if "take" in part
    ]
    assert shown == before
    assert len({take for take, _ in shown}) == 2


def test_an_edit_of_a_kept_turn_is_shown_though_the_turn_is_held(page, says, studio):
    says(wrote(write_clip(LEAD), "c1"), "Done.")
    page.send("a lead")
    studio.turns._accounts.clear()
    page.panel.changed()
    page.until(lambda: page.part("clip")["clip"].startswith("cb2:"))

    clip = studio.shelf.takes.get(page.part("clip")["take"]).clip
    studio.call(studio.edited(clip, clip.transpose(12)))
    page.until(lambda: page.items[page.part("clip")["clip"]]["epoch"] > 1)

    assert page.panel.clips.clip(page.part("clip")["clip"]).notes[0].pitch == 72


def test_a_turn_that_is_only_kept_is_the_same_items_as_long_as_nothing_changes(page, says, studio):
    says(wrote(write_clip(LEAD), "c1"), "Done.")
    page.send("a lead")
    studio.turns._accounts.clear()

    first, second = page.panel.desk.on_loop(lambda: (page.panel.document(), page.panel.document()))

    shown = {name for name, item in first.items() if item["kind"] in {"turn", "text"}}
    assert shown
    assert all(first[name] is second[name] for name in shown)


def test_a_clip_that_a_command_shows_is_a_take_and_the_newest(page, studio, lead):
    page.send(f"/open {lead}")

    assert page.part("clip")["take"] in page.items["tray"]["order"]
    assert studio.latest.name == "Lead"


def test_an_edited_turn_that_failed_is_asked_again_in_its_own_place(page, says):
    client = says("One.", "Two.", AWAY, "Three.")
    page.send("first")
    page.send("second")
    page.act("edit", entry=page.order[0], text="other")
    page.until(lambda: "failed" in page.states)

    page.act("edit", entry=page.order[page.states.index("failed")], text="another")
    page.until(lambda: [entry["asked"] for entry in page.entries] == ["another"])
    page.settled()

    assert [message.text for message in client.requests[-1].messages if message.role == "user"] == ["another"]
