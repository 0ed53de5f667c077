"""The chat panel by itself: what a person does in it, and what its page is told of it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from conduit.engine.plan import Status
from conduit.errors import ErrorKind, ProviderError
from conduit.messages import AssistantMessage, ToolCallPart
from conduit.music import Clip, Note, write_clip

sys.path.insert(0, str(Path(__file__).parent))
from chat_page import Page

BASS = Clip.of([Note(45 + beat, beat, 0.5) for beat in range(8)], length=8, name="Bass", instrument="bass")


def wrote(clip, call_id="c1"):
    arguments = json.dumps({"clip": write_clip(clip)})
    return AssistantMessage(parts=(ToolCallPart(id=call_id, name="write_clip", arguments=arguments),))


def push(**arguments):
    call_id = f"p{len(arguments)}{arguments.get('slot', 0)}"
    return AssistantMessage(
        parts=(ToolCallPart(id=call_id, name="push_clip", arguments=json.dumps(arguments)),)
    )


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


def test_an_empty_panel_offers_prompts_that_run(page):
    label, prompt = page.items["panel"]["examples"][0]

    page.send(prompt)

    assert label
    assert "clip" in page.kinds()
    assert page.items["panel"]["examples"] == []


def test_what_is_asked_is_answered_in_order(page, script):
    script("Hello **there**.", piece=4)
    page.act("set", name="model", value="scripted")

    page.send("hello")

    [entry] = page.entries
    assert (entry["who"], entry["asked"], entry["number"], entry["state"]) == ("you", "hello", 1, "done")
    assert page.parts() == [{"kind": "text", "text": "Hello **there**.", "open": False}]
    assert entry["footer"].startswith("scripted/script")


def test_the_page_has_what_the_panel_would_tell_a_new_one(page, desk):
    page.send("four bars of acid bass in A minor")
    page.send("transpose it up an octave")

    assert page.items == {name: dict(item) for name, item in desk.on_loop(page.panel.document).items()}


def test_a_turn_of_a_cell_is_told_too(page, ip):
    ip.run_cell_magic("conduit", "", "two bars of techno drums")
    page.until(lambda: page.states == ["done"])

    [entry] = page.entries
    assert (entry["asked"], entry["origin"]) == ("two bars of techno drums", "cell")
    assert page.items["tray"]["order"][0] == page.part("clip")["take"]


def test_a_question_that_cannot_be_sent_stays_to_be_mended(page, ip):
    ip.user_ns["api_key"] = "x"

    page.send("like @api_key")

    [entry] = page.entries
    assert (entry["asked"], entry["state"]) == ("like @api_key", "failed")
    assert "secret" in entry["error"]


def test_a_failed_question_can_be_asked_again(page, script):
    script(ProviderError("scripted is away", kind=ErrorKind.BAD_REQUEST, provider="scripted"), "Back.")
    page.act("set", name="model", value="scripted")
    page.send("hello")
    [entry] = page.order

    page.act("again", entry=entry)
    page.until(lambda: page.states == ["done"])

    assert page.part("text")["text"] == "Back."
    assert page.entries[0]["asked"] == "hello"


def test_an_edited_turn_is_another_take_and_nothing_is_lost(page, script):
    script("One.", "Two.", "Three.")
    page.act("set", name="model", value="scripted")
    page.send("first")
    page.send("second")

    page.act("edit", entry=page.order[0], text="other")
    page.until(lambda: [entry["asked"] for entry in page.entries] == ["other"])
    page.settled()
    page.act("take", entry=page.order[0], branch="main")
    page.until(lambda: len(page.order) == 2)

    assert [entry["asked"] for entry in page.entries] == ["first", "second"]
    assert page.entries[0]["takes"]["names"] == ["main", "main-2"]
    assert [row[0] for row in page.items["panel"]["tree"]] == ["main", "main-2"]


def test_an_answer_can_be_given_anew_and_compared(page):
    page.send("four bars of acid bass in A minor")

    page.act("again", entry=page.order[0])
    page.until(lambda: page.entries[0]["takes"])
    page.settled()
    page.act("compare", entry=page.order[0], branch="main")
    page.until(lambda: "compare" in page.kinds())

    mine, other = page.part("clip"), page.part("compare")
    assert (other["label"], page.items[other["one"]]["kind"]) == ("main", "clip")
    assert page.items[other["one"]]["notes"] != page.items[mine["clip"]]["notes"]


def test_while_an_answer_comes_words_steer_it(page, script):
    script("I begin slowly.", "Darker, then.", pace_s=0.02, piece=2)
    page.act("set", name="model", value="scripted")
    page.act("send", text="a bass line", media=[])
    page.until(lambda: page.states == ["running"] and page.parts())

    page.act("send", text="darker", media=[])
    page.settled()

    assert page.kinds() == ["text", "steer", "text"]
    assert page.part("steer") == {"kind": "steer", "text": "darker", "taken": True}
    assert len(page.order) == 1


def test_stop_keeps_what_came(page, script):
    script("one two three four five", stall_after=3, piece=4)
    page.act("set", name="model", value="scripted")
    page.act("send", text="count", media=[])
    page.until(lambda: page.order and page.parts())

    page.act("stop")
    page.settled()

    assert page.states == ["stopped"]
    assert page.part("text")["text"].startswith("one")


def test_a_plan_is_a_card_and_nothing_happens_before_a_click(page, script, studio):
    script(wrote(BASS), push(track=1, slot=1), "It is in.")
    page.act("set", name="model", value="scripted")

    page.send("a bass line on track 1")

    plan = page.part("plan")["plan"]
    assert plan["status"] == "pending"
    assert plan["seconds_left"] > 290
    assert studio.call(studio.live.state()).snapshot.tracks[0].slots[0] is None


def test_after_the_decision_the_model_goes_on_by_itself(page, script):
    client = script(wrote(BASS), push(track=1, slot=2), "It is in.")
    page.act("set", name="model", value="scripted")
    page.send("a bass line on track 1")

    page.act("approve", plan=page.part("plan")["plan"]["id"])
    page.until(lambda: "text" in page.kinds())
    page.settled()

    assert page.part("plan")["plan"]["status"] == "applied"
    assert page.part("text")["text"] == "It is in."
    assert "approved" in client.requests[-1].messages[-1].text
    assert len(page.order) == 1


def test_a_decision_can_be_undone(page, script, studio):
    script(wrote(BASS), push(track=1, slot=3), "It is in.")
    page.act("set", name="model", value="scripted")
    page.send("a bass line on track 1")
    plan = page.part("plan")["plan"]["id"]
    page.act("approve", plan=plan)
    page.until(lambda: page.part("plan")["plan"]["status"] == "applied")

    page.act("undo", plan=plan)
    page.until(lambda: page.part("plan")["plan"]["status"] == "undone")

    assert studio.call(studio.live.state()).snapshot.tracks[0].slots[2] is None


def test_a_plan_whose_clip_is_edited_is_renewed_with_it(page, script, studio):
    script(wrote(BASS), push(track=1, slot=4))
    page.act("set", name="model", value="scripted")
    page.send("a bass line on track 1")
    plan = page.part("plan")["plan"]["id"]

    lower(page, page.part("clip")["clip"])
    page.until(
        lambda: page.part("plan")["plan"]["id"] != plan and page.part("plan")["plan"]["status"] == "pending"
    )

    renewed = page.part("plan")["plan"]["id"]
    assert studio.plans.get(plan).status is Status.REJECTED
    assert studio.plans.change(renewed).after.length == 4


def lower(page, clip_id, *, n=1, length=4.0):
    """Make a clip shorter, as its view does."""
    item = page.items[clip_id]
    edit = {"type": "edit", "epoch": item["epoch"], "n": n, "part": 0, "facts": {"length": length}}
    page.panel.view._handle_custom_msg({"type": "clip", "clip": clip_id, "message": edit}, [b"", b""])


def test_an_edit_is_in_the_tray_and_not_sent_back(page, studio):
    page.send("four bars of acid bass in A minor")
    clip_id, before = page.part("clip")["clip"], page.sent

    lower(page, clip_id)
    page.until(lambda: page.items[page.part("clip")["take"]]["words"].startswith("1 bar"))

    assert [message["message"]["type"] for message in page.told if message["type"] == "clip"] == ["edited"]
    assert page.items[clip_id]["edits"] == 0  # the page itself knows better
    assert studio.latest.length == 4
    assert page.sent > before


def test_an_update_between_two_edits_takes_none_of_them_back(page, studio):
    page.send("four bars of acid bass in A minor")
    clip_id = page.part("clip")["clip"]

    async def edit_on():
        lower(page, clip_id, n=1, length=8.0)
        page.panel.view.show(page.panel.document())  # before the studio has heard of the edit
        lower(page, clip_id, n=2, length=4.0)

    studio.call(edit_on())
    page.until(lambda: studio.latest.length == 4)

    assert [message["message"]["type"] for message in page.told if message["type"] == "clip"] == [
        "edited"
    ] * 2


def test_a_command_says_what_its_verb_says(page):
    page.send("/genres")

    [entry] = page.entries
    assert (entry["who"], entry["state"]) == ("verb", "done")
    assert page.part("table")["columns"][0] == ["genre", False]


def test_a_command_that_is_none_says_what_would_be(page):
    page.send("/aprove")

    assert "/approve" in page.entries[0]["error"]
    assert page.states == ["failed"]


def test_takes_are_named_starred_and_opened_in_a_cell(page, ip, studio):
    page.send("four bars of acid bass in A minor")
    take = page.items["tray"]["order"][0]

    page.act("rename", take=take, name="Low one")
    page.act("star", take=take, on=True)
    page.until(lambda: page.items[take]["star"] and page.items[take]["name"] == "Low one")
    page.act("cell", take=take)
    page.until(lambda: any(message["type"] == "cell" for message in page.told))

    assert ip.user_ns["low_one"] is studio.shelf.takes.get(take).clip


def test_a_take_is_pushed_and_the_card_stays(page):
    page.send("four bars of acid bass in A minor")
    take = page.items["tray"]["order"][0]

    page.act("push", take=take, track=2, slot=1, new_track=False)
    page.until(lambda: len(page.order) == 2 and page.states[-1] == "done")

    assert page.part("plan")["plan"]["status"] == "applied"


def test_two_panels_have_the_same_turns_and_their_own_wishes(page, desk, script):
    script("Hello.")
    other = Page(desk)
    page.act("set", name="model", value="scripted")

    page.send("hello")
    other.until(lambda: other.states == ["done"])

    assert other.parts() == page.parts()
    assert other.items["bar"]["model"] != page.items["bar"]["model"]
    other.close()


def test_nothing_is_approved_in_advance_until_a_person_says_so(page, script, studio):
    script(wrote(BASS), push(track=2, slot=5), "It is in.")
    page.act("set", name="model", value="scripted")
    assert not any(on for _, _, on in page.items["bar"]["auto"])
    kind = page.items["bar"]["auto"][0][0]

    page.act("set", name=f"auto:{kind}", value=True)
    page.until(lambda: any(on for _, _, on in page.items["bar"]["auto"]))
    page.send("a bass line on track 2")
    page.until(lambda: page.part("plan")["plan"]["status"] == "applied" and "text" in page.kinds())

    assert page.part("text")["text"] == "It is in."
    studio.decisions.auto = ()


def test_a_midi_file_goes_with_the_words_and_is_a_take(page, tmp_path):
    path = tmp_path / "bass.mid"
    BASS.save(path)

    page.act("attach", n=1, name="bass.mid", mime="audio/midi", data=path.read_bytes())
    page.until(lambda: any(message["type"] == "attached" for message in page.told))
    page.send("drums for it", page.told[-1]["id"])

    assert page.entries[0]["asked"] == "drums for it"
    assert "Bass" in [page.items[take]["name"] for take in page.items["tray"]["order"][:3]]


def test_what_cannot_be_attached_says_what_could(page):
    page.act("attach", n=7, name="virus.exe", mime="", data=b"MZ\x00")
    page.until(lambda: any(message["type"] == "attached" for message in page.told))

    assert "PNG" in page.told[-1]["error"]


def test_completions_come_with_the_number_they_were_asked_by(page, ip):
    ip.user_ns["bassline"] = BASS

    page.act("complete", n=5, text="like @bass", at=10)
    page.until(lambda: any(message["type"] == "completions" for message in page.told))

    [answer] = [message for message in page.told if message["type"] == "completions"]
    assert answer["n"] == 5
    assert any("bassline" in text for text, _ in answer["items"])


def test_a_new_conversation_is_empty_and_the_old_one_comes_back(page, script):
    script("Hello.")
    page.act("set", name="model", value="scripted")
    page.send("hello")
    page.until(lambda: page.items["bar"]["talks"])
    name = page.panel.studio.session.tree.name

    page.act("talk", name="")
    page.until(lambda: not page.order)
    page.act("talk", name=name)
    page.until(lambda: len(page.order) == 1)

    assert page.part("text")["text"] == "Hello."


def test_files_of_what_could_not_be_sent_go_with_it_when_it_is_mended(page, tmp_path):
    path = tmp_path / "bass.mid"
    BASS.save(path)
    page.act("attach", n=1, name="bass.mid", mime="audio/midi", data=path.read_bytes())
    page.until(lambda: any(message["type"] == "attached" for message in page.told))
    page.send("/genres", page.told[-1]["id"])
    assert "takes no files" in page.entries[-1]["error"]

    page.act("edit", entry=page.order[-1], text="drums for it")
    page.until(lambda: page.states == ["done"])

    assert page.panel.studio.conversation.turns[0].question.text.count('<data name="') == 1


def test_a_model_that_a_cell_made_known_is_offered_when_the_cell_is_done(page, ip, studio):
    ip.user_ns["studio"] = studio

    ip.run_cell("import conduit; studio.add_client(conduit.ScriptedClient([], provider='late'))")
    page.until(lambda: "late" in [name for name, *_ in page.items["bar"]["models"]])

    [late] = [row for row in page.items["bar"]["models"] if row[0] == "late"]
    assert late[1] == "●"


def test_no_key_in_what_is_said_comes_to_the_page(page, script):
    key = "sk-" + "proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEF"
    script(f"Your key is {key}, is it?")
    page.act("set", name="model", value="scripted")

    page.send(f"I have {key} here")

    assert key not in repr(page.items)
    assert "•••" in page.part("text")["text"]
    assert "•••" in page.entries[0]["asked"]
