import pickle

import pytest

from conduit import errors
from conduit.errors import (
    FAULTS,
    AllUnavailable,
    BudgetExceeded,
    CircuitOpen,
    ClipError,
    ConduitError,
    ContextTooLong,
    ErrorKind,
    LinkError,
    ParseError,
    PartlyDone,
    PlanExpired,
    PromptError,
    ProviderError,
    SetupError,
)

EXAMPLES = [
    ConduitError("it broke"),
    SetupError("no such option", valid=["--bars"]),
    ProviderError(
        "gone",
        kind=ErrorKind.STREAM_INCOMPLETE,
        provider="openai",
        model="gpt",
        status=200,
        request_id="req_1",
        retry_after_s=2.5,
        partial={"role": "assistant", "parts": [{"type": "text", "text": "so far"}]},
    ),
    ContextTooLong("long", provider="ollama", max_tokens=4096, actual_tokens=24009, status=400),
    CircuitOpen("wait", provider="openai", retry_in_s=42.0, failures=3),
    AllUnavailable("nobody", attempts=[{"provider": "openai", "kind": "network"}], retry_in_s=12.0),
    BudgetExceeded("enough", scope="cell", what="calls", used=25, allowed=24),
    LinkError("silent", kind="no_reply", address="/live/test"),
    PartlyDone("half way", left=object(), kind="refused"),
    PlanExpired("too late", plan="P1"),
    ClipError("bad note", line=2, column=5, valid=["A1"]),
    PromptError("it lacks bars", missing=["bars"], surplus=["tempo"], valid=["bars"]),
    ParseError("no chord", received="{", problems=["no JSON"], attempts=3),
]


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_an_error_goes_through_json_unchanged(error):
    again = ConduitError.from_json(error.to_json())

    assert type(again) is type(error)
    assert vars(again) == vars(error)
    assert str(again) == str(error)


def test_a_foreign_name_is_not_rebuilt():
    with pytest.raises(ValueError, match="not an error of Conduit"):
        ConduitError.from_json('{"type": "SystemExit", "message": "x"}')


def test_a_notebook_shows_one_line():
    assert SetupError("no key")._render_traceback_() == ["SetupError: no key"]


def test_every_exported_name_is_an_error_of_the_tree_or_a_fact_about_them():
    facts = {"FAULTS", "ErrorKind", "Fault"}

    assert all(issubclass(getattr(errors, name), ConduitError) for name in set(errors.__all__) - facts)


def test_every_kind_of_error_has_its_consequences():
    assert set(FAULTS) == set(ErrorKind)


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_every_error_goes_to_another_process_as_it_is(error):
    back = pickle.loads(pickle.dumps(error))  # noqa: S301  our own bytes

    assert (type(back), vars(back), str(back)) == (type(error), vars(error), str(error))
