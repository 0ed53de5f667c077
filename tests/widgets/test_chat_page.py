"""The chat panel in a real browser: the conversation, what stays where it is, and whose keys are whose."""

from __future__ import annotations

import pytest
from widgets.chat_page import ENTRY, EXAMPLES, RIFF

from conduit.music import Clip, Note

pytestmark = pytest.mark.browser


def filled(chat, turns=12):
    for number in range(turns):
        chat.text(f"e{number}", number=number + 1)
    return chat.start()


def test_an_empty_panel_offers_prompts_that_run(chat):
    chat.start()

    chat.page.get_by_role("button", name=EXAMPLES[1][0]).click()

    assert chat.sent() == [{"type": "send", "text": EXAMPLES[1][1], "media": []}]


def test_the_offer_is_gone_with_the_first_turn(chat):
    chat.start()
    chat.text("e1")

    assert chat.action("example").count() == 0


def test_turns_stand_in_their_order_with_what_was_said(chat):
    chat.text("e1", asked="First")
    chat.text("e2", asked="Second")
    chat.start()

    assert chat.page.locator(".cc-words").all_inner_texts() == ["First", "Second"]


def test_what_came_before_is_put_in_front_and_the_rest_is_not_touched(chat):
    chat.text("e2", asked="Second")
    chat.start()
    chat.page.evaluate("() => { window.kept = document.querySelector('.cc-entry'); }")
    chat.items["e1"] = {**ENTRY, "asked": "First"}
    chat.change(panel={"order": ["e1", "e2"]})

    assert chat.page.locator(".cc-words").all_inner_texts() == ["First", "Second"]
    assert chat.page.evaluate("() => window.kept === document.querySelectorAll('.cc-entry')[1]")


def test_a_turn_that_is_gone_is_taken_away(chat):
    filled(chat, 2)
    chat.change(panel={"order": ["e1"]}, e0=None)

    assert chat.page.locator(".cc-entry").count() == 1


def test_text_grows_without_another_part_or_turn_being_built(chat):
    chat.text("e1", text="Four bars", state="running")
    chat.start()
    chat.page.evaluate(
        """() => {
          window.built = 0;
          const isBuilt = ({ addedNodes: [node] }) => node?.matches?.('.cc-entry, [data-part]');
          const count = (records) => { window.built += records.filter(isBuilt).length; };
          const list = document.querySelector('.cc-list');
          new MutationObserver(count).observe(list, { subtree: true, childList: true });
        }"""
    )
    for word in (" of", " bass", " and", " drums"):
        chat.change(**{"p-e1": {"text": chat.items["p-e1"]["text"] + word}})

    chat.page.locator("text=Four bars of bass and drums").wait_for()
    assert chat.page.evaluate("() => window.built") == 0


def test_a_patch_that_was_lost_is_made_up_for(chat):
    chat.text("e1", text="One")
    chat.start()
    chat.panel.send = lambda *_args, **_more: None
    chat.change(**{"p-e1": {"text": "One two"}})
    chat.panel.send = lambda content, buffers=(): chat.tell(content, *buffers)
    chat.change(**{"p-e1": {"text": "One two three"}})
    asked = chat.sent()
    chat.panel._handle_custom_msg({"type": "sync"}, [])

    chat.page.locator("text=One two three").wait_for()
    assert asked == [{"type": "sync"}]


def test_the_panel_opens_at_the_end_and_follows_it(chat):
    filled(chat)
    chat.text("e99")

    assert chat.scroll[1] < 2


def test_who_reads_above_is_left_there_and_told_what_came(chat):
    filled(chat)
    chat.scroll_by(-900)
    before = chat.scroll[0]
    chat.text("e98")
    chat.text("e99")

    assert chat.scroll[0] == pytest.approx(before, abs=2)
    assert chat.action("latest").inner_text() == "Jump to latest · 2 new"


def test_a_jump_to_the_latest_follows_again(chat):
    filled(chat)
    chat.scroll_by(-900)
    chat.action("latest").click()
    chat.text("e99")

    assert chat.scroll[1] < 2
    assert chat.action("latest").is_hidden()


def test_earlier_turns_are_asked_for_at_the_top_and_nothing_jumps_when_they_come(chat):
    chat.items["panel"] = {**chat.items["panel"], "earlier": 3}
    filled(chat, 4)
    chat.scroll_by(-5000)
    place = chat.page.locator(".cc-entry[aria-label='Turn 1']").bounding_box()["y"]
    early = [f"a{number}" for number in range(3)]
    for name in early:
        chat.items[name] = {**ENTRY, "number": 0, "asked": "Earlier"}
    chat.change(panel={"order": [*early, "e0", "e1", "e2", "e3"], "earlier": 0})

    assert chat.sent() == [{"type": "more"}]
    assert chat.page.locator(".cc-entry[aria-label='Turn 1']").bounding_box()["y"] == pytest.approx(
        place, abs=2
    )
    assert chat.action("earlier").is_hidden()


def test_keys_stay_in_the_panel_but_for_the_hosts_own_commands(chat):
    chat.text("e1")
    chat.start()
    chat.page.evaluate(
        "() => { window.leaked = []; document.addEventListener('keydown', ({ key }) => window.leaked.push(key)); }"
    )
    chat.action("edit").focus()
    for key in ("b", "m", "Shift+Enter", "Control+s"):
        chat.page.keyboard.press(key)

    assert [key for key in chat.page.evaluate("() => window.leaked") if key != "Control"] == ["s"]


def test_tab_walks_through_and_out_of_the_panel(chat):
    chat.text("e1")
    chat.start()
    chat.page.evaluate(
        "() => document.body.append(Object.assign(document.createElement('button'), { id: 'after' }))"
    )
    chat.page.locator(".cc-grip").focus()
    chat.page.keyboard.press("Tab")

    assert chat.page.evaluate("() => document.activeElement.id") == "after"


def test_what_matters_is_told_to_those_who_hear_the_page(chat):
    chat.start()
    told = chat.page.locator(".cc-live")
    chat.text("e1", text="Four", state="running")
    chat.change(panel={"running": "e1"})
    begins = told.inner_text()
    chat.change(**{"p-e1": {"text": "Four bars."}})
    chat.change(panel={"running": ""}, e1={"state": "done"})

    assert begins == "The model is writing."
    assert told.inner_text() == "Four bars."


def test_a_plan_that_waits_is_told_once(chat):
    plan = {"id": "p", "sentence": "Write 4 notes", "status": "pending", "seconds_left": 60, "life_s": 60}
    chat.start()
    chat.text("e1", state="running")
    chat.change(panel={"running": "e1"})
    chat.items["p-plan"] = {
        "kind": "plan",
        "plan": plan,
        "before": None,
        "after": None,
        "clip": "",
        "trouble": "",
    }
    chat.change(e1={"parts": ["p-e1", "p-plan"]})

    assert chat.page.locator(".cc-live").inner_text() == "Waits for your decision: Write 4 notes"


def test_a_long_conversation_is_built_only_near_what_is_in_sight(chat):
    filled(chat, 80)

    assert chat.page.locator(".cc-entry").count() == 80
    assert chat.page.locator(".cc-entry:not(:empty)").count() < 40


def test_a_kernel_that_is_gone_is_told_and_the_conversation_stays(chat):
    chat.text("e1")
    chat.start()
    chat.page.evaluate(
        "() => { document.getElementById('here').className = 'jupyter-widgets-disconnected'; window.live(); }"
    )

    chat.page.locator("text=The kernel of this panel is gone").wait_for()
    assert chat.entry(1).is_visible()


def test_the_height_is_changed_by_its_handle_and_by_keyboard(chat):
    chat.start()
    before = chat.page.locator(".conduit-chat").bounding_box()["height"]
    chat.page.locator(".cc-grip").focus()
    chat.page.keyboard.press("ArrowDown")

    assert chat.page.locator(".conduit-chat").bounding_box()["height"] == before + 32


@pytest.mark.parametrize("width", [320, 560, 800, 1400])
def test_nothing_is_wider_than_the_panel(chat, width):
    chat.text("e1", text="x" * 400)
    chat.clip("e2", Clip.of([Note(60, 0, 1)], name="A name that is rather long for a clip", length=4))
    chat.turn("e3", asked="y" * 400, takes={"names": ["a", "b"], "at": 0}, footer="z" * 200)
    chat.start(width=width)

    wide = chat.page.evaluate(
        "() => { const box = document.querySelector('.cc-scroll'); return box.scrollWidth - box.clientWidth; }"
    )
    assert wide <= 0


def test_what_is_asked_for_is_followed_from_wherever_one_reads(chat):
    filled(chat)
    chat.scroll_by(-900)
    chat.entry(11).locator('[data-action="again"]').evaluate("(button) => button.click()")
    chat.text("e99")

    assert chat.scroll[1] < 2


def test_two_views_of_a_panel_have_one_document_and_each_its_own_place(chat):
    filled(chat)
    chat.page.evaluate(
        """async () => {
          const { default: widget } = await import('/widget.js');
          const el = document.body.appendChild(document.createElement('div'));
          widget.render({ model: window.model, el });
        }"""
    )
    chat.scroll_by(-900)
    chat.text("e99", asked="To both")

    assert chat.page.locator(".cc-words", has_text="To both").count() == 2
    assert chat.page.locator('[data-action="latest"]:visible').count() == 1


def test_a_view_that_is_closed_leaves_nothing_and_hears_nothing(chat):
    chat.clip("e1", RIFF)
    chat.start()
    chat.page.evaluate("() => window.unmount()")
    chat.text("e2")

    assert chat.page.locator(".conduit-chat").count() == 0
