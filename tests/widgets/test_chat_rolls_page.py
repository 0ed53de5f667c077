"""Rolls in the chat panel in a real browser: there while they are near, and what stands below them."""

from __future__ import annotations

import pytest
from widgets.chat_page import LONG

pytestmark = pytest.mark.browser


def test_a_clip_is_the_pages_own_roll(chat):
    chat.clip("e1")
    chat.start()

    chat.until("() => document.querySelector('.conduit-clip-view')?.dataset.notes === '4'")


def test_an_edit_of_a_roll_travels_as_the_panels(chat):
    chat.clip("e1")
    chat.start()
    chat.until("() => document.querySelector('.conduit-clip-view')?.dataset.notes === '4'")
    chat.page.locator("canvas.conduit-grid").focus()
    for key in ("Control+a", "ArrowUp"):
        chat.page.keyboard.press(key)

    [intent] = [one for one in chat.sent() if one.get("message", {}).get("type") == "edit"]
    assert (intent["type"], intent["clip"], len(intent["buffers"][0])) == ("clip", "c-e1", 4 * 24)


def test_notes_that_are_still_written_come_into_the_roll(chat):
    chat.clip("e1")
    chat.start()
    chat.until("() => document.querySelector('.conduit-clip-view')?.dataset.notes === '4'")
    chat.items["c-e1"] = {**chat.items["c-e1"], "epoch": 2}
    chat.change(**{"c-e1": {"notes": chat.items["c-e1"]["notes"] * 2}})

    chat.until("() => document.querySelector('.conduit-clip-view').dataset.notes === '8'")


def test_rolls_are_there_only_near_what_is_in_sight_and_nothing_jumps(chat):
    chat.clip("e1")
    for number in range(2, 14):
        chat.text(f"e{number}", LONG * 2)
    chat.start()
    far = chat.page.locator(".conduit-clip-view").count()
    heights = chat.page.evaluate(
        """async () => {
          const frame = () => new Promise(requestAnimationFrame);
          const place = () => document.querySelector('.cc-place');
          document.querySelector('.cc-scroll').scrollTop = 0;
          while (!place()) await frame();
          const before = place().offsetHeight;
          while (place().firstChild?.dataset.notes !== '4') await frame();
          await frame();
          return [before, place().offsetHeight];
        }"""
    )

    assert far == 0
    assert heights[1] == pytest.approx(heights[0], abs=4)


@pytest.mark.parametrize(
    ("action", "intent"),
    [
        ("push-take", {"type": "push", "take": "k-e1", "track": 2, "slot": 3, "new_track": False}),
        ("open-cell", {"type": "cell", "take": "k-e1"}),
        ("star-take", {"type": "star", "take": "k-e1", "on": True}),
    ],
)
def test_what_stands_below_a_roll_is_about_its_take(chat, action, intent):
    chat.clip("e1")
    chat.start()
    chat.page.locator(".cc-acts").locator(f'[data-action="{action}"]').click()

    assert [one for one in chat.sent() if one["type"] != "clip"] == [intent]


def test_a_push_without_a_target_lets_one_choose_it_first(chat):
    chat.clip("e1")
    chat.items["bar"] = {
        **chat.items["bar"],
        "target": {**chat.items["bar"]["target"], "track": 0, "slot": 0},
    }
    chat.start()
    chat.action("push-take").click()

    assert chat.page.locator(".cc-target:popover-open").is_visible()
    assert [one for one in chat.sent() if one["type"] == "push"] == []


@pytest.mark.parametrize(("state", "hidden"), [("running", True), ("done", True), ("failed", False)])
def test_a_call_that_the_roll_under_it_shows_is_told_only_where_it_failed(chat, state, hidden):
    chat.clip("e1")
    call = {
        "kind": "tool",
        "name": "write_clip",
        "state": state,
        "summary": "ok",
        "arguments": "",
        "result": "",
    }
    chat.items = {"p-call": call, **chat.items}
    chat.items["e1"]["parts"] = ["p-call", *chat.items["e1"]["parts"]]
    chat.start()

    assert chat.page.locator(".cc-tool").is_hidden() is hidden


def test_a_clip_is_compared_with_the_one_before_it(chat):
    chat.clip("e1")
    chat.clip("e2")
    chat.start()
    chat.entry(2).locator('[data-action="compare-clip"]').click()

    chat.page.get_by_role("dialog", name="Two takes compared").wait_for()


def test_code_becomes_a_cell_of_the_notebook_where_the_host_has_one(chat):
    chat.start()
    chat.page.evaluate(
        """() => {
          const insertCell = (at, cell) => { window.cell = [at, cell.cell_type, cell.source]; };
          const sharedModel = { cells: [1, 2], insertCell };
          window.model.widget_manager = { context: { model: { sharedModel } } };
        }"""
    )
    chat.tell({"type": "cell", "source": "clip"})

    assert chat.page.evaluate("() => window.cell") == [2, "code", "clip"]
