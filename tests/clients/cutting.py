"""Streams cut where a network cuts them: anywhere."""

from __future__ import annotations

import pytest

from conduit.clients.adapter import Adapter, Reply
from conduit.errors import ErrorKind, ProviderError
from conduit.messages import Event, PartialMessage, Request, ToolSpec, UserMessage

TEMPO = ToolSpec(
    name="set_tempo",
    description="Set the song tempo in BPM",
    parameters={"type": "object", "properties": {"bpm": {"type": "integer"}}, "required": ["bpm"]},
)


def asked(text: str = "Say hi", *, model: str = "qwen0.5b", **facts) -> Request:
    return Request(model=model, messages=(UserMessage.of(text),), **facts)


def decoded(adapter: Adapter, request: Request, *pieces: bytes) -> tuple[list[Event], Reply]:
    decoder = adapter.decoder(request)
    events = [event for piece in pieces for event in decoder.feed(piece)]
    last, reply = decoder.finish()
    return [*events, *last], reply


def assert_same_however_cut(adapter: Adapter, request: Request, body: bytes) -> None:
    """Every cut in two, and every byte alone, tell the same as the whole; the events make up the message."""
    whole = decoded(adapter, request, body)
    for place in range(1, len(body)):
        assert decoded(adapter, request, body[:place], body[place:]) == whole
    assert decoded(adapter, request, *(body[i : i + 1] for i in range(len(body)))) == whole
    told = PartialMessage()
    for event in whole[0]:
        told.feed(event)
    assert told.message() == whole[1].message


def assert_no_reply_before(end: int, adapter: Adapter, request: Request, body: bytes) -> None:
    """A stream that stops before its terminal event is no answer; one that stops after it is one."""
    whole = decoded(adapter, request, body)[1]
    for place in range(end):
        with pytest.raises(ProviderError) as caught:
            decoded(adapter, request, body[:place])
        assert caught.value.kind is ErrorKind.STREAM_INCOMPLETE
    for place in range(end, len(body)):
        assert decoded(adapter, request, body[:place])[1] == whole
