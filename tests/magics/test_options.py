import pytest
from conduit_magics.options import completions, help_text, parse, prompt_name

from conduit.errors import SetupError


def test_quotes_hold_words_together():
    given = parse("--key 'A minor' --genre \"deep house\" -o bass -n --seed 7 --track 2 --slot 3")

    assert (given.key, given.genre, given.out, given.new) == ("A minor", "deep house", "bass", True)
    assert (given.seed, given.track, given.slot) == (7, 2, 3)


def test_without_options_the_session_and_the_words_decide():
    given = parse("")

    assert (given.model, given.mode, given.bars, given.no_stream) == (None, "chat", None, False)
    assert (given.cache, given.attach) == (None, ())


def test_attachments_are_kept_in_their_order():
    assert parse("--attach cover.png --attach 'my loop.wav'").attach == ("cover.png", "my loop.wav")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--bars nine", "'nine' is not a number of bars from 1 to 128"),
        ("--bars 0", "'0' is not a number of bars"),
        ("--bpm 5000", "'5000' is not a tempo from 20 to 999"),
        ("--slot 0", "'0' is not a whole number that counts from 1"),
        ("--track 1.5", "'1.5' is not a whole number"),
        ("--mode sing", "invalid choice: 'sing'"),
        ("--cache maybe", "invalid choice: 'maybe'"),
        ("--nonsense", "unrecognized arguments: --nonsense"),
        ("--brs 4", "did you mean --bars?"),
        ("-o 2x", "'2x' is not a variable's name"),
        ("-o class", "'class' is not a variable's name"),
        ("-o print", "'print' is Python's own name"),
        ("--seed x", "--seed"),
        ("--key 'A minor", "close every quote"),
        ("-x 0", "'0' is not a number of variations from 1 to 32"),
        ("-x 33", "'33' is not a number of variations from 1 to 32"),
        ("-x 2.5", "'2.5' is not a number of variations"),
        ("--from -1", "'-1' is not a turn: they count from 1, and 0 is before the first"),
        ("--from last", "'last' is not a turn"),
        ("--branch ''", "the name of a branch is empty"),
        ("--prompt 2x", "'2x' is not a variable's name"),
        ("--context a,,b", "'a,,b' is not names of variables with commas between them"),
        ("-n --from 2", "a new conversation has no turn to go on from; leave out -n or --from"),
        ("-n --branch bold", "leave out -n or --branch"),
        ("-x 4 --parse Song", "leave out -x or --parse"),
        ("--parse Song --track 2", "a value of a type is not pushed; leave out --parse or --track"),
        ("--parse Song --mode generate", "leave out --parse or --mode generate"),
    ],
)
def test_a_wrong_option_is_named_with_what_would_be_right(line, said):
    with pytest.raises(SetupError) as caught:
        parse(line)

    assert said in caught.value.message


@pytest.mark.parametrize(
    ("before", "found"),
    [
        ("%%conduit --b", ["--bars", "--bpm", "--branch"]),
        ("%%conduit --bars 4 -o x --mo", ["--model", "--mode"]),
        ("%%conduit --mode ", ["chat", "generate"]),
        ("%%conduit --cache o", ["off", "on"]),
        ("%%conduit --bars ", []),
        ("%%conduit", []),
    ],
)
def test_options_are_completed(before, found):
    assert completions(before) == found


def test_models_are_completed_after_their_option():
    models = ["offline/composer", "ollama/qwen2.5:0.5b", "auto"]

    assert completions("%%conduit --bars 2 -m o", models=models) == models[:2]
    assert completions("%%conduit --model ollama/q", models=models) == models[1:2]


def test_names_are_completed_after_their_option():
    assert completions("%%conduit --branch m", more={"--branch": ["main", "bold"]}) == ["main"]


def test_a_conversation_goes_on_from_before_its_first_turn():
    assert parse("--from 0").turn == 0


def test_names_of_variables_are_given_with_commas_or_one_after_the_other():
    assert parse("--context 'a, b' --context c[0]").context == ("a", "b", "c[0]")


def test_the_name_of_a_prompt_is_one_name():
    assert prompt_name("line") == "line"
    assert prompt_name("-h") is None


@pytest.mark.parametrize(("line", "said"), [("", "write it as"), ("a b", "write it as"), ("2x", "'2x'")])
def test_what_is_no_name_of_a_prompt_is_refused(line, said):
    with pytest.raises(SetupError, match=said):
        prompt_name(line)


def test_the_help_names_every_option():
    assert all(name in help_text() for name in ("--model", "--bars", "--no-stream", "-o OUT"))
