import asyncio

import pytest

from conduit.clients import ScriptedClient
from conduit.errors import ErrorKind, ProviderError
from conduit.messages import AssistantMessage, MessageEnd, Request, TextDelta, TextPart, UserMessage

REQUEST = Request(model="script", messages=(UserMessage.of("bass"),))


def collect(client):
    async def run():
        return [event async for event in client.stream(REQUEST)]

    return asyncio.run(run())


def test_replies_come_in_order_and_in_pieces():
    client = ScriptedClient(["abcdef", AssistantMessage(parts=(TextPart(text="g"),))], piece=2)

    first, second = collect(client), collect(client)

    assert [event.text for event in first if isinstance(event, TextDelta)] == ["ab", "cd", "ef"]
    assert isinstance(first[-1], MessageEnd)
    assert second[-1].response.message.text == "g"
    assert client.requests == [REQUEST, REQUEST]


def test_an_error_is_raised_in_its_turn():
    client = ScriptedClient([ProviderError("gone", kind=ErrorKind.NETWORK, provider="scripted")])

    with pytest.raises(ProviderError, match="gone"):
        collect(client)


def test_a_script_that_is_over_says_so():
    with pytest.raises(ProviderError, match="0 replies"):
        collect(ScriptedClient([]))


def test_closing_a_stream_early_is_counted():
    client = ScriptedClient(["abcdef"], piece=1)

    async def run():
        stream = client.stream(REQUEST)
        await anext(stream)
        await stream.aclose()

    asyncio.run(run())

    assert client.closed == 1
