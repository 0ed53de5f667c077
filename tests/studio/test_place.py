"""Where conversations are had: the notebook's last one is found again, and every change of place is heard."""

from __future__ import annotations

import asyncio

import pytest

from conduit.channel.keeper import Keeper
from conduit.clients import ScriptedClient
from conduit.errors import ErrorKind, ProviderError
from conduit.settings import Settings
from conduit.store import Store
from conduit.studio import Question, Studio
from conduit.studio.session import Session

NOTEBOOK = "/home/me/song.ipynb"


@pytest.fixture
def make(tmp_path, monkeypatch):
    """Make studios on one store, each in a notebook; they are closed after the test."""
    made = []

    def studio(*replies, notebook=NOTEBOOK):
        with monkeypatch.context() as patch:
            patch.setenv("JPY_SESSION_NAME", notebook)
            settings = Settings(live="simulated", store=str(tmp_path / "store.db"))
            made.append(Studio(clients=[ScriptedClient(replies)], settings=settings))
        return made[-1]

    yield studio
    for one in made:
        one.close()


def put(studio, text="bass", **facts):
    answer = studio.call(studio.ask(Question(text, model="scripted", **facts), emit=lambda _: None))
    studio.call(studio.keeper.settle())  # another process may look now
    return answer


def last(studio):
    return studio.call(studio.session.last_of_place())


async def on_loop(work):
    return work()


def broken():
    return ProviderError("scripted refused", kind=ErrorKind.BAD_REQUEST, provider="scripted")


def test_the_last_conversation_of_a_notebook_is_found_by_the_next_kernel(make):
    for notebook, said in ((NOTEBOOK, "a"), (NOTEBOOK, "b"), ("/home/me/other.ipynb", "c")):
        studio = make("one", notebook=notebook)
        put(studio, said)
        studio.close()

    found = last(make())

    assert make().store.load(found).title == "b"
    assert make().store.load(found).metadata == {"notebook": NOTEBOOK}


def test_it_is_the_one_that_was_used_last_not_the_one_that_began_last(make):
    studio = make("one", "two", "three")
    put(studio, "a")
    first = studio.session.tree.name
    put(studio, "b", new=True)
    studio.call(studio.resume(first))

    put(studio, "c")

    assert last(studio) == first


def test_a_conversation_that_nothing_came_of_is_not_the_last(make):
    studio = make("one", broken())
    put(studio, "a")
    name = studio.session.tree.name
    other = make(broken())

    with pytest.raises(ProviderError):
        put(other, "b")

    assert last(other) == name


def test_outside_of_a_notebook_there_is_no_last_one(make):
    studio = make("one", notebook="")
    put(studio, "a")

    assert last(studio) == ""
    assert studio.session.tree.metadata == {}


def test_without_any_conversation_there_is_no_last_one(make):
    assert last(make()) == ""


def test_the_notebook_is_stored_before_the_first_answer_comes():
    store = Store("memory")
    keeper = Keeper(lambda: store)
    session = Session(keeper=keeper, instructions=str, place=NOTEBOOK)

    async def begin():
        session.begin(Question("a bass line"))
        await keeper.settle()

    asyncio.run(begin())

    (stored,) = store.conversations()
    assert (stored.title, stored.metadata) == ("a bass line", {"notebook": NOTEBOOK})
    store.close()


def test_a_session_is_untouched_until_something_is_said_in_it(make):
    studio = make("one", broken())
    assert studio.session.untouched

    put(studio, "a")

    assert not studio.session.untouched


def test_a_session_is_not_untouched_while_its_first_question_is_under_way(make):
    seen = []
    studio = make("one")
    ask = studio.ask(Question("a", model="scripted"), emit=lambda _: seen.append(studio.session.untouched))

    studio.call(ask)

    assert seen
    assert not any(seen[:-1])


def test_a_session_is_untouched_again_when_nothing_came_of_its_first_question(make):
    studio = make(broken())

    with pytest.raises(ProviderError):
        put(studio, "a")

    assert studio.session.untouched


def test_a_conversation_that_a_person_began_is_not_untouched(make):
    studio = make()

    studio.call(on_loop(studio.forget))

    assert not studio.session.untouched


def test_a_conversation_that_was_gone_on_with_is_not_untouched(make):
    first = make("one")
    put(first, "a")
    second = make()

    second.call(second.resume(first.session.tree.name))

    assert not second.session.untouched


@pytest.fixture
def session(tmp_path):
    """A studio whose session tells of its changes; what was heard is in ``heard``."""
    studio = Studio(
        clients=[ScriptedClient(["one", "two", "three"])],
        settings=Settings(live="simulated", store=str(tmp_path / "store.db")),
    )
    studio.heard = []
    studio.session._heard = lambda: studio.heard.append(studio.session.tree.current)
    yield studio
    studio.close()


@pytest.mark.parametrize(
    ("change", "times"),
    [
        pytest.param(lambda session: session.branch("dub"), ["dub"], id="branch"),
        pytest.param(lambda session: session.switch("main"), ["main"], id="switch"),
        pytest.param(lambda session: session.tell("Plan P1 was rejected."), ["main"], id="tell"),
        pytest.param(lambda session: session.tell(), [], id="nothing to tell"),
        pytest.param(lambda session: session.forget(), ["main"], id="forget"),
    ],
)
def test_what_changes_the_session_is_heard_once(session, change, times):
    put(session, "a")
    session.heard.clear()

    session.call(on_loop(lambda: change(session.session)))

    assert session.heard == times


def test_a_question_is_heard_as_it_begins_and_as_it_ends(session):
    put(session, "a")

    assert session.heard == ["main", "main"]


def test_a_conversation_that_is_gone_on_with_is_heard(session):
    put(session, "a")
    session.heard.clear()

    session.call(session.session.resume(session.session.tree.name))

    assert session.heard == ["main"]


def test_nothing_is_heard_of_a_session_that_begins():
    heard = []
    store = Store("memory")

    session = Session(
        keeper=Keeper(lambda: store), instructions=str, place=NOTEBOOK, heard=lambda: heard.append(1)
    )

    assert heard == []
    assert session.tree.metadata == {"notebook": NOTEBOOK}
    store.close()
