import asyncio
import logging
import threading

import pytest
from engine.turns import Stubborn, Word, alone, box, by_hand, calls, pass_time, results, tool_of, turn
from pydantic import BaseModel, field_validator

from conduit.clients import ScriptedClient
from conduit.engine.define import tool
from conduit.engine.engine import Engine
from conduit.engine.plans import Plans
from conduit.engine.rates import RateLimits
from conduit.engine.risk import Tier
from conduit.engine.tool import Tool
from conduit.errors import ClipError, SetupError
from conduit.messages import Conversation, ToolCallPart, UserMessage


async def echo(arguments):
    if arguments.word == "bad":
        raise ClipError("that word is bad")
    return arguments.word


ECHO = tool_of(echo, name="echo")
SHELL = tool_of(echo, name="shell", tier=Tier.PRIVILEGED)


def call(name="do", arguments='{"word": "hi"}'):
    return ToolCallPart(id="1", name=name, arguments=arguments)


def executed(toolbox, *made):
    async def main():
        return [(await toolbox.execute(one)).result for one in made or (call(),)]

    return asyncio.run(alone(main()))


def answer(*tools, made=None, **options):
    [result] = executed(box(*tools, **options), made or call())
    return result


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (call("nothing"), "there is no tool 'nothing'; the tools are: echo, shell"),
        (call("shell"), "shell is Privileged and is never run for a model"),
        (call("echo", '{"word": 7}'), "word: Input should be a valid string. echo takes: word"),
        (call("echo", "not json"), "Invalid JSON"),
        (call("echo", "[]"), "arguments: Input should be an object"),
        (call("echo", '{"word": "bad"}'), "that word is bad"),
    ],
    ids=["unknown", "privileged", "wrong type", "broken", "no object", "refused"],
)
def test_what_the_model_did_wrong_goes_back_as_data(made, said):
    result = answer(ECHO, SHELL, made=made)

    assert result.is_error
    assert said in result.text


@pytest.mark.parametrize("arguments", ["", " ", "\n", "null", " null\n", "{}"], ids=repr)
def test_empty_arguments_are_no_arguments(arguments):
    result = answer(tool_of(echo), made=call(arguments=arguments))

    assert (result.text, result.is_error) == ("", False)


def test_of_many_things_wrong_with_arguments_the_first_are_told():
    @tool
    def play(pitches: list[int]) -> int:
        """Play."""
        return len(pitches)

    said = answer(play, made=call("play", '{"pitches": ["a", "b", "c", "d", "e", "f", "g"]}')).text

    assert said.count("Input should be a valid integer") == 5
    assert said.endswith("unable to parse string as an integer; and 2 more. play takes: pitches")


def raising(error):
    async def fail(_):
        raise error

    return tool_of(fail)


class Mute(Exception):
    """An exception without words."""

    def __str__(self):
        raise LookupError("no words")


class Skipped(BaseException):
    """What a test framework raises to get past everybody."""


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TypeError("a\n  b"), "tool do failed: TypeError: a b"),
        (KeyError(), "tool do failed: KeyError"),
        (Mute(), "tool do failed: Mute"),
        (TimeoutError("theirs"), "tool do failed: TimeoutError: theirs"),
        (SystemExit(3), "tool do failed: SystemExit: 3"),
        (KeyboardInterrupt(), "tool do failed: KeyboardInterrupt"),
        (asyncio.CancelledError(), "tool do failed: CancelledError"),
        (GeneratorExit("left"), "tool do failed: GeneratorExit: left"),
        (Skipped("skipped"), "tool do failed: Skipped: skipped"),
        (
            BaseExceptionGroup("all", [KeyboardInterrupt()]),
            "tool do failed: BaseExceptionGroup: all (1 sub-exception)",
        ),
        (ExceptionGroup("both", [ValueError("x")]), "tool do failed: ExceptionGroup: both (1 sub-exception)"),
        (ValueError("x" * 1000), f"tool do failed: ValueError: {'x' * 299}…"),
        (ValueError("half \ud800 a pair"), "tool do failed: ValueError: half ? a pair"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_whatever_a_tool_raises_is_one_line_for_the_model(error, said):
    @tool
    def do() -> str:
        """Do it in a thread."""
        raise error

    for failing, made in ((raising(error), call()), (do, call(arguments="{}"))):
        result = answer(failing, made=made)

        assert (result.text, result.is_error) == (said, True)


def test_no_secret_of_an_exception_reaches_the_model_or_the_log(caplog):
    caplog.set_level(logging.WARNING)

    result = answer(raising(OSError("401 for sk-proj-" + "a1" * 20)))

    assert "a1a1" not in result.text
    assert "a1a1" not in caplog.text
    assert "tool do failed: OSError: 401 for" in caplog.text


KEY = "hunter2-hunter2-hunter2"


def cleaned(text):
    return text.replace(KEY, "•••")


class Telling(BaseModel):
    word: str

    @field_validator("word")
    @classmethod
    def tell(cls, word):
        raise ValueError(f"not {word} but {KEY}")


class Named:
    """A change whose title has a key."""

    tier = Tier.CONFIG_CHANGE
    title = f"log in with {KEY}"
    notes = (f"{KEY} is new.",)
    lines = ()
    overwrites = False

    async def fingerprint(self):
        return "same"

    async def apply(self):
        return self


def saying(answer, **options):
    async def say(_):
        return answer

    return tool_of(say, **options)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (raising(OSError(f"password {KEY}")), "tool do failed: OSError: password •••"),
        (raising(ClipError(f"no clip {KEY}")), "no clip •••"),
        (
            Tool("do", "do it", Telling, Tier.READ_ONLY, echo),
            "the arguments are not valid: word: Value error, not hi but •••. do takes: word",
        ),
        (saying(f"the key is {KEY}"), "the key is •••"),
        (
            saying(Named(), tier=Tier.CONFIG_CHANGE),
            "plan P1 is pending: log in with •••. ••• is new. A person decides; nothing has been changed yet.",
        ),
    ],
    ids=["foreign exception", "own error", "validator", "answer", "plan"],
)
def test_whatever_a_model_reads_of_a_call_is_cleaned(made, said):
    assert answer(made, clean=cleaned).text == said


def test_no_detail_of_the_log_has_a_secret(caplog):
    caplog.set_level(logging.DEBUG)

    answer(raising(OSError(f"password {KEY}")), clean=cleaned)

    assert "Traceback" in caplog.text
    assert "password •••" in caplog.text
    assert KEY not in "".join(str(vars(record)) for record in caplog.records)


def test_of_a_long_answer_the_model_reads_head_and_tail():
    text = answer(saying("a" * 100_000 + "b" * 100_000)).text

    head, said, tail = text.split("\n")
    assert said == "… 150000 of 200000 characters left out; ask for less …"
    assert (head, tail) == ("a" * 25_000, "b" * 25_000)


@pytest.mark.parametrize("made", [saying, lambda text: raising(ClipError(text))], ids=["answer", "error"])
@pytest.mark.parametrize("before", [24_990, 25_000 - len(KEY), 75_000 - 10, 75_000])
def test_no_half_of_a_secret_is_left_where_a_text_is_cut(made, before):
    long = "x" * before + KEY
    text = answer(made(long.ljust(100_000, "y")), clean=cleaned).text

    assert len(text) < 51_000
    assert "hunter" not in text
    assert "hunter" not in answer(raising(OSError("x" * 290 + KEY + long)), clean=cleaned).text


def test_a_validator_that_fails_in_its_own_way_is_data_too():
    class Odd(BaseModel):
        word: str

        @field_validator("word")
        @classmethod
        def look_up(cls, word):
            return {}[word]

    odd = Tool("do", "do it", Odd, Tier.READ_ONLY, echo)

    assert answer(odd).text == "tool do failed: KeyError: 'hi'"


def test_a_validator_that_gets_past_everybody_else_is_data_too():
    class Odd(BaseModel):
        word: str

        @field_validator("word")
        @classmethod
        def skip(cls, word):
            raise Skipped(word)

    odd = Tool("do", "do it", Odd, Tier.READ_ONLY, echo)

    assert answer(odd).text == "tool do failed: Skipped: hi"


def never_ending(**options):
    async def wait(_):
        pass_time(1000)
        await asyncio.Event().wait()

    return tool_of(wait, **options)


@pytest.mark.parametrize(
    ("made", "options", "allowed"),
    [
        (never_ending(), {}, "60 s"),
        (never_ending(), {"timeout_s": 5}, "5 s"),
        (never_ending(timeout_s=2.5), {"timeout_s": 5}, "2.5 s"),
    ],
    ids=["by default", "the toolbox's", "its own"],
)
def test_a_tool_whose_time_ran_out_is_given_up(made, options, allowed):
    result = by_hand(box(made, **options).execute(call())).result

    assert result.is_error
    assert result.text == f"do did not answer in {allowed} and was given up; it may have acted"


def given_up(stubborn, **options):
    """Call a tool that swallows its cancellation; give its result, and the plans there are after its end."""
    plans = Plans(clock=lambda: 0.0)

    async def main():
        made = tool_of(stubborn, timeout_s=5, **options)
        running = asyncio.ensure_future(box(made, plans=plans).execute(call()))
        await stubborn.begun.wait()
        pass_time(6)
        outcome = await running
        await stubborn.released()
        return outcome.result

    return by_hand(main()), plans.pending


def test_a_tool_that_swallows_its_cancellation_is_given_up_too():
    result, _ = given_up(Stubborn())

    assert result.text == "do did not answer in 5 s and was given up; it may have acted"


def test_a_change_that_comes_too_late_makes_no_plan():
    result, pending = given_up(Stubborn(Named()), tier=Tier.CONFIG_CHANGE)

    assert "was given up" in result.text
    assert pending == []


def test_a_tool_may_clean_up_before_it_is_given_up():
    cleaned_up = []

    async def careful(_):
        pass_time(1000)
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned_up.append(True)

    result = by_hand(box(tool_of(careful)).execute(call())).result

    assert "was given up" in result.text
    assert cleaned_up == [True]


def test_a_blocking_tool_whose_time_ran_out_is_given_up_and_harms_nobody():
    begun, release, ended = threading.Event(), threading.Event(), threading.Event()

    @tool(timeout_s=5)
    def block() -> str:
        """Block."""
        begun.set()
        release.wait(30)
        ended.set()
        return "too late"

    async def main():
        running = asyncio.ensure_future(box(block).execute(call("block", "{}")))
        await asyncio.to_thread(begun.wait, 30)
        pass_time(6)
        return await running

    outcome = by_hand(main())
    release.set()

    assert ended.wait(30)
    assert "did not answer in 5 s" in outcome.result.text


def test_a_tool_that_hangs_takes_no_thread_from_the_others():
    release = threading.Event()

    @tool(tier=Tier.READ_ONLY)
    def hang(number: int) -> str:
        """Hang, unless it is number 0."""
        if number:
            release.wait(30)
        return "done"

    async def main():
        toolbox = box(hang)
        hanging = [asyncio.ensure_future(toolbox.execute(call("hang", '{"number": 1}'))) for _ in range(64)]
        outcome = await toolbox.execute(call("hang", '{"number": 0}'))
        release.set()
        await asyncio.gather(*hanging)
        return outcome

    assert asyncio.run(alone(main())).result.text == "done"


def test_calls_over_the_limit_come_back_with_the_seconds_to_wait():
    ran, now = [], 0.0

    async def count(_):
        ran.append(now)
        return "ok"

    stateful = tool_of(count, tier=Tier.STATEFUL)
    made = executed(box(stateful, clock=lambda: now), *[call()] * 31)

    assert len(ran) == 30
    assert made[-1].text == "do was not run: Stateful tools may run 30 times in 60 s; try again in 60 s"
    assert made[-1].is_error


def test_limits_last_across_turns_that_share_them():
    rates = RateLimits()
    hardware = tool_of(echo, tier=Tier.STATEFUL)
    executed(box(hardware, rates=rates, clock=lambda: 0.0), *[call()] * 30)

    again = answer(hardware, rates=rates, clock=lambda: 30.0)
    later = answer(hardware, rates=rates, clock=lambda: 61.0)

    assert again.text.endswith("try again in 30 s")
    assert later.text == "hi"


def test_a_tool_that_is_not_limited_runs_as_often_as_it_is_called():
    answering = tool_of(echo, tier=Tier.STATEFUL, limited=False)
    limited = tool_of(echo, name="other", tier=Tier.STATEFUL)
    toolbox = box(answering, limited, clock=lambda: 0.0)

    made = executed(toolbox, *[call()] * 300, *[call("other")] * 31)

    assert [result.is_error for result in made] == [*[False] * 330, True]


def test_refused_calls_are_not_counted_as_runs():
    rates = RateLimits()
    toolbox = box(tool_of(echo, tier=Tier.STATEFUL), rates=rates, clock=lambda: 0.0)
    executed(toolbox, *[call(arguments="{")] * 50)

    assert executed(toolbox)[0].text == "hi"


def test_two_tools_of_one_name_are_refused():
    with pytest.raises(SetupError, match="two tools are called 'echo'"):
        box(ECHO, ECHO)


@pytest.mark.parametrize("tier", [Tier.CONFIG_CHANGE, Tier.HARDWARE_IO])
def test_a_tool_that_ought_to_make_a_plan_cannot_pass_words_off_as_one(tier):
    result = answer(tool_of(echo, tier=tier))

    assert result.text == f"tool do failed: TypeError: a tool of tier {tier} gives a Change, not str"


def test_a_tool_that_acts_at_once_gives_text():
    async def number(_):
        return 7

    assert answer(tool_of(number)).text == (
        "tool do failed: TypeError: a tool of tier ReadOnly gives text, not int"
    )


def test_a_turn_whose_tools_are_refused_goes_on():
    client = ScriptedClient([calls("do", "nobody"), "sorry"])

    end = asyncio.run(turn(client, raising(ValueError("no"))))

    assert results(end) == [
        "tool do failed: ValueError: no",
        "there is no tool 'nobody'; the tools are: do",
    ]
    assert end.conversation.text == "sorry"


def test_a_tools_text_that_no_provider_takes_is_mended():
    async def broken(_):
        return "name\udcff"

    assert answer(tool_of(broken)).text == "name?"


def test_words_without_anything_else_make_a_tool():
    client = ScriptedClient(["done"])
    toolbox = box(Tool("do", "do it", Word, Tier.READ_ONLY, echo))
    engine = Engine(client, model="script", toolbox=toolbox)

    asyncio.run(engine.run(Conversation().add(UserMessage.of("hi")), emit=lambda _: None))

    assert client.requests[0].tools == toolbox.specs
