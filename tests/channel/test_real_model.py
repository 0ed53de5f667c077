"""A small real model, kept to a schema by its server: what it writes is read, whole and while it comes."""

import asyncio
from itertools import pairwise
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field

from conduit.channel import Channel, LocalHome, Mode, Model, Parser
from conduit.clients.connect import anthropic_client, openai_client
from conduit.errors import ParseError
from conduit.messages import GenerationParams

pytestmark = pytest.mark.slow

PARAMS = GenerationParams(temperature=0, max_tokens=200, seed=1)


class Chord(BaseModel):
    """A chord of a song."""

    root: Literal["C", "D", "E", "F", "G", "A", "B"]
    quality: Literal["major", "minor"] = "major"


class Song(BaseModel):
    title: str = Field(max_length=24)
    bpm: int
    chords: list[Chord] = Field(min_length=2, max_length=3)


KINDS = [Annotated[list[int], Field(max_length=4)], Literal["kick", "snare"], bool, Chord | Song]


@pytest.fixture(scope="module")
def home(llamacpp):
    with LocalHome(openai_client("llamacpp", base_url=f"{llamacpp}/v1")) as made:
        yield made


def test_a_class_is_read_from_a_real_answer(home):
    reply = Channel(Model(params=PARAMS), parser=Parser(Song, retries=0), home=home).run("Write a sad song.")

    assert 2 <= len(reply.value.chords) <= 3
    assert reply.usage.output_tokens > 0
    assert reply.text.lstrip().startswith("{")


@pytest.mark.parametrize("kind", KINDS, ids=["list", "literal", "bool", "union"])
def test_what_is_no_object_is_read_too(home, kind):
    parser = Parser(kind, retries=0)

    answer = Model(params=PARAMS, schema=parser, home=home).ask(
        "Give the beats of a slow kick drum in one bar, at most four."
    )

    parser.read(answer.text)


def test_a_value_grows_while_a_real_model_writes_it(home):
    with Channel(Model(params=PARAMS), parser=Parser(Song), home=home).stream(
        "Write a happy song."
    ) as stream:
        values = list(stream.values)

    names = [list(value) for value in values]
    assert all(len(before) <= len(after) for before, after in pairwise(names))
    assert names[-1] == ["title", "bpm", "chords"]
    assert Song.model_validate(values[-1]) == stream.reply.value
    assert len(values) > 5


def test_leaving_early_stops_a_real_model_and_keeps_what_came(home):
    talk = Channel(Model(params=PARAMS.model_copy(update={"max_tokens": 2000})), home=home)

    with talk.stream("Tell a very long story about a drum.") as stream:
        first = next(iter(stream.text))

    question, answer = talk.conversation.messages
    assert question.text == "Tell a very long story about a drum."
    assert answer.text.startswith(first)
    assert len(answer.text) < 400


def test_a_server_that_reads_over_the_schema_is_known_as_such(llamacpp):
    client = anthropic_client("llamacpp", base_url=llamacpp)
    try:
        can = asyncio.run(client.capabilities("smollm2"))
    finally:
        asyncio.run(client.close())

    assert Parser.mode(can) is not Mode.NATIVE


def test_a_real_model_that_cannot_do_it_ends_with_what_it_wrote(home):
    talk = Channel(
        Model(params=PARAMS.model_copy(update={"max_tokens": 8})), parser=Parser(Song, retries=1), home=home
    )

    with pytest.raises(ParseError) as caught:
        talk.run("Write a sad song.")

    assert caught.value.attempts == 2
    assert caught.value.received == talk.conversation.text
    assert caught.value.problems[0].startswith("it was cut off")
