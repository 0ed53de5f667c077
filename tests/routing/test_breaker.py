from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduit.routing.breaker import (
    COOLDOWN_S,
    FAILURE_LIMIT,
    LEASE_S,
    LONGEST_COOLDOWN_S,
    TRANSITIONS,
    WINDOW,
    Admission,
    Breaker,
    Event,
    Refusal,
    State,
)


def fail(breaker, *, at, times=1, **facts):
    """Let calls be admitted and fail, one after the other."""
    for _ in range(times):
        breaker, admission = breaker.admit(at)
        breaker = breaker.failed(admission, at=at, duration_s=1.0, **facts)
    return breaker


def probe(breaker, *, at):
    """Let the probe be admitted."""
    trying, admission = breaker.admit(at)
    assert admission.probe
    return trying, admission


NEW = Breaker()
EARLY = Admission(NEW.generation)
OPENED = fail(NEW, at=0.0, times=FAILURE_LIMIT)
TRYING, PROBE = probe(OPENED, at=COOLDOWN_S)


def test_the_table_has_every_pair():
    assert set(TRANSITIONS) == set(product(State, Event))


@pytest.mark.parametrize("state", State)
def test_a_reset_closes_every_state(state):
    assert TRANSITIONS[state, Event.RESET] is State.CLOSED


def test_each_state_has_a_symbol_of_its_own():
    assert {state: state.symbol for state in State} == {
        State.CLOSED: "●",
        State.OPEN: "○",
        State.HALF_OPEN: "◐",
    }


def test_three_failures_in_a_row_open_it():
    assert fail(NEW, at=0.0, times=2).state is State.CLOSED
    assert OPENED.state is State.OPEN


def test_a_success_between_failures_starts_the_count_anew():
    breaker = fail(NEW, at=0.0, times=2).succeeded(EARLY, at=1.0, duration_s=1.0)

    assert fail(breaker, at=2.0, times=2).state is State.CLOSED


def test_an_open_breaker_refuses_and_says_how_long():
    breaker, refusal = OPENED.admit(19.0)

    assert breaker == OPENED
    assert refusal == Refusal(retry_in_s=41.0, failures=3)
    assert refusal.why == "circuit open (3 failures, retry in 41 s)"


def test_after_the_cooldown_one_of_ten_is_admitted():
    breaker, leaves = OPENED, []
    for _ in range(10):
        breaker, leave = breaker.admit(COOLDOWN_S)
        leaves.append(leave)

    assert [leave for leave in leaves if isinstance(leave, Admission)] == [leaves[0]]
    assert leaves[0].probe
    assert breaker.state is State.HALF_OPEN


def test_who_comes_while_the_probe_is_out_waits_for_its_lease():
    _, refusal = TRYING.admit(COOLDOWN_S + 20.0)

    assert refusal.retry_in_s == LEASE_S - 20.0


def test_a_probe_that_hangs_loses_its_lease():
    breaker, second = probe(TRYING, at=COOLDOWN_S + LEASE_S)

    assert second != PROBE
    assert isinstance(breaker.admit(COOLDOWN_S + LEASE_S)[1], Refusal)


@pytest.mark.parametrize("outcome", ["succeeded", "failed"])
def test_the_outcome_of_a_probe_that_was_replaced_decides_nothing(outcome):
    replaced, _ = probe(TRYING, at=COOLDOWN_S + LEASE_S)

    late = getattr(replaced, outcome)(PROBE, at=200.0, duration_s=140.0)

    assert (late.state, late.until, late.failures) == (replaced.state, replaced.until, replaced.failures)


def test_a_success_of_the_probe_closes_it():
    breaker = TRYING.succeeded(PROBE, at=61.0, duration_s=1.0)

    assert (breaker.state, breaker.failures) == (State.CLOSED, 0)
    assert not breaker.admit(61.0)[1].probe


def test_a_failure_of_the_probe_opens_it_for_another_cooldown():
    breaker = TRYING.failed(PROBE, at=61.0, duration_s=1.0)

    assert breaker.state is State.OPEN
    assert breaker.retry_in_s(61.0) == COOLDOWN_S


def test_a_probe_given_back_lets_the_next_call_be_the_probe():
    breaker = TRYING.released(PROBE)

    assert breaker.state is State.HALF_OPEN
    assert breaker.admit(61.0)[1].probe


def test_a_released_call_changes_nothing():
    assert NEW.released(EARLY) == NEW
    assert OPENED.released(EARLY) == OPENED
    assert TRYING.released(EARLY) == TRYING


def test_a_late_failure_does_not_prolong_the_cooldown():
    late = OPENED.failed(EARLY, at=59.0, duration_s=59.0, retry_after_s=600.0)

    assert late.retry_in_s(59.0) == 1.0


@pytest.mark.parametrize("breaker", [OPENED, TRYING], ids=["open", "half open"])
def test_a_late_success_does_not_close_it(breaker):
    late = breaker.succeeded(EARLY, at=61.0, duration_s=61.0)

    assert (late.state, late.failures) == (breaker.state, FAILURE_LIMIT)


def test_a_late_failure_counts_towards_the_health_alone():
    closed = TRYING.succeeded(PROBE, at=61.0, duration_s=1.0)

    late = closed.failed(EARLY, at=62.0, duration_s=62.0, error="cut off")

    assert (late.state, late.failures, late.last_error) == (State.CLOSED, 0, "cut off")
    assert late.health < closed.health


def test_a_provider_that_asks_to_wait_is_left_alone_for_that_long():
    breaker = fail(NEW, at=0.0, retry_after_s=17.0)

    assert breaker.state is State.OPEN
    assert breaker.retry_in_s(0.0) == 17.0


@pytest.mark.parametrize("asked_s", [LONGEST_COOLDOWN_S + 1.0, float("inf")])
def test_no_provider_is_left_alone_for_more_than_an_hour(asked_s):
    assert fail(NEW, at=0.0, retry_after_s=asked_s).retry_in_s(0.0) == LONGEST_COOLDOWN_S


@pytest.mark.parametrize("asked_s", [0.0, -5.0, float("nan"), None])
def test_to_wait_for_no_time_is_an_ordinary_failure(asked_s):
    breaker = fail(NEW, at=0.0, retry_after_s=asked_s)

    assert (breaker.state, breaker.failures) == (State.CLOSED, 1)


def test_a_reset_lets_calls_through_and_forgets():
    breaker = OPENED.reset()

    assert isinstance(breaker.admit(1.0)[1], Admission)
    assert (breaker.health, breaker.failures, breaker.last_error) == (100, 0, "")


def test_calls_from_before_a_reset_do_not_count_after_it():
    breaker = NEW.reset()

    for _ in range(FAILURE_LIMIT):
        breaker = breaker.failed(EARLY, at=1.0, duration_s=1.0)

    assert breaker.state is State.CLOSED


@pytest.mark.parametrize(
    ("at", "state"), [(COOLDOWN_S - 0.1, State.OPEN), (COOLDOWN_S, State.HALF_OPEN)], ids=["before", "after"]
)
def test_an_open_breaker_shows_that_it_waits_for_its_probe(at, state):
    assert OPENED.state_at(at) is state


def test_seconds_to_wait_are_never_less_than_none():
    assert NEW.retry_in_s(5.0) == 0.0
    assert OPENED.retry_in_s(500.0) == 0.0


@pytest.mark.parametrize(
    ("window", "health"),
    [
        ((), 100),
        (((True, 0.0),), 100),
        (((True, 1.5),), 85),
        (((True, 60.0),), 60),
        (((False, 0.0),), 40),
        (((False, 60.0),), 0),
        (((True, 1.0), (False, 1.0)), 60),
        (((True, 0.19), (True, 0.2), (False, 0.3)), 77),
    ],
)
def test_health_falls_with_errors_and_slowness(window, health):
    assert Breaker(window=window).health == health


def test_only_the_last_outcomes_are_kept():
    breaker = fail(NEW, at=0.0)
    for _ in range(WINDOW):
        breaker = breaker.succeeded(EARLY, at=1.0, duration_s=0.0)

    assert len(breaker.window) == WINDOW
    assert breaker.health == 100


def test_what_the_latest_failure_said_stays_after_a_success():
    breaker = fail(NEW, at=0.0, error="502").succeeded(EARLY, at=1.0, duration_s=0.0)

    assert breaker.last_error == "502"


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["admit", "succeeded", "failed", "released", "reset"]),
        st.integers(0, 100),
        st.sampled_from([0.0, 1.0, 59.0, 60.0, 121.0]),
        st.sampled_from([None, 5.0, 5000.0]),
    ),
    max_size=80,
)


def play(breaker, underway, *, act, pick, at, wait_s):
    """Do one step; calls under way are (admission, when). A reset gives up the probe that is out."""
    if act == "admit":
        breaker, leave = breaker.admit(at)
        if isinstance(leave, Admission):
            underway.append((leave, at))
        return breaker
    if act == "reset":
        underway[:] = [(admission, -LEASE_S) for admission, _ in underway]
        return breaker.reset()
    if not underway:
        return breaker
    admission, _ = underway.pop(pick % len(underway))
    if act == "released":
        return breaker.released(admission)
    facts = {"retry_after_s": wait_s} if act == "failed" else {}
    return getattr(breaker, act)(admission, at=at, duration_s=1.0, **facts)


@given(STEPS)
def test_there_is_never_more_than_one_live_probe(steps):
    breaker, underway, at = NEW, [], 0.0

    for act, pick, pause_s, wait_s in steps:
        at += pause_s
        breaker = play(breaker, underway, act=act, pick=pick, at=at, wait_s=wait_s)

        live = [admission for admission, since in underway if admission.probe and at < since + LEASE_S]
        assert len(live) <= 1
        assert not live or breaker.state is State.HALF_OPEN
        assert len(breaker.window) <= WINDOW
        assert 0 <= breaker.health <= 100


@given(STEPS)
def test_whatever_happened_a_call_is_let_through_within_the_longest_wait(steps):
    breaker, underway, at = NEW, [], 0.0
    for act, pick, pause_s, wait_s in steps:
        at += pause_s
        breaker = play(breaker, underway, act=act, pick=pick, at=at, wait_s=wait_s)

    _, leave = breaker.admit(at + LONGEST_COOLDOWN_S)

    assert isinstance(leave, Admission)
