import json
from dataclasses import replace
from decimal import Decimal

import pytest

from conduit.errors import SetupError
from conduit.messages import (
    AssistantMessage,
    AudioPart,
    Conversation,
    ConversationTree,
    ImagePart,
    ReasoningPart,
    ResponseMetadata,
    SystemMessage,
    TextPart,
    ToolCallPart,
    ToolMessage,
    ToolResultPart,
    Usage,
    UserMessage,
)
from conduit.store import BatchItem, Store

FACT = ResponseMetadata(
    provider="openai",
    model="gpt",
    usage=Usage(input_tokens=7, output_tokens=3),
    cost_usd=Decimal("0.0000125"),
)
PNG = ImagePart(media_type="image/png", data=bytes(range(256)))


def said(text):
    return UserMessage.of(text)


def answered(text):
    return AssistantMessage(parts=(TextPart(text=text),))


def talk_of(turns, start=None):
    talk = start or Conversation()
    for number in range(turns):
        talk = talk.add(said(f"question {number}")).add(answered(f"answer {number}"))
    return talk


def tree_of(turns, **facts):
    return ConversationTree(name="acid", branches={"main": talk_of(turns)}, **facts)


EVERYTHING = (
    SystemMessage(content="Be brief.\0\x1a\ud800 \x1a0000"),
    UserMessage(
        parts=(
            TextPart(text="Ünïcode 🎹 and \0"),
            PNG,
            AudioPart(media_type="audio/wav", data=b""),
            PNG,
        )
    ),
    AssistantMessage(
        parts=(
            ReasoningPart(
                text="hm", provider_data={"anthropic": {"signature": "s=\ud83d", "n": [1.5, None]}}
            ),
            TextPart(text="I shall"),
            ToolCallPart(id="c1", name="write_clip", arguments='{"text": "clip \\u0000'),
            ToolCallPart(id="c2", name="write_clip"),
        )
    ),
    ToolMessage(result=ToolResultPart(call_id="c2", name="write_clip", text="no", is_error=True)),
    ToolMessage(result=ToolResultPart(call_id="c1", name="write_clip", text="done")),
)


def test_every_kind_of_message_comes_back_as_it_was(store):
    talk = Conversation().extended(EVERYTHING)

    store.append("acid", "main", talk)

    loaded = store.load("acid").conversation
    assert loaded.messages == EVERYTHING
    assert loaded.id == talk.id
    assert loaded.messages[1].parts[1] == PNG


def test_a_tree_comes_back_with_its_branches_in_order_its_facts_and_its_metadata(store):
    tree = tree_of(2, title="Acid \0", metadata={"seed": 7, "tags": ["a\0", {"b": None}]})
    tree = tree.noted(tree.conversation.id, FACT)
    tree = tree.branch("zz", turn=1).add(said("a pad")).edit(1, "other").branch("before", turn=0).switch("zz")

    saved = store.save(tree)

    loaded = store.load("acid")
    assert saved is tree
    assert loaded == tree
    assert list(loaded.branches) == list(tree.branches)
    assert loaded.facts[talk_of(2).id].cost_usd == Decimal("0.0000125")


def test_a_message_is_stored_once_whatever_number_of_branches_has_it(store):
    store.save(tree_of(3).branch("b").branch("c").edit(3, "x"))

    assert store.conversations()[0].messages == 7
    assert store.conversations()[0].branches == ("main", "b", "c", "c-2")


def test_what_is_appended_one_by_one_is_what_is_saved_at_once(store):
    talk = talk_of(3)
    for depth in range(1, 7):
        store.append("acid", "main", talk.at(depth), FACT if depth == 6 else None)

    loaded = store.load("acid")
    assert loaded.conversation == talk
    assert dict(loaded.facts) == {talk.id: FACT}
    assert store.save(loaded) is loaded


def test_appending_twice_changes_nothing(store):
    for _ in range(2):
        store.append("acid", "main", talk_of(2))

    assert store.conversations()[0].messages == 4


def test_a_fact_that_comes_after_its_message_is_kept(store):
    tree = store.save(tree_of(1))
    store.save(tree.noted(tree.conversation.id, FACT))

    assert store.load("acid").cost_usd == Decimal("0.0000125")


def test_a_fact_may_be_appended_after_its_message(store):
    talk = talk_of(1)
    for fact in (None, FACT):
        store.append("acid", "main", talk, fact)

    assert store.load("acid").facts == {talk.id: FACT}


def test_a_cached_answer_does_not_take_back_what_the_first_one_cost(store):
    talk = talk_of(1)
    store.append("acid", "main", talk, FACT)
    store.append("acid", "main", talk, FACT.model_copy(update={"cached": True, "cost_usd": None}))

    assert store.load("acid").facts[talk.id] == FACT


def test_two_kernels_that_answer_at_once_lose_nothing(place):
    with Store(place) as one, Store(place) as other:
        start = one.save(tree_of(1))
        mine = start.conversation.add(said("mine"))
        theirs = start.conversation.add(said("theirs"))

        assert one.append("acid", "main", mine) == "main"
        assert other.append("acid", "main", theirs) == "main-2"
        assert other.append("acid", "main", theirs.add(answered("more"))) == "main-2"
        assert one.append("acid", "main", mine.add(answered("as well"))) == "main"

        loaded = one.load("acid")
    assert [talk.tail.text for talk in loaded.branches.values()] == ["as well", "more"]


def test_saving_gives_back_what_others_made_and_where_ours_went(place):
    with Store(place) as one, Store(place) as other:
        mine = one.save(tree_of(1))
        other.save(other.load("acid").add(said("theirs")).branch("their own"))

        saved = one.save(mine.add(said("mine")))

    assert list(saved.branches) == ["main", "their own", "main-2"]
    assert saved.branches["main"].tail.text == "theirs"
    assert saved.current == "main-2"
    assert saved.conversation.tail.text == "mine"


def test_a_kernel_that_is_behind_takes_nothing_back(place):
    with Store(place) as one, Store(place) as other:
        old = one.save(tree_of(1))
        other.append("acid", "main", talk_of(5))

        saved = one.save(old)
        landed = one.append("acid", "main", old.conversation)

    assert landed == "main"
    assert saved.branches == {"main": talk_of(5)}


def test_pruning_removes_what_only_that_branch_said(store):
    was = tree_of(2).edit(2, "a secret").add(AssistantMessage(parts=(TextPart(text="kept?"),)))
    was = store.save(was.branch("pic").add(UserMessage(parts=(PNG,))).branch("pic2", turn=1))
    now = was.prune("main-2").prune("pic")

    saved = store.save(now, was=was)

    assert saved is now
    assert store.load("acid") == now
    assert store.search("secret") == []
    assert store.conversations()[0].messages == 4


def test_a_question_that_is_taken_back_is_not_found_any_more(store):
    was = store.save(tree_of(1).add(said("a secret")))
    now = replace(was, branches={"main": was.conversation.at(2)})

    store.save(now, was=was)

    assert store.load("acid") == now
    assert store.search("secret") == []


def test_a_branch_that_another_moved_is_not_pruned(place):
    with Store(place) as one, Store(place) as other:
        was = one.save(tree_of(1).branch("b"))
        other.append("acid", "b", was.conversation.add(said("theirs")))

        saved = one.save(was.prune("b"), was=was)

    assert saved.branches["b"].tail.text == "theirs"


def test_renaming_a_branch_is_seen_when_it_is_loaded(store):
    was = store.save(tree_of(1).branch("b"))

    store.save(was.rename("b", "bass"), was=was)

    assert set(store.load("acid").branches) == {"main", "bass"}


def test_a_conversation_that_is_not_there_is_an_error_with_near_names(store):
    store.save(tree_of(1).with_(name="acid bass"))

    with pytest.raises(SetupError, match=r"'acid bas'.*did you mean acid bass\?") as caught:
        store.load("acid bas")

    assert caught.value.valid == ["acid bass"]


@pytest.mark.parametrize("name", ["", "  ", "two\nlines", "x" * 201, "a\0b"])
def test_a_name_that_could_not_be_found_again_is_refused(name, store):
    with pytest.raises(SetupError, match="cannot name a conversation"):
        store.append(name, "main", talk_of(1))


def test_deleting_removes_every_word_and_picture(store):
    store.append("acid", "main", Conversation().extended(EVERYTHING), FACT)
    store.append("other", "main", talk_of(1))

    store.delete("acid")

    assert [one.name for one in store.conversations()] == ["other"]
    assert store.search("brief") == []
    with pytest.raises(SetupError, match="no conversation 'acid'"):
        store.delete("acid")


def test_conversations_are_listed_last_used_first(place):
    ticks = iter(range(100))
    with Store(place, clock=lambda: float(next(ticks))) as store:
        for name in ("a", "b", "a"):
            store.append(name, "main", talk_of(1))

        assert [one.name for one in store.conversations(limit=2)] == ["a", "b"]
        assert store.conversations(limit=1)[0].updated > store.conversations(limit=1)[0].created


def test_an_empty_tree_comes_back_empty(store):
    store.save(ConversationTree(name="acid", title="Nothing yet"))

    assert store.load("acid") == ConversationTree(name="acid", title="Nothing yet")


def test_what_was_spent_is_summed_by_model(store):
    talk = talk_of(2)
    store.append("a", "main", talk.at(2), FACT)
    store.append("a", "main", talk, FACT.model_copy(update={"cost_usd": None, "usage": None}))
    store.append("b", "main", talk.at(2), FACT.model_copy(update={"cached": True}))

    (sum_,) = store.spent()

    assert (sum_.answers, sum_.unpriced, sum_.cost_usd) == (2, 1, Decimal("0.0000125"))
    assert sum_.usage == FACT.usage


class TestSecrets:
    KEY = "sk-0123456789"

    def clean(self, text):
        return text.replace(self.KEY, "•••")

    def talk(self):
        call = ToolCallPart(id="c1", name="t", arguments=json.dumps({"key": self.KEY}))
        reasoning = ReasoningPart(text=self.KEY, provider_data={"x": {"name": self.KEY}})
        return Conversation().extended(
            [
                said("hello"),
                AssistantMessage(parts=(reasoning, TextPart(text=f"use {self.KEY}"), call)),
                ToolMessage(result=ToolResultPart(call_id="c1", name="t", text=self.KEY)),
                answered("done"),
            ]
        )

    def test_none_reaches_the_file(self, tmp_path):
        with Store(tmp_path / "s.db", clean=self.clean) as store:
            store.append("acid", "main", self.talk(), FACT)
            store.save(store.load("acid").with_(title=self.KEY, metadata={"name": [self.KEY]}))
            store.remember("key", self.KEY)
            store.save_persona("key", self.KEY)
            store.log_plan("P1", title=self.KEY, tier="x", status="y", details={"d": self.KEY})
            batch = store.begin_batch("b", "")
            items = [
                BatchItem(0, "k", payload=json.dumps({"x": self.KEY})),
                BatchItem(1, "k", error=json.dumps({"x": [f"?key={self.KEY}\n"]})),
            ]
            store.put_items(batch, items)

        for file in tmp_path.iterdir():
            assert self.KEY.encode() not in file.read_bytes()

    def test_a_conversation_goes_on_after_one_was_taken_out(self, place):
        talk = self.talk()
        with Store(place, clean=self.clean) as store:
            for depth in range(1, 5):
                assert store.append("acid", "main", talk.at(depth), FACT if depth == 4 else None) == "main"
        with Store(place, clean=self.clean) as store:
            talk = talk.add(said("go on"))
            assert store.append("acid", "main", talk) == "main"
            loaded = store.load("acid")
            assert store.append("acid", "main", loaded.conversation.add(answered("yes"))) == "main"

            loaded = store.load("acid")

        assert loaded.branches.keys() == {"main"}
        assert [message.text for message in loaded.conversation.messages[::4]] == ["hello", "go on"]
        assert loaded.conversation.messages[1].tool_calls[0].id == "c1"
        assert list(loaded.facts) == [loaded.conversation.at(4).id]


def test_messages_that_were_hashed_otherwise_go_on_as_one_branch(place):
    from sqlalchemy import create_engine, text  # noqa: PLC0415

    talk = talk_of(2)
    with Store(place) as store:
        store.append("acid", "main", talk, FACT)
        url = place if "://" in place else f"sqlite:///{place}"
        engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        with engine.begin() as connection:
            connection.execute(text("UPDATE conduit_nodes SET id = 'old' || id"))
            connection.execute(text("UPDATE conduit_nodes SET parent = 'old' || parent WHERE parent != ''"))
            connection.execute(text("UPDATE conduit_branches SET tip = 'old' || tip"))
            connection.execute(text("UPDATE conduit_facts SET node = 'old' || node"))
        engine.dispose()
    with Store(place) as store:
        assert store.load("acid").facts == {talk.id: FACT}

        assert store.append("acid", "main", talk.add(said("more"))) == "main"
        assert store.append("acid", "main", talk.add(said("more")).add(answered("yes"))) == "main"
        assert store.conversations()[0].messages == 6
        assert store.load("acid").conversation.messages[:4] == talk.messages
