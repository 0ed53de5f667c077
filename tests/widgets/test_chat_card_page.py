"""Cards of planned changes in a chat panel in a real browser: what they show, ask and become."""

from __future__ import annotations

import time
from typing import Any

import pytest
from widgets.chat_input_page import PANEL, ChatPage, turn

from conduit.music import Clip, Note
from conduit.widgets import pack_notes
from conduit.widgets.packing import pack_clip

pytestmark = pytest.mark.browser

BASS = Clip.of([Note(33 + 3 * (i % 4), i, 0.75, 40 + 5 * i) for i in range(16)], name="Bass", key="A minor")
OLD = Clip.of([*list(BASS.notes)[:10], Note(60, 0, 2)], name="old")
SENTENCE = "Write 16 notes to track 2 'Bass', slot 3: replaces 'old idea'"
LINES = ["tempo: 120 bpm → 128 bpm", "volume of track 2 'Bass': 0.85 → 0.7"]
DROP = """
([selector, kind, take]) => {
  const target = document.querySelector(selector);
  const dataTransfer = new DataTransfer();
  dataTransfer.setData(kind, take);
  const told = ["dragenter", "dragover", "drop"].map((type) => {
    const event = new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer });
    target.dispatchEvent(event);
    return event.defaultPrevented;
  });
  return told;
}
"""


def facts(clip: Clip) -> dict[str, Any]:
    return {name: value for name, value in pack_clip(clip).items() if not isinstance(value, bytes)}


def card(
    plan_id: str = "P1", *, before: Clip | None = OLD, after: Clip | None = BASS, **changes: Any
) -> dict[str, Any]:
    plan = {
        "id": plan_id,
        "sentence": SENTENCE,
        "tier": "overwrites",
        "seconds_left": 200.0,
        "life_s": 300.0,
        "overwrites": True,
        "notes": [],
        "lines": [],
        "pictured": after is not None,
        "status": "pending",
        "result": "",
    }
    outside = {name: changes.pop(name) for name in ("clip", "trouble") if name in changes}
    return {
        "kind": "plan",
        "plan": {**plan, **changes},
        "before": facts(before) if before else None,
        "before_notes": pack_notes(before) if before else b"",
        "after": facts(after) if after else None,
        "after_notes": pack_notes(after) if after else b"",
        "length": 16.0,
        "meter": [4, 4],
        "clip": "",
        "trouble": "",
        **outside,
    }


class Cards(ChatPage):
    """A panel with some cards."""

    def show(self, *cards: dict[str, Any], theme: str = "light", width: int = 800) -> Cards:
        parts = {f"p{i}": one for i, one in enumerate(cards)}
        entry = {**turn("Push it"), "parts": list(parts)}
        self.open(theme=theme, width=width, panel={**PANEL, "order": ["e1"]}, e1=entry, **parts)
        self.bare.until(f"() => document.querySelectorAll('.cc-card .conduit-plan').length === {len(cards)}")
        self.bare.frame()
        return self

    def plan(self, number: int = 0) -> Any:
        return self.page.locator(".conduit-plan").nth(number)

    def press_on(self, action: str, number: int = 0) -> None:
        self.plan(number).locator(f'[data-action="{action}"]').click()

    def change(self, number: int = 0, **changes: Any) -> None:
        shown = card()["plan"]
        self.put(**{f"p{number}": {"plan": {**shown, "id": f"P{number + 1}", **changes}}})


@pytest.fixture
def cards(bare):
    return Cards(bare)


def test_a_card_says_what_where_how_risky_and_how_long(cards):
    cards.show(card(notes=["Undo does not bring back automation."]))

    plan = cards.plan()
    assert plan.locator(".cd-sentence").inner_text() == SENTENCE
    assert plan.locator(".cd-tier").inner_text() == "replaces a clip"
    assert plan.locator(".cd-notes").inner_text() == "Undo does not bring back automation."
    assert plan.locator(".cd-left").inner_text() in {"3:20 left to decide", "3:19 left to decide"}
    assert plan.locator(".cd-legend span").all_inner_texts() == ["6 added", "1 removed", "10 kept"]
    assert len(cards.bare.colours("canvas.cd-compare")) >= 3


@pytest.mark.parametrize("action", ["approve", "reject", "amend"])
def test_a_click_sends_the_decision_about_this_plan(cards, action):
    cards.show(card(), card("P2", overwrites=False))

    cards.press_on(action, 1)

    assert cards.sent() == [{"type": action, "plan": "P2"}]


def test_a_decision_is_sent_once(cards):
    cards.show(card())

    cards.press_on("approve")
    cards.plan().locator('[data-action="approve"]').click(force=True)
    cards.plan().locator('[data-action="reject"]').click(force=True)

    assert cards.sent() == [{"type": "approve", "plan": "P1"}]
    assert cards.plan().locator('[data-action="approve"]').inner_text() == "Applying…"


def test_the_keyboard_alone_decides(cards):
    cards.show(card())

    cards.plan().locator('[data-action="approve"]').focus()
    cards.press("Tab", "Enter")

    assert cards.sent() == [{"type": "reject", "plan": "P1"}]


@pytest.mark.parametrize(
    ("status", "result", "said", "actions"),
    [
        ("applied", "Wrote 16 notes.", "Wrote 16 notes.", ["undo"]),
        ("partial", "A part of it is left.", "A part of it is left.", ["undo"]),
        ("rejected", "", "Nothing was changed", []),
        ("expired", "", "ran out", []),
        ("undone", "", "as it was before", []),
    ],
)
def test_a_decided_card_is_one_line_that_says_what_became_of_it(cards, status, result, said, actions):
    cards.show(card())

    cards.change(status=status, result=result)

    plan = cards.plan()
    seen = [one.get_attribute("data-action") for one in plan.locator("button").all() if one.is_visible()]
    assert said in plan.locator(".cd-sentence").inner_text()
    assert seen == actions
    assert plan.bounding_box()["height"] < 48


def test_undo_names_its_plan(cards):
    cards.show(card(status="applied"), card("P2", status="applied"))

    cards.press_on("undo", 1)

    assert cards.sent() == [{"type": "undo", "plan": "P2"}]


def test_several_cards_keep_their_own_state(cards):
    cards.show(card(), card("P2"), card("P3", seconds_left=0.0))

    cards.change(1, status="rejected")

    states = [cards.plan(i).get_attribute("data-status") for i in range(3)]
    assert states == ["pending", "rejected", "expired"]


def test_an_offer_that_runs_out_says_so_and_how_to_get_another(cards):
    cards.page.clock.install()
    cards.show(card(seconds_left=100.0))
    assert cards.plan().get_attribute("data-status") == "pending"

    cards.page.clock.run_for(101_000)

    assert cards.plan().get_attribute("data-status") == "expired"
    assert "Ask again" in cards.plan().locator(".cd-sentence").inner_text()
    assert not cards.plan().locator('[data-action="approve"]').is_visible()


def test_a_page_loaded_later_counts_down_from_when_the_offer_ends(cards):
    cards.show(card(ends_at=time.time() + 61))

    left = cards.plan().locator(".cd-left").inner_text()
    assert left.startswith(("1:01", "1:00", "0:5"))


def test_trouble_is_told_in_words_and_can_be_tried_again(cards):
    cards.show(card(status="failed", result="", trouble="Live did not answer within 2 s."))

    assert cards.page.locator(".cc-card-trouble").inner_text() == "Live did not answer within 2 s."
    assert cards.plan().locator('[data-action="approve"]').inner_text() == "Try again"
    cards.press_on("approve")
    assert cards.sent() == [{"type": "approve", "plan": "P1"}]


def test_a_plan_without_notes_lists_its_changes_and_cannot_be_edited(cards):
    cards.show(card(before=None, after=None, lines=LINES))

    plan = cards.plan()
    assert plan.locator(".cd-diff").inner_text().splitlines() == LINES
    assert not plan.locator(".cd-compare").is_visible()
    assert not plan.locator('[data-action="amend"]').is_visible()


def test_other_notes_of_one_plan_are_drawn_anew(cards):
    fewer = Clip.of(list(BASS.notes)[:11], name="Bass", key="A minor")
    cards.show(card())

    cards.page.evaluate(
        """({ plan, bytes }) => window.say(
          { type: "patch", n: 2, bytes: [["p0", "after_notes", "set"]], set: { p0: { plan } } },
          new DataView(Uint8Array.from(bytes).buffer),
        )""",
        {"bytes": list(pack_notes(fewer)), "plan": card()["plan"]},
    )
    cards.bare.frame()

    assert cards.plan().locator(".cd-legend span").all_inner_texts() == ["1 added", "1 removed", "10 kept"]


def test_editing_opens_a_roll_in_the_card_and_closes_it_again(cards):
    clip = {
        "kind": "clip",
        "facts": facts(BASS),
        "notes": pack_notes(BASS),
        "controls": b"",
        "epoch": 1,
        "edits": 0,
        "other": None,
        "other_notes": b"",
        "other_controls": b"",
        "state": {"phase": "ready"},
        "live": {},
        "playback": {},
    }
    entry = {**turn("Push it"), "parts": ["p0"]}
    cards.open(panel={**PANEL, "order": ["e1"]}, e1=entry, p0=card(clip="c1"), c1=clip)

    cards.bare.until("() => document.querySelector('.cc-card .conduit-clip-view')")
    assert cards.plan().locator('[data-action="amend"]').inner_text() == "Close the notes"
    cards.put(p0={"clip": ""})

    assert cards.page.locator(".cc-card .conduit-clip-view").count() == 0


def test_a_take_dropped_on_an_open_card_is_offered_in_its_place(cards):
    cards.show(card())

    told = cards.page.evaluate(DROP, [".conduit-plan", "application/x-conduit-take", "k7"])

    assert told == [True, True, True]
    assert cards.sent() == [{"type": "drop", "take": "k7", "plan": "P1"}]
    assert cards.page.locator("[data-drop]").count() == 0


@pytest.mark.parametrize(
    ("kind", "status"),
    [("text/plain", "pending"), ("application/x-conduit-take", "applied")],
    ids=["other things", "a decided card"],
)
def test_nothing_else_can_be_dropped_on_a_card(cards, kind, status):
    cards.show(card(status=status))

    cards.page.evaluate(DROP, [".conduit-plan", kind, "k7"])

    assert cards.sent("drop") == []


def test_a_card_whose_kernel_is_gone_says_so_and_asks_nothing(cards):
    cards.show(card(), card("P2", status="applied"))

    cards.lose()

    assert cards.page.locator(".cc-kernel").first.inner_text().startswith("The kernel is gone")
    assert cards.plan().locator('[data-action="approve"]').is_disabled()
    assert cards.plan(1).locator('[data-action="undo"]').is_disabled()
    assert not cards.page.locator(".cc-kernel").nth(1).is_visible()


def test_hidden_characters_of_a_plan_do_not_reach_its_sentence(cards):
    cards.show(card(sentence="Delete \u202enothing\u200b", before=None, after=None))

    assert cards.plan().locator(".cd-sentence").inner_text() == "Delete nothing"


@pytest.mark.parametrize("width", [320, 800, 1400])
def test_no_card_sticks_out_of_its_column(cards, width):
    long = "w" * 300
    cards.show(
        card(sentence=f"Write {long}", notes=[long]),
        card("P2", before=None, after=None, lines=[long], trouble=long),
        card("P3", status="applied", result=long),
        width=width,
    )

    outside = cards.page.evaluate(
        """() => {
          const column = document.querySelector(".cc-parts").getBoundingClientRect();
          return [...document.querySelectorAll(".cc-card *")]
            .filter((node) => node.offsetParent && node.getBoundingClientRect().right > column.right + 1)
            .map((node) => node.className);
        }"""
    )
    assert outside == []
