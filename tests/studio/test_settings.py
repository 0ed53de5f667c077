import os
import subprocess
import sys
from dataclasses import fields

import pytest

from conduit.clients.presets import PRESETS
from conduit.errors import SetupError
from conduit.settings import _RULES, DEFAULT_ORDER, Secret, Settings

NO_FILE = {"CONDUIT_CONFIG": os.devnull}


@pytest.fixture
def config(tmp_path):
    """Write a config file, and give the environment that names it."""

    def write(text):
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        return {"CONDUIT_CONFIG": str(path)}

    return write


def test_nothing_set_looks_for_live_where_it_listens():
    found = Settings.from_environment(NO_FILE)

    assert found == Settings(live="auto", live_port=11000, live_reply_port=11001)


def test_the_environment_is_read():
    environ = {"CONDUIT_LIVE_HOST": "10.0.0.2", "CONDUIT_LIVE_PORT": "12000", "CONDUIT_STREAM": "0"}

    found = Settings.from_environment(NO_FILE | environ)

    assert (found.live_host, found.live_port, found.stream) == ("10.0.0.2", 12000, False)


def test_an_empty_variable_counts_as_not_set():
    assert Settings.from_environment(NO_FILE | {"CONDUIT_LIVE": "", "CONDUIT_PROVIDERS": " "}) == Settings()


@pytest.mark.parametrize(
    "environ",
    [
        {"CONDUIT_LIVE": "maybe"},
        {"CONDUIT_LIVE_PORT": "0"},
        {"CONDUIT_LIVE_PORT": "x"},
        {"CONDUIT_LIVE_PORT": "none"},
        {"CONDUIT_STREAM": "sometimes"},
        {"CONDUIT_PROVIDERS": "anthropic,nobody"},
        {"CONDUIT_PROVIDERS": "offline,offline"},
        {"CONDUIT_PROVIDERS": "offline,"},
        {"CONDUIT_CACHE": "maybe"},
        {"CONDUIT_FAILOVER": "always"},
        {"CONDUIT_ANSWERS_MODE": "both"},
        {"CONDUIT_ALLOW_CLOUD": "2"},
        {"CONDUIT_CELL_CALLS": "2.5"},
        {"CONDUIT_CELL_CALLS": "0"},
        {"CONDUIT_CELL_COST_USD": "-1"},
        {"CONDUIT_CELL_COST_USD": "nan"},
        {"CONDUIT_CELL_WALL_S": "inf"},
    ],
    ids=str,
)
def test_a_value_that_cannot_be_is_named(environ):
    with pytest.raises(SetupError, match=next(iter(environ))):
        Settings.from_environment(NO_FILE | environ)


def test_the_message_says_what_would_be_valid():
    with pytest.raises(SetupError, match="can be off or on or refresh") as caught:
        Settings.from_environment(NO_FILE | {"CONDUIT_CACHE": "maybe"})

    assert caught.value.valid == ["off", "on", "refresh"]


def test_the_order_is_a_list_of_names_with_commas():
    found = Settings.from_environment(NO_FILE | {"CONDUIT_PROVIDERS": "anthropic, Ollama,offline"})

    assert found.order == ("anthropic", "ollama", "offline")


@pytest.mark.parametrize("name", ["cell_calls", "cell_tokens", "cell_cost_usd", "cell_wall_s"])
def test_none_lifts_a_budget(name):
    found = Settings.from_environment(NO_FILE | {f"CONDUIT_{name.upper()}": "none"})

    assert getattr(found, name) is None


def test_an_argument_beats_the_environment_which_beats_the_file_which_beats_the_default(config):
    file = config('model = "file"\ncache = "on"\nfailover = "off"\n')
    environ = file | {"CONDUIT_MODEL": "environment", "CONDUIT_CACHE": "refresh"}

    found = Settings.from_environment(environ, given={"model": "argument"})

    assert (found.model, found.cache, found.failover, found.live) == ("argument", "refresh", "off", "auto")


def test_an_argument_may_be_a_value_of_python():
    given = {"stream": False, "cell_calls": None, "order": ("ollama",), "session_cost_usd": 3}

    found = Settings.from_environment(NO_FILE, given=given)

    assert (found.stream, found.cell_calls, found.order) == (False, None, ("ollama",))
    assert found.session_cost_usd == 3


def test_an_unknown_argument_is_refused():
    with pytest.raises(SetupError, match="no setting 'modle'"):
        Settings.from_environment(NO_FILE, given={"modle": "x"})


def test_the_file_has_tables_for_budgets_keys_and_servers(config):
    environ = config(
        """
        order = ["home", "offline"]
        allow_cloud = true
        [budget.cell]
        calls = 5
        wall_s = "none"
        [budget.session]
        cost_usd = 1.5
        [keys]
        openai = "sk-from-the-file"
        [providers.home]
        base_url = "http://192.168.1.20:8000/v1"
        """
    )

    found = Settings.from_environment(environ)

    assert found == Settings(
        order=("home", "offline"),
        allow_cloud=True,
        cell_calls=5,
        cell_wall_s=None,
        session_cost_usd=1.5,
        keys={"openai": Secret("sk-from-the-file")},
        providers={"home": "http://192.168.1.20:8000/v1"},
    )


def test_servers_of_ones_own_stand_before_offline_where_no_order_is_set(config):
    found = Settings.from_environment(config('[providers.home]\nbase_url = "http://127.0.0.1:9000"'))

    assert found.order[-3:] == ("conduit", "home", "offline")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("modle = 'x'", "'modle'.*model"),
        ("[budget.cell]\nbeers = 3", "'budget.cell.beers'.*budget.cell.calls"),
        ("cell_calls = 3", "'cell_calls'.*budget.cell.calls"),
        ("[providers.home]\nurl = 'http://127.0.0.1'", "'providers.home.url'"),
        ("[keys]\nantropic = 'sk-1'", "'keys.antropic'.*keys.anthropic"),
        ("[budget.cell]\ncalls = true", "budget.cell.calls in"),
        ("live_port = 12000.5", "live_port in"),
        ("order = ['nobody']", "order in"),
        ("order = 3", "order in"),
        ("model = ['x']", "model in"),
        ("model = ", "not TOML"),
    ],
    ids=str,
)
def test_what_is_wrong_in_the_file_is_named_with_the_file(config, text, said):
    with pytest.raises(SetupError, match=said) as caught:
        Settings.from_environment(config(text))

    assert "config.toml" in caught.value.message


def test_a_key_in_the_file_that_is_no_text_is_not_shown(config):
    with pytest.raises(SetupError, match=r"keys\.openai") as caught:
        Settings.from_environment(config("[keys]\nopenai = 1234567890"))

    assert "1234567890" not in caught.value.message


def test_a_file_that_is_named_has_to_be_there(tmp_path):
    with pytest.raises(SetupError, match="CONDUIT_CONFIG"):
        Settings.from_environment({"CONDUIT_CONFIG": str(tmp_path / "nothing.toml")})


def test_a_file_that_cannot_be_read_is_said(tmp_path):
    with pytest.raises(SetupError, match="cannot be read"):
        Settings.from_environment({"CONDUIT_CONFIG": str(tmp_path)})


def test_a_file_that_is_not_utf_8_is_said(tmp_path):
    (tmp_path / "c.toml").write_bytes(b'model = "\xff"')

    with pytest.raises(SetupError, match="not UTF-8"):
        Settings.from_environment({"CONDUIT_CONFIG": str(tmp_path / "c.toml")})


def test_the_file_of_a_windows_editor_is_read(tmp_path):
    (tmp_path / "c.toml").write_bytes(b'\xef\xbb\xbfmodel = "x"\r\n')

    assert Settings.from_environment({"CONDUIT_CONFIG": str(tmp_path / "c.toml")}).model == "x"


def test_keys_of_the_file_do_not_show_in_the_settings(config):
    found = Settings.from_environment(config("[keys]\nopenai = 'sk-from-the-file'"))

    assert "sk-from" not in f"{found} {found!r}"
    assert found.keys["openai"].reveal() == "sk-from-the-file"


def test_every_field_has_a_rule_or_is_a_table_of_the_file():
    assert {field.name for field in fields(Settings)} == set(_RULES) | {"providers", "keys"}


def test_the_order_names_every_preset_and_the_offline_composer():
    assert sorted(DEFAULT_ORDER) == sorted([*PRESETS, "offline"])


def test_importing_settings_brings_no_keyring_and_no_pydantic():
    code = "import sys, conduit.settings; print({'keyring', 'platformdirs', 'pydantic'} & set(sys.modules))"

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "set()"
