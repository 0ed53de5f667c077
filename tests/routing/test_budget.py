import subprocess
import sys
from decimal import Decimal

import pytest

from conduit.clients import Place
from conduit.errors import BudgetExceeded, ConduitError
from conduit.messages import Usage
from conduit.routing.budget import Budget, Meter
from conduit.routing.prices import cost

USAGE = Usage(input_tokens=900, output_tokens=100, cached_tokens=500, reasoning_tokens=50)


class Clock:
    """Seconds that pass when told to."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def meter(**limits):
    return Meter(Budget("cell", **limits), clock=Clock())


def test_nothing_runs_out_where_everything_is_allowed():
    unlimited = meter()
    for _ in range(100):
        unlimited.count(USAGE, Decimal(1))

    unlimited.check()

    assert unlimited.left_s() is None


@pytest.mark.parametrize(
    ("limits", "used", "what"),
    [
        ({"calls": 2}, "2 calls", "calls"),
        ({"tokens": 1500}, "2,000 tokens", "tokens"),
        ({"cost_usd": Decimal("0.02")}, "$0.0200", "cost_usd"),
        ({"cost_usd": Decimal("0.01")}, "$0.0200", "cost_usd"),
    ],
)
def test_what_runs_out_is_named_with_what_was_used_and_how_to_raise_it(limits, used, what):
    spent = meter(**limits)
    spent.count(USAGE, Decimal("0.01"))
    spent.count(USAGE, Decimal("0.01"))

    with pytest.raises(BudgetExceeded) as caught:
        spent.check()

    error = caught.value
    assert (error.scope, error.what, error.allowed) == ("cell", what, float(limits[what]))
    assert f"this cell has used {used} of" in error.message
    assert error.message.endswith(f"to go on, give the cell a Budget with a larger {what}")


def test_a_face_says_in_its_own_words_how_to_raise_it():
    spent = Meter(Budget("session", calls=0, how="run `%conduit budget 40`"), clock=Clock())

    with pytest.raises(BudgetExceeded, match=r"this session .* to go on, run `%conduit budget 40`$"):
        spent.check()


def test_the_last_allowed_call_is_made():
    spent = meter(calls=2)
    spent.count(USAGE, None)

    spent.check()


def test_time_runs_from_when_the_meter_is_made():
    clock = Clock()
    timed = Meter(Budget("cell", wall_s=30.0), clock=clock)

    clock.now += 12.0

    assert timed.left_s() == 18.0
    timed.check()


def test_time_that_is_over_stops_the_next_call():
    clock = Clock()
    timed = Meter(Budget("cell", wall_s=30.0), clock=clock)
    clock.now += 31.0

    with pytest.raises(BudgetExceeded, match=r"31\.0 s of the 30\.0 s"):
        timed.check()

    assert timed.left_s() == 0.0


def test_unknown_tokens_and_costs_count_as_a_call_alone():
    spent = meter(tokens=1, cost_usd=Decimal("0.01"))

    spent.count(None, None)

    spent.check()
    assert (spent.calls, spent.tokens, spent.cost_usd) == (1, 0, 0)


def test_stacked_meters_run_out_one_by_one():
    session, cell = Meter(Budget("session", calls=3), clock=Clock()), meter(calls=1)
    for stacked in (session, cell):
        stacked.count(USAGE, None)

    session.check()
    with pytest.raises(BudgetExceeded, match="this cell"):
        cell.check()


@pytest.mark.parametrize(
    "limits", [{"calls": -1}, {"tokens": -1}, {"cost_usd": Decimal("-0.1")}, {"wall_s": float("nan")}]
)
def test_a_budget_of_less_than_nothing_is_refused(limits):
    with pytest.raises(ValueError, match="a budget is 0 or more"):
        Budget("cell", **limits)


def test_the_error_goes_over_a_wire():
    spent = meter(cost_usd=Decimal(0))

    with pytest.raises(BudgetExceeded) as caught:
        spent.check()

    assert vars(ConduitError.from_json(caught.value.to_json())) == vars(caught.value)


READ = 1_000_000
THEN = 1_796_040_000.0  # the end of November 2026: prices change


def price(provider, model, **counts):
    return cost(Usage(**counts), provider=provider, model=model, at=THEN)


@pytest.mark.parametrize(
    ("provider", "model"),
    [
        ("anthropic", "claude-sonnet-4-5"),
        ("openai", "gpt-5"),
        ("gemini", "gemini-2.5-pro"),
        ("gemini", "models/gemini-2.5-pro"),
        ("openrouter", "anthropic/claude-sonnet-4.5"),
        ("perplexity", "sonar-pro"),
    ],
)
def test_each_of_our_providers_has_prices(provider, model):
    assert price(provider, model, input_tokens=READ, output_tokens=READ) > 1


def test_a_cost_is_exact():
    assert price("anthropic", "claude-sonnet-4-5", input_tokens=1000, output_tokens=100) == Decimal("0.0045")


@pytest.mark.parametrize(
    ("provider", "model"),
    [("anthropic", "claude-sonnet-4-5"), ("openai", "gpt-5"), ("gemini", "gemini-2.5-pro")],
)
def test_cached_tokens_are_part_of_the_input_and_cost_less(provider, model):
    plain = price(provider, model, input_tokens=100_000)

    assert price(provider, model, input_tokens=100_000, cached_tokens=100_000) == plain / 10


def test_writing_a_cache_costs_more_where_it_does():
    counts = {"input_tokens": 100_000, "cache_write_tokens": 100_000}

    assert price("anthropic", "claude-sonnet-4-5", **counts) == Decimal("0.375")


@pytest.mark.parametrize(
    ("provider", "model"),
    [("anthropic", "claude-sonnet-4-5"), ("openai", "gpt-5"), ("gemini", "gemini-2.5-pro")],
)
def test_reasoning_is_part_of_the_output_and_not_paid_twice(provider, model):
    plain = price(provider, model, output_tokens=1000)

    assert price(provider, model, output_tokens=1000, reasoning_tokens=900) == plain


@pytest.mark.parametrize(
    ("provider", "model"),
    [
        ("openai", "gpt-nobody-knows"),
        ("my-openai", "gpt-5"),
        ("openai", "moderation"),
        ("openai", "text-embedding-3-small"),
    ],
    ids=["model", "provider", "empty prices", "no price for what it writes"],
)
def test_an_unknown_price_is_none_and_never_0(provider, model):
    assert price(provider, model, input_tokens=10, output_tokens=10) is None


def test_tokens_that_do_not_add_up_have_no_price():
    assert price("openai", "gpt-5", input_tokens=10, cached_tokens=20) is None


def test_tokens_that_nobody_counted_have_no_price():
    assert cost(None, provider="openai", model="gpt-5") is None


@pytest.mark.parametrize("place", [Place.LOCAL, Place.OFFLINE])
@pytest.mark.parametrize("usage", [None, USAGE])
def test_what_runs_here_costs_nothing_and_that_is_known(place, usage):
    assert cost(usage, provider="ollama", model="llama3.2", place=place) == Decimal(0)


def test_a_free_model_is_known_to_be_free():
    counts = {"input_tokens": 1000, "output_tokens": 1000}

    assert price("openrouter", "meta-llama/llama-3.3-70b-instruct:free", **counts) == 0


def test_the_price_table_is_not_read_before_it_is_needed():
    code = "import sys, asyncio; from conduit.routing import prices; print('genai_prices' in sys.modules); "
    code += "asyncio.run(prices.load()); print('genai_prices.data' in sys.modules)"

    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert shown.stdout.split() == ["False", "True"]
