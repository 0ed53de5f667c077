"""Which plans may be approved in advance, and that nothing else is."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest

from conduit.clients import ScriptedClient
from conduit.engine.plan import Status
from conduit.engine.plans import LIFE_S
from conduit.engine.risk import Tier
from conduit.errors import PlanError, PlanExpired, PlanUsed, SetupError
from conduit.live.setting import SETTABLE, Setting
from conduit.live.several import Several
from conduit.live.values import SetValues
from conduit.messages import AssistantMessage, ToolCallPart
from conduit.music import Clip, Note
from conduit.settings import Settings
from conduit.studio import Question, Studio
from conduit.studio.decisions import AUTO
from conduit.studio.in_advance import KINDS, is_covered, kinds_of
from conduit.studio.wishes import Wish

CLIP = Clip.of([Note(36, i, 0.5) for i in range(4)], name="riff")
EVERY = frozenset(AUTO)


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def studio(tmp_path):
    """A studio whose set is simulated and whose clock is told the time."""
    clock = Clock()
    made = Studio(settings=Settings(live="simulated", store=str(tmp_path / "store.db")), clock=clock)
    made.clock = clock
    yield made
    made.close()


def wish(studio, *wishes):
    return studio.call(studio.live.change([Wish(**one) for one in wishes]))


def fill(studio, slot=1):
    return studio.call(propose(studio, track=1, slot=slot))


async def propose(studio, **place):
    return await studio.plans.propose(await studio.live.placed(CLIP, **place))


def in_advance(studio, plan):
    return studio.call(studio.decisions.approve(plan.id, in_advance=True))


def logged(studio):
    return [(s.id, s.status, s.details["decided_by"]) for s in studio.call(studio.decisions.log())][::-1]


TEMPO, VOLUME = {"what": "tempo", "value": 90}, {"what": "volume", "value": 0.5, "track": 2}
NAME = {"what": "name", "value": "Bass", "track": 2}


def test_nothing_is_approved_in_advance_at_first(studio):
    plan = fill(studio)

    assert studio.decisions.auto == frozenset()
    assert not studio.decisions.approves_itself(plan.id)
    with pytest.raises(PlanError, match="P1 waits for a person"):
        in_advance(studio, plan)
    assert studio.plans.get(plan.id).status is Status.PENDING


def test_a_plan_of_a_kind_that_was_approved_in_advance_is_done_and_logged_so(studio):
    studio.decisions.auto = {"fill"}
    plan = fill(studio)

    assert studio.decisions.approves_itself(plan.id)
    done = in_advance(studio, plan)

    assert done.status is Status.APPLIED
    assert studio.call(studio.live.pull(1, 1)).notes == CLIP.notes
    assert logged(studio) == [("P1", "pending", ""), ("P1", "applied", "person, in advance")]
    studio.call(studio.undo())
    assert logged(studio)[-1] == ("P1", "undone", "person")


def test_the_model_hears_that_it_was_approved_in_advance(studio):
    studio.decisions.auto = {"song"}
    studio.call(
        studio.ask(Question("four bars of acid bass in A minor", model="offline"), emit=lambda _: None)
    )

    in_advance(studio, wish(studio, TEMPO))

    assert "Plan P1 was approved in advance and done: Set tempo" in studio.conversation.tail.text


def test_to_look_whether_a_plan_approves_itself_changes_nothing(studio):
    studio.decisions.auto = EVERY
    plan = fill(studio)

    for _ in range(3):
        studio.decisions.approves_itself(plan.id)

    assert studio.plans.get(plan.id) == plan
    assert logged(studio) == [("P1", "pending", "")]


def test_a_plan_that_a_person_approves_is_logged_as_theirs_whatever_was_allowed(studio):
    studio.decisions.auto = EVERY
    studio.call(studio.approve(fill(studio).id))

    assert logged(studio)[-1] == ("P1", "applied", "person")


def test_what_failed_in_advance_is_a_persons_when_they_try_again(studio):
    studio.decisions.auto = {"song"}
    first, second = wish(studio, TEMPO), wish(studio, {"what": "tempo", "value": 100})
    in_advance(studio, first)
    with pytest.raises(PlanError):
        in_advance(studio, second)
    studio.call(studio.undo(first.id))

    studio.call(studio.approve(second.id))

    assert logged(studio)[3:] == [
        ("P2", "failed", "person, in advance"),
        ("P1", "undone", "person"),
        ("P2", "applied", "person"),
    ]


def test_one_who_stops_waiting_changes_nothing_in_how_it_is_logged(studio):
    studio.decisions.auto = {"song"}
    plan = wish(studio, TEMPO)

    async def impatient():
        done = asyncio.Event()
        studio.decisions.subscribe(lambda _: done.set())
        task = asyncio.ensure_future(studio.decisions.approve(plan.id, in_advance=True))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await done.wait()

    studio.call(impatient())

    assert logged(studio)[-1] == ("P1", "applied", "person, in advance")


def test_of_two_who_approve_at_once_the_one_who_was_first_is_logged(studio):
    studio.decisions.auto = {"song"}
    plan = wish(studio, TEMPO)

    async def both():
        ways = (studio.decisions.approve(plan.id, in_advance=way) for way in (False, True))
        return await asyncio.gather(*ways, return_exceptions=True)

    mine, other = studio.call(both())

    assert (mine.status, type(other)) == (Status.APPLIED, PlanUsed)
    assert logged(studio)[-1] == ("P1", "applied", "person")


@pytest.mark.parametrize(
    ("how", "error"),
    [pytest.param("reject", PlanUsed, id="rejected"), pytest.param("wait", PlanExpired, id="expired")],
)
def test_a_plan_that_waits_no_more_does_not_approve_itself(studio, how, error):
    studio.decisions.auto = EVERY
    plan = fill(studio)
    if how == "reject":
        studio.call(studio.reject(plan.id))
    else:
        studio.clock.now = LIFE_S

    assert not studio.decisions.approves_itself(plan.id)
    with pytest.raises(error):
        in_advance(studio, plan)


def test_a_clip_is_never_written_over_in_advance(studio):
    studio.decisions.auto = EVERY
    studio.call(studio.approve(fill(studio).id))

    assert not studio.decisions.approves_itself(fill(studio).id)


@pytest.mark.parametrize(
    ("wishes", "kinds"),
    [
        pytest.param([TEMPO], {"song"}, id="tempo"),
        pytest.param([VOLUME], {"mix"}, id="volume"),
        pytest.param([NAME], {"names"}, id="name"),
        pytest.param([VOLUME, NAME], {"mix", "names"}, id="two kinds"),
        pytest.param([VOLUME, {"what": "new midi track", "value": "Pad"}], {"mix", ""}, id="adds a track"),
        pytest.param([{"what": "arm", "value": True, "track": 2}], {""}, id="arms a track"),
        pytest.param([{"what": "delete clip", "track": 1, "slot": 1}], {""}, id="takes a clip away"),
    ],
)
def test_a_plan_is_of_the_kinds_of_all_its_parts(studio, wishes, kinds):
    if any("slot" in one for one in wishes):
        studio.call(studio.approve(fill(studio).id))
    studio.decisions.auto = EVERY
    plan = wish(studio, *wishes)

    found = kinds_of(studio.plans.change(plan.id))

    assert found == kinds
    assert studio.decisions.approves_itself(plan.id) is ("" not in kinds)
    studio.decisions.auto = EVERY - kinds
    assert not studio.decisions.approves_itself(plan.id)


def test_what_belongs_to_no_kind_is_not_covered_by_all_of_them():
    values = {
        (thing, name)
        for thing, names in SETTABLE.items()
        for name in names.split()
        if "" in kinds_of(SetValues(None, (setting(thing, name),), (), ()))
    }

    assert {
        ("track", "arm"),
        ("track", "output_routing_type"),
        ("parameter", "value"),
        ("song", "loop"),
    } <= values
    assert not {("track", "volume"), ("send", "level"), ("song", "tempo"), ("scene", "name")} & values


def setting(thing, name):
    numbers = {"song": 0, "track": 1, "scene": 1}.get(thing, 3 if thing == "parameter" else 2)
    return Setting(thing, (1,) * numbers, name, 1)


def test_every_value_of_a_kind_can_be_set():
    for kind in KINDS.values():
        for thing, names in kind.values.items():
            assert names <= set(SETTABLE[thing].split())


class Own:
    """A change that somebody else wrote, which says of itself that it overwrites nothing."""

    tier, title, overwrites, notes, lines = Tier.CONFIG_CHANGE, "format the disk", False, (), ()

    async def fingerprint(self):
        return ""


def test_a_change_that_is_not_known_is_never_covered(studio):
    studio.decisions.auto = EVERY

    plan = studio.call(studio.plans.propose(Own()))

    assert not studio.decisions.approves_itself(plan.id)
    assert not is_covered(Several((Own(),)), EVERY)
    assert not is_covered(Several((SetValues(None, (setting("track", "volume"),), (), ()), Own())), EVERY)


def test_a_change_without_parts_is_not_covered():
    assert not is_covered(Several(()), EVERY)


def test_a_change_of_another_tier_is_not_covered():
    louder = SetValues(None, (setting("track", "volume"),), (), (), tier=Tier.HARDWARE_IO)

    assert not is_covered(louder, EVERY)
    assert is_covered(replace(louder, tier=Tier.CONFIG_CHANGE), EVERY)


def test_a_kind_that_is_none_is_refused_and_the_others_stay(studio):
    studio.decisions.auto = ["mix"]

    with pytest.raises(SetupError, match="'everything' is no kind of plan; the kinds are: fill, mix"):
        studio.decisions.auto = {"everything"}

    assert studio.decisions.auto == frozenset({"mix"})


def test_every_step_is_heard_on_the_loop_from_whichever_thread_it_is_seen(studio):
    heard = []
    loop_thread = studio.call(thread())
    plan = wish(studio, TEMPO)
    quiet = studio.decisions.subscribe(lambda step: heard.append((step.plan.id, step.plan.status, now())))
    studio.clock.now = LIFE_S

    studio.plans.get(plan.id)  # this thread notices
    studio.call(studio.approve(wish(studio, TEMPO).id))

    assert heard == [
        ("P1", Status.EXPIRED, loop_thread),
        ("P2", Status.PENDING, loop_thread),
        ("P2", Status.APPLIED, loop_thread),
    ]
    quiet()
    quiet()
    studio.call(studio.undo())
    assert len(heard) == 3


def now():
    return asyncio.get_running_loop()


async def thread():
    return now()


def test_one_who_fails_to_listen_stops_neither_the_plan_nor_the_others(studio, caplog):
    heard = []
    studio.decisions.subscribe(lambda _: 1 / 0)
    studio.decisions.subscribe(heard.append)

    plan = studio.call(studio.approve(wish(studio, TEMPO).id))

    assert plan.status is Status.APPLIED
    assert len(heard) == 2
    assert "a listener failed" in caplog.text


def test_the_log_names_the_call_that_asked(tmp_path):
    arguments = json.dumps({"changes": [TEMPO]})
    call = AssistantMessage(parts=(ToolCallPart(id="call_7", name="change_set", arguments=arguments),))
    settings = Settings(live="simulated", store=str(tmp_path / "store.db"))
    studio = Studio(clients=[ScriptedClient([call, "asked"])], settings=settings)
    try:
        studio.call(studio.ask(Question("slower", model="scripted"), emit=lambda _: None))
        (plan,) = studio.plans.pending
        (step,) = studio.call(studio.decisions.log())
    finally:
        studio.close()

    assert plan.call == step.details["call"] == "call_7"
