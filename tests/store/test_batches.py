import json

import pytest

from conduit.errors import SetupError
from conduit.store import BatchItem
from conduit.store.batches import PAGE


def test_items_come_back_in_order_whatever_the_order_they_came_in(store):
    batch = store.begin_batch("b", "d")
    count = 2 * PAGE + 1
    for index in reversed(range(count)):
        store.put_items(batch, [BatchItem(index, f"k{index}", json.dumps(index))])

    assert [(item.index, item.key, item.payload) for item in store.items(batch)] == [
        (index, f"k{index}", str(index)) for index in range(count)
    ]


def test_a_batch_goes_on_by_its_name_and_another_with_that_name_is_refused(store):
    batch = store.begin_batch("b", "d")

    assert store.begin_batch("b", "d") == batch
    with pytest.raises(
        SetupError, match=r"the batch 'b' in the store was made with another template.*another name"
    ):
        store.begin_batch("b", "other")


def test_an_answer_stays_and_an_error_is_replaced(store):
    batch = store.begin_batch("b", "d")
    store.put_items(batch, [BatchItem(0, "k", error='"no"')])
    assert [item.failed for item in store.items(batch)] == [True]

    store.put_items(batch, [BatchItem(0, "k", payload='"first"')])
    store.put_items(batch, [BatchItem(0, "k", payload='"second"')])
    store.put_items(batch, [BatchItem(0, "k", error='"late"')])

    assert list(store.items(batch)) == [BatchItem(0, "k", payload='"first"')]


def test_items_are_stored_together_or_not_at_all(store):
    batch = store.begin_batch("b", "d")
    good, bad = BatchItem(3, "k", payload='"\\u0000\ud800"'), BatchItem(4, "k")

    with pytest.raises(ValueError, match="a payload or an error"):
        store.put_items(batch, [good, bad])
    assert list(store.items(batch)) == []
    store.put_items(batch, [good, good])
    store.put_items(batch, [])
    assert list(store.items(batch)) == [good]


def test_an_item_is_an_answer_or_an_error(store):
    batch = store.begin_batch("b", "d")

    for wrong in ({}, {"payload": "1", "error": "1"}):
        with pytest.raises(ValueError, match="a payload or an error"):
            store.put_items(batch, [BatchItem(0, "k", **wrong)])


def test_a_deleted_batch_begins_afresh(store):
    for _ in range(2):
        store.delete_batch("b")
        batch = store.begin_batch("b", "d")
        store.put_items(batch, [BatchItem(0, "k", payload="1")])

    store.delete_batch("b")
    assert list(store.items(store.begin_batch("b", "other"))) == []
