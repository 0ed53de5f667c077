"""When things were said, and where: what a notebook needs to go on with its last conversation."""

import pytest

from conduit.errors import SetupError
from conduit.messages import AssistantMessage, Conversation, ConversationTree, TextPart, UserMessage
from conduit.music import Clip, Note
from conduit.store import Store

KEY = "sk-secret"
TALK = Conversation().add(UserMessage.of("a bass")).add(AssistantMessage(parts=(TextPart(text="here"),)))


def clean(text):
    return text.replace(KEY, "•")


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def timed(place):
    """A store whose clock is told the time; it takes one secret out of texts."""
    clock = Clock()
    with Store(place, clock=clock, clean=clean) as store:
        store.clock = clock
        yield store


def said_at(store, at, *, name="acid", **facts):
    store.clock.now = at
    store.save(ConversationTree(name=name, branches={"main": TALK}, **facts))


def test_each_message_has_the_time_at_which_it_was_stored(timed):
    said_at(timed, 100.0)
    timed.clock.now = 200.0
    longer = TALK.add(UserMessage.of("higher"))
    timed.append("acid", "main", longer)

    times = timed.times("acid")

    assert times == {TALK.at(1).id: 100.0, TALK.id: 100.0, longer.id: 200.0}


def test_messages_with_a_secret_have_theirs_by_both_of_their_ids(timed):
    timed.clock.now = 100.0
    talk = Conversation().add(UserMessage.of(f"with {KEY}")).add(TALK.tail)
    timed.append("acid", "main", talk)

    times = timed.times("acid")

    assert {times[node.id] for node in talk.nodes} == {100.0}
    assert {times[node.id] for node in timed.load("acid").conversation.nodes} == {100.0}
    assert len(times) == 4


def test_the_times_of_a_conversation_that_is_not_there_are_an_error(timed):
    said_at(timed, 1.0)

    with pytest.raises(SetupError, match="did you mean acid"):
        timed.times("acit")


def test_the_last_used_conversation_with_some_metadata_is_found(timed):
    here = {"notebook": "a.ipynb"}
    said_at(timed, 1.0, name="old", metadata=here)
    said_at(timed, 2.0, name="new", metadata={**here, "mood": ["dark"]})
    said_at(timed, 3.0, name="elsewhere", metadata={"notebook": "b.ipynb"})
    said_at(timed, 4.0, name="nowhere")

    assert timed.last_of(here) == "new"
    timed.clock.now = 5.0
    timed.append("old", "main", TALK.add(UserMessage.of("more")))
    assert timed.last_of(here) == "old"
    assert timed.last_of({**here, "mood": ["dark"]}) == "new"
    assert timed.last_of({"notebook": "c.ipynb"}) == ""


def test_an_empty_conversation_is_not_the_last(timed):
    said_at(timed, 1.0, metadata={"notebook": "a"})
    timed.clock.now = 2.0
    timed.save(ConversationTree(name="empty", metadata={"notebook": "a"}))

    assert timed.last_of({"notebook": "a"}) == "acid"


def test_a_place_with_a_secret_in_its_name_is_found_again(timed):
    said_at(timed, 1.0, metadata={"notebook": f"{KEY}.ipynb"})

    assert timed.last_of({"notebook": f"{KEY}.ipynb"}) == "acid"


def test_a_list_of_conversations_has_their_metadata(timed):
    said_at(timed, 1.0, metadata={"notebook": "a", "mood": ["dark"]})

    assert [one.metadata for one in timed.conversations()] == [{"notebook": "a", "mood": ["dark"]}]


def test_a_clip_names_its_node_as_the_store_does(timed):
    clip = Clip.of([Note(45, 0, 1)], name="Bass")
    talk = Conversation().add(UserMessage.of(f"with {KEY}")).add(TALK.tail)
    timed.append("acid", "main", talk)

    timed.save_clip("Bass", clip, conversation="acid", provenance={"node": talk.id})

    assert timed.clip("Bass").provenance == {"node": timed.load("acid").conversation.id}
