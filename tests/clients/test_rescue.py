import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduit.clients.rescue import TextGate, read_calls

CALL = '{"name": "play", "arguments": {"bar": 1}}'
PLAYED = [("play", '{"bar": 1}')]


def through(*pieces, tools=("play",)):
    """Give what is shown at once, what is shown at the end, and the calls."""
    gate = TextGate(tools)
    shown = "".join(gate.feed(piece) for piece in pieces)
    return (shown, *gate.finish())


@pytest.mark.parametrize(
    "text",
    [
        CALL,
        f"```json\n{CALL}\n```",
        f"```\n{CALL}\n```",
        f"```tool_call\n{CALL}\n```",
        f"```python\n{CALL}\n```",
        f"<tool_call>\n{CALL}\n</tool_call>",
        f"<tool_call>{CALL}</tool_call>",
        f"<function_call>{CALL}",
        f"<tools>\n{CALL}\n</tools>",
        f"<|python_tag|>{CALL}<|eom_id|>",
        f"[TOOL_CALLS][{CALL}]</s>",
        f"[{CALL}]",
        f"\n\n  {CALL}\n",
        '{"name":"play","parameters":{"bar": 1}}',
        '{"tool": "play", "args": {"bar": 1}}',
        '{"function": "play", "input": {"bar": 1}}',
        '{"type": "function", "function": {"name": "play", "arguments": {"bar": 1}}}',
        '{"id": "x", "function": {"name": "play", "arguments": "{\\"bar\\": 1}"}}',
        '{"tool_calls": [{"function": {"name": "play", "arguments": {"bar": 1}}}]}',
        '{"arguments": {"bar": 1}, "name": "play"}',
        '{\n  "name": "play",\n  "arguments": {\n    "bar": 1\n  }\n}',
    ],
)
def test_a_printed_call_is_a_call_and_never_shown(text):
    assert through(text) == (text[: len(text) - len(text.lstrip())] if text != "" else "", "", PLAYED)


@pytest.mark.parametrize("before", ["Sure.", "Sure: ", "Sure!\n", "Here you go\n\n", "Gerne\u3002"])
def test_words_before_a_call_are_shown(before):
    assert through(before + CALL) == (before, "", PLAYED)


def test_a_call_after_a_block_of_code_is_found():
    code = "Run this:\n```python\nprint({})\n```\nor:\n"

    assert through(f"{code}```json\n{CALL}\n```") == (code, "", PLAYED)


@pytest.mark.parametrize("between", ["\n", ",", ";\n", "</tool_call>\n<tool_call>", "\n```\n```json\n"])
def test_several_calls_are_all_taken(between):
    assert through(f"{CALL}{between}{CALL}")[2] == PLAYED * 2


def test_a_tool_without_arguments_can_be_called_without():
    assert through('{"name": "play"}')[2] == [("play", "{}")]


def test_marks_within_arguments_stay():
    arguments = {"clip": "```\nC3 1/4\n``` <tools> , ;"}
    call = json.dumps({"name": "play", "arguments": arguments})

    assert json.loads(through(f"```json\n{call}\n```")[2][0][1]) == arguments


@pytest.mark.parametrize(
    "text",
    [
        "Plain words.",
        "",
        "Use [this](link) or {that}.",
        '{"name": "other", "arguments": {}}',
        '{"name": "play", "arguments": 5}',
        '{"name": ["play"], "arguments": {}}',
        '{"name": {"play": 1}, "arguments": {}}',
        '{"name": "play", "mood": "dark"}',
        '{"name": "play", "arguments": {"bar": 1}',
        f"{CALL} plays the bar.",
        f"{CALL}\nNow {CALL}",
        f"I would say {CALL}",
        "```json\n[1, 2]\n```",
        "```python\nplay(1)\n```",
        '```json\n{"notes": ["play"]}\n```',
        "<tool_call>",
        "``",
        "[[[[",
        '{"type": "function", "function": {"name": "play", "parameters": {"type": "object", "properties": {}}}}',
        '{"name": "play", "description": "Plays.", "parameters": {}}',
        '[["play"' + "[" * 50_000,
        '{"name": "play", "arguments": ' + "[" * 50_000,
        '{"name": "play", "arguments": "\\ud800"}',
    ],
)
def test_anything_else_is_words_and_none_of_it_is_lost(text):
    shown, rest, calls = through(text)

    assert shown + rest == text
    assert calls == []


def test_half_a_character_in_arguments_can_still_be_sent():
    name, arguments = through('{"name": "play", "arguments": {"x": "\\ud800 ü"}}')[2][0]

    assert name == "play"
    assert json.loads(arguments.encode()) == {"x": "\ud800 ü"}


@pytest.mark.parametrize("text", ["1. {", "See ```", "a <", "`"])
def test_what_may_become_a_call_waits_until_it_cannot(text):
    gate = TextGate(["play"])
    first = gate.feed(text)

    assert first + gate.feed("and so on, which is no call. ") == text + "and so on, which is no call. "


def test_an_object_of_another_kind_is_shown_while_it_comes():
    gate = TextGate(["play"])

    assert gate.feed('{"notes"') == '{"notes"'
    assert gate.feed(": [1") == ": [1"


def test_what_has_no_tools_name_is_not_held_forever():
    text = '{"name": "' + "x" * 5000
    gate = TextGate(["play"])

    assert gate.feed(text) == text


def test_what_is_held_can_be_given_up():
    gate = TextGate(["play"])
    gate.feed("Hm: " + CALL)

    assert gate.release() == CALL
    assert gate.finish() == ("", [])


def test_a_long_text_full_of_braces_is_words():
    text = "a {" * 100_000

    assert through(text) == (text, "", [])


TOKENS = st.sampled_from(
    [
        CALL,
        '{"name"',
        ': "play"',
        ', "arguments"',
        ': {"bar": 1}',
        "}",
        "```",
        "json",
        "\n",
        " ",
        "Sure.",
        "<tool_",
        "call>",
        "</tool_call>",
        "[",
        "]",
        "`",
        "<",
        "<|",
        "{",
        '"play"',
        "[TOOL_",
        "a",
    ]
)


@settings(max_examples=300)
@given(st.lists(TOKENS, max_size=16))
def test_what_is_decided_does_not_hang_on_the_cuts_and_nothing_is_lost(tokens):
    text = "".join(tokens)
    shown, rest, calls = through(text)
    by_character = through(*text)

    assert (by_character[0] + by_character[1], by_character[2]) == (shown + rest, calls)
    assert through(*tokens)[2] == calls
    assert text.startswith(shown + rest)
    if not calls:
        assert shown + rest == text


KEYS = st.sampled_from(["name", "function", "tool", "tool_calls", "arguments", "parameters", "type", "a"])
VALUES = st.recursive(
    st.none() | st.integers() | st.just("play") | st.text(max_size=4),
    lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner),
    max_leaves=8,
)


@given(VALUES)
def test_any_json_is_read_without_an_error(value):
    for name, arguments in read_calls(json.dumps(value), tools=["play"]):
        assert name == "play"
        assert isinstance(arguments, str)
