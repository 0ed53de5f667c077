import asyncio
import json
import threading
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduit.errors import ErrorKind, ProviderError, SetupError
from conduit.messages import (
    AssistantMessage,
    GenerationParams,
    ReasoningPart,
    Request,
    Response,
    ResponseMetadata,
    StopReason,
    TextPart,
    ToolCallPart,
    Usage,
    UserMessage,
)
from conduit.routing.cache import AnswerFile

KEY = "sk-planted-0123456789"


def ask(words="bass", **facts):
    return Request(model="openai/gpt-5", messages=(UserMessage.of(words),), **facts)


def answer(request, words="here", **facts):
    metadata = ResponseMetadata(
        provider="openai",
        model="gpt-5",
        **({"usage": Usage(input_tokens=3), "duration_s": 1.25, "cost_usd": Decimal("0.0010")} | facts),
    )
    parts = (
        ReasoningPart(text="hm", provider_data={"openai": {"id": "r1"}}),
        TextPart(text=words),
        ToolCallPart(id="a", name="write_clip", arguments='{"b": 1, "a": 2}'),
    )
    return Response(request=request, message=AssistantMessage(parts=parts), metadata=metadata)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "song.answers.jsonl"


@pytest.fixture(params=["file", "memory", "file read again"])
def stores(request, path):
    """Give who writes and who reads."""
    writer = AnswerFile(None if request.param == "memory" else path)
    return writer, AnswerFile(path) if request.param == "file read again" else writer


def texts(path, *requests):
    kept = [AnswerFile(path).get(request) for request in requests]
    return [response and response.message.text for response in kept]


def test_an_answer_comes_back_as_it_was_but_for_being_kept(stores):
    writer, reader = stores
    given = answer(ask())

    assert writer.put(given)

    kept = reader.get(ask())
    assert kept.metadata == given.metadata.model_copy(update={"cached": True})
    assert (kept.request, kept.message) == (given.request, given.message)


def test_another_question_has_no_answer(stores):
    writer, reader = stores
    writer.put(answer(ask()))

    assert reader.get(ask("drums")) is None
    assert reader.get(ask(params=GenerationParams(temperature=0.5))) is None


def test_the_newest_answer_counts(stores):
    writer, reader = stores
    for words in ("first", "second"):
        writer.put(answer(ask(), words))

    assert reader.get(ask()).message.text == "second"


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        (StopReason.STOP, True),
        (StopReason.TOOL_CALLS, True),
        (StopReason.LENGTH, False),
        (StopReason.CONTENT_FILTER, False),
    ],
)
def test_only_complete_answers_are_kept(stores, reason, kept):
    writer, reader = stores

    assert writer.put(answer(ask(), stop_reason=reason)) is kept
    assert (reader.get(ask()) is not None) is kept


def test_an_answer_that_came_from_here_is_not_written_again(path):
    answers = AnswerFile(path)
    answers.put(answer(ask()))

    assert not answers.put(answers.get(ask()))
    assert len(path.read_bytes().splitlines()) == 1


def test_a_line_is_sorted_and_has_no_request(path):
    AnswerFile(path).put(answer(ask(), "ünïcode"))

    line = path.read_text(encoding="utf-8")
    assert line.endswith("\n")
    assert list(json.loads(line)) == ["hash", "message", "metadata", "v"]
    assert json.loads(line)["hash"] == ask().hash
    assert "ünïcode" in line


def test_no_secret_of_a_request_gets_into_the_file(path):
    secret = ask(KEY, params=GenerationParams(extra={"api_key": KEY, "headers": {"authorization": KEY}}))

    AnswerFile(path).put(answer(secret))

    assert KEY.encode() not in path.read_bytes()


def test_two_programs_may_write_one_file(path):
    one, two = AnswerFile(path), AnswerFile(path)
    one.put(answer(ask("a"), "A"))
    two.put(answer(ask("b"), "B"))
    one.put(answer(ask("c"), "C"))

    assert one.get(ask("b")).message.text == "B"
    assert two.get(ask("c")).message.text == "C"


def test_a_file_that_was_deleted_has_no_answers_and_is_made_anew(path):
    answers = AnswerFile(path)
    answers.put(answer(ask("a")))
    path.unlink()

    assert answers.get(ask("a")) is None

    answers.put(answer(ask("b"), "B"))
    assert texts(path, ask("a"), ask("b")) == [None, "B"]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """Give the bytes of a file of two answers."""
    path = tmp_path_factory.mktemp("recorded") / "two.jsonl"
    for words in ("a", "b"):
        AnswerFile(path).put(answer(ask(words), words.upper()))
    return path.read_bytes()


@settings(max_examples=60)
@given(data=st.data())
def test_a_file_cut_off_anywhere_keeps_its_whole_lines_and_takes_more(recorded, tmp_path_factory, data):
    end = data.draw(st.integers(0, len(recorded)))
    path = tmp_path_factory.mktemp("cut") / "cut.jsonl"
    path.write_bytes(recorded[:end])
    # A line is whole without its line break, too: editors take the last one away.
    first_end = recorded.index(b"\n")
    whole = ["A" if end >= first_end else None, "B" if end >= len(recorded) - 1 else None]

    assert texts(path, ask("a"), ask("b")) == whole

    AnswerFile(path).put(answer(ask("c"), "C"))
    assert texts(path, ask("a"), ask("b"), ask("c")) == [*whole, "C"]
    assert all(json.loads(line) for line in path.read_bytes().splitlines())


def test_line_ends_of_another_system_and_empty_lines_are_read(path, recorded):
    path.write_bytes(recorded.replace(b"\n", b"\r\n\r\n"))

    assert texts(path, ask("a"), ask("b")) == ["A", "B"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b'{"v":1,"hash":"b2:', "is not JSON; restore the file or delete the line"),
        (b"\xff\xfe", "is not JSON"),
        (b"<<<<<<< HEAD", "a mark of a merge; keep the answers of both sides"),
        (b'{"v":2,"new":[]}', "version is 2 and this Conduit reads 1; update Conduit"),
        (b'{"v":1,"hash":"b2:00"}', "v, hash, message and metadata are expected"),
        (b"[]", "v, hash, message and metadata are expected"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(path, recorded, line, told):
    first, second, _ = recorded.split(b"\n")
    path.write_bytes(b"\n".join([first, line, second, b""]))

    with pytest.raises(SetupError) as caught:
        AnswerFile(path).get(ask("a"))

    assert f"{path}, line 2, " in caught.value.message
    assert told in caught.value.message


def test_a_broken_file_is_not_written_to(path, recorded):
    broken = b"nonsense\n" + recorded
    path.write_bytes(broken)

    with pytest.raises(SetupError, match="line 1,"):
        AnswerFile(path).put(answer(ask("c")))

    assert path.read_bytes() == broken


def test_an_answer_that_no_longer_fits_is_named_when_it_is_wanted(path, recorded):
    path.write_bytes(recorded.replace(b'"role":"assistant"', b'"role":"robot"', 1))

    assert texts(path, ask("b")) == ["B"]
    with pytest.raises(SetupError, match=r"line 1, .* message\.role"):
        AnswerFile(path).get(ask("a"))


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(SetupError, match=f"{tmp_path} could not be read: Is a directory"):
        AnswerFile(tmp_path).get(ask())


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "answers.jsonl"

    with pytest.raises(SetupError, match=f"{path}"):
        AnswerFile(path).put(answer(ask()))


def test_a_replay_gives_what_was_recorded(path):
    AnswerFile(path).put(answer(ask(), "here"))

    response = asyncio.run(AnswerFile(path).replay(ask()))

    assert (response.message.text, response.metadata.cost_usd) == ("here", Decimal("0.0010"))


def test_a_replay_without_an_answer_says_that_nobody_was_asked_and_how_to_record(path):
    with pytest.raises(ProviderError) as caught:
        asyncio.run(AnswerFile(path).replay(ask(), provider="openai"))

    error = caught.value
    assert (error.kind, error.provider, error.model) == (ErrorKind.NOT_FOUND, "openai", "openai/gpt-5")
    assert str(path) in error.message
    assert "nobody was contacted" in error.message
    assert "CONDUIT_ANSWERS_MODE=record" in error.message


def test_the_event_loop_goes_on_while_a_file_is_read_and_written(path):
    answers = AnswerFile(path)

    async def wait_for_the_file():
        with answers._lock:  # as if another thread were writing
            waiting = asyncio.gather(answers.keep(answer(ask())), answers.find(ask("drums")))
            for _ in range(100):
                await asyncio.sleep(0)
            assert not waiting.done()
        return await waiting

    assert asyncio.run(wait_for_the_file()) == [True, None]


def test_many_threads_write_whole_lines(path):
    answers = AnswerFile(path)
    threads = [
        threading.Thread(target=answers.put, args=(answer(ask(str(number)), "x" * 20_000),))
        for number in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert texts(path, *(ask(str(number)) for number in range(16))) == ["x" * 20_000] * 16
