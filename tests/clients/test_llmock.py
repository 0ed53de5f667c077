"""Faults as a third party's mock server makes them, beside those of our own."""

import asyncio

import pytest

from conduit.clients.connect import anthropic_client, openai_client
from conduit.errors import ErrorKind, ProviderError
from conduit.messages import GenerationParams, MessageEnd, Request, UserMessage

pytestmark = pytest.mark.slow  # over real sockets

ASKED = Request(model="gpt-5", messages=(UserMessage.of("hello"),), params=GenerationParams(max_tokens=64))


def outcome(client):
    """Read a stream; give its events and its error."""
    events = []

    async def read():
        try:
            async for event in client.stream(ASKED):
                events.append(event)  # noqa: PERF401  what came before an error counts
        finally:
            await client.close()

    try:
        asyncio.run(read())
    except ProviderError as error:
        return events, error
    return events, None


@pytest.fixture(params=["openai", "anthropic"])
def make(request, llmock):
    if request.param == "openai":
        return lambda: openai_client("openai", base_url=llmock.base_url(), api_key="x")
    return lambda: anthropic_client("anthropic", base_url=llmock.base_url("anthropic"), api_key="x")


def test_an_answer_is_read(make):
    events, error = outcome(make())

    assert error is None
    assert isinstance(events[-1], MessageEnd)
    assert events[-1].response.message.text


def test_a_rate_limit_says_how_long_to_wait(make, llmock):
    llmock.rate_limit(retry_after=2)

    _, error = outcome(make())

    assert error.kind == ErrorKind.RATE_LIMIT
    assert error.retry_after_s == 2


def test_an_overloaded_server_is_told(make, llmock):
    llmock.fail(529)

    _, error = outcome(make())

    assert error.kind == ErrorKind.OVERLOADED


@pytest.mark.parametrize("fault", ["truncate", "disconnect"])
def test_a_stream_that_ends_early_is_no_answer(make, llmock, fault):
    getattr(llmock, fault)(after_chunks=2)

    events, error = outcome(make())

    assert error.kind == ErrorKind.STREAM_INCOMPLETE
    assert not any(isinstance(event, MessageEnd) for event in events)
