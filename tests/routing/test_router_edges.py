"""Corners in which a failure must not stop the music, nor send it where it should not go."""

import asyncio

import pytest
from routing.test_router import CONTINUE, Clock, ask, client, fails, routed, seen, text_of
from servers.fault import FaultServer, Reply
from servers.streams import openai_answer, openai_stream

from conduit.clients import Cut, Place, ScriptedClient
from conduit.clients.connect import connect, openai_client
from conduit.clients.presets import PRESETS
from conduit.errors import AllUnavailable, ErrorKind, ProviderError, SetupError
from conduit.keys import Keys
from conduit.messages import AssistantMessage, PartStart, Request, Restart, TextDelta, TextPart, UserMessage
from conduit.routing import AnswerFile, CacheMode, Failover, Policy, Registry, Router
from conduit.settings import Settings
from conduit.studio import Question, Studio

HALF = AssistantMessage(parts=(TextPart(text="first half, "),))
OFF = Policy(failover=Failover.OFF)


@pytest.mark.parametrize(
    "kind", [ErrorKind.BAD_REQUEST, ErrorKind.CONTEXT_LENGTH, ErrorKind.TOO_LARGE, ErrorKind.LENGTH]
)
def test_what_is_too_much_for_a_stand_in_is_passed_on(kind):
    router, _ = routed(
        client(fails(ErrorKind.TIMEOUT)),
        client(fails(kind, provider="two"), provider="two"),
        client("three here", provider="three"),
    )

    events, error, _ = ask(router, "one")

    assert error is None
    assert text_of(events) == "three here"


def test_off_still_fails_over_before_the_first_token_and_never_after_it():
    silent, _ = routed(client(fails(ErrorKind.TIMEOUT)), client("two here", provider="two"))
    two = client("never", provider="two")
    begun, _ = routed(client(Cut(HALF, 99, fails(ErrorKind.STREAM_INCOMPLETE))), two)

    before, _, _ = ask(silent, policy=OFF)
    events, error, _ = ask(begun, policy=OFF)

    assert text_of(before) == "two here"
    assert error.kind == ErrorKind.STREAM_INCOMPLETE
    assert two.requests == []
    assert not any(isinstance(event, Restart) for event in events)


def test_a_half_that_was_kept_is_kept_past_a_second_failure():
    three = client("second half", provider="three")
    router, _ = routed(
        client(Cut(HALF, 99, fails(ErrorKind.STREAM_INCOMPLETE))),
        client(*[fails(ErrorKind.TIMEOUT, provider="two")] * 2, provider="two"),
        three,
    )

    events, error, _ = ask(router, policy=CONTINUE)

    assert error is None
    assert text_of(events) == "first half, second half"
    assert [message.role for message in three.requests[0].messages] == ["user", "assistant", "user"]


@pytest.mark.parametrize("kind", [ErrorKind.RATE_LIMIT, ErrorKind.OVERLOADED, ErrorKind.SERVER])
def test_a_short_wait_is_waited_out_whatever_asked_for_it(kind):
    router, clock = routed(client(fails(kind, retry_after_s=1.0), "back"))

    events, error, _ = ask(router)

    assert error is None
    assert text_of(events) == "back"
    assert clock.slept == [pytest.approx(1.05)]


def test_another_caller_waits_for_the_trial_call_of_the_first():
    one = client(*[fails(ErrorKind.TIMEOUT)] * 3, "trial", "second")
    registry = Registry([one], order=("one",), presets={})
    clock = Clock()
    router = Router(registry, clock=clock, sleep=lambda _: asyncio.sleep(0.05))
    for _ in range(3):
        ask(router)
    clock.now += 61
    request = Request(model="one", messages=(UserMessage.of("x"),))

    async def both():
        return await asyncio.gather(*(router.route("one").complete(request) for _ in range(2)))

    texts = sorted(response.message.text for response in asyncio.run(both()))

    assert texts == ["second", "trial"]


def test_a_named_local_server_that_is_gone_is_counted_and_passed_over():
    with FaultServer() as gone:
        url = gone.url
    dead = openai_client("one", base_url=f"{url}/v1")
    router, _ = routed(dead, client("two here", provider="two", place=Place.LOCAL))

    events, error, _ = ask(router, "one/m")

    assert error is None
    assert text_of(events) == "two here"
    assert router.breaker("one").failures == 2


def test_an_answer_that_cannot_be_kept_is_given_all_the_same(tmp_path):
    (tmp_path / "file").write_text("x")
    router = Router(
        Registry([client("hello")], order=("one",), presets={}),
        answers=AnswerFile(tmp_path / "file" / "kept.jsonl"),
    )

    events, error, route = ask(router, "one", policy=Policy(cache=CacheMode.REFRESH))

    assert error is None
    assert text_of(events) == "hello"
    assert len(route.remarks) == 1


def test_another_conduit_is_no_local_model():
    remote = connect(PRESETS["conduit"], api_key="t")
    router, _ = routed(client(*[fails(ErrorKind.TIMEOUT)] * 2, place=Place.LOCAL), remote)

    _, error, _ = ask(router, "one")

    assert remote.place is Place.CLOUD
    assert error.kind == ErrorKind.TIMEOUT


def test_an_order_without_the_offline_composer_never_ends_there():
    offline = client("never", provider="offline", place=Place.OFFLINE)
    router, _ = routed(offline, order=("one",))

    _, error, _ = ask(router, "auto")

    assert isinstance(error, SetupError)
    assert offline.requests == []


def test_nobody_available_at_another_conduit_lets_the_next_answer():
    nobody = AllUnavailable("nobody there", attempts=[])
    nobody.provider = "one"
    router, _ = routed(client(nobody), client("two here", provider="two"))

    events, _, _ = ask(router, "auto")

    assert text_of(events) == "two here"


def studio_of(**facts):
    return Studio(settings=Settings(live="simulated", order=("offline",), **facts), keys=Keys({}))


def test_a_server_added_again_elsewhere_is_asked_there():
    models = b'{"object": "list", "data": [{"id": "m"}]}'
    props = b'{"chat_template_caps": {"supports_tools": false}}'

    def server(text):
        def answer(asked):
            page = {"/v1/models": models, "/props": props}.get(asked.path)
            return Reply(body=page) if page else Reply.sse(openai_stream(text))

        return FaultServer(answer=answer)

    studio = studio_of()
    texts = []
    with server("the old server") as old, server("the new server") as new:
        for url in (old.url, new.url):
            studio.call(studio.providers.add("home", f"{url}/v1"))
            request = Request(model="home", messages=(UserMessage.of("hi"),))
            texts.append(studio.call(_words(studio, request)))
        studio.close()

    assert texts == ["the old server", "the new server"]


async def _words(studio, request):
    text = ""
    async for event in studio.providers.route("home").stream(request):
        text += getattr(event, "text", "")
    return text


def test_replaying_needs_no_server_and_no_key(tmp_path):
    path = tmp_path / "song.answers.jsonl"
    path.write_text("")
    studio = studio_of()
    studio.providers.use_answers(str(path), mode="replay")

    name = studio.call(studio.providers.use("anthropic/claude-x"))
    with pytest.raises(ProviderError, match="record"):
        studio.call(studio.ask(Question("bass"), emit=lambda _: None))
    studio.close()

    assert name == "anthropic/claude-x"


def test_an_unknown_price_is_unknown_and_not_nothing():
    with FaultServer(Reply(body=openai_answer("x"))) as server:
        router, _ = routed(openai_client("one", base_url=f"{server.url}/v1", place=Place.CLOUD))
        request = Request(model="one/m", messages=(UserMessage.of("x"),))

        async def call():
            try:
                return await router.route("one/m").complete(request)
            finally:
                await router.close()

        response = asyncio.run(call())

    assert response.metadata.cost_usd is None


def test_a_restart_of_who_goes_on_does_not_lose_the_part_before():
    whole = AssistantMessage(parts=(TextPart(text="two."),))

    class Restarting(ScriptedClient):
        async def stream(self, request):
            yield PartStart(index=0, kind="text")
            yield TextDelta(index=0, text="tw")
            yield Restart(provider="three", reason="cut there")
            async for event in super().stream(request):
                yield event

    two = Restarting([whole], provider="two", place=Place.CLOUD)
    router, _ = routed(client(Cut(HALF, 99, fails(ErrorKind.STREAM_INCOMPLETE))), two)

    events, _, _ = ask(router, policy=CONTINUE)

    assert text_of(events) == "first half, two."
    assert seen(events) == events[-1].response.message
