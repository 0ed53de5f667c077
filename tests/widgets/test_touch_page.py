"""The roll under fingers: taps, drags, a long press and a pinch, by real touch events."""

from __future__ import annotations

import pytest
from widgets.hand import CLIP, ROWS, Hand

pytestmark = pytest.mark.browser


class Fingers:
    """Touches a page through the browser's own input."""

    def __init__(self, page):
        self.page = page
        self.client = page.context.new_cdp_session(page)
        self.client.send("Emulation.setTouchEmulationEnabled", {"enabled": True})

    def put(self, kind, *places):
        points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(places)]
        self.client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def tap(self, place, times=1):
        for _ in range(times):
            self.put("touchStart", place)
            self.put("touchEnd")

    def drag(self, start, end, steps=8):
        self.put("touchStart", start)
        self.move(start, end, steps)
        self.put("touchEnd")

    def move(self, start, end, steps=8):
        for i in range(1, steps + 1):
            self.put("touchMove", tuple(a + (b - a) * i / steps for a, b in zip(start, end, strict=True)))


@pytest.fixture
def hand(bare, ready):
    return Hand(bare, ready, CLIP)


@pytest.fixture
def fingers(hand):
    """Give fingers over a roll that a tap has focused."""
    fingers = Fingers(hand.page)
    fingers.tap(hand.at(6.5, 61))
    hand.bare.until("() => document.activeElement.matches('.conduit-grid')")
    return fingers


def view(hand):
    """Give what moves when the roll is scrolled or zoomed: the picture of the ruler."""
    hand.bare.frame()
    return hand.bare.colours("canvas.cd-ruler")


def test_a_tap_selects(hand, fingers):
    fingers.tap(hand.at(2.5, 64))

    assert hand.says("Selected: E3")


def test_a_double_tap_draws_and_deletes(hand, fingers):
    fingers.tap(hand.at(10.6, 62), times=2)
    drawn = hand.notes
    fingers.tap(hand.at(5, 67), times=2)

    assert (62, 10.5, 0.25, 96) in drawn
    assert (67, 4, 2, 100) not in hand.notes
    hand.undo()
    assert hand.undo().notes == CLIP.notes


def test_a_finger_moves_a_note(hand, fingers):
    fingers.drag(hand.at(0.4, 60), hand.at(3.4, 63))

    assert hand.notes == [ROWS[1], (63, 3, 1, 60), *ROWS[2:]]
    assert hand.undo().notes == CLIP.notes


def test_a_finger_resizes_a_note_at_a_wide_end(hand, fingers):
    fingers.drag(hand.at(5.8, 67), hand.at(6.8, 67))

    assert hand.notes == [*ROWS[:2], (67, 4, 3, 100), ROWS[3]]


def test_a_finger_on_empty_grid_scrolls_the_roll(hand, fingers):
    hand.press("+", "+", "+")
    before = view(hand)
    fingers.drag(hand.at(12, 61), hand.at(6, 61))

    assert view(hand) != before
    assert hand.sent() == []


def test_a_long_press_and_a_drag_select(hand, fingers):
    start = hand.at(3.5, 70)
    fingers.put("touchStart", start)
    hand.page.wait_for_timeout(600)
    fingers.move(start, hand.at(-0.2, 59))
    fingers.put("touchEnd")

    assert hand.says("2 notes selected")


def test_two_fingers_zoom(hand, fingers):
    one, other = hand.at(6, 61), hand.at(10, 61)
    fingers.put("touchStart", one)
    fingers.put("touchStart", one, other)
    for step in range(1, 7):
        fingers.put("touchMove", (one[0] - 25 * step, one[1]), (other[0] + 25 * step, other[1]))
    fingers.put("touchEnd")
    hand.bare.frame()

    assert hand.page.locator("canvas.cd-overview").is_visible()
    assert hand.sent() == []


def test_velocities_are_painted_by_a_finger(hand, fingers):
    fingers.drag(hand.level(2, 80), hand.level(2, 110))

    assert [row[3] for row in hand.notes] == [60, 110, 100, 120]


def test_a_finger_scrolls_the_page_over_a_roll_that_has_no_focus(hand):
    hand.page.evaluate("() => document.body.style.setProperty('height', '4000px')")
    fingers = Fingers(hand.page)
    fingers.drag(hand.at(10, 61), hand.at(10, 71), steps=4)
    start = hand.at(10, 60)
    fingers.drag(start, (start[0], start[1] - 200), steps=10)

    hand.bare.until("() => scrollY > 20")
    assert hand.sent() == []
