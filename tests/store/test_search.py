import pytest

from conduit.messages import AssistantMessage, Conversation, SystemMessage, TextPart, UserMessage


def put(store, *texts, name="acid"):
    talk = Conversation().add(SystemMessage(content="Be brief."))
    for number, text in enumerate(texts):
        parts = (TextPart(text=text),)
        talk = talk.add(UserMessage(parts=parts) if number % 2 == 0 else AssistantMessage(parts=parts))
    store.append(name, "main", talk)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("An ACID Bass", "acid"),
        ("an acid bass", "bass ACID"),
        ("GRÖSSE ЖЁ", "größe жё"),
        ("100% of_it", "100%"),
        ("100% of_it", "f_i"),
        ("back\\slash", "K\\S"),
        ('it\'s "quoted"', "'s \"q"),
        ("a\0b", "A\0B"),
        ("lone \ud83d", "\ud83d"),
        ("🎹 piano", "🎹"),
    ],
)
def test_search_knows_no_case_and_no_wildcards(text, wanted, store):
    put(store, text)

    assert [found.excerpt for found in store.search(wanted)] == [text]


@pytest.mark.parametrize("wanted", ["a%s", "_", "acid lead", "\\", "user", "text", "0000", "d83d", "\x1a"])
def test_what_is_not_in_the_words_is_not_found(wanted, store):
    put(store, "an acid bass \0 \ud83d")

    assert store.search(wanted) == []


def test_it_says_where_it_was_said(store):
    put(store, "first", "one", "second", "two acid", name="a")

    (found,) = store.search("two")

    assert (found.conversation, found.turn, found.role) == ("a", 2, "assistant")
    assert found.node == store.load("a").conversation.id
    assert store.search("brief")[0].turn == 0


def test_the_newest_come_first_and_no_more_than_wanted(store):
    put(store, "acid 1", "acid 2")
    put(store, "acid 3", name="b")

    assert [found.excerpt for found in store.search("acid", limit=2)] == ["acid 3", "acid 2"]


def test_an_excerpt_shows_the_place_on_one_line(store):
    put(store, "x " * 200 + "an\nacid  bass" + " y" * 200)

    excerpt = store.search("acid")[0].excerpt

    assert "an acid bass" in excerpt
    assert excerpt.startswith("…")
    assert excerpt.endswith("…")
    assert len(excerpt) < 140


def test_nothing_to_search_for_is_an_error(store):
    with pytest.raises(ValueError, match="at least one word"):
        store.search("  ")
