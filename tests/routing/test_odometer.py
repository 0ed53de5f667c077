import time
from decimal import Decimal

import pytest

from conduit.messages import (
    AssistantMessage,
    Request,
    ToolCallPart,
    ToolMessage,
    ToolResultPart,
    Usage,
    UserMessage,
)
from conduit.routing.odometer import KEPT, Attempt, Odometer, state_of

NOON = 1_796_040_000.0  # 2026-11-30, 12:00 in UTC
USAGE = Usage(input_tokens=100, output_tokens=20, cached_tokens=40, reasoning_tokens=5)


def attempt(operation=1, **facts):
    given = {"at": NOON, "provider": "openai", "model": "gpt-5", "state": "generate", "usage": USAGE}
    return Attempt(operation, **(given | {"cost_usd": Decimal("0.5")} | facts))


def odometer(*attempts):
    counted = Odometer()
    for each in attempts:
        counted.record(each)
    return counted


def rows(counted, by, *names):
    return {row.label: tuple(getattr(row, name) for name in names) for row in counted.table(by)}


def result(call_id, *, is_error=False):
    return ToolMessage(result=ToolResultPart(call_id=call_id, name="t", text="", is_error=is_error))


CALLS = AssistantMessage(parts=(ToolCallPart(id="a", name="t"), ToolCallPart(id="b", name="t")))


@pytest.mark.parametrize(
    ("tail", "state"),
    [
        ((), "generate"),
        ((CALLS, result("a"), result("b")), "tool"),
        ((CALLS, result("a"), result("b", is_error=True)), "reflect"),
        ((CALLS, result("a", is_error=True), result("b")), "reflect"),
        ((CALLS, result("a", is_error=True), result("b"), UserMessage.of("go on")), "generate"),
        ((CALLS, result("a", is_error=True), CALLS, result("a")), "tool"),
    ],
    ids=["question", "results", "error last", "error first", "a person again", "an earlier error"],
)
def test_the_last_messages_say_what_the_model_is_to_do(tail, state):
    assert state_of(Request(model="m", messages=(UserMessage.of("bass"), *tail))) == state


def test_an_empty_odometer_has_no_rows_and_no_cost():
    counted = Odometer()

    assert counted.table("provider") == []
    assert counted.total().cost_usd is None
    assert (counted.operations, counted.attempts) == (0, 0)


def test_retries_are_attempts_of_one_operation():
    counted = odometer(attempt(1, outcome="overloaded"), attempt(1), attempt(2))

    assert (counted.operations, counted.attempts) == (2, 3)
    assert rows(counted, "provider", "operations", "attempts") == {"openai": (2, 3)}
    assert rows(counted, "outcome", "operations") == {"ok": (2,), "overloaded": (1,)}


def test_an_operation_that_failed_over_stands_in_both_rows():
    counted = odometer(attempt(1, outcome="server"), attempt(1, provider="gemini", model="g"))

    assert rows(counted, "provider", "operations") == {"gemini": (1,), "openai": (1,)}
    assert counted.total().operations == 1


def test_attempts_of_two_operations_may_come_crosswise():
    counted = odometer(attempt(1, outcome="server"), attempt(2), attempt(1), attempt(2))

    assert rows(counted, "model", "operations") == {"gpt-5": (2,)}


def test_failed_attempts_count_with_what_they_used():
    counted = odometer(attempt(1, outcome="stream_incomplete"), attempt(1))

    total = counted.total()

    assert (total.input_tokens, total.output_tokens, total.cached_tokens) == (200, 40, 80)
    assert (total.reasoning_tokens, total.cost_usd) == (10, Decimal(1))


def test_a_sum_says_how_many_of_its_costs_are_unknown():
    counted = odometer(attempt(1), attempt(2, cost_usd=None), attempt(3, cost_usd=None))

    total = counted.total()

    assert (total.cost_usd, total.unknown_costs) == (Decimal("0.5"), 2)


def test_costs_of_which_none_is_known_are_unknown_and_not_nothing():
    counted = odometer(attempt(1, provider="local", cost_usd=Decimal(0)), attempt(2, cost_usd=None))

    assert rows(counted, "provider", "cost_usd", "unknown_costs") == {
        "local": (Decimal(0), 0),
        "openai": (None, 1),
    }


def test_costs_are_exact():
    counted = odometer(*(attempt(number, cost_usd=Decimal("0.1")) for number in range(10)))

    assert counted.total().cost_usd == Decimal(1)


def test_the_mean_time_to_the_first_piece_leaves_out_those_that_sent_none():
    counted = odometer(attempt(1, first_token_s=1.0), attempt(2, first_token_s=2.0), attempt(3))

    assert counted.total().first_token_s == 1.5
    assert odometer(attempt(1)).total().first_token_s is None


@pytest.mark.parametrize(
    ("by", "labels"),
    [
        ("provider", ["gemini", "openai"]),
        ("model", ["g", "gpt-5"]),
        ("state", ["generate", "reflect"]),
        ("outcome", ["ok", "timeout"]),
        ("day", ["2026-11-30", "2026-12-02"]),
    ],
)
def test_there_is_a_table_for_each_part_of_the_key(by, labels):
    other = attempt(
        2, at=NOON + 172_800, provider="gemini", model="g", state="reflect", outcome="timeout", usage=None
    )

    table = odometer(attempt(1), other).table(by)

    assert [row.label for row in table] == labels
    assert [row.attempts for row in table] == [1, 1]


def test_an_unknown_table_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="day, provider, model, state, outcome"):
        Odometer().table("week")


@pytest.mark.parametrize(("zone", "day"), [("UTC+10", "2026-11-30"), ("UTC-13", "2026-12-01")])
def test_days_are_those_of_the_place(monkeypatch, zone, day):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        table = odometer(attempt()).table("day")
    finally:
        monkeypatch.undo()
        time.tzset()

    assert [row.label for row in table] == [day]


def test_memory_does_not_grow_with_the_attempts():
    counted = odometer(*(attempt(number) for number in range(3000)))

    assert (counted.operations, counted.attempts) == (3000, 3000)
    assert [each.operation for each in counted.recent] == list(range(3000 - KEPT, 3000))
    assert len(counted._sums) == 1
    assert len(counted._operations.recent) == 1024
