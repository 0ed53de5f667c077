import pytest

from conduit import errors
from conduit.errors import ClipError, ConduitError, LinkError, PlanExpired, ProviderError, SetupError

EXAMPLES = [
    ConduitError("it broke"),
    SetupError("no such option", valid=["--bars"]),
    ProviderError("gone", kind="network", provider="offline", retryable=True),
    LinkError("silent", kind="no_reply", address="/live/test"),
    PlanExpired("too late", plan="P1"),
    ClipError("bad note", line=2, column=5, valid=["A1"]),
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


def test_every_exported_name_is_an_error_of_the_tree():
    assert all(issubclass(getattr(errors, name), ConduitError) for name in errors.__all__)
