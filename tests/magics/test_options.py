import pytest
from conduit_magics.options import completions, help_text, parse

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
    ],
)
def test_a_wrong_option_is_named_with_what_would_be_right(line, said):
    with pytest.raises(SetupError) as caught:
        parse(line)

    assert said in caught.value.message


@pytest.mark.parametrize(
    ("before", "found"),
    [
        ("%%conduit --b", ["--bars", "--bpm"]),
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


def test_the_help_names_every_option():
    assert all(name in help_text() for name in ("--model", "--bars", "--no-stream", "-o OUT"))
