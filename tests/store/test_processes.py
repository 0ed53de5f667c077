import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from conduit.messages import UserMessage
from conduit.store import Store

WRITER = Path(__file__).with_name("writer.py")


@contextmanager
def writer(place, name, who, count):
    command = [sys.executable, WRITER, place, name, who, str(count)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def go(*processes):
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()


def texts(conversation):
    return [message.text for message in conversation.messages]


def words(who, count):
    return [f"{who} says {number}" for number in range(count)]


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    "names", [("one", "other"), ("same", "same")], ids=["two conversations", "one conversation"]
)
def test_two_processes_with_5000_messages_each_lose_none(names, place):
    count = 5000
    with writer(place, names[0], "one", count) as one, writer(place, names[1], "other", count) as other:
        go(one, other)
        assert one.communicate()[0].count("\n") == count
        assert other.communicate()[0].count("\n") == count

    with Store(place) as store:
        trees = [store.load(name) for name in dict.fromkeys(names)]
        found = [texts(talk) for tree in trees for talk in tree.branches.values()]
    assert sorted(found) == [words("one", count), words("other", count)]


@pytest.mark.slow
@pytest.mark.parametrize("acknowledged", [1, 150])
def test_a_process_that_is_killed_loses_at_most_the_message_it_was_writing(acknowledged, place):
    with writer(place, "acid", "one", 100_000) as process:
        go(process)
        for _ in range(acknowledged):
            process.stdout.readline()
        process.kill()
        acknowledged += process.stdout.read().count("\n")

    with Store(place) as store:
        names = [one.name for one in store.conversations()]
        tree = store.load("acid") if names else None
        found = texts(tree.conversation) if tree else []
        if tree:
            assert (
                store.append("acid", "main", tree.conversation.closed("").add(UserMessage.of("on"))) == "main"
            )

    assert found == words("one", len(found))
    assert acknowledged <= len(found) <= acknowledged + 1
    if "://" not in place:
        connection = sqlite3.connect(place)
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.close()


@pytest.mark.slow
def test_several_processes_may_open_a_new_store_at_once(place):
    whos = [f"p{number}" for number in range(4)]
    with (
        writer(place, "p0", "p0", 3) as first,
        writer(place, "p1", "p1", 3) as second,
        writer(place, "p2", "p2", 3) as third,
        writer(place, "p3", "p3", 3) as fourth,
    ):
        processes = (first, second, third, fourth)
        go(*processes)
        assert [process.communicate()[0].count("\n") for process in processes] == [3] * 4

    with Store(place) as store:
        assert sorted(one.name for one in store.conversations()) == whos
        assert {one.messages for one in store.conversations()} == {3}
