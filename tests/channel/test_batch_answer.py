"""What follows from an item's error: another try, the end of the run, or nothing."""

import pytest

from conduit.channel.batch_answer import stops, wait_s
from conduit.channel.batch_item import Item, Outcome
from conduit.errors import (
    AllUnavailable,
    BudgetExceeded,
    CircuitOpen,
    ErrorKind,
    ParseError,
    ProviderError,
    SetupError,
    StoreError,
)

WAITED_FOR = {
    ErrorKind.RATE_LIMIT,
    ErrorKind.OVERLOADED,
    ErrorKind.CIRCUIT_OPEN,
}
ENDS_THE_RUN = {ErrorKind.AUTHENTICATION, ErrorKind.KEY_MISSING, ErrorKind.NOT_FOUND}


def fault(kind, **facts):
    return ProviderError("no", kind=kind, provider="loop", **facts)


@pytest.mark.parametrize("kind", ErrorKind)
def test_only_what_passes_with_time_is_waited_for(kind):
    assert (wait_s(fault(kind), tried=0) is not None) == (kind in WAITED_FOR)


@pytest.mark.parametrize("kind", ErrorKind)
def test_only_what_every_item_would_meet_ends_the_run(kind):
    assert stops(fault(kind)) == (kind in ENDS_THE_RUN)


@pytest.mark.parametrize(
    ("error", "expected_s"),
    [
        (fault(ErrorKind.RATE_LIMIT, retry_after_s=7.0), 7.0),
        (fault(ErrorKind.RATE_LIMIT, retry_after_s=0.0), 0.0),
        (CircuitOpen("open", provider="loop", retry_in_s=12.0, failures=3), 12.0),
        (AllUnavailable("nobody", attempts=[], retry_in_s=3.0), 3.0),
        (AllUnavailable("nobody", attempts=[], retry_in_s=None), None),
        (fault(ErrorKind.RATE_LIMIT, retry_after_s=3_600.0), 60.0),
    ],
    ids=[
        "told",
        "at once",
        "breaker",
        "of several",
        "of several, each for its own reason",
        "at most a minute",
    ],
)
def test_it_waits_as_long_as_it_is_told(error, expected_s):
    assert wait_s(error, tried=0) == expected_s


def test_where_nobody_says_how_long_each_wait_is_twice_the_last():
    waits = [wait_s(fault(ErrorKind.OVERLOADED), tried=tried) for tried in range(4)]

    assert waits == [1.0, 2.0, 4.0, 8.0]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (SetupError("no model"), True),
        (StoreError("no disk"), True),
        (BudgetExceeded("over", scope="session", what="calls", used=1, allowed=1), True),
        (ParseError("no chord", received="x"), False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_ones_own_to_mend_ends_the_run_and_what_a_model_wrote_does_not(error, expected):
    assert stops(error) == expected


def test_an_outcome_comes_back_as_it_was_stored_with_its_error():
    outcome = Outcome(text="x", calls=2).failed(fault(ErrorKind.LENGTH, status=200))

    back = Outcome.model_validate_json(outcome.line())

    assert back == outcome
    assert (type(back.failure), back.failure.kind) == (ProviderError, ErrorKind.LENGTH)


def test_an_item_with_an_error_has_no_value():
    item = Item.of(Outcome().failed(SetupError("no")), index=0, input="a", value=None)

    assert (item.ok, item.value, str(item.error)) == (False, None, "no")
