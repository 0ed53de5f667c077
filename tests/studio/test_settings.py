import pytest

from conduit.errors import SetupError
from conduit.settings import Settings


def test_nothing_set_looks_for_live_where_it_listens():
    assert Settings.from_environment({}) == Settings(live="auto", live_port=11000, live_reply_port=11001)


def test_the_environment_is_read():
    environ = {"CONDUIT_LIVE_HOST": "10.0.0.2", "CONDUIT_LIVE_PORT": "12000", "CONDUIT_STREAM": "0"}

    found = Settings.from_environment(environ)

    assert (found.live_host, found.live_port, found.stream) == ("10.0.0.2", 12000, False)


@pytest.mark.parametrize(
    "environ", [{"CONDUIT_LIVE": "maybe"}, {"CONDUIT_LIVE_PORT": "0"}, {"CONDUIT_LIVE_PORT": "x"}], ids=str
)
def test_a_value_that_cannot_be_is_named(environ):
    with pytest.raises(SetupError, match=next(iter(environ))):
        Settings.from_environment(environ)
