"""The record of a panel: what a saved notebook keeps of it, and when it is sent."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from conduit_magics.chat import side
from conduit_magics.chat.panel import open_panel
from conduit_magics.chat.written import MOST_BYTES, Known, record_of
from sidecar import Sidecar

from conduit.drawing.page import verbatim
from conduit.errors import ErrorKind, ProviderError
from conduit.messages import (
    AssistantMessage,
    ConversationTree,
    TextPart,
    ToolCallPart,
    ToolMessage,
    ToolResultPart,
    UserMessage,
)
from conduit.music import Clip, Note, read_clip, write_clip
from conduit.studio.takes import Take

sys.path.insert(0, str(Path(__file__).parent))
from chat_page import Page

BASS = Clip.of([Note(45 + beat, beat, 0.5) for beat in range(8)], length=8, name="Bass", instrument="bass")
BUSY = Clip.of([Note(30 + n % 60, n / 8, 0.125) for n in range(1024)], length=128, name="Busy")
EVIL = "<script>alert(1)</script> [a](javascript:alert(1)) \x1b[31m \u202e $x$ " + "long" * 500


def turn(tree, asked, *parts):
    tree = tree.add(UserMessage.of(asked)).add(AssistantMessage(parts=parts))
    for call in tree.conversation.open_calls:
        tree = tree.add(ToolMessage(result=ToolResultPart(call_id=call.id, name=call.name, text="kept")))
    return tree


def writes(clip):
    arguments = json.dumps({"clip": write_clip(clip)})
    return ToolCallPart(id=f"c{clip.name}", name="write_clip", arguments=arguments)


def told(tree, *takes, **facts):
    return record_of(Known(tree, tuple(takes), **facts), record_id="r1", scrub=str)


@pytest.fixture
def desk(ip, studio):
    studio.forget()
    desk = ip.magics_manager.registry["ConduitMagics"].desk
    desk.outputs.live = True
    yield desk
    desk.outputs.live = False


@pytest.fixture
def page(desk):
    made = Page(desk)
    yield made
    made.close()


@pytest.fixture
def sent(page):
    """The records that are sent of a panel."""
    records = []
    page.panel._record._shown.update = records.append
    return records


def draw(page):
    """Draw the record as after a rest."""
    page.panel.studio.call(page.panel._record._draw())


def test_the_record_tells_the_conversation_with_pictures(page, sent):
    page.send("four bars of acid bass in A minor")

    draw(page)

    [record] = sent
    assert "four bars of acid bass in A minor" in record["text/html"]
    assert record["text/html"].count("<img ") == 1
    assert record["text/html"].startswith(f'<div data-conduit="{page.panel._record.id}">')
    assert "four bars of acid bass" in record["text/plain"]


def test_what_has_not_changed_is_not_sent_again(page, sent):
    page.send("two bars of acid bass")
    draw(page)

    draw(page)

    assert len(sent) == 1


def test_a_star_changes_the_record(page, sent):
    page.send("two bars of acid bass")
    draw(page)
    take = page.items["tray"]["order"][0]

    page.act("star", take=take, on=True)
    page.until(lambda: page.items[take]["star"])
    draw(page)

    assert "1 take · 1 with a star" in sent[-1]["text/html"]
    assert "★" in sent[-1]["text/html"]
    assert "★" not in sent[0]["text/html"]


def test_what_went_wrong_stays_readable(page, sent, script):
    script(ProviderError("mute is away", kind=ErrorKind.BAD_REQUEST, provider="mute"), provider="mute")
    page.act("set", name="model", value="mute")

    page.act("send", text="a bass line", media=[])
    page.until(lambda: page.states == ["failed"])
    draw(page)

    assert "a bass line<br>Failed: " in sent[-1]["text/html"]


def test_a_turn_that_was_stopped_says_so():
    tree = turn(ConversationTree(), "a bass", TextPart(text="half"))
    asked = tree.conversation.turns[0].asked.id

    html = told(tree, notes=((asked, "Stopped"),))["text/html"]

    assert html.index("half") < html.index("Stopped")


def test_a_clip_is_drawn_as_it_is_after_an_edit_by_hand():
    tree = turn(ConversationTree(), "a bass", writes(BASS))
    written = read_clip(write_clip(BASS))
    higher = written.transpose(12)

    html = told(tree, Take("k1", higher, written))["text/html"]

    assert "edited since" in html
    assert html != told(tree, Take("k1", written, written))["text/html"]
    assert "edited since" not in told(tree, Take("k1", written, written))["text/html"]


def test_a_long_session_stays_under_its_bound_and_says_what_is_left_out():
    tree = ConversationTree()
    for number in range(60):
        clips = [writes(replace(BUSY, name=f"Busy {number}"))] * (number % 2)
        tree = turn(tree, f"question {number}", TextPart(text="words " * 200), *clips)

    html = told(tree)["text/html"]

    assert len(html.encode()) <= MOST_BYTES
    assert 0 < html.count("<img ") <= 12
    assert "earlier turns not shown" in html
    assert "shown as text" in html
    assert "question 59" in html


def test_not_even_one_endless_turn_makes_it_longer():
    calls = [
        ToolCallPart(id=f"c{n}", name="look", arguments=json.dumps({"a": "<" * 8000})) for n in range(60)
    ]

    html = told(turn(ConversationTree(), "?", *calls))["text/html"]

    assert len(html) < MOST_BYTES
    assert "%conduit export" in html


def test_ten_million_characters_are_cut():
    html = told(turn(ConversationTree(), "?", TextPart(text="word " * 2_000_000)))["text/html"]

    assert len(html) < 30_000
    assert "more characters" in html


def test_hostile_words_are_shown_and_do_nothing():
    known = Known(
        turn(ConversationTree(), EVIL, TextPart(text=EVIL)),
        (Take("k1", BASS, BASS, called=EVIL, star=True),),
        lost=((EVIL, EVIL),),
    )

    html = record_of(known, record_id='"><script>', scrub=str)["text/html"]

    assert "<script" not in html
    assert "href" not in html
    assert "\x1b" not in html
    assert verbatim("<script>alert(1)</script>") in html
    assert " $x$ " not in html


def test_no_key_is_kept(page, sent, script):
    key = "sk-ant-api03-" + "Ab1" * 12
    script(f"your key is {key}", provider="leaks")
    page.act("set", name="model", value="leaks")
    page.send(f"my key is {key}")

    draw(page)

    assert key not in "".join(sent[-1].values())
    assert "my key is" in sent[-1]["text/html"]


def test_data_that_goes_with_a_question_is_folded():
    block = f'like @bass\n\n<data name="bass">\n{write_clip(BASS)}\n</data>'

    html = told(turn(ConversationTree(), block, TextPart(text="ok")))["text/html"]

    assert "Data: bass</summary>" in html
    assert "&lt;data name" not in html


def test_where_nothing_lives_the_record_is_all_that_is_shown(desk, capsys):
    desk.outputs.live = False

    open_panel(desk)

    assert "Nothing has been said yet." in capsys.readouterr().out


def test_beside_the_notebook_the_record_is_folded_in_the_cell():
    known = Known(turn(ConversationTree(), "a bass", TextPart(text="ok")))

    html = record_of(known, record_id="r1", scrub=str, is_beside=True)["text/html"]

    assert html.startswith('<div data-conduit="r1"><details')
    assert "The conversation of the panel beside this notebook" in html


def test_a_sidecar_holds_the_panel_as_its_output(page):
    shown = side.beside(side.sidecars(), page.panel.view)

    [output] = shown.outputs
    assert isinstance(shown, Sidecar)
    assert output["data"]["application/vnd.jupyter.widget-view+json"]["model_id"] == page.panel.view.model_id
    shown.close()


def test_beside_the_notebook_stands_one_panel(desk):
    open_panel(desk, side=True)
    (first,) = desk.outputs._panels
    view = first.view

    open_panel(desk, side=True)

    assert first.view is None
    assert view.comm is None
    assert len(desk.outputs._panels) == 1
    desk.outputs.seal()
