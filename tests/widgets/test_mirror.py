"""What a front end is told of a document: what differs, once, and as what was added where something grew."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from conduit.widgets.mirror import Mirror

VALUES = st.one_of(st.text(max_size=6), st.binary(max_size=6), st.integers(0, 3), st.lists(st.integers(0, 2)))
ITEMS = st.dictionaries(
    st.sampled_from("abc"), st.dictionaries(st.sampled_from(["x", "y"]), VALUES, min_size=1), max_size=3
)


def taken(page, message):
    """Apply a message as the front end does."""
    content, buffers = message.content, iter(message.buffers)
    if content["type"] == "whole":
        page.clear()
    for name in content.get("gone", ()):
        page.pop(name, None)
    for name, fields in content.get("set", content.get("items", {})).items():
        page.setdefault(name, {}).update(fields)
    for name, fields in content.get("more", {}).items():
        for key, value in fields.items():
            page[name][key] += value
    for name, key, way in content["bytes"]:
        data = next(buffers)
        page.setdefault(name, {})[key] = page[name][key] + data if way == "more" else data
    return page


@given(st.lists(ITEMS, max_size=6))
def test_a_page_that_takes_every_message_has_the_document(documents):
    mirror, page = Mirror(), {}

    for document in documents:
        message = mirror.change(document)
        if message is not None:
            taken(page, message)

        assert page == document
        assert taken({}, mirror.whole()) == document == mirror.state()["items"]


def test_what_grew_at_its_end_goes_as_what_was_added():
    mirror = Mirror()
    mirror.change({"c1": {"notes": b"\x01" * 1200, "name": "Bass"}})

    message = mirror.change({"c1": {"notes": b"\x01" * 1212, "name": "Bass"}})

    assert message.content["bytes"] == [["c1", "notes", "more"]]
    assert message.buffers == [b"\x01" * 12]
    assert message.content["set"] == {}


def test_a_document_that_is_as_it_was_is_not_told():
    mirror = Mirror()
    mirror.change({"p1": {"text": "four"}})

    assert mirror.change({"p1": {"text": "four"}}) is None
    assert mirror.n == 1


def test_what_a_page_did_itself_is_not_told_to_it():
    mirror = Mirror()
    mirror.change({"c1": {"edits": 0}})
    mirror.known("c1", {"edits": 1})

    assert mirror.change({"c1": {"edits": 1}}) is None


def test_an_item_of_another_kind_takes_the_place_of_the_one_before():
    mirror = Mirror()
    mirror.change({"p1": {"text": "four"}})

    message = mirror.change({"p1": {"clip": "c1"}})

    assert message.content["gone"] == ["p1"]
    assert message.content["set"] == {"p1": {"clip": "c1"}}


def test_halves_of_characters_are_replaced_wherever_they_stand():
    mirror, page = Mirror(), {}

    for text in ("a\ud83d", "a\ud83d\ude00b"):
        message = mirror.change({"e1": {"text": text, "rows": [[text, {"name": text}]], "data": b"\x00"}})
        json.dumps(message.content, ensure_ascii=False).encode()
        taken(page, message)

    assert page["e1"] == {
        "text": "a\ufffd\ufffdb",
        "rows": [[page["e1"]["text"], {"name": "a\ufffd\ufffdb"}]],
        "data": b"\x00",
    }
    assert page == mirror.state()["items"] == taken({}, mirror.whole())
