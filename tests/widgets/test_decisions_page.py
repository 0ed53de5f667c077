from __future__ import annotations

import pytest

from conduit.music import Clip, Note
from conduit.widgets import ClipView

pytestmark = pytest.mark.browser

ROOT = ".conduit-clip-view"


def with_plan(view: ClipView, **changes) -> ClipView:
    plan = {
        "sentence": "Write 16 notes to track 2",
        "tier": "overwrites",
        "seconds_left": 200.0,
        "overwrites": True,
    }
    view.show_plan("p1", **{**plan, **changes})
    return view


@pytest.mark.parametrize("width", [400, 800, 1400])
def test_nothing_sticks_out_at_any_width(bare, ready, width):
    bare.open(with_plan(ready), width=width)

    outside = bare.page.evaluate(
        """() => {
          const root = document.querySelector(".conduit-clip-view").getBoundingClientRect();
          return [...document.querySelectorAll(".conduit-clip-view button, .conduit-clip-view select, canvas")]
            .filter((node) => node.offsetParent)
            .filter((node) => node.getBoundingClientRect().right > root.right + 0.5)
            .map((node) => node.dataset.action ?? node.className);
        }"""
    )
    assert outside == []


def test_stop_is_there_while_the_model_writes_and_sends_stop(bare, ready):
    ready.show_state(phase="streaming")
    bare.open(ready)

    bare.action("stop").click()

    assert bare.sent() == [{"type": "stop"}]
    ready.show_state(phase="ready")
    bare.show(ready)
    assert not bare.action("stop").is_visible()


def test_push_sends_the_chosen_track_and_slot(bare, ready):
    bare.open(ready)

    bare.action("push").click()
    bare.page.get_by_label("Track").select_option(label="New MIDI track")
    bare.page.get_by_label("Slot").select_option("5")
    bare.action("push").click()

    assert bare.sent() == [
        {"type": "push", "track": 2, "slot": 3, "new_track": False, "part": 0},
        {"type": "push", "track": 4, "slot": 5, "new_track": True, "part": 0},
    ]


def test_what_the_page_sends_is_what_the_widget_hands_on(bare, ready):
    got: list[dict[str, object]] = []
    view = ClipView(on_intent=got.append)
    view.put(clips=ready.clips, epoch=ready.epoch, state=ready.state, live=ready.live)
    bare.open(with_plan(view))

    bare.action("approve").click()
    for intent in bare.sent():
        view._handle_custom_msg(intent, [])

    assert got == [{"type": "approve", "plan": "p1"}]


@pytest.mark.parametrize(
    ("live", "button"),
    [
        pytest.param(
            {"simulated": True, "connected": True}, ("Push to simulated Live", True), id="simulated"
        ),
        pytest.param({"simulated": False, "connected": True}, ("Push to Live", True), id="live"),
        pytest.param({"simulated": False, "connected": False}, ("Push to Live", False), id="not-there"),
    ],
)
def test_the_push_button_says_whether_live_is_real(bare, ready, live, button):
    ready.show_live("The set", tracks=[("Bass", True)], scenes=4, **live)
    bare.open(ready)

    assert (bare.action("push").inner_text(), bare.action("push").is_enabled()) == button


def test_an_audio_track_cannot_be_chosen(bare, ready):
    bare.open(ready)

    disabled = bare.page.locator("option:disabled").all_inner_texts()

    assert disabled == ["3 Vox"]


def test_a_pending_plan_shows_what_comes_and_goes_and_asks(bare, ready, bass):
    old = Clip.of([*list(bass.notes)[:10], Note(60, 0, 2)], name="old")
    bare.open(with_plan(ready, before=old))

    legend = bare.page.locator(".cd-legend span").all_inner_texts()

    assert legend == ["6 added", "1 removed", "10 kept"]
    assert bare.page.locator(".conduit-plan").get_attribute("data-status") == "pending"
    assert len(bare.colours("canvas.cd-compare")) >= 3
    assert not bare.action("push").is_enabled()


def test_reject_sends_once(bare, ready):
    bare.open(with_plan(ready))

    bare.action("reject").click()
    bare.action("reject").click(force=True)

    assert bare.sent() == [{"type": "reject", "plan": "p1"}]


@pytest.mark.parametrize(
    ("outcome", "text", "actions"),
    [
        pytest.param(("applied", "Pushed to track 2"), "Pushed to track 2", ["undo"], id="applied"),
        pytest.param(("rejected", ""), "Nothing was changed", [], id="rejected"),
        pytest.param(("expired", ""), "The offer ran out", [], id="expired"),
        pytest.param(("undone", ""), "as it was before", [], id="undone"),
        pytest.param(("failed", "3 of 16 held"), "3 of 16 held", ["approve", "reject"], id="failed"),
    ],
)
def test_a_decided_plan_says_what_became_of_it(bare, ready, outcome, text, actions):
    status, result = outcome
    with_plan(ready).show_plan_status(status, result=result)
    bare.open(ready)

    card = bare.page.locator(".conduit-plan")

    assert text in card.inner_text()
    assert card.get_attribute("data-status") == status
    visible = [name for name in ("undo", "approve", "reject") if bare.action(name).is_visible()]
    assert visible == actions


def test_undo_sends_undo(bare, ready):
    with_plan(ready).show_plan_status("applied")
    bare.open(ready)

    bare.action("undo").click()

    assert bare.sent() == [{"type": "undo"}]


def test_a_plan_runs_out_in_front_of_the_eyes(bare, ready):
    bare.open(with_plan(ready, seconds_left=0.3))

    bare.until("() => document.querySelector('.conduit-plan').dataset.status === 'expired'")

    assert not bare.action("approve").is_visible()


def target(bare) -> tuple[str, str]:
    return bare.page.get_by_label("Track").input_value(), bare.page.get_by_label("Slot").input_value()


def suggest(bare, view: ClipView, track: int, slot: int) -> None:
    tracks = [("Drums", True), ("Bass", True), ("Vox", False)]
    view.show_live("set", simulated=True, connected=True, tracks=tracks, scenes=8, target=(track, slot))
    bare.show(view)


def test_a_suggested_target_is_followed_until_somebody_chooses(bare, ready):
    bare.open(ready)

    suggest(bare, ready, 1, 4)
    followed = target(bare)
    bare.page.get_by_label("Slot").select_option("5")
    suggest(bare, ready, 2, 7)

    assert (followed, target(bare)) == (("1", "4"), ("1", "5"))


@pytest.mark.parametrize("status", ["pending", "applying", "rejected", "failed", "expired"])
def test_the_target_stays_after_a_push_until_it_is_applied(bare, ready, status):
    bare.open(ready)

    bare.action("push").click()
    with_plan(ready)
    bare.show(ready)
    ready.show_plan_status(status)
    suggest(bare, ready, 1, 4)
    kept = target(bare)
    ready.show_plan_status("applied")
    bare.show(ready)
    suggest(bare, ready, 1, 4)

    assert (kept, target(bare)) == (("2", "3"), ("1", "4"))


def test_the_target_of_a_card_that_nobody_pushed_stays_too(bare, ready):
    bare.open(with_plan(ready))

    suggest(bare, ready, 1, 4)
    ready.show_plan_status("rejected")
    bare.show(ready)

    assert target(bare) == ("2", "3")


@pytest.mark.parametrize(
    ("overwrites", "word"), [pytest.param(True, "replaces a clip"), pytest.param(False, "adds to the set")]
)
def test_the_tier_is_told_in_a_persons_words(bare, ready, overwrites, word):
    bare.open(with_plan(ready, tier="ConfigChange", overwrites=overwrites))

    badge = bare.page.locator(".cd-tier")

    assert (badge.inner_text(), badge.get_attribute("title")) == (word, "ConfigChange")


def test_the_countdown_says_why_there_is_one(bare, ready):
    bare.open(with_plan(ready))

    assert "may change meanwhile" in bare.page.locator(".cd-left").get_attribute("title")


def test_an_undo_that_failed_is_a_warning_and_no_tick(bare, ready):
    with_plan(ready).show_plan_status("applied", result="pushed to track 2")
    bare.open(ready)
    symbol = bare.page.locator(".cd-symbol path")
    tick = symbol.get_attribute("d")

    ready.show_state(error="Live does not answer")
    ready.show_plan_status("applied", result="Live does not answer")
    bare.show(ready)
    warning = symbol.get_attribute("d")
    once = bare.page.get_by_text("Live does not answer").locator("visible=true").count()
    ready.show_state(error="")
    bare.show(ready)
    during = symbol.get_attribute("d")
    ready.show_plan_status("applied", result="pushed to track 2")
    bare.show(ready)

    assert tick not in {warning, during}
    assert once == 1
    assert symbol.get_attribute("d") == tick


def test_an_error_disappears_when_the_next_action_succeeds(bare, ready):
    ready.show_state(error="There is no track 9")
    bare.open(ready)
    shown = bare.page.locator(".cd-error").is_visible()

    ready.show_state(error="")
    bare.show(ready)

    assert shown
    assert not bare.page.locator(".cd-error").is_visible()


@pytest.mark.parametrize("field", ["name", "text", "error", "footer", "sentence", "track", "toast"])
def test_markup_in_any_text_stays_text(bare, ready, bass, field):
    evil = '<img src=x onerror="window.hacked = 1"><b>bold</b>'
    ready.show_clip(bass.with_(name=evil if field == "name" else "ok"))
    state = {key: evil for key in ("text", "error", "footer") if key == field}
    ready.show_state(phase="ready", **state)
    with_plan(ready, sentence=evil if field == "sentence" else "ok")
    tracks = [(evil if field == "track" else "ok", True)]
    ready.show_live("set", simulated=True, connected=True, tracks=tracks, scenes=2, target=(1, 1))
    bare.open(ready)
    bare.page.evaluate("(text) => window.say({ type: 'toast', text })", evil if field == "toast" else "ok")
    bare.frame()

    assert bare.page.locator(f"{ROOT} img, {ROOT} b").count() == 0
    assert bare.page.evaluate("() => window.hacked") is None
    assert "<b>bold</b>" in bare.page.locator(ROOT).text_content()
