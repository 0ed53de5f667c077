"""Templates, types and context of cells."""

import pytest
from conduit_magics.insert import blocks
from conduit_magics.kinds import kinds, parser_of
from conduit_magics.prompting import kept, prompted
from IPython.core.completer import provisionalcompleter

from conduit import SetupError
from conduit.channel import Parser, Prompt
from conduit.errors import ParseError, PromptError
from conduit.music import Clip, Note

CLIP = Clip.of([Note(45, 0, 1)], name="Bass", instrument="bass")
KEY = "sk-ant-planted-0123456789abcdef"
SONG = """
from typing import Literal
from pydantic import BaseModel
class Song(BaseModel):
    title: str
    bars: int
"""


def run(shell, code):
    return shell.run_cell(code, store_history=False)


def said(capsys):
    return capsys.readouterr().out


def line(template="{{ bars }} bars of {{ part }}", **more):
    return {"line": Prompt(template, name="line"), **more}


@pytest.mark.parametrize(
    ("cell", "variables", "words"),
    [
        ("bars: 4\npart: bass", {}, "4 bars of bass"),
        ("bars: 4", {"part": "bass"}, "4 bars of bass"),
        ("", {"bars": 4, "part": "bass"}, "4 bars of bass"),
        ("part : bass: deep\nbars:4", {}, "4 bars of bass: deep"),
        ("part: {who} bass\nbars: 4", {"who": "my"}, "4 bars of my bass"),
        ("part: {{ x }}\nbars: 4", {}, "4 bars of {{ x }}"),
        ("part: bass\n  and a lead\nbars: 4", {}, "4 bars of bass\nand a lead"),
        ("bars: 4", {"bars": 9, "part": "bass"}, "4 bars of bass"),
    ],
)
def test_a_cell_gives_inputs_and_variables_the_rest(cell, variables, words):
    assert prompted("line", cell, line(**variables)) == words


def test_the_whole_cell_is_the_input_called_text():
    found = prompted("line", "a: b\nc {who}", line("Say: {{ text }} {{ n }}", n=3, who="d"))

    assert found == "Say: a: b\nc d 3"


def test_names_in_a_raw_cell_stay():
    assert prompted("line", "{who}", line("{{ text }}", who="d"), raw=True) == "{who}"


def test_a_clip_in_a_prompt_is_its_notation_and_has_its_facts():
    words = prompted("line", "", line("{{ clip.bars }} bars:\n{{ clip }}", clip=CLIP))

    assert words.startswith("1.0 bars:\nclip Bass")


@pytest.mark.parametrize(
    ("cell", "variables", "told"),
    [
        ("bars: 4", {}, "the prompt 'line' lacks part; its inputs are: bars, part"),
        ("bars: 4\npart: bass\nkey: A", {}, "has no key"),
        ("some words", {}, "line 1 is not 'name: value': 'some words'; the inputs of the prompt 'line' are"),
        ("bars: 4\nbars: 5", {}, "gives bars twice, again in line 2"),
    ],
)
def test_missing_and_surplus_inputs_are_named(cell, variables, told):
    with pytest.raises(PromptError) as caught:
        prompted("line", cell, line(**variables))

    assert told in caught.value.message


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({}, "there is no lune; write one under %%conduit_prompt lune"),
        ({"line": Prompt("x")}, "did you mean line?; the prompts are line"),
        ({"lune": 4}, "lune is a int"),
    ],
)
def test_a_prompt_that_is_not_there_is_told_with_those_that_are(variables, told):
    with pytest.raises(SetupError) as caught:
        prompted("lune", "", variables)

    assert told in caught.value.message


@pytest.mark.parametrize(
    "variables",
    [
        line("{{ api_key }}", api_key="x"),
        line("{{ words }}", words=KEY),
        line("{{ box.inner }}", box={"inner": KEY}),
    ],
)
def test_no_secret_goes_into_a_prompt(variables):
    with pytest.raises(SetupError, match="not sent"):
        prompted("line", "", variables)


def test_a_prompt_says_what_it_wants():
    _, told = kept("line", "{{ bars }} bars in {{ key | default('A minor') }}\n")

    assert told == "line is a prompt; its inputs: bars, key (may be left out)"


@pytest.mark.parametrize("template", ["", "\n ", "{% if %}", "{{ open"])
def test_what_is_no_template_is_refused(template):
    with pytest.raises(PromptError):
        kept("line", template)


def test_context_is_written_as_blocks_of_data():
    assert blocks(["a", "b[0]", "a"], {"a": "x", "b": ["y"]}) == (
        '<data name="a">\nx\n</data>\n<data name="b[0]">\ny\n</data>'
    )


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("sng", "there is no such variable; did you mean song?"),
        ("song.length", "does not exist"),
        ("a+b", "is not a variable's name"),
        ("api_key", "sounds like a secret"),
        ("words", "looks like a key"),
    ],
)
def test_context_that_cannot_be_sent_is_told(name, told):
    with pytest.raises(SetupError) as caught:
        blocks([name], {"song": "x", "api_key": "x", "words": KEY})

    assert told in caught.value.message


@pytest.mark.parametrize(
    ("name", "kind"),
    [("int", int), ("list[int]", list[int]), ("Mine", list[str]), ("list[Mine]", list[list[str]])],
)
def test_a_type_is_a_variable_or_pythons_own(name, kind):
    assert parser_of(name, {"Mine": list[str]}).kind == kind


def test_a_parser_may_be_named_itself():
    parser = Parser(int, retries=0)

    assert parser_of("mine", {"mine": parser}) is parser


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Sing", "there is no Sing; did you mean Song?"),
        ("four", "four is a int, no type"),
        ("text", "text is a str, no type"),
        ("Clip", "cannot be asked of a model"),
        ("list[Sing]", "--parse list[Sing]: there is no Sing"),
        ("__import__('os')", "there is no __import__('os')"),
    ],
)
def test_what_is_no_type_is_told_with_what_would_be_one(name, told):
    variables = {"Song": list[int], "four": 4, "text": "int", "Clip": Clip}

    with pytest.raises(SetupError) as caught:
        parser_of(name, variables)

    assert told in caught.value.message


def test_types_that_were_made_in_the_notebook_are_known(ip):
    run(ip, SONG)

    assert kinds(ip.user_ns) == ["Song"]


@pytest.mark.usefixtures("studio")
class TestInACell:
    def test_a_template_is_kept_and_asked_with(self, ip, script, capsys):
        client = script("Yes.")

        run(ip, "%%conduit_prompt line\n{{ bars }} bars of {{ part }}, {not} mine\n")
        told = said(capsys)
        run(ip, "%%conduit -n -m scripted --prompt line\nbars: 4\npart: bass")

        assert told == "line is a prompt; its inputs: bars, part\n"
        assert ip.user_ns["line"] == Prompt("{{ bars }} bars of {{ part }}, {not} mine", name="line")
        assert client.requests[0].messages[-1].text == "4 bars of bass, {not} mine"

    @pytest.mark.parametrize(
        ("code", "told"),
        [
            ("%%conduit_prompt\nx", "write it as %%conduit_prompt NAME"),
            ("%%conduit_prompt 2x\nx", "'2x' is not a variable's name"),
            ("%%conduit_prompt line\n", "has no words"),
            ("%%conduit_prompt line", "has no words"),
            ("%%conduit_prompt line\n{{ x", "cannot be read in line 1"),
            ("%%conduit --prompt nothing\nx", "there is no nothing"),
            ("%%conduit --parse Sing\nx", "there is no Sing"),
            ("%%conduit --context nothing\nx", "there is no such variable"),
        ],
    )
    def test_what_cannot_be_fails_the_cell_with_one_line(self, ip, capsys, code, told):
        result = run(ip, code)

        shown = said(capsys).strip()
        assert not result.success
        assert told in shown
        assert "\n" not in shown

    def test_the_help_of_a_prompt_is_printed(self, ip, capsys):
        assert run(ip, "%%conduit_prompt -h").success
        assert "%%conduit --prompt NAME" in said(capsys)

    def test_context_goes_before_the_words(self, ip, script):
        client = script("Yes.")
        ip.user_ns["notes"] = "C and E"

        run(ip, "%%conduit -n -m scripted --context notes\nmore of it")

        sent = client.requests[0].messages[-1].text
        assert sent == '<data name="notes">\nC and E\n</data>\n\nmore of it'

    def test_an_answer_is_read_as_a_type_and_left_in_variables(self, ip, script, capsys):
        script('{"title": "Acid", "bars": 4}')
        run(ip, SONG)

        result = run(ip, "%%conduit -n -m scripted --parse Song -o song\na song")

        song = ip.user_ns["song"]
        shown = said(capsys)
        assert result.success
        assert type(song).__name__ == "Song"
        assert (song.title, song.bars) == ("Acid", 4)
        assert ip.user_ns["_value"] is song
        assert "Song(title='Acid', bars=4)" in shown
        assert '{"title"' not in shown

    def test_a_model_is_told_what_is_wrong_and_asked_again(self, ip, script):
        client = script('{"title": "Acid"}', '{"title": "Acid", "bars": 8}')
        run(ip, SONG)

        run(ip, "%%conduit -n -m scripted --parse Song\na song")

        assert ip.user_ns["_value"].bars == 8
        assert len(client.requests) == 2

    def test_an_answer_that_is_not_of_the_type_fails_the_cell(self, ip, script, capsys):
        script(*["no idea"] * 9)
        run(ip, SONG)

        result = run(ip, "%%conduit -n -m scripted --parse Song -o song\na song")

        assert isinstance(result.error_in_exec, ParseError)
        assert "song" not in ip.user_ns
        assert "no Song" in said(capsys)

    def test_tab_completes_prompts_types_and_variables(self, ip):
        def tab(text):
            with provisionalcompleter():
                return [found.text for found in ip.Completer.completions(text, len(text))]

        run(ip, SONG)
        run(ip, "%%conduit_prompt acid_line\n{{ bars }}")

        assert tab("%%conduit --prompt ac") == ["acid_line"]
        assert tab("%%conduit --parse So") == ["Song"]
        assert tab("%%conduit --context acid") == ["acid_line"]
