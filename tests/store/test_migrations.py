import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import MetaData, create_engine, text

from conduit.errors import StoreError
from conduit.store import Store
from conduit.store.migrations import MIGRATIONS, VERSION

OLD = sorted(Path(__file__).with_name("data").glob("v*.sql"))
NEWEST_OLD = f"v{VERSION - 1}.sql"


@pytest.fixture(params=OLD, ids=[file.stem for file in OLD])
def old(request, tmp_path):
    """Give a file as an earlier version wrote it."""
    path = tmp_path / "old.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(request.param.read_text(encoding="utf-8"))
    connection.close()
    return path


def tables(path):
    engine = create_engine(f"sqlite:///{path}")
    found = MetaData()
    found.reflect(engine)
    engine.dispose()
    return {
        name: (
            {
                column.name: (str(column.type), column.nullable, column.primary_key)
                for column in table.columns
            },
            {(index.name, tuple(index.columns.keys())) for index in table.indexes},
            {tuple(key.columns.keys()) for key in table.constraints},
        )
        for name, table in found.tables.items()
    }


def test_there_is_an_old_file_for_every_step():
    assert [file.name for file in OLD] == [f"v{number}.sql" for number in range(1, VERSION)]
    assert len(MIGRATIONS) == VERSION - 1


def test_an_old_file_keeps_everything(old):
    with Store(old) as store:
        tree = store.load("acid")

        assert (tree.title, tree.metadata, tree.current) == ("Acid bass", {"seed": 7}, "main-2")
        assert [message.text for message in tree.conversation.messages[1:]] == ["A Pad", "A soft pad"]
        assert tree.branches["main"].messages[1].text == "An ACID Bassline in GRÖSSE, with \0"
        assert tree.conversation.messages[1].parts[1].data == b"\x89PNG"
        assert tree.cost_usd == Decimal("0.00042")
        assert store.clip("bass").clip.notes[0].pitch == 45
        assert store.memories()[0].text == "128"
        assert store.persona("dj") == "You are a DJ"
        assert next(store.items(store.begin_batch("b", "d"))).payload == "1"
        assert store.plans()[0].title == "Fill slot 1"


def test_what_an_old_file_holds_is_found_without_case(old):
    with Store(old) as store:
        assert len(store.search("acid bassline größe")) == 1


def test_an_old_file_becomes_as_a_new_one_is(old, tmp_path):
    with Store(old) as store, Store(tmp_path / "new.sqlite") as new:
        store.conversations()
        new.conversations()

    assert tables(old) == tables(tmp_path / "new.sqlite")


def test_a_store_of_a_later_version_is_refused_and_left_as_it_is(place):
    with Store(place) as store:
        store.remember("tempo", "128")
    url = place if "://" in place else f"sqlite:///{place}"
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE conduit_schema SET version = 99"))

    with Store(place) as store, pytest.raises(StoreError, match=r"later Conduit.*version 99.*update Conduit"):
        store.remember("tempo", "120")

    with engine.begin() as connection:
        assert connection.execute(text("SELECT text FROM conduit_memories")).scalar() == "128"
    engine.dispose()


@pytest.mark.slow
def test_a_database_of_version_1_is_brought_up_too(postgres):
    from conduit.messages import Conversation, UserMessage  # noqa: PLC0415

    with Store(postgres) as store:
        store.append("a", "main", Conversation().add(UserMessage.of("GRÖSSE")))
    engine = create_engine(postgres.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE conduit_nodes SET text = 'GRÖSSE'"))
        connection.execute(text("UPDATE conduit_schema SET version = 1"))
    engine.dispose()

    with Store(postgres) as store:
        assert len(store.search("größe")) == 1
