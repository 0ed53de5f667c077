import pickle

import pytest
from pydantic import BaseModel, Field, field_validator

from conduit.channel import Prompt
from conduit.errors import PromptError, SetupError

JINJAS_OWN = ("cycler", "dict", "joiner", "lipsum", "namespace", "range")
LINES = "{% for name in names %}\n- {{ name }}\n{% endfor %}\nend"


class Brief(BaseModel):
    bars: int = Field(ge=1)
    key: str = "A minor"


class Tagged(BaseModel):
    tag: str

    @field_validator("tag")
    @classmethod
    def marked(cls, tag):
        return f"#{tag}"


class Broken:
    def __str__(self):
        raise RuntimeError("no text")


@pytest.mark.parametrize(
    ("template", "inputs", "required"),
    [
        ("plain", (), ()),
        ("{{ b }} {{ a }}", ("a", "b"), ("a", "b")),
        ("{{ a.b.c }} {{ a['d'] }}", ("a",), ("a",)),
        ("{% for x in xs %}{{ x }}{{ loop.index }}{% endfor %}", ("xs",), ("xs",)),
        ("{% set n = 3 %}{{ n }}{% for i in range(n) %}{% endfor %}", (), ()),
        ("{% if key is defined %}{{ key }}{% endif %}", ("key",), ()),
        ("{{ key | default('C') }} {{ bpm | d(120) }}", ("bpm", "key"), ()),
        ("{% macro m(x) %}{{ x }}{{ y }}{% endmacro %}{{ m(1) }}", ("y",), ("y",)),
    ],
    ids=["none", "two", "parts", "loop", "own", "asked", "default", "macro"],
)
def test_the_inputs_are_found_in_the_template(template, inputs, required):
    prompt = Prompt(template)

    assert prompt.inputs == inputs
    assert prompt.required == required


@pytest.mark.parametrize("name", JINJAS_OWN)
def test_an_input_may_be_called_as_something_of_jinjas_own(name):
    prompt = Prompt(f"{{{{ {name} }}}}")

    assert prompt.required == (name,)
    assert prompt.render({name: "C2-C4"}) == "C2-C4"


def test_an_input_may_be_called_range_beside_a_default():
    assert Prompt("{{ range | default('all') }}").render() == "all"


def test_an_input_that_cannot_be_told_from_jinjas_self_is_refused():
    with pytest.raises(PromptError, match="call the input something else"):
        Prompt("{{ self }}")


def test_missing_and_surplus_inputs_are_told_together():
    with pytest.raises(PromptError) as caught:
        Prompt("{{ a }}{{ b }}", name="two").render(b=1, c=2, d=3)

    error = caught.value
    assert error.message == "the prompt 'two' lacks a and has no c, d; its inputs are: a, b"
    assert (error.missing, error.surplus, error.valid) == (["a"], ["c", "d"], ["a", "b"])
    assert isinstance(error, SetupError)


def test_a_template_that_cannot_be_read_is_told_with_its_line():
    with pytest.raises(PromptError, match="the prompt cannot be read in line 3: Unexpected end"):
        Prompt("one\n{% if x %}\nthree")


@pytest.mark.parametrize(
    "template",
    ["{% include 'other' %}", "{% extends 'other' %}", "{% import 'other' as o %}"],
    ids=["include", "extends", "import"],
)
def test_a_template_is_alone(template):
    with pytest.raises(PromptError):
        Prompt(template).render()


@pytest.mark.parametrize(
    ("template", "values", "said"),
    [
        ("\n{{ a.b }}", {"a": {}}, r"the prompt fails in line 2: 'dict object' has no attribute 'b'"),
        ("{{ 1 // a }}", {"a": 0}, "division or modulo by zero"),
        ("{{ a + 1 }}", {"a": "x"}, "can only concatenate"),
        ("{{ a }}", {"a": Broken()}, "the prompt fails in line 1: no text"),
        ("{{ a | unknown_filter_is_told_before }}", None, "No filter named"),
        ("{{ a.__class__.__mro__ }}", {"a": 1}, "unsafe"),
        ("{{ ''.__class__ }}", {}, "unsafe"),
        ("{% for x in range(10**9) %}{% endfor %}", {}, "Range too big"),
        ("{{ a.append(1) }}", {"a": []}, "unsafe"),
    ],
    ids=["attribute", "division", "types", "value", "filter", "class", "text", "range", "change"],
)
def test_what_fails_in_a_template_is_a_prompt_error(template, values, said):
    with pytest.raises(PromptError, match=said):
        Prompt(template).render(values)


def test_values_are_data_and_never_read_as_a_template():
    text = Prompt("{{ words }}").render(words="{{ 7 * 7 }} <b>&amp;</b> {% raw %}")

    assert text == "{{ 7 * 7 }} <b>&amp;</b> {% raw %}"


def test_blocks_leave_no_blank_lines():
    assert Prompt(LINES).render(names=["kick", "snare"]) == "- kick\n- snare\nend"


def test_a_model_checks_the_inputs_and_fills_in_its_defaults():
    prompt = Prompt("{{ bars + 1 }} {{ key }}", inputs=Brief)

    assert prompt.render(bars="3") == "4 A minor"
    assert prompt.render(Brief(bars=3, key="C")) == "4 C"
    assert (prompt.inputs, prompt.required) == (("bars", "key"), ("bars",))
    assert prompt.schema["properties"]["bars"]["minimum"] == 1


def test_a_model_that_is_given_is_not_checked_again():
    prompt = Prompt("{{ tag }}", inputs=Tagged)

    assert prompt.render(Tagged(tag="a")) == prompt.render(tag="a") == "#a"


def test_inputs_of_a_wrong_type_are_told_by_name():
    with pytest.raises(PromptError, match="bars: Input should be greater than or equal to 1"):
        Prompt("{{ bars }}", inputs=Brief).render(bars=0)


def test_a_template_that_asks_for_what_its_model_has_not_is_refused_at_once():
    with pytest.raises(PromptError, match="uses tempo, and Brief has no such field; it has: bars, key"):
        Prompt("{{ tempo }}", inputs=Brief)


def test_values_come_as_a_mapping_with_any_names():
    assert Prompt("{{ self_ }}{{ values }}").render({"self_": 1, "values": 2}) == "12"
    assert Prompt("{{ a }}{{ b }}").render({"a": 1}, b=2) == "12"


def test_the_schema_lists_the_inputs():
    assert Prompt("{{ a }}{{ b | default(1) }}").schema == {
        "type": "object",
        "properties": {"a": {}, "b": {}},
        "required": ["a"],
        "additionalProperties": False,
    }


def test_a_prompt_can_be_sent_to_another_process():
    prompt = Prompt("{{ bars }}", name="x", inputs=Brief)

    copy = pickle.loads(pickle.dumps(prompt))  # noqa: S301  our own

    assert copy == prompt
    assert hash(copy) == hash(prompt)
    assert copy.render(bars=2) == "2"


def test_a_file_gives_the_template_and_its_name(tmp_path):
    path = tmp_path / "bass.j2"
    path.write_text("{{ bars }} ♩ bass\n", encoding="utf-8")

    prompt = Prompt.from_file(path)

    assert prompt.name == "bass"
    assert prompt.render(bars=4) == "4 ♩ bass"


@pytest.mark.parametrize(
    ("data", "said"),
    [(None, "No such file"), (b"\xff\xfe", "no text in UTF-8"), (b"x" * 1_000_001, "more than 1 MB")],
    ids=["missing", "bytes", "large"],
)
def test_a_file_that_is_no_template_is_told(tmp_path, data, said):
    path = tmp_path / "x.j2"
    if data is not None:
        path.write_bytes(data)

    with pytest.raises(PromptError, match=said):
        Prompt.from_file(path)
