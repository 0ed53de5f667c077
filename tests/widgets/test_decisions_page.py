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
        {"type": "push", "track": 2, "slot": 3, "new_track": False},
        {"type": "push", "track": 4, "slot": 5, "new_track": True},
    ]


def test_what_the_page_sends_is_what_the_widget_hands_on(bare, ready):
    got: list[dict[str, object]] = []
    view = ClipView(on_intent=got.append)
    view.put(notes=ready.notes, clip=ready.clip, state=ready.state, live=ready.live)
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


def test_the_static_record_is_hidden_while_the_widget_lives(bare, ready):
    bare.open(ready)
    bare.frame()
    hidden = bare.page.get_by_text("record", exact=True).is_visible()

    bare.page.evaluate("() => window.unmount()")

    assert hidden is False
    assert bare.page.get_by_text("record", exact=True).is_visible()


def test_a_static_record_that_comes_later_is_hidden_too(bare, ready):
    bare.open(ready)

    bare.page.evaluate(
        """() => {
          document.querySelector("[data-conduit]").closest(".jp-OutputArea-child").remove();
          const child = document.createElement("div");
          child.className = "jp-OutputArea-child";
          child.innerHTML = '<p data-conduit="r1">late record</p>';
          document.querySelector(".jp-OutputArea").append(child);
        }"""
    )
    bare.frame()

    assert not bare.page.get_by_text("late record").is_visible()


def test_hello_is_repeated_until_it_is_routed(bare, ready):
    bare.open(ready)
    bare.until("() => window.sent.filter((m) => m.type === 'hello').length >= 2")

    bare.page.evaluate("() => window.say({ type: 'routed' })")
    count = len(bare.sent(but=""))
    bare.page.evaluate("() => new Promise((done) => setTimeout(done, 600))")

    assert len(bare.sent(but="")) == count
