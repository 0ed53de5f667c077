"""The states that need a whole view: answers, plan cards, a conflict, a kernel that is gone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from conduit.music import Clip, Note
from conduit.widgets import ClipView

__all__ = ["VIEWED", "viewed"]

BEAT = Clip.of(
    [Note(33 + 3 * (i % 4), i, 0.75, 40 + 5 * i) for i in range(16)], name="Bass line", key="A minor"
)
SENTENCE = "Write 16 notes to track 2 'Bass', slot 3: replaces 'old idea'"
SET_LINES = ["Track 2 'Bass': volume -6.0 dB to -3.0 dB", "Track 3 'Keys': pan centre to 20 left"]
MADE: dict[str, dict[str, Any]] = {
    "written": {"details": [("provider", "offline"), ("cost", "$0.0042"), ("sources", "https://a.example")]},
    "waiting": {"phase": "streaming", "text": "", "footer": "offline"},
    "words": {"text": "A scale has **seven** notes.\n\n- whole\n- half\n\n`C D E F G A B`"},
    "stopped": {"phase": "interrupted"},
    "failed": {"phase": "failed", "error": "The model did not answer."},
    "put-right": {
        "remarks": ["2 notes that went past the end were cut.", "A note of velocity 0 was left out."]
    },
}
"""What the view's state says, beside a ready answer's."""
CARDS: dict[str, tuple[dict[str, Any], str, str]] = {
    "plan": ({}, "pending", ""),
    "plan-lines": ({"lines": SET_LINES, "notes": ["The set is playing."], "pictured": False}, "pending", ""),
    "plan-applying": ({}, "applying", ""),
    "plan-applied": ({}, "applied", "Pushed to track 2, slot 3"),
    "plan-partial": ({}, "partial", "Pushed 12 of 16 notes to track 2, slot 3"),
    "plan-undone": ({}, "undone", ""),
    "plan-rejected": ({}, "rejected", ""),
    "plan-expired": ({}, "expired", ""),
    "plan-failed": ({}, "failed", "Live does not answer"),
}
"""Plan, status and result of each card."""


def answered(*, connected: bool = True, clips: bool = True, **state: Any) -> ClipView:
    """Give the view of an answer."""
    view = ClipView()
    if clips:
        none = state.get("phase") in ("failed", "streaming", "interrupted")
        view.show_clip(BEAT.with_table(BEAT.table[:0]) if none else BEAT)
    view.show_state(**{"phase": "ready", "text": "A **bass** line.", "footer": "offline · 0.2 s", **state})
    view.show_live(
        "Simulated Live set" if connected else "Live does not answer at 127.0.0.1:11000; is AbletonOSC on?",
        simulated=connected,
        connected=connected,
        tracks=[("Bass", True)] if connected else [],
        scenes=8 if connected else 0,
        target=(1, 3),
    )
    return view


def carded(name: str) -> ClipView:
    """Give the view of an answer with its plan's card."""
    plan, status, result = CARDS[name]
    view = answered()
    before = BEAT.with_table(BEAT.table[4:])
    told = {"sentence": SENTENCE, "tier": "overwrites", "overwrites": True, "before": before, **plan}
    view.show_plan("p1", seconds_left=200, **told)
    view.show_plan_status(status, result=result)
    return view


def viewed(bare: Any, theme: str, width: int) -> dict[str, Callable[[], Any]]:
    """Give the states that need a whole view: the answer, the plan card, the conflict."""

    def show(view: ClipView) -> None:
        bare.open(view, theme=theme, width=width)

    def contested() -> None:
        view = answered()
        show(view)
        grid = bare.page.locator("canvas.conduit-grid")
        grid.press("Control+a")
        grid.press("ArrowUp")
        view.show_clip(BEAT.with_table(BEAT.table[:9]))
        bare.show(view)

    def gone() -> None:
        bare.page.clock.install()
        show(answered())
        bare.page.evaluate("() => window.say({ type: 'routed', beside: true })")
        bare.action("push").click()
        bare.page.clock.run_for(7000)

    def unfolded() -> None:
        show(answered(**MADE["written"]))
        bare.page.locator(".cd-usage summary").click()

    answers = {name: partial(lambda state: show(answered(**state)), state) for name, state in MADE.items()}
    cards = {name: partial(lambda name: show(carded(name)), name) for name in CARDS}
    return {
        **answers,
        **cards,
        "words": lambda: show(answered(clips=False, **MADE["words"])),
        "written": unfolded,
        "offline": lambda: show(answered(connected=False)),
        "conflict": contested,
        "gone": gone,
    }


VIEWED = [*MADE, *CARDS, "offline", "conflict", "gone"]
