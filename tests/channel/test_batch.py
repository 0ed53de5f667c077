"""A batch: order, errors as data, and going on where it was."""
# ruff: noqa: PD011  ``values`` are those of a batch, not of a table

import asyncio
import gc
import random
import signal
import sqlite3
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import NamedTuple

import pandas as pd
import pytest
from channel.batch_clients import EchoClient, echo
from pydantic import BaseModel

from conduit.channel import LocalHome, Model, Parser, Prompt
from conduit.channel.batch import Batch
from conduit.clients import Capabilities
from conduit.errors import (
    BudgetExceeded,
    CircuitOpen,
    ErrorKind,
    ParseError,
    PromptError,
    ProviderError,
    SetupError,
    StoreError,
)
from conduit.messages import AssistantMessage, Request, ToolCallPart, ToolSpec, UserMessage
from conduit.store import Store

WORDS = [f"word {number}" for number in range(40)]


class Chord(BaseModel):
    root: str
    minor: bool


@pytest.fixture
def home():
    with LocalHome() as home:
        yield home


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "store.db") as store:
        yield store


def fault(kind=ErrorKind.BAD_REQUEST, **facts):
    return ProviderError("no", kind=kind, provider="echo", **facts)


def unless(prompts, error):
    """Answer all prompts but some."""
    return lambda prompt: error if prompt in prompts else echo(prompt)


def batch(client, home, **options):
    return Batch(Model(client=client, home=home), home=home, progress=False, **options)


def test_answers_come_in_the_order_of_the_inputs_however_they_arrive(home):
    result = batch(EchoClient(turns=20, chance=random.Random(7)), home).run(WORDS)

    assert result.values == [echo(word) for word in WORDS]
    assert [item.index for item in result] == list(range(len(WORDS)))


def test_no_more_are_asked_at_once_than_allowed(home):
    client = EchoClient(turns=20)

    batch(client, home, concurrency=5).run(WORDS)

    assert client.most_open == 5


def test_a_generator_is_not_read_further_than_needed(home):
    client, taken = EchoClient(gated=True, full=4), []

    def inputs():
        for word in WORDS:
            taken.append(word)
            yield word

    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(batch(client, home, concurrency=4).run, inputs())
        assert client.all_open.wait(10)
        n_taken = len(taken)
        home.call(opened(client))
        running.result(timeout=10)

    assert n_taken == 4
    assert taken == WORDS


async def opened(client):
    client.gate.set()


def test_inputs_are_made_in_the_thread_that_runs_the_batch(home):
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("create table t (word)")
        database.executemany("insert into t values (?)", [(word,) for word in WORDS])
        rows = (row[0] for row in database.execute("select word from t"))

        result = batch(EchoClient(), home).run(rows)

    assert len(result) == len(WORDS)


def test_an_item_that_fails_is_data(home):
    result = batch(EchoClient(unless({"word 3"}, fault())), home).run(WORDS)

    assert list(result.errors) == [3]
    assert result[3].value is None
    assert result[3].error.kind == ErrorKind.BAD_REQUEST
    assert result[4].ok


def test_a_batch_without_inputs_is_empty(home):
    assert len(batch(EchoClient(), home).run([])) == 0


@pytest.mark.parametrize("inputs", ["one text", {"a": 1}, 7], ids=["text", "mapping", "number"])
def test_what_is_no_list_of_inputs_is_refused(home, inputs):
    with pytest.raises(SetupError, match="give a list"):
        batch(EchoClient(), home).run(inputs)


def test_a_first_input_of_another_type_ends_the_run_with_what_it_can_be_and_a_later_one_is_its_items_error(
    home,
):
    with pytest.raises(SetupError, match="an input is a int; it can be"):
        batch(EchoClient(), home).run([2, "a"])

    result = batch(EchoClient(), home).run(["a", 2, "b"])

    assert result.values == [echo("a"), None, echo("b")]
    assert "an input is a int" in result.errors[1].message


def test_an_error_of_the_inputs_own_comes_out_as_it_is_and_what_had_come_is_kept(home):
    def inputs():
        yield from WORDS[:9]
        raise OSError("the disk is gone")

    asked = batch(EchoClient(), home, concurrency=3)
    with pytest.raises(OSError, match="the disk is gone"):
        asked.run(inputs())

    assert asked.result.values == [echo(word) for word in WORDS[: len(asked.result)]]
    assert len(asked.result) >= 6


def test_rows_go_through_the_prompt(home):
    rows = [{"part": "bass", "key": "C"}, {"part": "lead", "key": "D"}]

    result = batch(EchoClient(), home, prompt="{{ part }} in {{ key }}").run(rows)

    assert result.values == ["heard: bass in C", "heard: lead in D"]


def test_texts_are_the_one_input_of_a_prompt(home):
    result = batch(EchoClient(), home, prompt=Prompt("a {{ what }}")).run(["bass"])

    assert result.values == ["heard: a bass"]


def test_texts_for_a_prompt_of_two_inputs_are_refused(home):
    with pytest.raises(SetupError, match="not one input but a, b"):
        batch(EchoClient(), home, prompt="{{ a }}{{ b }}").run(["bass"])


def test_rows_without_a_prompt_are_refused(home):
    with pytest.raises(SetupError, match="give the batch a prompt"):
        batch(EchoClient(), home).run([{"a": 1}])


def test_a_first_row_that_the_prompt_refuses_ends_the_run_before_anything_is_asked(home):
    client = EchoClient()

    with pytest.raises(PromptError, match="lacks key"):
        batch(client, home, prompt="{{ key }}").run([{"kee": "C"}, {"key": "D"}])

    assert client.asked == []


def test_a_later_row_that_the_prompt_refuses_is_data(home):
    result = batch(EchoClient(), home, prompt="{{ key }}").run([{"key": "C"}, {}, {"key": "D"}])

    assert result.values == ["heard: C", None, "heard: D"]
    assert isinstance(result[1].error, PromptError)


def test_finished_requests_are_asked_as_they_are(home):
    request = Request(model="other", messages=(UserMessage.of("hi"),))

    result = batch(EchoClient(), home).run([request])

    assert (result[0].text, result[0].model) == ("heard: hi", "other")


def test_a_parser_reads_the_answers(home):
    client = EchoClient(lambda prompt: f'{{"root": "{prompt}", "minor": true}}')

    result = batch(client, home, parser=Parser(Chord)).run(["A", "B"])

    assert result.values == [Chord(root="A", minor=True), Chord(root="B", minor=True)]


def test_an_answer_that_cannot_be_read_is_asked_again_and_every_call_is_counted(home):
    said = iter(["no chord", '{"root": "A", "minor": true}'])

    result = batch(EchoClient(lambda _: next(said)), home, parser=Parser(Chord)).run(["a chord?"])

    assert result[0].value == Chord(root="A", minor=True)
    assert (result[0].calls, result[0].usage.output_tokens) == (2, 4)


def test_an_answer_that_stays_unreadable_is_data_with_what_it_used(home):
    result = batch(EchoClient(), home, parser=Parser(Chord, retries=1)).run(["a chord?"])

    assert isinstance(result[0].error, ParseError)
    assert (result[0].error.attempts, result[0].calls, result[0].usage.output_tokens) == (2, 2, 4)


class WithoutSchemas(EchoClient):
    """Can call tools, and knows no schemas."""

    async def capabilities(self, _model):
        return Capabilities(schema=False)

    async def complete(self, request):
        assert [tool.name for tool in request.tools] == ["answer"]
        response = await super().complete(request)
        call = ToolCallPart(id="1", name="answer", arguments='{"root": "A", "minor": true}')
        return response.model_copy(update={"message": AssistantMessage(parts=(call,))})


@pytest.mark.parametrize("where", ["parser", "model"])
def test_a_model_without_schema_mode_is_brought_to_it_by_a_tool(home, where):
    model = Model(client=WithoutSchemas(), home=home, schema=Parser(Chord) if where == "model" else None)

    result = Batch(model, parser=Parser(Chord), progress=False).run(["a chord?"])

    assert result.values == [Chord(root="A", minor=True)]


def test_a_model_with_tools_is_refused(home):
    tool = ToolSpec(name="t", description="d", parameters={})

    with pytest.raises(SetupError, match="a batch runs no tools"):
        Batch(Model(client=EchoClient(), home=home, tools=[tool]))


# Going on


def test_what_is_stored_is_never_asked_again(home, store):
    first, second = EchoClient(), EchoClient()
    before = batch(first, home, name="words", store=store).run(WORDS)

    after = batch(second, home, name="words", store=store).run(WORDS)

    assert second.asked == []
    assert list(after) == list(before)


def test_a_longer_list_goes_on_after_the_shorter(home, store):
    batch(EchoClient(), home, name="words", store=store).run(WORDS[:30])
    client = EchoClient()

    result = batch(client, home, name="words", store=store).run(WORDS)

    assert sorted(client.asked) == sorted(WORDS[30:])
    assert result.values == [echo(word) for word in WORDS]


@pytest.mark.parametrize(
    "changed",
    [["other", *WORDS[1:]], [*WORDS[:-1], "other"], WORDS[:-1], WORDS[1:], []],
    ids=["first", "last", "shorter", "moved", "empty"],
)
def test_a_changed_list_is_refused_before_anything_is_asked(home, store, changed):
    batch(EchoClient(), home, name="words", store=store).run(WORDS)
    client = EchoClient()

    with pytest.raises(SetupError, match=r"another name, or run\(…, fresh=True\)"):
        batch(client, home, name="words", store=store).run(changed)

    assert client.asked == []


def test_a_changed_prompt_is_refused(home, store):
    batch(EchoClient(), home, name="words", store=store, prompt="a {{ x }}").run(WORDS)

    with pytest.raises(SetupError, match="item 0 of the batch 'words' was another question then"):
        batch(EchoClient(), home, name="words", store=store, prompt="the {{ x }}").run(WORDS)


def test_another_parser_under_the_same_name_is_refused(home, store):
    batch(EchoClient(), home, name="words", store=store).run(WORDS)

    with pytest.raises(SetupError, match="'words'"):
        batch(EchoClient(), home, name="words", store=store, parser=Parser(Chord)).run(WORDS)


def test_fresh_forgets_what_is_stored(home, store):
    batch(EchoClient(), home, name="words", store=store).run(WORDS)

    result = batch(EchoClient(str.upper), home, name="words", store=store).run(["a", "b"], fresh=True)

    assert result.values == ["A", "B"]


def test_a_stored_error_is_kept_until_it_is_asked_again(home, store):
    failing = EchoClient(unless({"word 3", "word 7"}, fault()))
    batch(failing, home, name="words", store=store).run(WORDS)
    kept, again = EchoClient(), EchoClient()

    before = batch(kept, home, name="words", store=store).run(WORDS)
    after = batch(again, home, name="words", store=store).run(WORDS, retry_errors=True)

    assert (kept.asked, list(before.errors)) == ([], [3, 7])
    assert (sorted(again.asked), after.errors) == (["word 3", "word 7"], {})
    assert batch(kept, home, name="words", store=store).run(WORDS).errors == {}


def test_stored_values_are_read_anew(home, store):
    chords = {"home": home, "store": store, "name": "chords", "parser": Parser(Chord)}
    batch(EchoClient(lambda _: '{"root": "A", "minor": true}'), **chords).run(["?"])

    result = batch(EchoClient(), **chords).run(["?"])

    assert result.values == [Chord(root="A", minor=True)]


class Interrupting(EchoClient):
    """Interrupts the main thread in the middle of its answers."""

    def __init__(self, after):
        super().__init__()
        self._after = after

    async def complete(self, request):
        if len(self.asked) == self._after:
            signal.raise_signal(signal.SIGINT)
            await asyncio.Event().wait()
        return await super().complete(request)


def test_an_interrupt_keeps_what_had_come_and_says_where(home, store):
    asked = batch(Interrupting(20), home, name="words", store=store, concurrency=4)

    with pytest.raises(KeyboardInterrupt) as caught:
        asked.run(WORDS)

    n_came = len(asked.result)
    assert 16 <= n_came < len(WORDS)
    assert caught.value.__notes__ == [
        f"{n_came} of 40 items are stored as 'words'; run it again to go on with the others"
    ]


def test_after_an_interrupt_only_the_rest_is_asked(home, store):
    stopped = batch(Interrupting(20), home, name="words", store=store, concurrency=4)
    with pytest.raises(KeyboardInterrupt):
        stopped.run(WORDS)
    client = EchoClient()

    result = batch(client, home, name="words", store=store, concurrency=4).run(WORDS)

    assert sorted(client.asked) == sorted(set(WORDS) - {item.input for item in stopped.result})
    assert result.values == [echo(word) for word in WORDS]


def test_an_interrupt_inside_the_inputs_is_the_callers_and_the_loop_lives_on(home):
    def inputs():
        yield from WORDS[:5]
        raise KeyboardInterrupt

    asked = batch(EchoClient(), home, concurrency=2)
    with pytest.raises(KeyboardInterrupt):
        asked.run(inputs())

    assert asked.run(WORDS).values == [echo(word) for word in WORDS]


def test_a_cancelled_batch_leaves_nothing_running_and_goes_on_later(home, store):
    client = EchoClient(gated=True, full=4)
    asked = batch(client, home, name="words", store=store, concurrency=4)

    async def cancelled():
        task = asyncio.create_task(asked.run_async(WORDS))
        await asyncio.to_thread(client.all_open.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    left_open = client.n_open
    home.call(opened(client))

    assert left_open == 0
    assert asked.run(WORDS).values == [echo(word) for word in WORDS]


def test_it_runs_on_any_event_loop(home):
    result = asyncio.run(batch(EchoClient(), home).run_async(WORDS))

    assert result.values == [echo(word) for word in WORDS]


def test_it_runs_on_the_homes_own_loop(home):
    result = home.call(batch(EchoClient(), home).run_async(WORDS))

    assert result.values == [echo(word) for word in WORDS]


def test_waiting_on_the_homes_own_loop_is_refused(home):
    async def wrong():
        return batch(EchoClient(), home).run(WORDS)

    with pytest.raises(RuntimeError, match="run_async"):
        home.call(wrong())


# What ends a run, and what is waited for


@pytest.mark.parametrize(
    "error",
    [
        fault(ErrorKind.AUTHENTICATION),
        SetupError("no such model"),
        BudgetExceeded("over", scope="session", what="tokens", used=2, allowed=1),
    ],
    ids=["key", "setup", "budget"],
)
def test_what_every_item_would_fail_with_ends_the_run(home, store, error):
    client = EchoClient(unless(WORDS[12:], error))
    asked = batch(client, home, name="words", store=store, concurrency=4)

    with pytest.raises(type(error)) as caught:
        asked.run(WORDS)

    assert str(caught.value) == str(error)
    assert len(client.asked) <= 12 + 4
    assert asked.result.values == [echo(word) for word in WORDS[:12]]


def test_after_the_run_was_ended_the_rest_is_asked(home, store):
    refusing = EchoClient(unless(WORDS[12:], fault(ErrorKind.AUTHENTICATION)))
    with pytest.raises(ProviderError):
        batch(refusing, home, name="words", store=store).run(WORDS)
    client = EchoClient()

    batch(client, home, name="words", store=store).run(WORDS)

    assert sorted(client.asked) == sorted(WORDS[12:])


def test_a_provider_that_is_busy_is_waited_for(home):
    said = {word: iter([fault(ErrorKind.RATE_LIMIT, retry_after_s=0.01), echo(word)]) for word in WORDS}

    result = batch(EchoClient(lambda prompt: next(said[prompt])), home).run(WORDS)

    assert result.errors == {}


def test_a_provider_that_stays_away_ends_the_run_when_patience_is_over(home):
    away = CircuitOpen("left alone", provider="echo", retry_in_s=0.01, failures=3)
    client = EchoClient(unless(WORDS[5:], away))
    asked = batch(client, home, concurrency=2, patience_s=0.05)

    with pytest.raises(CircuitOpen):
        asked.run(WORDS)

    assert asked.result.values == [echo(word) for word in WORDS[:5]]


def test_a_store_that_fails_ends_the_run(home, tmp_path):
    store = Store(tmp_path / "store.db")

    def inputs():
        yield from WORDS[:20]
        store.close()
        yield from WORDS[20:]

    with pytest.raises(StoreError, match="closed"):
        batch(EchoClient(), home, name="words", store=store, concurrency=4).run(inputs())


@pytest.mark.parametrize("options", [{"concurrency": 0}, {"patience_s": -1}])
def test_numbers_out_of_range_are_refused(home, options):
    with pytest.raises(ValueError, match="at least 1 and 0 are needed"):
        batch(EchoClient(), home, **options)


def test_a_client_of_ones_own_is_not_sent_to_a_cluster(home):
    with pytest.raises(SetupError, match="cannot be sent"), ThreadPoolExecutor() as pool:
        batch(EchoClient(), home, executor=pool)


def test_what_is_no_executor_is_refused(home):
    with pytest.raises(SetupError, match="executor is a str"):
        Batch("m", home=home, executor="tcp://there")


@pytest.mark.slow
def test_beyond_its_results_a_run_keeps_nothing_and_needs_no_more_for_more_items(home, store):
    small, large = (grown_by(home, store, n_items=count) for count in (200, 1_200))

    assert large.left - small.left < 50_000
    assert large.over - small.over < 200_000  # 200 bytes an item; one of the result has a thousand


class Grown(NamedTuple):
    """Bytes that a run left when its results were gone, and that it had at most over what it kept to its end."""

    left: int
    over: int


def grown_by(home, store, *, n_items):
    class Silent(EchoClient):
        async def complete(self, request):
            self.asked.clear()
            return await super().complete(request)

    asked = batch(Silent(), home, name=f"of {n_items}", store=store)
    asked.run(WORDS[:8], fresh=True)
    gc.collect()
    tracemalloc.start()
    try:
        asked.run((f"word {number}" for number in range(n_items)), fresh=True)
        gc.collect()
        kept, most = tracemalloc.get_traced_memory()
        asked.result = None
        gc.collect()
        return Grown(left=tracemalloc.get_traced_memory()[0], over=most - kept)
    finally:
        tracemalloc.stop()


# Tables


def test_a_table_goes_in_and_comes_out_with_its_labels(home):
    frame = pd.DataFrame({"part": ["bass", "lead"], "bars": [4, 8]}, index=["x", "y"])

    result = batch(EchoClient(), home, prompt="{{ bars }} bars of {{ part }}").run(frame)
    table = result.to_dataframe()

    assert list(table.index) == ["x", "y"]
    assert table["answer"].tolist() == ["heard: 4 bars of bass", "heard: 8 bars of lead"]
    assert frame.join(table[["answer"]])["answer"].notna().all()


def test_a_cell_without_a_value_is_a_missing_input_of_its_row(home):
    frame = pd.DataFrame({"part": ["bass", None, "lead"], "bars": [4.0, 2.0, float("nan")]})

    result = batch(EchoClient(), home, prompt="{{ bars }} {{ part }}").run(frame)

    assert [error.missing for error in result.errors.values()] == [["part"], ["bars"]]


def test_a_table_has_a_column_for_each_field_of_the_answers(home):
    client = EchoClient(lambda _: '{"root": "A", "minor": true}')

    table = batch(client, home, parser=Parser(Chord)).run(["?"]).to_dataframe()

    assert table[["answer.root", "answer.minor"]].to_numpy().tolist() == [["A", True]]


def test_an_input_called_like_a_column_keeps_both(home):
    table = batch(EchoClient(), home, prompt="{{ model }}").run([{"model": "moog"}]).to_dataframe()

    assert (table["input.model"][0], table["model"][0]) == ("moog", "m")


def test_a_table_of_no_items_is_empty(home):
    assert batch(EchoClient(), home).run([]).to_dataframe().empty


def test_usage_and_errors_are_summed_in_what_is_shown(home):
    result = batch(EchoClient(unless({"word 3"}, fault())), home).run(WORDS)

    assert str(result).startswith("40 items · 1 failed · 39 tokens in, 78 out\n")
    assert "32 more" in str(result)


def test_what_a_model_wrote_is_escaped(home):
    shown = batch(EchoClient(lambda _: "<script>"), home).run(["<b>"])._repr_html_()

    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
