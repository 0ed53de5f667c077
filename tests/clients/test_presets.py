from typing import get_args

import pytest
from anthropic.types.model import Model
from openai.types.shared.chat_model import ChatModel

from conduit.clients import Place
from conduit.clients.presets import PRESETS, custom, default_model
from conduit.errors import SetupError


def test_what_needs_a_key_is_in_the_cloud_over_https_and_what_has_a_port_is_near():
    for preset in PRESETS.values():
        assert (
            (preset.place is Place.CLOUD) == preset.base_url.startswith("https://") == (preset.port is None)
        )
        assert preset.keys or preset.place is Place.LOCAL


def test_a_local_port_is_the_one_of_its_url():
    local = [preset for preset in PRESETS.values() if preset.port]

    assert all(f"http://127.0.0.1:{preset.port}" in preset.base_url for preset in local)
    assert len({preset.port for preset in local}) == len(local)


@pytest.mark.parametrize(
    ("name", "known"), [("anthropic", get_args(get_args(Model)[0])), ("openai", get_args(ChatModel))]
)
def test_the_models_known_without_asking_are_in_the_sdks_own_list(name, known):
    assert set(PRESETS[name].models) <= set(known)
    assert default_model(PRESETS[name], known) == PRESETS[name].models[0] == default_model(PRESETS[name], ())


@pytest.mark.parametrize(
    ("name", "listed", "default"),
    [
        (
            "anthropic",
            ["claude-opus-5-5", "claude-sonnet-4-5-20250929", "claude-sonnet-5"],
            "claude-sonnet-5",
        ),
        ("anthropic", ["claude-sonnet-4-6", "claude-sonnet-5-20260101"], "claude-sonnet-5-20260101"),
        ("anthropic", ["claude-sonnet-5-5-20260801", "claude-sonnet-5-5"], "claude-sonnet-5-5"),
        ("anthropic", ["claude-opus-5", "claude-haiku-5"], "claude-opus-5"),
        ("openai", ["gpt-5.6-terra", "text-embedding-3-large", "gpt-6-luna"], "gpt-5.6-terra"),
        ("openai", ["gpt-6-image", "gpt-5.4-mini", "gpt-5.4"], "gpt-5.4"),
        ("gemini", ["models/gemini-3-flash-lite", "models/gemini-3-flash", "models/gemini-2.5-flash"], None),
        ("lmstudio", ["text-embedding-nomic-embed-text-v1.5", "qwen3-8b"], "qwen3-8b"),
        ("ollama", ["nomic-embed-text:latest", "smollm2:135m", "qwen3:8b"], "smollm2:135m"),
        ("ollama", ["nomic-embed-text:latest"], "nomic-embed-text:latest"),
    ],
    ids=str,
)
def test_the_default_is_the_newest_of_the_preferred_kind(name, listed, default):
    assert default_model(PRESETS[name], listed) == (default or listed[1])


def test_a_provider_without_a_model_is_said():
    with pytest.raises(SetupError, match="lmstudio has no model"):
        default_model(PRESETS["lmstudio"], [])


@pytest.mark.parametrize(
    ("url", "base_url", "protocol", "place"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/v1", "openai", Place.LOCAL),
        ("http://localhost:5000/", "http://localhost:5000/v1", "openai", Place.LOCAL),
        ("http://192.168.1.20:8000/api/v3/", "http://192.168.1.20:8000/api/v3", "openai", Place.LOCAL),
        ("http://[::1]:8000", "http://[::1]:8000/v1", "openai", Place.LOCAL),
        ("http://[fd00::7]:8000", "http://[fd00::7]:8000/v1", "openai", Place.LOCAL),
        ("http://studio.local", "http://studio.local/v1", "openai", Place.LOCAL),
        ("https://api.groq.com/openai/v1", "https://api.groq.com/openai/v1", "openai", Place.CLOUD),
        ("https://10.0.0.5/v1", "https://10.0.0.5/v1", "openai", Place.LOCAL),
        ("http://10.0.0.5:11434", "http://10.0.0.5:11434", "ollama", Place.LOCAL),
        ("http://10.0.0.5:11434/v1", "http://10.0.0.5:11434/v1", "openai", Place.LOCAL),
        ("http://10.0.0.5:9999/api", "http://10.0.0.5:9999", "ollama", Place.LOCAL),
    ],
    ids=str,
)
def test_a_url_says_protocol_and_place(url, base_url, protocol, place):
    preset = custom("home", url)

    assert (preset.base_url, preset.protocol, preset.place) == (base_url, protocol, place)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/v1",
        "http://203.0.113.7:8000",
        "http://127.0.0.1.example.org",
        "http://2130706433",
        "http://[::ffff:8.8.8.8]:8000",
        "http://172.32.0.1",
        "http://local.example.org",
    ],
)
def test_no_key_goes_over_the_net_unencrypted(url):
    with pytest.raises(SetupError, match="use https"):
        custom("home", url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:8000",
        "ftp://127.0.0.1",
        "http://",
        "http:///v1",
        "http://127.0.0.1:99999",
        "http://[::1",
        "http://127.0.0.1 /v1",
        "http://127.0.0.1\\@example.org",
        "http://127.0.0.1/v1?key=x",
        "http://127.0.0.1/v1#x",
    ],
)
def test_what_is_no_base_url_is_refused(url):
    with pytest.raises(SetupError, match="home: "):
        custom("home", url)


def test_a_password_in_a_url_is_refused_and_not_shown():
    with pytest.raises(SetupError, match="MY_HOST_API_KEY") as caught:
        custom("my-host", "https://me:hidden@host/v1")

    assert "hidden" not in caught.value.message


@pytest.mark.parametrize("name", ["offline", "auto", "local", "", "Home", "a/b", "a b", "ä"])
def test_a_name_that_cannot_be_is_refused(name):
    with pytest.raises(SetupError, match="cannot name a provider"):
        custom(name, "http://127.0.0.1:8000")


def test_the_key_of_a_new_name_is_looked_for_under_it():
    assert custom("my-groq", "https://api.groq.com/openai/v1").keys == ("MY_GROQ_API_KEY",)


def test_a_known_name_keeps_what_is_known_and_moves():
    preset = custom("ollama", "http://192.168.1.5:9999")

    assert (preset.protocol, preset.base_url, preset.port) == ("ollama", "http://192.168.1.5:9999", 9999)


def test_a_local_server_behind_https_elsewhere_is_in_the_cloud():
    preset = custom("vllm", "https://gpu.example.org")

    assert (preset.place, preset.base_url) == (Place.CLOUD, "https://gpu.example.org/v1")
    assert (preset.port, preset.keys) == (None, ("VLLM_API_KEY",))
