import copy
import json
import pickle
import threading

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from conduit.keys import Keys, Secret

NAMES = ("OPENAI_API_KEY",)
KEY = "sk-proj-abcdefghijklmnop"


class Drawer(KeyringBackend):
    """A keyring in memory that counts questions, and may refuse or hang."""

    priority = 1

    def __init__(self, content=(), *, locked=False, opened=None):
        super().__init__()
        self.content = dict(content)
        self.asked = []
        self.locked = locked
        self.opened = opened

    def get_password(self, service, username):
        self.asked.append(username)
        if self.opened is not None:
            self.opened.wait()
        if self.locked:
            raise KeyringLocked
        return self.content.get((service, username))

    def set_password(self, service, username, password):
        self.content[service, username] = password


@pytest.fixture
def drawer():
    """Put a keyring in place of the system's."""
    before = keyring.get_keyring()

    def use(content=(), **facts):
        found = Drawer(content, **facts)
        keyring.set_keyring(found)
        return found

    use()
    yield use
    keyring.set_keyring(before)


@pytest.mark.parametrize(
    "show", [repr, str, format, "{:>10}".format, "{!r}".format, lambda key: f"{[key]} { ({'a': key}) }"]
)
def test_a_secret_never_shows(show):
    shown = show(Secret(KEY))

    assert "sk-" not in shown
    assert "•••" in shown


def test_json_has_no_place_for_a_secret_but_its_mask():
    with pytest.raises(TypeError):
        json.dumps(Secret(KEY))

    assert json.loads(json.dumps(Secret(KEY), default=str)) == "•••"


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_secret_is_not_pickled(protocol):
    with pytest.raises(TypeError, match="not pickled") as caught:
        pickle.dumps(Secret(KEY), protocol)

    assert KEY not in str(caught.value)


def test_a_copy_of_a_secret_is_itself():
    secret = Secret(KEY)

    assert copy.copy(secret) is secret
    assert copy.deepcopy([secret])[0] is secret


def test_secrets_are_equal_by_what_they_hold():
    assert Secret(KEY) == Secret(KEY)
    assert len({Secret(KEY), Secret(KEY), Secret("other")}) == 2
    assert Secret(KEY) != KEY


def test_a_key_is_taken_from_the_first_place_that_has_it(drawer):
    drawer({("conduit", "openai"): "from-keyring"})
    environ, config, given = {NAMES[0]: "from-env"}, {"openai": Secret("file")}, {"openai": Secret("arg")}

    everywhere = [
        Keys(environ, config=config, given=given),
        Keys(environ, config=config),
        Keys({}, config=config),
        Keys({}),
    ]

    found = [keys.find("openai", NAMES) for keys in everywhere]

    assert [key.source for key in found] == ["argument", "environment", "keyring", "keyring"]
    assert [key.secret.reveal() for key in found[:3]] == ["arg", "from-env", "from-keyring"]


def test_the_config_file_is_asked_last(drawer):
    drawer()

    found = Keys({}, config={"openai": Secret("file")}).find("openai", NAMES)

    assert (found.secret.reveal(), found.source) == ("file", "config file")


def test_a_blank_variable_is_no_key_and_the_next_name_counts(drawer):
    drawer()

    found = Keys({"A": " ", "B": " key\n"}).find("gemini", ("A", "B"))

    assert found.secret.reveal() == "key"


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "empty"])
def test_a_keyring_without_an_answer_means_no_key(drawer, locked):
    drawer(locked=locked)

    assert Keys({}).find("openai", NAMES) is None


def test_the_keyring_is_asked_once_until_it_is_to_be_forgotten(drawer):
    content = drawer()
    keys = Keys({})
    assert keys.find("openai", NAMES) is None
    content.set_password("conduit", "openai", "new")

    before, _ = keys.find("openai", NAMES), keys.forget("openai")
    after = keys.find("openai", NAMES)

    assert before is None
    assert after.secret.reveal() == "new"
    assert content.asked == ["openai", "openai"]


def test_a_keyring_that_hangs_is_waited_for_once_and_its_late_answer_counts(drawer):
    opened = threading.Event()
    content = drawer({("conduit", "openai"): "late"}, opened=opened)
    keys = Keys({}, wait_s=0.05)

    hung = [keys.find(name, ()) for name in ("openai", "gemini", "anthropic")]
    asked = list(content.asked)
    opened.set()
    for thread in threading.enumerate():
        if thread.name == "conduit-keyring":
            thread.join()

    assert hung == [None, None, None]
    assert asked == ["openai"]
    assert keys.find("openai", ()).secret.reveal() == "late"


def test_every_key_seen_is_known_and_scrubbed(drawer):
    drawer({("conduit", "vllm"): "from-the-keyring"})
    keys = Keys({"A": "from-env-1"}, config={"x": Secret("in-the-file")})
    keys.find("a", ("A",))
    keys.find("vllm", ())

    text = keys.scrub("from-env-1 from-the-keyring in-the-file and words")

    assert sorted(keys.known()) == ["from-env-1", "from-the-keyring", "in-the-file"]
    assert text == "••• ••• ••• and words"


def test_a_short_key_is_scrubbed_where_it_stands_alone():
    keys = Keys({}, given={"home": Secret("abc")})

    assert keys.scrub("the key abc in abcdef") == "the key ••• in abcdef"


def test_a_key_inside_a_longer_key_leaves_nothing_behind():
    keys = Keys({}, given={"a": Secret("12345678"), "b": Secret("12345678-and-more")})

    assert keys.scrub("12345678-and-more") == "•••"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Incorrect API key provided: sk-proj-ab***wxyz.", "Incorrect API key provided: •••."),
        ("key sk-ant-api03-Ab_c-defghij", "key •••"),
        ("sk-or-v1-0123456789abcdef", "•••"),
        ("https://host/v1?key=AIzaSyA1234567890abcdefgh&alt=sse", "https://host/v1?key=•••&alt=sse"),
        ("AIzaSyA1234567890abcdefgh", "•••"),
        ("gsk_0123456789abcdef", "•••"),
        ("pplx-0123456789abcdef", "•••"),
        ("{'Authorization': 'Bearer xyz'}", "{'Authorization': 'Bearer •••'}"),
        ('{"x-api-key": "secret-value"}', '{"x-api-key": "•••"}'),
        ("http://me:word@host/v1", "http://•••@host/v1"),
    ],
    ids=str,
)
def test_what_is_shaped_like_a_key_is_scrubbed(text, clean):
    assert Keys({}).scrub(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "Bearer token is missing",
        "a task-management-system",
        "disk-usage-report-2026",
        "api_key=None",
        "60 bpm, A minor",
    ],
)
def test_words_are_left_alone(text):
    assert Keys({}).scrub(text) == text


def test_the_status_says_where_a_key_is_and_nothing_of_it(drawer):
    drawer({("conduit", "gemini"): "aaaa-1111"})
    keys = Keys({NAMES[0]: "bbbb-2222"}, config={"perplexity": Secret("cccc-3333")})

    status = keys.status({"openai": NAMES, "gemini": (), "perplexity": (), "anthropic": ()})

    assert status == {
        "openai": "set (environment)",
        "gemini": "set (keyring)",
        "perplexity": "set (config file)",
        "anthropic": "not set",
    }
