"""Decisions in the chat panel: whose word counts, where the model hears of it, and what takes a plan's place."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from concurrent.futures import CancelledError
from pathlib import Path

import pytest
from conduit_magics.chat.cards import last_steps

from conduit.engine.plan import Status
from conduit.engine.plans import KEPT
from conduit.engine.rates import RateLimits
from conduit.messages import AssistantMessage, ToolCallPart
from conduit.music import Clip, Note, write_clip
from conduit.store import LoggedPlan
from conduit.studio import Question

sys.path.insert(0, str(Path(__file__).parent))
from chat_page import Page

BASS = Clip.of([Note(45 + beat, beat, 0.5) for beat in range(8)], length=8, name="Bass", instrument="bass")
LEAD = Clip.of([Note(60 + beat, beat, 0.5) for beat in range(8)], length=8, name="Lead", instrument="lead")


def calls(*parts):
    return AssistantMessage(
        parts=tuple(
            ToolCallPart(id=call_id, name=name, arguments=json.dumps(arguments))
            for call_id, name, arguments in parts
        )
    )


def wrote(clip):
    return calls(("c1", "write_clip", {"clip": write_clip(clip)}))


def push(slot, track=1):
    return calls((f"p{track}.{slot}", "push_clip", {"track": track, "slot": slot}))


@pytest.fixture
def desk(ip, studio):
    studio.forget()
    studio.rates = RateLimits()
    desk = ip.magics_manager.registry["ConduitMagics"].desk
    desk.outputs.live = True
    yield desk
    desk.outputs.live = False
    studio.decisions.auto = ()
    studio.rates = RateLimits()
    studio.call(studio.live.close())


@pytest.fixture
def open_page(desk, script):
    """Give a function that opens a panel that asks the scripted provider; all are closed after the test."""
    script()
    pages = []

    def opened():
        page = Page(desk)
        pages.append(page)
        page.act("set", name="model", value="scripted")
        return page

    yield opened
    for page in pages:
        page.close()


@pytest.fixture
def page(open_page):
    return open_page()


def plan_of(page, entry=-1):
    return page.part("plan", entry)["plan"]


def plans_of(page):
    return [part["plan"] for part in page.parts() if part["kind"] == "plan"]


def pushed(page, script, slot, *more):
    """Ask for a clip that the model then asks to push; give the client and the plan's id."""
    client = script(wrote(BASS), push(slot), *more)
    page.send("a bass")
    return client, plan_of(page)["id"]


def allow(page, kind="fill"):
    page.act("set", name=f"auto:{kind}", value=True)
    page.until(lambda: [row[0] for row in page.items["bar"]["auto"] if row[2]] == [kind])


def shorten(page, clip_id, length=4.0):
    item = page.items[clip_id]
    facts = {"length": length}
    edit = {"type": "edit", "epoch": item["epoch"], "n": item["edits"] + 1, "part": 0, "facts": facts}
    page.panel.view._handle_custom_msg({"type": "clip", "clip": clip_id, "message": edit}, [b"", b""])


def renewed(page):
    """Edit the clip of the last turn, and wait until the plan of its card is another one."""
    before = plan_of(page)["id"]
    shorten(page, page.part("clip")["clip"])
    page.until(lambda: plan_of(page)["id"] != before)
    return plan_of(page)["id"]


def flushed(studio, *pages):
    """Let every panel show what is there, and do what follows from that."""

    async def flush():
        for _ in range(3):
            for page in pages:
                page.panel._flush()
                await asyncio.gather(*page.panel._acts._deciding._tasks)
            await asyncio.sleep(0)

    studio.call(flush())


async def doing(work):
    return work()


def test_a_panel_that_is_opened_later_approves_nothing_that_waited_before_its_kind_was_allowed(
    page, open_page, script, studio
):
    _, waiting = pushed(page, script, 1)
    allow(page)

    second = open_page()

    second.until(lambda: plan_of(second)["id"] == waiting)
    flushed(studio, page, second)
    assert studio.plans.get(waiting).status is Status.PENDING


def test_of_two_panels_one_approves_in_advance_and_the_other_has_no_trouble(page, open_page, script, studio):
    second = open_page()
    allow(page)

    _, plan = pushed(page, script, 2, "It is there.")

    page.until(lambda: plan_of(page)["status"] == "applied")
    second.until(lambda: plan_of(second)["status"] == "applied")
    assert [page.part("plan")["trouble"], second.part("plan")["trouble"]] == ["", ""]
    assert [told["text"] for one in (page, second) for told in one.told if told["type"] == "toast"] == []
    steps = [step for step in studio.call(studio.decisions.log(10)) if step.id == plan]
    assert [step.status for step in steps] == ["applied", "pending"]


def test_a_plan_that_an_edit_has_renewed_waits_for_a_click_whatever_was_allowed(page, script, studio):
    pushed(page, script, 3)
    allow(page)

    plan = renewed(page)

    flushed(studio, page)
    assert studio.plans.get(plan).status is Status.PENDING


def test_a_take_that_is_dropped_into_a_plan_waits_for_a_click_whatever_was_allowed(page, script, studio):
    _, plan = pushed(page, script, 4)
    allow(page)

    page.act("drop", take=page.items["tray"]["order"][0], plan=plan)

    page.until(lambda: plan_of(page)["id"] != plan)
    flushed(studio, page)
    assert plan_of(page)["status"] == "pending"
    assert studio.plans.get(plan).status is Status.REJECTED


def test_after_a_decision_nothing_is_asked_in_a_conversation_that_was_begun_since(page, script, studio):
    client, plan = pushed(page, script, 5, "nobody asked for this")
    asked = len(client.requests)

    async def approve_and_leave():
        await page.panel._acts.act({"type": "approve", "plan": plan})
        studio.forget()

    studio.call(approve_and_leave())
    flushed(studio, page)
    page.send("hello")
    flushed(studio, page)
    page.settled()

    assert len(client.requests) == asked + 1
    assert [entry["asked"] for entry in page.entries] == ["hello"]


def test_a_decision_about_a_plan_of_another_conversation_is_told_when_that_goes_on(page, script, studio):
    _, plan = pushed(page, script, 6, "hello yourself")
    name = studio.session.tree.name
    studio.call(doing(studio.forget))
    page.until(lambda: page.order == [])
    page.send("hello")

    studio.call(studio.reject(plan))

    assert plan not in studio.conversation.tail.text
    studio.call(studio.resume(name))
    assert f"Plan {plan} was rejected" in studio.conversation.tail.text


def test_a_decision_is_told_on_the_branch_of_its_plan_and_the_model_is_silent_on_another(
    page, script, studio
):
    client = script("hello", wrote(BASS), push(7), "hello again", "nobody asked for this")
    page.send("hi")
    page.send("a bass")
    plan = plan_of(page)["id"]
    page.act("edit", entry=page.order[0], text="hi again")
    page.until(lambda: [entry["asked"] for entry in page.entries] == ["hi again"])
    page.settled()
    asked = len(client.requests)

    studio.call(page.panel._acts.act({"type": "approve", "plan": plan}))
    flushed(studio, page)
    page.settled()

    branches = studio.session.tree.branches
    assert f"Plan {plan} was approved" in branches["main"].tail.text
    assert branches["main-2"].text == "hello again"
    assert studio.session.tree.current == "main-2"
    assert len(client.requests) == asked


def test_the_model_waits_for_a_plan_that_stands_in_the_place_of_another_of_its_turn(page, script, studio):
    two = calls(("p1", "push_clip", {"track": 1, "slot": 8}), ("p2", "push_clip", {"track": 2, "slot": 8}))
    client = script(wrote(BASS), two, "Both are decided.")
    page.send("a bass, twice")
    first, second = [plan["id"] for plan in plans_of(page)]
    page.act("drop", take=page.items["tray"]["order"][0], plan=second)
    page.until(lambda: plans_of(page)[1]["id"] != second)
    asked = len(client.requests)

    studio.call(page.panel._acts.act({"type": "approve", "plan": first}))
    flushed(studio, page)
    page.settled()

    assert len(client.requests) == asked
    page.act("reject", plan=plans_of(page)[1]["id"])
    page.until(lambda: {"kind": "text", "text": "Both are decided.", "open": False} in page.parts())


def test_a_renewed_plan_stands_on_the_card_of_every_panel(page, open_page, script):
    second = open_page()
    pushed(page, script, 1)

    plan = renewed(page)

    second.until(lambda: plan_of(second)["id"] == plan)
    third = open_page()
    third.until(lambda: (plan_of(third)["id"], plan_of(third)["status"]) == (plan, "pending"))


def test_a_panel_that_is_closed_renews_nothing(page, script, studio):
    _, plan = pushed(page, script, 2)
    shorten(page, page.part("clip")["clip"])
    page.until(lambda: plan_of(page)["status"] == "applying")
    [(_, timer)] = page.panel._acts._deciding._renewing.values()

    studio.call(page.panel.seal())

    assert timer.cancelled()
    assert studio.plans.current(plan) == plan


def test_what_was_noted_of_plans_goes_with_them(page, script, studio):
    _, plan = pushed(page, script, 3)
    change = studio.plans.change(plan)
    page.panel.cards.troubles[plan] = "it did not hold"
    studio.call(studio.decisions.outdate(change.after))

    async def many():
        for _ in range(KEPT + 2):
            one = await studio.plans.propose(change)
            await studio.plans.reject(one.id)

    studio.call(many())

    assert plan not in studio.plans
    assert page.panel.cards.outdated_by(change.after) == []
    assert plan not in page.panel.cards._lasting
    assert plan not in page.panel.cards.troubles
    assert plan not in studio.decisions.reasons


def test_stop_ends_what_is_shown_and_nothing_elsewhere(page, script, studio):
    script(*["words that take their time, and then some more of them"] * 2, pace_s=0.05, piece=2)
    name = studio.session.tree.name
    page.act("send", text="here", media=[])
    page.until(lambda: page.states == ["running"] and page.parts())
    question = Question("elsewhere", model="scripted", new=True)
    other = studio.submit(studio.ask(question, emit=lambda _: None, face="http"))
    page.until(lambda: [entry["asked"] for entry in page.entries] == ["elsewhere"] and page.parts())

    page.act("stop")
    with contextlib.suppress(CancelledError):
        other.result(timeout=2)

    assert [account.talk for account in studio.turns.running] == [name]


def test_a_plan_that_was_done_keeps_its_undo_whatever_is_dropped_on_it(page, script, studio):
    _, plan = pushed(page, script, 4, "It is there.")
    page.act("approve", plan=plan)
    page.until(lambda: plan_of(page)["status"] == "applied")
    page.settled()

    page.act("drop", take=page.items["tray"]["order"][0], plan=plan)
    page.until(lambda: [told for told in page.told if told["type"] == "toast"])

    assert (plan_of(page)["id"], plan_of(page)["status"]) == (plan, "applied")
    assert studio.plans.current(plan) == plan
    page.act("undo", plan=plan)
    page.until(lambda: plan_of(page)["status"] == "undone")


@pytest.mark.parametrize("act", ["approve", "reject", "undo", "amend"])
def test_a_plan_of_an_earlier_process_can_only_be_looked_at(page, act):
    page.act(act, plan="2026-11-28 a1:P1")

    page.until(lambda: "before Conduit was started anew" in page.told[-1]["text"])


def test_two_takes_of_a_turn_have_plans_with_calls_of_their_own(page, studio):
    page.act("set", name="model", value="offline/composer")
    page.send("four bars of acid bass in A minor")
    page.send("push it to track 1 slot 5")
    page.act("reject", plan=plan_of(page)["id"])
    page.until(lambda: plan_of(page)["status"] == "rejected")
    page.settled()
    page.act("again", entry=page.order[-1])
    page.until(lambda: plan_of(page)["status"] == "pending")
    page.settled()

    logged = studio.call(page.panel.cards.read_log(studio.session.tree.name))

    assert [step.status for step in logged.values()] == ["rejected", "pending"]


def step(plan, status, call, **details):
    return LoggedPlan(plan, "push", "config_change", status, "s", 0.0, "talk", {"call": call, **details})


def test_the_log_tells_of_a_call_what_stands_in_its_plans_place():
    steps = [
        step("P1", "pending", "c"),
        step("P2", "pending", "c", replaces="P1"),
        step("P1", "rejected", "c"),
        step("P2", "applied", "c", replaces="P1"),
    ]

    assert last_steps(steps)["c"].status == "applied"


def test_of_a_call_whose_id_several_plans_have_the_log_tells_nothing():
    steps = [step("P1", "rejected", "c"), step("P2", "applied", "c"), step("P3", "pending", "d")]

    assert {call: one.id for call, one in last_steps(steps).items()} == {"d": "P3"}
