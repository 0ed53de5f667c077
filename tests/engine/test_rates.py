from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.engine.rates import PER_TIER, TOTAL, WINDOW_S, RateLimits
from conduit.engine.risk import Tier
from conduit.errors import SetupError

# Whole seconds between calls, so that no rounding decides.
CALLS = st.lists(
    st.tuples(st.sampled_from(list(Tier)), st.sampled_from([0, 0, 0, 1, 2, 7, 30])), max_size=400
)


def test_every_tier_has_a_limit():
    assert set(PER_TIER) == set(Tier)


@given(calls=CALLS)
def test_no_window_ever_holds_more_than_is_allowed(calls):
    rates, at, admitted = RateLimits(), 0.0, deque()
    for tier, wait in calls:
        at += wait
        if rates.admit(tier, at=at) is None:
            admitted.append((at, tier))
        inside = [kind for when, kind in admitted if at - when < WINDOW_S]

        assert len(inside) <= TOTAL
        assert all(inside.count(kind) <= limit for kind, limit in PER_TIER.items())


@given(calls=CALLS)
def test_a_call_is_let_through_when_it_was_told_to_come_back_and_not_before(calls):
    def after(waits):
        rates, at = RateLimits(), 0.0
        for tier, wait in waits:
            at += wait
            refusal = rates.admit(tier, at=at)
            if refusal is not None:
                return rates, tier, at, refusal
        return None

    early, late = after(calls), after(calls)
    if early is None or late is None:
        return

    rates, tier, at, refusal = early
    assert 0 < refusal.retry_s <= WINDOW_S
    assert rates.admit(tier, at=at + refusal.retry_s - 1e-6) is not None
    assert late[0].admit(tier, at=at + refusal.retry_s) is None


@pytest.mark.parametrize(("tier", "limit"), [*PER_TIER.items()], ids=[str(tier) for tier in PER_TIER])
def test_a_tier_has_its_calls_and_not_one_more(tier, limit):
    rates = RateLimits()

    assert [rates.admit(tier, at=0.0) for _ in range(limit)] == [None] * limit
    assert str(rates.admit(tier, at=0.0)) == (
        f"{tier} tools may run {limit} times in 60 s; try again in 60 s"
    )


def test_one_tiers_calls_leave_the_others_alone():
    rates = RateLimits()
    for _ in range(PER_TIER[Tier.STATEFUL]):
        rates.admit(Tier.STATEFUL, at=0.0)

    assert rates.admit(Tier.STATEFUL, at=0.0) is not None
    assert rates.admit(Tier.READ_ONLY, at=0.0) is None


def test_all_tiers_together_have_a_limit():
    rates = RateLimits(per_tier={Tier.READ_ONLY: 1000})
    for _ in range(TOTAL):
        rates.admit(Tier.READ_ONLY, at=0.0)

    assert str(rates.admit(Tier.STATEFUL, at=30.0)) == (
        "tools together may run 200 times in 60 s; try again in 30 s"
    )


def test_a_call_that_was_refused_is_not_counted():
    rates = RateLimits()
    for second in range(100):
        rates.admit(Tier.HARDWARE_IO, at=float(second))

    # 5 in the first minute, 5 in the second: the refused ones did not prolong the wait.
    assert rates.admit(Tier.HARDWARE_IO, at=119.0) is not None
    assert rates.admit(Tier.HARDWARE_IO, at=120.0) is None


def test_a_tier_that_is_not_named_keeps_its_limit():
    rates = RateLimits(per_tier={Tier.READ_ONLY: 1})

    assert [rates.admit(Tier.HARDWARE_IO, at=0.0) for _ in range(5)] == [None] * 5
    assert rates.admit(Tier.HARDWARE_IO, at=0.0) is not None


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"per_tier": {Tier.STATEFUL: 0}}, "Stateful tools may not run here"),
        ({"total": 0}, "tools together may not run here"),
    ],
    ids=["tier", "total"],
)
def test_a_limit_of_nothing_lets_nothing_through(limits, said):
    assert str(RateLimits(**limits).admit(Tier.STATEFUL, at=0.0)) == said


def test_a_limit_below_nothing_is_refused():
    with pytest.raises(ValueError, match="the limit of Stateful tools is -1; it is at least 0"):
        RateLimits(per_tier={Tier.STATEFUL: -1})


def test_a_limit_of_no_tier_is_refused():
    with pytest.raises(SetupError, match="'stateful' is no tier"):
        RateLimits(per_tier={"stateful": 1})
