"""What is written down of plans: who asked, what would change, what became of it."""

from __future__ import annotations

import json
import threading

import pytest

from conduit.clients import ScriptedClient
from conduit.engine.plans import LIFE_S
from conduit.errors import ConduitError
from conduit.messages import AssistantMessage, ToolCallPart
from conduit.music import Clip, Note
from conduit.settings import Settings
from conduit.studio import Question, Studio
from conduit.studio.wishes import Wish

CLIP = Clip.of([Note(36, i, 0.5) for i in range(4)], name="riff")


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def make(tmp_path):
    """Make a studio whose set is simulated and whose store is a file; it is closed after the test."""
    made = []

    def studio(*replies, clock=None):
        settings = Settings(live="simulated", store=str(tmp_path / "store.db"))
        clients = [ScriptedClient(replies)] if replies else []
        made.append(Studio(clients=clients, settings=settings, clock=clock or Clock()))
        return made[-1]

    yield studio
    for one in made:
        one.close()


def logged(studio):
    """Give what was logged, oldest first: id, status, who asked, who decided."""
    steps = reversed(studio.call(studio.decisions.log()))
    return [(s.id, s.status, s.details["asked_by"], s.details["decided_by"]) for s in steps]


def wish(studio, **fields):
    return studio.call(studio.live.change([Wish(**fields)]))


def test_a_change_that_is_made_and_undone_is_logged_step_by_step(make):
    studio = make()
    plan = wish(studio, what="tempo", value=90)
    studio.call(studio.approve(plan.id))

    studio.call(studio.undo())

    assert logged(studio) == [
        ("P1", "pending", "person", ""),
        ("P1", "applied", "person", "person"),
        ("P1", "undone", "person", "person"),
    ]


def test_the_log_says_what_would_change_where_and_in_which_conversation(make):
    studio = make()
    wish(studio, what="volume", value=0.5, track=2)

    (step,) = studio.call(studio.decisions.log())

    assert step.title == "Set volume of track 2 '2-MIDI': 0.85 → 0.5"
    assert step.details["lines"] == ["volume of track 2 '2-MIDI': 0.85 → 0.5"]
    assert step.details["place"] == "volume of track 2 '2-MIDI'"
    assert step.conversation == studio.session.tree.name
    assert step.at > 0


def test_the_newest_comes_first_and_a_limit_holds(make):
    studio = make()
    for bpm in (90, 100, 110):
        wish(studio, what="tempo", value=bpm)

    assert [step.id for step in studio.call(studio.decisions.log(2))] == ["P3", "P2"]


def test_a_models_plan_is_logged_as_the_models(make):
    call = ToolCallPart(
        id="c", name="change_set", arguments=json.dumps({"changes": [{"what": "tempo", "value": 90}]})
    )
    studio = make(AssistantMessage(parts=(call,)), "I have asked.")
    studio.call(studio.ask(Question("slower", model="scripted"), emit=lambda _: None))

    studio.call(studio.reject("P1"))

    assert logged(studio) == [("P1", "pending", "model", ""), ("P1", "rejected", "model", "person")]


def test_a_clip_that_a_person_pushes_is_logged_and_a_newer_one_takes_its_place(make):
    studio = make()
    studio.call(studio.push(CLIP, track=1, slot=1))
    studio.call(studio.push(CLIP, track=1, slot=1))

    studio.call(studio.push(CLIP, track=1, slot=1))

    assert logged(studio) == [
        ("P1", "pending", "person", ""),
        ("P1", "applied", "person", "person"),
        ("P2", "pending", "person", ""),
        ("P2", "rejected", "person", "conduit"),
        ("P3", "pending", "person", ""),
    ]


def test_a_plan_whose_time_is_over_is_logged_once_from_whichever_thread_it_is_seen(make):
    clock = Clock()
    studio = make(clock=clock)
    plan = wish(studio, what="tempo", value=90)
    clock.now = LIFE_S
    seen = threading.Thread(target=studio.plans.get, args=(plan.id,))
    seen.start()
    seen.join()

    assert logged(studio) == [("P1", "pending", "person", ""), ("P1", "expired", "person", "time")]


def test_a_plan_that_nobody_looked_at_is_logged_as_expired_when_the_log_is_read(make):
    clock = Clock()
    studio = make(clock=clock)
    wish(studio, what="tempo", value=90)
    clock.now = LIFE_S

    assert logged(studio)[-1] == ("P1", "expired", "person", "time")


def test_what_failed_is_logged_with_the_reason(make):
    studio = make()
    plan = wish(studio, what="tempo", value=90)
    other = wish(studio, what="tempo", value=100)
    studio.call(studio.approve(plan.id))
    with pytest.raises(ConduitError):
        studio.call(studio.approve(other.id))

    newest = studio.call(studio.decisions.log())[0]

    assert (newest.id, newest.status) == ("P2", "failed")
    assert "no longer as it was" in newest.details["said"]


def test_the_log_goes_over_from_one_session_to_the_next(make):
    first = make()
    wish(first, what="tempo", value=90)
    first.call(first.keeper.settle())

    second = make()
    steps = second.call(second.decisions.log())

    assert [(step.id, step.title) for step in steps] == [("P1", "Set tempo: 120 bpm → 90 bpm")]
