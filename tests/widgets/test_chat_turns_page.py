"""A turn in the chat panel in a real browser: what of it is seen, and what each act asks for."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.browser

EVIL = '<img src=x onerror="window.hacked=1">'
RED_DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


def filled_after(chat, turns):
    """Start with room below the turns that stand, so that the last of them can be anywhere."""
    chat.start()
    for number in range(turns):
        chat.text(f"late{number}")
    chat.page.evaluate("() => { document.querySelector('.cc-scroll').scrollTop = 700; }")


def test_a_turn_is_edited_in_place_by_keyboard(chat):
    chat.text("e1", asked="A riff")
    chat.start()
    chat.action("edit").focus()
    chat.page.keyboard.press("Enter")
    chat.page.keyboard.type(" in F")
    chat.page.keyboard.press("Enter")

    assert chat.sent() == [{"type": "edit", "entry": "e1", "text": "A riff in F"}]


def test_escape_leaves_an_edited_turn_as_it_was_and_the_keyboard_where_it_was(chat):
    chat.text("e1", asked="A riff")
    chat.start()
    chat.action("edit").click()
    chat.page.keyboard.type(" in F")
    chat.page.keyboard.press("Escape")

    assert chat.sent() == []
    assert chat.page.locator(".cc-words").inner_text() == "A riff"
    assert chat.page.evaluate("() => document.activeElement.dataset.action") == "edit"


@pytest.mark.parametrize(
    ("action", "intent"),
    [
        ("again", {"type": "again", "entry": "e1"}),
        ("take-back", {"type": "take", "entry": "e1", "branch": "a"}),
        ("take-on", {"type": "take", "entry": "e1", "branch": "c"}),
        ("compare", {"type": "compare", "entry": "e1", "branch": "a"}),
    ],
)
def test_a_turn_can_be_had_again_and_its_takes_switched_and_compared(chat, action, intent):
    chat.clip("e1")
    chat.items["e1"]["takes"] = {"names": ["a", "b", "c"], "at": 1}
    chat.start()
    chat.action(action).click()

    assert [one for one in chat.sent() if one["type"] != "clip"] == [intent]
    assert chat.page.locator(".cc-which").inner_text() == "2/3"


def test_takes_of_words_alone_are_not_compared_as_rolls(chat):
    chat.text("e1", takes={"names": ["a", "b", "c"], "at": 1})
    chat.start()

    assert chat.action("compare").is_hidden()


def test_a_question_that_failed_can_be_asked_again(chat):
    chat.turn("e1", state="failed", error="The key was refused.")
    chat.start()
    chat.page.get_by_text("Try again").click()

    assert chat.sent() == [{"type": "again", "entry": "e1"}]


def test_takes_end_at_the_first_and_the_last(chat):
    chat.text("e1", takes={"names": ["a", "b"], "at": 1})
    chat.start()

    assert chat.action("take-on").is_disabled()


def test_a_turn_is_copied_also_where_the_page_has_no_clipboard(chat):
    chat.text("e1", text="Four **bars**")
    chat.start()
    chat.page.evaluate(
        """() => {
          Object.defineProperty(navigator, 'clipboard', { value: undefined });
          document.execCommand = () => { window.copied = document.activeElement.value; return true; };
        }"""
    )
    chat.action("copy").click()

    chat.until("() => window.copied === 'Four **bars**'")


def test_small_print_says_when_and_how_and_unfolds(chat):
    chat.text("e1", footer="scripted · 1.2 s", details=[["Tokens", "812 in, 80 out"]])
    chat.start()
    chat.page.locator(".cc-print summary").click()

    assert chat.page.locator(".cc-took, .cd-took").inner_text() == "Tokens\n812 in, 80 out"
    assert re.fullmatch(r"\d\d:\d\d", chat.page.locator(".cc-time").inner_text())
    assert "2025" in chat.page.locator(".cc-time").get_attribute("title")


def test_a_stop_and_an_error_are_seen(chat):
    chat.text("e1", state="stopped")
    chat.turn("e2", state="failed", error="The key was refused.")
    chat.start()

    assert chat.entry(1).locator(".cc-stopped").is_visible()
    assert chat.entry(2).get_by_role("alert").inner_text() == "The key was refused."


def test_commands_and_decisions_have_their_own_form(chat):
    chat.turn("e1", who="verb", asked="%conduit status", parts={"p1": {"kind": "output", "text": "all well"}})
    chat.turn("e2", who="decision", asked="Approved: 4 notes to track 2")
    chat.start()

    assert chat.entry(1).locator(".cc-output").inner_text() == "all well"
    assert chat.page.locator('[data-action="edit"]:visible').count() == 0


def test_pictures_sounds_and_files_stand_in_the_persons_turn(chat):
    chat.items["m1"] = {"kind": "media", "mime": "image/png", "name": "dot.png", "data": RED_DOT}
    chat.items["m2"] = {"kind": "media", "mime": "audio/wav", "name": "kick.wav", "data": b"RIFF"}
    chat.items["m3"] = {"kind": "media", "mime": "audio/midi", "name": "riff.mid", "data": b"MThd"}
    chat.turn("e1", media=["m1", "m2", "m3"])
    chat.start()

    chat.until("() => document.querySelector('.cc-image').naturalWidth === 1")
    assert chat.page.locator(".cc-sound").count() == 1
    assert chat.page.locator(".cc-chip").inner_text() == "riff.mid"


def test_what_anybody_writes_is_text_and_no_markup(chat):
    chat.items["m1"] = {"kind": "media", "mime": EVIL, "name": EVIL, "data": b"x"}
    chat.turn(
        "e1",
        asked=EVIL,
        error=EVIL,
        footer=EVIL,
        media=["m1"],
        parts={"p1": {"kind": "note", "text": EVIL}, "p2": {"kind": "output", "text": EVIL}},
    )
    chat.start()

    assert chat.page.evaluate("() => window.hacked") is None
    assert chat.page.locator(".cc-words").inner_text() == EVIL


def test_a_part_of_an_unknown_kind_is_told_of(chat):
    chat.turn("e1", parts={"p1": {"kind": "hologram"}})
    chat.start()

    assert "cannot be shown" in chat.entry(1).inner_text()


def test_another_take_stands_where_the_one_before_it_stood_and_keeps_the_keyboard(chat):
    for number in range(3):
        chat.text(f"e{number}")
    chat.text("e3", takes={"names": ["a", "b", "c"], "at": 1})
    filled_after(chat, 4)
    chat.entry(4).locator('[data-action="take-on"]').focus()
    chat.scroll_by(-200)
    before = chat.entry(4).bounding_box()["y"]
    chat.page.keyboard.press("Enter")
    chat.items["f3"] = {**chat.items["e3"], "takes": {"names": ["a", "b", "c"], "at": 0}, "parts": []}
    late = [f"late{number}" for number in range(4)]
    chat.change(panel={"order": ["e0", "e1", "e2", "f3", *late]}, e3=None)

    assert chat.entry(4).bounding_box()["y"] == pytest.approx(before, abs=2)
    assert chat.page.evaluate("() => document.activeElement.dataset.action") == "take-on"
