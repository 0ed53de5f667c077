"""The mouse on the other version of a clip, which is looked at and heard and not edited."""

from __future__ import annotations

import pytest
from widgets.hand import CLIP, Hand, but, taken_back

from conduit.music import Clip, Note

pytestmark = pytest.mark.browser


@pytest.fixture
def hand(bare, ready):
    return Hand(bare, ready, CLIP)


OTHER = Clip.of([Note(62, 0, 2, 70), Note(65, 9, 2, 70)], name="Line", length=16, key="C major")


@pytest.fixture
def beside(hand):
    """Give a roll that shows the other version of its clip, whose notes lie elsewhere."""
    hand.view.compare(OTHER)
    hand.bare.show(hand.view)
    hand.bare.action("take-b").click()
    hand.bare.frame()
    return hand


def test_no_gesture_in_the_other_version_changes_the_clip_or_its_selection(beside):
    hand = beside
    note = hand.bare.page.evaluate(
        """() => {
          const canvas = document.querySelector(".conduit-grid");
          const box = canvas.getBoundingClientRect();
          return [box.left, box.top, box.width, box.height];
        }"""
    )
    x, width = note[0], note[2]
    for beat in (1, 10):
        at_x = x + beat * width / 16
        for dy in range(4, int(note[3]), 8):
            hand.click((at_x, note[1] + dy), count=2)
            hand.drag((at_x, note[1] + dy), (at_x + 60, note[1] + dy))
    hand.drag((x + 2, note[1] + note[3] - 2), (x + width - 4, note[1] + 2))
    told = hand.told
    hand.drag(hand.over("velocity", 0, 10), hand.over("velocity", 9, 30))
    hand.drag(hand.over("ruler", 15.98, 16), hand.over("ruler", 12.1, 16))
    hand.focus()
    hand.press(
        "Control+a", "n", "x", "Delete", "ArrowUp", "Control+d", "m", "Enter", "Control+z", "Control+v"
    )

    assert hand.sent() == []
    assert hand.clip.notes == CLIP.notes
    assert "other version" in told
    hand.bare.action("take-a").click()
    hand.bare.frame()
    hand.focus()
    hand.press("Delete")
    assert hand.clip.notes == CLIP.notes


def test_a_note_of_the_other_version_is_not_heard_as_one_of_the_clip(beside, heard):
    hand = beside
    box = hand.page.locator("canvas.conduit-grid").bounding_box()
    for dy in range(4, int(box["height"]), 8):
        hand.click((box["x"] + box["width"] * 10 / 16, box["y"] + dy))

    assert heard() == []


def test_back_from_the_other_version_the_clip_is_edited_again(beside):
    hand = beside
    hand.bare.action("take-a").click()
    hand.bare.frame()
    hand.click(hand.at(5, 67), count=2)

    assert hand.notes == but(without=[2])
    assert taken_back(hand)


@pytest.fixture
def heard(hand):
    """Give what has been asked to sound, as pitch and velocity."""
    return hand.listen()
