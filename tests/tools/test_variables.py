import datetime as dt
import sys
import time
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, IntEnum
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from pydantic import BaseModel, SecretStr

from conduit.keys import MASK, Keys
from conduit.music import Clip, Note
from conduit.tools.outline import kind, outline
from conduit.tools.variables import variable_tools

KEY = "sk-" + "a1B2" * 8
clean = Keys({}).scrub


def shown(value, *, start=0):
    return outline(value, clean=clean, start=start)


def tools_for(**variables):
    return variable_tools(lambda: variables, clean=clean)


def alarm(*_args, **_kwargs):
    raise AssertionError("foreign code was run")


class Trap:
    """Raises whenever it is asked anything."""

    __repr__ = __str__ = __len__ = __iter__ = __bool__ = __eq__ = __format__ = __getattr__ = alarm
    __hash__ = object.__hash__

    @property
    def __class__(self):
        alarm()

    @property
    def notes(self):
        alarm()


class TrapList(list):
    __repr__ = __str__ = __len__ = __iter__ = __getitem__ = alarm


class TrapDict(dict):
    __repr__ = __len__ = __iter__ = __getitem__ = items = keys = alarm


class TrapText(str):
    __slots__ = ()
    __repr__ = __str__ = __len__ = __getitem__ = alarm


class TrapNumber(int):
    __repr__ = __str__ = __bool__ = bit_length = alarm


class Loud:
    __repr__ = __str__ = alarm


class Slow:
    def __repr__(self):
        time.sleep(60)
        return ""


class Mood(Enum):
    DARK = 1


class Step(IntEnum):
    ONE = 1


@dataclass
class Brief:
    bars: int
    password: str = "hunter2"  # noqa: S105
    trap: Trap = field(default_factory=Trap)
    hidden: str = field(default="unseen", repr=False)

    @property
    def lazy(self):
        alarm()


@dataclass(slots=True)
class Slotted:
    bars: int


class Song(BaseModel):
    name: str
    key: SecretStr = SecretStr("hunter2")


# Made inside the test: pytest asks a parameter about itself.
@pytest.mark.parametrize(
    "make", [Trap, Slow, lambda: [Trap()], lambda: {"x": Trap()}, lambda: Brief(4), lambda: {Trap()}]
)
def test_no_repr_and_no_property_is_ever_called(make):
    value = make()

    assert "<Trap>" in kind(value) + shown(value) or shown(value) == "<Slow>"


@pytest.mark.parametrize(
    ("of", "given", "told"),
    [
        (TrapList, [1, 2], "0: 1\n1: 2"),
        (TrapDict, {"a": 1}, "'a': 1"),
        (TrapText, "dark", "dark"),
        (TrapNumber, 7, "7"),
    ],
)
def test_a_subclass_is_read_as_what_it_is_a_subclass_of(of, given, told):
    value = of(given)

    assert kind(value).startswith(of.__name__)
    assert shown(value) == told


Pair = namedtuple("Pair", "a b")  # noqa: PYI024


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, "None"),
        (True, "True"),
        ("dark", "dark"),
        (b"abc", "<bytes of 3 bytes>"),
        (range(3), "range(0, 3)"),
        (Decimal("1.5"), "Decimal('1.5')"),
        (Fraction(1, 3), "Fraction(1, 3)"),
        (dt.date(2026, 1, 2), "datetime.date(2026, 1, 2)"),
        (dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.UTC), "2026-01-02T03:04:00 (in a time zone)"),
        (Mood.DARK, "Mood.DARK"),
        (Step.ONE, "1"),
        ([], "empty"),
        ((1, "a"), "0: 1\n1: 'a'"),
        (Pair(1, 2), "0: 1\n1: 2"),
        (deque([1]), "0: 1"),
        (Counter("aa"), "'a': 2"),
        (OrderedDict(a=[1]), "'a': [1]"),
        (defaultdict(list, a=(1,)), "'a': (1)"),
        (SimpleNamespace(bars=4), "SimpleNamespace(bars=4)"),
        (Slotted(4), "Slotted(bars=4)"),
        (Song(name="x"), "Song(name='x', key=<SecretStr>)"),
        (np.float64(0.5), "0.5"),
        (np.int16(3), "3"),
        (pd.Timestamp("2026-01-02"), "'2026-01-02 00:00:00'"),
        (object(), "<object>"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_known_kinds_are_told_whole(value, told):
    assert shown(value) == told


def test_a_dataclass_is_told_by_its_fields_but_those_that_are_secret_or_hidden():
    assert shown(Brief(4)) == f"Brief(bars=4, password={MASK}, trap=<Trap>)"


def test_a_clip_is_told_in_its_notation():
    clip = Clip.of([Note(45, 0, 1)], name="Bass", instrument="bass")

    assert kind(clip) == "Clip Bass · 1 bar · 4/4 · 120 bpm · 1 note"
    assert shown(clip) == "clip Bass | 1 bars | 4/4 | 120 bpm | bass\n1 | 1:A1/4"


def test_a_frame_is_told_by_its_shape_and_head():
    frame = pd.DataFrame({"bpm": range(100), "token": "hunter2", "what": [Loud()] * 100})

    assert kind(frame) == "DataFrame of 100 rows and 3 columns"
    assert shown(frame, start=98) == (
        f"columns: 'bpm' int64, 'token' str, 'what' object\n98 | 98 | {MASK} | <Loud>\n99 | 99 | {MASK} | <Loud>"
    )
    assert shown(frame).endswith("90 more; go on with start 10")


def test_a_series_hides_what_sounds_secret():
    assert shown(pd.Series({"bpm": "128", "api_key": "hunter2"})) == f"'bpm': '128'\n'api_key': {MASK}"


def test_an_array_is_told_by_its_shape_and_head():
    assert kind(np.zeros((100, 100))) == "ndarray (100, 100) of float64"
    assert shown(np.arange(50)).endswith("38, 39\n10 more; go on with start 40")
    assert shown(np.array([Loud()], dtype=object)) == "<Loud>"


def test_a_broken_subclass_of_a_frame_does_no_harm():
    class Broken(pd.DataFrame):
        @property
        def shape(self):
            raise RuntimeError("x")

    frame = Broken({"a": [1]})

    assert kind(frame) == shown(frame) == "Broken that cannot be read (RuntimeError)"


@pytest.mark.slow
def test_the_huge_is_cut_and_quick():
    deep = []
    deep.append(deep)
    for _ in range(8):
        deep = [deep] * 1000
    everything = [
        deep,
        "x" * 10_000_000,
        10**100_000,
        Fraction(10**9_000),
        dict.fromkeys(range(100000), "y" * 999),
    ]
    started = time.process_time()

    told = shown(everything) + shown("x" * 10_000_000) + shown(list(range(10_000_000)))

    assert len(told) < 25_000
    assert time.process_time() - started < 5


def test_the_pages_of_a_long_text_and_of_a_long_list_follow_each_other(call):
    assert shown("ab" * 5_000).endswith("6000 characters more; go on with start 4000")
    assert shown("ab" * 5_000, start=9_998) == "ab"
    assert shown(list(range(60)), start=58) == "58: 58\n59: 59"
    assert "start" in call(tools_for(x=1), "inspect_variable", name="x", start=-1)
    assert shown([1], start=5) == "start 5 is past the end: there are 1"


@pytest.mark.parametrize(
    "value",
    [
        KEY,
        f"a {KEY} b",
        "x" * 3_989 + " " + KEY,
        [KEY],
        ["x" * 190 + " " + KEY],
        {"a": {"b": (KEY,)}},
        {"password": KEY},
        {KEY: 1},
        SimpleNamespace(auth="hunter2" + KEY),
        pd.DataFrame({"a": [KEY]}),
        np.array([KEY]),
        Clip.of([], name=KEY),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_key_is_never_told_not_even_a_part_of_it(call, value):
    told = call(tools_for(x=value), "inspect_variable", name="x") + call(tools_for(x=value), "list_variables")

    assert KEY[:10] not in told
    assert "hunter2" not in told


def test_a_key_that_was_seen_before_is_not_told_whatever_it_looks_like():
    keys = Keys({"X": "correct-horse"})
    keys.find("x", ["X"])

    assert outline(["my correct-horse"], clean=keys.scrub) == f"0: {MASK}"


def test_variables_are_listed_but_the_notebooks_own_and_modules_are_not(call):
    tools = tools_for(bpm=128, clip="x", api_key="hunter2", _1=1, In=[], sys=sys)

    assert call(tools, "list_variables") == (
        "api_key: kept back: it sounds like a secret\nbpm: int\nclip: str of 1 characters"
    )
    assert call(tools, "list_variables", name_contains="BP") == "bpm: int"


def test_what_sounds_like_a_secret_is_not_inspected(call):
    said = call(tools_for(OPENAI_KEY="hunter2"), "inspect_variable", name="OPENAI_KEY")

    assert said == "refused: OPENAI_KEY is kept back: it sounds like a secret"


@pytest.mark.parametrize("name", ["basss", "bass.real", "bass[0]", "__builtins__", "_1", "sys", ""])
def test_only_a_name_that_was_listed_is_inspected(call, name):
    said = call(tools_for(bass=1, _1="unseen", sys=sys), "inspect_variable", name=name)

    assert said.startswith(f"refused: there is no variable {name!r}; ")
    assert "bass" in said


def test_half_a_character_can_still_be_sent(call):
    call(tools_for(x="\udcff"), "inspect_variable", name="x").encode()
