import asyncio
import contextvars
import enum
import functools
import inspect
import json
import threading
from collections.abc import Awaitable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Union

import numpy as np
import pytest
from engine.turns import alone, box, calls, results, turn
from pydantic import BaseModel, Field

from conduit.engine.define import FunctionTool, tool
from conduit.engine.plan import Change
from conduit.engine.risk import Tier
from conduit.engine.tool import Tool
from conduit.errors import SetupError
from conduit.messages import ToolCallPart


def call(made, **arguments):
    """Call a tool as a model does; give the result's text."""
    part = ToolCallPart(id="1", name=made.name, arguments=json.dumps(arguments))
    return asyncio.run(alone(box(made).execute(part))).result.text


def documented(function):
    function.__doc__ = function.__doc__ or "Do it."
    return function


# What a definition says


@tool
def transpose(pitch: int, by: int = 12, *, name: str | None = None) -> int:
    """Move a pitch.

    It may leave the range of MIDI.

    Args:
        pitch: MIDI pitch,
            0-127.
        by: Semitones.

    Returns:
        The new pitch.
    """
    del name
    return pitch + by


_MOVE = "Move a pitch.\n\nIt may leave the range of MIDI.\n\nReturns: The new pitch."


def test_name_description_and_schema_come_from_signature_and_docstring():
    spec = transpose.spec

    assert (spec.name, spec.description) == ("transpose", _MOVE)
    assert spec.parameters == {
        "type": "object",
        "properties": {
            "pitch": {"type": "integer", "description": "MIDI pitch, 0-127."},
            "by": {"type": "integer", "default": 12, "description": "Semitones."},
            "name": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
        },
        "required": ["pitch"],
        "additionalProperties": False,
    }


def test_the_function_stays_what_it_was():
    assert transpose(45, by=3) == 48
    assert transpose.__name__ == "transpose"
    assert inspect.signature(transpose) == inspect.signature(transpose.__wrapped__)
    assert inspect.getdoc(transpose).startswith("Move a pitch.")
    assert repr(transpose) == "<tool transpose (Stateful)>"


def test_annotations_say_more_than_the_docstring():
    @tool
    def play(
        pitch: Annotated[int, "MIDI pitch"],
        velocity: Annotated[int, Field(ge=1, le=127, description="How hard")] = 96,
        part: Literal["bass", "lead"] = "bass",
    ) -> str:
        """Play.

        Args:
            pitch: Something else.
        """
        return f"{pitch} {velocity} {part}"

    assert play.spec.parameters["properties"] == {
        "pitch": {"type": "integer", "description": "MIDI pitch"},
        "velocity": {
            "type": "integer", "minimum": 1, "maximum": 127, "default": 96, "description": "How hard"
        },
        "part": {"type": "string", "enum": ["bass", "lead"], "default": "bass"},
    }  # fmt: skip


def test_annotations_as_text_are_read():
    def play(clip, bars):
        """Play."""
        return f"{clip} {bars}"

    play.__annotations__ = {"clip": "dict[str, int]", "bars": "Literal[1, 2]"}

    assert call(tool(play), clip={"a": 1}, bars=2) == "{'a': 1} 2"


def test_a_docstring_of_another_style_is_read_too():
    @tool
    def play(pitch: int) -> str:
        """Play.

        Parameters
        ----------
        pitch : int
            MIDI pitch.
        """
        return str(pitch)

    assert play.spec.parameters["properties"]["pitch"]["description"] == "MIDI pitch."


def test_options_are_taken_over():
    @tool(name="look", tier=Tier.READ_ONLY, timeout_s=3)
    def anything() -> str:
        """Look."""
        return "seen"

    assert (anything.name, anything.tier, anything.tool.timeout_s) == ("look", Tier.READ_ONLY, 3)
    assert anything() == "seen"


def test_a_function_that_says_nothing_is_stateful():
    assert transpose.tier is Tier.STATEFUL


def test_options_without_a_function_may_be_empty():
    assert tool()(documented(lambda_free)).name == "lambda_free"


def lambda_free() -> None: ...


@pytest.mark.parametrize(
    "name", ["schema", "copy", "model_config", "_hidden", "json", "self_", "title", "p0"]
)
def test_a_parameter_may_have_any_name(name):
    scope = {}
    exec(f"def take({name}: int) -> int:\n    'Take.'\n    return {name}", scope)  # noqa: S102  a name each
    taking = tool(scope["take"])

    assert taking.spec.parameters["properties"] == {name: {"type": "integer"}}
    assert call(taking, **{name: 7}) == "7"


# What a docstring says


@pytest.mark.parametrize("bullet", ["-", "*", "- ", "* "])
def test_parameters_may_be_described_in_a_list(bullet):
    @documented
    def play(pitch: int, velocity: int): ...

    play.__doc__ = f"Play.\n\nArgs:\n    {bullet}pitch: How high.\n    {bullet}velocity (int): How hard."

    properties = tool(play).spec.parameters["properties"]

    assert [properties[name]["description"] for name in ("pitch", "velocity")] == ["How high.", "How hard."]


def test_attributes_are_no_parameters():
    @tool
    def look(kind: str) -> str:
        """Look.

        Attributes:
            seen: What was found.
        """
        return kind

    assert list(look.spec.parameters["properties"]) == ["kind"]


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("Returns:\n    The tempo: in bpm,\n    as it is now.", "Returns: The tempo: in bpm, as it is now."),
        ("Returns:\n    int: Beats per minute.", "Returns: int: Beats per minute."),
        ("Returns\n-------\nint\n    In bpm.\n", "Returns: int: In bpm."),
    ],
    ids=["words", "type and words", "numpy"],
)
def test_the_model_is_told_what_it_gets(section, said):
    @documented
    def tempo() -> int: ...

    tempo.__doc__ = f"Read the tempo.\n\n{section}"

    assert tool(tempo).spec.description == f"Read the tempo.\n\n{said}"


# Defaults


@pytest.mark.parametrize(
    ("annotation", "default"),
    [
        (int, None),
        (int | None, None),
        (Annotated[int, "how many"], None),
        (Annotated[int, Field(ge=0)], None),
        (int, Field(None, ge=0)),
    ],
    ids=["plain", "says so", "words", "field", "default field"],
)
def test_a_default_of_none_may_be_given_as_null(annotation, default):
    def look(bars=default):
        """Look."""
        return repr(bars)

    look.__annotations__ = {"bars": annotation}

    assert [call(tool(look)), call(tool(look), bars=None), call(tool(look), bars=3)] == ["None", "None", "3"]
    assert {"type": "null"} in tool(look).spec.parameters["properties"]["bars"]["anyOf"]


def test_words_and_bounds_of_what_may_be_null_stay():
    @tool
    def look(bars: Annotated[int, "how many", Field(ge=0)] = None) -> str:  # noqa: RUF013  what users write
        """Look."""
        return repr(bars)

    assert look.spec.parameters["properties"]["bars"]["description"] == "how many"
    assert "greater than or equal to 0" in call(look, bars=-1)


def test_a_field_as_the_default_is_taken_over():
    @tool
    def look(
        bars: int = Field(3, ge=1, description="how many"),
        tags: list[str] = Field(default_factory=list),  # noqa: B008  what users write
        place: str = Field(description="where"),
    ) -> str:
        """Look.

        Args:
            tags: what for
        """
        return f"{bars} {tags} {place}"

    properties = look.spec.parameters["properties"]

    assert call(look, place="bass") == "3 [] bass"
    assert "bars: Input should be greater than or equal to 1" in call(look, place="bass", bars=0)
    assert properties["bars"] == {"type": "integer", "default": 3, "description": "how many", "minimum": 1}
    assert properties["tags"]["description"] == "what for"
    assert look.spec.parameters["required"] == ["place"]


def test_a_default_that_json_cannot_hold_is_left_out_without_a_word():
    missing = object()

    @tool
    def look(bars: int | None = missing, sound: bytes = b"\xff") -> bool:
        """Look."""
        return bars is missing and sound == b"\xff"

    assert "default" not in look.spec.parameters["properties"]["bars"]
    assert call(look) == "true"


def test_a_tool_is_described_once():
    assert transpose.spec is transpose.spec is transpose.tool.spec


# What is refused


def nothing_said(pitch: int) -> None: ...


def blank(pitch: int) -> None:
    """ """


@documented
def bare(pitch): ...


@documented
def many(*pitches: int): ...


@documented
def options(**more: int): ...


@documented
def placed(pitch: int, /): ...


@documented
def pages():
    yield 1


@documented
async def apages():
    yield 1


def wrong_words(pitch: int):
    """Do it.

    Args:
        pich: MIDI pitch.
    """


@documented
def callback(then: threading.Lock): ...


@documented
def unknown(what: "Nowhere"): ...  # noqa: F821


@documented
def broken(what: "int |"): ...  # noqa: F722


class Thing:
    """A thing."""

    @documented
    def method(self, pitch: int) -> str:
        return f"{pitch}"


class Callable_:  # noqa: N801  it has no __name__
    """A callable."""

    def __call__(self, pitch: int): ...


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda pitch: pitch, "a lambda has no name, docstring or annotations; write a def"),
        (nothing_said, "tool nothing_said has no docstring; say in one when and how to use it"),
        (blank, "tool blank has no docstring"),
        (bare, "pitch of tool bare has no annotation; write what it takes, such as pitch: int"),
        (many, r"tool many takes \*pitches, which has no schema; name each parameter, or take one list"),
        (options, r"tool options takes \*\*more, which has no schema"),
        (placed, "pitch of tool placed is positional only, and a model names its arguments; take the / away"),
        (pages, "pages yields, and a tool answers once; return the whole, such as a list"),
        (apages, "apages yields"),
        (
            wrong_words,
            "the docstring of tool wrong_words describes pich, which it does not take; it takes pitch",
        ),
        (callback, "what tool callback takes cannot be written as JSON"),
        (
            unknown,
            "an annotation of tool unknown cannot be read: name 'Nowhere' is not defined; import or define",
        ),
        (
            Thing.method,
            r"self of tool method has no annotation; .* hand in a bound method: tool\(thing.method\)",
        ),
        (Thing, "Thing is not a plain function; write a def that calls it, and put @tool above that"),
        (Callable_(), "this Callable_ is not a plain function; write a def"),
        (functools.partial(transpose.__wrapped__, 1), "this partial is not a plain function; write a def"),
        (staticmethod(transpose.__wrapped__), "transpose is not a plain function"),
        (transpose, "transpose is a tool already; write @tool once"),
    ],
    ids=lambda value: getattr(value, "__name__", None) if not isinstance(value, str) else "",
)
def test_what_a_model_could_not_use_is_refused_where_it_is_defined(function, said):
    with pytest.raises(SetupError, match=said):
        tool(function)


@pytest.mark.parametrize("thing", [Callable_(), functools.partial(transpose.__wrapped__, 1), len])
def test_a_name_makes_no_function_of_what_is_none(thing):
    with pytest.raises(SetupError, match="is not a plain function; write a def that calls it"):
        tool(name="named")(thing)


def test_what_wraps_a_function_and_says_so_is_a_function():
    class Counted:
        def __init__(self, function):
            functools.update_wrapper(self, function)

        def __call__(self, *args, **kwargs):
            return self.__wrapped__(*args, **kwargs)

    assert call(tool(Counted(transpose.__wrapped__)), pitch=45) == "57"
    assert call(tool(functools.lru_cache(transpose.__wrapped__)), pitch=45) == "57"


@pytest.mark.parametrize("tier", ["read_only", "readonly", ""])
def test_a_tier_that_is_none_is_refused_with_the_list(tier):
    said = "is no tier; the tiers are: ReadOnly, Stateful, ConfigChange, HardwareIO, Privileged"

    with pytest.raises(SetupError, match=said):
        tool(tier=tier)
    with pytest.raises(SetupError, match=said):
        Tool("do", "do it", Model, tier, transpose)


def test_a_tier_may_be_given_by_its_name():
    assert tool(tier="ReadOnly")(documented(lambda_free)).tier is Tier.READ_ONLY
    assert Tool("do", "do it", Model, "ReadOnly", transpose).tier is Tier.READ_ONLY


@pytest.mark.parametrize("name", ["two words", "größe", "x" * 65, "a.b"])
def test_a_name_that_not_every_provider_takes_is_refused(name):
    with pytest.raises(SetupError, match=r"is not a name that every provider takes.*@tool\(name=…\)"):
        tool(name=name)(documented(lambda_free))


@pytest.mark.parametrize("timeout_s", [0, -1, float("nan")])
def test_a_timeout_of_nothing_is_refused(timeout_s):
    with pytest.raises(SetupError, match="timeout_s of tool lambda_free is"):
        tool(timeout_s=timeout_s)(documented(lambda_free))


@pytest.mark.parametrize("tier", [Tier.CONFIG_CHANGE, Tier.HARDWARE_IO])
@pytest.mark.parametrize(
    "returned",
    [str, None, inspect.Signature.empty, Change | str, Any, list[Change], Awaitable[Change]],
    ids=str,
)
def test_a_function_that_would_act_before_anybody_approved_is_refused(tier, returned):
    def send(note: int): ...

    if returned is not inspect.Signature.empty:
        send.__annotations__["return"] = returned

    with pytest.raises(SetupError, match=f"tool send is of tier {tier}, so a person decides before anything"):
        tool(tier=tier)(documented(send))


# What a call gives


class Idle:
    """A change of nothing."""

    tier = Tier.HARDWARE_IO
    title = "do nothing"
    notes = ()
    lines = ()
    overwrites = False

    async def fingerprint(self):
        return "same"

    async def apply(self):
        return self


@pytest.mark.parametrize("returned", [Change, Idle, Idle | Change, Union[Idle, Change]])  # noqa: UP007  both
def test_a_function_that_returns_a_change_makes_a_plan(returned):
    def send(note: int):
        """Send."""
        del note
        return Idle()

    send.__annotations__["return"] = returned

    assert call(tool(tier=Tier.HARDWARE_IO)(send), note=1).startswith("plan P1 is pending: do nothing.")


class Colour(enum.Enum):
    RED = "red"


class Model(BaseModel):
    size: int


@dataclass
class Point:
    x: int


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        ("", ""),
        (None, "done"),
        (7, "7"),
        (True, "true"),
        ({"a": (1, None)}, '{"a":[1,null]}'),
        (Model(size=3), '{"size":3}'),
        ([Point(1), Point(2)], '[{"x":1},{"x":2}]'),
        (Colour.RED, '"red"'),
        (Decimal("1.50"), '"1.50"'),
        (Path("a/b"), '"a/b"'),
        (np.int64(3), "3"),
        (np.array([[1, 2]]), "[[1,2]]"),
        ({"f": np.float32(0.5)}, '{"f":0.5}'),
        (object(), "tool give failed: TypeError: it returned object, of which JSON cannot be made"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_text_is_sent_as_it_is_and_the_rest_as_json(value, text):
    @tool
    def give() -> Any:
        """Give."""
        return value

    assert call(give).startswith(text)


def pages_of():
    yield 1


async def apages_of():
    yield 1


@pytest.mark.parametrize(
    "lazy",
    [pages_of, apages_of, lambda: map(str, [1]), lambda: iter([1])],
    ids=["pages", "async", "map", "iter"],
)
def test_what_is_only_made_as_it_is_read_is_refused(lazy):
    @tool
    def give() -> Any:
        """Give."""
        return lazy()

    @tool
    async def agive() -> Any:
        """Give."""
        return lazy()

    for giving in (give, agive):
        assert call(giving).endswith("which is made as it is read; return a list")


def test_what_a_plain_function_returns_is_written_away_from_the_loop():
    written = []

    class Slow:
        def tolist(self):
            written.append(threading.current_thread().name)
            return [1]

    @tool
    def give() -> Any:
        """Give."""
        return [Slow()]

    assert (call(give), written) == ("[[1]]", ["tool-give"])


def test_arguments_become_what_the_annotations_say():
    @tool
    def look(point: Point, model: Model, colour: Colour, *, deep: list[Point] | None = None) -> str:
        """Look."""
        return f"{point} {model!r} {colour} {deep}"

    said = call(look, point={"x": 1}, model={"size": 2}, colour="red", deep=[{"x": 3}])

    assert said == (
        f"{Point(1)} {Model(size=2)!r} {Colour.RED} {[Point(3)]}"
    )  # fmt: skip


def test_defaults_are_the_functions_own_and_are_not_shared():
    @tool
    def keep(word: str, kept: list[str] = []) -> list[str]:  # noqa: B006  what users write
        """Keep."""
        kept.append(word)
        return kept

    assert [call(keep, word="a"), call(keep, word="b")] == ['["a"]', '["b"]']


def test_surplus_and_missing_arguments_are_named():
    assert call(transpose, pitch=1, to=3) == (
        "the arguments are not valid: to: Extra inputs are not permitted. transpose takes: pitch, by, name"
    )
    assert "pitch: Field required" in call(transpose)


def test_a_plain_function_runs_in_a_thread_and_sees_the_callers_context():
    speaker = contextvars.ContextVar("speaker", default="nobody")

    @tool
    def where() -> str:
        """Say where."""
        return f"{threading.current_thread().name} {speaker.get()}"

    async def main():
        speaker.set("me")
        return await box(where).execute(ToolCallPart(id="1", name="where"))

    assert asyncio.run(alone(main())).result.text == "tool-where me"


def test_an_async_function_runs_on_the_loop():
    @tool
    async def where() -> str:
        """Say where."""
        return threading.current_thread().name

    assert call(where) == threading.current_thread().name
    assert asyncio.run(where()) == threading.current_thread().name


def test_what_a_plain_function_returns_is_awaited_if_it_can_be():
    async def later():
        return "later"

    @tool
    def soon() -> Any:
        """Return something to wait for."""
        return later()

    assert call(soon) == "later"


def test_a_plain_function_may_raise_what_a_future_cannot_hold():
    @tool
    def stop() -> str:
        """Stop."""
        raise StopIteration

    assert call(stop) == "tool stop failed: RuntimeError: StopIteration was raised"


def test_a_bound_method_is_a_tool():
    assert call(tool(Thing().method), pitch=7) == "7"


def test_a_defined_tool_takes_part_in_a_turn():
    @tool
    def do(word: str) -> str:
        """Do it."""
        return word * 2

    assert isinstance(do, FunctionTool)
    assert results(asyncio.run(alone(turn([calls("do", "do"), "done"], do)))) == ["00", "11"]
