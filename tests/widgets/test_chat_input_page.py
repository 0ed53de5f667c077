"""The chat panel's input in a real browser: what keys, clicks and files ask for, and that nothing typed is lost."""

from __future__ import annotations

import base64

import pytest
from widgets.chat_input_page import PANEL, ChatPage, turn

pytestmark = pytest.mark.browser

RUNNING = {**PANEL, "order": ["e1"], "running": "e1"}
DONE = {**PANEL, "order": ["e1"]}
VERBS = [["/mode", "chat or generate"], ["/model", "who answers"]]
LISTED = """
([name, format, content, mimetype]) => {
  const kind = "application/x-jupyter-icontentsrich";
  const withContent = async () => ({ name, format, content, mimetype });
  const mimeData = { hasData: (one) => one === kind, getData: () => ({ withContent }) };
  const event = new Event("lm-drop", { bubbles: true, cancelable: true });
  Object.assign(event, { mimeData, proposedAction: "copy" });
  document.querySelector(".cc-input").dispatchEvent(event);
  return [event.defaultPrevented, event.dropAction];
}
"""
COMPOSED = """
(input) => input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true }))
"""
HANDED = """
([kind, name, type]) => {
  const data = new DataTransfer();
  if (name) data.items.add(new File([new Uint8Array([1, 2, 3])], name, { type }));
  else data.setData("text/plain", "words");
  const made = { bubbles: true, cancelable: true };
  const event = kind === "paste"
    ? new ClipboardEvent(kind, { ...made, clipboardData: data })
    : new DragEvent(kind, { ...made, dataTransfer: data });
  document.querySelector(".cc-input").dispatchEvent(event);
  return event.defaultPrevented;
}
"""


@pytest.fixture
def chat(bare):
    return ChatPage(bare).open()


def button(chat):
    """Give what the one button says and does."""
    made = chat.page.locator(".cc-below .cd-button").last
    return made.inner_text(), made.get_attribute("data-action")


def sends(chat):
    return [(one["text"], one["media"]) for one in chat.sent("send")]


def completing(chat, typed="/mo", at=0, items=VERBS):
    """Type, and let the kernel answer what could stand there."""
    chat.type(typed)
    n = chat.asked("complete")["n"]
    return chat.say(type="completions", n=n, items=items, **{"from": at})


def options(chat):
    return chat.page.locator("[role=option]").all_inner_texts()


def chosen(chat):
    found = chat.page.locator('[role=option][aria-selected="true"]')
    return found.inner_text().split("\n")[0] if found.count() else None


def attach(chat, *names, data=b"abc", mime="image/png"):
    chat.page.set_input_files(
        "input[type=file]", [{"name": name, "mimeType": mime, "buffer": data} for name in names]
    )
    chat.bare.frame()
    return chat


def attached(chat, media="m1", error=""):
    n = chat.asked("attach")["n"]
    return chat.say(type="attached", n=n, id="" if error else media, error=error)


def test_enter_sends_what_is_typed_and_empties_the_input(chat):
    chat.type("a bass line").press("Enter")

    assert sends(chat) == [("a bass line", [])]
    assert chat.text == ""


def test_shift_and_enter_break_the_line(chat):
    chat.type("one").press("Shift+Enter").type("two")

    assert chat.text == "one\ntwo"
    assert chat.sent("send") == []


def test_enter_that_ends_a_composed_word_sends_nothing(chat):
    chat.type("低音")
    chat.input.evaluate(COMPOSED)

    assert chat.sent("send") == []
    assert chat.text == "低音"


@pytest.mark.parametrize("typed", ["", "  ", "\n"], ids=["nothing", "blanks", "a line"])
def test_nothing_is_no_message(chat, typed):
    chat.input.fill(typed)
    disabled = chat.bare.action("send").is_disabled()
    chat.input.focus()
    chat.press("Enter")

    assert disabled
    assert chat.sent("send") == []


def test_the_input_grows_to_six_lines_and_then_scrolls(chat):
    heights = []
    for lines in (1, 3, 6, 7, 40):
        chat.input.fill("\n".join(["line"] * lines))
        heights.append(
            chat.input.evaluate("(input) => [input.clientHeight, input.scrollHeight > input.clientHeight]")
        )
    chat.input.fill("")

    assert heights == [[28, False], [68, False], [128, False], [128, True], [128, True]]
    assert chat.input.evaluate("(input) => input.clientHeight") == 28


def test_send_is_stop_from_the_click_on_until_nothing_runs(chat):
    chat.type("a bass line")
    said = [button(chat)]
    chat.bare.action("send").click()
    said.append(button(chat))
    chat.put(panel=RUNNING, e1=turn("a bass line", state="running"))
    said.append(button(chat))
    chat.bare.action("stop").click()
    said.append(button(chat))
    chat.put(panel=DONE)
    said.append(button(chat))

    assert said == [
        ("Send", "send"),
        ("Stop", "stop"),
        ("Stop", "stop"),
        ("Stopping", "stop"),
        ("Send", "send"),
    ]
    assert [one["type"] for one in chat.sent() if one["type"] != "complete"] == ["send", "stop"]


def test_what_another_part_of_the_panel_asks_for_can_be_stopped_at_once_too(bare):
    chat = ChatPage(bare).open(panel={**PANEL, "examples": [["Bass", "a bass line"]]})
    chat.page.locator(".cd-example").click()

    assert sends(chat) == [("a bass line", [])]
    assert button(chat) == ("Stop", "stop")


def test_a_double_click_sends_and_stops_nothing(chat):
    chat.type("a bass line")
    chat.bare.action("send").dblclick()

    assert [one["type"] for one in chat.sent()] == ["send"]


def test_a_turn_that_was_over_before_it_was_told_is_the_answer_too(chat):
    chat.type("/help").press("Enter")
    during = button(chat)
    chat.put(panel=DONE, e1=turn("/help", who="verb"))

    assert (during[0], button(chat)[0]) == ("Stop", "Send")


def test_a_refusal_in_a_toast_is_an_answer(chat):
    chat.type("a bass line").press("Enter")
    chat.say(type="toast", text="The budget is used up.")

    assert button(chat) == ("Send", "send")


def test_a_message_that_needs_no_answer_is_not_waited_for_without_end(chat):
    chat.page.clock.install()
    chat.type("a bass line").press("Enter")
    chat.say(type="alive")
    chat.page.clock.run_for(11_000)

    assert button(chat)[0] == "Send"


def test_what_is_sent_while_it_runs_steers_and_the_input_says_so(chat):
    chat.put(panel=RUNNING, e1=turn("a bass line", state="running"))
    says = chat.input.get_attribute("placeholder")
    chat.type("darker").press("Enter")
    chat.type("slower")
    chat.bare.action("steer").click()

    assert says == "Steer: what should be different?"
    assert sends(chat) == [("darker", []), ("slower", [])]
    assert button(chat) == ("Stop", "stop")


def test_escape_stops_what_runs_and_leaves_the_input_where_nothing_does(chat):
    chat.put(panel=RUNNING, e1=turn("a bass line", state="running"))
    hint = chat.page.locator(".cc-keys").inner_text()
    chat.input.focus()
    chat.press("Escape")
    stopped = chat.sent()
    chat.put(panel=DONE).press("Escape")

    assert "Esc" in hint
    assert stopped == [{"type": "stop"}]
    assert chat.sent() == stopped
    assert chat.page.evaluate("() => document.activeElement.className") != "cc-input"


def test_the_arrows_recall_what_was_asked_and_go_forward_to_the_draft(chat):
    chat.put(
        panel={**PANEL, "order": ["e1", "e2", "e3"]},
        e1=turn("one"),
        e2=turn("x", who="decision"),
        e3=turn("two"),
    )
    chat.type("three").press("Enter")
    chat.say(type="toast", text="")
    seen = []
    for key in (
        "ArrowUp",
        "ArrowUp",
        "ArrowUp",
        "ArrowUp",
        "ArrowDown",
        "ArrowDown",
        "ArrowDown",
        "ArrowDown",
    ):
        chat.press(key)
        seen.append(chat.text)

    assert seen == ["three", "two", "one", "one", "two", "three", "", ""]


def test_what_was_changed_on_the_way_through_earlier_messages_is_kept(chat):
    chat.put(panel={**PANEL, "order": ["e1", "e2"]}, e1=turn("one"), e2=turn("two"))
    chat.input.focus()
    chat.press("ArrowUp").type(" bars").press("ArrowUp", "ArrowDown")

    assert chat.text == "two bars"


def test_the_arrows_move_in_a_draft_and_recall_nothing(chat):
    chat.put(panel=DONE, e1=turn("one"))
    chat.input.fill("a draft\nof two lines")
    chat.press("ArrowUp", "ArrowUp", "ArrowUp")

    assert chat.text == "a draft\nof two lines"


def test_a_caret_inside_a_recalled_message_moves_to_its_first_line_first(chat):
    chat.put(panel={**PANEL, "order": ["e1", "e2"]}, e1=turn("one"), e2=turn("two\nlines"))
    chat.input.focus()
    chat.press("ArrowUp", "ArrowUp")
    inside = chat.text
    chat.press("ArrowUp")

    assert (inside, chat.text) == ("two\nlines", "one")


def test_a_verb_is_completed_with_its_note_and_the_first_is_chosen(chat):
    completing(chat)

    assert options(chat) == ["/mode\nchat or generate", "/model\nwho answers"]
    assert chosen(chat) == "/mode"
    listbox = chat.page.locator("[role=listbox]")
    assert listbox.get_attribute("id") == chat.input.get_attribute("aria-controls")
    active = chat.input.get_attribute("aria-activedescendant")
    assert chat.page.locator(f"#{active}").inner_text().startswith("/mode")


@pytest.mark.parametrize("key", ["Tab", "Enter"])
def test_tab_and_enter_take_what_is_chosen(chat, key):
    completing(chat).press("ArrowDown", key)

    assert chat.text == "/model "
    assert chat.sent("send") == []
    assert chat.page.evaluate("() => document.activeElement.className") == "cc-input"


def test_a_click_takes_a_suggestion_and_the_input_keeps_the_focus(chat):
    completing(chat)
    chat.page.locator("[role=option]").nth(1).click()

    assert chat.text == "/model "
    assert chat.page.evaluate("() => document.activeElement.className") == "cc-input"


def test_a_name_is_completed_where_it_stands_counted_as_a_browser_counts(chat):
    chat.input.fill("𝄞 with @ba, dark")
    chat.input.evaluate("(input) => input.setSelectionRange(11, 11)")
    chat.input.dispatch_event("click")
    asked = chat.asked("complete")
    chat.say(type="completions", n=asked["n"], items=[["@bass", "4 bars"]], **{"from": 8})
    chat.press("Enter")

    assert (asked["text"], asked["at"]) == ("𝄞 with @ba, dark", 11)
    assert chat.text == "𝄞 with @bass , dark"


@pytest.mark.parametrize("typed", ["bass", "me@home", "a /verb", "1/16", "//words"])
def test_words_are_not_completed(chat, typed):
    chat.page.clock.install()
    chat.input.fill(typed)
    chat.page.clock.run_for(500)

    assert chat.sent("complete") == []


def test_one_question_is_asked_for_letters_typed_at_once(chat):
    chat.page.clock.install(time=0)
    chat.page.clock.pause_at(1000)
    chat.type("/mode")
    chat.page.clock.run_for(59)
    none = chat.sent("complete")
    chat.page.clock.run_for(500)

    assert none == []
    assert [one["text"] for one in chat.sent("complete")] == ["/mode"]


def test_an_answer_to_an_earlier_question_is_left_out(chat):
    chat.type("/m")
    n = chat.asked("complete")["n"]
    chat.type("x")
    chat.say(type="completions", n=n, items=VERBS, **{"from": 0})

    assert options(chat) == []


def test_the_list_is_narrowed_while_an_answer_is_on_its_way(chat):
    completing(chat, "/m", 0, [*VERBS, ["/home", ""]]).type("o")
    after_one = options(chat)
    chat.type("del")

    assert [one.split("\n")[0] for one in after_one] == ["/mode", "/model"]
    assert options(chat) == ["/model\nwho answers"]


def test_enter_sends_a_command_that_is_whole(chat):
    completing(chat, "/mode").press("Enter")

    assert sends(chat) == [("/mode", [])]


def test_values_are_offered_but_none_is_chosen_before_a_letter_of_it(chat):
    completing(chat, "/mode ", 6, [["chat", ""], ["generate", ""]])
    first = chosen(chat)
    chat.press("Enter")

    assert first is None
    assert sends(chat) == [("/mode", [])]


def test_escape_closes_the_list_before_it_stops(chat):
    chat.put(panel=RUNNING, e1=turn("a bass line", state="running"))
    completing(chat).press("Escape")
    closed = options(chat), chat.sent("stop")
    chat.press("Escape")

    assert closed == ([], [])
    assert chat.sent("stop") == [{"type": "stop"}]


@pytest.mark.parametrize(
    ("name", "mime", "told"),
    [("a.png", "image/png", "image/png"), ("a.wav", "audio/wav", "audio/wav"), ("A.MID", "", "audio/midi")],
    ids=["picture", "sound", "midi"],
)
@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_files_that_are_pasted_or_dropped_go_along(chat, kind, name, mime, told):
    kept = chat.page.evaluate(HANDED, [kind, name, mime])
    intent = chat.asked("attach")

    assert kept
    assert (intent["name"], intent["mime"], intent["buffers"]) == (name, told, [[1, 2, 3]])
    assert chat.page.locator(".cc-along").inner_text() == name


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_words_that_are_pasted_or_dropped_are_left_to_the_browser(chat, kind):
    assert not chat.page.evaluate(HANDED, [kind, "", ""])
    assert chat.sent("attach") == []


@pytest.mark.parametrize(
    ("format", "content"), [("base64", base64.b64encode(b"MThd").decode()), ("text", "MThd")]
)
def test_a_file_of_jupyterlabs_browser_goes_along(chat, format, content):  # noqa: A002  Jupyter's word
    kept = chat.page.evaluate(LISTED, ["song.mid", format, content, "audio/midi"])

    assert kept == [True, "copy"]
    assert chat.asked("attach")["buffers"] == [[*b"MThd"]]


def test_a_message_takes_its_files_along_and_leaves_those_in_trouble(chat):
    attach(chat, "bad.png")
    attached(chat, error="no picture")
    attach(chat, "good.png", mime="image/png")
    attached(chat, "m7")
    said = chat.page.locator(".cc-along").all_inner_texts()
    chat.type("like this").press("Enter")

    assert said == ["bad.png\nno picture", "good.png"]
    assert sends(chat) == [("like this", ["m7"])]
    assert chat.page.locator(".cc-along").count() == 0


def test_files_alone_are_a_message(chat):
    attach(chat, "a.png")
    attached(chat, "m1")
    chat.input.focus()
    chat.press("Enter")

    assert sends(chat) == [("", ["m1"])]


def test_a_message_waits_for_its_files(chat):
    attach(chat, "a.png").type("like this").press("Enter")
    before = sends(chat), chat.text, chat.page.locator(".cc-state").inner_text()
    attached(chat, "m1")

    assert before == ([], "like this", "Sends when 1 file arrived")
    assert sends(chat) == [("like this", ["m1"])]


def test_a_message_that_waits_is_not_sent_without_a_file_that_fails(chat):
    attach(chat, "a.png").type("like this").press("Enter")
    attached(chat, error="no picture")
    held = sends(chat), chat.text
    chat.press("Enter")

    assert held == ([], "like this")
    assert sends(chat) == [("like this", [])]


@pytest.mark.parametrize(
    ("name", "mime", "data", "trouble"),
    [
        ("long.wav", "audio/wav", bytes(8_000_001), "over 8 MB"),
        ("notes.pdf", "application/pdf", b"x", "only pictures, sound and MIDI files"),
        ("none.mid", "audio/midi", b"", "an empty file"),
    ],
    ids=["large", "another kind", "empty"],
)
def test_a_file_that_cannot_go_along_says_why_on_its_chip(chat, name, mime, data, trouble):
    attach(chat, name, data=data, mime=mime)

    assert chat.page.locator(".cc-along").inner_text() == f"{name}\n{trouble}"
    assert chat.sent("attach") == []


def test_a_removed_file_is_given_back_also_when_it_arrives_later(chat):
    attach(chat, "a.png")
    attached(chat, "m1")
    chat.page.get_by_role("button", name="Remove a.png").click()
    attach(chat, "b.png")
    chat.page.get_by_role("button", name="Remove b.png").click()
    attached(chat, "m2")

    assert [one["media"] for one in chat.sent("detach")] == ["m1", "m2"]
    assert chat.page.locator(".cc-along").count() == 0


def test_a_file_of_another_view_is_left_alone(chat):
    chat.say(type="attached", n=7, id="m9", error="")

    assert chat.sent() == []


def test_the_name_of_a_file_is_text(chat):
    name = '<img src=x onerror="window.hacked=1">.png'
    attach(chat, name)

    assert chat.page.locator(".cc-along bdi").inner_text() == name
    assert chat.page.evaluate("() => window.hacked") is None


def test_a_draft_survives_a_reload_with_its_files(chat):
    attach(chat, "a.png")
    attached(chat, "m1")
    chat.type("half a th")
    chat.open(m1={"kind": "media", "mime": "image/png", "name": "a.png", "data": b"abc"})

    assert chat.text == "half a th"
    assert chat.page.locator(".cc-along").inner_text() == "a.png"
    assert chat.page.locator(".cc-thumb").get_attribute("src").startswith("blob:")
    chat.input.focus()
    chat.press("Enter")
    assert sends(chat) == [("half a th", ["m1"])]


def test_a_file_that_the_kernel_no_longer_has_is_not_kept(chat):
    attach(chat, "a.png")
    attached(chat, "m1")
    chat.type("half a th")
    chat.open()

    assert chat.text == "half a th"
    assert chat.page.locator(".cc-along").count() == 0


def test_a_sent_message_is_no_draft_after_a_reload_but_can_be_recalled(chat):
    chat.type("a bass line").press("Enter")
    chat.open()
    empty = chat.text
    chat.input.focus()
    chat.press("ArrowUp")

    assert (empty, chat.text) == ("", "a bass line")


def test_nothing_is_sent_to_a_kernel_that_is_gone_and_the_text_stays(chat):
    chat.type("a bass line").lose()
    chat.press("Enter")

    assert sends(chat) == []
    assert chat.text == "a bass line"
    assert chat.page.locator(".cc-state").inner_text() == "What you wrote stays here"
    assert chat.bare.action("send").is_disabled()


def test_a_message_that_a_kernel_did_not_take_comes_back(chat):
    chat.type("a bass line").press("Enter")
    sent = chat.text
    chat.lose()

    assert (sent, chat.text) == ("", "a bass line")


def test_a_message_to_a_busy_kernel_is_marked_and_typing_goes_on(chat):
    chat.say(type="routed", beside=False)
    chat.page.clock.install()
    chat.type("a bass line").press("Enter")
    chat.page.clock.run_for(6_500)
    chat.bare.page.clock.run_for(100)
    note = chat.page.locator(".cc-state").inner_text()
    chat.type("and more")

    assert note == "Sent; waiting for the kernel"
    assert button(chat)[0] == "Stop"
    assert chat.text == "and more"


@pytest.mark.parametrize(
    ("keys", "heard"), [("Enter", False), ("Control+Enter", False), ("Control+s", True), ("b", False)]
)
def test_only_commands_of_the_notebook_leave_the_input(chat, keys, heard):
    chat.page.evaluate(
        "() => document.addEventListener('keydown', ({ key }) => { if (key !== 'Control') window.heard = key; })"
    )
    chat.type("x")
    chat.page.evaluate("() => { window.heard = null; }")
    chat.press(keys)

    assert (chat.page.evaluate("() => window.heard") is not None) == heard


def test_a_text_is_inserted_at_the_caret_and_undo_takes_it_back(chat):
    completing(chat, "with @b", 5, [["@bass", ""]]).press("Enter")
    taken = chat.text
    chat.press("Control+z")

    assert taken == "with @bass "
    assert chat.text == "with @b"
