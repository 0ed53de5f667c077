"""Where a question goes on, and what is kept of it."""

import asyncio
import json

import pytest
from pydantic import BaseModel

from conduit.channel import Parser
from conduit.clients import Capabilities, ScriptedClient
from conduit.composer import Options
from conduit.errors import ConversationError, ErrorKind, ParseError, ProviderError, SetupError
from conduit.messages import (
    AssistantMessage,
    MessageEnd,
    Response,
    ResponseMetadata,
    TextPart,
    ToolCallPart,
    UserMessage,
)
from conduit.music import Clip, Note, write_clip
from conduit.settings import Settings
from conduit.studio import Question, Studio


class Chord(BaseModel):
    """What a parser reads."""

    root: str
    bars: int


@pytest.fixture
def make(tmp_path):
    """Make studios on one store; they are closed after the test."""
    made = []

    def studio(*replies, store=tmp_path / "store.db", **facts):
        settings = Settings(live="simulated", order=("offline",), store=str(store))
        made.append(Studio(clients=[ScriptedClient(replies, **facts)], settings=settings))
        return made[-1]

    yield studio
    for one in made:
        one.close()


def put(studio, text="bass", **facts):
    return studio.call(studio.ask(Question(text, model="scripted", **facts), emit=lambda _: None))


def broken(kind=ErrorKind.BAD_REQUEST):
    return ProviderError("scripted refused", kind=kind, provider="scripted")


def texts(talk):
    return [message.text for message in talk.messages if isinstance(message, UserMessage)]


def test_a_question_from_an_earlier_turn_goes_on_a_branch_of_its_own(make):
    studio = make("one", "two", "other")
    put(studio, "a")
    put(studio, "b")

    answer = put(studio, "c", turn=1)

    tree = studio.session.tree
    assert answer.branch == tree.current == "main-2"
    assert (texts(tree.branches["main"]), texts(tree.branches["main-2"])) == (["a", "b"], ["a", "c"])


def test_a_named_branch_is_begun_once_and_then_gone_on_with(make):
    studio = make("one", "two", "three")
    put(studio, "a")
    put(studio, "b", branch="dub")
    studio.call(on_loop(lambda: studio.session.switch("main")))

    put(studio, "c", branch="dub")

    assert texts(studio.session.tree.branches["dub"]) == ["a", "b", "c"]
    assert texts(studio.session.tree.branches["main"]) == ["a"]


def test_a_turn_that_is_answered_anew_keeps_the_first_answer(make):
    studio = make("one", "other one")
    put(studio, "a")

    answer = put(studio, "", again=1)

    tree = studio.session.tree
    assert answer.text == "other one"
    assert [tree.branches[name].text for name in tree.takes(1)] == ["one", "other one"]


def test_two_questions_at_once_lose_nothing(make):
    studio = make("hello", "one", "two")
    put(studio, "a")

    async def both():
        questions = [Question(text, model="scripted") for text in ("b", "c")]
        return await asyncio.gather(*(studio.ask(one, emit=lambda _: None) for one in questions))

    answers = studio.call(both())

    tree = studio.session.tree
    assert [answer.branch for answer in answers] == ["main", "main-2"]
    assert [texts(tree.branches[name]) for name in ("main", "main-2")] == [["a", "b"], ["a", "c"]]
    assert tree.current == "main"


def test_a_question_that_failed_is_taken_back_also_on_a_branch_of_its_own(make):
    studio = make("one", broken())
    put(studio, "a")
    before = studio.session.tree

    with pytest.raises(ProviderError):
        put(studio, "b", branch="dub")

    assert dict(studio.session.tree.branches) == dict(before.branches)
    assert studio.session.tree.current == "main"


class Slow(ScriptedClient):
    """Answers every question but those that say ``fail``, which fail when they are let."""

    def __init__(self):
        super().__init__([])
        self.let = asyncio.Event()

    async def stream(self, request):
        if "fail" in request.messages[-1].text:
            await self.let.wait()
            raise broken()
        message = AssistantMessage(parts=(TextPart(text=f"answer {request.params.seed}"),))
        metadata = ResponseMetadata(provider="scripted", model="script")
        yield MessageEnd(response=Response(request=request, message=message, metadata=metadata))


@pytest.fixture
def slow(tmp_path):
    settings = Settings(live="simulated", order=("offline",), store=str(tmp_path / "store.db"))
    client = Slow()
    studio = Studio(clients=[client], settings=settings)
    yield studio, client
    studio.close()


def while_one_fails(studio, client, failing, work):
    """Ask a question, do something while it is under way, then let it fail."""

    async def run():
        task = asyncio.ensure_future(studio.ask(failing, emit=lambda _: None))
        await asyncio.sleep(0)
        await work()
        client.let.set()
        with pytest.raises(ProviderError):
            await task
        await studio.keeper.settle()

    studio.call(run())
    return studio.session.tree


def asked(studio, text, **facts):
    return studio.ask(Question(text, model="scripted", **facts), emit=lambda _: None)


def test_a_question_that_fails_takes_nobody_elses_branch_away(slow):
    studio, client = slow
    put(studio, "a")

    async def meanwhile():
        studio.session.branch("keep", turn=1)
        await asked(studio, "b", turn=1, options=Options(seed=2))

    failing = Question("fail", model="scripted", turn=1)

    tree = while_one_fails(studio, client, failing, meanwhile)

    assert set(tree.branches) == {"main", "keep", "keep-2"}
    assert set(studio.store.load(tree.name).branches) == {"main", "keep", "keep-2"}


def test_a_new_conversation_whose_first_question_fails_keeps_what_else_was_said_in_it(slow):
    studio, client = slow
    put(studio, "a")

    tree = while_one_fails(
        studio, client, Question("fail", model="scripted", new=True), lambda: asked(studio, "b")
    )

    assert texts(tree.branches["main-2"]) == ["b"]
    assert texts(studio.store.load(tree.name).branches["main-2"]) == ["b"]


def test_a_question_on_another_branch_that_fails_leaves_the_current_one(slow):
    studio, client = slow
    put(studio, "a")
    studio.call(on_loop(lambda: studio.session.branch("dub")))
    studio.call(on_loop(lambda: studio.session.switch("main")))
    client.let.set()

    with pytest.raises(ProviderError):
        put(studio, "fail", branch="dub")

    assert studio.session.tree.current == "main"


def test_no_half_key_stands_in_a_title(make):
    key = "sk-proj-" + "a1B2c3D4" * 4
    studio = make("one")
    put(studio, f"a bass line in the style of this song of mine, with my own {key} please")
    studio.call(studio.keeper.settle())

    assert "sk-proj" not in studio.store.load(studio.session.tree.name).title


def test_what_was_said_goes_on_in_another_studio(make):
    first = make("one")
    put(first, "a line in blue")
    name = first.session.tree.name
    first.close()
    second = make("two")

    studio_tree = second.call(second.resume(name))
    put(second, "b")

    assert studio_tree.title == "a line in blue"
    assert texts(second.conversation) == ["a line in blue", "b"]
    second.call(second.keeper.settle())
    assert texts(second.store.load(name).conversation) == ["a line in blue", "b"]


def test_the_clips_of_a_conversation_come_back_with_it(make):
    clip = Clip.of([Note(45, 0, 1)], length=4, name="Bass")
    call = ToolCallPart(id="1", name="write_clip", arguments=json.dumps({"clip": write_clip(clip)}))
    first = make(AssistantMessage(parts=(call,)), "here it is")
    put(first, "a line in blue")
    name = first.session.tree.name
    first.close()
    second = make()

    second.call(second.resume(name))

    assert second.latest == clip


def test_a_question_is_kept_before_it_is_answered_and_taken_out_when_nothing_came(make):
    studio = make("one", broken())
    put(studio, "a")

    with pytest.raises(ProviderError):
        put(studio, "b")
    studio.call(studio.keeper.settle())

    kept = studio.store.load(studio.session.tree.name)
    assert texts(kept.conversation) == ["a"]


def test_a_conversation_that_is_not_there_is_told_with_those_that_are_near(make):
    studio = make("one")

    with pytest.raises(SetupError, match="there is no conversation"):
        studio.call(studio.resume("nothing"))


def test_an_answer_stands_when_it_cannot_be_kept_and_says_so(make, tmp_path):
    (tmp_path / "file").write_text("this is no folder")
    studio = make("one", "two", store=tmp_path / "file" / "store.db")
    put(studio, "a")
    studio.call(studio.keeper.settle())

    answer = put(studio, "b")

    assert answer.text == "two"
    assert any("store" in trouble for trouble in answer.troubles)


def test_an_answer_is_read_as_the_type_that_was_asked_for(make):
    studio = make(json.dumps({"root": "A"}), json.dumps({"root": "A", "bars": 4}))

    answer = put(studio, "a chord", parser=Parser(Chord))

    assert answer.value == Chord(root="A", bars=4)
    assert "bars" in texts(studio.conversation)[-1]  # the model was told what is wrong


def test_an_answer_that_stays_wrong_is_an_error_with_what_was_received(make):
    studio = make("no", "still no", "never")

    with pytest.raises(ParseError) as caught:
        put(studio, "a chord", parser=Parser(Chord))

    assert (caught.value.received, caught.value.attempts) == ("never", 3)


def test_a_dry_run_gives_the_request_and_changes_nothing(make):
    studio = make("one")
    put(studio, "a")
    before = studio.session.tree

    request = studio.call(studio.request(Question("b", model="scripted", turn=0)))

    assert texts_of(request) == ["b"]
    reading = {"read_set", "read_clip", "read_device", "search_browser"}
    assert {tool.name for tool in request.tools} == {"write_clip", "push_clip", "change_set", *reading}
    assert studio.session.tree == before


def test_a_long_conversation_is_shown_by_its_newest_turns_and_kept_whole():
    client = ScriptedClient(["one", "two", "three"])
    settings = Settings(live="simulated", store="memory", window_tokens=400)
    studio = Studio(clients=[client], settings=settings)
    try:
        for text in ("a" * 3000, "b", "c"):
            put(studio, text)
        dry = studio.call(studio.request(Question("d", model="scripted")))
    finally:
        studio.close()

    assert [texts_of(request)[0][0] for request in client.requests] == ["a", "b", "b"]
    assert texts_of(dry) == ["b", "c", "d"]
    assert [text[0] for text in texts(studio.conversation)] == ["a", "b", "c"]


class Simple(ScriptedClient):
    """Cannot call tools."""

    async def capabilities(self, model):  # noqa: ARG002  the same for every model
        return Capabilities(tools=False)


def test_what_would_be_sent_is_told_as_the_model_would_get_it():
    studio = Studio(clients=[Simple([])], settings=Settings(live="simulated", store="memory"))
    try:
        clip = studio.call(studio.request(Question("acid bass", model="scripted")))
        who, sent = studio.call(studio.providers.sent(clip))
        chord = studio.call(studio.request(Question("a chord", model="scripted", parser=Parser(Chord))))
        _, asked = studio.call(studio.providers.sent(chord))
    finally:
        studio.close()

    assert who == "scripted/script"
    assert (sent.tools, sent.model, bool(sent.response_schema)) == ((), "script", True)
    assert asked.response_schema is None
    assert "JSON schema" in asked.messages[-1].text


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        pytest.param({"turn": 7}, ConversationError, id="no such turn"),
        pytest.param({"again": 7}, ConversationError, id="no such turn to answer anew"),
        pytest.param({"new": True, "branch": "dub"}, SetupError, id="a new conversation has no branch"),
        pytest.param({"turn": 1, "branch": "main"}, SetupError, id="the branch is there already"),
        pytest.param({"mode": "generate", "parser": Parser(Chord)}, SetupError, id="a clip or a value"),
    ],
)
def test_a_place_that_cannot_be_is_told_and_nothing_is_lost(make, facts, error):
    studio = make("one")
    put(studio, "a")
    before = studio.session.tree

    with pytest.raises(error):
        put(studio, "b", **facts)

    assert studio.session.tree == before


def texts_of(request):
    return [message.text for message in request.messages if isinstance(message, UserMessage)]


async def on_loop(work):
    return work()
