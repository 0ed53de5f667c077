"""The first provider's server is killed at every point of its answer; the music goes on with the next."""

import json
from contextlib import aclosing, contextmanager
from threading import Thread

import pytest
from servers.fault import FaultServer, Reply
from servers.streams import anthropic_stream, openai_stream

from conduit.clients import Place
from conduit.clients.connect import anthropic_client, openai_client
from conduit.engine.machine import Reason
from conduit.messages import MessageEnd, PartialMessage, Request, Restart, ToolSpec, UserMessage
from conduit.music import Clip, Note, write_clip
from conduit.routing.breaker import State
from conduit.studio import Question, Studio

pytestmark = pytest.mark.slow

BASS = Clip.of([Note(45, beat / 2, 0.5) for beat in range(8)], length=4, name="Bass", instrument="bass")
CALL = ("write_clip", json.dumps({"clip": write_clip(BASS)}))
SAID = "Here is a bass line: "
TOOL = ToolSpec(name="write_clip", description="x", parameters={"type": "object", "properties": {}})

PROTOCOLS = {
    "openai": (
        lambda name, url: openai_client(name, base_url=f"{url}/v1", models=("m",), place=Place.CLOUD),
        openai_stream,
    ),
    "anthropic": (
        lambda name, url: anthropic_client(name, base_url=url, models=("m",), place=Place.CLOUD),
        anthropic_stream,
    ),
}
POINTS = [
    "before the head",
    "before the first byte",
    *(f"{part}/8" for part in range(1, 8)),
    "after the last delta",
]


def cut_at(point, whole):
    """Give the reply that falls silent at a point of a stream."""
    if point == "before the head":
        return Reply(status=None, then="stall")
    if point == "before the first byte":
        n_bytes = 0
    elif point == "after the last delta":
        n_bytes = max(
            whole.rfind(mark) for mark in (b'data: {"choices":[{"finish_reason":"', b"event: message_delta")
        )
    else:
        n_bytes = len(whole) * int(point[0]) // 8
    sse = Reply.sse(whole)
    return Reply(headers=sse.headers, body=whole, chunks=40, cut_after=n_bytes, then="stall")


@contextmanager
def killed(point, whole):
    """Start a server that is killed when it has answered up to a point."""
    with FaultServer(cut_at(point, whole)) as server:

        def kill():
            server.stalled.wait()
            server.kill()

        killer = Thread(target=kill)
        killer.start()
        yield server.url
        killer.join(timeout=10)


@pytest.fixture
def studio():
    made = []

    def make(*clients):
        made.append(Studio(clients=clients))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("protocol", list(PROTOCOLS))
def test_the_answer_is_finished_by_the_next_and_the_breaker_counts_right(studio, protocol, point):
    connect, stream = PROTOCOLS[protocol]
    whole = stream(SAID, tool=CALL, pieces=6)
    with killed(point, whole) as first, FaultServer(Reply.sse(whole)) as second:
        one = studio(connect("first", first), connect("second", second.url))
        route = one.providers.route("first/m")
        request = Request(model="first/m", messages=(UserMessage.of("bass"),), tools=(TOOL,))
        events = one.call(read(route, request))

    shown_before = any(isinstance(event, Restart) for event in events)
    partial = PartialMessage()
    for event in events:
        partial.feed(event)
    answer = events[-1].response
    assert isinstance(events[-1], MessageEnd)
    assert answer.metadata.provider == "second"
    assert partial.message() == answer.message
    assert json.loads(answer.message.tool_calls[0].arguments) == json.loads(CALL[1])
    # What broke off after it had begun is not asked again; what never began is, once.
    assert one.providers.router.breaker("first").failures == (1 if shown_before else 2)
    assert one.providers.router.breaker("second").failures == 0


async def read(route, request):
    async with aclosing(route.stream(request)) as events:
        return [event async for event in events]


@pytest.mark.parametrize("point", POINTS)
def test_a_cell_ends_with_a_finished_clip(studio, point):
    connect, stream = PROTOCOLS["openai"]
    whole = stream(SAID, tool=CALL, pieces=6)
    done = Reply.sse(stream("Done."))
    with killed(point, whole) as first, FaultServer(Reply.sse(whole), done) as second:
        one = studio(connect("first", first), connect("second", second.url))
        question = Question("a bass line", model="first/m", mode="generate")
        answer = one.call(one.ask(question, emit=lambda _: None))

    assert answer.clip == BASS
    assert answer.reason is Reason.DONE
    assert answer.text == f"{SAID}Done."
    assert answer.provider == "second"
    assert answer.troubles
    # The step after the clip asked the first once more and found it gone: three failures in a row.
    assert one.providers.router.breaker("first").state is State.OPEN
