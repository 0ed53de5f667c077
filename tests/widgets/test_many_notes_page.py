"""The mouse among a hundred thousand notes."""

from __future__ import annotations

import random
from statistics import median

import pytest
from widgets.hand import Hand

from conduit.music import Clip, Note

pytestmark = pytest.mark.browser


@pytest.fixture
def many(bare, ready):
    """Give a roll of a hundred thousand notes, and what each move of the pointer takes in milliseconds."""
    rng = random.Random(3)
    crowd = [Note(rng.randint(60, 69), rng.randrange(4, 60_000) / 4, 0.5, 90) for _ in range(100_000)]
    hand = Hand(bare, ready, Clip.of([*crowd, Note(60, 0, 0.5)], name="Many", length=16_000))
    hand.page.evaluate(
        """() => {
          window.took = [];
          let began;
          addEventListener("pointermove", () => { began = performance.now(); }, { capture: true });
          addEventListener("pointermove", (event) => {
            if (event.buttons) window.took.push(performance.now() - began);
          });
        }"""
    )
    return hand


def test_a_marquee_and_a_move_of_a_hundred_among_a_hundred_thousand_take_less_than_a_frame(many):
    box = many.page.locator("canvas.conduit-grid").bounding_box()
    many.drag((box["x"] + 440, box["y"] + 2), (box["x"] - 4, many.at(0, 60)[1]), steps=20)
    assert many.says("1")
    marquee = median(many.page.evaluate("() => window.took.splice(0)"))
    y = many.at(0, 60)[1]
    many.drag((box["x"] + 6, y), (box["x"] + 150, y), held=("Alt",), steps=20)
    move = median(many.page.evaluate("() => window.took.splice(0)"))

    assert [edit["n"] for edit in many.sent()] == [1]
    assert max(marquee, move) < 16
