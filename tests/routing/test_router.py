import asyncio
import random
import time
from contextlib import aclosing

import pytest

from conduit.clients import Capabilities, Cut, Place, ScriptedClient
from conduit.errors import AllUnavailable, BudgetExceeded, CircuitOpen, ErrorKind, ProviderError, SetupError
from conduit.messages import (
    AssistantMessage,
    ImagePart,
    MessageEnd,
    PartialMessage,
    ReasoningPart,
    Request,
    Restart,
    TextPart,
    ToolCallPart,
    UserMessage,
)
from conduit.routing import AnswerFile, Budget, CacheMode, Failover, Meter, Policy, Registry, Router
from conduit.routing.breaker import State

SAID = AssistantMessage(
    parts=(
        ReasoningPart(text="let me think about it"),
        TextPart(text="here is a line of sixteen characters each"),
        ToolCallPart(id="c", name="write_clip", arguments='{"clip": "clip Bass | 1 bars | bass"}'),
    )
)
CONTINUE = Policy(failover=Failover.CONTINUE)


class Clock:
    """A clock that is set by hand, and by whoever sleeps on it."""

    def __init__(self):
        self.now = 0.0
        self.slept = []

    def __call__(self):
        return self.now

    async def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


def fails(kind, *, provider="one", **facts):
    return ProviderError(f"{provider} said {kind}", kind=kind, provider=provider, **facts)


def client(*replies, provider="one", place=Place.CLOUD, **facts):
    return ScriptedClient(replies, provider=provider, place=place, piece=8, **facts)


def routed(*clients, order=("one", "two", "three", "offline")):
    clock = Clock()
    registry = Registry(clients, order=order, presets={})
    router = Router(registry, clock=clock, wall=lambda: 1e9, sleep=clock.sleep, chance=random.Random(1))
    return router, clock


def ask(router, model="auto", *, policy=None, meters=()):
    """Ask; give the events and the error, if there was one, and the route."""
    route = router.route(model, policy=policy, meters=meters)
    events = []

    async def run():
        request = Request(model=model, messages=(UserMessage.of("hi"),))
        try:
            async with aclosing(route.stream(request)) as stream:
                async for event in stream:
                    events.append(event)  # noqa: PERF401  what came before an error counts
        finally:
            await router.close()

    try:
        asyncio.run(run())
    except (ProviderError, BudgetExceeded, SetupError) as error:
        return events, error, route
    return events, None, route


def text_of(events):
    return events[-1].response.message.text


def seen(events):
    """What a reader who follows the events has in the end."""
    partial = PartialMessage()
    for event in events:
        partial.feed(event)
    return partial.message()


def test_a_failure_before_the_first_token_is_silent_and_recorded():
    router, _ = routed(client(fails(ErrorKind.TIMEOUT)), client("two here", provider="two"))

    events, error, route = ask(router)

    assert error is None
    assert not any(isinstance(event, Restart) for event in events)
    assert text_of(events) == "two here"
    assert [(failed.provider, failed.kind) for failed in route.failed] == [("one", ErrorKind.TIMEOUT)]
    assert router.breaker("one").failures == 1
    assert router.odometer.attempts == 2
    assert router.odometer.operations == 1


@pytest.mark.parametrize("after", range(15))
@pytest.mark.parametrize("policy", [Policy(), CONTINUE], ids=["restart", "continue"])
def test_a_stream_cut_anywhere_ends_in_a_whole_answer_from_the_next(after, policy):
    first = client(Cut(SAID, after, fails(ErrorKind.STREAM_INCOMPLETE)), fails(ErrorKind.NETWORK))
    router, _ = routed(first, client(SAID, provider="two"))

    events, error, _ = ask(router, policy=policy)

    assert error is None
    answer = events[-1].response.message
    assert seen(events) == answer
    assert answer.parts[-3:] == SAID.parts
    assert sum(isinstance(event, MessageEnd) for event in events) == 1
    assert router.breaker("one").failures == (2 if after == 0 else 1)
    assert router.breaker("two").failures == 0


def test_a_restart_clears_and_says_who_answers_now():
    router, _ = routed(
        client(Cut(SAID, 3, fails(ErrorKind.STREAM_INCOMPLETE))), client("again", provider="two")
    )

    events, _, _ = ask(router)

    restarts = [event for event in events if isinstance(event, Restart)]
    assert [(event.provider, event.reason) for event in restarts] == [("two", "one said stream_incomplete")]


def test_going_on_keeps_what_came_and_asks_for_the_rest():
    half = AssistantMessage(parts=(TextPart(text="first half, "),))
    two = client("second half", provider="two")
    router, _ = routed(client(Cut(half, 99, fails(ErrorKind.STREAM_INCOMPLETE))), two)

    events, _, _ = ask(router, policy=CONTINUE)

    assert text_of(events) == "first half, second half"
    assert [message.role for message in two.requests[0].messages] == ["user", "assistant", "user"]
    assert not any(isinstance(event, Restart) for event in events)


def test_what_may_succeed_at_once_is_tried_once_more_after_a_moment():
    router, clock = routed(client(fails(ErrorKind.OVERLOADED), "there"))

    events, _, _ = ask(router)

    assert text_of(events) == "there"
    assert len(clock.slept) == 1
    assert 0.25 <= clock.slept[0] <= 0.5
    assert router.breaker("one").failures == 0


def test_every_retry_counts_until_the_breaker_opens():
    router, _ = routed(client(*[fails(ErrorKind.NETWORK)] * 3))

    ask(router)
    _, error, _ = ask(router)

    assert router.breaker("one").state is State.OPEN
    assert isinstance(error, AllUnavailable)
    assert error.attempts[0]["kind"] == ErrorKind.NETWORK
    assert error.retry_in_s == pytest.approx(60, abs=1)


@pytest.mark.parametrize(
    "kind",
    [
        ErrorKind.BAD_REQUEST,
        ErrorKind.TOO_LARGE,
        ErrorKind.CONTENT_FILTER,
        ErrorKind.CONTEXT_LENGTH,
        ErrorKind.LENGTH,
    ],
)
def test_what_is_the_callers_own_is_told_at_once_and_does_not_count(kind):
    two = client("never", provider="two")
    router, _ = routed(client(fails(kind)), two)

    _, error, _ = ask(router)

    assert error.kind == kind
    assert router.breaker("one").failures == 0
    assert two.requests == []


@pytest.mark.parametrize("kind", [ErrorKind.AUTHENTICATION, ErrorKind.NOT_FOUND, ErrorKind.KEY_MISSING])
def test_a_wrong_key_is_told_to_who_named_the_provider_and_passed_over_where_nobody_did(kind):
    router, _ = routed(client(fails(kind), fails(kind)), client("two here", provider="two"))

    _, named, _ = ask(router, "one")
    events, automatic, _ = ask(router, "auto")

    assert named.kind == kind
    assert automatic is None
    assert text_of(events) == "two here"
    assert router.breaker("one").failures == 0


def test_a_wait_that_is_asked_for_opens_the_breaker_for_that_long():
    slow = fails(ErrorKind.RATE_LIMIT, retry_after_s=42.0)
    router, clock = routed(client(slow, "back"), client("two", "two", provider="two"))

    ask(router)
    state, wait_s = router.breaker("one").state, router.breaker("one").retry_in_s(clock.now)
    clock.now += 43
    events, _, _ = ask(router)

    assert (state, wait_s) == (State.OPEN, 42.0)
    assert text_of(events) == "back"


def test_a_short_wait_is_waited_out_where_there_is_nobody_else():
    router, clock = routed(client(fails(ErrorKind.RATE_LIMIT, retry_after_s=2.0), "back"))

    events, error, _ = ask(router)

    assert error is None
    assert text_of(events) == "back"
    assert clock.slept == [pytest.approx(2.05)]


def test_an_open_breaker_is_passed_over_and_asked_again_after_a_minute():
    one = client(*[fails(ErrorKind.TIMEOUT)] * 3, "one is back")
    router, clock = routed(one, client("two", "two", "two", "two", provider="two"))
    for _ in range(4):
        ask(router, "one")
    asked = len(one.requests)
    clock.now += 61
    events, _, _ = ask(router, "one")

    assert asked == 3
    assert text_of(events) == "one is back"
    assert router.breaker("one").state is State.CLOSED


def test_ten_callers_in_half_open_send_one_probe():
    one = client(*[fails(ErrorKind.TIMEOUT)] * 3, *["probe"] * 10, pace_s=0.001)
    router, clock = routed(one)
    for _ in range(3):
        ask(router)
    clock.now += 61

    async def one_call():
        try:
            await router.route("one").complete(Request(model="one", messages=(UserMessage.of("x"),)))
        except AllUnavailable:
            return "refused"
        return "answered"

    async def ten():
        return await asyncio.gather(*(one_call() for _ in range(10)))

    outcomes = asyncio.run(ten())

    assert sorted(outcomes) == ["answered"] + ["refused"] * 9
    assert len(one.requests) == 4


def test_what_is_meant_for_a_local_model_stays_local():
    local = client(*[fails(ErrorKind.TIMEOUT)] * 4, place=Place.LOCAL)
    cloud, other = client("cloud", provider="two"), client("local", provider="three", place=Place.LOCAL)
    router, _ = routed(local, cloud, other)

    events, _, _ = ask(router, "one")
    router.registry.clients.pop("three")
    _, alone, _ = ask(router, "one")
    allowed, _, _ = ask(router, "one", policy=Policy(allow_cloud=True))

    assert text_of(events) == "local"
    assert alone.kind == ErrorKind.TIMEOUT
    assert text_of(allowed) == "cloud"


def test_nothing_goes_to_the_offline_composer_unless_it_was_allowed():
    offline = client("offline here", provider="offline", place=Place.OFFLINE)
    router, _ = routed(client(*[fails(ErrorKind.TIMEOUT)] * 2), offline)

    _, error, _ = ask(router)
    events, _, _ = ask(router, policy=Policy(allow_offline=True))

    assert error.kind == ErrorKind.TIMEOUT
    assert text_of(events) == "offline here"


def test_without_anybody_else_automatic_is_the_offline_composer():
    router, _ = routed(client("offline here", provider="offline", place=Place.OFFLINE))

    events, _, _ = ask(router)

    assert text_of(events) == "offline here"


def test_all_open_lists_every_attempt_and_when():
    router, _ = routed(
        client(*[fails(ErrorKind.RATE_LIMIT, retry_after_s=90.0)]),
        client(fails(ErrorKind.RATE_LIMIT, provider="two", retry_after_s=30.0), provider="two"),
    )

    _, error, _ = ask(router)

    assert isinstance(error, AllUnavailable)
    assert [attempt["provider"] for attempt in error.attempts] == ["one", "two"]
    assert error.retry_in_s == 30.0
    assert "tried again in 30 s" in error.message


def test_the_breaker_of_one_provider_is_reset_by_hand():
    router, _ = routed(client(*[fails(ErrorKind.NETWORK)] * 4, "back"))
    ask(router)
    ask(router)

    names = router.reset("one")
    events, _, _ = ask(router)

    assert names == ["one"]
    assert events
    assert router.breaker("one").state is State.CLOSED


def test_a_caller_who_goes_away_is_no_failure_and_gives_the_probe_back():
    one = client(*[fails(ErrorKind.TIMEOUT)] * 3, SAID, "back")
    router, clock = routed(one)
    for _ in range(3):
        ask(router)
    clock.now += 61

    async def leave():
        request = Request(model="one", messages=(UserMessage.of("x"),))
        async with aclosing(router.route("one").stream(request)) as events:
            async for _ in events:
                break

    asyncio.run(leave())
    events, _, _ = ask(router)

    assert one.closed == 1
    assert text_of(events) == "back"
    assert [row.label for row in router.odometer.table(by="outcome")] == ["cancelled", "ok", "timeout"]


def test_a_budget_of_calls_stops_with_a_clear_error():
    router, clock = routed(client("one", "two", "three"))
    meter = Meter(Budget(scope="cell", calls=2), clock=clock)
    for _ in range(2):
        ask(router, meters=(meter,))

    _, error, _ = ask(router, meters=(meter,))

    assert isinstance(error, BudgetExceeded)
    assert (error.scope, error.what, error.used) == ("cell", "calls", 2)


def test_the_offline_composer_uses_up_nothing():
    router, clock = routed(client(*["here"] * 3, provider="offline", place=Place.OFFLINE))
    meter = Meter(Budget(scope="cell", calls=1), clock=clock)

    errors = [ask(router, meters=(meter,))[1] for _ in range(3)]

    assert errors == [None] * 3
    assert meter.calls == 0


def test_the_wall_time_of_a_budget_ends_a_silence():
    stalled = client(SAID, stall_after=2)
    registry = Registry([stalled], order=("one",), presets={})
    router = Router(registry)
    meter = Meter(Budget(scope="cell", wall_s=0.05), clock=time.monotonic)

    events, error, _ = ask(router, meters=(meter,))

    assert isinstance(error, BudgetExceeded)
    assert len(events) == 2
    assert stalled.closed == 1


@pytest.mark.parametrize("name", ["nobody", "onee", "one/nothing"])
def test_a_name_that_nobody_has_is_told_with_those_that_are_there(name):
    router, _ = routed(client("x", place=Place.LOCAL))

    _, error, _ = ask(router, name)

    assert isinstance(error, SetupError)
    assert "one/script" in error.valid


def test_an_answer_in_one_piece_goes_the_same_way():
    router, _ = routed(client(fails(ErrorKind.TIMEOUT)), client("two here", provider="two"))
    request = Request(model="auto", messages=(UserMessage.of("x"),))

    response = asyncio.run(router.route("auto").complete(request))

    assert (response.message.text, response.metadata.provider) == ("two here", "two")
    assert response.request == request


def test_an_open_circuit_says_how_long_and_why():
    router, _ = routed(client(*[fails(ErrorKind.TIMEOUT)] * 3))
    for _ in range(3):
        ask(router)

    _, error, _ = ask(router)

    assert error.attempts[0]["kind"] == ErrorKind.CIRCUIT_OPEN
    assert error.attempts[0]["retry_in_s"] == pytest.approx(60, abs=1)
    assert "reset-circuit one" in error.message
    assert issubclass(CircuitOpen, ProviderError)


def test_a_question_with_an_image_is_refused_by_a_model_that_takes_none():
    class Blind(ScriptedClient):
        async def capabilities(self, model):  # noqa: ARG002  the same for every model
            return Capabilities(images=False)

    blind = Blind(["never"], provider="one", place=Place.CLOUD)
    router, _ = routed(blind)
    picture = UserMessage(parts=(ImagePart(media_type="image/png", data=b"x"), TextPart(text="what is this")))

    with pytest.raises(ProviderError, match="one/script takes no image"):
        asyncio.run(router.route("one").complete(Request(model="one", messages=(picture,))))

    assert blind.requests == []
    assert router.breaker("one").failures == 0


def test_an_answer_is_kept_also_for_who_leaves_with_its_last_event(tmp_path):
    path = tmp_path / "kept.jsonl"
    one = client("hello")
    router = Router(Registry([one], order=("one",), presets={}), answers=AnswerFile(path))
    request = Request(model="one", messages=(UserMessage.of("hi"),))

    async def leave():
        async with aclosing(router.route("one", policy=Policy(cache=CacheMode.ON)).stream(request)) as events:
            async for event in events:
                if isinstance(event, MessageEnd):
                    return event.response.metadata.cached
        return None

    assert [asyncio.run(leave()), asyncio.run(leave())] == [False, True]
    assert len(one.requests) == 1


def test_replaying_asks_nobody(tmp_path):
    one = client("hello")
    router = Router(Registry([one], order=("one",), presets={}), answers=AnswerFile(tmp_path / "none.jsonl"))
    request = Request(model="one", messages=(UserMessage.of("hi"),))

    with pytest.raises(ProviderError, match="record"):
        asyncio.run(router.route("one", policy=Policy(replay=True)).complete(request))

    assert one.requests == []


def test_whoever_the_order_does_not_name_comes_before_the_offline_composer_alone():
    offline = client("x", provider="offline", place=Place.OFFLINE)
    registry = Registry(
        [offline, client("x", provider="new"), client("x")], order=("one", "offline"), presets={}
    )

    assert registry.names == ["one", "new", "offline"]
