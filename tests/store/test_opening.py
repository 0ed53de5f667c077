import asyncio
import gc
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from conduit.errors import SetupError, StoreError
from conduit.messages import Conversation, UserMessage
from conduit.store import Store

TALK = Conversation().add(UserMessage.of("hello"))


@pytest.mark.parametrize("where", ["", "memory", ":memory:", "sqlite://", "sqlite:///:memory:"])
def test_a_store_may_last_no_longer_than_its_object(where):
    with Store(where) as store:
        store.append("a", "main", TALK)

        assert store.where == "memory"
        assert store.load("a").conversation == TALK


@pytest.mark.parametrize("form", ["{}", "sqlite:///{}"])
def test_a_file_is_made_with_its_folders_for_its_owner_alone(form, tmp_path):
    path = tmp_path / "my folder" / "x" / "store.sqlite"
    with Store(form.format(path)) as store:
        store.append("a", "main", TALK)

        assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_nothing_is_opened_before_the_first_use(tmp_path):
    with Store(tmp_path / "store.sqlite"):
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("where", ["mysql://x/y", "nonsense://", "postgresql://host:port/x", "a\0b"])
def test_a_place_of_no_known_form_is_refused(where):
    with pytest.raises(SetupError):
        Store(where)


def test_no_password_is_shown():
    store = Store("postgres://me:hunter2@127.0.0.1:1/x")

    with pytest.raises(StoreError, match="cannot be used") as caught:
        store.conversations()

    assert "hunter2" not in f"{store!r} {store.where} {caught.value.message}"
    assert "is the server running" in caught.value.message


def test_a_folder_is_no_store(tmp_path):
    with pytest.raises(StoreError, match="that is a folder"):
        Store(tmp_path).conversations()


def test_a_place_that_cannot_be_made_is_an_error_that_says_so(tmp_path):
    (tmp_path / "file").write_text("x")

    with pytest.raises(StoreError, match=r"cannot be made: .*CONDUIT_STORE=memory"):
        Store(tmp_path / "file" / "store.sqlite").conversations()


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("my notes " * 1000)

    with pytest.raises(StoreError, match="not a database; choose another path"):
        Store(path).conversations()

    assert path.read_text() == "my notes " * 1000


def test_a_damaged_file_is_an_error_that_says_what_to_do(tmp_path):
    path = tmp_path / "store.sqlite"
    with Store(path) as store:
        talk = TALK
        for number in range(300):
            talk = talk.add(UserMessage.of(f"message {number} " * 20))
        store.append("a", "main", talk)
    content = bytearray(path.read_bytes())
    content[8192:-4096] = bytes(len(content) - 8192 - 4096)
    path.write_bytes(content)

    with Store(path) as store, pytest.raises(StoreError, match="damaged: move it away"):
        store.load("a")


@pytest.fixture
def open_folder():
    """Give a folder that everybody may read: pytest's own may only be read by who runs it."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.mark.slow
@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize("made_before", [False, True], ids=["a new one", "one that is there"])
def test_a_folder_that_may_only_be_read_is_an_error_that_says_so(made_before, open_folder):
    path = open_folder / "store.sqlite"
    if made_before:
        with Store(path) as store:
            store.append("a", "main", TALK)
        path.chmod(0o444)
    program = (
        "import os, sys\nfrom conduit.store import Store\nfrom conduit.errors import StoreError\n"
        "import conduit.store.talks, sqlalchemy.dialects.sqlite.pysqlite\n"
        "os.setuid(65534)\n"
        "try:\n    Store(sys.argv[1]).remember('a', 'b')\n"
        "except StoreError as error:\n    print(error)\n"
    )

    done = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=True)

    assert str(path) in done.stdout
    assert "CONDUIT_STORE" in done.stdout


def test_a_closed_store_says_so(store):
    store.conversations()
    store.close()
    store.close()

    with pytest.raises(StoreError, match="the store is closed"):
        store.conversations()


@pytest.mark.slow
def test_a_store_that_nobody_closed_leaves_no_connection_open(tmp_path):
    def use():
        Store(tmp_path / "store.sqlite").append("a", "main", TALK)

    use()
    gc.collect()

    assert not [link for link in Path("/proc/self/fd").iterdir() if str(tmp_path) in target(link)]


def target(link):
    try:
        return str(link.readlink())
    except FileNotFoundError:
        return ""


def test_many_threads_may_write_and_read_at_once(place):
    failures = []

    def work(number):
        try:
            talk = Conversation()
            for count in range(20):
                talk = talk.add(UserMessage.of(f"{number} {count}"))
                store.append(f"talk {number}", "main", talk)
                store.search("0")
        except Exception as error:  # noqa: BLE001  whatever it is, the test has to see it
            failures.append(error)

    with Store(place) as store:
        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert failures == []
        assert [one.messages for one in store.conversations()] == [20] * 8


def test_on_an_event_loop_it_works_on_a_thread_of_its_own_in_order(store):
    async def run():
        talks = [TALK]
        for number in range(20):
            talks.append(talks[-1].add(UserMessage.of(f"{number}")))
        await asyncio.gather(*(store.do(store.append, "a", "main", talk) for talk in talks))
        return await store.do(store.load, "a"), await store.do(threading.current_thread)

    loaded, thread = asyncio.run(run())

    assert len(loaded.conversation) == 21
    assert list(loaded.branches) == ["main"]
    assert thread is not threading.main_thread()


def test_what_was_handed_in_is_done_though_nobody_waits_any_more(place):
    async def run():
        task = asyncio.create_task(store.do(store.append, "a", "main", TALK))
        await asyncio.sleep(0)  # so that it is handed in
        task.cancel()

    with Store(place) as store:
        asyncio.run(run())
    with Store(place) as store:
        assert store.load("a").conversation == TALK


@pytest.mark.slow
def test_after_a_fork_both_go_on(place):
    program = (
        "import os, sys\nfrom conduit.messages import Conversation, UserMessage\nfrom conduit.store import Store\n"
        "store = Store(sys.argv[1])\n"
        "said = [Conversation().add(UserMessage.of(f'{n}')) for n in range(50)]\n"
        "put = lambda who: [store.append(who, 'main', talk) for talk in said]\n"
        "put('parent')\n"
        "child = os.fork()\n"
        "put('child' if child == 0 else 'parent')\n"
        "store.close() if child == 0 else os.waitpid(child, 0)\n"
        "if child: put('parent'); print(sorted(one.name for one in store.conversations()))\n"
    )

    done = subprocess.run([sys.executable, "-c", program, place], capture_output=True, text=True, check=True)

    assert done.stdout == "['child', 'parent']\n"
    assert done.stderr == ""


def test_a_writer_waits_for_what_another_program_is_writing(tmp_path):
    path = tmp_path / "store.sqlite"
    with Store(path) as store, ThreadPoolExecutor() as threads:
        store.append("a", "main", TALK)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM conduit_memories")

        waiting = threads.submit(store.remember, "tempo", "128")
        assert len(store.load("a").conversation) == 1  # and a reader does not
        other.execute("COMMIT")
        waiting.result()
        other.close()

        assert store.memories()[0].text == "128"


def test_a_foreign_database_file_keeps_its_tables(tmp_path):
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE clips (x)")
        connection.execute("INSERT INTO clips VALUES (7)")
    connection.close()

    with Store(path) as store:
        store.append("a", "main", TALK)

    connection = sqlite3.connect(path)
    assert connection.execute("SELECT x FROM clips").fetchall() == [(7,)]
    connection.close()
