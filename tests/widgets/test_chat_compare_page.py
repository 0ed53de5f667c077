"""Two takes of an answer, one over the other, in a real browser: what differs, and which of both is heard."""

from __future__ import annotations

import pytest
from widgets.chat_takes import Chat, document, entry

from conduit.music import Clip, Note
from conduit.widgets.chat_clip import clip_item

pytestmark = pytest.mark.browser

KEPT = [Note(60 + beat, beat, 0.5) for beat in range(8)]
MINE = Clip.of([*KEPT, Note(72, 8, 0.5)], name="Mine", length=16)
THEIRS = Clip.of([*KEPT, Note(40, 12, 0.5), Note(41, 13, 0.5)], name="Theirs", length=16)
LONG = Clip.of([*KEPT, Note(64, 30, 1)], name="Long", length=32)
ACCENT = (25, 118, 210)


def document_of(mine: Clip, theirs: Clip, *, label: str = "other"):
    takes = {"names": ["main", "other"], "at": 0}
    return document(
        {
            "e1": {**entry("you", ["p1", "p2", "p3"], asked="Another one"), "takes": takes},
            "p2": {"kind": "clip", "clip": "c1", "take": "", "label": ""},
            "p3": {"kind": "compare", "one": "c2", "label": label},
            "c1": clip_item(mine),
            "c2": clip_item(theirs),
        }
    )


@pytest.fixture
def chat(bare):
    """Give a panel that shows two takes compared."""
    chat = Chat(bare).open(document_of(MINE, THEIRS))
    chat.page.locator(".cc-two canvas").first.wait_for()
    chat.bare.frame()
    return chat


def side(chat, name):
    return chat.page.locator(f'.cc-side[data-side="{name}"]')


def press(chat, *keys):
    chat.page.locator(".cc-two").focus()
    for key in keys:
        chat.page.keyboard.press(key)
    chat.bare.frame()


def play(chat):
    chat.page.locator('.cc-two [data-action="play"]').click()
    chat.bare.until("() => globalThis.__conduit_sound.level() > 0.01")


def heard(chat):
    """Give which side is heard, by its mark and by the pitches that the engine has."""
    mark = chat.page.locator(".cc-side[data-heard]").get_attribute("data-side")
    events = chat.page.evaluate("() => [...globalThis.__conduit_sound.score.parts[0].events]")
    return mark, {int(pitch) for pitch in events[2::5]} - {note.pitch for note in KEPT}


def box(chat, name):
    return side(chat, name).locator("canvas.conduit-grid").bounding_box()


def accented(chat, name):
    """Say at which sixteenths of the width there is the accent."""
    found = chat.page.evaluate(
        """([name, accent]) => {
          const canvas = document.querySelector(`[data-side="${name}"] canvas.conduit-grid`);
          const { width, height } = canvas;
          const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
          const found = new Set();
          for (let i = 0; i < data.length; i += 4) {
            const same = accent.every((value, k) => data[i + k] === value);
            if (same) found.add(Math.floor(((i / 4) % width) / width * 16));
          }
          return [...found];
        }""",
        [name, list(ACCENT)],
    )
    return sorted(found)


def test_both_takes_stand_one_over_the_other_on_the_same_time(chat):
    a, b = box(chat, "a"), box(chat, "b")

    assert (a["x"], a["width"], a["height"]) == (b["x"], b["width"], b["height"])
    assert b["y"] > a["y"] + a["height"]


def test_they_are_called_by_their_numbers_with_what_each_has_alone(chat):
    assert chat.texts(".cc-side-name") == ["Take 1", "Take 2"]
    assert chat.texts(".cc-side-facts") == ["4 bars · 1 note only here", "4 bars · 2 notes only here"]


def test_what_only_one_has_stands_out_in_that_one(chat):
    assert accented(chat, "a") == [8]
    assert accented(chat, "b") == [12, 13]


def test_the_clips_own_roll_gives_way_as_long_as_it_is_compared(chat):
    hidden = chat.page.locator(".cc-roll").is_hidden()
    del chat.items["p3"]
    chat.put(e1={**chat.items["e1"], "parts": ["p1", "p2"]})

    assert hidden
    assert chat.page.locator(".cc-roll").is_visible()
    assert chat.page.locator(".cc-two").count() == 0


def test_the_longer_take_gives_the_time_of_both(bare):
    chat = Chat(bare).open(document_of(MINE, LONG))
    chat.page.locator(".cc-two canvas").first.wait_for()
    chat.bare.frame()

    assert accented(chat, "a") == [4]
    assert accented(chat, "b") == [15]


def test_the_switch_lets_the_other_be_heard_at_the_same_beat(chat):
    play(chat)
    before = heard(chat)
    chat.page.locator('[data-action="hear-b"]').click()
    after = heard(chat)

    assert (before, after) == (("a", {72}), ("b", {40, 41}))
    assert chat.page.evaluate("() => globalThis.__conduit_sound.beat(globalThis.__conduit_sound.owner)") > 0
    assert chat.page.locator('[data-action="hear-b"]').get_attribute("aria-pressed") == "true"


@pytest.mark.parametrize(("keys", "name"), [("b", "b"), ("ba", "a"), ("x", "b"), ("xx", "a")])
def test_keys_choose_which_is_heard(chat, keys, name):
    press(chat, *keys)

    assert chat.page.locator(".cc-side[data-heard]").get_attribute("data-side") == name


def test_a_click_on_a_name_lets_that_take_be_heard(chat):
    side(chat, "b").locator(".cc-side-caption").click()

    assert chat.page.locator(".cc-side[data-heard]").get_attribute("data-side") == "b"


def test_one_playhead_goes_through_both(chat):
    press(chat, " ")
    chat.bare.until("() => globalThis.__conduit_sound.level() > 0.01")
    places = chat.page.evaluate(
        "() => [...document.querySelectorAll('.cc-two .cd-playhead')].map((one) => one.style.transform)"
    )

    assert places[0] == places[1] != ""


def test_a_click_in_the_ruler_says_where_play_starts(chat):
    ruler = side(chat, "a").locator("canvas.cd-ruler")
    ruler.click(position={"x": ruler.bounding_box()["width"] / 2, "y": 16})

    assert chat.texts(".cc-two .cd-position") == ["3.1.1"]


def test_who_looks_elsewhere_in_one_looks_there_in_both(chat):
    at = box(chat, "b")
    chat.page.mouse.move(at["x"] + at["width"] / 2, at["y"] + 20)
    chat.page.keyboard.down("Control")
    chat.page.mouse.wheel(0, -400)
    chat.page.keyboard.up("Control")
    chat.bare.frame()

    # The note that begins in the middle still does, and is wider.
    assert accented(chat, "a")[:2] == [8, 9]


def test_an_edit_of_either_clip_is_seen(chat):
    chat.put(c2={**clip_item(MINE), "epoch": 2})

    assert chat.texts(".cc-side-facts") == ["4 bars · the same notes"] * 2
    assert accented(chat, "a") == accented(chat, "b") == []


def test_closing_asks_for_a_comparison_with_nothing_and_is_silent(chat):
    play(chat)
    chat.page.locator('[data-action="close-compare"]').click()
    chat.bare.until("() => !globalThis.__conduit_sound.owner")

    assert chat.asked("compare") == [{"type": "compare", "entry": "e1", "branch": ""}]


def test_a_name_that_is_no_take_of_the_turn_is_shown_as_it_is(bare):
    chat = Chat(bare).open(document_of(MINE, THEIRS, label="from the tray"))
    chat.page.locator(".cc-two canvas").first.wait_for()

    assert chat.texts(".cc-side-name")[1] == "from the tray"


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_a_narrow_panel_holds_it_without_scrolling_sideways(bare, theme):
    chat = Chat(bare).open(document_of(MINE, THEIRS), theme=theme, width=320)
    chat.page.locator(".cc-two canvas").first.wait_for()
    chat.bare.frame()

    boxes = ".cc-two, .cc-two .cd-bar, .cc-scroll"
    overflows = (
        "(boxes) => [...document.querySelectorAll(boxes)].map((one) => one.scrollWidth > one.clientWidth)"
    )
    assert chat.page.evaluate(overflows, boxes) == [False, False, False]
