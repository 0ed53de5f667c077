"""Thoughts, tools and tables of an answer in a real browser."""

from __future__ import annotations

import json

import pytest
from widgets.chat_input_page import ChatPage
from widgets.chat_parts import part, tool, with_parts

pytestmark = pytest.mark.browser


@pytest.fixture
def chat(bare):
    return ChatPage(bare)


def test_a_thought_is_one_folded_line_until_it_is_asked_for(chat):
    chat.open(**with_parts(part("thought", text="It is **minor**", open=True)))
    line = chat.page.locator(".cc-thought summary")
    assert line.inner_text().strip() == "Thinking…"
    assert chat.page.locator(".cc-thought strong").count() == 0

    chat.put(p0={"open": False})
    line.focus()
    chat.press("Enter")

    assert line.inner_text().strip() == "Thought for a moment"
    assert chat.page.locator(".cc-thought strong").inner_text() == "minor"


def test_an_unfolded_thought_grows(chat):
    chat.open(**with_parts(part("thought", text="It is", open=True)))
    chat.page.locator(".cc-thought summary").click()

    chat.put(p0={"text": "It is minor"})

    assert chat.page.locator(".cc-thought .cc-md").inner_text() == "It is minor"


@pytest.mark.parametrize("state", ["running", "done", "failed", "waiting"])
def test_a_tool_says_its_state_in_a_dot_and_in_words(chat, state):
    chat.open(**with_parts(tool(name="push_clip", state=state, summary="track 2, slot 3")))

    line = chat.page.locator(".cc-tool summary")
    assert line.text_content() == f"Write a clip to Live {state}track 2, slot 3"
    assert chat.page.locator(".cc-tool").get_attribute("data-state") == state
    assert chat.page.locator(".cc-tool .cc-fold-dot").evaluate("(dot) => dot.offsetWidth") == 8


def test_a_tool_unfolds_to_what_it_was_given_and_what_it_gave(chat):
    given = json.dumps({"track": 2, "note": "<b>x</b>"})
    chat.open(**with_parts(tool(name="my_own-tool", arguments=given, result="three tracks")))
    assert chat.page.locator(".cc-tool pre").count() == 0

    chat.page.locator(".cc-tool summary").click()

    assert chat.page.locator(".cc-tool .cc-fold-name").inner_text() == "My own tool"
    assert chat.page.locator(".cc-tool .cc-fold-title").all_inner_texts() == ["Given", "Result"]
    assert chat.page.locator(".cc-tool pre").all_inner_texts() == [
        '{\n  "track": 2,\n  "note": "<b>x</b>"\n}',
        "three tracks",
    ]
    assert chat.page.locator(".cc-tool .ct-number").inner_text() == "2"


def test_an_unfolded_tool_follows_what_it_gives(chat):
    chat.open(**with_parts(tool(state="running", arguments="{}")))
    chat.page.locator(".cc-tool summary").click()

    chat.put(p0={"state": "failed", "result": "timed out"})

    assert chat.page.locator(".cc-tool .cc-fold-title").all_inner_texts() == ["Given", "What went wrong"]
    assert chat.page.locator(".cc-tool pre").last.inner_text() == "timed out"


def test_a_table_has_its_numbers_to_the_right_and_its_notes_below(chat):
    rows = [[["offline", "strong"], ["1,204", ""]], [["<i>x</i>", "quiet"], ["12", ""]]]
    columns = [["Model", False], ["Calls", True]]
    chat.open(**with_parts(part("table", columns=columns, rows=rows, title="Used", notes=["a", "b"])))

    table = chat.page.locator(".cc-table")
    aligned = [
        one.evaluate("(c) => getComputedStyle(c).textAlign")
        for one in table.locator("tr >> nth=1 >> td").all()
    ]
    assert aligned == ["start", "right"]
    assert table.locator("figcaption").inner_text() == "Used"
    assert table.locator("td").nth(2).inner_text() == "<i>x</i>"
    assert table.locator(".cc-table-notes").inner_text() == "a\nb"


def test_a_long_table_is_shown_in_steps(chat):
    rows = [[[str(i), ""]] for i in range(1000)]
    chat.open(**with_parts(part("table", columns=[["N", True]], rows=rows, title="", notes=[])))
    first = chat.page.locator(".cc-table td").count()

    chat.page.locator('[data-action="all-rows"]').click()

    assert (first, chat.page.locator(".cc-table td").count()) == (200, 1000)
