"""What stands around the notes: the handle of rows, hints of other clips, the keys of the bar, the shortcuts."""

from __future__ import annotations

import pytest
from widgets.hand import Hand

from conduit.music import Clip, Note
from conduit.widgets import ClipView

pytestmark = pytest.mark.browser

CLIP = Clip.of([Note(60, 0, 1), Note(64, 2, 1), Note(69, 8, 1)], name="Line", length=16, instrument="keys")
LOW = Clip.of([Note(30, 4, 2), Note(62, 10, 2)], name="Low", length=16, instrument="bass")
BEAT = Clip.of([Note(36, 0, 1)], name="Beat", length=16, instrument="drums")


@pytest.fixture
def hand(bare, ready):
    hand = Hand(bare, ready, CLIP)
    hand.focus()
    return hand


def thumb(hand):
    hand.bare.frame()
    return hand.page.locator(".cd-thumb").bounding_box()


def picture(page):
    return page.evaluate("() => document.querySelector('.conduit-grid').toDataURL()")


def test_the_handle_at_the_right_edge_is_dragged_to_other_rows(hand):
    box, before = thumb(hand), picture(hand.page)
    grid = hand.page.locator("canvas.conduit-grid").bounding_box()
    x, y = box["x"] + 2, box["y"] + box["height"] / 2
    hand.drag((x, y), (x, y - 60))
    dragged = thumb(hand)
    hand.drag((x, y - 60), (x, y - 900))

    assert box["x"] >= grid["x"] + grid["width"]
    assert dragged["y"] == pytest.approx(box["y"] - 60, abs=1)
    assert picture(hand.page) != before
    assert thumb(hand)["y"] == pytest.approx(grid["y"], abs=1)
    assert hand.sent() == []


def test_a_press_beside_the_handle_brings_it_there(hand):
    grid = hand.page.locator("canvas.conduit-grid").bounding_box()
    box = thumb(hand)
    hand.click((box["x"] + 2, grid["y"] + 200))

    moved = thumb(hand)
    assert moved["y"] + moved["height"] / 2 == pytest.approx(grid["y"] + 200, abs=1)


def test_there_is_no_handle_where_all_rows_are_in_sight(bare, ready):
    hand = Hand(bare, ready, BEAT)

    assert thumb(hand) is None


def test_alt_and_wheel_scroll_the_rows_and_a_plain_wheel_is_the_notebooks(hand):
    hand.page.evaluate("() => { document.body.style.height = '3000px'; }")
    before = thumb(hand)
    hand.mouse.move(*hand.at(6, 62))
    hand.keyboard.down("Alt")
    hand.mouse.wheel(0, 48)
    hand.keyboard.up("Alt")
    scrolled = thumb(hand)
    page = hand.page.evaluate("() => scrollY")
    hand.mouse.wheel(0, 48)
    hand.bare.until("() => scrollY > 0")

    assert scrolled["y"] > before["y"] + 4
    assert page == 0
    assert thumb(hand)["y"] == pytest.approx(scrolled["y"] - hand.page.evaluate("() => scrollY"), abs=1)


def inked(page, beat, y):
    """Say whether a colour, no grey of the ground, lies at a beat on a line of the grid; from below if negative."""
    return page.evaluate(
        """([beat, y]) => {
          const canvas = document.querySelector(".conduit-grid");
          const x = Math.round((beat / 16) * canvas.width) + 4;
          const { data } = canvas.getContext("2d").getImageData(x, y < 0 ? canvas.height + y : y, 1, 1);
          return Math.max(...data.slice(0, 3)) - Math.min(...data.slice(0, 3)) > 24;
        }""",
        [beat, y],
    )


@pytest.fixture
def both(bare):
    view = ClipView()
    view.show_clips([CLIP, LOW])
    view.show_state(phase="ready")
    bare.open(view)
    return bare


def test_notes_of_another_clip_below_the_rows_in_sight_are_hinted_at_the_lower_edge(both):
    hints = [inked(both.page, beat, -2) for beat in (4.2, 5.5, 7, 10.5)]

    assert hints == [True, True, False, False]


def test_notes_of_another_clip_between_folded_rows_are_hinted_between_them(both):
    both.page.locator("canvas.conduit-grid").press("f")
    both.frame()
    height = both.page.evaluate("() => document.querySelector('.conduit-grid').height")

    lines = [y for y in range(height) if inked(both.page, 10.5, y)]

    assert 2 <= len(lines) <= 4
    assert lines[-1] - lines[0] == len(lines) - 1
    assert not inked(both.page, 13, lines[0])


def focused(page):
    return page.evaluate("() => document.activeElement.dataset.action ?? document.activeElement.className")


def test_the_bar_is_one_stop_of_tab(hand):
    hand.page.keyboard.press("Shift+Tab")
    first = focused(hand.page)
    hand.page.keyboard.press("Tab")

    assert first == "play"
    assert hand.has_keys


def test_arrows_home_and_end_go_along_the_bar_past_what_cannot_be_used(hand):
    hand.press("n")
    hand.page.evaluate(
        "() => { window.heard = []; document.addEventListener('keydown', ({ key }) => heard.push(key)); }"
    )
    hand.page.locator('[data-action="play"]').focus()
    seen = []
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "End", "ArrowRight", "ArrowLeft", "Home"):
        hand.press(key)
        seen.append(focused(hand.page))

    assert seen == ["loop", "tempo", "draw", "more", "play", "more", "play"]
    assert hand.sent() == []
    assert hand.page.evaluate("() => heard") == []


def test_tab_comes_back_to_the_control_of_the_bar_that_was_left(hand):
    hand.page.locator('[data-action="metronome"]').focus()
    hand.press("Escape")
    roll = hand.has_keys
    hand.press("Shift+Tab")

    assert roll
    assert focused(hand.page) == "metronome"


def test_the_focus_goes_on_along_the_bar_when_its_control_can_no_longer_be_used(hand):
    hand.press("n", "ArrowUp")
    hand.page.locator('[data-action="edit-undo"]').focus()
    hand.press("Enter")
    hand.bare.frame()

    assert focused(hand.page) == "edit-redo"


def test_a_bar_whose_control_is_gone_in_a_narrow_view_is_still_reached(hand):
    hand.page.locator('[data-action="metronome"]').focus()
    hand.press("Escape")
    hand.page.set_viewport_size({"width": 400, "height": 900})
    hand.bare.until("() => document.querySelector('[data-narrow]')")
    hand.bare.frame()
    hand.press("Shift+Tab")

    assert hand.page.evaluate("() => Boolean(document.activeElement.closest('.cd-bar'))")


@pytest.mark.parametrize(("width", "columns"), [(1000, 3), (640, 2), (320, 1)])
def test_the_sheet_of_shortcuts_is_grouped_in_as_many_columns_as_there_is_room_for(
    bare, ready, width, columns
):
    hand = Hand(bare, ready, CLIP, width=width - 32)
    hand.focus()
    hand.press("?")
    hand.bare.until("() => document.querySelector('.cd-sheet:popover-open')")

    sheet = hand.page.locator(".cd-sheet")
    lefts = sheet.evaluate(
        "(s) => [...s.querySelectorAll('.cd-heading')].map((h) => Math.round(h.getBoundingClientRect().left))"
    )
    box = sheet.bounding_box()

    assert len(lefts) == 8
    assert len(set(lefts)) == columns
    assert sheet.evaluate("(s) => s.scrollWidth <= s.clientWidth")
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= 1000
