from dataclasses import replace
from decimal import Decimal

import pytest
from conduit_magics.captions import broke_off, details, footer

from conduit.engine.machine import Reason
from conduit.messages import Restart, Usage
from conduit.music import Clip, Note
from conduit.studio import Answer

CLIP = Clip.of([Note(45, 0, 1)] * 36)
USAGE = Usage(input_tokens=1204, output_tokens=380, cached_tokens=800, reasoning_tokens=120)
ANSWER = Answer(
    text="words",
    clip=CLIP,
    reason=Reason.DONE,
    plans=(),
    provider="anthropic",
    model="claude",
    duration_s=2.13,
    first_s=0.41,
    usage=USAGE,
    cost_usd=Decimal("0.0042"),
    calls=2,
)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({}, "anthropic/claude · 2.1 s · 36 notes · 1,204 in, 380 out · $0.0042", id="whole"),
        pytest.param({"clip": None, "usage": None}, "anthropic/claude · 2.1 s · $0.0042", id="words"),
        pytest.param(
            {"cached": True, "usage": None}, "anthropic/claude · 2.1 s · 36 notes · kept answer", id="kept"
        ),
        pytest.param(
            {"cost_usd": None, "usage": None},
            "anthropic/claude · 2.1 s · 36 notes · cost unknown",
            id="no-price",
        ),
        pytest.param(
            {"cost_usd": Decimal(0), "usage": None}, "anthropic/claude · 2.1 s · 36 notes", id="free"
        ),
        pytest.param(
            {"calls": 0, "clip": None, "usage": None, "model": ""}, "anthropic · 2.1 s", id="failed"
        ),
    ],
)
def test_the_footer_says_who_and_what_it_took(changes, said):
    assert footer(replace(ANSWER, **changes)) == said


@pytest.mark.parametrize(
    ("troubles", "said"),
    [
        pytest.param(("openai/gpt cannot be reached",), "(after openai failed)", id="one"),
        pytest.param(("openai is busy", "openai/x is busy"), "(after openai failed)", id="once"),
        pytest.param(("openai is busy", "home stopped"), "(after openai and home failed)", id="two"),
        pytest.param(("anthropic/claude is busy",), "(at a second try)", id="itself"),
        pytest.param(("the script ended",), "(at a second try)", id="nobody-known"),
    ],
)
def test_the_footer_names_who_failed_before(troubles, said):
    assert footer(replace(ANSWER, troubles=troubles), names=["home"]).startswith(
        f"anthropic/claude {said} · "
    )


def test_before_an_answer_there_is_nothing_to_say():
    assert (footer(None), details(None)) == ("", [])


def test_the_details_have_all_that_is_known():
    answer = replace(
        ANSWER, troubles=("openai is busy",), citations=("https://a.example", "https://b.example")
    )

    assert details(answer) == [
        ("provider", "anthropic"),
        ("model", "claude"),
        ("time", "2.1 s"),
        ("first token", "0.4 s"),
        ("calls", "2"),
        ("tokens in", "1,204"),
        ("of them cached", "800"),
        ("tokens out", "380"),
        ("of them reasoning", "120"),
        ("cost", "$0.0042"),
        ("went wrong before", "openai is busy"),
        ("sources", "https://a.example"),
        ("", "https://b.example"),
    ]


@pytest.mark.parametrize(
    ("changes", "row"),
    [
        ({"cost_usd": None}, ("cost", "unknown")),
        ({"cost_usd": Decimal(0)}, ("cost", "free")),
        ({"cost_usd": Decimal("0.00001")}, ("cost", "under $0.0001")),
        ({"cost_usd": Decimal("12.345")}, ("cost", "$12.34")),
        ({"cached": True}, ("cost", "nothing: a kept answer")),
        ({"usage": None}, ("tokens", "not counted")),
    ],
)
def test_what_is_not_known_or_costs_nothing_is_said_in_words(changes, row):
    assert row in details(replace(ANSWER, **changes))


def test_of_an_answer_that_never_came_no_cost_is_claimed():
    assert "cost" not in dict(details(replace(ANSWER, calls=0)))


@pytest.mark.parametrize(
    ("provider", "reason", "said"),
    [
        ("ollama", "openai/gpt stopped in the middle", "openai broke off; ollama answers now"),
        ("openai", "openai stopped in the middle", "openai broke off and begins anew"),
        ("ollama", "something happened", "The answer broke off; ollama answers now"),
    ],
)
def test_a_restart_says_who_broke_off_and_who_answers(provider, reason, said):
    assert broke_off(Restart(provider=provider, reason=reason)) == said
