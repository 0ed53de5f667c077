from types import SimpleNamespace

import pytest
from conduit_magics.insert import insert

from conduit.errors import SetupError
from conduit.music import Clip, Note

CLIP = Clip.of([Note(45, 0, 1)], name="Bass", instrument="bass")


@pytest.mark.parametrize(
    ("text", "variables", "sent"),
    [
        ("a {mood} line", {"mood": "dark"}, "a dark line"),
        ("{n} bars", {"n": 4}, "4 bars"),
        ("{a.b}", {"a": SimpleNamespace(b="x")}, "x"),
        ("{a[1]} {d['k']}", {"a": [1, 2], "d": {"k": "v"}}, "2 v"),
        ("{unknown}", {}, "{unknown}"),
        ("{{mood}}", {"mood": "dark"}, "{mood}"),
        ("{{unknown}}", {}, "{{unknown}}"),
        ("def f(): return {1: 2}", {}, "def f(): return {1: 2}"),
        ("{ } {} {0} {!r} {a b} { mood }", {"mood": "dark"}, "{ } {} {0} {!r} {a b} { mood }"),
        ("{unclosed", {"unclosed": 1}, "{unclosed"),
        ("{mood!r} {mood:>9}", {"mood": "dark"}, "{mood!r} {mood:>9}"),
        ("{a}", {"a": "{secret}", "secret": "s3cret"}, "{secret}"),
    ],
)
def test_a_variable_is_inserted_once_and_braces_are_left_alone(text, variables, sent):
    assert insert(text, variables) == sent


def test_a_clip_is_inserted_in_its_notation():
    assert "clip Bass | 1 bars | 4/4 | 120 bpm | bass\n1 | 1:A1/4" in insert("vary {c}", {"c": CLIP})


def test_a_long_value_is_cut_and_says_so():
    sent = insert("{x}", {"x": "y" * 5000})

    assert "1000 characters left out" in sent
    assert '<data name="x">' in sent


@pytest.mark.parametrize(
    "name", ["api_key", "OPENAI_API_KEY", "OPENAI_KEY", "auth", "token", "my_secret", "password"]
)
def test_what_sounds_like_a_secret_is_never_sent(name):
    with pytest.raises(SetupError, match="sounds like a secret") as caught:
        insert(f"{{{name}}}", {name: "s3cret"})

    assert "s3cret" not in caught.value.message


@pytest.mark.parametrize("name", ["key", "root_key", "ntokens", "author"])
def test_what_only_looks_like_a_secret_is_sent(name):
    assert insert(f"in {{{name}}}", {name: "A minor"}) == "in A minor"


def test_a_value_that_looks_like_a_key_is_never_sent():
    with pytest.raises(SetupError, match="looks like a key") as caught:
        insert("{settings}", {"settings": {"x": "sk-" + "a1B2" * 8}})

    assert "a1B2" not in caught.value.message


def test_a_value_that_fails_to_show_itself_stops_the_cell_with_its_name():
    class Broken:
        def __repr__(self):
            raise RuntimeError("no")

    with pytest.raises(SetupError, match=r"\{x\} cannot be written"):
        insert("{x}", {"x": Broken()})


@pytest.mark.parametrize("path", ["x.nothing", "x[9]", "x.__class__"])
def test_what_does_not_exist_or_is_private_stops_the_cell(path):
    with pytest.raises(SetupError):
        insert(f"{{{path}}}", {"x": [1]})
