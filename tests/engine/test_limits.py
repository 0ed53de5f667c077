import asyncio
from decimal import Decimal

import pytest
from engine.turns import TEN, Counted, alone, calls, results, tool_of, turn
from hypothesis import given
from hypothesis import strategies as st

from conduit.engine.limits import Limits, Reason, Spent
from conduit.messages import ResponseMetadata, Usage


async def echo(arguments):
    return arguments.word


ECHO = tool_of(echo)
ENDLESS = [calls("do")] * 20
PRICED = ResponseMetadata(provider="p", model="m", usage=TEN, cost_usd=Decimal("0.02"))


def run(client, **limits):
    return asyncio.run(alone(turn(client, ECHO, limits=Limits(**limits))))


@pytest.mark.parametrize(
    ("limits", "reason", "steps", "said"),
    [
        ({"steps": 4}, Reason.STEP_LIMIT, 4, None),
        ({"steps": 3}, Reason.STEP_LIMIT, 3, "not run: the turn reached its limit of 3 steps"),
        ({"tokens": 20}, Reason.TOKEN_LIMIT, 3, "not run: the turn reached its limit of 20 tokens"),
        ({"cost_usd": 0.02}, Reason.COST_LIMIT, 3, "not run: the turn reached its limit of $0.02"),
        (
            {"cost_usd": Decimal("0.011")},
            Reason.COST_LIMIT,
            3,
            "not run: the turn reached its limit of $0.011",
        ),
    ],
    ids=["after tools", "before tools", "tokens", "cost", "cost between"],
)
def test_each_limit_ends_in_its_named_state_with_a_valid_conversation(limits, reason, steps, said):
    end = run(Counted(ENDLESS, usage=TEN, cost_usd="0.01"), **limits)

    assert (end.reason, end.steps) == (reason, steps)
    assert not end.conversation.open_calls
    assert results(end)[-1] == (said or "0")


def test_what_a_turn_used_is_summed_at_its_end():
    end = run(Counted([calls("do"), "done"], usage=TEN, cost_usd="0.01"))

    assert (end.usage, end.cost_usd) == (TEN + TEN, Decimal("0.02"))
    assert end.remarks == ()


def test_an_unknown_cost_counts_as_none_and_is_said():
    end = run(Counted([calls("do"), "done"]), cost_usd=0.01, tokens=1)

    assert (end.reason, end.usage, end.cost_usd) == (Reason.DONE, None, None)
    assert end.remarks == (
        "the cost of 2 answers is not known and was counted as none",
        "the tokens of 2 answers are not known and were counted as none",
    )


def test_where_nothing_is_limited_nothing_is_said():
    assert run(Counted(["done"])).remarks == ()


def test_a_kept_answer_uses_nothing():
    end = run(Counted([calls("do"), "done"], usage=TEN, cost_usd="5", cached=True), cost_usd=1, tokens=1)

    assert (end.reason, end.usage, end.cost_usd) == (Reason.DONE, Usage(), Decimal(0))


def test_one_unknown_price_makes_the_sum_unknown_but_still_counts_the_others():
    spent = Spent().answered(PRICED).answered(None)

    assert spent.cost_usd is None
    assert Limits(cost_usd=0.02).reached(spent) is Reason.COST_LIMIT


def test_a_limit_of_a_float_is_the_number_that_was_written():
    assert Limits(cost_usd=0.1).reached(Spent(known_cost_usd=Decimal("0.1"))) is Reason.COST_LIMIT


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"steps": 0}, "steps is 0; a turn has at least 1 step"),
        ({"tokens": 0}, "tokens is 0; a limit is more than 0, or None"),
        ({"cost_usd": -1.0}, "cost_usd is -1.0; a limit is more than 0"),
        ({"wall_s": float("nan")}, "wall_s is nan; a limit is more than 0"),
    ],
    ids=["steps", "tokens", "cost", "time"],
)
def test_a_limit_that_allows_nothing_is_refused(wrong, said):
    with pytest.raises(ValueError, match=said):
        Limits(**wrong)


AMOUNTS = st.none() | st.integers(1, 100)
LIMITS = st.builds(Limits, steps=st.integers(1, 50), tokens=AMOUNTS, cost_usd=AMOUNTS, wall_s=AMOUNTS)


@given(one=LIMITS, other=LIMITS)
def test_capping_gives_the_narrower_of_each(one, other):
    capped = one.capped(other)

    assert capped == other.capped(one) == capped.capped(one)
    assert capped.steps == min(one.steps, other.steps)


def test_every_limit_has_words_for_the_end_that_it_makes():
    limits = Limits(steps=1, tokens=2, cost_usd=3, wall_s=4)
    reasons = [reason for reason in Reason if reason.endswith("_limit")]

    assert [limits.said(reason) for reason in reasons] == ["1 step", "2 tokens", "$3", "4 s"]
