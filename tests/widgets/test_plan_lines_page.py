from __future__ import annotations

import pytest

from conduit.music import Clip, Note

pytestmark = pytest.mark.browser

LINES = (
    "tempo: 120 bpm → 128 bpm",
    "volume of track 2 'Bass': 0.85 → 0.7",
    "Delete 'old idea', 4 notes, from track 1 '1-MIDI', slot 1",
)


def with_lines(view, **changes):
    plan = {
        "sentence": "3 changes: Set tempo: 120 bpm → 128 bpm, and more",
        "tier": "ConfigChange",
        "seconds_left": 200.0,
        "overwrites": True,
        "lines": LINES,
        "pictured": False,
    }
    view.show_plan("p1", **{**plan, **changes})
    return view


@pytest.mark.parametrize("width", [400, 900])
def test_a_plan_that_is_not_about_the_clip_in_view_lists_its_changes_and_draws_none(bare, ready, width):
    bare.open(with_lines(ready, notes=["Undo does not bring back automation."]), width=width)
    card = bare.page.locator(".conduit-plan")

    assert card.locator(".cd-diff").inner_text().splitlines() == list(LINES)
    assert card.locator(".cd-diff").is_visible()
    assert not card.locator(".cd-compare").is_visible()
    assert not card.locator(".cd-legend").is_visible()
    assert card.locator(".cd-tier").inner_text() == "changes the set"
    assert bare.action("approve").is_visible()


def test_a_plan_about_the_clip_in_view_after_one_that_is_not_draws_it(bare, ready):
    bare.open(with_lines(ready))
    before = Clip.of([Note(36, 0, 1)], name="old")
    bare.show(with_lines(ready, lines=(), pictured=True, before=before, sentence="Write 16 notes"))
    card = bare.page.locator(".conduit-plan")

    assert card.locator(".cd-compare").is_visible()
    assert card.locator(".cd-diff").inner_text() == ""


def test_a_plan_that_left_something_offers_to_undo_it(bare, ready):
    bare.open(with_lines(ready, status="partial", result="plan P1 failed and a part of it is left"))
    card = bare.page.locator(".conduit-plan")

    assert card.locator(".cd-sentence").inner_text() == "plan P1 failed and a part of it is left"
    assert bare.action("undo").is_visible()
    assert not bare.action("approve").is_visible()
